"""Puts a backup back: whole, or not at all."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.core.cache import cache
from django.core.files.base import File
from django.core.files.storage import storages
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from config.backups import manifest as manifests
from config.backups.making import rows
from config.backups.manifest import DUMP, Manifest
from config.backups.programs import Failed, find

BEFORE = "before_restore"  # the schema of what was there, until all is restored
SHOWN = 5  # faults


def restore(
    folder: Path,
    *,
    force: bool = False,
    programs: Path | None = None,
    database: bool = True,
) -> Manifest:
    """Put the backup back, once every file of it has been checked. What is in the database is
    replaced only with `force`, and is there again where pg_restore fails. Without `database`,
    which somebody has restored himself, the files alone.

    Raises Failed, OSError.
    """
    manifest = manifests.read(folder)
    if wrong := list(manifests.faults(folder, manifest)):
        more = f" and {len(wrong) - SHOWN} more" if len(wrong) > SHOWN else ""
        raise Failed(f"The backup is damaged: {'; '.join(wrong[:SHOWN])}{more}.")
    _refuse_newer(manifest)
    if database:
        found = find(programs)
        _refuse_to_overwrite(force)
        with _set_aside():
            options = ("--single-transaction", "--exit-on-error", "--no-owner", "--no-acl")
            found.run("pg_restore", *options, str(folder / DUMP))
            _compare(manifest)
    for kept in manifest.files:
        storage, _, name = kept.path.partition("/")
        if name:
            _put_back(folder / kept.path, storage, name)
    cache.clear()  # what was answered from the database that is gone
    return manifest


def unapplied(manifest: Manifest) -> list[str]:
    """Migrations of this version that the backup's database does not have."""
    return sorted(_known() - set(manifest.migrations))


def _known() -> set[str]:
    loader = MigrationLoader(None, ignore_no_migrations=True)
    return {f"{app}/{name}" for app, name in loader.disk_migrations or {}}


def _refuse_newer(manifest: Manifest) -> None:
    apps = {name.partition("/")[0] for name in _known()}
    newer = [
        name
        for name in manifest.migrations
        if name.partition("/")[0] in apps and name not in _known() and not _replaced(name)
    ]
    if newer:
        raise Failed(
            f"The backup is of a newer version of the application: it has {newer[-1]}, which is "
            "not known here."
        )


def _replaced(name: str) -> bool:
    """Whether a migration has been joined with others into one that is here."""
    app, _, own = name.partition("/")
    loader = MigrationLoader(None, ignore_no_migrations=True)
    return any((app, own) in one.replaces for one in (loader.disk_migrations or {}).values())


def _refuse_to_overwrite(force: bool) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_tables WHERE schemaname IN ('public', %s)", [BEFORE]
        )
        tables = cursor.fetchone()[0]
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
            " AND backend_type = 'client backend' AND pid <> pg_backend_pid()"
        )
        others = cursor.fetchone()[0]
    if tables and not force:
        raise Failed("The database is not empty: --force replaces what is in it.")
    if others:
        raise Failed(
            f"{others} other connections use the database: stop the web server, workers and beat."
        )


@contextmanager
def _set_aside() -> Iterator[None]:
    """What is in the database is out of the way for the length of the block, and gone after it;
    where the block fails, it is back."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_namespace WHERE nspname = %s", [BEFORE])
        if cursor.fetchone()[0]:  # a restore that was killed
            cursor.execute("DROP SCHEMA IF EXISTS public CASCADE")
        else:
            cursor.execute(f"ALTER SCHEMA public RENAME TO {BEFORE}")
        cursor.execute("CREATE SCHEMA public")
        cursor.execute("GRANT USAGE ON SCHEMA public TO PUBLIC")  # as a new database has it
        try:
            yield
        except BaseException:
            cursor.execute("DROP SCHEMA public CASCADE")
            cursor.execute(f"ALTER SCHEMA {BEFORE} RENAME TO public")
            raise
        cursor.execute(f"DROP SCHEMA {BEFORE} CASCADE")


def _compare(manifest: Manifest) -> None:
    if manifest.rows and (found := rows()) != manifest.rows:
        wrong = sorted(
            name
            for name in manifest.rows.keys() | found.keys()
            if manifest.rows.get(name) != found.get(name)
        )
        raise Failed(f"What was restored is not what was backed up: {', '.join(wrong)}.")


def _put_back(path: Path, storage: str, name: str) -> None:
    """In the place of what is there under that name."""
    with path.open("rb") as content:
        if storages[storage].exists(name):
            storages[storage].delete(name)
        saved = storages[storage].save(name, File(content))
    if saved != name:
        raise Failed(f"The storage took {name} under another name: {saved}.")
