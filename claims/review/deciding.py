"""A decision from the bench: as whichever reading the claim awaits, and how it is taken back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.utils.translation import gettext

from claims.models import Claim, Decision, QueuedClaim
from claims.review import decisions as review
from claims.review import second_reading
from claims.review.queue import Held, is_held, reading_of

Kind, Reading = Decision.Kind, Decision.Reading
UNDO = "undo"  # the reason that a decision gives which takes another back
LAST = 100  # decisions of an editor among which the one to undo is looked for
PAUSE = timedelta(minutes=30)  # without a decision, after which another sitting begins


def decide_on(
    *,
    claim: Claim,
    kind: str,
    by: User,
    version: int,
    stage: str = "",
    because: str = "",
    reason: str = "",
    values: Mapping[str, Any] | None = None,
) -> Decision:
    """Decide on a claim that was read with `queued`, `place` and its version, as the reading that
    it now awaits of `by`; on one that awaits nobody, anew.

    Raises Held where another has been handed it; Outdated where the claim is not as it was read;
    ValidationError where it awaits another reading than `stage`, the one that was shown, and as
    `claims.review.decisions.decide` and `claims.review.second_reading` do.
    """
    row: QueuedClaim | None = getattr(claim, "queued", None)
    if row is not None and is_held(row, by=by):
        raise Held(row)
    if kind not in review.TRANSITIONS:
        raise ValidationError(gettext("There is no such decision."))
    reading = reading_of(claim, by=by)
    if stage and stage != reading:
        raise ValidationError(
            gettext("This claim has come to another reading meanwhile: look at it again.")
        )
    told: dict[str, Any] = {"reason": reason, "because": because, "values": values}
    if reading == Reading.SECOND:
        if claim.version != version:
            raise review.Outdated(claim)
        return second_reading.read_again(claim=claim, kind=kind, by=by, **told)
    if reading == Reading.ADJUDICATION:
        return second_reading.adjudicate(claim=claim, kind=kind, by=by, version=version, **told)
    return review.decide(claim=claim, kind=kind, by=by, version=version, **told)


def last_decision(by: User, *, claim: UUID | None = None) -> Decision | None:
    """What `by` decided last, or last on `claim`, and has not taken back: on one claim, not on
    many at once."""
    rows = Decision.objects.filter(by=by, batch=None).select_related("claim__place").order_by("-id")
    if claim is not None:
        rows = rows.filter(claim=claim)
    standing = _standing(reversed(rows[:LAST]))
    return standing[-1] if standing else None


def _standing(decisions: Iterable[Decision]) -> list[Decision]:
    """Those of an editor's decisions, the first first, that he has not taken back."""
    found: list[Decision] = []
    for decision in decisions:
        if not is_undo(decision):
            found.append(decision)
            continue
        of_claim = [one for one in found if one.claim_id == decision.claim_id]
        if of_claim:
            found.remove(of_claim[-1])
    return found


def is_undo(decision: Decision) -> bool:
    return decision.reason == UNDO and decision.kind in (Kind.RESTORE, Kind.REOPEN)


def undo(*, decision: Decision, by: User) -> Decision:
    """Take a decision of one's own back, of whatever reading, also where what was decided after
    it has been taken back already. Raises Outdated where the claim has changed otherwise since;
    ValidationError where the decision is another's, or one of many at once."""
    if decision.by != by or decision.batch_id is not None:
        raise ValidationError(gettext("Only your own decisions can be undone here, one by one."))
    claim = decision.claim
    later = list(claim.decisions.filter(pk__gt=decision.pk).order_by("id"))
    taken_back = all(one.by_id == by.pk for one in later) and not _standing(later)
    if decision.version is None or not later or not taken_back:
        return second_reading.undo(decision=decision, by=by)
    history = claim.events.filter(version__lt=decision.version)  # type: ignore[attr-defined]
    before = history.latest("pgh_id")
    return review.restore(
        claim=claim,
        event_id=before.pgh_id,
        by=by,
        version=claim.version,
        reason=UNDO,
        reading=decision.reading,
    )


@dataclass(frozen=True, slots=True)
class Done:
    """How many claims an editor has decided on: since the last long pause, and today."""

    sitting: int
    today: int


def done(*, by: User, now: datetime) -> Done:
    """Each claim counts once, and not if the decision was taken back. One query."""
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    since = min(midnight, now - timedelta(hours=12))
    rows = Decision.objects.filter(by=by, batch=None, at__gte=since).order_by("id")
    decided: dict[Any, datetime] = {}
    for decision in rows.only("claim_id", "kind", "reason", "at"):
        if is_undo(decision):
            decided.pop(decision.claim_id, None)
        else:
            decided[decision.claim_id] = decision.at
    return Done(
        sitting=_of_last_sitting(decided.values(), now),
        today=sum(at >= midnight for at in decided.values()),
    )


def _of_last_sitting(times: Iterable[datetime], now: datetime) -> int:
    count, after = 0, now
    for at in sorted(times, reverse=True):
        if after - at > PAUSE:
            break
        count, after = count + 1, at
    return count
