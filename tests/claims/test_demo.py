"""The demo, from its texts through extraction and decisions to the record that must come out, and
what the pages of its three towns say of it and why."""

from __future__ import annotations

from datetime import date
from html import unescape
from io import StringIO
from typing import Any
from uuid import UUID

from django.core.management import call_command
from django.test import TestCase
from django.utils.html import strip_tags

from claims.models import Claim, StatusInterval, TrackedStatement
from claims.timeline import timeline
from entities.models import Place

RULES = {
    1: "Rule 1 of rule set v1: An official voice of one side said",
    2: "Rule 2 of rule set v1: One side is said to control the town, and since then",
    3: "Rule 3 of rule set v1: Fighting or an attack is reported",
}


class TestDemo(TestCase):
    """Loaded once: packs, gazetteer, then the demo as `make run` loads it."""

    said: StringIO
    complaints: StringIO

    @classmethod
    def setUpTestData(cls) -> None:
        call_command("load_packs", stdout=StringIO())
        call_command("load_gazetteer", stdout=StringIO())
        cls.said, cls.complaints = StringIO(), StringIO()
        call_command("load_demo", stdout=cls.said, stderr=cls.complaints)

    def status(self, town: str, day: str, *, known_on: str | None = None) -> tuple[str, int]:
        """Status text and rule of the verified band on a day."""
        place = Place.objects.get(name=town, pk__in=_claimed())
        known = date.fromisoformat(known_on) if known_on else None
        band = timeline(place, known_on=known).verified.on(date.fromisoformat(day))
        assert band is not None, f"{town} has no status on {day}"
        return band.text(), band.rule

    def check(self, town: str, expected: dict[str, tuple[str, int]]) -> None:
        found = {day: self.status(town, day) for day in expected}
        assert found == expected

    def test_every_recorded_decision_finds_its_claim(self) -> None:
        assert self.complaints.getvalue() == ""
        assert self.said.getvalue().startswith("demo: 25 documents, ")

    def test_soledar(self) -> None:
        contested = ("contested", 2)
        self.check(
            "Soledar",
            {
                "2023-01-10": ("claimed russia", 4),
                "2023-01-11": contested,
                "2023-01-12": contested,
                "2023-01-13": contested,
                "2023-01-24": contested,
                "2023-01-25": ("controlled russia", 1),
                "2023-06-01": ("controlled russia", 1),
            },
        )

    def test_soledar_as_known_on_12_january(self) -> None:
        found = self.status("Soledar", "2023-01-11", known_on="2023-01-12")
        assert found == ("contested", 2)
        place = Place.objects.get(name="Soledar", pk__in=_claimed())
        bands = timeline(place, known_on=date(2023, 1, 12)).verified.bands
        assert (bands[-1].start, bands[-1].text()) == (date(2023, 1, 11), "contested")

    def test_soledars_page_as_known_on_12_january(self) -> None:
        place = Place.objects.get(name="Soledar", pk__in=_claimed())
        page = self.client.get(place.get_absolute_url(), {"known_on": "2023-01-12"})
        words = " ".join(strip_tags(page.content.decode()).split())
        assert "contested since 11 January 2023" in words
        assert "withdrawal from Soledar" not in words

    def test_soledar_divides_russias_side_as_known_on_12_january(self) -> None:
        """The ministry, which speaks of fighting, against Wagner; until its own announcement
        of the 13th, which is about the evening of the 12th."""
        place = Place.objects.get(name="Soledar", pk__in=_claimed())
        day = date(2023, 1, 12)
        assert timeline(place, known_on=day).verified.divided_on(day) == ("russia",)
        assert timeline(place).verified.divided_on(date(2023, 1, 11)) == ("russia",)
        assert timeline(place).verified.divided_on(day) == ()

    def test_bakhmut(self) -> None:
        self.check(
            "Bakhmut",
            {
                "2023-03-08": ("fought-over, holder ukraine", 3),
                "2023-04-02": ("claimed russia", 4),
                "2023-04-03": ("contested", 2),
                "2023-04-06": ("fought-over, holder ukraine", 3),
                "2023-05-20": ("contested", 2),
                "2024-05-20": ("contested", 2),
            },
        )

    def test_the_east_of_bakhmut_is_claimed(self) -> None:
        place = Place.objects.get(name="Bakhmut", pk__in=_claimed())
        east = timeline(place).verified.parts["east"]
        assert (east[0].start, east[0].text()) == (date(2023, 3, 8), "claimed russia")

    def test_el_fasher(self) -> None:
        fought_over = ("fought-over, holder saf", 3)
        self.check(
            "El Fasher",
            {
                "2024-05-11": fought_over,
                "2024-12-01": fought_over,
                "2025-10-25": fought_over,
                "2025-10-26": ("contested", 2),
                "2025-10-27": ("controlled rsf", 1),
            },
        )

    def became(self, actor: str, kind: str, town: str) -> list[tuple[str, str, int | None]]:
        """First day, outcome and lag of an actor's verified statements about a town."""
        found = TrackedStatement.objects.filter(
            actor__slug=actor, kind=kind, place__name=town, include_pending=False
        )
        return [(str(one.first), one.outcome, one.lag) for one in found.order_by("first")]

    def test_what_became_of_the_captures(self) -> None:
        assert self.became("wagner-group", "capture", "Soledar") == [("2023-01-10", "conceded", 15)]
        bakhmut = self.became("wagner-group", "capture", "Bakhmut")
        assert ("2023-05-20", "contradicted", None) in bakhmut
        assert "conceded" not in {outcome for _, outcome, _ in bakhmut}
        assert self.became("rapid-support-forces", "capture", "El Fasher") == [
            ("2025-10-26", "conceded", 1)
        ]

    def test_kyivs_denial_of_soledar_was_conceded_and_that_of_bakhmut_was_not(self) -> None:
        denials = TrackedStatement.objects.filter(kind="denial", include_pending=False)
        assert set(denials.filter(place__name="Soledar").values_list("outcome", flat=True)) == {
            "conceded"
        }
        assert set(denials.filter(place__name="Bakhmut").values_list("outcome", flat=True)) == {
            "unanswered"
        }

    def test_loading_again_changes_nothing(self) -> None:
        before = list(Claim.objects.order_by("id").values_list("id", "state"))
        intervals = StatusInterval.objects.count()
        said = StringIO()
        call_command("load_demo", stdout=said)
        assert said.getvalue() == "demo: there already\n"
        assert list(Claim.objects.order_by("id").values_list("id", "state")) == before
        assert StatusInterval.objects.count() == intervals

    # What the pages say, and why.

    def place(self, town: str) -> Place:
        return Place.objects.filter(name=town, pk__in=Claim.objects.values("place")).get()

    def page(self, town: str, **asked: Any) -> str:
        response = self.client.get(self.place(town).get_absolute_url(), asked)
        assert response.status_code == 200
        return " ".join(unescape(strip_tags(response.content.decode())).split())

    def reasons(self, page: str) -> str:
        """The verified status's, from the question to where they end."""
        return page.partition(" why ")[2].partition(" named or described")[0]

    def test_soledar_is_controlled_because_kyiv_conceded_it(self) -> None:
        page = self.page("Soledar")
        assert "controlled by Russia since 25 January 2023" in page
        why = self.reasons(page)
        assert why.startswith("controlled? rule 1 · 3 deciding claims · 3 claimants in 3 articles")
        assert RULES[1] in why
        captured = why.index("Wagner Group: Soledar captured 10 January 2023 · Yevgeny Prigozhin")
        left = why.index("Armed Forces of Ukraine: withdrawal from Soledar 25 January 2023")
        assert captured < left
        assert "“Ukrainian forces have withdrawn from Soledar, the spokesman”" in why
        assert "Ukraine Armed Forces of Ukraine: withdrew 25 January 2023" in why
        assert "Russia Wagner Group (Yevgeny Prigozhin): captured 10 January 2023" in why
        assert "An official voice of Russia says that it has lost or left the town." in why
        assert "Later denials by the side that conceded it do not end it." in why

    def test_the_page_of_soledar_as_known_on_12_january(self) -> None:
        page = self.page("Soledar", known_on="2023-01-12")
        assert "contested since 11 January 2023" in page
        why = self.reasons(page)
        assert why.startswith("contested? rule 2")
        assert RULES[2] in why
        assert "Wagner Group: Soledar captured 10 January 2023" in why
        assert "Armed Forces of Ukraine denies: Soledar captured" in why
        assert "Russia divided among themselves Wagner Group" in why
        assert "An official voice of one side concedes the town: controlled by the other." in why
        assert "withdrawal from Soledar" not in page

    def test_bakhmut_is_contested_to_the_end_of_the_record(self) -> None:
        page = self.page("Bakhmut")
        assert "contested since 20 May 2023 no claim for" in page
        why = self.reasons(page)
        assert RULES[2] in why
        assert "Wagner Group: Bakhmut captured 20 May 2023" in why
        html = self.client.get(self.place("Bakhmut").get_absolute_url()).content.decode()
        assert 'class="controlled' not in html

    def test_bakhmut_as_known_on_20_may(self) -> None:
        page = self.page("Bakhmut", known_on="2023-05-20")
        assert "contested since 20 May 2023 Wagner Group: captured" in page
        assert RULES[2] in self.reasons(page)
        day_before = self.page("Bakhmut", known_on="2023-05-19")
        assert "fought-over, held by Ukraine since 6 April 2023" in day_before
        assert RULES[3] in self.reasons(day_before)

    def test_the_east_of_bakhmut_has_a_band_and_statuses_of_its_own(self) -> None:
        response = self.client.get(self.place("Bakhmut").get_absolute_url())
        html = response.content.decode()
        assert 'aria-label="east: claimed by Russia from 8 March 2023' in html
        assert 'id="status-verified-east-2023-03-08"' in html

    def test_el_fasher_is_controlled_because_the_army_conceded_it(self) -> None:
        page = self.page("El Fasher")
        assert "controlled by Rapid Support Forces since 27 October 2025" in page
        assert RULES[1] in self.reasons(page)

    def test_el_fasher_as_known_on_26_october(self) -> None:
        page = self.page("El Fasher", known_on="2025-10-26")
        assert "contested since 26 October 2025" in page
        why = self.reasons(page)
        assert RULES[2] in why
        assert "Rapid Support Forces: El Fasher captured 26 October 2025" in why
        assert "Joint Force of Armed Struggle Movements denies: El Fasher captured" in why

    def test_two_days_of_el_fasher_side_by_side(self) -> None:
        page = self.page("El Fasher", known_on="2025-10-26", compare="2025-10-27")
        first, second = (
            page.index("As known on 26 October 2025"),
            page.index("As known on 27 October 2025"),
        )
        assert first < page.index("contested since 26 October 2025") < second
        assert second < page.index("controlled by Rapid Support Forces since 27 October 2025")
        between = page.partition("Claims that came in between")[2].partition("Timeline")[0]
        assert "27 October 2025 Sudanese Armed Forces: withdrawal from El Fasher" in between
        assert "26 October 2025, verified" in page
        assert "27 October 2025, + pending" in page


def _claimed() -> list[UUID]:
    """Places that somebody claims something about: names alone may be shared."""
    return list(Claim.objects.values_list("place_id", flat=True).distinct())
