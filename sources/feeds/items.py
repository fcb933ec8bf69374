"""What feeds announced is fetched and becomes documents: a `FeedItem` row is the job.

Workers go in rounds: each time the site has its turn that has not been asked for longest, and of
its items the oldest. So a site with thousands of them keeps none waiting that has one. A worker
takes a row by a conditional UPDATE; a killed one's comes back when its lease ends.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_noop

from sources import articles, moves
from sources.adapters import Defaults, RawDocument
from sources.adapters.raw import parse_time
from sources.evidence import NOT_KEPT, keep
from sources.feeds import politeness, robots
from sources.feeds.robots import NotWanted
from sources.fetch import Fetched, FetchError, fetch
from sources.models import Article, Document, FeedItem, Host, Snapshot
from sources.reading import read_page
from sources.targets import target

logger = logging.getLogger(__name__)

State = FeedItem.State
SECONDS = 170  # after which a worker is stopped; a page takes two minutes at the most
LEASE = timedelta(seconds=SECONDS + 10)
ROUND = 5.0  # seconds for which a worker goes on: what people wait for stands in the same queue
PAUSE = 2.0  # seconds that it waits at most for a site's turn, rather than coming again
AT_ONCE = 8  # rounds that one sweep begins
ATTEMPTS = 7
RETRY = timedelta(minutes=1)  # before the second attempt; four times as long before each next

GAVE_UP = gettext_noop("Given up: each attempt at it was cut off.")
NOTHING = gettext_noop("No article text was found at the address.")


class Unread(FetchError):
    """What was fetched holds no article, or cannot be kept."""


def rounds() -> int:
    """How many rounds are worth beginning: as many as there are sites with something to fetch."""
    return Host.objects.filter(_waiting()).values("pk")[:AT_ONCE].count()


def go_round(seconds: float = ROUND) -> int:
    """Fetch what waits, site by site, until nothing does or the time is over. Returns how many
    items were tried."""
    end = time.monotonic() + seconds
    done = 0
    while time.monotonic() < end:
        mine = politeness.first(_waiting())
        if mine is None:
            wait = politeness.seconds_until(_waiting())
            if wait is None or wait > min(PAUSE, end - time.monotonic()):
                break
            time.sleep(max(wait, 0.05))  # others have what is free
            continue
        done += _turn(mine)
    return done


def _waiting() -> Exists:
    """Of a `Host`: whether there is something to be fetched."""
    return Exists(FeedItem.objects.filter(_takeable(timezone.now()), host=OuterRef("pk")))


def _takeable(now: datetime) -> Q:
    return Q(state=State.WAITING, leased_until=None) | Q(
        state__in=FeedItem.OPEN, leased_until__lte=now
    )


def _turn(mine: politeness.Turn) -> bool:
    """One item, in one's turn at its site. Whether there was one."""
    item = _take(mine.host)
    try:
        with politeness.ending(mine):
            if item is None:
                return False
            if item.attempts > ATTEMPTS:
                _end(item, State.FAILED, GAVE_UP)
                return True
            if item.before_id is None and (document := _there(item)) is not None:
                _end(item, State.PRESENT, document=document)
                return True
            at = target(item.url, settings.FETCH_ALLOW_HOSTS)
            robots.check(at)
            page = fetch(item.url, follow=robots.check)
        _store(item, page)
    except FetchError as error:
        _not_had(item, error)
    return True


def _take(site: str) -> FeedItem | None:
    """The site's oldest item, leased to the caller, who has the turn there."""
    now = timezone.now()
    ids = FeedItem.objects.filter(_takeable(now), host=site).order_by("id").values("id")[:1]
    taken = FeedItem.objects.filter(_takeable(now), id__in=ids)
    with transaction.atomic():
        id_ = taken.select_for_update(skip_locked=True).values_list("id", flat=True).first()
        if id_ is None:
            return None
        FeedItem.objects.filter(id=id_).update(
            state=State.RUNNING, attempts=F("attempts") + 1, leased_until=now + LEASE
        )
    return FeedItem.objects.select_related("feed__publisher", "before").get(id=id_)


