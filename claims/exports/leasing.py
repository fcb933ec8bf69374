"""What exports and releases have in common: rows that are jobs.

A worker takes a row by a conditional UPDATE and holds it by a lease, which his progress renews. A
killed worker's row comes back when its lease ends, and is done anew. `attempts` tells workers
apart: a row that counts more than one's own is somebody else's by now.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from time import monotonic
from types import TracebackType
from typing import Any, TypeVar

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F, Model, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_noop

from claims.models import Export, Release

logger = logging.getLogger(__name__)

LEASE = timedelta(seconds=120)  # longer than any single query takes
ATTEMPTS = 3
RETRY = timedelta(seconds=30)  # before the second attempt; twice as long before the third
BEAT = 1.0  # seconds between two signs of life
BATCH = 50  # messages that one sweep sends

GAVE_UP = gettext_noop("Given up: each attempt at it was cut off.")
NO_ROOM = gettext_noop("The server has no room for the file.")
NO_DATABASE = gettext_noop("The database did not answer.")

Job = TypeVar("Job", Export, Release)


class Lost(Exception):
    """The job is no longer this worker's: another has it, or it is cancelled."""


def due(model: type[Model], limit: int = BATCH) -> list[Any]:
    """Keys of rows that wait or whose worker is gone, the oldest first, put off until the sweep
    after next so that they are not announced again and again."""
    now = timezone.now()
    rows = model._default_manager
    with transaction.atomic():
        keys = list(
            rows.select_for_update(skip_locked=True)
            .filter(_takeable(now))
            .filter(Q(leased_until__isnull=True) | Q(leased_until__lte=now))
            .order_by("at", "pk")
            .values_list("pk", flat=True)[:limit]
        )
        rows.filter(pk__in=keys, state="waiting").update(
            leased_until=now + timedelta(seconds=2 * settings.SWEEP_INTERVAL)
        )
    return keys


def take(model: type[Job], key: Any) -> Job | None:
    """The row, leased to the caller; None where another has it or it is settled."""
    now = timezone.now()
    taken = model._default_manager.filter(_takeable(now), pk=key).update(
        state="running", attempts=F("attempts") + 1, rows_done=0, leased_until=now + LEASE
    )
    return model._default_manager.get(pk=key) if taken else None


def ours(job: Job) -> QuerySet[Job]:
    """The job's row, if nobody else has taken it since."""
    rows: QuerySet[Job] = type(job)._default_manager.all()
    return rows.filter(pk=job.pk, state="running", attempts=job.attempts)


def fail(job: Job, error: str, **values: object) -> None:
    """For good, and why: a sentence, and what goes into it."""
    ours(job).update(state="failed", error=error, error_values=values, leased_until=None)


def put_back(job: Job, error: str, **values: object) -> None:
    """To be tried again later, unless it was tried often enough."""
    if job.attempts >= ATTEMPTS:
        fail(job, error, **values)
        return
    wait = RETRY * 2 ** (job.attempts - 1)
    logger.warning("%s %s waits %.0f s: %s", type(job).__name__, job.pk, wait.seconds, error)
    ours(job).update(
        state="waiting",
        error=error,
        error_values=values,
        leased_until=timezone.now() + wait,
    )


def _takeable(now: datetime) -> Q:
    return Q(state="waiting") | Q(state="running", leased_until__lte=now)


@contextmanager
def snapshot() -> Iterator[None]:
    """All that is read within stood so at one moment, whatever is committed meanwhile; nothing
    can be written."""
    with transaction.atomic(durable=True):
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


class Progress:
    """Tells a job's row how far its worker is, and renews the lease, once in a while. By a
    connection of its own: the worker's reads a snapshot, in which nothing can be written.

    `before`: rows that were done before those which are counted now. Raises Lost.
    """

    def __init__(self, job: Export | Release) -> None:
        self.job, self.before = job, 0
        self._connection = connection.copy()
        self._told = monotonic()

    def __enter__(self) -> Progress:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._connection.close()

    def __call__(self, rows: int) -> None:
        if monotonic() - self._told >= BEAT:
            self.tell(rows)

    def tell(self, rows: int, **more: int) -> None:
        """Now, with values of other columns where there are."""
        values: dict[str, Any] = {
            "rows_done": self.before + rows,
            "leased_until": timezone.now() + LEASE,
            **more,
        }
        meta = type(self.job)._meta
        key = meta.pk.column
        columns = ", ".join(f"{name} = %s" for name in values)
        statement = (
            f"UPDATE {meta.db_table} SET {columns}"  # noqa: S608 - names of the models alone
            f" WHERE {key} = %s AND state = 'running' AND attempts = %s"
        )
        with self._connection.cursor() as cursor:
            cursor.execute(statement, [*values.values(), self.job.pk, self.job.attempts])
            if cursor.rowcount != 1:
                raise Lost
        self._told = monotonic()
