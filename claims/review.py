"""What an editor does with a claim: one function, atomic, with its decision row and history.

Editors verify the reading (that the text says so), never that it is true.
"""

from __future__ import annotations

from typing import Any

import pghistory
from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.db import transaction

from claims.derive import derive
from claims.models import Claim, Decision

Kind = Decision.Kind
STATE_AFTER = {
    Kind.ACCEPT: Claim.State.ACCEPTED,
    Kind.CORRECT: Claim.State.CORRECTED,
    Kind.REJECT: Claim.State.REJECTED,
    Kind.UNVERIFIABLE: Claim.State.UNVERIFIABLE,
    Kind.REOPEN: Claim.State.PENDING,
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
    by: AbstractBaseUser,
    reason: str = "",
    values: dict[str, Any] | None = None,
) -> Decision:
    """Record a decision, apply it, and derive the statuses of the towns that it touches.

    `values` holds a correction's new values by field. Reopening takes corrections back.
    Raises ValidationError where a rejection has no reason, a correction changes nothing or
    breaks a rule of the codebook, or the claim was superseded.
    """
    row = Claim.objects.select_for_update(of=("self",)).get(pk=claim.pk)
    reason = reason.strip()
    if row.state == Claim.State.SUPERSEDED:
        raise ValidationError("The claim is superseded: the text as now read does not hold it.")
    if kind == Kind.REJECT and not reason:
        raise ValidationError({"reason": "A rejection needs a reason."})
    places = {row.place_id}
    if kind == Kind.CORRECT:
        changes = _correct(row, values or {})
    else:
        changes = {}
        if kind == Kind.REOPEN:
            _take_back(row)
    row.state = STATE_AFTER[Kind(kind)]
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
    changes = {}
    for name, value in values.items():
        field = Claim._meta.get_field(name)
        before = field.value_to_string(row)
        setattr(row, name, value)
        after = field.value_to_string(row)
        if before != after:
            changes[name] = [before, after]
    if not changes:
        raise ValidationError("The correction changes nothing: accept the claim instead.")
    return changes


def _take_back(row: Claim) -> None:
    """Undo corrections made since the claim was last reopened, the latest first."""
    for decision in row.decisions.order_by("-at", "-id"):
        if decision.kind == Kind.REOPEN:
            break
        for name, (before, _) in decision.changes.items():
            field = Claim._meta.get_field(name)
            empty = before in ("", "None") and field.null
            setattr(row, field.attname, None if empty else field.to_python(before))
