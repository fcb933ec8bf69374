"""Changes of towns' statuses: what each was before, and the claims that brought it about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import QuerySet

from claims.listed_claims import ListedClaim, listed
from claims.models import StatusInterval
from claims.on_day import changed
from claims.own_sides import own_sides, parties_called
from entities.models import Place, Side


@dataclass(frozen=True, slots=True)
class Change:
    """A town's status became another. `before` None: it is the town's first. `sides`: those of
    the town's conflict by key, or the parties themselves where it lies in none."""

    interval: StatusInterval
    before: StatusInterval | None
    deciding: tuple[ListedClaim, ...]
    sides: Mapping[str, Side]

    @property
    def place(self) -> Place:
        return self.interval.place

    @property
    def on(self) -> date:
        return self.interval.start

    @property
    def rests_on_pending(self) -> bool:
        """Whether a claim that no editor has verified yet is among the deciding ones."""
        return any(claim.pending for claim in self.deciding)


# Lists that nothing is told of, and that take the longest to read.
_NOT_TOLD = (
    *("divided", "word_days", "place__districts", "place__admin1_names"),
    "place__conflict__regions",
)


def changes(
    *,
    first: date | None = None,
    last: date | None = None,
    conflict: str = "",
    status: str = "",
    include_pending: bool = False,
) -> QuerySet[StatusInterval]:
    """The intervals with which towns' own statuses changed from `first` to `last`, the latest
    first; `status` is what they became."""
    found = changed(StatusInterval.objects.filter(include_pending=include_pending, part_label=""))
    if first:
        found = found.filter(start__gte=first)
    if last:
        found = found.filter(start__lte=last)
    if conflict:
        found = found.filter(place__conflict__slug=conflict)
    if status:
        found = found.filter(status=status)
    return (
        found.select_related("place__conflict")
        .defer(*_NOT_TOLD)
        .prefetch_related("place__conflict__sides")
        .order_by("-start", "place__name", "id")
    )


def told(intervals: Sequence[StatusInterval]) -> list[Change]:
    """These intervals, from `changes`, with what came before and what decided. Three queries."""
    before = _before(intervals)
    by_id = listed(id_ for interval in intervals for id_ in interval.deciding)
    alone = _sides_of_no_conflict([*intervals, *before.values()])
    return [
        Change(
            interval,
            before.get((interval.place_id, interval.start)),
            tuple(by_id[id_] for id_ in interval.deciding if id_ in by_id),
            _sides(interval.place, alone),
        )
        for interval in intervals
    ]


def _before(intervals: Sequence[StatusInterval]) -> dict[tuple[UUID, date | None], StatusInterval]:
    """The intervals that ended where these begin, by town and day."""
    found = StatusInterval.objects.order_by().filter(
        place__in={interval.place_id for interval in intervals},
        end__in={interval.start for interval in intervals},
        include_pending__in={interval.include_pending for interval in intervals},
        part_label="",
    )
    return {(interval.place_id, interval.end): interval for interval in found}


def _sides_of_no_conflict(intervals: Sequence[StatusInterval]) -> dict[str, Side]:
    actors = parties_called(key for interval in intervals for key in interval.sides)
    return own_sides(actors.values())


def _sides(place: Place, alone: Mapping[str, Side]) -> Mapping[str, Side]:
    if place.conflict is None:
        return alone
    return {side.key: side for side in place.conflict.sides.all()}
