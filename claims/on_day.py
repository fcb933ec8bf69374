"""Towns as they stood on a day, with all that is known now: what the list of towns and the map
show, read from the kept intervals."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, TypedDict

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


def newest_day(conflict: str = "") -> date | None:
    """The day on which the newest claim, of a conflict or of all, was made; None without any."""
    claims = Claim.objects.live()
    if conflict:
        claims = claims.filter(place__conflict__slug=conflict)
    newest: date | None = claims.aggregate(day=Max("asserted_on"))["day"]
    return newest


def towns_on(day: date, *, include_pending: bool = False) -> QuerySet[TownOnDay]:
    """Places about which something had been claimed by `day`, or whose status had begun.

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
        Place.objects.filter(Exists(claimed) | Exists(begun.filter(place=OuterRef("pk"))))
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


def _last_two(intervals: QuerySet[StatusInterval]) -> QuerySet[StatusInterval]:
    return changed(intervals).order_by(F("start").desc())[:2]
