# ruff: noqa: S608 - of names written in this file
"""A world's rows in SQLite, as one would publish them with Datasette: tables made ready for
reading, so that no page of its needs more than one of them, with an index for each question and
full text over the documents. What is derived here (statuses, changes) is there as plain rows."""

from __future__ import annotations

import sqlite3
from datetime import date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg

from benchmarks.readings.floor import _CHANGE, LIVE

_BATCH = 5000
_TOLD = f"""
SELECT c.id, c.place_id, p.name AS town, f.slug AS conflict, coalesce(a.name, u.name) AS who,
       c.stance, c.predicate, s.name AS subject, c.extent, c.part_words, c.asserted_on,
       c.asserted_precision, c.event_date, c.state,
       (c.state IN ('accepted', 'corrected'))::int AS verified, c.speaker, u.name AS publisher,
       d.published, c.document_id, d.title, d.url, c.confidence,
       (SELECT string_agg(e.quote, ' … ' ORDER BY e.start) FROM claims_evidence e
        WHERE e.claim_id = c.id) AS quotes
FROM claims_claim c
JOIN sources_document d ON d.id = c.document_id
JOIN sources_publisher u ON u.id = d.publisher_id
JOIN entities_place p ON p.id = c.place_id
LEFT JOIN entities_conflict f ON f.id = p.conflict_id
LEFT JOIN entities_actor a ON a.id = c.claimant_id
LEFT JOIN entities_actor s ON s.id = c.subject_id
WHERE {LIVE}
"""
_DOCUMENTS = """
SELECT d.id, d.title, d.text, u.name AS publisher, d.published, d.url
FROM sources_document d JOIN sources_publisher u ON u.id = d.publisher_id
"""
_INTERVALS = """
SELECT i.id, p.name AS town, p.short_id, p.latitude, p.longitude, i.include_pending::int, i.start,
       i."end", i.status, array_to_string(i.sides, ' / ') AS sides, i.by_own_word::int,
       array_to_string(i.word_days, ' ') AS word_days
FROM claims_statusinterval i JOIN entities_place p ON p.id = i.place_id WHERE i.part_label = ''
"""
_CHANGES = f"""
SELECT i.id, p.name AS town, p.admin1, i.start, b.status AS was, i.status,
       array_to_string(i.sides, ' / ') AS sides, i.rule,
       (SELECT string_agg(coalesce(a.name, u.name) || ': ' || c.predicate, ' / ')
        FROM claims_claim c JOIN sources_document d ON d.id = c.document_id
        JOIN sources_publisher u ON u.id = d.publisher_id
        LEFT JOIN entities_actor a ON a.id = c.claimant_id WHERE c.id = ANY (i.deciding)) AS by
FROM claims_statusinterval i JOIN entities_place p ON p.id = i.place_id
LEFT JOIN claims_statusinterval b ON b.place_id = i.place_id AND b."end" = i.start
    AND NOT b.include_pending AND b.part_label = ''
WHERE NOT i.include_pending AND i.part_label = '' AND {_CHANGE}
"""
_TOWNS = f"""
SELECT p.id, p.name, p.admin1, f.name AS conflict, n.live, n.pending, i.status,
       array_to_string(i.sides, ' / ') AS sides, i.start AS since
FROM (SELECT c.place_id, count(*) AS live, count(*) FILTER (WHERE c.state = 'pending') AS pending
      FROM claims_claim c WHERE {LIVE} GROUP BY c.place_id) n
JOIN entities_place p ON p.id = n.place_id
LEFT JOIN entities_conflict f ON f.id = p.conflict_id
LEFT JOIN claims_statusinterval i ON i.place_id = p.id AND i."end" IS NULL
    AND NOT i.include_pending AND i.part_label = ''
"""
TABLES = {
    "told": _TOLD,
    "documents": _DOCUMENTS,
    "intervals": _INTERVALS,
    "changes": _CHANGES,
    "towns": _TOWNS,
}
_INDEXES = """
CREATE INDEX told_town ON told (place_id, asserted_on);
CREATE INDEX told_chosen ON told (conflict, predicate, verified, asserted_on);
CREATE INDEX told_day ON told (asserted_on);
CREATE INDEX changes_day ON changes (start);
CREATE INDEX towns_since ON towns (since);
CREATE VIRTUAL TABLE documents_fts USING fts5
    (title, text, content=documents, tokenize='porter unicode61');
INSERT INTO documents_fts (rowid, title, text) SELECT rowid, title, text FROM documents;
ANALYZE;
"""


def copy_to(path: Path, source: psycopg.Connection[Any]) -> None:
    """Fill a new file with the rows of the world that the connection reads."""
    path.unlink(missing_ok=True)
    target = sqlite3.connect(path)
    with target:
        for table, select in TABLES.items():
            _copy(table, select, source, target)
    target.executescript(_INDEXES)
    target.execute("VACUUM")
    target.close()


def _copy(
    table: str, select: str, source: psycopg.Connection[Any], target: sqlite3.Connection
) -> None:
    with source.transaction(), source.cursor(f"of_{table}") as rows:
        rows.itersize = _BATCH
        rows.execute(select)
        names = [column.name for column in rows.description or ()]
        first, *others = (f'"{name}"' for name in names)
        columns = ", ".join([f"{first} PRIMARY KEY", *others])
        target.execute(f"CREATE TABLE {table} ({columns})")
        marks = ", ".join("?" * len(names))
        while batch := rows.fetchmany(_BATCH):
            target.executemany(
                f"INSERT INTO {table} VALUES ({marks})",
                [[_plain(value) for value in row] for row in batch],
            )


def _plain(value: Any) -> Any:
    if isinstance(value, date | datetime):
        return value.isoformat()
    return str(value) if isinstance(value, UUID) else value
