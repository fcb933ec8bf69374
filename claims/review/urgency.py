"""Why a claim should be read before others: what follows from it, and who says otherwise.

Told when a town is derived, and kept with the town's claims in the queue. A row of the queue that
is being handed out or decided on at that moment is passed over, never waited for: whoever decides
on claims has their rows locked and may be about to wait for this very derivation.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.db.models import Case, Value, When

from claims.models import QueuedClaim, StatusInterval
from claims.status.records import StatusActor, StatusClaim
from claims.status.relations import relate


@dataclass(frozen=True, slots=True)
class Urgency:
    """Of some towns' claims, the ids of those that matter for a status, and of the contradicted
    ones."""

    decides: set[UUID] = field(default_factory=set)
    disputed: set[UUID] = field(default_factory=set)

    def add(
        self,
        intervals: Iterable[StatusInterval],
        claims: Iterable[StatusClaim],
        actors: Mapping[str, StatusActor],
    ) -> None:
        """Take in a town: its intervals, and all of its claims that stand."""
        self.decides.update(deciding(intervals))
        self.disputed.update(contradicted(claims, actors))


@dataclass(frozen=True, slots=True)
class Waiting:
    """A row of the queue, as it says now."""

    claim: UUID
    decides: bool
    disputed: bool


def waiting(places: Collection[UUID]) -> dict[UUID, list[Waiting]]:
    """What waits, by town. One query."""
    found: dict[UUID, list[Waiting]] = defaultdict(list)
    rows = QueuedClaim.objects.filter(claim__place__in=places).order_by()
    values = rows.values_list("claim__place", "pk", "decides", "disputed")
    for place, claim, decides, disputed in values:
        found[place].append(Waiting(claim, decides, disputed))
    return found


def deciding(intervals: Iterable[StatusInterval]) -> set[UUID]:
    """The claims of one town by which a status stands, or would if they were verified: those
    that bring about an interval of the verified bands, or one of the bands with pending claims
    that the verified ones do not have."""
    rows = list(intervals)
    stands = {_status(row) for row in rows if not row.include_pending}
    return {
        claim
        for row in rows
        if not row.include_pending or _status(row) not in stands
        for claim in row.deciding
    }


def _status(row: StatusInterval) -> tuple[object, ...]:
    """What of a status a reader would see change."""
    return row.part_label, row.start, row.status, tuple(row.sides)


def contradicted(claims: Iterable[StatusClaim], actors: Mapping[str, StatusActor]) -> set[UUID]:
    """The claims of one town that another's contradict, and those that contradict them; also
    where only another report of the same statement is the one that was answered."""
    found = relate(claims, actors)
    ends = {id_ for one in found if one.kind == "denies" for id_ in (one.from_claim, one.to_claim)}
    carried = {one.from_claim for one in found if one.why == "carried" and one.to_claim in ends}
    return {UUID(id_) for id_ in ends | carried}


def write(rows: Mapping[UUID, Sequence[Waiting]], urgency: Urgency) -> set[UUID]:
    """Make the towns' rows of the queue say so: none or two queries. Returns the towns of which
    a row that says otherwise was passed over."""
    differing = {
        row.claim: place
        for place, ones in rows.items()
        for row in ones
        if (row.decides, row.disputed)
        != (row.claim in urgency.decides, row.claim in urgency.disputed)
    }
    if not differing:
        return set()
    locked = QueuedClaim.objects.select_for_update(skip_locked=True, no_key=True).order_by()
    free = set(locked.filter(pk__in=differing).values_list("pk", flat=True))
    QueuedClaim.objects.filter(pk__in=free).update(
        decides=_among(free & urgency.decides), disputed=_among(free & urgency.disputed)
    )
    return {place for claim, place in differing.items() if claim not in free}


def _among(claims: set[UUID]) -> Case:
    return Case(When(pk__in=claims, then=Value(True)), default=Value(False))
