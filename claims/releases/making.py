"""Releases from when an administrator asks for one until it is published, and never after that."""

from __future__ import annotations

import logging
from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import OperationalError, connection, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext

from claims.access.roles import require
from claims.exports import leasing, storing
from claims.exports.jobs import FULL
from claims.exports.leasing import Lost, Progress, ours
from claims.feed import numbered
from claims.models import Release, ReleaseFile
from claims.releases.contents import Contents, write_all
from sources import ingest

logger = logging.getLogger(__name__)

State = Release.State
LOCK = 0x72656C656173  # of new releases: one at a time, so that their numbers have no gaps


@transaction.atomic
def start(*, by: User, title: str, licence: str, notes: str = "") -> Release:
    """A release for a worker to make, with the next number. Raises PermissionDenied for whoever
    does not manage everything; ValidationError where an earlier one is not published yet, or a
    text is missing."""
    require(by, "manage")
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
    if open_one := Release.objects.exclude(state=State.PUBLISHED).first():
        told = gettext("Release %(number)d is not published yet: finish it, or take it away.")
        raise ValidationError(told % {"number": open_one.number})
    last = Release.objects.aggregate(last=Max("number"))["last"] or 0
    release = Release(number=last + 1, title=title, licence=licence, notes=notes, by=by)
    release.full_clean(exclude=["number"])
    release.save(force_insert=True)
    transaction.on_commit(ingest.wake)
    return release


@transaction.atomic
def try_again(*, release: Release, by: User) -> None:
    """Make one that failed. Raises PermissionDenied."""
    require(by, "manage")
    Release.objects.filter(pk=release.pk, state=State.FAILED).update(
        state=State.WAITING, error="", error_values={}, attempts=0, leased_until=None, rows_done=0
    )
    transaction.on_commit(ingest.wake)


@transaction.atomic
def remove(*, release: Release, by: User) -> None:
    """Take one away that is not published. Raises PermissionDenied, and ValidationError for one
    that is."""
    require(by, "manage")
    row = Release.objects.select_for_update().filter(pk=release.pk).first()
    if row is None:
        return
    if row.state == State.PUBLISHED:
        raise ValidationError(gettext("A published release stays."))
    row.delete()


def due(limit: int = leasing.BATCH) -> list[int]:
    """Numbers of releases that wait or whose worker is gone; see `leasing.due`."""
    return leasing.due(Release, limit)


def make(number: int) -> None:
    """Make a release and publish it, if it is to be had."""
    release = leasing.take(Release, number)
    if release is None:
        return
    if release.attempts > leasing.ATTEMPTS:
        storing.clear(_job(release))
        leasing.fail(release, leasing.GAVE_UP)
        return
    numbered()  # what is committed by now gets its place in the feed
    at = timezone.now()
    try:
        with storing.workplace(_job(release), release.attempts) as folder:
            with Progress(release) as progress:
                contents = write_all(release, folder, at, progress)
            _publish(release, contents, at)
    except Lost:
        logger.info("Release %s is taken away, or another worker has it", release.pk)
    except OperationalError as error:
        logger.warning("Release %s: %s", release.pk, error)
        leasing.put_back(release, leasing.NO_DATABASE)
    except OSError as error:
        if error.errno not in FULL:
            raise
        leasing.put_back(release, leasing.NO_ROOM)


@transaction.atomic
def _publish(release: Release, contents: Contents, at: datetime) -> None:
    """Move the files into their place, and close the release for ever. Raises Lost."""
    row = ours(release).select_for_update().first()
    if row is None:
        raise Lost
    row.files.all().delete()
    ReleaseFile.objects.bulk_create(
        ReleaseFile(
            release=row,
            name=item.name,
            file=storing.put(item.path, f"releases/{row.number}/{item.name}"),
            size=item.size,
            sha256=item.sha256,
            rows=item.rows,
        )
        for item in contents.items
    )
    values: dict[str, Any] = {"error": "", "error_values": {}, "leased_until": None}
    ours(release).update(
        **values,
        state=State.PUBLISHED,
        published_at=at,
        change=contents.change,
        citation=contents.citation,
    )


def _job(release: Release) -> str:
    return f"release-{release.number}"
