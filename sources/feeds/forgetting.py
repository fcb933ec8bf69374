"""What feeds said of an article that is withdrawn, often with its first lines or all of them: the
answers in which they announced it go, too, each as a whole."""

from __future__ import annotations

import gzip
import logging
import zlib
from collections.abc import Collection, Iterable, Iterator
from datetime import timedelta
from email.message import Message

from django.db.models import Q

from sources.evidence import content, withdraw_stored
from sources.feeds import formats
from sources.feeds.announcing import key_of
from sources.feeds.formats import Announced, NotAFeed
from sources.fetch import Fetched
from sources.models import Document, Feed, FeedItem, Snapshot, StoredBytes

logger = logging.getLogger(__name__)

# A feed's answers in a row that lack an article, after which none is looked for in later ones.
ENOUGH = 20
BEFORE = timedelta(minutes=5)  # of when it was written down as announced: when the answer came


def withdraw_announcements(documents: Collection[Document]) -> list[StoredBytes]:
    """Take away those answers of feeds that announced one of the documents. What cannot be read
    is none of them; call it before the documents' items are removed."""
    of_them = Q(document__in=documents) | Q(before__documents__in=documents)
    ids: set[str] = set()
    for item in FeedItem.objects.filter(of_them).select_related("feed").distinct():
        ids |= {one.bytes_id for one in _announcing(item)}
    return withdraw_stored(StoredBytes.objects.filter(pk__in=ids).order_by("pk"))


def forget_if_withdrawn(answer: Snapshot, feed: Feed, announced: Iterable[Announced]) -> None:
    """Take away an answer of the feed that still announces what is withdrawn."""
    keys = {key_of(one) for one in announced}
    if feed.items.filter(key__in=keys, document__withdrawn_at__isnull=False).exists():
        withdraw_stored(StoredBytes.objects.filter(pk=answer.bytes_id))


def _announcing(item: FeedItem) -> Iterator[Snapshot]:
    of_feed = Q(asked=item.feed.url) | Q(address=item.feed.url)
    rows = Snapshot.objects.filter(of_feed, at__gte=item.seen_at - BEFORE).order_by("at", "pk")
    lacking = 0
    for snapshot in rows.select_related("bytes").iterator(chunk_size=100):
        if item.key in _keys(snapshot):
            lacking = 0
            yield snapshot
        elif (lacking := lacking + 1) == ENOUGH:
            return


def _keys(snapshot: Snapshot) -> set[str]:
    """What an answer of a feed announced, as items are told by it."""
    try:
        return {key_of(one) for one in formats.read(_as_fetched(snapshot)).announced}
    except (OSError, EOFError, zlib.error, NotAFeed) as error:
        logger.warning("What was received as %s cannot be read as a feed: %s", snapshot.pk, error)
        return set()


def _as_fetched(snapshot: Snapshot) -> Fetched:
    """As it came, for whoever reads it again. Raises OSError, and what unpacking raises."""
    headers = {name.lower(): value for name, value in snapshot.headers}
    received = content(snapshot.bytes)
    if headers.get("content-encoding", "").strip().lower() == "gzip":
        received = gzip.decompress(received)
    said = Message()
    said["Content-Type"] = headers.get("content-type", "")
    return Fetched(
        snapshot.address, received, said.get_content_type(), said.get_content_charset() or ""
    )
