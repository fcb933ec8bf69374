"""Which workers live, what they do, and when the sweep last went round.

Each worker's main process tells of itself every few seconds, in the cache that all processes
share: so nobody has to be asked, and a broker that lost everything knows it again at the next
sign. A worker that ends says so; one that falls silent was killed, hangs or is cut off, and is
shown as silent for an hour.
"""

from __future__ import annotations

import logging
import os
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from time import monotonic
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.utils import timezone
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)

EVERY = 5.0  # seconds between two signs of life
SILENT = timedelta(seconds=60)  # as the health check of its container
SWEEP_LATE = timedelta(seconds=60 + 4 * settings.SWEEP_INTERVAL)
REMEMBERED = 3600  # seconds
NAMES = "operations:workers"
SWEPT = "operations:swept"


@dataclass(frozen=True, slots=True)
class Doing:
    """A task that a worker is at. `arguments`: as Celery shows them, ids alone."""

    task: str
    id: str
    arguments: str
    since: datetime


@dataclass(frozen=True, slots=True)
class Worker:
    """`processes`: how many tasks it does at once; `done`: by task, how many it has begun since it
    was started."""

    name: str
    process: int
    processes: int
    queues: tuple[str, ...]
    since: datetime
    at: datetime
    doing: tuple[Doing, ...] = ()
    begun: dict[str, int] = field(default_factory=dict)

    def alive(self, now: datetime) -> bool:
        return now - self.at < SILENT


class Teller:
    """Tells of the worker whose main process this is."""

    def __init__(self) -> None:
        self.since = timezone.now()
        self._told = -EVERY

    def tell(self, worker: Any) -> None:
        """`worker`: Celery's own (`WorkController`). A cache that does not answer is no reason for
        a worker to stop."""
        if monotonic() - self._told < EVERY:
            return
        self._told = monotonic()
        try:
            put(self.about(worker))
        except RedisError as error:
            logger.warning("The sign of life could not be written: %s", error)

    def about(self, worker: Any) -> Worker:
        from celery.worker import state  # of a worker's main process alone

        doing = [
            Doing(
                request.name,
                request.id,
                str(request.argsrepr or "")[:200],
                datetime.fromtimestamp(request.time_start, UTC),
            )
            for request in list(state.active_requests)
            if request.time_start
        ]
        return Worker(
            name=worker.hostname,
            process=os.getpid(),
            processes=worker.concurrency or 1,
            queues=tuple(sorted(worker.app.amqp.queues.consume_from)),
            since=self.since,
            at=timezone.now(),
            doing=tuple(sorted(doing, key=lambda one: one.since)),
            begun=dict(state.total_count),
        )


def put(worker: Worker) -> None:
    """Keep what is told of a worker. Two that are new at once may both write the list of names
    without the other: each looks again at its next sign."""
    cache.set(_key(worker.name), asdict(worker), REMEMBERED)
    names = cache.get(NAMES) or []
    if worker.name not in names:
        known = cache.get_many([_key(name) for name in names])
        names = [name for name in names if _key(name) in known]
        cache.set(NAMES, [*names, worker.name], None)


def forget(name: str) -> None:
    """A worker has ended as it should."""
    try:
        cache.delete(_key(name))
    except RedisError as error:
        logger.warning("The worker could not say that it ends: %s", error)


def workers() -> list[Worker]:
    """Those known, by name; silent ones as well. Raises RedisError."""
    names = cache.get(NAMES) or []
    found = cache.get_many([_key(name) for name in names])
    return [_read(found[_key(name)]) for name in sorted(names) if _key(name) in found]


def _read(told: dict[str, Any]) -> Worker:
    return Worker(**{**told, "doing": tuple(Doing(**task) for task in told["doing"])})


def swept() -> None:
    """The sweep has gone round."""
    try:
        cache.set(SWEPT, timezone.now(), None)
    except RedisError as error:
        logger.warning("The sweep could not say that it went round: %s", error)


def last_sweep() -> datetime | None:
    """When; None where it is not known. Raises RedisError."""
    found: datetime | None = cache.get(SWEPT)
    return found


def _key(name: str) -> str:
    return f"operations:worker:{name}"
