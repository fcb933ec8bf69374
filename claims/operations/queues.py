"""What waits to be done: by queue, how much, since when, and what failed.

Each queue is a table whose rows are jobs. Messages of the broker only wake workers, and their
number says nothing of what is left to do.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Min, Model, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from claims.extraction.records import EXTRACTOR_VERSION
from claims.models import Delivery, DueTown, Export, ExtractionRun, Release
from sources.models import Document, Feed, FeedItem, IntakeItem

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

# A worker's lease that is over by so much: the sweep, which takes such rows up, does not run.
OVERDUE = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class Queue:
    """`waiting`: not begun, those that are to be tried again later (`put_off`) among them;
    `running`: a worker has it; `stuck`: a worker had it and is gone; `failed`: for good.
    `oldest`: since when the one waits that has waited longest."""

    key: str
    name: StrOrPromise
    waiting: int = 0
    put_off: int = 0
    running: int = 0
    stuck: int = 0
    failed: int = 0
    oldest: datetime | None = None

    def age(self, now: datetime) -> float:
        """Seconds for which the oldest has waited; 0 where none waits."""
        return max(0.0, (now - self.oldest).total_seconds()) if self.oldest else 0.0


@dataclass(frozen=True, slots=True)
class Jobs:
    """Rows that are jobs. `since`: the field that says since when a row waits."""

    name: StrOrPromise
    rows: Callable[[], QuerySet[Any]]
    since: str


def _rows(model: type[Model]) -> Callable[[], QuerySet[Any]]:
    return model._default_manager.order_by


def _runs() -> QuerySet[ExtractionRun]:
    return ExtractionRun.objects.filter(extractor_version=EXTRACTOR_VERSION)


def _deliveries() -> QuerySet[Delivery]:
    """Of webhooks that are on: those of others wait until somebody switches them on."""
    return Delivery.objects.filter(webhook__disabled_at=None).order_by()


JOBS: dict[str, Jobs] = {
    "documents": Jobs(_("documents to read"), _runs, "waiting_since"),
    "items": Jobs(_("texts brought in"), _rows(IntakeItem), "intake__at"),
    "feed-items": Jobs(_("articles from feeds"), _rows(FeedItem), "seen_at"),
    "exports": Jobs(_("exports"), _rows(Export), "at"),
    "releases": Jobs(_("releases"), _rows(Release), "at"),
    "deliveries": Jobs(_("deliveries to webhooks"), _deliveries, "created_at"),
}


def queues(now: datetime) -> list[Queue]:
    """All of them, by the same number of queries however much waits."""
    return [*(_of(key, jobs, now) for key, jobs in JOBS.items()), _feeds(now), _towns()]


def _of(key: str, jobs: Jobs, now: datetime) -> Queue:
    rows = jobs.rows()
    waits, runs = Q(state="waiting"), Q(state="running")
    # By the index of open ones, and that of failed ones.
    counts = rows.filter(state__in=("waiting", "running")).aggregate(
        waiting=Count("pk", filter=waits),
        # Waiting and announced are put off as well, for as long as two sweeps take: see `due`.
        put_off=Count("pk", filter=waits & Q(attempts__gt=0, leased_until__gt=now)),
        running=Count("pk", filter=runs & Q(leased_until__gt=now)),
        stuck=Count("pk", filter=runs & Q(leased_until__lte=now)),
        oldest=Min(jobs.since),
    )
    failed = rows.filter(state="failed").count()
    if key == "documents":
        counts = _with_unopened(counts)
    return Queue(key, jobs.name, **counts, failed=failed)


def _with_unopened(counts: dict[str, Any]) -> dict[str, Any]:
    """Documents that have no run yet: the next sweep gives them one."""
    new = Document.objects.exclude(runs__extractor_version=EXTRACTOR_VERSION)
    found = new.order_by().aggregate(number=Count("pk"), oldest=Min("ingested_at"))
    oldest = min(filter(None, (counts["oldest"], found["oldest"])), default=None)
    return {**counts, "waiting": counts["waiting"] + found["number"], "oldest": oldest}


def _feeds(now: datetime) -> Queue:
    active = Feed.objects.filter(state=Feed.State.ACTIVE).order_by()
    free = Q(leased_until=None) | Q(leased_until__lte=now)
    due = free & Q(next_poll_at__lte=now)
    counts = active.aggregate(
        waiting=Count("pk", filter=due),
        put_off=Count("pk", filter=Q(failures__gt=0, next_poll_at__gt=now)),
        running=Count("pk", filter=Q(leased_until__gt=now)),
        failed=Count("pk", filter=Q(failures__gt=0)),
        oldest=Min("next_poll_at", filter=due),
    )
    return Queue("feeds", _("feeds to poll"), **counts)


def _towns() -> Queue:
    return Queue("towns", _("towns to derive"), waiting=DueTown.objects.count())
