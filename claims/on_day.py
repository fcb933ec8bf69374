"""Towns as they stood on a day, with all that is known now: what the list of towns and the map
show, read from the kept intervals."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, TypedDict
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import (
    BooleanField,
    Count,
    Exists,
    ExpressionWrapper,
    F,
    Max,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
)
from django.db.models.functions import Coalesce

from claims.models import Claim, StatusInterval
from entities.models import Place

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
        return (told_of(self.day) if self.by_change else self.places()).count()

    def __getitem__(self, part: slice) -> list[TownOnDay]:
        ids = None
        if self.by_change:
            ids = latest_changed(self.day, part.stop, include_pending=self.include_pending)
        if ids is None:
            places = self.places().prefetch_related(None)
            ids = list(places.values_list("pk", flat=True)[: part.stop])
        return on_day(ids[part.start :], self.day, include_pending=self.include_pending)


def newest_day(conflict: str = "") -> date | None:
    """The day on which the newest claim, of a conflict or of all, was made; None without any."""
    claims = Claim.objects.live()
    if conflict:
        claims = claims.filter(place__conflict__slug=conflict)
    newest: date | None = claims.aggregate(day=Max("asserted_on"))["day"]
    return newest


def told_of(day: date) -> QuerySet[Place]:
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


def _count(claims: QuerySet[Claim]) -> Coalesce:
    """Counted town by town: a join would group all claims, to show fifty towns."""
    counted = claims.order_by().values("place").annotate(n=Count("*")).values("n")
    return Coalesce(Subquery(counted), 0)


def in_force(intervals: QuerySet[StatusInterval], day: date) -> QuerySet[StatusInterval]:
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


def on_day(ids: Sequence[UUID], day: date, *, include_pending: bool = False) -> list[TownOnDay]:
    """These places in the order of their ids, with what `towns_on` gives them that is shown: of
    towns with a status from verified claims, and without `include_pending`, nothing from pending
    ones. Two queries of each kind, however many places."""
    claimed = Claim.objects.live().filter(place=OuterRef("pk"), asserted_on__lte=day)
    rows = (
        _with_intervals(Place.objects.filter(pk__in=ids), day, include_pending=False)
        .select_related("conflict")
        .defer("districts", "admin1_names")
        .annotate(
            live_claims=_count(claimed),
            pending_claims=_count(claimed.filter(state=Claim.State.PENDING)),
        )
        .prefetch_related("conflict__sides")
    )
    places: dict[UUID, Any] = {place.pk: place for place in rows}
    verified = _intervals_of(places.values())
    also = [id_ for id_ in places if include_pending or not verified[id_][0]]
    bare = Place.objects.filter(pk__in=also).only("id")
    pending = _intervals_of(_with_intervals(bare, day, include_pending=True) if also else ())
    for id_, place in places.items():
        place.now, place.changes = verified[id_]
        place.now_with_pending, place.changes_with_pending = pending.get(id_, ([], []))
    return [places[id_] for id_ in ids if id_ in places]


def _with_intervals(places: QuerySet[Place], day: date, *, include_pending: bool) -> QuerySet[Any]:
    """With the ids of their intervals on the day, and of the two with which they last changed: by
    an index each. A prefetched list of the last two of each numbered all intervals of a place."""
    begun = StatusInterval.objects.filter(
        part_label="", start__lte=day, place=OuterRef("pk"), include_pending=include_pending
    )
    return places.annotate(
        now_ids=ArraySubquery(in_force(begun, day).order_by().values("pk")),
        change_ids=ArraySubquery(_last_two(begun).values("pk")),
    )


Intervals = tuple[list[StatusInterval], list[StatusInterval]]


def _intervals_of(places: Iterable[Any]) -> dict[UUID, Intervals]:
    """By place of `_with_intervals` what its ids mean."""
    listed = list(places)
    wanted = {id_ for place in listed for id_ in (*place.now_ids, *place.change_ids)}
    slim = StatusInterval.objects.order_by().defer("divided")
    rows = slim.in_bulk(wanted) if wanted else {}
    return {
        place.pk: (
            [rows[id_] for id_ in place.now_ids],
            [rows[id_] for id_ in place.change_ids],
        )
        for place in listed
    }


def latest_changed(day: date, number: int, *, include_pending: bool = False) -> list[UUID] | None:
    """The places whose statuses were the last to change by `day`, the latest first, then by name;
    `number` of them, or None where few statuses have begun by then.

    To find every town's last change, and to sort all towns by it, takes the longer the more towns
    there are (1,000: 137 ms on a busy machine, 4,560 intervals and what was before each). Of the
    last intervals that began, four for each place that is wanted, with all others of the first of
    these days, it takes the same in any world; where that is too few, twenty.
    """
    begun = StatusInterval.objects.filter(
        part_label="", start__lte=day, include_pending=include_pending
    )
    starts = begun.order_by("-start").values_list("start", flat=True)
    for reach in (4 * number, 20 * number):
        first = list(starts[reach : reach + 1])
        if not first:
            return None
        latest = changed(begun.filter(start__gte=first[0]))
        ordered = latest.order_by("-start", "place__name", "place_id")
        found = list(dict.fromkeys(ordered.values_list("place_id", flat=True)))
        if len(found) >= number:
            return found[:number]
    return None


def _last_two(intervals: QuerySet[StatusInterval]) -> QuerySet[StatusInterval]:
    return changed(intervals).order_by(F("start").desc())[:2]
