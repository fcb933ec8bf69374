"""Feeds are polled: a `Feed` row is the job, and a message only wakes it.

Each has its own interval: shorter when something new has come, longer when nothing has. A worker
takes a row by counting its poll, and has it until the lease ends; that of a killed one is polled
again. What a feed announces becomes `FeedItem` rows, each once for the feed, in the transaction
that ends the poll.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_noop

from sources.evidence import NOT_KEPT, keep
from sources.feeds import formats, politeness, robots
from sources.feeds.announcing import announce
from sources.feeds.forgetting import forget_if_withdrawn
from sources.feeds.formats import MOST_PARTS, Announced, Contents, Part
from sources.feeds.politeness import NotYet, jittered, turn
from sources.fetch import Fetched, FetchError, fetch
from sources.models import Feed
from sources.targets import target

logger = logging.getLogger(__name__)

State = Feed.State
SECONDS = 110  # after which a worker is stopped
LEASE = timedelta(seconds=SECONDS + 10)
SHORTEST, LONGEST = 300, 24 * 3600  # seconds between two polls
FASTER, SLOWER = 0.5, 1.25  # by what the interval changes: about four polls for each that brings
BATCH = 100  # messages that one sweep sends
FOR_A_SITE = 5  # of them; the rest of a site's feeds wait for the next sweeps
LOOKED_AT = 1000  # due feeds, among which these are sought

CUT_OFF = gettext_noop("The poll was cut off before its end.")
LEFT_OUT = gettext_noop("%(count)d announcements were left out: more than %(most)d at once.")
PARTS_LEFT = gettext_noop("%(count)d of the index’s sitemaps that have changed were not read.")
MOVED_ONTO = gettext_noop("The site has moved the feed to %(url)s, where another feed is.")


@dataclass(frozen=True, slots=True)
class Polled:
    """How a poll ended. `new`: articles that had not been announced before. `error`: as
    `Feed.error_in_words`; "" where there was none."""

    feed: Feed
    new: int = 0
    error: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """What a feed and the sitemaps that it names have; `page` is the feed's own answer."""

    page: Fetched
    contents: Contents | None = None  # None: nothing has changed
    announced: tuple[Announced, ...] = ()
    missed: int = 0  # changed sitemaps that were not read


def due(limit: int = BATCH) -> list[UUID]:
    """Ids of feeds to be polled, those that wait longest first, few of each site; put off until
    the sweep after next so that they are not announced again and again."""
    now = timezone.now()
    waiting = Feed.objects.filter(_free(now), state=State.ACTIVE, next_poll_at__lte=now)
    rows = waiting.order_by("next_poll_at").values_list("id", "url")[:LOOKED_AT]
    ids: list[UUID] = []
    of_site: dict[str, int] = {}
    for id_, url in rows:
        site = _site(url)
        of_site[site] = of_site.get(site, 0) + 1
        if of_site[site] <= FOR_A_SITE and len(ids) < limit:
            ids.append(id_)
    Feed.objects.filter(_free(now), id__in=ids, next_poll_at__lte=now).update(
        next_poll_at=now + _announced_for()
    )
    return ids


def poll(feed_id: UUID) -> Polled | None:
    """Ask the feed what is new. None where it is not due, or another worker has it, or others
    have the turn at its site; it is polled later then."""
    feed = _take(feed_id)
    if feed is None:
        return None
    try:
        with turn(target(feed.url, settings.FETCH_ALLOW_HOSTS).site):
            page = ask(feed.url, etag=feed.etag, modified=feed.modified)
        found = _read(feed, page)
    except NotYet as busy:
        # It has not been asked, so a poll that was cut off before is none that failed again.
        _ours(feed).update(leased_until=None, next_poll_at=jittered_after(busy.until))
        return None
    except FetchError as error:
        return _failed(feed, error)
    try:
        return _succeeded(feed, found)
    except OSError:
        logger.exception("What the feed %s announces is not kept", feed.url)
        return _failed(feed, FetchError(NOT_KEPT, passing=True))


def look(url: str) -> tuple[Fetched, Contents]:
    """What a feed at the address has, without a row. Raises FetchError, also where there is none,
    and NotYet."""
    with turn(target(url, settings.FETCH_ALLOW_HOSTS).site):
        page = ask(url)
    return page, formats.read(page)


def ask(url: str, *, etag: str = "", modified: str = "") -> Fetched:
    """What stands at a feed's address, within one's turn there. Raises FetchError."""
    robots.check(target(url, settings.FETCH_ALLOW_HOSTS))
    return fetch(url, types=None, etag=etag, modified=modified, follow=robots.check)


def jittered_after(then: datetime) -> datetime:
    """A little later: not all that waited come at once."""
    return then + jittered(timedelta(seconds=1))


def _read(feed: Feed, page: Fetched) -> Found:
    """Raises FetchError, and NotYet before a part of it was read."""
    if not page.changed:
        return Found(page)
    contents = formats.read(page)
    announced = list(contents.announced)
    changed = [
        part
        for part in sorted(contents.parts, key=_latest, reverse=True)
        if feed.succeeded_at is None or part.changed is None or part.changed >= feed.succeeded_at
    ]
    read = 0
    for more in _of_parts(changed[:MOST_PARTS]):
        announced += more.announced
        read += 1
    return Found(page, contents, tuple(announced), len(changed) - read)


