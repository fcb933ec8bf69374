"""Tables without their indexes and foreign keys while many rows are written, and as they were
after it. To build an index of all rows at once takes a fraction of what it takes row by row."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager

from django.db import connection, models, transaction

from benchmarks.worlds.progress import Progress

# Statements that bring back what was taken off, until it is back: a run that is killed in
# between is mended by the next.
SAVED = "world_taken_off"
MEMORY = "256MB"  # for the building of an index

# Indexes that are neither constraints nor unique, and foreign keys. Partial indexes stay: they are
# the smaller ones, and PostgreSQL does not give back their conditions word for word.
_INDEXES = """
SELECT 'DROP INDEX ' || indexrelid::regclass, pg_get_indexdef(indexrelid)
FROM pg_index WHERE indrelid = ANY (%s::regclass[]) AND NOT indisunique AND indpred IS NULL
ORDER BY indexrelid
"""
_KEYS = """
SELECT format('ALTER TABLE %%s DROP CONSTRAINT %%I', conrelid::regclass, conname),
    format('ALTER TABLE %%s ADD CONSTRAINT %%I %%s', conrelid::regclass, conname,
        pg_get_constraintdef(oid))
FROM pg_constraint WHERE conrelid = ANY (%s::regclass[]) AND contype = 'f' ORDER BY oid
"""


@contextmanager
def bare(models_: Collection[type[models.Model]], *, shown: bool = False) -> Iterator[None]:
    """Let the models' tables be without indexes and foreign keys meanwhile. `shown`: whether it
    is told how many of these are made again. Raises IntegrityError where the rows break a key."""
    take_off(models_)
    try:
        yield
    finally:
        bring_back(shown=shown)


def take_off(models_: Collection[type[models.Model]]) -> None:
    """Drop them, all or none, and keep what brings them back."""
    tables = [model._meta.db_table for model in models_]
    with transaction.atomic(), connection.cursor() as cursor:
        # No table is altered while a check of its rows waits for the commit.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(_INDEXES, [tables])
        taken = cursor.fetchall()
        cursor.execute(_KEYS, [tables])
        taken += cursor.fetchall()
        cursor.execute(f"CREATE TABLE {SAVED} (number int, made text)")
        cursor.executemany(
            f"INSERT INTO {SAVED} VALUES (%s, %s)",  # noqa: S608
            [(number, made) for number, (_, made) in enumerate(taken)],
        )
        for drop, _ in taken:
            cursor.execute(drop)


def bring_back(*, shown: bool = False) -> None:
    """Make again what was taken off and is not back yet, here or by a run that was killed."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass(%s) IS NOT NULL", [SAVED])
        if not cursor.fetchone()[0]:
            return
        cursor.execute(f"SELECT number, made FROM {SAVED} ORDER BY number")  # noqa: S608
        left = cursor.fetchall()
        progress = Progress("indexes and keys made", len(left), shown=shown)
        for number, made in left:
            with transaction.atomic():
                cursor.execute(f"SET LOCAL maintenance_work_mem = '{MEMORY}'")
                cursor.execute(made)
                cursor.execute(f"DELETE FROM {SAVED} WHERE number = %s", [number])  # noqa: S608
            progress.add(1)
        cursor.execute(f"DROP TABLE {SAVED}")
