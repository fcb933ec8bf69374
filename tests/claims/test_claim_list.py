"""The list of claims: chosen, sorted and paged by its address."""

from __future__ import annotations

from datetime import date
from html import unescape

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from claims.models import Claim
from tests.factories import make_actor, make_claim, make_evidence
from tests.reading import read
from tests.scenes import soledar

pytestmark = pytest.mark.django_db


def test_all_that_stand_the_latest_first(client: Client) -> None:
    soledar()
    page = read(client, "/claims/")
    assert "8 claims · verified or pending" in page.text
    claims = Claim.objects.live().order_by("-asserted_on", "-id")
    assert [link for link in page.links if link.startswith("/claims/0")] == [
        claim.get_absolute_url() for claim in claims
    ]


@pytest.mark.parametrize(
    ("address", "count"),
    [
        ("town=СОЛЕДАР", "8 claims"),
        ("claimant=wagner-group", "2 claims"),
        ("actor=Russia", "4 claims"),
        ("subject=russia", "4 claims"),
        ("side=ukraine", "4 claims"),
        ("stance=denies&stance=unconfirmed", "3 claims"),
        ("predicate=withdrew", "1 claim"),
        ("state=rejected", "1 claim"),
        ("state=verified", "5 claims"),
        ("include_pending=false", "5 claims"),
        ("asserted_from=2023-01-11&asserted_to=2023-01-13", "5 claims"),
        ("event_from=2023-01-12&event_to=2023-01-12", "1 claim"),
        ("published_from=2023-01-25", "1 claim"),
        ("publisher=example COURIER", "8 claims"),
        ("extractor_version=test", "8 claims"),
        ("extractor_version=tes", "0 claims"),
        ("origin=extracted", "8 claims"),
        ("origin=editor", "0 claims"),
        ("cue=captured", "0 claims"),
        ("q=untrue", "2 claims"),
        ("conflict=sudan", "0 claims"),
    ],
)
def test_what_is_asked_for(client: Client, address: str, count: str) -> None:
    soledar()
    assert f"Claims {count} as asked" in read(client, f"/claims/?{address}").text


def test_by_the_words_that_told_it(client: Client) -> None:
    claim = make_claim(cue="taken")
    make_evidence(claim, "Kyiv denies it", "Taken")
    make_claim(cue="was taken")
    assert "Claims 1 claim as asked" in read(client, "/claims/?cue=TAKEN").text
    assert "Found by: an editor" in read(client, "/claims/?origin=editor").text


def test_each_thing_asked_for_can_be_taken_away(client: Client) -> None:
    soledar()
    page = read(client, "/claims/?town=Soledar&stance=denies&stance=asserts&order=said&page=9")
    assert "Town: Soledar" in page.text
    assert "?stance=denies&stance=asserts&order=said" in page.links
    assert "?town=Soledar&stance=asserts&order=said" in page.links
    assert "?town=Soledar&stance=denies&order=said" in page.links


def test_what_is_not_understood_is_said_and_left_out(client: Client) -> None:
    soledar()
    page = read(
        client,
        "/claims/?town=Nowhere&claimant=nobody&stance=doubts&asserted_from=12.1.&document=7"
        "&include_pending=perhaps&predicate=withdrew&order=size",
    )
    assert "1 claim as asked" in page.text
    for words in (
        "Town: No place is called “Nowhere”.",
        "Who says it: Nobody is called “nobody”.",
        'Stance: "doubts" is not a valid choice.',
        "Said from: not a day (YYYY-MM-DD).",
        "Document: Must be a valid UUID.",
        "Pending claims: must be true or false.",
        'Sorted by: "size" is not a valid choice.',
    ):
        assert words in page.text
    page = read(client, "/claims/?asserted_from=2023-02-01&asserted_to=2023-01-01")
    assert "The range must not end before it starts." in page.text
    assert "8 claims" in page.text


def test_columns_sort_both_ways(client: Client) -> None:
    for town, day in (("Bakhmut", 5), ("Soledar", 9), ("Bakhmut", 7)):
        make_claim("holds", place=town, asserted_on=date(2023, 1, day))

    def days(order: str) -> list[str]:
        text = read(client, f"/claims/?order={order}").text
        said = [text[place - 1] for place in range(len(text)) if text.startswith(" January", place)]
        return said[::2]  # each row has the day of publication, too

    assert days("said") == ["5", "7", "9"]
    assert days("-said") == ["9", "7", "5"]
    assert days("town") == ["7", "5", "9"]
    page = read(client, "/claims/?order=town&stance=asserts")
    assert "?order=-town&stance=asserts" in page.links
    assert "aria-sort" in page.attributes


def test_empty_states(client: Client) -> None:
    assert "No claims yet" in read(client, "/claims/").text
    make_claim()
    assert "No claim fits" in read(client, "/claims/?state=rejected").text


@pytest.mark.parametrize("count", [3, 60])
def test_the_number_of_queries_does_not_grow(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries, count: int
) -> None:
    for number in range(count):
        make_claim(asserted_on=date(2023, 1, 1 + number % 28))
    with django_assert_num_queries(6):
        read(client, "/claims/?stance=asserts")


def test_hostile_text_stays_text(client: Client) -> None:
    hostile = "<script>alert(1)</script>\"'&"
    actor = make_actor(f"Committee{hostile}")
    make_claim(speaker=hostile, claimant=actor, state="accepted")
    assert hostile in unescape(client.get("/claims/").content.decode())
    for name in ("q", "town", "claimant", "conflict", "side", "publisher", "stance", "order"):
        html = client.get("/claims/", {name: hostile}).content.decode()
        assert "<script>alert" not in html, name
    for address in ("/speakers/", "/speakers/?q=<script>alert(1)", f"/speakers/{actor.slug}/"):
        response = client.get(address)
        assert response.status_code == 200
        assert "<script>alert" not in response.content.decode(), address


def test_of_very_many_it_is_said_that_there_are_more(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("claims.views.claim_list.COUNTED", 50)
    for _ in range(51):
        make_claim()
    page = read(client, "/claims/?page=2")  # there is none: the nearest
    assert "more than 50 claims" in page.text
    assert len([link for link in page.links if link.startswith("/claims/0")]) == 50
    assert "page 1 of" not in page.text
