"""What a feed announces becomes its items, each once, and each the job to fetch an article."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.db.models import OuterRef, Subquery
from django.utils import timezone
from django.utils.translation import gettext_noop

from sources import moves
from sources.feeds.formats import Announced
from sources.fetch import FetchError
from sources.models import Article, Document, Feed, FeedItem, Host
from sources.targets import target

State = FeedItem.State
AGAIN = timedelta(days=1)  # before one is fetched at another address of its feed's
ANEW = (
    *("url", "host", "title", "author", "state", "document", "before", "attempts"),
    *("error", "error_values", "finished_at", "leased_until"),
)
NO_ADDRESS = gettext_noop("The feed names no address for it.")


def announce(feed: Feed, announced: Iterable[Announced]) -> int:
    """Make items of what the feed has not announced before, in the transaction of its poll, which
    has the feed's row locked. What has an article already is not fetched for it; what the feed
    gives another address than before is fetched there. Returns how many are new or moved."""
    by_key: dict[str, list[Announced]] = {}
    for one in announced:
        by_key.setdefault(key_of(one), []).append(one)
    there = dict(feed.items.filter(key__in=by_key).values_list("key", "url"))
    # A feed's latest comes first; ids ascend in the order in which they came to be.
    new = [key for key in reversed(by_key) if key not in there]
    items = [_item(feed, key, by_key[key][0]) for key in new]
    known = moves.standing([item.url for item in items])
    withdrawn = _withdrawn(known.values())
    for item in items:
        if (document := known.get(item.url)) and item.state == State.WAITING:
            item.state, item.document_id, item.finished_at = (
                State.PRESENT,
                document,
                timezone.now(),
            )
            if document in withdrawn:  # of it, no words stay
                item.title = item.author = ""
    FeedItem.objects.bulk_create(items, batch_size=500)
    moved = _follow(feed, there, by_key)
    sites = sorted({item.host for item in (*items, *moved) if item.state == State.WAITING})
    # In order, so that two polls never wait for each other.
    Host.objects.bulk_create(
        [Host(name=site, next_request_at=timezone.now()) for site in sites],
        ignore_conflicts=True,
    )
    return len(items) + len(moved)


def _withdrawn(documents: Iterable[UUID]) -> set[UUID]:
    rows = Document.objects.filter(pk__in=set(documents), withdrawn_at__isnull=False)
    return set(rows.values_list("pk", flat=True))


def _follow(
    feed: Feed, there: Mapping[str, str], announced: Mapping[str, Sequence[Announced]]
) -> list[FeedItem]:
    """Let items wait again to which the feed gives another address by now, under the same id: what
    stands there is the same article. A feed that gives one id to several is not believed; nor is
    one followed at once, since some feeds give other addresses whenever they are asked. What is
    withdrawn is looked for no more."""
    found = {
        key: item
        for key, url in there.items()
        if len({one.url for one in announced[key]}) == 1
        and (item := _item(feed, key, announced[key][0])).state == State.WAITING
        and _place(item.url) != _place(url)
    }
    before = Article.objects.filter(documents__announced=OuterRef("pk")).values("pk")
    done = feed.items.filter(key__in=found, finished_at__lte=timezone.now() - AGAIN)
    done = done.exclude(document__withdrawn_at__isnull=False)
    moved = []
    for row in done.annotate(was=Subquery(before)):
        item = found[row.key]
        item.pk, item.before_id = row.pk, row.was or row.before_id
        moved.append(item)
    FeedItem.objects.bulk_update(moved, ANEW, batch_size=500)
    return moved


def _place(url: str) -> tuple[str, str]:
    """Of an address what tells places on the web: the rest is often who asks, or when."""
    parts = urlsplit(url)
    return parts.netloc, parts.path


def key_of(one: Announced) -> str:
    """What an item of it is told by."""
    return hashlib.sha256(one.id.encode("utf-8", "replace")).hexdigest()


def _item(feed: Feed, key: str, one: Announced) -> FeedItem:
    """One whose address cannot be fetched says so, rather than being missed."""
    about: dict[str, Any] = {
        "title": one.title,
        "author": one.author,
        "published": one.published[:40],
        "seen_at": timezone.now(),
    }
    try:
        if not one.url:
            raise FetchError(NO_ADDRESS)
        at = target(one.url, settings.FETCH_ALLOW_HOSTS)
    except FetchError as error:
        about |= {"state": State.FAILED, "error": error.said, "error_values": error.values}
        return FeedItem(feed=feed, key=key, url=one.url[:2000], finished_at=timezone.now(), **about)
    return FeedItem(feed=feed, key=key, url=at.url[:2000], host=at.site, **about)
