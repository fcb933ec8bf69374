"""The map page without its script, and what the script reads."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from django.conf import settings
from django.test import Client, override_settings
from pytest_django import DjangoAssertNumQueries

from claims.derive import derive
from claims.models import Claim
from claims.own_sides import COLOURS
from claims.pages.deciding import initials
from entities.models import Place
from tests.claims.test_on_day import babanusa
from tests.factories import make_actor, make_claim, make_document, make_place, make_user
from tests.reading import Reader, read
from tests.scenes import soledar

pytestmark = pytest.mark.django_db
RUSSIA_FIRST = COLOURS[:2]
HOSTILE = "</script><script>alert(1)</script>\"'&"


def intervals(client: Client, query: str = "") -> dict[str, Any]:
    response = client.get(f"/map/intervals/{query}")
    assert response.status_code == 200
    found: dict[str, Any] = response.json()
    return found


def script_data(client: Client, query: str = "") -> dict[str, Any]:
    html = client.get(f"/map/{query}").content.decode()
    _, _, rest = html.partition('<script id="map-data" type="application/json">')
    found: dict[str, Any] = json.loads(rest.partition("</script>")[0])
    return found


class TestIntervals:
    def test_a_town_has_all_its_statuses(self, client: Client) -> None:
        place = soledar()
        found = intervals(client)
        assert found["first"] == "2023-01-10"
        (town,) = found["towns"]
        assert town[:7] == [
            place.short_id,
            "Soledar",
            "Donetsk Oblast, Ukraine",
            place.get_absolute_url(),
            48.68,
            38.09,
            0,
        ]
        assert [(day, since, *look(found, number)) for day, since, number, _, _ in town[7]] == [
            (0, 0, "claimed", "claimed by Russia", "R", 0),
            (1, 1, "contested", "contested", "", 0),
            (12, 12, "controlled", "controlled by Russia", "R", 0),
        ]
        assert [found["words"][words] for _, _, _, words, _ in town[7]] == [
            "Wagner Group: captured",
            "Wagner Group: captured / Armed Forces of Ukraine: denied, fighting",
            "Wagner Group: captured / Armed Forces of Ukraine: withdrew",
        ]
        assert [said for *_, said in town[7]] == [[0, 0], [1, 0, 2, 1], []]

    def test_before_the_first_verified_claim_pending_ones_tell(self, client: Client) -> None:
        make_claim(asserted_on=date(2023, 1, 5))
        claim = make_claim(asserted_on=date(2023, 1, 8), state=Claim.State.ACCEPTED)
        derive([claim.place_id])
        found = intervals(client)
        assert shown(found) == [(0, "claimed by Russia", 1), (3, "claimed by Russia", 0)]

    def test_with_pending_claims_throughout(self, client: Client) -> None:
        make_claim(asserted_on=date(2023, 1, 5))
        make_claim(asserted_on=date(2023, 1, 8), state=Claim.State.ACCEPTED)
        ukraine = make_actor("Ukraine")
        claim = make_claim("holds", claimant=ukraine, asserted_on=date(2023, 1, 9))
        derive([claim.place_id])
        assert shown(intervals(client, "?include_pending=on")) == [
            (0, "claimed by Russia", 1),
            (3, "claimed by Russia", 0),
            (4, "contested", 0),
        ]
        assert shown(intervals(client)) == [
            (0, "claimed by Russia", 1),
            (3, "claimed by Russia", 0),
        ]

    def test_a_town_without_a_status_or_a_place_is_there_too(self, client: Client) -> None:
        nowhere = make_place("Nowhere", latitude=None, longitude=None)
        make_claim(place=nowhere, asserted_on=date(2023, 1, 5))
        (town,) = intervals(client)["towns"]
        assert town[4:] == [None, None, 0, []]

    def test_publishers_decide_in_their_own_voice(self, client: Client) -> None:
        claim = make_claim("fighting", claimant=None, state=Claim.State.ACCEPTED)
        derive([claim.place_id])
        assert intervals(client)["words"] == [f"{claim.document.publisher}: fighting"]

    def test_what_is_only_pending_changes_no_colour(self, client: Client) -> None:
        """Of a town of no conflict, whose sides are coloured in the order of their names."""
        nowhere = make_place("Nowhere")
        Place.objects.filter(pk=nowhere.pk).update(conflict=None)
        make_claim(place=nowhere, claimant="Ukraine", state=Claim.State.ACCEPTED)
        make_claim(place=nowhere, claimant="Russia", asserted_on=date(2023, 1, 12))
        derive([nowhere.id])
        (verified,) = intervals(client)["looks"]
        first, second = intervals(client, "?include_pending=on")["looks"]
        assert first == verified
        assert (first[3], first[4]) == (RUSSIA_FIRST[1], "U")
        assert RUSSIA_FIRST[0].removeprefix("#") in second[2]

    def test_conflict_and_name_choose(self, client: Client) -> None:
        soledar()
        babanusa()
        assert names(intervals(client)) == ["Babanusa", "Soledar"]
        assert names(intervals(client, "?conflict=sudan")) == ["Babanusa"]
        assert names(intervals(client, "?q=Соле")) == ["Soledar"]
        assert names(intervals(client, "?conflict=nonsense")) == ["Babanusa", "Soledar"]

    def test_status_and_day_do_not_for_other_days_have_others(self, client: Client) -> None:
        soledar()
        assert names(intervals(client, "?status=claimed&on=2020-01-01")) == ["Soledar"]

    def test_it_brings_the_patterns_of_every_day(self, client: Client) -> None:
        soledar()
        patterns = Reader(intervals(client)["patterns"]).ids
        assert patterns == ["crosses", "hatch-d1495b", "stripes-d1495b-1f77c9"]

    def test_nothing_is_claimed(self, client: Client) -> None:
        found = intervals(client)
        assert (found["first"], found["towns"]) == (None, [])

    @pytest.mark.parametrize("count", [2, 20])
    def test_the_number_of_queries_does_not_grow(
        self, client: Client, django_assert_num_queries: DjangoAssertNumQueries, count: int
    ) -> None:
        make_towns(count)
        with django_assert_num_queries(5):
            assert len(intervals(client)["towns"]) == count


class TestPage:
    def test_the_list_says_what_the_map_shows(self, client: Client) -> None:
        place = soledar()
        page = read(client, "/map/")
        assert "As of 25 January 2023, the day of the newest claim 1 town" in page.text
        assert (
            "Soledar Donetsk Oblast, Ukraine show controlled by Russia since 22 January 2023"
        ) in page.text
        assert "Wagner Group: captured / Armed Forces of Ukraine: withdrew" in page.text
        assert place.get_absolute_url() in page.links

    def test_any_day_by_the_form_alone(self, client: Client) -> None:
        soledar()
        page = read(client, "/map/?on=2023-01-12")
        assert "As of 12 January 2023, with all that is known now" in page.text
        assert "contested since 11 January 2023" in page.text
        assert "No town fits on this day" in read(client, "/map/?on=2023-01-01").text

    def test_filters_are_those_of_the_list_of_towns(self, client: Client) -> None:
        soledar()
        babanusa()
        for query, town in (
            ("?conflict=sudan", "Babanusa"),
            ("?status=controlled", "Soledar"),
            ("?q=Соледар", "Soledar"),
            ("?status=claimed", "Babanusa"),
        ):
            page = read(client, f"/map/{query}").text
            other = {"Babanusa": "Soledar", "Soledar": "Babanusa"}[town]
            assert town in page, query
            assert other not in page, query

    def test_the_script_is_told_what_was_asked(self, client: Client) -> None:
        soledar()
        query = "?conflict=ukraine&status=contested&on=2023-01-12&include_pending=on&sort=name"
        data = script_data(client, f"{query}&view=48.6,-38.05,8")
        assert data["intervals"] == "/map/intervals/?conflict=ukraine&include_pending=on"
        assert (data["day"], data["newest"]) == ("2023-01-12", "2023-01-25")
        assert (data["status"], data["sort"], data["includePending"]) == ("contested", "name", True)
        assert data["view"] == "48.6,-38.05,8"
        assert data["tiles"] is None
        assert data["texts"]["silence"]["one"] == "no claim for {n} day"

    @pytest.mark.parametrize("view", ["nonsense", "95,1,3", "1,2", "48.6,38,99", "1,2,3;x"])
    def test_a_place_that_is_none_is_said(self, client: Client, view: str) -> None:
        soledar()
        page = read(client, f"/map/?view={view}")
        assert "The map’s place is not understood" in page.text
        assert script_data(client, f"?view={view}")["view"] == ""

    def test_an_empty_site_says_what_would_fill_it(self, client: Client) -> None:
        assert "No claims yet" in read(client, "/map/").text

    def test_outside_text_stays_text(self, client: Client) -> None:
        place = make_place(f"Soledar{HOSTILE}", key="hostile", names=["Hostile"])
        claimant = make_actor(f"Committee{HOSTILE}", side="russia")
        document = make_document(f"Text {HOSTILE} end.", publisher=HOSTILE)
        make_claim(
            place=place, claimant=claimant, document=document, quote="end.", state="accepted"
        )
        derive([place.id])
        html = client.get("/map/", {"q": "Hostile", "view": HOSTILE}).content.decode()
        assert "<script>alert" not in html
        assert intervals(client)["towns"][0][1] == f"Soledar{HOSTILE}"

    def test_nothing_needs_inline_style_or_script(self, client: Client) -> None:
        soledar()
        page = read(client, "/map/")
        assert "style" not in page.attributes | set(page.tags)
        assert not {attribute for attribute in page.attributes if attribute.startswith("on")}
        assert len(page.ids) == len(set(page.ids))

    @pytest.mark.parametrize("count", [2, 20])
    def test_the_number_of_queries_does_not_grow(
        self, client: Client, django_assert_num_queries: DjangoAssertNumQueries, count: int
    ) -> None:
        make_towns(count)
        with django_assert_num_queries(9):
            read(client, "/map/")

    def test_it_is_only_read(self, client: Client) -> None:
        client.force_login(make_user())
        assert client.post("/map/").status_code == 405
        assert client.post("/map/intervals/").status_code == 405


class TestTiles:
    def test_without_a_tile_server_no_other_host_is_named(self, client: Client) -> None:
        assert settings.MAP_TILES == ""
        policy = client.get("/map/").headers["Content-Security-Policy"]
        assert "http" not in policy
        assert "img-src 'self' data:;" in f"{policy};"

    @override_settings(
        MAP_TILES="https://tile.example/{z}/{x}/{y}.png", MAP_TILES_CREDIT="© Example"
    )
    def test_a_tile_server_is_told_to_the_script(self, client: Client) -> None:
        make_claim()
        assert script_data(client)["tiles"] == {
            "address": "https://tile.example/{z}/{x}/{y}.png",
            "credit": "© Example",
        }


def test_the_base_map_has_land_and_water_and_no_borders() -> None:
    path = settings.BASE_DIR / "static" / "base-map" / "base.json"
    base = json.loads(path.read_text(encoding="utf-8"))
    assert {name: shape["type"] for name, shape in base["objects"].items()} == {
        "land": "MultiPolygon",
        "lakes": "MultiPolygon",
        "rivers": "MultiLineString",
    }
    step = base["transform"]["scale"][0]
    for arc in base["arcs"]:
        leaps = [abs(dx) * step for dx, _ in arc[1:]]
        assert max(leaps, default=0) < 60, "a ring leaps over the edge of the map"


@pytest.mark.parametrize(
    ("names", "letters"),
    [
        (["Ukraine", "Russia"], ["U", "R"]),
        (["Sudan", "South Sudan"], ["Su", "So"]),
        (["Northern", "Northwest"], ["Nor", "Nor"]),
        (["Russia"], ["R"]),
        ([], []),
    ],
)
def test_initials_tell_sides_apart(names: list[str], letters: list[str]) -> None:
    assert initials(names) == letters


def make_towns(count: int) -> None:
    for number in range(count):
        claim = make_claim(place=make_place(f"Made-up {number}"), state=Claim.State.ACCEPTED)
        derive([claim.place_id])


def look(found: dict[str, Any], number: int) -> tuple[Any, ...]:
    status, words, _, _, letter, pending = found["looks"][number]
    return status, words, letter, pending


def shown(found: dict[str, Any]) -> list[tuple[Any, ...]]:
    """Day, words and whether pending, of the only town."""
    (town,) = found["towns"]
    looks = ((day, look(found, number)) for day, _, number, _, _ in town[7])
    return [(day, words, pending) for day, (_, words, _, pending) in looks]


def names(found: dict[str, Any]) -> list[str]:
    return [town[1] for town in found["towns"]]
