"""Claims found where an earlier extraction found one that an editor had decided on.

A decided claim that is lost keeps its state. The new claim that stands in its place is offered
with that decision, so that nobody has to read the passage anew to decide alike.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from uuid import UUID

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext

from claims.models import Claim, Decision, Evidence
from claims.review.decisions import DECIDED, decide, locked
from claims.review.readings import readings

Kind, State = Decision.Kind, Claim.State
_KINDS = {
    State.ACCEPTED: Kind.ACCEPT,
    State.CORRECTED: Kind.CORRECT,
    State.REJECTED: Kind.REJECT,
    State.UNVERIFIABLE: Kind.UNVERIFIABLE,
}
Spans = list[tuple[int, int]]
Likeness = tuple[bool, bool, int, int]  # the greater, the likelier in the other's place


def replace_lost(lost: Sequence[Claim], found: Iterable[Claim]) -> list[tuple[Claim, Claim]]:
    """Let pending claims among `found` say that they stand in the place of decided ones among
    `lost`, one for one, the likeliest first; returns the pairs. One that is found again is
    replaced no more. Call it in the transaction of the extraction."""
    pending = [claim for claim in found if claim.state == State.PENDING]
    still = {claim.id for claim in lost}
    for claim in pending:
        if claim.replaces_id is not None and claim.replaces_id not in still:
            claim.replaces = None
            claim.save(update_fields=["replaces"])
    taken = {claim.replaces_id for claim in pending} - {None}
    free = [claim for claim in pending if claim.replaces_id is None]
    open_ = [claim for claim in lost if claim.id not in taken and claim.duplicate_of_id is None]
    if not open_ or not free:
        return []
    pairs = pair(open_, free)
    for old, new in pairs:
        new.replaces = old
        new.save(update_fields=["replaces"])
    return pairs


def pair(gone: Sequence[Claim], found: Sequence[Claim]) -> list[tuple[Claim, Claim]]:
    """Each of `gone` with the one of `found` that stands in its place, if any does; the likeliest
    first. One query."""
    spans = _spans([*gone, *found])
    likely = sorted(
        (
            (likeness, old.id, new.id)
            for old in gone
            for new in found
            if (likeness := _likeness(old, new, spans)) is not None
        ),
        reverse=True,
    )
    olds, news = {one.id: one for one in gone}, {one.id: one for one in found}
    pairs = []
    for _, old, new in likely:
        if old in olds and new in news:
            pairs.append((olds.pop(old), news.pop(new)))
    return pairs


def _likeness(old: Claim, new: Claim, spans: dict[UUID, Spans]) -> Likeness | None:
    """Their passages have to overlap, and either to say the same (stance and predicate) or to be
    about the same town. Both count for more than the first, that for more than the second, then
    other fields that are the same, then the length of the overlap."""
    shared = _overlap(spans[old.id], spans[new.id])
    says = (old.stance, old.predicate) == (new.stance, new.predicate)
    town = old.place_id == new.place_id
    if not shared or not (says or town):
        return None
    same = sum(
        getattr(old, name) == getattr(new, name)
        for name in ("claimant_id", "subject_id", "asserted_on", "event_date", "part_label")
    )
    return says and town, says, same, shared


def _overlap(one: Spans, other: Spans) -> int:
    """Characters that both cover."""
    return sum(
        max(0, min(end, last) - max(start, first)) for start, end in one for first, last in other
    )


def _spans(claims: Iterable[Claim]) -> dict[UUID, Spans]:
    found: dict[UUID, Spans] = defaultdict(list)
    for claim, start, end in Evidence.objects.filter(claim__in=list(claims)).values_list(
        "claim", "start", "end"
    ):
        found[claim].append((start, end))
    return found


def earlier_decision(claim: Claim) -> Decision | None:
    """The decision that stands on the claim that this one replaces: whether it was accepted,
    corrected, rejected or found unverifiable. None where it replaces none. Two queries."""
    if claim.replaces is None:
        return None
    first = readings(claim.replaces)
    reading = first.adjudication or first.first
    return reading.decision if reading else None


@transaction.atomic
def take_over(*, claim: Claim, by: User, version: int | None = None) -> Decision:
    """Decide on `claim` as was decided on the one that it replaces: corrections are made again
    where the new one differs, and one that counts goes, as a duplicate of this one.

    Raises ValidationError where it replaces none, or one whose decision does not stand any
    more; Outdated and ValidationError as `claims.review.decisions.decide` does.
    """
    row = locked(claim, version)
    if row.replaces is None:
        raise ValidationError(gettext("This claim stands in no other’s place."))
    old = locked(row.replaces, None)
    earlier = earlier_decision(row)
    if earlier is None or old.state not in DECIDED:
        raise ValidationError(gettext("No decision stands on the claim that this one replaces."))
    who = {"user": earlier.by.get_username()}
    told = gettext("as decided by %(user)s before the text was read again") % who
    decision = _alike(row, old, earlier, told, by)
    if old.state in Claim.VERIFIED and decision.kind in (Kind.ACCEPT, Kind.CORRECT):
        # Both would count: the town would have the same word twice.
        decide(
            claim=old,
            kind=Kind.REJECT,
            by=by,
            because=Decision.Because.DUPLICATE,
            duplicate_of=row,
        )
    claim.refresh_from_db()
    return decision


def _alike(row: Claim, old: Claim, earlier: Decision, told: str, by: User) -> Decision:
    kind = _KINDS[State(old.state)]
    if kind == Kind.CORRECT:
        names = readings(old).changes
        columns = {field.name: field.attname for field in Claim._meta.concrete_fields}
        values = {
            name: getattr(old, columns[name])
            for name in names
            if getattr(old, columns[name]) != getattr(row, columns[name])
        }
        if values:
            return decide(claim=row, kind=Kind.CORRECT, by=by, reason=told, values=values)
        kind = Kind.ACCEPT
    because = earlier.because if kind == Kind.REJECT else ""
    reason = f"{earlier.reason} ({told})" if earlier.reason else told
    return decide(claim=row, kind=kind, by=by, reason=reason, because=because)
