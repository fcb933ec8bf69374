"""How feeds do: whether they can be read, how much they announce a day, and which have fallen
silent.

A feed is silent once it has been quiet, since it last announced something new, for more than
`FACTOR` times its usual longest pause, and than `LEAST`. Its usual longest pause is the second
longest between two announcements in the `HABIT` before its last one: nights and week-ends count
as what they are, a single outage does not. With fewer than `ENOUGH` pauses it has no habit that
could be told, and is silent after `HABIT`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from uuid import UUID

from django.db import connection
from django.db.models import Count
from django.db.models.functions import TruncDate

from sources.models import Feed, FeedItem

FACTOR = 2
LEAST = timedelta(hours=6)
HABIT = timedelta(days=28)
ENOUGH = 5  # pauses
# What one poll finds is written down within a moment, row after row: those are no pauses.
PAUSES = """
SELECT feed_id, (array_agg(pause ORDER BY pause DESC))[2], count(*)
FROM (
    SELECT item.feed_id,
        item.seen_at - lag(item.seen_at) OVER (PARTITION BY item.feed_id ORDER BY item.seen_at)
            AS pause
    FROM sources_feeditem item JOIN sources_feed feed ON feed.id = item.feed_id
    WHERE item.feed_id = ANY(%(feeds)s)
        AND item.seen_at >= feed.new_at - %(habit)s * interval '1 day'
) pauses
WHERE pause > interval '1 minute'
GROUP BY feed_id
"""


class State(StrEnum):
    """The worst first."""

    FAILING = "failing"
    GONE = "gone"
    SILENT = "silent"
    NEW = "new"  # not polled with success yet
    FINE = "fine"
    PAUSED = "paused"


@dataclass(frozen=True, slots=True)
class Health:
    """`quiet_for`: how long it has announced nothing, where that is unusually long; `pause`: its
    usual longest, None where no habit can be told or was not needed."""

    feed: Feed
    state: State
    quiet_for: timedelta | None = None
    pause: timedelta | None = None


@dataclass(slots=True)
class Days:
    """Of a feed, the numbers of items that it announced, by day (UTC), and, of those, that were
    not fetched (failed, or not wanted by robots.txt)."""

    announced: dict[date, int] = field(default_factory=dict)
    missed: dict[date, int] = field(default_factory=dict)


def health(feeds: Iterable[Feed], now: datetime) -> list[Health]:
    """How each does, in their order. One query, or none where all announced something lately."""
    known = list(feeds)
    quiet = [
        feed.pk
        for feed in known
        if _without_silence(feed) is State.FINE and _quiet(feed, now) > LEAST
    ]
    pauses = _pauses(quiet) if quiet else {}
    return [_of(feed, pauses.get(feed.pk), now) for feed in known]


def days(feeds: Collection[UUID], first: date, last: date) -> dict[UUID, Days]:
    """Of each of these feeds, what it announced on which day. One query."""
    found = {id_: Days() for id_ in feeds}
    items = FeedItem.objects.filter(
        feed__in=found,
        seen_at__gte=datetime.combine(first, time(), UTC),
        seen_at__lt=datetime.combine(last + timedelta(days=1), time(), UTC),
    )
    counted = items.order_by().values("feed", "state", day=TruncDate("seen_at", tzinfo=UTC))
    for row in counted.annotate(n=Count("*")):
        its, day = found[row["feed"]], row["day"]
        its.announced[day] = its.announced.get(day, 0) + row["n"]
        if row["state"] in (FeedItem.State.FAILED, FeedItem.State.REFUSED):
            its.missed[day] = its.missed.get(day, 0) + row["n"]
    return found


def waiting(feeds: Collection[UUID]) -> dict[UUID, int]:
    """Of each of these feeds that has any, how many items are still to be fetched. One query."""
    items = FeedItem.objects.filter(feed__in=feeds, state__in=FeedItem.OPEN)
    return dict(items.order_by().values_list("feed").annotate(n=Count("*")))


def _of(feed: Feed, pauses: tuple[timedelta, int] | None, now: datetime) -> Health:
    state, quiet = _without_silence(feed), _quiet(feed, now)
    if state is not State.FINE or quiet <= LEAST:
        return Health(feed, state)
    longest, number = pauses or (None, 0)
    if longest is None or number < ENOUGH:
        return Health(feed, State.SILENT, quiet) if quiet > HABIT else Health(feed, state)
    if quiet > max(LEAST, FACTOR * longest):
        return Health(feed, State.SILENT, quiet, longest)
    return Health(feed, state, None, longest)


def _without_silence(feed: Feed) -> State:
    if feed.state == Feed.State.PAUSED:
        return State.PAUSED
    if feed.state == Feed.State.GONE:
        return State.GONE
    if feed.failures:
        return State.FAILING
    return State.FINE if feed.succeeded_at else State.NEW


def _quiet(feed: Feed, now: datetime) -> timedelta:
    """Since it announced something; since it was added, where it never has."""
    return now - (feed.new_at or feed.added_at)


def _pauses(feeds: list[UUID]) -> dict[UUID, tuple[timedelta, int]]:
    """Of each feed, its second longest pause, and how many pauses are known."""
    with connection.cursor() as cursor:
        cursor.execute(PAUSES, {"feeds": feeds, "habit": HABIT.days})
        return {row[0]: (row[1], row[2]) for row in cursor.fetchall()}
