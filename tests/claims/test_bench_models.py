"""The rows of the editors' bench: what the database refuses, and what it keeps by itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from django.db import IntegrityError, ProgrammingError, models, transaction
from django.db.models import F
from django.utils import timezone

from claims.models import (
    Batch,
    Claim,
    Membership,
    NameDecision,
    QueuedClaim,
    ReviewPolicy,
    SavedFilter,
)
from claims.review.decisions import decide
from tests.factories import make_actor, make_claim, make_conflict, make_place, make_user

pytestmark = pytest.mark.django_db


def update(row: models.Model, **fields: Any) -> None:
    """Change the row past all of Django's checks."""
    type(row)._base_manager.filter(pk=row.pk).update(**fields)


def queued(**fields: Any) -> None:
    update(make_claim().queued, **fields)


def batch(**fields: Any) -> Batch:
    return Batch.objects.create(**{"kind": "accept", "by": make_user(), **fields})


def ruled(**fields: Any) -> NameDecision:
    said = {"kind": "actor", "name": "X", "folded": "x", "outcome": "ignore", "by": make_user()}
    return NameDecision.objects.create(**{**said, **fields})


def twice(make: Callable[[], Any]) -> None:
    make()
    make()


BROKEN: dict[str, Callable[[], Any]] = {
    "queued_stage_known": lambda: queued(stage="third"),
    "queued_held_until": lambda: queued(holder=make_user()),
    "batch_kind_known": lambda: batch(kind="guess"),
    "batch_because_known": lambda: batch(kind="reject", because="whim"),
    "batch_undoes_another": lambda: batch(undoes=batch()),
    "membership_once": lambda: twice(
        lambda: Membership.objects.create(user=make_user(role=""), role="editor")
    ),
    "membership_role_known": lambda: Membership.objects.create(user=make_user(), role="king"),
    "policy_once": lambda: twice(lambda: ReviewPolicy.objects.create()),
    "policy_known": lambda: ReviewPolicy.objects.create(second_reading="some"),
    "policy_share_is_per_cent": lambda: ReviewPolicy.objects.create(share=0),
    "saved_filter_once": lambda: twice(
        lambda: SavedFilter.objects.create(user=make_user(), name="mine")
    ),
    "name_decision_kind_known": lambda: ruled(kind="river"),
    "name_decision_says_whose": lambda: ruled(outcome="alias", place=make_place()),
    "name_decision_undoes_another": lambda: ruled(outcome="undo"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_the_database_refuses(name: str) -> None:
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        BROKEN[name]()
    cause = refused.value.__cause__
    assert isinstance(cause, psycopg.Error)
    assert cause.diag.constraint_name == name


def test_no_rule_is_left_out() -> None:
    tables = (QueuedClaim, Batch, Membership, ReviewPolicy, SavedFilter, NameDecision)
    rules = {rule.name for table in tables for rule in table._meta.constraints}
    assert rules - BROKEN.keys() == set()


@pytest.mark.parametrize("make", [batch, lambda: ruled(outcome="new", actor=make_actor())])
def test_what_was_decided_stays_as_it_was(make: Callable[[], models.Model]) -> None:
    row = make()
    for change in (lambda: update(row, by=make_user("another")), row.delete):
        with pytest.raises(ProgrammingError, match="Cannot update or delete"), transaction.atomic():
            change()


def waiting() -> dict[str, str]:
    return {str(row.claim_id): row.stage for row in QueuedClaim.objects.all()}


def test_every_pending_claim_waits_however_it_was_made() -> None:
    claim, decided = make_claim(), make_claim(state="accepted")
    assert waiting() == {str(claim.pk): "first"}
    Claim.objects.filter(pk=decided.pk).update(state="pending")
    assert waiting() == {str(claim.pk): "first", str(decided.pk): "first"}
    Claim.objects.filter(pk=claim.pk).update(state="superseded")
    assert waiting() == {str(decided.pk): "first"}


def test_a_claim_that_is_decided_leaves_and_reopened_comes_back_free() -> None:
    claim, editor = make_claim(), make_user()
    update(claim.queued, holder=editor, leased_until=timezone.now(), note="Who is meant?")
    decide(claim=claim, kind="accept", by=editor)
    assert waiting() == {}
    decide(claim=claim, kind="reopen", by=editor)
    row = QueuedClaim.objects.get()
    assert (row.claim_id, row.holder, row.note) == (claim.pk, None, "")


def test_a_second_reading_waits_though_the_claim_is_decided() -> None:
    claim = make_claim()
    decide(claim=claim, kind="accept", by=make_user())
    QueuedClaim.objects.create(claim=claim, stage="second", published=claim.document.published)
    Claim.objects.filter(pk=claim.pk).update(state="rejected")
    assert waiting() == {str(claim.pk): "second"}


@pytest.mark.parametrize(
    ("confidence", "ambiguous", "doubtful"),
    [(0.5, False, False), (0.49, False, True), (0.9, True, True)],
)
def test_what_the_extractor_is_not_sure_of_is_doubtful(
    confidence: float, ambiguous: bool, doubtful: bool
) -> None:
    claim = make_claim(confidence=confidence, place_ambiguous=ambiguous)
    assert claim.queued.doubtful is doubtful


def test_each_change_is_a_version_and_what_changes_nothing_is_none() -> None:
    claim = make_claim()
    claim.save()
    update(claim, speaker="a spokesman")
    update(claim, speaker=F("speaker"))
    claim.refresh_from_db()
    assert claim.version == 2
    update(claim, speaker="another", version=1)
    claim.refresh_from_db()
    assert claim.version == 3


def test_a_membership_has_a_history() -> None:
    member = make_user(conflict=make_conflict()).memberships.get()
    update(member, role="reader")
    member.delete()
    history = Membership._meta.get_field("events").related_model._default_manager
    assert list(history.order_by("pgh_id").values_list("pgh_label", "role")) == [
        ("insert", "editor"),
        ("update", "reader"),
        ("delete", "reader"),
    ]
