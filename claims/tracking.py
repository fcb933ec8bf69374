"""What became of actors' statements about towns, as rows: kept with the towns' statuses."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from uuid import UUID

from claims.models import TrackedStatement
from claims.status.track_record import TrackedStatement as Statement

VALUES = (
    *("place_id", "actor_id", "include_pending", "kind", "side", "first", "last"),
    *("claims", "outcome", "answers", "answered_on", "lag"),
)


def tracked(
    place: UUID, said: Iterable[Statement], *, ids: Mapping[str, UUID], include_pending: bool
) -> Iterable[TrackedStatement]:
    """The statements of one town as rows, not saved. `ids`: of the actors, by key."""
    for one in said:
        yield TrackedStatement(
            place_id=place,
            actor_id=ids[one.actor],
            include_pending=include_pending,
            kind=one.kind,
            side=one.side,
            first=one.first,
            last=one.last,
            claims=[UUID(id_) for id_ in one.claims],
            outcome=one.outcome,
            answers=[UUID(id_) for id_ in one.answers],
            answered_on=one.answered_on,
            lag=one.lag,
        )


def write(places: Collection[UUID], statements: Iterable[TrackedStatement]) -> None:
    """Make the rows of these towns say what was derived: at most three queries. A statement of
    which nothing has changed keeps its row."""
    there = {_said(row): row for row in TrackedStatement.objects.filter(place__in=places)}
    new = [row for row in statements if there.pop(_said(row), None) is None]
    if there:
        TrackedStatement.objects.filter(id__in=[row.pk for row in there.values()]).delete()
    if new:
        TrackedStatement.objects.bulk_create(new)


def _said(row: TrackedStatement) -> tuple[object, ...]:
    values = (getattr(row, name) for name in VALUES)
    return tuple(tuple(value) if isinstance(value, list) else value for value in values)
