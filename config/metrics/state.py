"""What stands in the database, the cache and the broker, when it is scraped.

Each process of each server answers the same: who adds several up must take the largest, not the
sum.
"""

from __future__ import annotations

import logging
import platform
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime

from django.db import DatabaseError
from django.utils import timezone
from kombu.exceptions import OperationalError
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from redis.exceptions import RedisError

from claims.extraction.records import EXTRACTOR_VERSION
from claims.models import Webhook
from claims.operations import feeds, messages, queues, sizes, workers

logger = logging.getLogger(__name__)

Families = Iterator[Metric]


class State(Collector):
    """What a server does not answer for is left out, and `claims_server_up` says which it is."""

    def describe(self) -> Iterable[Metric]:
        return ()  # registering it must ask nobody

    def collect(self) -> Families:
        now = timezone.now()
        up = _gauge("claims_server_up", "Whether a server answers.", "server")
        for server, collect, gone in PARTS:
            try:
                yield from list(collect(now))
            except gone as error:
                logger.warning("Metrics: no answer of the %s: %s", server, error)
                up.add_metric([server], 0)
            else:
                up.add_metric([server], 1)
        yield up
        info = _gauge("claims_build_info", "1, with what runs.", "revision", "extractor", "python")
        info.add_metric([sizes.version(), EXTRACTOR_VERSION, platform.python_version()], 1)
        yield info


def _gauge(name: str, told: str, *labels: str) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, told, labels=labels)


def _database(now: datetime) -> Families:
    yield from _queues(now)
    yield from _feeds(now)
    webhooks = _gauge("claims_webhooks", "Webhooks, by whether they can be told.", "state")
    on = Webhook.objects.filter(disabled_at=None)
    webhooks.add_metric(["on"], on.filter(failing_since=None).count())
    webhooks.add_metric(["failing"], on.exclude(failing_since=None).count())
    webhooks.add_metric(["off"], Webhook.objects.exclude(disabled_at=None).count())
    yield webhooks
    yield GaugeMetricFamily(
        "claims_database_bytes", "The database's size.", value=sizes.database_size()
    )
    files = _gauge("claims_files_bytes", "What is kept in files, by kind.", "kind")
    for kept in sizes.kept():
        files.add_metric([kept.key], kept.size)
    yield files
    disks = _gauge("claims_disk_free_bytes", "Left on the disk of a folder of files.", "folder")
    for disk in sizes.disks():
        disks.add_metric([disk.key], disk.free)
    yield disks


def _queues(now: datetime) -> Families:
    jobs = _gauge(
        "claims_queue_jobs",
        "What is to be done, by queue: waiting (put_off among them), running, stuck (its worker "
        "is gone), failed (for good; of feeds, failing now).",
        *("queue", "state"),
    )
    oldest = _gauge(
        "claims_queue_oldest_seconds", "How long the oldest of a queue has waited.", "queue"
    )
    lag = 0.0
    for queue in queues.queues(now):
        for state in ("waiting", "put_off", "running", "stuck", "failed"):
            jobs.add_metric([queue.key, state], getattr(queue, state))
        oldest.add_metric([queue.key], queue.age(now))
        if queue.key == "documents":
            lag = queue.age(now)
    yield jobs
    yield oldest
    yield GaugeMetricFamily(
        "claims_extraction_lag_seconds",
        "How long the document has waited to be read that has waited longest.",
        value=lag,
    )


def _feeds(now: datetime) -> Families:
    states = _gauge("claims_feeds", "Feeds, by how they do.", "state")
    for state, number in feeds.states(now).items():
        states.add_metric([state], number)
    yield states


def _cache(now: datetime) -> Families:
    alive = _gauge("claims_worker_up", "Whether a worker gives signs of life.", "worker")
    busy = _gauge("claims_worker_busy", "How many tasks a worker is at.", "worker")
    places = _gauge("claims_worker_processes", "How many it can be at at once.", "worker")
    begun = CounterMetricFamily(
        "claims_worker_tasks",
        "Tasks that a worker has begun since it was started.",
        labels=("worker", "task"),
    )
    for worker in workers.workers():
        alive.add_metric([worker.name], int(worker.alive(now)))
        if worker.alive(now):
            busy.add_metric([worker.name], len(worker.doing))
            places.add_metric([worker.name], worker.processes)
            for task, number in worker.begun.items():
                begun.add_metric([worker.name, task], number)
    yield from (alive, busy, places, begun)
    if (swept := workers.last_sweep()) is not None:
        yield GaugeMetricFamily(
            "claims_sweep_age_seconds",
            "Since the sweep, which finds what waits, last went round.",
            value=max(0.0, (now - swept).total_seconds()),
        )


def _broker(now: datetime) -> Families:
    waiting = _gauge("claims_broker_messages", "Messages that no worker has taken yet.", "queue")
    for queue, number in messages.waiting().items():
        waiting.add_metric([queue], number)
    yield waiting


PARTS: tuple[tuple[str, Callable[[datetime], Families], tuple[type[Exception], ...]], ...] = (
    ("database", _database, (DatabaseError,)),
    ("cache", _cache, (RedisError,)),
    ("broker", _broker, (OperationalError,)),
)
