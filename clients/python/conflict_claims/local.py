"""The local copy: an SQLite file with claims, statuses, and the position in the feed up to which
it is current. What a page of the feed says and the cursor after it are written in one
transaction: a process that is killed at any time leaves both or neither."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from conflict_claims.errors import CopyError, UnreadableAnswer
from conflict_claims.feed import Change, Page

FORMAT = 1  # of the file; another one is refused
WAITS = 60.0  # seconds, for another process that writes to the file

# Column, and where the record of the API has it. `record` holds all of it, as JSON.
CLAIM_COLUMNS: dict[str, tuple[str, ...]] = {
    "id": ("id",),
    "state": ("state",),
    "counts": ("counts",),
    "label": ("label",),
    "conflict": ("conflict",),
    "town_id": ("town", "id"),
    "town": ("town", "name"),
    "latitude": ("town", "latitude"),
    "longitude": ("town", "longitude"),
    "claimant_id": ("claimant", "id"),
    "claimant": ("claimant", "name"),
    "side": ("side",),
    "speaker": ("speaker",),
    "stance": ("stance",),
    "predicate": ("predicate",),
    "subject_id": ("subject", "id"),
    "subject": ("subject", "name"),
    "extent": ("extent",),
    "part_label": ("part_label",),
    "asserted_on": ("asserted_on",),
    "asserted_precision": ("asserted_precision",),
    "event_date": ("event_date",),
    "event_precision": ("event_precision",),
    "document_id": ("document", "id"),
    "publisher": ("document", "publisher"),
    "published": ("document", "published_utc"),
    "source_url": ("document", "source_url"),
    "confidence": ("confidence",),
}
STATUS_KEY: dict[str, tuple[str, ...]] = {
    "town_id": ("town",),
    "include_pending": ("include_pending",),
    "part": ("part",),
    "first_day": ("from",),
}
STATUS_COLUMNS: dict[str, tuple[str, ...]] = {
    **STATUS_KEY,
    "last_day": ("to",),
    "status": ("status",),
    "kind": ("kind",),
    "sides": ("sides",),
    "holder": ("holder",),
    "rule": ("rule",),
    "version": ("version",),
    "deciding": ("deciding",),
    "last_word_on": ("last_word_on",),
}
# Of every row: the change that it stems from, its time, and the record as the feed told it.
_OF_CHANGE = "number INTEGER NOT NULL, changed_at TEXT NOT NULL, record TEXT NOT NULL"

_SCHEMA = f"""
CREATE TABLE copy (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    format INTEGER NOT NULL,
    server TEXT NOT NULL,
    cursor TEXT,
    number INTEGER NOT NULL,
    number_at TEXT,
    synced_at TEXT
);
CREATE TABLE claims ({", ".join(CLAIM_COLUMNS)}, reason, {_OF_CHANGE}, PRIMARY KEY (id));
CREATE INDEX claims_of_town ON claims (town_id, asserted_on);
CREATE TABLE statuses (
    {", ".join(STATUS_COLUMNS)}, {_OF_CHANGE}, PRIMARY KEY ({", ".join(STATUS_KEY)})
);
CREATE TABLE deleted (claim_id PRIMARY KEY, number INTEGER NOT NULL, at TEXT NOT NULL);
CREATE VIEW towns AS  -- as its last changed claim names it: SQLite takes the row of the maximum
    SELECT town_id AS id, town AS name, latitude, longitude, conflict, max(number) AS number
    FROM claims GROUP BY town_id
