"""What follows from a world's claims: statuses, statements, and the feed of changes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection, models

from benchmarks.worlds.writing import copy, no_triggers
from claims.derive import follows
from claims.models import Claim, StatusInterval, TrackedStatement
from claims.review.urgency import waiting
from claims.review.urgency import write as write_urgency

DERIVED = 3000  # claims whose towns are derived at once
NUMBERS = 1_000_000  # that a lot may give to the rows of a table

# The feed as it would have grown: claims in the order of their history, then the statuses.
_CLAIMS = """
INSERT INTO claims_change (what, action, place, claim, event, transaction, number, at)
SELECT 'claim', CASE pgh_label WHEN 'insert' THEN 'added' ELSE 'changed' END, place_id, pgh_obj_id,
    pgh_id, pg_current_xact_id()::text::bigint,
    row_number() OVER (ORDER BY pgh_created_at, pgh_id), pgh_created_at
FROM claims_claimevent ORDER BY pgh_created_at, pgh_id
"""
_STATUSES = """
INSERT INTO claims_change (what, action, place, status, transaction, number, at)
SELECT 'status', 'added', place_id, to_jsonb(one) - 'id', pg_current_xact_id()::text::bigint,
    (SELECT count(*) FROM claims_claimevent) + row_number() OVER (ORDER BY id),
    greatest(%s::date + interval '1 day', (SELECT max(pgh_created_at) FROM claims_claimevent))
FROM claims_statusinterval one ORDER BY id
"""


@dataclass(frozen=True, slots=True)
class Lot:
    """Towns to be derived at once, with their live claims."""

    number: int
    towns: tuple[UUID, ...]
    claims: int


def lots() -> list[Lot]:
    """All towns with live claims, those with the most first: so no process is left with a large
    one at the end."""
    found: list[Lot] = []
    towns: list[UUID] = []
    claims = 0
    counted = Claim.objects.live().order_by().values_list("place").annotate(models.Count("pk"))
    counts: Counter[UUID] = Counter(dict(counted))
    for place, count in sorted(counts.items(), key=lambda one: (-one[1], one[0])):
        towns.append(place)
        claims += count
        if claims >= DERIVED:
            found.append(Lot(len(found), tuple(towns), claims))
            towns, claims = [], 0
    if towns:
        found.append(Lot(len(found), tuple(towns), claims))
    return found


def derive(lot: Lot) -> int:
    """Write what follows for towns of which nothing is written yet. Returns the claims."""
    queued = waiting(lot.towns)
    found = follows(lot.towns, queued=queued)
    with no_triggers():
        copy(StatusInterval, list(_rows(found.intervals, lot)))
        copy(TrackedStatement, list(_rows(found.statements, lot)))
        write_urgency(queued, found.urgency)
    return lot.claims


def _rows(
    derived: Sequence[StatusInterval] | Sequence[TrackedStatement], lot: Lot
) -> Iterator[dict[str, Any]]:
    """Rows with numbers of their lot's own: the same ones, whichever lot is written first."""
    in_order: Iterable[Any] = sorted(derived, key=lambda one: one.place_id)
    for number, one in enumerate(in_order, lot.number * NUMBERS + 1):
        values = {field.attname: getattr(one, field.attname) for field in one._meta.concrete_fields}
        yield {**values, "id": number}


def tell_changes(until: date) -> None:
    """Write the feed of changes: every change of a claim on its day, and on the world's last
    day the statuses."""
    with connection.cursor() as cursor:
        cursor.execute(_CLAIMS)
        cursor.execute(_STATUSES, [until])
