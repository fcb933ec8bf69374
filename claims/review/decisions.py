"""What an editor does with a claim: one function, atomic, with its decision row and history.

Editors verify the reading (that the text says so), never that it is true. What follows for
towns' statuses is derived afterwards: the database notes which towns are due, and a worker is
woken.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import pghistory
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Field
from django.utils.translation import gettext

from claims.models import Batch, Claim, Decision
from claims.review.policies import follow
from claims.review.readings import readings
from sources.ingest import wake

Kind, Reading, State = Decision.Kind, Decision.Reading, Claim.State
DERIVE = "claims.tasks.derive_statuses"
# Each kind of decision: the states of a claim on which it can be taken, and what it makes.
DECIDED = (State.ACCEPTED, State.CORRECTED, State.REJECTED, State.UNVERIFIABLE)
TRANSITIONS = {
    Kind.ACCEPT: ((State.PENDING, State.REJECTED, State.UNVERIFIABLE), State.ACCEPTED),
    Kind.CORRECT: ((State.PENDING, *DECIDED), State.CORRECTED),
    Kind.REJECT: (
        (State.PENDING, State.ACCEPTED, State.CORRECTED, State.UNVERIFIABLE),
        State.REJECTED,
    ),
    Kind.UNVERIFIABLE: (
        (State.PENDING, State.ACCEPTED, State.CORRECTED, State.REJECTED),
        State.UNVERIFIABLE,
    ),
    Kind.REOPEN: (DECIDED, State.PENDING),
}
CORRECTABLE = (
    "place",
    "claimant",
    "speaker",
    "stance",
    "predicate",
    "subject",
    "extent",
    "part_words",
    "part_label",
    "asserted_on",
    "asserted_precision",
    "event_date",
    "event_precision",
)
RESTORABLE = (*CORRECTABLE, "state", "duplicate_of")


class Outdated(ValidationError):
    """The claim has changed since it was read. `claim` is as it now stands."""

    def __init__(self, claim: Claim) -> None:
        super().__init__(gettext("Somebody has changed this claim since you read it."))
        self.claim = claim


@transaction.atomic
def decide(
    *,
    claim: Claim,
    kind: str,
    by: User,
    version: int | None = None,
    reason: str = "",
    because: str = "",
    values: Mapping[str, Any] | None = None,
    batch: Batch | None = None,
    reading: str = Reading.FIRST,
    duplicate_of: Claim | None = None,
) -> Decision:
    """Record a decision and apply it; towns whose status it touches are derived soon after.

    `version` is the claim's as it was read: where the row has another by now, Outdated is
    raised. `values` holds a correction's new values by field, `duplicate_of` what a rejected
    claim repeats. Reopening takes corrections back; accepting a claim whose corrections still
    stand leaves it a corrected one. Raises ValidationError where the claim's state does not
    allow the decision, a rejection has no reason, or a correction changes nothing or breaks a
    rule of the codebook.
    """
    row = locked(claim, version)
    allowed, after = TRANSITIONS[Kind(kind)]
    reason = reason.strip()
    if row.state == State.SUPERSEDED:
        raise ValidationError("The claim is superseded: the text as now read does not hold it.")
    if row.state not in allowed:
        raise ValidationError(f"The claim is {row.state}: there is nothing to {kind}.")
    check_reason(kind, reason, because)
    changes = correct_values(row, values or {}) if kind == Kind.CORRECT else {}
    if kind == Kind.REOPEN:
        take_back(row, readings(row).changes)
    # Of a claim as it came in nobody has corrected anything.
    untouched = row.version == 1 and row.state == State.PENDING
    corrected = kind == Kind.ACCEPT and not untouched and readings(row).changes
    row.state = State.CORRECTED if corrected else after
    row.duplicate_of = duplicate_of if kind == Kind.REJECT else None
    decision = Decision(
        claim=row,
        kind=kind,
        reading=reading,
        because=because if kind == Kind.REJECT else "",
        reason=reason,
        changes=changes,
        batch=batch,
        by=by,
    )
    write(row, decision, checked=changes)
    take_over(claim, row)
    return decision


@transaction.atomic
def restore(
    *,
    claim: Claim,
    event_id: int,
    by: User,
    version: int | None = None,
    reason: str = "",
    batch: Batch | None = None,
    reading: str = Reading.FIRST,
) -> Decision:
    """Bring the claim back to the state that its history's row `event_id` has; `reading` is that
    of the decision which is so undone.

    Raises Outdated as `decide` does; ValidationError where the row is not of this claim, or
    the claim stands so already.
    """
    row = locked(claim, version)
    event = _history(row).filter(pgh_id=event_id).first()
    if event is None:
        raise ValidationError(gettext("The history of this claim has no such state."))
    if event.state == State.SUPERSEDED:
        raise ValidationError(gettext("The text as now read does not hold the claim so."))
    columns = _columns()
    then = {name: getattr(event, columns[name].attname) for name in RESTORABLE}
    changes = put_values(row, then)
    if not changes:
        raise ValidationError(gettext("The claim stands so already."))
    decision = Decision(
        claim=row,
        kind=Kind.RESTORE,
        reading=reading,
        reason=reason.strip(),
        changes=changes,
        batch=batch,
        by=by,
    )
    write(row, decision, checked=changes)
    claim.refresh_from_db()
    return decision


def undo(
    *, decision: Decision, by: User, batch: Batch | None = None, reason: str = "undo"
) -> Decision:
    """Bring the claim back to how it stood before `decision`, if nothing has changed it since.

    Raises Outdated where something has; ValidationError where the decision changed nothing.
    """
    if decision.version is None:
        raise ValidationError(gettext("This decision did not change the claim."))
    claim = decision.claim
    before = _history(claim).filter(version__lt=decision.version).order_by("-pgh_id").first()
    if before is None:
        raise ValidationError(gettext("How the claim stood before is not recorded."))
    return restore(
        claim=claim,
        event_id=before.pgh_id,
        by=by,
        version=decision.version,
        reason=reason,
        batch=batch,
        reading=decision.reading,
    )


def locked(claim: Claim, version: int | None) -> Claim:
    """The claim's row, which nobody else changes until the transaction ends. Raises Outdated
    where it has another version than `version`."""
    rows = Claim.objects.select_for_update(of=("self",))
    row = rows.select_related("place").get(pk=claim.pk)
    if version is not None and row.version != version:
        raise Outdated(row)
    return row


def check_reason(kind: str, reason: str, because: str) -> None:
    """Raises ValidationError where a rejection says neither by a word nor in words why."""
    if kind == Kind.REJECT and not reason and because in ("", Decision.Because.OTHER):
        raise ValidationError({"reason": "A rejection needs a reason."})


def take_over(claim: Claim, row: Claim) -> None:
    """Let the claim hold what its row now does, without reading it once more."""
    for field in Claim._meta.concrete_fields:
        setattr(claim, field.attname, getattr(row, field.attname))


def wake_derivation() -> None:
    """Have the towns derived that the transaction makes due, once it is committed."""
    transaction.on_commit(lambda: wake(DERIVE))


def write(row: Claim, decision: Decision, *, checked: Collection[str]) -> None:
    """Save the claim and the decision on it, and let it wait for another reader where its
    conflict's policy wants one. The fields `checked`, and what the row is with them, are checked
    first, for clear words; the database checks all in any case."""
    check_values(row, checked)
    before = row.version
    with pghistory.context(user=decision.by.pk, reason=str(decision.why) or decision.kind):
        row.save(update_fields=RESTORABLE)
        row.version = Claim.objects.values_list("version", flat=True).get(pk=row.pk)
        decision.version = row.version if row.version != before else None
        decision.save(force_insert=True)
    follow(row, decision)
    wake_derivation()


def check_values(row: Claim, names: Collection[str]) -> None:
    """Raises ValidationError where one of the fields, or the row with them, cannot be so."""
    if names:
        row.clean_fields(exclude=_columns().keys() - set(names))
        row.validate_constraints()


def _history(claim: Claim) -> Any:
    return claim.events.all()  # type: ignore[attr-defined]  # made by pghistory's decorator


def correct_values(row: Claim, values: Mapping[str, Any]) -> dict[str, list[Any]]:
    """Set a correction's values on the row, as `put_values` does. Raises ValidationError where a
    field is not to be corrected, or nothing changes."""
    if unknown := values.keys() - set(CORRECTABLE):
        raise ValidationError(f"Not to be corrected: {', '.join(sorted(unknown))}")
    changes = put_values(row, values)
    if not changes:
        raise ValidationError("The correction changes nothing: accept the claim instead.")
    return changes


def put_values(row: Claim, values: Mapping[str, Any]) -> dict[str, list[Any]]:
    """Set the values on the row; field → [before, after] of those that it did not have."""
    changes, columns = {}, _columns()
    for name, value in values.items():
        field = columns[name]
        before = field.value_to_string(row)
        by_id = field.is_relation and not hasattr(value, "pk")
        setattr(row, field.attname if by_id else name, value)
        after = field.value_to_string(row)
        if before != after:
            changes[name] = [before, after]
    return changes


def _columns() -> dict[str, Field[Any, Any]]:
    return {field.name: field for field in Claim._meta.concrete_fields}


def take_back(row: Claim, changes: Mapping[str, list[str]]) -> None:
    """Set the fields to what they held before the changes (field → [before, after])."""
    columns = _columns()
    for name, (before, _) in changes.items():
        field = columns[name]
        empty = before in ("", "None") and field.null
        setattr(row, field.attname, None if empty else field.to_python(before))
