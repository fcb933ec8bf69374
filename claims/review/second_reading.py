"""A second reader, and an adjudicator where two disagree.

A second reading is blind: of the claim as it was extracted, whatever the first reader made of it,
and it changes nothing but the record. Where both agree it settles the claim; where they do not,
an adjudicator decides, who is neither of them. Which decided claims are read again is said by
`claims.review.policies`, or asked for by a question.
"""

from __future__ import annotations

from collections.abc import Mapping
from copy import copy
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext

from claims.models import Claim, Decision, QueuedClaim
from claims.review import decisions as review
from claims.review.policies import follow, move
from claims.review.readings import OUTCOMES, Readings, readings

Kind, Reading, Stage, State = Decision.Kind, Decision.Reading, QueuedClaim.Stage, Claim.State
_AFTER = {
    Kind.ACCEPT: State.ACCEPTED,
    Kind.CORRECT: State.CORRECTED,
    Kind.REJECT: State.REJECTED,
    Kind.UNVERIFIABLE: State.UNVERIFIABLE,
}


def as_extracted(claim: Claim, found: Readings) -> Claim:
    """A copy of the claim as the first reader met it: pending, without editors' corrections. It
    is what a second reader is shown, and is never saved."""
    blind = copy(claim)
    review.take_back(blind, found.changes)
    blind.state = State.PENDING
    blind.duplicate_of = None
    return blind


@transaction.atomic
def read_again(
    *,
    claim: Claim,
    kind: str,
    by: User,
    reason: str = "",
    because: str = "",
    values: Mapping[str, Any] | None = None,
) -> Decision:
    """Record a second reading of a decided claim that awaits one.

    `values` holds what the reader puts in the place of what was extracted. Raises ValidationError
    where the claim awaits no second reading, `by` has read it already, a rejection has no
    reason, or a correction changes nothing or breaks a rule of the codebook.
    """
    row = review.locked(claim, None)
    found = _awaiting(row, Stage.SECOND, by)
    kind, reason = _outcome(kind), reason.strip()
    review.check_reason(kind, reason, because)
    blind = as_extracted(row, found)
    changes = review.correct_values(blind, values or {}) if kind == Kind.CORRECT else {}
    review.check_values(blind, changes)
    decision = _record(
        row,
        kind,
        Reading.SECOND,
        by,
        reason=reason,
        because=because if kind == Kind.REJECT else "",
        changes=changes,
    )
    follow(row, decision)
    return decision


@transaction.atomic
def adjudicate(
    *,
    claim: Claim,
    kind: str,
    by: User,
    version: int | None = None,
    reason: str = "",
    because: str = "",
    values: Mapping[str, Any] | None = None,
) -> Decision:
    """Decide where two readers disagree: for one of them or otherwise.

    `values` are corrections of the claim as extracted, as those of both readers are; accepting
    takes the first reader's corrections back. Where the claim stands so already, the record
    alone changes. Raises Outdated as `review.decide` does; ValidationError where the claim is not
    disputed, `by` is one of its readers, and as `read_again` does.
    """
    row = review.locked(claim, version)
    found = _awaiting(row, Stage.ADJUDICATION, by)
    kind, reason = _outcome(kind), reason.strip()
    review.check_reason(kind, reason, because)
    if kind in (Kind.ACCEPT, Kind.CORRECT):
        review.take_back(row, found.changes)
    changes = review.correct_values(row, values or {}) if kind == Kind.CORRECT else {}
    row.state = _AFTER[Kind(kind)]
    if kind != Kind.REJECT:
        row.duplicate_of = None
    decision = Decision(
        claim=row,
        kind=kind,
        reading=Reading.ADJUDICATION,
        because=because if kind == Kind.REJECT else "",
        reason=reason,
        changes=changes,
        by=by,
    )
    review.write(row, decision, checked={*changes, *found.changes})
    claim.refresh_from_db()
    return decision


def can_be_questioned(claim: Claim) -> bool:
    """Whether `question` would take a question about a claim that was read with `queued`."""
    waits: QueuedClaim | None = getattr(claim, "queued", None)
    asked = waits is not None and (waits.stage == Stage.ADJUDICATION or waits.passed_by_id)
    return claim.state in review.DECIDED and not asked


