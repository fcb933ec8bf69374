"""Decisions on many claims at once: previewed, taken, cut off, undone."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from claims import tasks
from claims.models import Batch, BatchedClaim, Claim, Decision, QueuedClaim
from claims.review import bulk
from claims.review.decisions import decide
from config.ids import new_id
from tests.factories import make_claim, make_conflict, make_document, make_place, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor() -> User:
    return make_user()


@pytest.fixture
def claims() -> list[Claim]:
    document = make_document()
    return [make_claim(document=document) for _ in range(3)]


def start(claims: list[Claim], editor: User, **fields: Any) -> Batch:
    return bulk.start(
        **{
            "id": new_id(),
            "kind": "accept",
            "versions": {claim.pk: claim.version for claim in claims},
            "by": editor,
            **fields,
        }
    )


def states() -> list[str]:
    return list(Claim.objects.order_by("created_at").values_list("state", flat=True))


def outcomes(batch: Batch) -> list[str]:
    return list(batch.claims.order_by("id").values_list("outcome", flat=True))


def test_a_preview_counts_and_says_what_is_left_and_why(
    claims: list[Claim], django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    editor, other = make_user(conflict=make_conflict()), make_user("other")
    fasher = make_place("El Fasher", conflict=make_conflict("sudan", "Sudan", sides=[]))
    elsewhere = make_claim(place=fasher)
    accepted = [make_claim(place="Bakhmut", state="accepted"), make_claim(state="corrected")]
    rejected = make_claim(place="Bakhmut", state="rejected")
    later = timezone.now() + timedelta(minutes=5)
    for claim, holder in ((claims[0], other), (claims[1], editor)):
        QueuedClaim.objects.filter(claim=claim).update(holder=holder, leased_until=later)
    with django_assert_num_queries(2):
        found = bulk.preview(Claim.objects.order_by("created_at"), kind="accept", by=editor)
    assert found.found == 7
    assert found.versions == {claims[1].pk: 1, claims[2].pk: 1, rejected.pk: 1}
    assert found.towns == {claims[0].place_id: 2, rejected.place_id: 1}
    assert found.states == {"pending": 2, "rejected": 1}
    assert {str(left.why): (left.count, left.some) for left in found.left} == {
        str(bulk.HELD): (1, (claims[0].pk,)),
        str(bulk.ELSEWHERE): (1, (elsewhere.pk,)),
        str(bulk.CHANGED): (2, tuple(claim.pk for claim in accepted)),
    }


def test_a_lease_that_has_ended_holds_nobody_up(claims: list[Claim], editor: User) -> None:
    past = timezone.now() - timedelta(minutes=5)
    QueuedClaim.objects.update(holder=make_user("other"), leased_until=past)
    assert len(bulk.preview(Claim.objects.all(), kind="reject", by=editor).versions) == 3


def test_more_than_the_most_are_counted_and_left(
    claims: list[Claim], editor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk, "MOST", 2)
    found = bulk.preview(Claim.objects.order_by("created_at"), kind="accept", by=editor)
    assert (found.found, found.beyond, list(found.versions)) == (3, 1, [c.pk for c in claims[:2]])
    with pytest.raises(ValidationError, match="or too much at once"):
        start(claims, editor)


def test_a_batch_decides_on_exactly_what_was_previewed(claims: list[Claim], editor: User) -> None:
    found = bulk.preview(Claim.objects.all(), kind="reject", by=editor)
    decide(claim=claims[1], kind="accept", by=editor)
    make_claim()
    batch = start(
        claims, editor, kind="reject", because="date", versions=found.versions, query="town=Soledar"
    )
    assert states() == ["pending", "accepted", "pending", "pending"]
    assert bulk.go_on(batch) == 0
    assert states() == ["rejected", "accepted", "rejected", "pending"]
    assert outcomes(batch) == ["done", "changed", "done"]
    decisions = Decision.objects.filter(batch=batch).values_list("claim", "kind", "because", "by")
    assert set(decisions) == {(claims[n].pk, "reject", "date", editor.pk) for n in (0, 2)}


def test_a_form_sent_twice_does_its_work_once(claims: list[Claim], editor: User) -> None:
    id_ = new_id()
    batch = start(claims, editor, id=id_)
    assert start(claims, editor, id=id_) == batch
    assert (Batch.objects.count(), batch.claims.count()) == (1, 3)


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"kind": "correct"}, "not decided on many claims"),
        ({"kind": "reject"}, "A rejection needs a reason"),
        ({"kind": "reject", "because": "other", "reason": " "}, "A rejection needs a reason"),
        ({"kind": "reject", "because": "duplicate"}, "Merge duplicates instead"),
        ({"versions": {}}, "nothing to decide on"),
    ],
)
def test_a_batch_that_cannot_be(
    claims: list[Claim], editor: User, fields: dict[str, Any], told: str
) -> None:
    with pytest.raises(ValidationError, match=told):
        start(claims, editor, **fields)
    assert not Batch.objects.exists()


def test_a_batch_goes_on_in_bounded_steps(
    claims: list[Claim], editor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk, "IN_TRANSACTION", 1)
    batch = start(claims, editor)
    assert bulk.go_on(batch, 2) == 1
    assert outcomes(batch) == ["done", "done", "waiting"]
    assert bulk.go_on(batch, 2) == 0
    assert states() == ["accepted"] * 3


def test_nobody_waits_for_long(
    claims: list[Claim], editor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk, "IN_TRANSACTION", 1)
    monkeypatch.setattr(bulk, "SECONDS", 0)
    batch = start(claims, editor)
    assert bulk.go_on(batch) == 3
    assert bulk.go_on(batch, None) == 0


def test_a_worker_finishes_what_was_cut_off(claims: list[Claim], editor: User) -> None:
    batch = start(claims, editor)
    assert bulk.some_wait()
    tasks.decide_batches()
    assert (outcomes(batch), bulk.some_wait()) == (["done"] * 3, False)


def test_undoing_leaves_what_was_changed_since(claims: list[Claim], editor: User) -> None:
    decide(claim=claims[2], kind="correct", by=editor, values={"speaker": "a spokesman"})
    batch = start(claims, editor, kind="unverifiable")
    bulk.go_on(batch)
    decide(claim=claims[1], kind="accept", by=editor)
    undoing = bulk.start_undoing(batch=batch, by=make_user("second"))
    assert bulk.go_on(undoing) == 0
    assert states() == ["pending", "accepted", "corrected"]
    assert outcomes(undoing) == ["done", "changed", "done"]
    assert (undoing.undoes, undoing.kind, undoing.by.username) == (batch, "restore", "second")
    assert Claim.objects.get(pk=claims[2].pk).speaker == "a spokesman"
    restored = Decision.objects.filter(batch=undoing).order_by("id")
    assert list(restored.values_list("claim", "changes")) == [
        (claims[0].pk, {"state": ["unverifiable", "pending"]}),
        (claims[2].pk, {"state": ["unverifiable", "corrected"]}),
    ]


def test_undoing_stops_what_still_waits(
    claims: list[Claim], editor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk, "IN_TRANSACTION", 1)
    batch = start(claims, editor)
    bulk.go_on(batch, 1)
    undoing = bulk.start_undoing(batch=batch, by=editor)
    bulk.go_on(undoing)
    assert bulk.go_on(batch) == 0
    assert (outcomes(batch), outcomes(undoing)) == (["done", "stopped", "stopped"], ["done"])
    assert states() == ["pending"] * 3


def test_a_batch_is_undone_once(claims: list[Claim], editor: User) -> None:
    batch = start(claims, editor)
    with pytest.raises(ValidationError, match="has changed no claim"):
        bulk.start_undoing(batch=batch, by=editor)
    batch = start(claims, editor)
    bulk.go_on(batch)
    bulk.start_undoing(batch=batch, by=editor)
    with pytest.raises(ValidationError, match="undone already"):
        bulk.start_undoing(batch=batch, by=editor)


def test_an_undoing_can_be_undone(claims: list[Claim], editor: User) -> None:
    batch = start(claims, editor)
    bulk.go_on(batch)
    undoing = bulk.start_undoing(batch=batch, by=editor)
    bulk.go_on(undoing)
    bulk.go_on(bulk.start_undoing(batch=undoing, by=editor))
    assert states() == ["accepted"] * 3


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"outcome": "lost"}, "batched_outcome_known"),
        ({"told": "Why?"}, "batched_told_of_refusals"),
    ],
)
def test_rows_of_batches_are_guarded(
    claims: list[Claim], editor: User, fields: dict[str, str], constraint: str
) -> None:
    start(claims, editor)
    with pytest.raises(IntegrityError, match=constraint):
        BatchedClaim.objects.update(**fields)


def test_a_claim_is_once_in_a_batch(claims: list[Claim], editor: User) -> None:
    batch = start(claims, editor)
    with pytest.raises(IntegrityError, match="batched_once"):
        BatchedClaim.objects.create(batch=batch, claim=claims[0], version=1)


@pytest.mark.django_db(transaction=True)
def test_workers_share_a_batch(editor: User, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each claim is decided on once, whoever takes it."""
    monkeypatch.setattr(bulk, "IN_TRANSACTION", 2)
    document = make_document()
    batch = start([make_claim(document=document) for _ in range(20)], editor)

    def work(_: int) -> None:
        try:
            bulk.go_on(batch, None)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(work, range(4)))
    assert outcomes(batch) == ["done"] * 20
    assert list(Claim.objects.values_list("version", flat=True)) == [2] * 20
    assert Decision.objects.count() == 20
