"""States of the database that stood at a landing: their migrations and a little data.

`landed/NAME/state.json` has the leaf migrations, every migration file with its hash, and what
the application then showed; `landed/NAME/rows.json` the rows by table. `record` makes both.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor

LANDED = Path(__file__).with_name("landed")
APPS = ("claims", "entities", "sources")
# Tables of others that ours refer to.
REFERRED = ("auth_user", "pghistory_context")
Rows = dict[str, list[dict[str, Any]]]


@dataclass(frozen=True, slots=True)
class State:
    """`leaves`: (app, migration). `files`: SHA-256 by path. `shows`: as `shown.shown` has it."""

    name: str
    leaves: list[tuple[str, str]]
    files: dict[str, str]
    shows: dict[str, Any]

    def rows(self) -> Rows:
        return json.loads((LANDED / self.name / "rows.json").read_text(encoding="utf-8"))


def states() -> list[State]:
    """All landed states, by name."""
    return [
        State(path.parent.name, **json.loads(path.read_text(encoding="utf-8")))
        for path in sorted(LANDED.glob("*/state.json"))
    ]


def migration_files() -> dict[str, str]:
    """The project's migrations with their hashes, by path below the project's root."""
    root = Path(settings.BASE_DIR)
    return {
        path.relative_to(root).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for app in APPS
        for path in sorted((root / app / "migrations").glob("[0-9]*.py"))
    }


@contextmanager
def empty_database() -> Iterator[None]:
    """A new database as the default one; the one before comes back, and the new one goes."""
    before = connection.settings_dict["NAME"]
    new = f"landed_{os.getpid()}"
    connection.close()
    _on_server(f'DROP DATABASE IF EXISTS "{new}" WITH (FORCE)')
    _on_server(f'CREATE DATABASE "{new}"')
    connection.settings_dict["NAME"] = new
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = before
        _on_server(f'DROP DATABASE "{new}" WITH (FORCE)')


def _on_server(statement: str) -> None:
    with connection._nodb_cursor() as cursor:
        cursor.execute(statement)


def leaves() -> list[tuple[str, str]]:
    """The last migrations of every installed app as the code now has them."""
    return sorted(MigrationExecutor(connection).loader.graph.leaf_nodes())


def migrate_to(state: State) -> None:
    """From nothing to a landed state; other apps to where they are now."""
    ours = [(app, name) for app, name in state.leaves if app in APPS]
    others = [(app, name) for app, name in leaves() if app not in APPS]
    MigrationExecutor(connection).migrate([*others, *ours])


def dump() -> Rows:
    """All rows of the project's tables, and of those that they refer to."""
    with connection.cursor() as cursor:
        found = {}
        for table in _tables():
            made = _made_by_database(table)
            cursor.execute(
                f'SELECT json_agg(to_jsonb(t) - %s::text[] ORDER BY t) FROM "{table}" t', [made]
            )
            (rows,) = cursor.fetchone() or (None,)
            if rows:
                found[table] = rows
    return found


def _made_by_database(table: str) -> list[str]:
    """Columns that hold what follows from others, and that nobody can write."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT column_name FROM information_schema.columns"
            " WHERE table_name = %s AND is_generated = 'ALWAYS'",
            [table],
        )
        return [name for (name,) in cursor.fetchall()]


def load(rows: Rows) -> None:
    """Write dumped rows as they were: no trigger adds history to them."""
    tables = _tables()
    _each("ALTER TABLE {} DISABLE TRIGGER USER", tables)
    with transaction.atomic(), connection.cursor() as cursor:
        for table, values in rows.items():
            columns = ", ".join(f'"{name}"' for name in values[0])
            cursor.execute(
                f'INSERT INTO "{table}" ({columns})'
                f' SELECT {columns} FROM json_populate_recordset(NULL::"{table}", %s)',
                [json.dumps(values)],
            )
    _each("ALTER TABLE {} ENABLE TRIGGER USER", tables)
    _count_on(rows)


def _each(statement: str, tables: list[str]) -> None:
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(statement.format(f'"{table}"'))


def _count_on(rows: Rows) -> None:
    """Let numbered rows that are added from now on have the numbers after those loaded."""
    with connection.cursor() as cursor:
        for table, values in rows.items():
            for column in ("id", "pgh_id"):
                if not isinstance(values[0].get(column), int):
                    continue
                cursor.execute("SELECT pg_get_serial_sequence(%s, %s)", [table, column])
                (sequence,) = cursor.fetchone() or (None,)
                if sequence:
                    last = max(row[column] for row in values)
                    cursor.execute("SELECT setval(%s::regclass, %s)", [sequence, last])


def _tables() -> list[str]:
    ours = tuple(f"{app}_" for app in APPS)
    return [
        name
        for name in sorted(connection.introspection.table_names())
        if name.startswith(ours) or name in REFERRED
    ]


def counts(rows: Rows) -> dict[str, int]:
    """How many rows by table, without what follows from other rows, of which a migration may add
    some: notes of towns to derive, what awaits an editor, and the feed of changes."""
    follows = ("claims_change", "claims_duetown", "claims_queuedclaim")
    return {table: len(found) for table, found in rows.items() if table not in follows}


def write(state: State, rows: Rows) -> None:
    """Refuses to overwrite: what has landed has landed."""
    folder = LANDED / state.name
    with suppress(FileExistsError):
        LANDED.mkdir()
    folder.mkdir()
    fields = {"leaves": state.leaves, "files": state.files, "shows": state.shows}
    for name, content in (("state.json", fields), ("rows.json", rows)):
        text = json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True)
        (folder / name).write_text(text + "\n", encoding="utf-8")
