"""What an editor does with a claim: one function, atomic, with its decision row and history.

Editors verify the reading (that the text says so), never that it is true.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import pghistory
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Field

from claims.derive import derive
from claims.models import Claim, Decision

Kind, State = Decision.Kind, Claim.State
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


@transaction.atomic
def decide(
    *,
    claim: Claim,
    kind: str,
    by: User,
    reason: str = "",
    values: dict[str, Any] | None = None,
) -> Decision:
    """Record a decision, apply it, and derive the statuses of the towns that it touches.

    `values` holds a correction's new values by field. Reopening takes corrections back;
    accepting a claim whose corrections still stand leaves it a corrected one. Raises
    ValidationError where the claim's state does not allow the decision, a rejection has no
    reason, or a correction changes nothing or breaks a rule of the codebook.
    """
    row = Claim.objects.select_for_update(of=("self",)).get(pk=claim.pk)
    allowed, after = TRANSITIONS[Kind(kind)]
    reason = reason.strip()
    if row.state == State.SUPERSEDED:
        raise ValidationError("The claim is superseded: the text as now read does not hold it.")
    if row.state not in allowed:
        raise ValidationError(f"The claim is {row.state}: there is nothing to {kind}.")
    if kind == Kind.REJECT and not reason:
        raise ValidationError({"reason": "A rejection needs a reason."})
    places = {row.place_id}
    changes = _correct(row, values or {}) if kind == Kind.CORRECT else {}
    standing = list(_standing_corrections(row))
    if kind == Kind.REOPEN:
        _take_back(row, standing)
    row.state = State.CORRECTED if kind == Kind.ACCEPT and standing else after
    row.full_clean(validate_unique=False)
    with pghistory.context(user=by.pk, reason=reason or kind):
        row.save()
        decision = Decision.objects.create(
            claim=row, kind=kind, reason=reason, changes=changes, by=by
        )
    derive(places | {row.place_id})
    claim.refresh_from_db()
    return decision


def _correct(row: Claim, values: dict[str, Any]) -> dict[str, list[Any]]:
    if unknown := values.keys() - set(CORRECTABLE):
        raise ValidationError(f"Not to be corrected: {', '.join(sorted(unknown))}")
    changes, columns = {}, _columns()
    for name, value in values.items():
        field = columns[name]
        before = field.value_to_string(row)
        setattr(row, name, value)
        after = field.value_to_string(row)
        if before != after:
            changes[name] = [before, after]
    if not changes:
        raise ValidationError("The correction changes nothing: accept the claim instead.")
    return changes


def _columns() -> dict[str, Field[Any, Any]]:
    return {field.name: field for field in Claim._meta.concrete_fields}


def _standing_corrections(row: Claim) -> Iterator[Decision]:
    """Corrections made since the claim was last reopened, the latest first."""
    for decision in row.decisions.order_by("-at", "-id"):
        if decision.kind == Kind.REOPEN:
            return
        if decision.kind == Kind.CORRECT:
            yield decision


def _take_back(row: Claim, corrections: Iterable[Decision]) -> None:
    columns = _columns()
    for decision in corrections:
        for name, (before, _) in decision.changes.items():
            field = columns[name]
            empty = before in ("", "None") and field.null
            setattr(row, field.attname, None if empty else field.to_python(before))
