"""What operators do with feeds. Whether they may is asked by whoever calls this."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext

from sources.feeds.opml import Outline
from sources.fetch import FetchError
from sources.ingest import wake
from sources.models import Feed, FeedItem, Publisher
from sources.targets import target

logger = logging.getLogger(__name__)

State, Items = Feed.State, FeedItem.State
MISSED = (Items.FAILED, Items.REFUSED)
_HEALTHY: dict[str, Any] = {"failures": 0, "failing_since": None, "error": "", "error_values": {}}


class Outcome(StrEnum):
    """What became of a line of a list."""

    ADDED = "added"
    PRESENT = "present"
    TWICE = "twice"  # it is in the list above, too
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Imported:
    """`feed`: the one that was added, or was there; `reason`: why it was refused, in words."""

    outline: Outline
    outcome: Outcome
    feed: Feed | None = None
    reason: str = ""


def checked_url(url: str) -> str:
    """The address as it is kept: such as the guarded fetcher asks. Nothing is sent, and no name
    looked up. Raises ValidationError."""
    try:
        return target(url.strip(), settings.FETCH_ALLOW_HOSTS).url
    except FetchError as error:
        raise ValidationError(gettext(error.said) % error.values) from None


@transaction.atomic
def add(
    *,
    by: User,
    url: str,
    title: str = "",
    publisher: str = "",
    conflict: str = "",
    kind: str = "",
) -> Feed:
    """A feed that is polled at once, and then as often as it announces something. Raises
    ValidationError by field where the address is none, or is polled already."""
    feed = Feed(
        url=_proper(url),
        title=title.strip()[:300],
        kind=kind,
        publisher=_publisher(publisher),
        conflict_slug=conflict,
        added_by=by,
        next_poll_at=timezone.now(),
    )
    _save(feed)
    logger.info("Feed %s was added by %s", feed.url, by)
    transaction.on_commit(wake)
    return feed


@transaction.atomic
def edit(
    *, feed: Feed, by: User, url: str, title: str = "", publisher: str = "", conflict: str = ""
) -> Feed:
    """Say something else of a feed. At another address it starts anew, and items that it has
    announced already stay known. Raises ValidationError by field, as `add`."""
    held = Feed.objects.select_for_update().get(pk=feed.pk)
    held.title, held.conflict_slug = title.strip()[:300], conflict
    held.publisher = _publisher(publisher)
    proper = _proper(url)
    if proper != held.url:
        held.url, held.kind, held.etag, held.modified = proper, "", "", ""
        for name, value in _HEALTHY.items():
            setattr(held, name, value)
        # Whoever polls the old address at this moment is no longer the one who may say how it went.
        held.polls += 1
        held.leased_until, held.next_poll_at = None, timezone.now()
        transaction.on_commit(wake)
    _save(held)
    logger.info("Feed %s was edited by %s", held.url, by)
    return held


def pause(*, feed: Feed, by: User) -> None:
    """Poll it no more until it is resumed. What it has announced is fetched all the same."""
    Feed.objects.filter(pk=feed.pk, state=State.ACTIVE).update(state=State.PAUSED)
    logger.info("Feed %s was paused by %s", feed.url, by)


def resume(*, feed: Feed, by: User) -> None:
    """Poll it again, at once; also one that is gone, as far as the site has said."""
    off = Feed.objects.filter(pk=feed.pk).exclude(state=State.ACTIVE)
    if off.update(state=State.ACTIVE, next_poll_at=timezone.now(), **_HEALTHY):
        logger.info("Feed %s was resumed by %s", feed.url, by)
        transaction.on_commit(wake)


def poll_now(*, feed: Feed, by: User) -> None:
    """Poll it before it is due. Raises ValidationError where it is not polled at all."""
    on = Feed.objects.filter(pk=feed.pk, state=State.ACTIVE)
    if not on.update(next_poll_at=timezone.now()):
        raise ValidationError(gettext("It is not polled: resume it first."))
    logger.info("Feed %s is polled now, as %s asked", feed.url, by)
    transaction.on_commit(wake)


@transaction.atomic
def remove(*, feed: Feed, by: User) -> None:
    """Forget a feed and what it announced. Documents that came of that stay."""
    feed.delete()
    logger.info("Feed %s was removed by %s", feed.url, by)


def try_again(*, item: FeedItem, by: User) -> None:
    """Fetch an item once more that failed, or was not wanted by robots.txt. Raises
    ValidationError where it did not."""
    if not _again(FeedItem.objects.filter(pk=item.pk)):
        raise ValidationError(
            gettext("It has not failed, or somebody else tries it again already.")
        )
    logger.info("Item %s is tried again, as %s asked", item.url, by)


def try_all_again(*, feed: Feed, by: User) -> int:
    """Fetch once more all items that failed and have an address; not those that robots.txt does
    not want. Returns how many."""
    count = _again(feed.items.exclude(state=Items.REFUSED))
    logger.info("%d items of feed %s are tried again, as %s asked", count, feed.url, by)
    return count


@transaction.atomic
def import_outlines(
    *, outlines: Sequence[Outline], conflicts: Mapping[str, str], by: User
) -> list[Imported]:
    """Add the feeds of a list, in its order: what became of each. `conflicts` has the short names
    of conflicts by what folders may be called, in small letters; the innermost that matches
    counts. Nothing is asked of the sites now: the polls say what cannot be read."""
    read = [(outline, *_url_or_reason(outline.url)) for outline in outlines]
    there = {feed.url: feed for feed in Feed.objects.filter(url__in=[url for _, url, _ in read])}
    now, made = timezone.now(), dict[str, Feed]()
    found = []
    for outline, url, reason in read:
        if not url:
            found.append(Imported(outline, Outcome.REFUSED, None, reason))
        elif url in there:
            found.append(Imported(outline, Outcome.PRESENT, there[url]))
        elif url in made:
            found.append(Imported(outline, Outcome.TWICE, made[url]))
        else:
            made[url] = Feed(
                url=url,
                title=outline.title,
                conflict_slug=_conflict(outline, conflicts),
                added_by=by,
                next_poll_at=now,
            )
            found.append(Imported(outline, Outcome.ADDED, made[url]))
    # One that somebody else adds at this moment is there, which is what was asked for.
    Feed.objects.bulk_create(made.values(), batch_size=500, ignore_conflicts=True)
    logger.info("%d feeds of a list of %d were added by %s", len(made), len(read), by)
    transaction.on_commit(wake)
    return found


def _url_or_reason(url: str) -> tuple[str, str]:
    try:
        return checked_url(url), ""
    except ValidationError as error:
        return "", " ".join(error.messages)


def _conflict(outline: Outline, conflicts: Mapping[str, str]) -> str:
    named = (conflicts.get(name.casefold(), "") for name in reversed(outline.folders))
    return next(filter(None, named), "")


def _proper(url: str) -> str:
    try:
        return checked_url(url)
    except ValidationError as error:
        raise ValidationError({"url": error.messages}) from None


def _publisher(name: str) -> Publisher | None:
    name = " ".join(name.split())
    return Publisher.objects.get_or_create(name=name)[0] if name else None


def _save(feed: Feed) -> None:
    try:
        with transaction.atomic():
            feed.save()
    except IntegrityError:
        message = gettext("This feed is polled already: %(name)s.")
        there = Feed.objects.get(url=feed.url)
        raise ValidationError({"url": [message % {"name": there}]}) from None


def _again(items: QuerySet[FeedItem]) -> int:
    # Those without a site have no address that could be fetched.
    count = (
        items.filter(state__in=MISSED)
        .exclude(host="")
        .update(
            state=Items.WAITING,
            attempts=0,
            error="",
            error_values={},
            leased_until=None,
            finished_at=None,
        )
    )
    if count:
        transaction.on_commit(wake)
    return count
