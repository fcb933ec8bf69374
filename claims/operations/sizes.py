"""How much room is taken, and how much is left."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.files.storage import FileSystemStorage, storages
from django.db import connection
from django.db.models import Count, Model, QuerySet, Sum
from django.utils.translation import gettext_lazy as _

from claims.models import Export, ReleaseFile
from sources.models import StoredBytes

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

TABLES = """
SELECT relname, pg_total_relation_size(oid), greatest(reltuples, 0)::bigint FROM pg_class
WHERE relkind = 'r' AND relnamespace = to_regnamespace('public')
ORDER BY 2 DESC LIMIT %s
"""
STORAGES = {"evidence": "evidence", "files": "default"}  # each with its name in the settings


@dataclass(frozen=True, slots=True)
class Table:
    """`size`: bytes, with its indexes; `rows`: as PostgreSQL estimates."""

    name: str
    size: int
    rows: int


@dataclass(frozen=True, slots=True)
class Kept:
    """Files of one kind, as the database has them; `size` in bytes."""

    key: str
    name: StrOrPromise
    number: int
    size: int


@dataclass(frozen=True, slots=True)
class Disk:
    """The disk of one of our folders, in bytes."""

    key: str
    folder: str
    free: int
    total: int

    @property
    def share_free(self) -> float:
        return self.free / self.total if self.total else 0.0


def database_size() -> int:
    """Bytes."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_database_size(current_database())")
        return int(cursor.fetchone()[0])


def largest_tables(number: int = 8) -> list[Table]:
    with connection.cursor() as cursor:
        cursor.execute(TABLES, [number])
        return [Table(*row) for row in cursor.fetchall()]


def kept() -> list[Kept]:
    exports = Export.objects.filter(state=Export.State.DONE)
    received = StoredBytes.objects.filter(withdrawn_at=None)
    return [
        _sum("evidence", _("received from outside"), received, "stored_size"),
        _sum("exports", _("exports"), exports, "size"),
        _sum("releases", _("releases"), ReleaseFile.objects.all(), "size"),
    ]


def _sum(key: str, name: StrOrPromise, rows: QuerySet[Model], field: str) -> Kept:
    found = rows.order_by().aggregate(number=Count("pk"), size=Sum(field))
    return Kept(key, name, found["number"], int(found["size"] or 0))


def disks() -> list[Disk]:
    """Of the folders of this machine; a bucket has none. A folder that is not there yet has the
    disk of the nearest that is."""
    found = []
    for key, name in STORAGES.items():
        storage = storages[name]
        if isinstance(storage, FileSystemStorage):
            folder = Path(storage.location)
            there = next(one for one in (folder, *folder.parents) if one.exists())
            usage = shutil.disk_usage(there)
            found.append(Disk(key, str(folder), usage.free, usage.total))
    return found


def version() -> str:
    """Of the sources: the revision, where it is known."""
    return settings.REVISION or "unknown"
