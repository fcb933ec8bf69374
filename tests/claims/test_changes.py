"""What changed: from what to what, by whose word, on which days; as a page and in the API."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from claims.changes import changes, told
from claims.derive import derive
from claims.models import Claim
from tests.factories import make_claim, make_conflict, make_document, make_place
from tests.reading import read
from tests.scenes import soledar

pytestmark = pytest.mark.django_db
ACCEPTED = Claim.State.ACCEPTED
ALL = "/changes/?from=2023-01-01&to=2023-12-31"


def derived(claim: Claim) -> Claim:
    derive([claim.place_id])
    return claim


class TestChanges:
    def test_each_tells_from_what_to_what_and_by_which_claims(self) -> None:
        soledar()
        found = [
            (
                change.on,
                change.before and change.before.status,
                change.interval.status,
                [claim.label for claim in change.deciding],
            )
            for change in told(list(changes()))
        ]
        assert [(on, before, now) for on, before, now, _ in found] == [
            (date(2023, 1, 22), "contested", "controlled"),
            (date(2023, 1, 11), "claimed", "contested"),
            (date(2023, 1, 10), None, "claimed"),
        ]
        assert found[2][3] == ["Wagner Group: Soledar captured"]

    def test_a_new_deciding_claim_alone_is_no_change(self) -> None:
        for day in (3, 5):
            make_claim(asserted_on=date(2023, 1, day), state=ACCEPTED)
        derived(make_claim("holds", asserted_on=date(2023, 1, 9), state=ACCEPTED))
        assert [interval.start for interval in changes()] == [date(2023, 1, 3)]

    def test_parts_of_a_town_change_no_status_of_the_town(self) -> None:
        derived(make_claim(extent="part", part_words="east", part_label="east", state=ACCEPTED))
        assert {(row.part_label, row.status) for row in changes()} == {("", "fought-over")}

    def test_ranges_hold_both_of_their_days(self) -> None:
        soledar()
        found = changes(first=date(2023, 1, 11), last=date(2023, 1, 22))
        assert [row.start.day for row in found] == [22, 11]


class TestPage:
    def test_says_who_said_what_and_why(self, client: Client) -> None:
        soledar()
        text = read(client, ALL).text
        assert "3 changes of status, from verified claims" in text
        assert "22 January 2023 1 change Soledar" in text
        assert "was contested became controlled by Russia" in text
        assert "Wagner Group: captured 10 January 2023, Example Courier" in text
        assert "was nothing said before became claimed by Russia" in text
        assert "why? rule 1 An official voice of one side said" in text

    def test_deciding_claims_and_towns_are_linked(self, client: Client) -> None:
        place = soledar()
        links = read(client, ALL).links
        claim = Claim.objects.get(stance="asserts", predicate="withdrew")
        assert claim.get_absolute_url() in links
        assert place.get_absolute_url() in links

    def test_opens_on_the_week_up_to_the_newest_claim_and_says_so(self, client: Client) -> None:
        soledar()
        text = read(client, "/changes/").text
        assert "19 January 2023 to 25 January 2023, the day of the newest claim: 7 days" in text
        assert "1 change of status" in text
        day = read(client, "/changes/?period=day").text
        assert "last 30 days 25 January 2023, the day of the newest claim A" in day
        assert "3 changes of status" in read(client, "/changes/?period=month").text

    def test_a_period_ends_on_any_day(self, client: Client) -> None:
        soledar()
        text = read(client, "/changes/?period=day&to=2023-01-11").text
        assert "1 change of status" in text
        assert "became contested" in text

    def test_a_range_that_ends_before_it_starts_is_said_and_left_out(self, client: Client) -> None:
        soledar()
        page = read(client, "/changes/?from=2023-02-01&to=2023-01-12")
        assert "The range must not end before it starts." in page.text
        assert "19 January 2023 to 25 January 2023, the day of the newest claim" in page.text

    def test_pending_claims_count_only_where_asked_for(self, client: Client) -> None:
        derived(make_claim(asserted_on=date(2023, 1, 10)))
        assert "No status changed" in read(client, ALL).text
        page = read(client, f"{ALL}&include_pending=on").text
        assert "1 change of status, pending claims included" in page
        assert "became claimed by Russia pending" in page

    def test_filters_by_conflict_and_by_what_a_status_became(self, client: Client) -> None:
        soledar()
        make_conflict("sudan", "Sudan", (("saf", "Army", "#1f77c9"), ("rsf", "RSF", "#d1495b")))
        assert "No status changed" in read(client, f"{ALL}&conflict=sudan").text
        assert "3 changes of status" in read(client, f"{ALL}&conflict=ukraine").text
        text = read(client, f"{ALL}&status=controlled").text
        assert "1 change of status" in text
        assert "became controlled" in text

    def test_several_reports_of_one_word_stand_together(self, client: Client) -> None:
        for name in ("Courier", "Herald"):
            document = make_document(f"Text of the {name}.", publisher=name)
            claim = make_claim(document=document, state=ACCEPTED)
        derived(claim)
        assert (
            "Wagner Group: captured 11 January 2023, Courier · 11 January 2023, Herald"
            in read(client, ALL).text
        )

    def test_without_a_claim_it_says_what_would_fill_it(self, client: Client) -> None:
        assert "No claims yet" in read(client, "/changes/").text

    def test_many_changes_are_paged(self, client: Client) -> None:
        for number in range(51):
            derived(make_claim(place=make_place(f"Made-up {number:02}"), state=ACCEPTED))
        page = read(client, ALL)
        assert "51 changes of status" in page.text
        assert "11 January 2023 51 changes" in page.text
        assert "page 1 of 2" in page.text
        assert "Made-up 50" in read(client, f"{ALL}&page=2").text

    @pytest.mark.parametrize("count", [2, 30])
    def test_the_number_of_queries_does_not_grow(
        self, client: Client, django_assert_num_queries: DjangoAssertNumQueries, count: int
    ) -> None:
        for number in range(count):
            derived(make_claim(place=make_place(f"Made-up {number}"), state=ACCEPTED))
        with django_assert_num_queries(6):
            read(client, ALL)


class TestApi:
    def test_a_change_has_both_statuses_rule_and_claims(self, client: Client) -> None:
        place = soledar()
        latest, *_, first = client.get("/api/v1/status-changes/").json()["results"]
        claim = Claim.objects.get(predicate="withdrew")
        assert latest == {
            "from": "contested",
            "to": "controlled russia",
            "town": {
                "id": str(place.id),
                "name": "Soledar",
                "url": f"http://testserver{place.get_absolute_url()}",
            },
            "on": "2023-01-22",
            "kind": "controlled",
            "sides": ["russia"],
            "rule": 1,
            "version": "v1",
            "deciding": latest["deciding"],
        }
        assert str(claim.id) in [row["id"] for row in latest["deciding"]]
        assert (first["from"], first["to"]) == (None, "claimed russia")

    def test_parameters(self, client: Client) -> None:
        soledar()

        def days(query: str) -> list[str]:
            return [
                row["on"]
                for row in client.get(f"/api/v1/status-changes/?{query}").json()["results"]
            ]

        assert days("changed_from=2023-01-11&changed_to=2023-01-21") == ["2023-01-11"]
        assert days("status=claimed") == ["2023-01-10"]
        assert days("conflict=sudan") == []
        assert client.get("/api/v1/status-changes/?changed_from=soon").status_code == 400

    def test_pages_by_cursor(
        self, client: Client, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        for number in range(5):
            derived(make_claim(place=make_place(f"Made-up {number}"), state=ACCEPTED))
        with django_assert_num_queries(4):
            page = client.get("/api/v1/status-changes/?page_size=3").json()
        following = client.get(page["next"]).json()
        names = [row["town"]["name"] for row in page["results"] + following["results"]]
        assert names == [f"Made-up {number}" for number in range(5)]
