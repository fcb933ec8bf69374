"""Towns of a list as they were at another time."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db.models import Max, OuterRef, QuerySet, Subquery
from django.utils import timezone

from claims.models import Claim
from claims.on_day import towns_on
from claims.towns_then import towns_then


def towns_at(day: date, *, include_pending: bool) -> QuerySet[Any]:
    """`claims.on_day.towns_on`, with the day on which something was last said by then."""
    said = Claim.objects.live().filter(place=OuterRef("pk"), asserted_on__lte=day)
    latest = said.order_by().values("place").annotate(last=Max("asserted_on")).values("last")
    return towns_on(day, include_pending=include_pending).annotate(latest_on=Subquery(latest))


def tell_then(
    towns: Iterable[Any],
    *,
    include_pending: bool,
    at: date | None = None,
    known_on: date | None = None,
    as_of: datetime | None = None,
    **_: Any,
) -> None:
    """Give places what `claims.timeline.with_status` gives them, as it was to be said then: for
    `at`, or the last day that could be told of."""
    rows = list(towns)
    days = [timezone.localdate(), known_on, as_of and timezone.localdate(as_of)]
    day = at or min(one for one in days if one)
    found = towns_then([row.pk for row in rows], day=day, known_on=known_on, as_of=as_of)
    for row in rows:
        then = found[row.pk]
        band = then.with_pending if include_pending else then.verified
        row.now = [band] if band else []
        row.now_with_pending = [then.with_pending] if then.with_pending else []
        row.status_since = band.start if band else None
        row.live_claims, row.pending_claims = then.live, then.pending
        row.latest_on = then.latest_on