@transaction.atomic
def question(*, claim: Claim, by: User, note: str) -> QueuedClaim:
    """Put a decided claim before another reader, with what `by` asks.

    Raises ValidationError where nothing is asked, the claim is not decided, somebody's question
    waits already, or two readers disagree as it is.
    """
    row = review.locked(claim, None)
    note = note.strip()
    if not note:
        raise ValidationError({"note": gettext("Say what is to be looked at again.")})
    if row.state not in review.DECIDED:
        raise ValidationError(gettext("Only a decided claim can be questioned."))
    waits = QueuedClaim.objects.filter(claim=row).first()
    if waits is not None and waits.stage == Stage.ADJUDICATION:
        raise ValidationError(
            gettext("Two readers disagree on it already: an adjudicator will decide.")
        )
    if waits is not None and waits.passed_by_id:
        raise ValidationError(gettext("Somebody has questioned this claim already."))
    # Whoever is reading it now keeps it.
    waits = waits or move(row, Stage.SECOND)
    waits.passed_by, waits.note = by, note
    waits.save(update_fields=["passed_by", "note"])
    return waits


@transaction.atomic
def undo(*, decision: Decision, by: User) -> Decision:
    """Take a decision back, of whatever reading. One that the claim followed is undone as
    `review.undo` does; a second reading, or an adjudication that changed nothing, is taken out
    of the count by its own reader, and the claim waits again where it did.

    Raises Outdated and ValidationError as `review.undo` does, and ValidationError where the
    reading is somebody else's or stands no more.
    """
    if decision.reading == Reading.FIRST or decision.version is not None:
        return review.undo(decision=decision, by=by)
    row = review.locked(decision.claim, None)
    found = readings(row)
    second = decision.reading == Reading.SECOND
    last = found.second if second and not found.adjudication else found.adjudication
    if last is None or last.decision != decision:
        raise ValidationError(gettext("This reading does not stand any more."))
    if decision.by != by:
        raise ValidationError(gettext("Only its reader can take a reading back."))
    taken = _record(row, Kind.REOPEN, decision.reading, by, reason="undo")
    move(row, Stage.SECOND if second else Stage.ADJUDICATION)
    return taken


def already_read_by(user: User) -> Exists:
    """Of waiting claims: whether `user` has read them already, so that `read_again` and
    `adjudicate` would refuse him. What was read before the claim was opened again, or was taken
    back, does not count."""
    decisions = Decision.objects.filter(claim=OuterRef("claim"))
    later = decisions.filter(id__gt=OuterRef("id"))
    back_to_pending = Q(kind=Kind.REOPEN) | Q(changes__state__1=State.PENDING)
    reopened = later.filter(back_to_pending, reading=Reading.FIRST)
    taken_back = later.filter(kind=Kind.REOPEN, reading=Reading.SECOND, by=user)
    his = decisions.filter(~Exists(reopened), by=user).exclude(kind=Kind.REOPEN)
    return Exists(his.filter(~Q(reading=Reading.SECOND) | ~Exists(taken_back)))


def _awaiting(row: Claim, stage: str, by: User) -> Readings:
    """How the claim has been read. Raises ValidationError where it does not wait at `stage`, or
    for anybody but `by`."""
    if not QueuedClaim.objects.filter(claim=row, stage=stage).exists():
        raise ValidationError(
            gettext("The claim awaits no second reading.")
            if stage == Stage.SECOND
            else gettext("No two readers disagree on this claim.")
        )
    found = readings(row)
    if by.pk in found.readers:
        raise ValidationError(gettext("You have read this claim already: somebody else has to."))
    return found


def _outcome(kind: str) -> str:
    if kind not in OUTCOMES:
        raise ValidationError(gettext("A reading accepts, corrects or rejects, or cannot tell."))
    return kind


def _record(row: Claim, kind: str, reading: str, by: User, **told: Any) -> Decision:
    """A decision that leaves the claim as it is."""
    return Decision.objects.create(claim=row, kind=kind, reading=reading, by=by, **told)
