"""The relations between a town's claims: rows in, the pure function applied, rows out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from claims.derive import for_status, status_actors, status_claim
from claims.models import Claim
from claims.status.relations import Relation, relate
from entities.models import Place


@dataclass(frozen=True, slots=True)
class Related:
    """A relation with the rows of its claims: `said` is the later one, `before` the earlier."""

    relation: Relation
    said: Claim
    before: Claim

    def other(self, claim: Claim) -> Claim:
        """The one of the two that is not `claim`."""
        return self.before if self.said == claim else self.said


def live_claims(place: Place) -> tuple[Claim, ...]:
    """A town's claims that stand, by day, in a constant number of queries."""
    return tuple(
        for_status().live().filter(place=place).order_by("asserted_on", "document__published", "id")
    )


def in_order(claim: Claim) -> tuple[object, datetime, UUID]:
    """Where `claim` stands among `live_claims`, whatever its state."""
    return claim.asserted_on, claim.document.published, claim.pk


def related(claims: Sequence[Claim]) -> tuple[Related, ...]:
    """The relations between one town's claims (from `live_claims`), the latest last."""
    rows = {str(claim.id): claim for claim in claims}
    found = relate([status_claim(claim) for claim in claims], status_actors(claims))
    return tuple(Related(item, rows[item.from_claim], rows[item.to_claim]) for item in found)


def related_to(claim: Claim, claims: Sequence[Claim]) -> tuple[Related, ...]:
    """Those of `claim`'s own relations, both ways; none where it does not stand."""
    return tuple(item for item in related(claims) if claim in (item.said, item.before))
