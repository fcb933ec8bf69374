"""The town page: headline, drawing, table and map."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from claims.derive import derive
from claims.models import Claim
from entities.models import Place
from tests.factories import (
    make_actor,
    make_claim,
    make_place,
)
from tests.reading import read, rows
from tests.scenes import soledar

pytestmark = pytest.mark.django_db


class TestTown:
    def test_a_wrong_name_with_the_right_id_leads_to_the_right_address(
        self, client: Client
    ) -> None:
        place = soledar()
        wrong = reverse("town", args=["artemivsk-the-old", place.short_id])
        response = client.get(wrong, {"known_on": "2023-01-12"})
        assert response.status_code == 301
        assert response["Location"] == f"{place.get_absolute_url()}?known_on=2023-01-12"

    def test_an_unknown_town_is_a_page_of_its_own(self, client: Client) -> None:
        page = read(client, "/towns/soledar-0000000000/", 404)
        assert "Nothing here" in page.text

    def test_a_town_without_claims_says_what_would_start_its_timeline(self, client: Client) -> None:
        page = read(client, make_place().get_absolute_url())
        assert "No claims Soledar is known" in page.text

    def test_the_headline_names_status_day_and_deciding_words(self, client: Client) -> None:
        page = read(client, soledar().get_absolute_url())
        assert "controlled by Russia since 22 January 2023" in page.text
        assert "Wagner Group: captured / Armed Forces of Ukraine: withdrew" in page.text
        assert "why controlled? rule 1 · 2 deciding claims · 2 claimants in 2 articles" in page.text
        assert "Солéдар · Соледар · Karlo-Libknekhtivsk" in page.text

    def test_every_live_claim_is_a_mark_and_a_row(self, client: Client) -> None:
        place = soledar()
        page = read(client, place.get_absolute_url())
        live = {f"claim-{claim.id}" for claim in Claim.objects.live()}
        assert len(live) == 8
        assert set(rows(page)) == live
        assert len(rows(page)) == 8
        for anchor in live:
            assert f"#{anchor}" in page.links
        assert "“Soledar has not fallen”“the claim is untrue” Example Courier" in page.text

    def test_lanes_are_in_the_order_of_the_sides_with_others_last(self, client: Client) -> None:
        html = client.get(soledar().get_absolute_url()).content.decode()
        lanes = re.findall(r'data-keep="lane-(\w+)"', html)
        assert lanes == ["ukraine", "russia", "others"]

    def test_known_on_shows_what_could_be_known_then(self, client: Client) -> None:
        place = soledar()
        page = read(client, f"{place.get_absolute_url()}?known_on=2023-01-12")
        assert "As known on 12 January 2023" in page.text
        assert "contested since 11 January 2023" in page.text
        assert "Wagner Group: captured / Armed Forces of Ukraine: denied, fighting" in page.text
        assert "Moscow" not in page.text
        assert len(rows(page)) == 5
        early = read(client, f"{place.get_absolute_url()}?known_on=2023-01-01")
        assert "No claims by then" in early.text

    def test_a_day_that_is_none_is_said_and_left_out(self, client: Client) -> None:
        page = read(client, f"{soledar().get_absolute_url()}?known_on=yesterday")
        assert "Enter a valid date." in page.text
        assert len(rows(page)) == 8

    def test_a_range_chooses_the_claims_that_were_made_or_are_about_it(
        self, client: Client
    ) -> None:
        address = soledar().get_absolute_url()
        page = read(client, f"{address}?from=2023-01-12&to=2023-01-13")
        assert "2 of 8 claims" in page.text
        assert "12 January 2023 to 13 January 2023" in page.text
        assert "3 of 8 claims" in read(client, f"{address}?from=2023-01-12&to=2023-01-19").text
        wrong = read(client, f"{address}?from=2023-01-12&to=2023-01-01")
        assert "The range must not end before it starts." in wrong.text

    @pytest.mark.parametrize(
        ("asked", "count"),
        [
            ("who=russia", 3),
            ("who=others", 1),
            ("stance=denies", 2),
            ("predicate=fighting", 2),
            ("state=pending", 3),
            ("state=verified", 5),
            ("who=russia&state=pending", 1),
            ("who=nobody", 8),
        ],
    )
    def test_claims_are_chosen_by_the_address(self, client: Client, asked: str, count: int) -> None:
        page = read(client, f"{soledar().get_absolute_url()}?{asked}")
        assert len(rows(page)) == count

    def test_claims_are_sorted_as_asked(self, client: Client) -> None:
        address = soledar().get_absolute_url()
        by_day = rows(read(client, address))
        assert rows(read(client, f"{address}?sort=-day")) == by_day[::-1]
        html = client.get(f"{address}?sort=who").content.decode()
        who = [part.split("<")[0] for part in html.split('<td role="cell" class="who">')[1:]]
        assert who == sorted(who)
        assert len(who) == 8

    def test_the_claims_can_be_had_as_data(self, client: Client) -> None:
        place = soledar()
        page = read(client, f"{place.get_absolute_url()}?known_on=2023-01-12")
        (link,) = [link for link in page.links if link.startswith("/api/v1/towns/")]
        assert len(client.get(link).json()["results"]) == 5

    def test_the_map_shows_the_towns_around_and_links_those_with_claims(
        self, client: Client
    ) -> None:
        place = soledar()
        claimed = make_place("Northville", latitude=48.75, longitude=38.1)
        make_claim(place=claimed)
        make_place("Eastville", latitude=48.65, longitude=38.3)
        make_place("Southville", latitude=48.6, longitude=38.0)
        make_place("Farville", latitude=49.65, longitude=38.3)
        page = read(client, place.get_absolute_url())
        assert claimed.get_absolute_url() in page.links
        assert "Eastville" in page.text
        assert "10 km" in page.text
        assert "Farville" not in page.text
        lonely = read(client, make_place("Lonelyville", latitude=49.6).get_absolute_url())
        assert "50 km" in lonely.text
        assert "Farville" in lonely.text

    def test_filters_that_fit_nothing_leave_the_bands(self, client: Client) -> None:
        address = soledar().get_absolute_url()
        page = read(client, f"{address}?who=others&state=verified")
        assert "No claim fits what was asked for." in page.text
        assert "Status, verified" in page.text

    def test_what_pending_claims_would_change_is_said_beside(self, client: Client) -> None:
        claim = make_claim("fighting", claimant="Ukraine", state=Claim.State.ACCEPTED)
        make_claim(asserted_on=date(2023, 1, 12))
        derive([claim.place_id])
        page = read(client, claim.place.get_absolute_url())
        assert "fought-over since 11 January 2023 no claim for" in page.text
        assert "claimed by Russia since 12 January 2023 pending" in page.text

    def test_parts_have_their_own_status(self, client: Client) -> None:
        page = read(client, soledar().get_absolute_url())
        assert "Parts of the town centre: fought-over since 10 January 2023 pending" in page.text

    def test_a_town_of_no_conflict_and_unknown_speakers_is_shown(self, client: Client) -> None:
        place = Place.objects.create(key="provisional:x", name="Mala Vyhadka", provisional=True)
        nobody = make_actor("A made-up committee")
        claim = make_claim(place=place, claimant=None, subject=nobody, state=Claim.State.ACCEPTED)
        derive([place.id])
        page = read(client, place.get_absolute_url())
        assert f"claim-{claim.id}" in page.ids
        assert "not in the gazetteer" in page.text

    @pytest.mark.parametrize("count", [3, 30])
    def test_the_number_of_queries_does_not_grow_with_the_claims(
        self, client: Client, django_assert_num_queries: DjangoAssertNumQueries, count: int
    ) -> None:
        for number in range(count):
            make_claim(
                asserted_on=date(2023, 1, 1) + timedelta(days=number),
                claimant=make_actor(f"Made-up brigade {number}", side="russia"),
            )
        address = make_place().get_absolute_url()
        with django_assert_num_queries(10):
            read(client, address)
