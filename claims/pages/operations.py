"""How the installation does, as its page shows it."""

from __future__ import annotations

import platform
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import django
from django.db import connection
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from claims.extraction.records import EXTRACTOR_VERSION
from claims.models import Delivery, Export, ExtractionRun, Release, Webhook
from claims.operations import sizes
from claims.operations.queues import Queue
from claims.operations.retrying import RETRIES
from claims.operations.workers import Worker
from claims.pages.exports import TABLE_NAMES
from claims.webhooks.managing import PAUSED
from sources.models import BulkImport, Feed, FeedItem, IntakeItem

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

SHOWN = 20  # rows of each kind
CUT_OFF = timedelta(minutes=5)  # without a sign of life from an import


@dataclass(frozen=True, slots=True)
class Trouble:
    """A row that needs somebody. `again`: whether it can be tried again here."""

    key: str
    what: str
    link: str
    since: datetime | None
    why: str
    attempts: int | None = None
    again: bool = True


@dataclass(frozen=True, slots=True)
class Troubles:
    """Those of a kind: the latest `SHOWN`, and how many there are. `key`: of the queue, where they
    can be tried again."""

    key: str
    name: StrOrPromise
    number: int
    rows: Sequence[Trouble]

    @property
    def again(self) -> bool:
        return self.key in RETRIES and any(row.again for row in self.rows)


def troubles(queues: Iterable[Queue], now: datetime) -> list[Troubles]:
    """All kinds of which there is any. Queries are made for these alone, and two besides."""
    found = []
    for queue in queues:
        if queue.failed and queue.key in FAILED:
            found.append(Troubles(queue.key, NAMES[queue.key], queue.failed, FAILED[queue.key]()))
    for key, rows in (("webhooks", _webhooks()), ("imports", _imports(now))):
        if rows:
            found.append(Troubles(key, NAMES[key], len(rows), rows))
    return found


def _documents() -> list[Trouble]:
    runs = ExtractionRun.objects.filter(
        state=ExtractionRun.State.FAILED, extractor_version=EXTRACTOR_VERSION
    )
    found = runs.select_related("document__publisher").defer("document__text").order_by("-id")
    return [
        Trouble(
            str(run.pk),
            str(run.document),
            reverse("document", args=[run.document_id]),
            run.finished_at,
            run.error,
            run.attempts,
        )
        for run in found[:SHOWN]
    ]


def _items() -> list[Trouble]:
    items = IntakeItem.objects.filter(state=IntakeItem.State.FAILED).select_related("intake")
    found = items.defer("text", "upload").order_by("-id")
    return [
        Trouble(
            str(item.pk),
            str(item),
            item.intake.get_absolute_url(),
            item.intake.at,
            item.error_in_words,
            item.attempts,
            again=bool(item.address),
        )
        for item in found[:SHOWN]
    ]


def _feed_items() -> list[Trouble]:
    items = FeedItem.objects.filter(state=FeedItem.State.FAILED).select_related("feed")
    return [
        Trouble(
            str(item.pk),
            str(item),
            item.feed.get_absolute_url(),
            item.finished_at or item.seen_at,
            item.error_in_words,
            item.attempts,
        )
        for item in items.order_by("-id")[:SHOWN]
    ]


def _feeds() -> list[Trouble]:
    failing = Feed.objects.filter(state=Feed.State.ACTIVE, failures__gt=0)
    return [
        Trouble(
            str(feed.pk),
            str(feed),
            feed.get_absolute_url(),
            feed.failing_since,
            feed.error_in_words,
            feed.failures,
        )
        for feed in failing.order_by("failing_since")[:SHOWN]
    ]


def _exports() -> list[Trouble]:
    failed = Export.objects.filter(state=Export.State.FAILED).select_related("by")
    return [
        Trouble(
            str(export.pk),
            gettext("%(table)s as %(format)s, for %(user)s")
            % {
                "table": str(TABLE_NAMES.get(export.table, export.table)).partition(":")[0],
                "format": export.format.upper(),
                "user": export.by,
            },
            "",
            export.at,
            export.error_in_words,
            export.attempts,
        )
        for export in failed.order_by("-at")[:SHOWN]
    ]


def _releases() -> list[Trouble]:
    failed = Release.objects.filter(state=Release.State.FAILED)
    return [
        Trouble(
            str(release.pk),
            str(release),
            reverse("release", args=[release.number]),
            release.at,
            release.error_in_words,
            release.attempts,
        )
        for release in failed[:SHOWN]
    ]


def _deliveries() -> list[Trouble]:
    failed = Delivery.objects.filter(state=Delivery.State.FAILED, webhook__disabled_at=None)
    found = failed.select_related("webhook").defer("body").order_by("-id")
    return [
        Trouble(
            str(one.pk),
            str(one.webhook) if one.change is None else f"{one.webhook}, {one.change}",
            reverse("webhook", args=[one.webhook_id]),
            one.created_at,
            one.error_in_words,
            one.attempts,
        )
        for one in found[:SHOWN]
    ]


def _webhooks() -> list[Trouble]:
    """That are failing, or were switched off for it: not those that somebody paused."""
    failing = Q(disabled_at=None, failing_since__isnull=False)
    off = Q(disabled_at__isnull=False) & ~Q(disabled_because=PAUSED)
    return [
        Trouble(
            str(one.pk),
            str(one),
            reverse("webhook", args=[one.pk]),
            one.disabled_at or one.failing_since,
            gettext(one.disabled_because) if one.disabled_because else gettext("It is failing."),
            again=False,
        )
        for one in Webhook.objects.filter(failing | off)[:SHOWN]
    ]


def _imports(now: datetime) -> list[Trouble]:
    silent = BulkImport.objects.filter(state=BulkImport.State.OPEN, told_at__lt=now - CUT_OFF)
    told = gettext("Cut off at line %(line)d: the same command with the same file goes on there.")
    return [
        Trouble(str(one.pk), one.name, "", one.told_at, told % {"line": one.lines}, again=False)
        for one in silent[:SHOWN]
    ]


FAILED: dict[str, Callable[[], list[Trouble]]] = {
    "documents": _documents,
    "items": _items,
    "feed-items": _feed_items,
    "feeds": _feeds,
    "exports": _exports,
    "releases": _releases,
    "deliveries": _deliveries,
}
NAMES: dict[str, StrOrPromise] = {
    "documents": _("Documents that could not be read"),
    "items": _("Texts that could not be taken in"),
    "feed-items": _("Articles from feeds that could not be fetched"),
    "feeds": _("Feeds that cannot be polled"),
    "exports": _("Exports that could not be made"),
    "releases": _("Releases that could not be made"),
    "deliveries": _("Deliveries that no receiver took"),
    "webhooks": _("Webhooks that are failing, or off for it"),
    "imports": _("Imports of large files that were cut off"),
}


@dataclass(frozen=True, slots=True)
class WorkerRow:
    worker: Worker
    alive: bool
    begun: int


def worker_rows(workers: Iterable[Worker], now: datetime) -> list[WorkerRow]:
    return [WorkerRow(one, one.alive(now), sum(one.begun.values())) for one in workers]


def versions() -> list[tuple[StrOrPromise, str]]:
    """What runs, each with its version."""
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        [postgres] = cursor.fetchone()
    found: list[tuple[Any, str]] = [
        (_("sources"), sizes.version()),
        (_("extractor"), EXTRACTOR_VERSION),
        ("PostgreSQL", postgres.partition(" ")[0]),
        ("Django", django.get_version()),
        ("Python", platform.python_version()),
    ]
    return found
