"""Towns as they stood on a day, with all that is known now: what the list of towns and the map
show, read from the kept intervals."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple, TypedDict
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import (
    BooleanField,
    Count,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
)
from django.db.models.functions import Coalesce
from django.urls import reverse

from claims.models import Claim, StatusInterval
from claims.statements import Among, Given, Statement
from claims.status.records import Status
from entities.models import Place, Side

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

    class OnDay(TypedDict):
        """What `towns_on` adds to a place."""

        live_claims: int
        pending_claims: int
        status_now: str | None
        status_since: date | None
        verified_now: str | None
        now: list[StatusInterval]
        now_with_pending: list[StatusInterval]
        changes: list[StatusInterval]
        changes_with_pending: list[StatusInterval]

    TownOnDay = WithAnnotations[Place, OnDay]
else:
    TownOnDay = Place

Day = date | Given


class ToldInterval(NamedTuple):
    """An interval as lists tell of it, with the fields of `StatusInterval` in this order."""

    id: UUID
    start: date
    status: Status
    sides: Sequence[str]
    by_own_word: bool
    word_days: Sequence[tuple[date, date]]
    deciding: Sequence[UUID]

    def last_word_by(self, day: date) -> date | None:
        """As `StatusInterval.last_word_by`."""
        said = [last for since, last in self.word_days if since <= day]
        return said[-1] if said else None


@dataclass(slots=True)
class ListedTown:
    """A place with what lists show of it on a day: its numbers of claims made by then; the interval
    of the day, if any, from verified claims (`now`) and with pending ones; and the two last that
    began with other words than the one before, the last one first. `sides`: those of its conflict
    by key, once they are known."""

    id: UUID
    name: str
    slug: str
    short_id: str
    admin1: str
    country: str
    latitude: float | None
    conflict_id: UUID | None
    live_claims: int
    pending_claims: int
    now: list[ToldInterval] = field(default_factory=list)
    changes: list[ToldInterval] = field(default_factory=list)
    now_with_pending: list[ToldInterval] = field(default_factory=list)
    changes_with_pending: list[ToldInterval] = field(default_factory=list)
    sides: Mapping[str, Side] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """As that of `Place`."""
        return reverse("town", args=[self.slug, self.short_id])


@dataclass(frozen=True, slots=True)
class TownList:
    """Places of `towns_on` in some order, of which a part is read as `on_day` gives it.
    `by_change`: all of them, the last to change first, which seldom takes the statement of
    `places`: that is made where it is asked for."""

    places: Callable[[], QuerySet[Any]]
    day: date
    include_pending: bool
    by_change: bool = False

    def count(self) -> int:
        return _TOLD_OF.count(day=self.day) if self.by_change else self.places().count()

    def __getitem__(self, part: slice) -> list[ListedTown]:
        ids = None
        if self.by_change:
            ids = latest_changed(self.day, part.stop, include_pending=self.include_pending)
        if ids is None:
            places = self.places().prefetch_related(None)
            ids = list(places.values_list("pk", flat=True)[: part.stop])
        return on_day(ids[part.start :], self.day, include_pending=self.include_pending)


def newest_day(conflict: str = "") -> date | None:
    """The day on which the newest claim, of a conflict or of all, was made; None without any."""
    rows = _NEWEST_OF.rows(conflict=conflict) if conflict else _NEWEST.rows()
    return rows[0][0] if rows else None


_NEWEST = Statement(
    lambda: Claim.objects.live().order_by("-asserted_on").values_list("asserted_on")[:1]
)
_NEWEST_OF = Statement(
    lambda: (
        Claim.objects.live()
        .filter(place__conflict__slug=Given("conflict"))
        .order_by("-asserted_on")
        .values_list("asserted_on")[:1]
    )
)


def told_of(day: Day) -> QuerySet[Place]:
    """Places about which something had been claimed by `day`, or whose status had begun."""
    begun = StatusInterval.objects.filter(part_label="", start__lte=day, place=OuterRef("pk"))
    claimed = Claim.objects.live().filter(asserted_on__lte=day, place=OuterRef("pk"))
    # In this order: where most have a status, few are looked for among the claims.
    return Place.objects.filter(Exists(begun) | Exists(claimed))


def towns_on(day: date, *, include_pending: bool = False) -> QuerySet[TownOnDay]:
    """The places that are `told_of`.

    Each has its numbers of `live_claims` and `pending_claims` made by that day, and its status
    then as `status_now` and `status_since`, from verified claims or with pending ones
    (None: nothing follows); `verified_now` from verified claims in any case. `now` and
    `now_with_pending` hold the interval of the day, if any, from verified claims and with
    pending ones; `changes` and `changes_with_pending` the two last that began with other words
    than the one before.
    """
    begun = StatusInterval.objects.filter(part_label="", start__lte=day)
    verified, with_pending = begun.filter(include_pending=False), begun.filter(include_pending=True)
    here = changed(with_pending if include_pending else verified).filter(place=OuterRef("pk"))
    claimed = Claim.objects.live().filter(place=OuterRef("pk"), asserted_on__lte=day)
    return (
        told_of(day)
        .select_related("conflict")
        .annotate(
            live_claims=_count(claimed),
            pending_claims=_count(claimed.filter(state=Claim.State.PENDING)),
            status_now=Subquery(here.order_by("-start").values("status")[:1]),
            status_since=Subquery(here.order_by("-start").values("start")[:1]),
            verified_now=Subquery(
                in_force(verified, day).filter(place=OuterRef("pk")).values("status")[:1]
            ),
        )
        .prefetch_related(
            "conflict__sides",
            Prefetch("intervals", in_force(verified, day), to_attr="now"),
            Prefetch("intervals", in_force(with_pending, day), to_attr="now_with_pending"),
            Prefetch("intervals", _last_two(verified), to_attr="changes"),
            Prefetch("intervals", _last_two(with_pending), to_attr="changes_with_pending"),
        )
    )


_TOLD_OF = Statement(lambda: told_of(Given("day")).values_list("pk"))


def _count(claims: QuerySet[Claim]) -> Coalesce:
    """Counted town by town: a join would group all claims, to show fifty towns."""
    counted = claims.order_by().values("place").annotate(n=Count("*")).values("n")
    return Coalesce(Subquery(counted), 0)


def in_force(intervals: QuerySet[StatusInterval], day: Day) -> QuerySet[StatusInterval]:
    return intervals.filter(Q(end__isnull=True) | Q(end__gt=day), start__lte=day)


def changed(intervals: QuerySet[StatusInterval]) -> QuerySet[StatusInterval]:
    """Those before which the same town's status was another in words, or none: a new deciding
    claim begins an interval, but is no change."""
    wordless = Q(status__in=["contested", "unknown"])  # of sides
    before = StatusInterval.objects.annotate(
        same_sides=ExpressionWrapper(
            wordless | Q(sides=OuterRef("sides"), by_own_word=OuterRef("by_own_word")),
            output_field=BooleanField(),
        )
    ).filter(
        place=OuterRef("place"),
        include_pending=OuterRef("include_pending"),
        part_label=OuterRef("part_label"),
        end=OuterRef("start"),
        status=OuterRef("status"),
        same_sides=True,
    )
    return intervals.exclude(Exists(before))


def on_day(ids: Sequence[UUID], day: date, *, include_pending: bool = False) -> list[ListedTown]:
    """These places in the order of their ids: of towns with a status from verified claims, and
    without `include_pending`, nothing from pending ones. Two queries of each kind, however many
    places."""
    rows = _LISTED.rows(ids=list(ids), day=day)
    places = {row[0]: ListedTown(*row[:-2]) for row in rows}
    verified = _intervals_of({row[0]: row[-2:] for row in rows})
    also = [id_ for id_ in places if include_pending or not verified[id_][0]]
    found = _WITH_PENDING.rows(ids=also, day=day)
    pending = _intervals_of({row[0]: row[-2:] for row in found})
    for id_, place in places.items():
        place.now, place.changes = verified[id_]
        place.now_with_pending, place.changes_with_pending = pending.get(id_, ([], []))
    return [places[id_] for id_ in ids if id_ in places]


def _listed() -> QuerySet[Any, Any]:
    """The columns of `ListedTown` up to its intervals, and those that `_with_intervals` adds."""
    claimed = Claim.objects.live().filter(place=OuterRef("pk"), asserted_on__lte=Given("day"))
    return (
        _with_intervals(include_pending=False)
        .annotate(
            live_claims=_count(claimed),
            pending_claims=_count(claimed.filter(state=Claim.State.PENDING)),
        )
        .values_list(
            *("id", "name", "slug", "short_id", "admin1", "country", "latitude", "conflict_id"),
            *("live_claims", "pending_claims", "now_ids", "change_ids"),
        )
    )


def _with_intervals(*, include_pending: bool) -> QuerySet[Any]:
    """The places with the ids of their intervals on the day, and of the two with which they last
    changed: by an index each. A prefetched list of the last two of each numbered all intervals of
    a place."""
    day = Given("day")
    begun = StatusInterval.objects.filter(
        part_label="", start__lte=day, place=OuterRef("pk"), include_pending=include_pending
    )
    places = Place.objects.filter(Among(F("pk"), Given("ids"))).order_by()
    return places.annotate(
        now_ids=ArraySubquery(in_force(begun, day).order_by().values("pk")),
        change_ids=ArraySubquery(_last_two(begun).values("pk")),
    )


_LISTED = Statement(_listed)
_WITH_PENDING = Statement(
    lambda: _with_intervals(include_pending=True).values_list("id", "now_ids", "change_ids")
)
_INTERVALS = Statement(
    lambda: (
        StatusInterval.objects.filter(Among(F("pk"), Given("ids")))
        .order_by()
        .values_list(*ToldInterval._fields)
    )
)

Intervals = tuple[list[ToldInterval], list[ToldInterval]]


def _intervals_of(ids: Mapping[UUID, Sequence[Sequence[UUID]]]) -> dict[UUID, Intervals]:
    """By place what the ids mean of its intervals of the day, and of those that it changed with."""
    wanted = {id_ for of_place in ids.values() for some in of_place for id_ in some}
    rows = map(ToldInterval._make, _INTERVALS.rows(ids=list(wanted)))
    told = {one.id: one for one in rows}
    return {
        place: ([told[id_] for id_ in now], [told[id_] for id_ in changes])
        for place, (now, changes) in ids.items()
    }


def latest_changed(day: date, number: int, *, include_pending: bool = False) -> list[UUID] | None:
    """The places whose statuses were the last to change by `day`, the latest first, then by name;
    `number` of them, or None where few statuses have begun by then.

    To find every town's last change, and to sort all towns by it, takes the longer the more towns
    there are (1,000: 137 ms on a busy machine, 4,560 intervals and what was before each). Of the
    last intervals that began, four for each place that is wanted, with all others of the first of
    these days, it takes the same in any world; where that is too few, twenty.
    """
    given = {"day": day, "include_pending": include_pending}
    for reach in (4 * number, 20 * number):
        first = _first_of_last(reach).rows(**given)
        if not first:
            return None
        rows = _LATEST.rows(first=first[0][0], **given)
        found = list(dict.fromkeys(place for (place,) in rows))
        if len(found) >= number:
            return found[:number]
    return None


def _begun() -> QuerySet[StatusInterval]:
    return StatusInterval.objects.filter(
        part_label="", start__lte=Given("day"), include_pending=Given("include_pending")
    )


@lru_cache
def _first_of_last(number: int) -> Statement:
    """The first day of as many of the last intervals that began."""
    starts = _begun().order_by("-start").values_list("start")
    return Statement(lambda: starts[number : number + 1])


_LATEST = Statement(
    lambda: (
        changed(_begun().filter(start__gte=Given("first")))
        .order_by("-start", "place__name", "place_id")
        .values_list("place_id")
    )
)


def _last_two(intervals: QuerySet[StatusInterval]) -> QuerySet[StatusInterval]:
    return changed(intervals).order_by(F("start").desc())[:2]
