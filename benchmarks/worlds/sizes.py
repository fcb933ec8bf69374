"""What the rows of a world weigh in PostgreSQL."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection, models
from pghistory.models import Context

from claims.models import (
    Change,
    Claim,
    Decision,
    Evidence,
    ExtractionRun,
    QueuedClaim,
    StatusInterval,
    TrackedStatement,
)
from sources.models import Document, TextFamily

HISTORY = Claim._meta.get_field("events").related_model
# Of what a row weighs: the tables that grow with it.
KINDS: tuple[tuple[str, type[models.Model], tuple[type[models.Model], ...]], ...] = (
    ("document", Document, (Document, TextFamily, ExtractionRun)),
    ("claim", Claim, (Claim, Evidence, QueuedClaim, Decision)),
    ("claim_history", Claim, (HISTORY, Context, Change)),
    ("status_interval", StatusInterval, (StatusInterval,)),
    ("tracked_statement", TrackedStatement, (TrackedStatement,)),
)


@dataclass(frozen=True, slots=True)
class Size:
    """Of a table: its rows, and the bytes of these (with what is kept beside the table of long
    values) and of the indexes."""

    rows: int
    heap: int
    indexes: int


def size_of(model: type[models.Model]) -> Size:
    table = connection.ops.quote_name(model._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT (SELECT count(*) FROM {table}), pg_table_size(%s), pg_indexes_size(%s)",  # noqa: S608
            [table, table],
        )
        return Size(*cursor.fetchone())


def sizes() -> dict[str, float]:
    """Bytes of each table for each of its rows, and of all that a document, a claim, its
    history, and a status bring: `…_bytes` with the indexes, `…_index_bytes` of these alone."""
    found: dict[str, float] = {}
    for kind, of, parts in KINDS:
        whole = [size_of(model) for model in parts]
        rows = max(1, whole[parts.index(of)].rows if of in parts else size_of(of).rows)
        for model, size in zip(parts, whole, strict=True):
            name, own = model._meta.db_table, max(1, size.rows)
            found[f"{name}_bytes"] = round((size.heap + size.indexes) / own)
            found[f"{name}_index_bytes"] = round(size.indexes / own)
        found[f"per_{kind}_bytes"] = round(sum(one.heap + one.indexes for one in whole) / rows)
        found[f"per_{kind}_index_bytes"] = round(sum(one.indexes for one in whole) / rows)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_database_size(current_database())")
        found["database_bytes"] = cursor.fetchone()[0]
    return found
