"""The map in a real browser. `visit` fails a test by a console error, a breach of the content
security policy or something that did not load; here also by a request to another host."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from claims.derive import derive
from claims.models import Claim
from entities.models import Place
from tests.claims.test_on_day import babanusa
from tests.factories import make_claim, make_place
from tests.scenes import soledar

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

Visit = Callable[..., Page]
AROUND = "view=48.6,38.1,10"  # near enough that each town has a mark of its own


@pytest.fixture
def towns(visit: Visit) -> Place:
    """Soledar (claimed, contested, controlled) and, since 12 January, Bakhmut held by Ukraine;
    Babanusa far away."""
    claim = make_claim(
        "holds",
        place=make_place("Bakhmut", latitude=48.59, longitude=38.0),
        claimant="Armed Forces of Ukraine",
        asserted_on=date(2023, 1, 12),
        state=Claim.State.ACCEPTED,
    )
    derive([claim.place_id])
    babanusa()
    return soledar()


@pytest.fixture
def open_map(visit: Visit) -> Iterator[Callable[..., Page]]:
    """Opens the map and waits until it shows what was asked."""
    asked: list[str] = []

    def open_page(query: str = "", **options: object) -> Page:
        page = visit("about:blank", **{"reduced_motion": "reduce", **options})
        page.on("request", lambda request: asked.append(request.url))
        page.goto(f"/map/{query}")
        expect(page.locator("[data-map][data-ready]")).to_be_visible()
        return page

    yield open_page
    hosts = {urlsplit(url).hostname for url in asked if not url.startswith("data:")}
    assert hosts <= {"localhost", "127.0.0.1"}


def mark(page: Page, name: str) -> Locator:
    return page.locator("[data-map]").get_by_role("button", name=name)


def row(page: Page, town: str) -> Locator:
    return page.locator("[data-list] > li").filter(has=page.get_by_role("link", name=town))


def asked_for(page: Page) -> dict[str, list[str]]:
    return parse_qs(urlsplit(page.url).query)


def test_marks_and_list_say_the_same(open_map: Callable[..., Page], towns: Place) -> None:
    page = open_map(f"?conflict=ukraine&{AROUND}")
    expect(mark(page, "Soledar: controlled by Russia, since 22 January 2023")).to_be_visible()
    held = "held by Ukraine, by its own word, since 12 January 2023"
    expect(mark(page, f"Bakhmut: {held}")).to_be_visible()
    expect(row(page, "Soledar")).to_contain_text("controlled by Russia since 22 January 2023")
    expect(page.locator("[data-list] > li")).to_have_count(2)
    expect(page.locator(".land").first).to_be_attached()
    shapes = page.locator(".mark-of-town use").evaluate_all(
        "all => all.map(one => one.href.baseVal)"
    )
    assert sorted(shapes) == ["#shape-claimed", "#shape-controlled"]


def test_near_towns_are_one_ring_that_tells_their_mix(
    open_map: Callable[..., Page], towns: Place
) -> None:
    page = open_map("?conflict=ukraine&view=48.6,38.1,5")
    ring = mark(page, "2 towns: ")
    expect(ring).to_have_attribute(
        "aria-label",
        "2 towns: controlled by Russia 1, held by Ukraine, by its own word 1",
    )
    expect(ring.locator("path")).to_have_count(2)
    ring.focus()
    page.keyboard.press("Enter")
    expect(mark(page, "Soledar: controlled")).to_be_visible()


def test_the_slider_replays_without_further_requests(
    open_map: Callable[..., Page], towns: Place
) -> None:
    page = open_map(f"?conflict=ukraine&{AROUND}")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    slider = page.get_by_role("slider", name="Day")
    expect(slider).to_have_attribute("aria-valuetext", "25 January 2023")
    slider.focus()
    page.keyboard.press("Home")
    expect(mark(page, "Soledar: claimed by Russia, since 10 January 2023")).to_be_visible()
    expect(mark(page, "Bakhmut")).to_have_count(0)
    page.keyboard.press("ArrowRight")
    expect(mark(page, "Soledar: contested, since 11 January 2023")).to_be_visible()
    expect(page.locator("[data-as-of]")).to_have_text(
        "As of 11 January 2023, with all that is known now"
    )
    assert asked_for(page)["on"] == ["2023-01-11"]
    page.get_by_role("button", name="To the next change").click()
    expect(page.locator("output[data-day]")).to_have_text("12 January 2023")
    expect(mark(page, "Bakhmut: held by Ukraine")).to_be_visible()
    page.get_by_role("button", name="A day back").click()
    expect(page.locator("output[data-day]")).to_have_text("11 January 2023")
    # Chromium looks for the icon again whenever the address changes.
    assert {urlsplit(url).path for url in asked} <= {"/static/icon.svg"}


def test_playing_comes_to_the_last_day_and_stops(
    open_map: Callable[..., Page], towns: Place
) -> None:
    page = open_map(f"?conflict=ukraine&on=2023-01-10&{AROUND}")
    page.get_by_label("In a second").select_option("30")
    page.get_by_role("button", name="Play").click()
    expect(page.get_by_role("button", name="Pause")).to_be_visible()
    expect(page.locator("output[data-day]")).to_have_text("25 January 2023")
    expect(page.get_by_role("button", name="Play")).to_be_visible()
    assert asked_for(page)["on"] == ["2023-01-25"]


def test_the_address_reproduces_day_filters_and_place(
    open_map: Callable[..., Page], towns: Place
) -> None:
    page = open_map("?conflict=ukraine&on=2023-01-12&view=48.6,38.1,9")
    expect(mark(page, "Soledar: contested")).to_be_visible()
    expect(page.get_by_label("On", exact=True)).to_have_value("2023-01-12")
    page.locator("[data-map]").focus()
    page.keyboard.press("+")
    expect(page.locator("input[name=view]")).to_have_value("48.6000,38.1000,10")
    assert asked_for(page) == {
        "conflict": ["ukraine"],
        "on": ["2023-01-12"],
        "view": ["48.6000,38.1000,10"],
    }
    page.get_by_label("Status").select_option("contested")
    page.get_by_role("button", name="Show", exact=True).click()
    expect(page.locator("[data-map][data-ready]")).to_be_visible()
    assert asked_for(page)["view"] == ["48.6000,38.1000,10"]
    expect(mark(page, "Soledar: contested")).to_be_visible()
    expect(mark(page, "Bakhmut")).to_have_count(0)
    expect(page.locator("[data-list] > li")).to_have_count(1)


def test_another_day_by_its_field(open_map: Callable[..., Page], towns: Place) -> None:
    page = open_map(f"?{AROUND}")
    page.get_by_label("On", exact=True).fill("2023-01-16")
    expect(page.locator("output[data-day]")).to_have_text("16 January 2023")
    expect(mark(page, "Soledar: contested")).to_be_visible()


def test_a_row_lights_its_mark_and_a_mark_its_row(
    open_map: Callable[..., Page], towns: Place
) -> None:
    page = open_map(f"?conflict=ukraine&{AROUND}")
    sign = mark(page, "Soledar")
    expect(sign).not_to_have_class("lit")
    row(page, "Soledar").get_by_role("link").focus()
    assert "lit" in str(sign.get_attribute("class")).split()
    sign.focus()
    assert "lit" in str(row(page, "Soledar").get_attribute("class")).split()
    assert "lit" not in str(row(page, "Bakhmut").get_attribute("class")).split()


def test_a_card_opens_by_keyboard_and_gives_the_focus_back(
    open_map: Callable[..., Page], towns: Place
) -> None:
    page = open_map(f"?conflict=ukraine&{AROUND}")
    mark(page, "Soledar").focus()
    page.keyboard.press("Enter")
    card = page.locator(".leaflet-popup")
    expect(card).to_contain_text("controlled by Russia, since 22 January 2023")
    expect(card).to_contain_text("Wagner Group: captured / Armed Forces of Ukraine: withdrew")
    link = card.get_by_role("link", name="All that was said")
    expect(link).to_be_focused()
    page.keyboard.press("Escape")
    expect(card).to_have_count(0)
    expect(mark(page, "Soledar")).to_be_focused()
    page.keyboard.press("Enter")
    link.press("Enter")
    expect(page).to_have_url(towns.get_absolute_url())


def test_a_rows_button_goes_to_the_town(open_map: Callable[..., Page], towns: Place) -> None:
    page = open_map("?view=20,30,3")
    page.get_by_role("button", name="show Soledar on the map").click()
    expect(page.locator(".leaflet-popup")).to_contain_text("controlled by Russia")


def test_old_words_fade(open_map: Callable[..., Page], towns: Place) -> None:
    page = open_map("?conflict=ukraine&on=2023-01-27&status=claimed")
    expect(mark(page, "Bakhmut")).to_have_attribute(
        "aria-label",
        "Bakhmut: held by Ukraine, by its own word, since 12 January 2023, no claim for 15 days",
    )
    expect(page.locator(".mark-of-town .ageing")).to_have_count(1)
    expect(page.locator("[data-list] .ageing")).to_have_count(1)


def test_pending_ones_are_dashed(open_map: Callable[..., Page]) -> None:
    claim = make_claim(asserted_on=date(2023, 1, 10))
    derive([claim.place_id])
    page = open_map("?on=2023-01-10")
    expect(page.locator(".mark-of-town.pending")).to_have_count(1)
    expect(mark(page, "Soledar: claimed by Russia, since 10 January 2023, pending")).to_be_visible()


def test_without_scripts_the_list_takes_any_day(visit: Visit, towns: Place) -> None:
    page = visit("/map/?conflict=ukraine", java_script_enabled=False)
    expect(page.locator("[data-map]")).to_be_hidden()
    page.get_by_label("On", exact=True).fill("2023-01-12")
    page.get_by_role("button", name="Show", exact=True).click()
    expect(page.locator("[data-as-of]")).to_contain_text("As of 12 January 2023")
    expect(row(page, "Soledar")).to_contain_text("contested since 11 January 2023")
    expect(row(page, "Bakhmut")).to_contain_text("held by Ukraine, by its own word")


def test_statuses_that_cannot_be_loaded_are_missed_aloud(
    contexts: Callable[..., BrowserContext], towns: Place
) -> None:
    page = contexts().new_page()
    page.route("**/map/intervals/**", lambda route: route.abort())
    page.goto("/map/")
    expect(page.get_by_role("alert")).to_have_text(
        "The statuses could not be loaded, so only the list below is shown."
    )
    expect(page.locator("[data-map]")).to_be_hidden()
    expect(row(page, "Soledar")).to_be_visible()


@pytest.mark.parametrize("width", [360, 390, 1440])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_is_never_wider_than_its_screen(
    open_map: Callable[..., Page], towns: Place, width: int, scheme: str
) -> None:
    page = open_map("", viewport={"width": width, "height": 800}, color_scheme=scheme)
    assert page.evaluate("document.documentElement.scrollWidth") == width