def _there(item: FeedItem) -> Document | None:
    """What stands at its address, where another feed has brought it."""
    there = moves.standing([item.url]).get(item.url)
    return Document.objects.get(pk=there) if there else None


def _store(item: FeedItem, page: Fetched) -> None:
    """Keep what was fetched, and make a document of it. Raises FetchError."""
    snapshot = kept(page)
    raw = read_article(page, _defaults(item, page))
    with transaction.atomic():
        if not _ours(item).select_for_update().exists():
            logger.warning("Item %s took longer than its lease: another has it", item.pk)
            return
        ingested = articles.record(raw, snapshot=snapshot, url=page.url, before=item.before)
        state = State.CREATED if ingested.created else State.PRESENT
        _end(item, state, document=ingested.document)


def kept(page: Fetched, article: Article | None = None) -> Snapshot:
    """What was fetched, before it is read. Raises Unread."""
    try:
        return keep(page, article=article)
    except OSError as error:
        raise Unread(NOT_KEPT, passing=True) from error


def read_article(page: Fetched, defaults: Defaults) -> RawDocument:
    """The article on a page. Raises Unread."""
    found = read_page(page, defaults)
    if not found:
        raise Unread(NOTHING)
    if not isinstance(found[0], RawDocument):
        raise Unread(found[0].reason)
    return found[0]


def _defaults(item: FeedItem, page: Fetched) -> Defaults:
    """What the feed says of the article; where neither it nor the page names a publisher or a
    time, the site is the publisher, and the time is now."""
    feed, now = item.feed, timezone.now()
    publisher = feed.publisher.name if feed.publisher else ""
    if not publisher and page.content_type == "text/plain":
        publisher = target(page.url, settings.FETCH_ALLOW_HOSTS).host
    told = parse_time(item.published) if item.published else None
    if told is not None and told > now + timedelta(days=1):
        told = None  # a mistake: nothing is published tomorrow
    return Defaults(
        publisher,
        told or now,
        feed.conflict_slug,
        published_from=Document.PublishedFrom.FEED if told else Document.PublishedFrom.FETCHED,
        published_confidence=Document.Confidence.HIGH if told else Document.Confidence.LOW,
        title=item.title,
        author=item.author,
        url=page.url,
        fetched=now,
    )


def _ours(item: FeedItem) -> QuerySet[FeedItem]:
    """The item's row, if nobody else has taken it since."""
    return FeedItem.objects.filter(id=item.id, state=State.RUNNING, attempts=item.attempts)


def _end(
    item: FeedItem,
    state: str,
    error: str = "",
    *,
    document: Document | None = None,
    values: Mapping[str, object] | None = None,
) -> None:
    # Of what was withdrawn, no words stay.
    told: dict[str, Any] = {}
    if document is not None:
        told = {"before": None}
        told |= {"title": "", "author": ""} if document.withdrawn_at is not None else {}
    _ours(item).update(
        state=state,
        error=error,
        error_values=values or {},
        document=document,
        leased_until=None,
        finished_at=timezone.now(),
        **told,
    )


def _not_had(item: FeedItem | None, error: FetchError) -> None:
    """Try again later what may be otherwise then."""
    if item is None:
        return
    if isinstance(error, NotWanted):
        _end(item, State.REFUSED, error.said, values=error.values)
    elif not error.passing or item.attempts >= ATTEMPTS:
        _end(item, State.FAILED, error.said, values=error.values)
    else:
        wait = max(
            politeness.jittered(RETRY * 4 ** (item.attempts - 1)), politeness.asked_to_wait(error)
        )
        logger.warning("Item %s waits %.0f s: %s", item.pk, wait.total_seconds(), error)
        _ours(item).update(
            state=State.WAITING,
            error=error.said,
            error_values=error.values,
            leased_until=timezone.now() + wait,
        )