def _latest(part: Part) -> float:
    return part.changed.timestamp() if part.changed else 0


def _of_parts(parts: list[Part]) -> Iterator[Contents]:
    """Those sitemaps that can be had, while there is time. What is not read is counted by whoever
    asks."""
    end = time.monotonic() + SECONDS / 2
    for part in parts:
        if time.monotonic() > end:
            return
        try:
            with turn(target(part.url, settings.FETCH_ALLOW_HOSTS).site, patience=10):
                page = ask(part.url)
            yield formats.read(page)
        except (FetchError, NotYet) as error:
            logger.warning("The sitemap %s was not read: %s", part.url, error)


def _take(feed_id: UUID) -> Feed | None:
    """The feed, leased to the caller; None where another has it or it is not due."""
    now = timezone.now()
    soon = now + _announced_for()
    rows = Feed.objects.filter(id=feed_id, state=State.ACTIVE, next_poll_at__lte=soon)
    with transaction.atomic():
        feed = rows.filter(_free(now)).select_for_update(of=("self",), skip_locked=True).first()
        if feed is None:
            return None
        if feed.leased_until is not None:  # and ended: the last poll did not
            _count_failure(feed, CUT_OFF, now)
        feed.polls += 1
        feed.polled_at, feed.leased_until = now, now + LEASE
        feed.save()
    return feed


def _free(now: datetime) -> Q:
    return Q(leased_until=None) | Q(leased_until__lte=now)


def _announced_for() -> timedelta:
    return timedelta(seconds=2 * settings.SWEEP_INTERVAL)


def _ours(feed: Feed) -> QuerySet[Feed]:
    """The feed's row, if nobody else has polled it or given it another address since."""
    return Feed.objects.filter(pk=feed.pk, polls=feed.polls, url=feed.url)


@transaction.atomic
def _succeeded(feed: Feed, found: Found) -> Polled | None:
    """Write down what the feed announces, and when to ask it again."""
    row = _ours(feed).select_for_update().first()
    if row is None:
        return None
    now, first = timezone.now(), feed.succeeded_at is None
    new = announce(row, found.announced)
    if new:
        answer = keep(found.page)  # what the articles were announced by; the rest says nothing
        forget_if_withdrawn(answer, row, found.announced)
        row.new_at = now
    _note_contents(row, found)
    row.etag = _kept(found.page.etag, 500) or ("" if found.page.changed else row.etag)
    row.modified = _kept(found.page.modified, 100) or ("" if found.page.changed else row.modified)
    row.interval = row.interval if first else _interval(row.interval, new)
    row.next_poll_at = now + jittered(timedelta(seconds=row.interval))
    row.succeeded_at, row.leased_until = now, None
    row.failures, row.failing_since = 0, None
    row.save()
    return Polled(row, new, row.error_in_words)


def _note_contents(row: Feed, found: Found) -> None:
    """Kind, title and address, where they are told, and what of the feed could not be taken."""
    contents = found.contents
    left_out = 0
    if contents is not None:
        row.kind, row.title = contents.kind, row.title or contents.title
        left_out = contents.left_out
    row.error, row.error_values = "", {}
    if left_out:
        row.error = LEFT_OUT
        row.error_values = {"count": left_out, "most": formats.MOST}
    elif found.missed:
        row.error, row.error_values = PARTS_LEFT, {"count": found.missed}
    moved = found.page.moved
    if not moved or moved == row.url:
        return
    if Feed.objects.filter(url=moved).exists():
        row.error, row.error_values = MOVED_ONTO, {"url": moved}
    else:
        row.url = moved


def _kept(header: str, most: int) -> str:
    """A validator as it is; one that is cut off would be another."""
    return header if len(header) <= most else ""


def _interval(seconds: int, new: int) -> int:
    return int(min(max(seconds * (FASTER if new else SLOWER), SHORTEST), LONGEST))


@transaction.atomic
def _failed(feed: Feed, error: FetchError) -> Polled | None:
    """Write down why, and ask again later, each time twice as late; never where it is gone."""
    row = _ours(feed).select_for_update().first()
    if row is None:
        return None
    now = timezone.now()
    _count_failure(row, error.said, now, **error.values)
    later = jittered(timedelta(seconds=min(row.interval * 2 ** min(row.failures, 10), LONGEST)))
    row.next_poll_at = now + max(later, politeness.asked_to_wait(error))
    row.leased_until = None
    if error.status == HTTPStatus.GONE:
        row.state = State.GONE
    row.save()
    logger.warning("The feed %s failed: %s", row.url, error)
    return Polled(row, 0, row.error_in_words)


def _count_failure(row: Feed, said: str, now: datetime, **values: object) -> None:
    row.failures += 1
    row.failing_since = row.failing_since or now
    row.error, row.error_values = said, dict(values)


def _site(url: str) -> str:
    try:
        return target(url, settings.FETCH_ALLOW_HOSTS).site
    except FetchError:
        return ""  # its poll says what is wrong