"""  # noqa: S608 - of names written in this file, as are the others


@dataclass(frozen=True, slots=True)
class Position:
    """How far the copy is: the cursor (None: nothing is in it yet), and the last change's number
    and time."""

    cursor: str | None = None
    number: int = 0
    at: str | None = None


class Copy:
    """The copy in this file, of this server; made where there is none."""

    def __init__(self, path: str | Path, server: str) -> None:
        self.path = str(path)
        self._server = server
        self.db = sqlite3.connect(self.path, timeout=WAITS, isolation_level=None)
        try:
            self._open()
        except BaseException:
            self.db.close()
            raise

    def close(self) -> None:
        self.db.close()

    def _open(self) -> None:
        try:
            with self._transaction():
                tables = {name for (name,) in self.db.execute("SELECT name FROM sqlite_master")}
                if not tables:
                    self._make()
        except sqlite3.DatabaseError as error:
            raise CopyError(f"{self.path}: {error}") from error
        if tables and "copy" not in tables:
            raise CopyError(f"{self.path} is a database of something else")
        format_, server = self.db.execute("SELECT format, server FROM copy").fetchone()
        if format_ != FORMAT:
            raise CopyError(f"{self.path} was made by another version of this package")
        if server != self._server:
            raise CopyError(f"{self.path} is a copy of {server}, not of {self._server}")

    def _make(self) -> None:
        for statement in _SCHEMA.split(";"):
            self.db.execute(statement)  # one at a time: a script would end the transaction
        self.db.execute(
            "INSERT INTO copy (one, format, server, number) VALUES (1, ?, ?, 0)",
            (FORMAT, self._server),
        )

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self.db.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self.db.execute("ROLLBACK")
            raise
        self.db.execute("COMMIT")

    def position(self) -> Position:
        return Position(*self.db.execute("SELECT cursor, number, number_at FROM copy").fetchone())

    def count(self, table: str) -> int:
        found: tuple[int] = self.db.execute(f"SELECT count(*) FROM {table}").fetchone()  # noqa: S608
        return found[0]

    def apply(self, page: Page, after: Position, *, anew: bool = False) -> int | None:
        """Writes what the page says, and that the copy is as far as its end. `after`: where the
        copy was when the page was asked for; if another process has brought it further since,
        nothing is done, and None is returned. `anew`: what was there before is emptied first.
        Returns the number of changes; those that the copy already has are not counted."""
        with self._transaction():
            position = self.position()
            if position != after:
                return None
            if anew:
                self._empty()
                position = Position()
            new = [change for change in page.changes if not _has(position, change)]
            for change in new:
                self._write(change)
            last = new[-1] if new else None
            self.db.execute(
                "UPDATE copy SET cursor = ?, number = ?, number_at = ?, synced_at = ?",
                (
                    page.next,
                    last.number if last else position.number,
                    last.at if last else position.at,
                    datetime.now(UTC).isoformat(timespec="seconds"),
                ),
            )
        return len(new)

    def _empty(self) -> None:
        for table in ("claims", "statuses", "deleted"):
            self.db.execute(f"DELETE FROM {table}")  # noqa: S608

    def _write(self, change: Change) -> None:
        if change.what == "status":
            self._write_status(change, change.record or {})
        elif change.record is not None:
            self._put("claims", CLAIM_COLUMNS, change, change.record, reason=change.reason)
            self.db.execute("DELETE FROM deleted WHERE claim_id = ?", (change.claim,))
        else:
            self.db.execute("DELETE FROM claims WHERE id = ?", (change.claim,))
            self.db.execute(
                "INSERT OR REPLACE INTO deleted VALUES (?, ?, ?)",
                (change.claim, change.number, change.at),
            )

    def _write_status(self, change: Change, record: dict[str, Any]) -> None:
        """An interval that changed may be another one after it: by another first day."""
        gone = record if change.action == "removed" else change.before
        if gone is not None:
            key = " AND ".join(f"{name} = ?" for name in STATUS_KEY)
            values = _values(STATUS_KEY, gone)
            self.db.execute(f"DELETE FROM statuses WHERE {key}", values)  # noqa: S608
        if change.action != "removed":
            self._put("statuses", STATUS_COLUMNS, change, record)

    def _put(
        self,
        table: str,
        columns: dict[str, tuple[str, ...]],
        change: Change,
        record: dict[str, Any],
        **more: str | None,
    ) -> None:
        names = [*columns, *more, "number", "changed_at", "record"]
        marks = ", ".join("?" * len(names))
        whole = json.dumps(record, ensure_ascii=False)
        self.db.execute(
            f"INSERT OR REPLACE INTO {table} ({', '.join(names)}) VALUES ({marks})",  # noqa: S608
            [*_values(columns, record), *more.values(), change.number, change.at, whole],
        )


def _has(position: Position, change: Change) -> bool:
    """Whether the copy has this change. Raises CopyError where its number stood for another:
    the server has been set back, and what the copy has is not what it says any more."""
    if change.number == position.number and change.at != position.at:
        raise CopyError(f"The server's feed began anew: change {change.number} is another one")
    return change.number <= position.number


def _values(columns: dict[str, tuple[str, ...]], record: dict[str, Any]) -> list[Any]:
    return [_value(record, path) for path in columns.values()]


def _value(record: dict[str, Any], path: tuple[str, ...]) -> Any:
    """Null where something on the way is null (`claimant` of a publisher's own statement). That
    it is not there at all is no record of this API."""
    found: Any = record
    for name in path:
        if found is None:
            return None
        try:
            found = found[name]
        except (KeyError, TypeError) as error:
            raise UnreadableAnswer(f"A record without {'.'.join(path)}") from error
    return json.dumps(found, ensure_ascii=False) if isinstance(found, list | dict) else found
