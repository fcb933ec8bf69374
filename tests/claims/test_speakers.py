"""Speakers, and what became of what they said, through pages and API."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from claims.derive import derive
from claims.models import Claim, TrackedStatement
from entities.models import Actor
from tests.factories import make_actor, make_claim, make_conflict, make_place
from tests.reading import read
from tests.scenes import soledar

pytestmark = pytest.mark.django_db


def test_speakers_with_their_numbers(client: Client) -> None:
    soledar()
    page = read(client, "/speakers/")
    assert (
        "Wagner Group Russo-Ukrainian war captures and holds claimed: 1 of 1 claim statements: 1"
        in page.text
    )
    address = "/speakers/wagner-group/?conflict=ukraine&show=gains-conceded#statements"
    assert address in page.links
    assert "United States" not in page.text
    assert "Example Courier" not in page.text
    assert "United States" in read(client, "/speakers/?include_pending=on").text


def test_speakers_are_chosen_and_sorted(client: Client) -> None:
    soledar()
    sudan = make_conflict("sudan", "War in Sudan", (("saf", "Sudanese army", "#1f77c9"),))
    army = make_actor("Sudanese army", side="saf", conflict=sudan, official=True)
    town = make_place("Babanusa", conflict=sudan, country="SD")
    make_claim("holds", place=town, claimant=army, state="accepted", asserted_on=date(2024, 1, 1))
    names = {"Sudanese army", "Wagner Group", "Armed Forces of Ukraine"}

    def order(query: str) -> list[str]:
        words = read(client, f"/speakers/?{query}").words
        return [word for word in words if word in names]

    assert order("conflict=sudan") == ["Sudanese army"]
    assert order("q=вагнер") == []
    assert order("q=wagn") == ["Wagner Group"]
    assert order("sort=last")[0] == "Sudanese army"
    assert order("sort=name")[0] == "Armed Forces of Ukraine"
    assert "No speaker fits" in read(client, "/speakers/?q=nobody").text


def test_a_speakers_numbers_lead_to_the_statements(client: Client) -> None:
    soledar()
    page = read(client, "/speakers/wagner-group/")
    assert "1 captures and holds claimed" in page.text
    assert "1 later conceded by the other side" in page.text
    assert "0 contradicted" in page.text
    assert "15 days from claim to concession, the median" in page.text
    assert "?show=gains-conceded#statements" in page.links
    statement, answer = (
        Claim.objects.get(predicate="captured", claimant__slug="wagner-group"),
        Claim.objects.get(predicate="withdrew"),
    )
    page = read(client, "/speakers/wagner-group/?show=gains-conceded")
    assert "conceded on 25 January 2023, 15 days later:" in page.text
    assert statement.get_absolute_url() in page.links
    assert answer.get_absolute_url() in page.links
    assert "0 statements" in read(client, "/speakers/wagner-group/?show=gains-contradicted").text


def test_a_denial_that_its_own_side_conceded(client: Client) -> None:
    soledar()
    page = read(client, "/speakers/armed-forces-of-ukraine/")
    assert "1 later conceded by its own side" in page.text
    assert "conceded by its own side on 25 January 2023, 14 days later:" in page.text


def test_pending_claims_count_where_asked_for(client: Client) -> None:
    soledar()
    assert "0 denials of a loss" in read(client, "/speakers/ukraine/").text
    page = read(client, "/speakers/ukraine/?include_pending=on")
    assert "1 denials of a loss" in page.text
    assert "Pending claims included" in page.text


def test_what_counts_and_that_nothing_is_made_of_it_is_said(client: Client) -> None:
    make_actor()
    text = read(client, "/speakers/wagner-group/").text
    for words in ("What is counted", "against its own side’s interest", "never made into one"):
        assert words in text


def test_a_changed_decision_changes_the_record() -> None:
    place = soledar()
    assert TrackedStatement.objects.filter(include_pending=False, outcome="conceded").count() == 3
    Claim.objects.filter(predicate="withdrew").update(state="rejected")
    kept = set(TrackedStatement.objects.filter(kind="denial").values_list("id", flat=True))
    derive([place.id])
    assert not TrackedStatement.objects.filter(outcome="conceded").exists()
    derive([place.id])
    Claim.objects.update(state="rejected")
    derive([place.id])
    assert kept
    assert not TrackedStatement.objects.exists()


def test_what_has_not_changed_keeps_its_row() -> None:
    place = soledar()
    before = list(TrackedStatement.objects.order_by("id").values_list("id", flat=True))
    derive([place.id])
    assert list(TrackedStatement.objects.order_by("id").values_list("id", flat=True)) == before


def test_the_record_as_data(client: Client) -> None:
    place = soledar()
    wagner = Actor.objects.get(slug="wagner-group")
    response = client.get(f"/api/v1/actors/{wagner.id}/record/")
    told: dict[str, Any] = response.json()
    assert told["gains"] == {
        "total": 1,
        "conceded": 1,
        "contradicted": 0,
        "unanswered": 0,
        "already_conceded": 0,
        "median_lag": 15.0,
    }
    assert told["denials"] == {
        "total": 0,
        "conceded": 0,
        "unanswered": 0,
        "already_conceded": 0,
    }
    (row,) = told["results"]
    assert row["town"]["id"] == str(place.id)
    claim = Claim.objects.get(predicate="captured", claimant=wagner)
    answer = Claim.objects.get(predicate="withdrew")
    assert (row["claims"], row["answers"]) == ([str(claim.id)], [str(answer.id)])
    assert (row["outcome"], row["lag"], row["answered_on"]) == ("conceded", 15, "2023-01-25")
    assert client.get(f"/api/v1/actors/{wagner.id}/record/?include_pending=x").status_code == 400
    assert client.get(f"/api/v1/actors/{place.id}/record/").status_code == 404


@pytest.mark.parametrize(
    "fields",
    [
        {"kind": "wish"},
        {"outcome": "true"},
        {"outcome": "conceded", "lag": None},
        {"outcome": "contradicted", "lag": 3},
        {"outcome": "contradicted", "answered_on": None},
        {"outcome": "unanswered", "lag": None, "answered_on": date(2023, 1, 11)},
    ],
)
def test_statements_that_cannot_be_are_refused(fields: dict[str, Any]) -> None:
    whole = {
        "place": make_place(),
        "actor": make_actor(),
        "include_pending": False,
        "kind": "capture",
        "side": "russia",
        "first": date(2023, 1, 10),
        "last": date(2023, 1, 10),
        "claims": [],
        "outcome": "conceded",
        "answered_on": date(2023, 1, 25),
        "lag": 15,
    }
    with pytest.raises(IntegrityError), transaction.atomic():
        TrackedStatement.objects.create(**{**whole, **fields})


@pytest.mark.parametrize("count", [2, 12])
@pytest.mark.parametrize(
    ("address", "queries"), [("/speakers/", 5), ("/speakers/wagner-group/", 7)]
)
def test_the_number_of_queries_does_not_grow(
    client: Client,
    django_assert_num_queries: DjangoAssertNumQueries,
    address: str,
    queries: int,
    count: int,
) -> None:
    for number in range(count):
        claim = make_claim(place=f"Made-up {number}", state="accepted")
        speaker = make_actor(f"Speaker {number}", side="ukraine")
        make_claim(
            place=claim.place, claimant=speaker, subject="Russia", stance="denies", state="accepted"
        )
        derive([claim.place_id])
    with django_assert_num_queries(queries):
        read(client, address)
