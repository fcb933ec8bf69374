"""What a town's page builds as text: the same markup in every case, what came from outside
escaped."""

from __future__ import annotations

from claims.drawing.locator import Point, Spot
from claims.pages.reasons import SpeakingSide, Voice
from claims.pages.town_markup import around, speaking


def test_towns_around_lead_to_their_pages_where_they_have_claims() -> None:
    left = Point(Spot("Sól <b>", 48.0, 38.0, "/towns/sol-1/?a&b"), 12.5, 80.0, True, True)
    right = Point(Spot("Left of all", 48.0, 38.0), 3.0, 4.0, False, True)
    nameless = Point(Spot("No room", 48.0, 38.0), 1.0, 2.0, False, False)
    assert around([left, right, nameless]).split("\n") == [
        '<a href="/towns/sol-1/?a&amp;b"><g><title>Sól &lt;b&gt;</title>'
        '<circle class="other" cx="12.5" cy="80.0" r="2.2"/>'
        '<text x="12.5" y="80.0" dx="-5" dy="3.5" text-anchor="end">Sól &lt;b&gt;</text></g></a>',
        '<g><title>Left of all</title><circle class="other" cx="3.0" cy="4.0" r="2.2"/>'
        '<text x="3.0" y="4.0" dx="5" dy="3.5">Left of all</text></g>',
        '<g><title>No room</title><circle class="other" cx="1.0" cy="2.0" r="2.2"/></g>',
    ]


def test_who_speaks_stands_below_the_side() -> None:
    voices = (
        Voice("Army & fleet", ("Ivanov", "a <soldier>"), "captured", "9 January 2023"),
        Voice("Ministry", (), "denied", "10 January 2023"),
    )
    sign = '<svg width="10" height="10" aria-hidden="true" focusable="false">'
    assert speaking(
        [SpeakingSide("Russia", "#d55e00", True, voices), SpeakingSide("Others", "", False, ())]
    ) == (
        f'<div><dt>{sign}<rect width="10" height="10" rx="2" fill="#d55e00"/></svg> Russia'
        ' <span class="tag divided">divided among themselves</span></dt>\n'
        "<dd><b>Army &amp; fleet</b> (Ivanov, a &lt;soldier&gt;): captured"
        ' <span class="quiet">9 January 2023</span></dd>'
        '<dd><b>Ministry</b>: denied <span class="quiet">10 January 2023</span></dd></div>\n'
        f'<div><dt>{sign}<rect x="1" y="1" width="8" height="8" rx="2" class="no-side"/></svg>'
        " Others</dt>\n</div>"
    )
