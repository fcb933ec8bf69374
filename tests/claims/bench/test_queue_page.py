"""The page of the queue: what waits, why, with whom; filters in the address, and those kept."""

from __future__ import annotations

from datetime import date

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from claims.models import Claim, QueuedClaim, SavedFilter
from claims.pages.bench.queue import ahead
from claims.review.decisions import decide
from claims.review.policies import move
from claims.review.queue import pass_on, take_this
from tests.factories import make_claim, make_place, make_user
from tests.reading import Reader, read

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor() -> User:
    return make_user()


@pytest.fixture
def bench(client: Client, editor: User) -> Client:
    client.force_login(editor)
    return client


def page(client: Client, query: str = "") -> Reader:
    return read(client, reverse("bench") + query)


def test_each_claim_says_why_it_stands_there(bench: Client) -> None:
    make_claim(confidence=0.41, place_ambiguous=True)
    urgent = make_claim("fighting", asserted_on=date(2023, 1, 3))
    QueuedClaim.objects.filter(claim=urgent).update(decides=True, disputed=True)
    other = make_user("other")
    pass_on(claim=make_claim("withdrew"), by=other, note="Which <b>village</b>?")
    text = page(bench).text
    assert "the status of Soledar may hang on it" in text
    assert "somebody else says otherwise" in text
    assert "which Soledar is open" in text
    assert "the extractor is 41 % sure" in text
    assert "other asks: “Which <b>village</b>?”" in text
    assert "3 claims wait for you" in text


def test_who_has_a_claim_and_until_when(bench: Client) -> None:
    claim = make_claim()
    row = take_this(claim=claim, by=make_user("other"))
    assert row is not None
    assert row.leased_until is not None
    found = page(bench)
    assert f"other, until {row.leased_until:%H:%M} UTC" in found.text
    assert "1 is being read by others" in found.text
    assert reverse("bench-next") not in found.links  # nothing to start with
    assert reverse("bench-claim", args=[claim.pk]) not in found.links


def test_filters_lead_on(bench: Client) -> None:
    here = make_claim()
    make_claim(place="Bakhmut")
    found = page(bench, "?town=Soledar&stage=first&page=1")
    assert "1 claim waits for you as asked" in found.text
    assert f"{reverse('bench-next')}?town=Soledar&stage=first" in found.links
    assert f"{reverse('bench-claim', args=[here.pk])}?town=Soledar&stage=first" in found.links
    assert "?town=Soledar" in found.links  # without the stage
    assert "?town=Soledar&stage=first&reason=decides" in found.links
    found = page(bench, "?town=Nowhereville")
    assert "No place is called “Nowhereville”." in found.text
    assert "2 claims wait for you" in found.text
    assert "Nothing that waits fits" in page(bench, "?town=Soledar&stage=second").text


def test_an_empty_queue_says_what_would_fill_it(bench: Client) -> None:
    found = page(bench)
    assert "Nothing waits for you" in found.text
    assert "Claims come here as soon as a document says who holds a town." in found.text


def test_a_second_reader_is_not_told_what_the_first_made_of_it(bench: Client) -> None:
    claim = make_claim(asserted_on=date(2023, 1, 9))
    values = {"place": make_place("Bakhmut"), "predicate": "advancing"}
    decide(claim=claim, kind="correct", by=make_user("first"), values=values)
    move(claim, "second")
    found = page(bench, "?stage=second")
    assert "Wagner Group: Soledar captured second reading" in found.text
    assert "advance on Bakhmut" not in found.text


def test_the_page_takes_as_many_queries_however_long_it_is(
    bench: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    first = make_user("first")
    for predicate in ("captured", "holds"):
        again = make_claim(predicate)
        decide(claim=again, kind="reject", by=first, because="who")
        move(again, "second")
    page(bench)
    for _ in range(2):
        for _ in range(3):
            make_claim()
        with django_assert_num_queries(15):
            bench.get(reverse("bench"))


def test_what_comes_next_stands_beside_the_claim(
    bench: Client, editor: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    claims = [make_claim(asserted_on=date(2023, 1, day)) for day in (9, 8, 7, 6, 5)]
    take_this(claim=claims[1], by=make_user("other"))
    list(ahead(by=editor, asked={}, skip=(), current=claims[0].pk))
    with django_assert_num_queries(2):
        rows = ahead(by=editor, asked={}, skip={claims[2].pk}, current=claims[3].pk)
    assert [row.claim for row in rows] == [claims[3], claims[0], claims[4]]
    found = read(bench, reverse("bench-claim", args=[claims[0].pk]) + "?predicate=captured")
    assert f"{reverse('bench-claim', args=[claims[2].pk])}?predicate=captured" in found.links
    assert reverse("bench") + "?predicate=captured" in found.links


def test_a_filter_is_kept_opened_and_deleted(bench: Client, editor: User) -> None:
    address = reverse("bench-save-filter")
    given = {"name": "Soledar", "query": "town=Soledar&page=4&stage=first&whim=1&q="}
    answer = bench.post(address, given)
    saved = SavedFilter.objects.get()
    assert (saved.user, saved.name, saved.query) == (editor, "Soledar", "town=Soledar&stage=first")
    assert answer["Location"] == f"{reverse('bench')}?town=Soledar&stage=first"
    assert answer["Location"] in page(bench).links
    bench.post(address, {"name": "Soledar", "query": "town=Bakhmut"})
    assert SavedFilter.objects.get().query == "town=Bakhmut"
    delete = reverse("bench-delete-filter", args=[saved.pk])
    stranger = Client()
    stranger.force_login(make_user("other"))
    assert stranger.post(delete).status_code == 404
    assert bench.post(delete).status_code == 303
    assert not SavedFilter.objects.exists()


@pytest.mark.parametrize("name", ["", "x" * 101])
def test_a_filter_without_a_name_is_not_kept(bench: Client, name: str) -> None:
    answer = bench.post(reverse("bench-save-filter"), {"name": name, "query": ""}, follow=True)
    assert "Give the filter a name" in Reader(answer.content.decode()).text
    assert not SavedFilter.objects.exists()


def test_the_end_tells_what_is_left_and_where(bench: Client) -> None:
    make_claim(place="Bakhmut")
    taken = make_claim()
    make_claim("holds", place="Bakhmut")
    take_this(claim=taken, by=make_user("other"))
    text = read(bench, reverse("bench-done") + "?town=Soledar").text
    assert "Nothing left in this filter" in text
    assert "1 claim is being read by somebody else" in text
    assert "2 claims wait outside this filter." in text
    text = read(bench, reverse("bench-done") + "?town=Bakhmut").text
    assert "More has come in" in text
    assert "Read 2 more" in text
    assert "1 claim waits outside this filter." in text
    Claim.objects.update(state="accepted")
    text = read(bench, reverse("bench-done")).text
    assert "Nothing left" in text
    assert "outside" not in text


def test_the_bench_is_in_the_navigation_of_those_who_may(bench: Client, client: Client) -> None:
    assert reverse("bench") in read(bench, reverse("home")).links
    client.force_login(make_user("analyst", role="analyst"))
    assert reverse("bench") not in read(client, reverse("home")).links
