"""Makes a backup of a running installation."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from django.core.files.storage import storages
from django.db import connection, transaction
from psycopg import sql

from claims.models import ReleaseFile
from config.backups import manifest as manifests
from config.backups.manifest import DUMP, Kept, Manifest
from config.backups.programs import Failed, find
from sources.evidence.objects import object_name
from sources.models import StoredBytes
from sources.withdrawals import names, write_down_lacking


def back_up(
    folder: Path,
    *,
    force: bool = False,
    dump: Path | None = None,
    programs: Path | None = None,
    evidence: bool = True,
) -> Manifest:
    """Write a backup into `folder`, which must be new or empty, or hold an earlier backup that
    `force` gives up. `dump`: one that was made before, by pg_dump in its custom form; without it
    the database is dumped as it stands at one moment, and the files are those of that moment.

    Raises Failed, OSError.
    """
    _refuse_to_overwrite(folder, force)
    folder.mkdir(parents=True, exist_ok=True)
    if evidence:
        write_down_lacking()
    with _one_moment() as moment:
        made = Manifest(
            made_at=datetime.now(UTC).isoformat(timespec="seconds"),
            postgres=_server(),
            programs="",
            migrations=migrations(),
        )
        if dump is None:
            found = find(programs)
            made.programs = str(found.major)
            found.run(
                "pg_dump", "--format=custom", f"--snapshot={moment}", f"--file={folder / DUMP}"
            )
            made.rows = rows()
            size = (folder / DUMP).stat().st_size
            made.files.append(Kept(DUMP, size, manifests.digest(folder / DUMP)))
        else:
            with dump.open("rb") as source:
                made.files.append(manifests.copied(source, folder, DUMP))
        for storage, name in _objects(evidence):
            try:
                with storages[storage].open(name, "rb") as source:
                    made.files.append(manifests.copied(source, folder, f"{storage}/{name}"))
            except FileNotFoundError:
                made.missing.append(f"{storage}/{name}")
    made.write(folder)
    return made


def migrations() -> list[str]:
    """Those that the database has, as app/name."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT app || '/' || name FROM django_migrations ORDER BY 1")
        return [row[0] for row in cursor.fetchall()]


def rows() -> dict[str, int]:
    """How many rows each table has."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
        tables = [row[0] for row in cursor.fetchall()]
        counted = {}
        for table in tables:
            cursor.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table)))
            counted[table] = cursor.fetchone()[0]
    return counted


@contextmanager
def _one_moment() -> Iterator[str]:
    """All that is read within, also by pg_dump under the name that is given, is of one moment."""
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        cursor.execute("SELECT pg_export_snapshot()")
        yield str(cursor.fetchone()[0])


def _objects(evidence: bool) -> Iterator[tuple[str, str]]:
    """What the storages must have: storage and name."""
    if evidence:
        kept = StoredBytes.objects.filter(withdrawn_at=None).order_by("sha256")
        for sha256 in kept.values_list("sha256", flat=True).iterator():
            yield "evidence", object_name(sha256)
        for name in names():
            yield "evidence", name
    for name in ReleaseFile.objects.order_by("pk").values_list("file", flat=True).iterator():
        yield "default", name


def _server() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        return str(cursor.fetchone()[0])


def _refuse_to_overwrite(folder: Path, force: bool) -> None:
    """Only what is a backup is ever removed."""
    if folder.exists() and not folder.is_dir():
        raise Failed(f"{folder} is no folder.")
    if not folder.is_dir() or not any(folder.iterdir()):
        return
    begun = (folder / DUMP).exists() or (folder / manifests.NAME).exists()
    if not force or not begun:
        which = "--force overwrites it" if begun else "name another one"
        raise Failed(f"{folder} is not empty: {which}.")
    (folder / manifests.NAME).unlink(missing_ok=True)
    (folder / DUMP).unlink(missing_ok=True)
    for storage in ("evidence", "default"):
        if (folder / storage).is_dir():
            shutil.rmtree(folder / storage)
