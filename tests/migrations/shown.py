"""What the application reads of a database: compared before a landing and after migrating."""

from __future__ import annotations

from typing import Any

from claims.models import Claim
from claims.timeline import timeline, towns


def shown() -> dict[str, Any]:
    """Towns with their verified statuses, claims with their history, and decisions."""
    return {
        "towns": {
            place.name: [
                f"{band.start} {band.text()} by rule {band.rule}"
                for band in timeline(place).verified.bands
            ]
            for place in towns().order_by("name")
        },
        "claims": [_claim(claim) for claim in Claim.objects.order_by("id")],
    }


def _claim(claim: Claim) -> dict[str, Any]:
    return {
        "id": str(claim.id),
        "town": claim.place.name,
        "claimant": claim.claimant and claim.claimant.name,
        "subject": claim.subject and claim.subject.name,
        "stance": claim.stance,
        "predicate": claim.predicate,
        "state": claim.state,
        "asserted_on": str(claim.asserted_on),
        "quotes": [evidence.quote for evidence in claim.evidence.order_by("start")],
        "decisions": [
            [decision.kind, decision.reason]
            for decision in claim.decisions.order_by("at", "id").select_related("by")
        ],
        "history": _history(claim),
    }


def _history(claim: Claim) -> list[str]:
    """The states in which the claim was, from the first on."""
    # The model of the rows that triggers write is made by a decorator, which hides its type.
    events = Claim._meta.get_field("events").related_model
    rows = events._default_manager.filter(pgh_obj_id=claim.pk)
    return list(rows.order_by("pgh_id").values_list("state", flat=True))
