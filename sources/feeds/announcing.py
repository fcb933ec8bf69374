"""What a feed announces becomes its items, each once, and each the job to fetch an article."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_noop

from sources.feeds.formats import Announced
from sources.fetch import FetchError
from sources.models import Document, Feed, FeedItem, Host
from sources.targets import target

State = FeedItem.State
NO_ADDRESS = gettext_noop("The feed names no address for it.")


def announce(feed: Feed, announced: Iterable[Announced]) -> int:
    """Make items of what the feed has not announced before, in the transaction of its poll, which
    has the feed's row locked. What has an article already is not fetched for it. Returns how many
    are new."""
    by_key = {_key(one): one for one in reversed(list(announced))}
    there = set(feed.items.filter(key__in=by_key).values_list("key", flat=True))
    # A feed's latest comes first; ids ascend in the order in which they came to be.
    items = [_item(feed, key, one) for key, one in by_key.items() if key not in there]
    known = _documents([item.url for item in items])
    for item in items:
        if (document := known.get(item.url)) and item.state == State.WAITING:
            item.state, item.document_id, item.finished_at = (
                State.PRESENT,
                document,
                timezone.now(),
            )
    FeedItem.objects.bulk_create(items, batch_size=500)
    sites = sorted({item.host for item in items if item.state == State.WAITING})
    # In order, so that two polls never wait for each other.
    Host.objects.bulk_create(
        [Host(name=site, next_request_at=timezone.now()) for site in sites],
        ignore_conflicts=True,
    )
    return len(items)


def _key(one: Announced) -> str:
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


def _documents(urls: list[str]) -> dict[str, Any]:
    """By address: the document that stands there now, of those that have an article."""
    rows = Document.objects.filter(article__url__in=urls, replaced_at=None)
    return dict(rows.values_list("article__url", "id"))
