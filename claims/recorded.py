"""Claims as they stood at a time: the rows and decisions that were recorded by then.

Database triggers keep every state that a claim was ever in, so nothing has to be kept besides.
A state is recorded when the transaction that wrote it began. What the history does not have is
as today: the sides of actors and which of them are official, passages, and text families.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from django.db.models import QuerySet, prefetch_related_objects
from django.utils import timezone
from pghistory.models import Event

from claims.derive import with_what_statuses_need
from claims.models import Claim
from entities.models import Place


def end_of(day: date) -> datetime:
    """The last moment of a day in the server's time zone."""
    return timezone.make_aware(datetime.combine(day, time.max))


def recorded(place: Place, *, as_of: datetime, include_pending: bool = True) -> QuerySet[Event]:
    """The history's rows of the claims that were about the town and stood at `as_of`: of each
    claim the latest one by then."""
    return recorded_in([place.pk], as_of=as_of, include_pending=include_pending)


def recorded_in(
    places: Collection[UUID], *, as_of: datetime, include_pending: bool = True
) -> QuerySet[Event]:
    """The same of several towns."""
    by_then = ever_recorded(as_of=as_of)
    ever_here = by_then.filter(place__in=places).values("pgh_obj_id")
    # The rows of one claim are numbered in the order in which they were written.
    latest = (
        by_then.filter(pgh_obj_id__in=ever_here)
        .order_by("pgh_obj_id", "-pgh_id")
        .distinct("pgh_obj_id")
        .values("pgh_id")
    )
    stood = _history().filter(
        pgh_id__in=latest,
        place__in=places,
        state__in=Claim.counting(include_pending=include_pending),
    )
    return with_what_statuses_need(stood)


def ever_recorded(*, as_of: datetime) -> QuerySet[Any]:
    """Rows of history by then, to be looked up by place."""
    return _history().filter(pgh_created_at__lte=as_of)


def _history() -> QuerySet[Any]:
    # The model of the rows that triggers write is made by a decorator, which hides its type.
    rows: QuerySet[Any] = Claim._meta.get_field("events").related_model._default_manager.all()
    return rows


def as_they_stood(rows: Iterable[Event]) -> list[Claim]:
    """The claims that rows of `recorded` are of, as they were; not to be saved."""
    claims = [_as_it_stood(row) for row in rows]
    prefetch_related_objects(claims, "evidence")
    return claims


def _as_it_stood(row: Event) -> Claim:
    fields = Claim._meta.concrete_fields
    names = [field.attname for field in fields]
    claim = Claim.from_db(row._state.db, names, [getattr(row, name) for name in names])
    for field in fields:
        if field.is_relation:
            setattr(claim, field.name, getattr(row, field.name))
    return claim
