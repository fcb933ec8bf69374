"""The public record of three towns, from the demo's texts to what their pages say and why."""

from __future__ import annotations

from html import unescape
from io import StringIO
from typing import Any

from django.core.management import call_command
from django.test import TestCase
from django.utils.html import strip_tags

from claims.models import Claim
from entities.models import Place

RULES = {
    1: "Rule 1 of rule set v1: An official voice of one side said",
    2: "Rule 2 of rule set v1: One side is said to control the town, and since then",
    3: "Rule 3 of rule set v1: Fighting or an attack is reported",
}


class TestRecord(TestCase):
    """Loaded once: packs, gazetteer, then the demo as `make run` loads it."""

    @classmethod
    def setUpTestData(cls) -> None:
        call_command("load_packs", stdout=StringIO())
        call_command("load_gazetteer", stdout=StringIO())
        call_command("load_demo", stdout=StringIO(), stderr=StringIO())

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

    def test_soledar_as_known_on_12_january(self) -> None:
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
