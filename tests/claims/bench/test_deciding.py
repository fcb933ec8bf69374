"""Deciding, claim after claim: what is posted, what comes next, what is refused, what is undone."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from claims.models import Claim, Decision, QueuedClaim
from claims.review.deciding import done
from claims.review.decisions import decide
from claims.review.policies import move
from claims.review.queue import take, take_this
from tests.factories import make_claim, make_user
from tests.reading import Reader

pytestmark = pytest.mark.django_db
JSON = {"accept": "application/json"}


@pytest.fixture
def editor() -> User:
    return make_user()


@pytest.fixture
def bench(client: Client, editor: User) -> Client:
    client.force_login(editor)
    return client


@pytest.fixture
def claims() -> list[Claim]:
    """In the order of the queue."""
    return [make_claim(asserted_on=date(2023, 1, day)) for day in (12, 11, 10)]


def screen(claim: Claim, query: str = "") -> str:
    return reverse("bench-claim", args=[claim.pk]) + query


def post(client: Client, claim: Claim, query: str = "", headers: Any = None, **form: Any) -> Any:
    given = {"kind": "accept", "version": claim.version, "stage": "first", **form}
    address = reverse("bench-decide", args=[claim.pk]) + query
    return client.post(address, given, headers=headers or {})


def holder(claim: Claim) -> Any:
    return QueuedClaim.objects.get(claim=claim).holder


def test_a_decision_leads_to_the_next_claim_which_is_handed_out(
    bench: Client, editor: User, claims: list[Claim]
) -> None:
    answer = post(bench, claims[0])
    assert (answer.status_code, answer["Location"]) == (303, screen(claims[1]))
    claims[0].refresh_from_db()
    assert (claims[0].state, claims[0].version) == ("accepted", 2)
    assert holder(claims[1]) == editor
    decision = Decision.objects.get()
    assert (decision.kind, decision.by, decision.reading) == ("accept", editor, "first")


def test_filters_stay_in_the_address(bench: Client, claims: list[Claim]) -> None:
    bakhmut = make_claim(place="Bakhmut", asserted_on=date(2023, 1, 1))
    answer = post(bench, claims[0], "?town=Bakhmut&page=3")
    assert answer["Location"] == screen(bakhmut, "?town=Bakhmut")
    answer = post(bench, bakhmut, "?town=Bakhmut")
    assert answer["Location"] == f"{reverse('bench-done')}?town=Bakhmut"


def test_a_script_is_told_what_comes_next(bench: Client, claims: list[Claim]) -> None:
    answer = post(bench, claims[0], headers=JSON, kind="reject", because="place")
    assert answer.status_code == 200
    assert answer.json() == {
        "next": screen(claims[1]),
        "claim": str(claims[1].pk),
        "state": "rejected",
        "undo": Decision.objects.get().pk,
    }
    QueuedClaim.objects.exclude(claim=claims[1]).delete()
    answer = post(bench, claims[1], headers=JSON)
    assert answer.json()["next"] == reverse("bench-done")
    assert answer.json()["claim"] is None


def test_a_correction_as_typed(bench: Client, claims: list[Claim]) -> None:
    make_claim(place="Bakhmut", state="accepted")
    claim = claims[0]
    typed = {
        "place": "Бахмут",
        "claimant": "Wagner Group",
        "subject": "Wagner Group",
        "speaker": "Yevgeny Prigozhin",
        "stance": "asserts",
        "predicate": "captured",
        "extent": "whole",
        "asserted_on": "10 January",
    }
    answer = post(bench, claim, kind="correct", reason="As the text says.", **typed)
    assert answer.status_code == 303
    claim.refresh_from_db()
    assert (claim.state, str(claim.place), claim.speaker) == (
        "corrected",
        "Bakhmut",
        "Yevgeny Prigozhin",
    )
    assert claim.asserted_on == date(2023, 1, 10)


def test_a_correction_that_is_not_understood_comes_back_as_typed(
    bench: Client, claims: list[Claim]
) -> None:
    typed = {"place": "Nowhereville", "claimant": "Wagner Group", "speaker": "A new one"}
    answer = post(bench, claims[0], kind="correct", **typed)
    page = Reader(answer.content.decode())
    assert answer.status_code == 422
    assert "No place is called “Nowhereville”." in page.text
    assert 'value="A new one"' in answer.content.decode()
    answer = post(bench, claims[0], headers=JSON, kind="correct", **typed)
    assert answer.status_code == 422
    assert answer.json()["errors"]["place"] == ["No place is called “Nowhereville”."]
    assert Claim.objects.get(pk=claims[0].pk).version == 1


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({"kind": "reject"}, "A rejection needs a reason."),
        ({"kind": "reject", "because": "whim"}, "There is no such reason."),
        ({"kind": "restore"}, "There is no such decision."),
        ({"kind": "bless"}, "There is no such decision."),
        ({"version": "newest"}, "The form does not say which version of the claim it shows."),
        ({"version": "1" * 40}, "The form does not say which version of the claim it shows."),
        ({"stage": "second"}, "This claim has come to another reading meanwhile"),
    ],
)
def test_what_makes_no_sense_is_refused_on_the_claims_screen(
    bench: Client, claims: list[Claim], form: dict[str, str], words: str
) -> None:
    answer = post(bench, claims[0], **form)
    assert answer.status_code == 422
    assert words in Reader(answer.content.decode()).text
    answer = post(bench, claims[0], headers=JSON, **form)
    assert answer.status_code == 422
    assert words in answer.json()["error"]
    assert not Decision.objects.exists()


def test_an_outdated_edit_shows_both_versions(
    bench: Client, editor: User, claims: list[Claim]
) -> None:
    decide(claim=Claim.objects.get(pk=claims[0].pk), kind="unverifiable", by=make_user("other"))
    answer = post(bench, claims[0], "?town=Soledar", kind="reject", because="who")
    assert answer.status_code == 409
    page = Reader(answer.content.decode())
    assert "Somebody has changed this claim since you read it" in page.text
    assert screen(claims[0], "?town=Soledar") in page.links
    answer = post(bench, claims[0], headers=JSON, kind="correct", speaker="X")
    assert answer.status_code == 409
    assert answer.json()["error"] == "Somebody has changed this claim since you read it."
    assert Decision.objects.filter(by=editor).count() == 0


def test_a_lease_that_another_took_over_is_refused_in_words(
    bench: Client, editor: User, claims: list[Claim]
) -> None:
    take(by=editor, asked={})
    QueuedClaim.objects.update(leased_until=timezone.now())
    row = take_this(claim=claims[0], by=make_user("other"))
    assert row is not None
    assert row.leased_until is not None
    words = f"other is reading this claim, until {row.leased_until:%H:%M} UTC."
    answer = post(bench, claims[0])
    assert answer.status_code == 409
    assert words in Reader(answer.content.decode()).text
    assert post(bench, claims[0], headers=JSON).json() == {"error": words, "errors": {}}
    assert not Decision.objects.exists()


def test_a_lease_that_ran_out_is_no_hindrance(
    bench: Client, editor: User, claims: list[Claim]
) -> None:
    take(by=editor, asked={})
    QueuedClaim.objects.update(holder=make_user("other"), leased_until=timezone.now())
    assert post(bench, claims[0]).status_code == 303


def test_a_second_reading_changes_nothing_but_the_record(
    bench: Client, editor: User, claims: list[Claim]
) -> None:
    claim = claims[0]
    decide(claim=claim, kind="reject", by=make_user("first"), because="who")
    move(claim, "second")
    answer = post(bench, claim, stage="second", headers=JSON)
    assert answer.json()["state"] == "rejected"
    second = Decision.objects.get(by=editor)
    assert (second.kind, second.reading, second.version) == ("accept", "second", None)
    assert QueuedClaim.objects.get(claim=claim).stage == "adjudication"
    judge = make_user("judge", role="adjudicator")
    bench.force_login(judge)
    claim.refresh_from_db()
    assert post(bench, claim, stage="adjudication").status_code == 303
    claim.refresh_from_db()
    assert claim.state == "accepted"
    assert Decision.objects.get(by=judge).reading == "adjudication"


def test_undo_leads_back_to_the_claim_and_then_to_the_one_before(
    bench: Client, editor: User, claims: list[Claim]
) -> None:
    post(bench, claims[0])
    post(bench, claims[1], kind="unverifiable")
    for claim in (claims[1], claims[0]):
        answer = bench.post(reverse("bench-undo"))
        assert (answer.status_code, answer["Location"]) == (303, screen(claim))
        claim.refresh_from_db()
        assert claim.state == "pending"
    answer = bench.post(reverse("bench-undo"), headers=JSON)
    assert (answer.status_code, answer.json()["error"]) == (404, "There is nothing to undo.")
    assert bench.post(reverse("bench-undo"))["Location"] == reverse("bench")
    assert QueuedClaim.objects.count() == 3


def test_undo_on_one_claim_takes_its_decisions_back_one_by_one(
    bench: Client, claims: list[Claim]
) -> None:
    first, other = claims[:2]
    post(bench, first)
    first.refresh_from_db()
    post(bench, first, kind="unverifiable")
    post(bench, other)
    for state in ("accepted", "pending"):
        answer = bench.post(reverse("bench-undo"), {"claim": first.pk}, headers=JSON)
        assert answer.json()["state"] == state
    other.refresh_from_db()
    assert other.state == "accepted"


def test_what_somebody_has_changed_since_is_not_undone(bench: Client, claims: list[Claim]) -> None:
    post(bench, claims[0])
    decide(claim=Claim.objects.get(pk=claims[0].pk), kind="unverifiable", by=make_user("other"))
    answer = bench.post(reverse("bench-undo"))
    assert answer.status_code == 409
    assert "Somebody has changed this claim" in Reader(answer.content.decode()).text
    assert Claim.objects.get(pk=claims[0].pk).state == "unverifiable"


def test_a_second_reading_can_be_undone(bench: Client, claims: list[Claim]) -> None:
    claim = claims[0]
    decide(claim=claim, kind="accept", by=make_user("first"))
    move(claim, "second")
    post(bench, claim, stage="second", kind="unverifiable")
    answer = bench.post(reverse("bench-undo"), headers=JSON)
    assert answer.json()["next"] == screen(claim)
    assert QueuedClaim.objects.get(claim=claim).stage == "second"


def test_skipping_goes_on_and_offers_the_claim_to_others(
    bench: Client, editor: User, claims: list[Claim]
) -> None:
    take(by=editor, asked={})
    answer = bench.post(reverse("bench-skip", args=[claims[0].pk]))
    assert answer["Location"] == screen(claims[1])
    assert holder(claims[0]) is None
    assert bench.get(reverse("bench-next"))["Location"] == screen(claims[1])
    row = take(by=make_user("other"), asked={})
    assert row is not None
    assert row.pk == claims[0].pk
    QueuedClaim.objects.update(holder=None, leased_until=None)
    assert bench.post(reverse("bench-skipped"))["Location"] == screen(claims[0])


def test_the_next_claim_is_another_than_those_at_hand(bench: Client, claims: list[Claim]) -> None:
    query = f"?skip={claims[0].pk}&skip=nonsense"
    assert bench.get(reverse("bench-next") + query)["Location"] == screen(claims[1])
    query += f"&skip={claims[1].pk}&skip={claims[2].pk}"
    assert bench.get(reverse("bench-next") + query, headers=JSON).json() == {
        "next": reverse("bench-done"),
        "claim": None,
    }


def test_passing_on_goes_on(bench: Client, editor: User, claims: list[Claim]) -> None:
    address = reverse("bench-pass-on", args=[claims[0].pk])
    answer = bench.post(address, {"note": "Which one?"})
    assert answer.status_code == 422  # nobody else is there
    make_user("other")
    answer = bench.post(address, {"note": "Which one?"})
    assert answer["Location"] == screen(claims[1])
    row = QueuedClaim.objects.get(claim=claims[0])
    assert (row.passed_by, row.note, row.holder) == (editor, "Which one?", None)


def test_signs_of_life_and_leaving(bench: Client, editor: User, claims: list[Claim]) -> None:
    take(by=editor, asked={})
    theirs = take_this(claim=claims[1], by=make_user("other"))
    assert theirs is not None
    ids = [str(claims[0].pk), str(claims[1].pk), str(uuid4()), "nonsense"]
    answer = bench.post(reverse("bench-keep"), {"claim": ids})
    assert answer.json() == {"kept": [str(claims[0].pk)]}
    assert bench.post(reverse("bench-release"), {"claim": ids}).status_code == 204
    assert holder(claims[0]) is None
    assert holder(claims[1]).username == "other"


def test_previous_leads_back_step_by_step(bench: Client, claims: list[Claim]) -> None:
    post(bench, claims[0])
    bench.post(reverse("bench-skip", args=[claims[1].pk]))
    for at, before in ((claims[2], claims[1]), (claims[1], claims[0])):
        answer = bench.get(f"{reverse('bench-previous')}?at={at.pk}&town=Soledar")
        assert answer["Location"] == screen(before, "?town=Soledar")
    answer = bench.get(f"{reverse('bench-previous')}?at={claims[0].pk}", headers=JSON)
    assert (answer.status_code, answer.json()["error"]) == (404, "There is no earlier claim.")


def test_the_end_says_what_was_done(
    bench: Client, editor: User, claims: list[Claim], django_assert_num_queries: Any
) -> None:
    for claim in claims[:2]:
        post(bench, claim)
    bench.post(reverse("bench-skip", args=[claims[2].pk]))
    bench.post(reverse("bench-undo"))
    claims[1].refresh_from_db()
    post(bench, claims[1])
    page = Reader(bench.get(reverse("bench-done")).content.decode())
    assert "Decided by you in this sitting 2 claims Today, in UTC 2 claims" in page.text
    assert "You skipped 1 claim." in page.text
    with django_assert_num_queries(1):
        assert done(by=editor, now=timezone.now()).sitting == 2


def test_only_who_may_decide_gets_here(client: Client, claims: list[Claim]) -> None:
    reader = make_user("reader", role="analyst")
    for user in (None, reader):
        if user:
            client.force_login(user)
        for name in ("bench", "bench-next", "bench-previous", "bench-done"):
            assert client.get(reverse(name)).status_code in (302, 403), name
        for name in ("bench-undo", "bench-keep", "bench-release", "bench-skipped"):
            assert client.post(reverse(name)).status_code in (302, 403), name
        for name in ("bench-decide", "bench-skip", "bench-pass-on"):
            answer = client.post(
                reverse(name, args=[claims[0].pk]), {"kind": "accept", "version": 1}
            )
            assert answer.status_code in (302, 403), name
    assert not Decision.objects.exists()
    assert not QueuedClaim.objects.filter(holder__isnull=False).exists()


def test_writing_needs_a_token_and_post(editor: User, claims: list[Claim]) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(editor)
    address = reverse("bench-decide", args=[claims[0].pk])
    assert client.post(address, {"kind": "accept", "version": 1}).status_code == 403
    assert client.get(address).status_code == 405
    assert client.get(reverse("bench-undo")).status_code == 405


def test_a_decision_takes_as_many_queries_however_much_waits(
    bench: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(3):
        claim = make_claim()
    post(bench, claim)
    for number in (1, 7):
        for _ in range(number):
            claim = make_claim()
        with django_assert_num_queries(13):
            assert post(bench, claim).status_code == 303
