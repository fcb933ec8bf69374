"""Changes of towns' statuses: what each was before, and the claims that brought it about."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple
from uuid import UUID

from django.db.models import F, QuerySet
from django.urls import reverse

from claims.listed_claims import ListedClaim, listed
from claims.models import StatusInterval
from claims.on_day import changed
from claims.own_sides import own_sides, parties_called, sides_of_conflicts
from claims.statements import Among, Given, Statement
from claims.status.records import Status
from entities.models import Place, Side


class ChangedTown(NamedTuple):
    """A place as lists of changes tell of it, with the fields of `Place`."""

    id: UUID
    name: str
    slug: str
    short_id: str
    admin1: str
    country: str
    conflict_id: UUID | None

    def get_absolute_url(self) -> str:
        """As that of `Place`."""
        return reverse("town", args=[self.slug, self.short_id])


class ChangedInterval(NamedTuple):
    """An interval of `changes` as plain values, with the fields of `StatusInterval`; `of_day`: how
    many changes its day has, `of_all`: how many there are in all, on this page of a list or
    another."""

    place_id: UUID
    include_pending: bool
    start: date
    status: Status
    sides: Sequence[str]
    by_own_word: bool
    rule: int
    deciding: Sequence[UUID]
    of_day: int
    of_all: int
    place: ChangedTown


class Before(NamedTuple):
    """What a town's status was."""

    status: Status
    sides: Sequence[str]
    by_own_word: bool


Interval = StatusInterval | ChangedInterval


@dataclass(frozen=True, slots=True)
class Change:
    """A town's status became another. `before` None: it is the town's first. `sides`: those of
    the town's conflict by key, or the parties themselves where it lies in none."""

    interval: Interval
    before: Before | None
    deciding: tuple[ListedClaim, ...]
    sides: Mapping[str, Side]

    @property
    def place(self) -> Place | ChangedTown:
        return self.interval.place

    @property
    def on(self) -> date:
        return self.interval.start

    @property
    def rests_on_pending(self) -> bool:
        """Whether a claim that no editor has verified yet is among the deciding ones."""
        return any(claim.pending for claim in self.deciding)


# Lists that nothing is told of, and that take the longest to read.
_NOT_TOLD = ("divided", "word_days", "place__districts", "place__admin1_names")


def changes(
    *,
    first: date | Given | None = None,
    last: date | Given | None = None,
    conflict: str | Given = "",
    status: str | Given = "",
    include_pending: bool | Given = False,
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
    return found.select_related("place").defer(*_NOT_TOLD).order_by("-start", "place__name", "id")


def told(intervals: Sequence[Interval]) -> list[Change]:
    """These intervals, from `changes`, with what came before and what decided. Three queries, four
    where a town is in no conflict."""
    before = _before(intervals)
    by_id = listed(id_ for interval in intervals for id_ in interval.deciding)
    by_conflict = sides_of_conflicts() if intervals else {}
    alone = _sides_of_no_conflict(intervals, before)
    return [
        Change(
            interval,
            before.get((interval.place_id, interval.start)),
            tuple(by_id[id_] for id_ in interval.deciding if id_ in by_id),
            alone
            if (conflict := interval.place.conflict_id) is None
            else by_conflict.get(conflict, {}),
        )
        for interval in intervals
    ]


def _before(intervals: Sequence[Interval]) -> dict[tuple[UUID, date], Before]:
    """The intervals that ended where these begin, by town and day."""
    rows = _ENDED.rows(
        places=list({interval.place_id for interval in intervals}),
        days=list({interval.start for interval in intervals}),
        pending=list({interval.include_pending for interval in intervals}),
    )
    return {(place, end): Before(*told) for place, end, *told in rows}


_ENDED = Statement(
    lambda: (
        StatusInterval.objects.filter(
            Among(F("place"), Given("places")),
            Among(F("end"), Given("days")),
            Among(F("include_pending"), Given("pending")),
            part_label="",
        )
        .order_by()
        .values_list("place_id", "end", *Before._fields)
    )
)


def _sides_of_no_conflict(
    intervals: Iterable[Interval], before: Mapping[tuple[UUID, date], Before]
) -> dict[str, Side]:
    alone = [interval for interval in intervals if interval.place.conflict_id is None]
    also = (before.get((interval.place_id, interval.start)) for interval in alone)
    keys = {key for one in (*alone, *also) if one for key in one.sides}
    return own_sides(parties_called(keys).values())
