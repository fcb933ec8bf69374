"""What failed for good is tried again: one, or all of a queue."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import date

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet

from claims.access.roles import require
from claims.exports import jobs
from claims.extraction.records import EXTRACTOR_VERSION
from claims.models import Delivery, Export, ExtractionRun, Release, Webhook
from claims.releases import making
from claims.webhooks import managing as webhooks
from sources.feeds import managing as feeds
from sources.ingest import wake
from sources.models import Feed, FeedItem, IntakeItem

logger = logging.getLogger(__name__)

EVER = date(2000, 1, 1)  # before all deliveries


def retry(*, queue: str, by: User, key: str = "") -> int:
    """Let what failed in a queue wait once more, with all its attempts: the row of that primary
    key, or all. Returns how many; rows that have not failed are left alone. Raises
    PermissionDenied, ValidationError for what can be no key, and KeyError for no such queue."""
    require(by, "manage")
    count = RETRIES[queue](by, {"pk": key} if key else {})
    logger.info("Queue %s: %d tried again, as %s asked", queue, count, by)
    transaction.on_commit(wake)
    return count


def wake_workers(*, by: User) -> None:
    """Look for what waits now rather than at the next sweep. Raises PermissionDenied."""
    require(by, "manage")
    wake()


Which = dict[str, str]  # lookups


def _documents(by: User, which: Which) -> int:
    return ExtractionRun.objects.filter(extractor_version=EXTRACTOR_VERSION, **which).try_again()


def retriable_items() -> QuerySet[IntakeItem]:
    """Those that can be had once more: what was sent as a file is gone when it could not be
    read."""
    return IntakeItem.objects.filter(state=IntakeItem.State.FAILED).exclude(address="")


def _items(by: User, which: Which) -> int:
    return (
        retriable_items()
        .filter(**which)
        .update(
            state=IntakeItem.State.WAITING,
            attempts=0,
            error="",
            error_values={},
            leased_until=None,
        )
    )


def _feed_items(by: User, which: Which) -> int:
    failed = FeedItem.objects.filter(state=FeedItem.State.FAILED, **which)
    if which:
        return _each(failed, lambda item: feeds.try_again(item=item, by=by))
    of_feeds = Feed.objects.filter(pk__in=failed.values("feed")).order_by()
    return sum(feeds.try_all_again(feed=feed, by=by) for feed in of_feeds)


def _feeds(by: User, which: Which) -> int:
    failing = Feed.objects.filter(state=Feed.State.ACTIVE, failures__gt=0, **which)
    return _each(failing, lambda feed: feeds.poll_now(feed=feed, by=by))


def _exports(by: User, which: Which) -> int:
    return jobs.let_wait(Export.objects.filter(state=Export.State.FAILED, **which))


def _releases(by: User, which: Which) -> int:
    failed = Release.objects.filter(state=Release.State.FAILED, **which)
    return _each(failed, lambda release: making.try_again(release=release, by=by))


def _deliveries(by: User, which: Which) -> int:
    failed = Delivery.objects.filter(
        state=Delivery.State.FAILED, webhook__disabled_at=None, **which
    ).select_related("webhook")
    if which:
        return _each(failed, lambda one: webhooks.replay(delivery=one, by=by))
    told = Webhook.objects.filter(pk__in=failed.values("webhook")).order_by()
    return sum(webhooks.replay_failed(webhook=one, since=EVER, by=by) for one in told)


def _each(rows: QuerySet, again: Callable[..., None]) -> int:
    """Of how many it could be done: somebody else may have been quicker."""
    done = 0
    for row in rows:
        try:
            again(row)
        except ValidationError as error:
            logger.info("%s is left alone: %s", row, " ".join(error.messages))
        else:
            done += 1
    return done


RETRIES: dict[str, Callable[[User, Which], int]] = {
    "documents": _documents,
    "items": _items,
    "feed-items": _feed_items,
    "feeds": _feeds,
    "exports": _exports,
    "releases": _releases,
    "deliveries": _deliveries,
}
