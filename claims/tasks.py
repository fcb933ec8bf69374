"""Celery's way into the core: ids in, one service called."""

from __future__ import annotations

from uuid import UUID

from celery import shared_task
from django.conf import settings

from claims import feed, intake, runs
from claims.derive import derive_due
from claims.exports import jobs
from claims.models import DueTown
from claims.operations import workers
from claims.releases import making as releasing
from claims.review import bulk
from claims.webhooks import making, sending
from sources import tasks as of_sources

# Seconds after which a sweep announces what still waits once more: a message that is older wakes
# nobody. Without an end they pile up behind a long queue, and keep workers from what is new.
AGAIN = 2 * settings.SWEEP_INTERVAL


@shared_task
def sweep() -> None:
    """Find documents without a run and runs that wait or are stuck, and wake a task for each;
    likewise for what was brought in, for feeds and for articles; wake one for towns that are due,
    one for batches that were cut off, one for changes that have no place in the feed yet, and one
    for webhooks."""
    for item_id in intake.due():
        take_in.delay(item_id)
    of_sources.wake_due()
    runs.open_new_runs()
    for run_ids in runs.due():
        extract.delay(*run_ids)
    if DueTown.objects.exists():
        derive_statuses.delay()
    if bulk.some_wait():
        decide_batches.delay()
    if feed.some_wait():
        number_changes.delay()
    making.prune()
    if making.some_are_on():
        tell_webhooks.delay()
    for export_id in jobs.due():
        make_export.delay(str(export_id))
    for number in releasing.due():
        make_release.delay(number)
    jobs.expire()
    workers.swept()


@shared_task(time_limit=intake.SECONDS, expires=AGAIN)
def take_in(item_id: int) -> None:
    intake.take_in(item_id)


@shared_task(expires=AGAIN)
def extract(*run_ids: int) -> None:
    runs.extract_all(run_ids)


@shared_task
def derive_statuses() -> None:
    derive_due()


@shared_task
def decide_batches() -> None:
    bulk.go_on_with_all()


@shared_task
def number_changes() -> None:
    feed.numbered(seconds=60)


@shared_task
def tell_webhooks() -> None:
    """Make what is to be delivered, and wake a task for each webhook that something waits for."""
    sending.give_up_dead()
    making.make_deliveries()
    for webhook_id in sending.due():
        send_deliveries.delay(webhook_id)


@shared_task
def send_deliveries(webhook_id: UUID) -> None:
    sending.send(webhook_id)


@shared_task
def make_export(export_id: str) -> None:
    jobs.make(UUID(export_id))


@shared_task
def make_release(number: int) -> None:
    releasing.make(number)
