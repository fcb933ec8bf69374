"""Exports that a worker makes: of what somebody asked for, a file that is kept for some days."""

from __future__ import annotations

import errno
import logging
from datetime import timedelta
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.contrib.auth.models import AnonymousUser, User
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.storage import default_storage
from django.db import OperationalError, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import ngettext

from claims.access.roles import may, refusal, require_somewhere
from claims.exports import leasing, storing, writing
from claims.exports.leasing import Lost, Progress, ours
from claims.exports.writing import Refused
from claims.models import Export
from sources import ingest

logger = logging.getLogger(__name__)

State = Export.State
MOST_OPEN = 3  # exports of one user that wait or are being made
FULL = (errno.ENOSPC, errno.EDQUOT)


def ask(*, by: User, table: str, format: str, query: str = "") -> Export:
    """An export for a worker to make. Raises PermissionDenied; ValidationError where there is
    no such table, format or filter (`Refused`, by field), or `by` has too many open already."""
    require_somewhere(by, "export")
    writing.check(table=table, format=format, query=query)
    with transaction.atomic():
        _leave_room(by)
        export = Export.objects.create(by=by, table=table, format=format, query=query)
        transaction.on_commit(ingest.wake)
    return export


def ask_again(*, export: Export, by: User) -> Export:
    """Make one anew that failed or expired; one that is open or done is left alone. Raises as
    `ask`."""
    _require_own(export, by)
    writing.check(table=export.table, format=export.format, query=export.query)
    with transaction.atomic():
        _leave_room(by)
        ended = [State.FAILED, State.EXPIRED]
        let_wait(Export.objects.filter(pk=export.pk, state__in=ended))
        transaction.on_commit(ingest.wake)
    export.refresh_from_db()
    return export


def let_wait(exports: QuerySet[Export]) -> int:
    """Let exports that have ended wait once more, with all their attempts. Returns how many."""
    return exports.update(
        state=State.WAITING,
        error="",
        error_values={},
        attempts=0,
        leased_until=None,
        rows_done=0,
        rows_in_all=None,
        file="",
        size=None,
        sha256="",
        finished_at=None,
        expires_at=None,
    )


@transaction.atomic
def remove(*, export: Export, by: User) -> None:
    """Cancel it, or delete its file: it is as if it had not been asked for. A worker that is
    making it notices within seconds. Raises PermissionDenied."""
    _require_own(export, by)
    row = Export.objects.select_for_update().filter(pk=export.pk).first()
    if row is not None:
        _delete_file(row)
        row.delete()


def seen_by(user: User | AnonymousUser) -> QuerySet[Export]:
    """Those that `user` may see and fetch: his own, and all where he manages everything."""
    rows = Export.objects.all()
    return rows if may(user, "manage") else rows.filter(by=user.pk)


def due(limit: int = leasing.BATCH) -> list[UUID]:
    """Ids of exports that wait or whose worker is gone; see `leasing.due`."""
    return leasing.due(Export, limit)


def expire() -> int:
    """Delete the files whose days are over. Returns how many."""
    over = Export.objects.filter(state=State.DONE, expires_at__lte=timezone.now())
    number = 0
    for key in list(over.order_by("expires_at").values_list("pk", flat=True)[: leasing.BATCH]):
        with transaction.atomic():
            row = over.select_for_update(skip_locked=True).filter(pk=key).first()
            if row is None:
                continue
            # The file first: cut off here, the next sweep finds the row again.
            _delete_file(row)
            row.state, row.file = State.EXPIRED, ""
            row.save(update_fields=["state", "file"])
            number += 1
    return number


def make(export_id: UUID) -> None:
    """Make an export, if it is to be had."""
    export = leasing.take(Export, export_id)
    if export is None:
        return
    if export.attempts > leasing.ATTEMPTS:
        _end(export)
        leasing.fail(export, leasing.GAVE_UP)
        return
    try:
        with storing.workplace(_job(export), export.attempts) as folder:
            path = folder / "export"
            rows = _write(export, path)
            _keep(export, path, rows)
    except Lost:
        logger.info("Export %s is cancelled, or another worker has it", export.pk)
    except Refused as error:
        leasing.fail(export, str(error))
    except OperationalError as error:
        logger.warning("Export %s: %s", export.pk, error)
        leasing.put_back(export, leasing.NO_DATABASE)
    except OSError as error:
        if error.errno not in FULL:
            raise
        leasing.put_back(export, leasing.NO_ROOM)


def _write(export: Export, path: Path) -> int:
    """Write all rows, as they stand at one moment. Returns how many. Raises Lost and whatever
    `writing.write` does."""
    with Progress(export) as progress, leasing.snapshot():
        progress.tell(0, rows_in_all=writing.count(table=export.table, query=export.query))
        with path.open("wb") as out:
            rows = writing.write(
                table=export.table,
                format=export.format,
                query=export.query,
                out=out,
                progress=progress,
                site=settings.SITE_URL,
            )
        progress.tell(rows)
    return rows


def _keep(export: Export, path: Path, rows: int) -> None:
    """Move the file into its place, and say so. Raises Lost."""
    found = storing.measured(path)
    now = timezone.now()
    with transaction.atomic():
        row = ours(export).select_for_update().first()
        if row is None:
            raise Lost
        row.file = storing.put(path, _path(row))
        row.state, row.error, row.error_values = State.DONE, "", {}
        row.size, row.sha256 = found
        row.rows_done = row.rows_in_all = rows
        row.finished_at, row.leased_until = now, None
        row.expires_at = now + timedelta(days=settings.EXPORT_DAYS)
        row.save()


def _end(export: Export) -> None:
    """What attempts that were cut off have left."""
    storing.clear(_job(export))
    default_storage.delete(_path(export))


def _delete_file(export: Export) -> None:
    """It may lie there although the row does not say so: its worker was killed in between."""
    default_storage.delete(export.file.name or _path(export))


def _path(export: Export) -> str:
    return f"exports/{export.pk}.{export.format}"


def _job(export: Export) -> str:
    return f"export-{export.pk}"


def _require_own(export: Export, by: User) -> None:
    require_somewhere(by, "export")
    if not seen_by(by).filter(pk=export.pk).exists():
        raise PermissionDenied(refusal("manage"))


def _leave_room(by: User) -> None:
    """Raises ValidationError where the user has as many open as he may; within a transaction,
    in which he can ask for no other."""
    User.objects.select_for_update().get(pk=by.pk)
    if Export.objects.filter(Q(state__in=Export.OPEN), by=by).count() >= MOST_OPEN:
        told = ngettext(
            "Only %(most)d export of yours is made at a time: wait for it, or cancel it.",
            "Only %(most)d exports of yours are made at a time: wait for one, or cancel it.",
            MOST_OPEN,
        )
        raise ValidationError(told % {"most": MOST_OPEN}, code="too-many")


def filename(export: Export) -> str:
    """By which its file is fetched: what it is, and of when."""
    moment = export.finished_at or export.at
    return f"{export.table}-{moment:%Y-%m-%dT%H%MZ}.{export.format}"
