"""How feeds do, and which have fallen silent."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from sources.feeds.health import HABIT, Days, State, days, health, waiting
from sources.models import Feed, FeedItem
from tests.factories import make_document, make_feed

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 30, 12, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def announce(feed: Feed, times: Iterable[datetime], **fields: Any) -> None:
    """Three items a time, some milliseconds apart, as a poll writes them."""
    at = [time + timedelta(milliseconds=n) for time in times for n in range(3)]
    first = feed.items.count()
    made = FeedItem.objects.bulk_create(
        FeedItem(
            feed=feed, key=f"{first + n:064}", url="https://a.example/", host="a:443", **fields
        )
        for n in range(len(at))
    )
    for item, time in zip(made, at, strict=True):
        item.seen_at = time  # which is the moment of writing otherwise
    FeedItem.objects.bulk_update(made, ["seen_at"])
    Feed.objects.filter(pk=feed.pk).update(new_at=max(at), succeeded_at=max(at))
    feed.refresh_from_db()


def feed_of(times: Iterable[datetime], **fields: Any) -> Feed:
    feed = make_feed(f"https://a.example/{Feed.objects.count()}", **fields)
    announce(feed, times)
    return feed


def every(pause: timedelta, count: int, last: datetime) -> list[datetime]:
    return [last - n * pause for n in range(count)]


def state(feed: Feed, now: datetime = NOW) -> State:
    return health([feed], now)[0].state


def test_a_feed_that_announces_as_it_does_is_fine() -> None:
    assert state(feed_of(every(4 * HOUR, 50, NOW - 7 * HOUR))) is State.FINE


def test_quiet_for_more_than_twice_its_usual_longest_pause() -> None:
    feed = feed_of(every(4 * HOUR, 50, NOW - 9 * HOUR))
    [found] = health([feed], NOW)
    assert found.state is State.SILENT
    assert found.pause is not None
    assert round(found.pause / HOUR, 3) == 4
    assert found.quiet_for is not None
    assert round(found.quiet_for / HOUR, 3) == 9


def test_nights_and_week_ends_are_its_habit() -> None:
    """On working days from 8 to 18, each hour; the last time on a Friday."""
    friday = datetime(2026, 3, 27, 18, tzinfo=UTC)
    hours = [friday - n * HOUR for n in range(24 * 26)]
    feed = feed_of(at for at in hours if at.weekday() < 5 and 8 <= at.hour <= 18)
    week_end = timedelta(days=2, hours=14)
    assert state(feed, friday + week_end) is State.FINE
    assert state(feed, friday + 2 * week_end - HOUR) is State.FINE
    assert state(feed, friday + 2 * week_end + HOUR) is State.SILENT


def test_one_outage_makes_no_habit() -> None:
    lately = every(HOUR, 50, NOW - 7 * HOUR)
    feed = feed_of([*lately, *every(HOUR, 50, lately[-1] - 9 * DAY)])
    assert state(feed) is State.SILENT


def test_what_was_long_ago_makes_no_habit_either() -> None:
    lately = every(HOUR, 50, NOW - 7 * HOUR)
    feed = feed_of([*lately, *every(5 * DAY, 9, lately[-1] - 30 * DAY)])
    assert state(feed) is State.SILENT


def test_six_hours_are_never_silence() -> None:
    assert state(feed_of(every(timedelta(minutes=10), 50, NOW - 6 * HOUR))) is State.FINE


def test_without_a_habit_it_is_silent_after_four_weeks() -> None:
    feed = feed_of(every(3 * DAY, 5, NOW - HABIT + HOUR))  # four pauses
    assert state(feed) is State.FINE
    assert health([feed], NOW + 2 * HOUR)[0].state is State.SILENT
    assert health([feed], NOW + 2 * HOUR)[0].pause is None
    never = make_feed(succeeded_at=NOW)
    Feed.objects.filter(pk=never.pk).update(added_at=NOW - HABIT - HOUR)
    never.refresh_from_db()
    assert state(never) is State.SILENT


def test_what_is_known_otherwise_goes_before_silence() -> None:
    old = every(HOUR, 20, NOW - 100 * HOUR)
    failing = {"failures": 2, "failing_since": NOW, "error": "The site cannot be reached."}
    assert state(feed_of(old, **failing)) is State.FAILING
    assert state(feed_of(old, state="paused")) is State.PAUSED
    assert state(feed_of(old, state="gone", **failing)) is State.GONE
    assert state(make_feed()) is State.NEW


def test_many_take_as_many_queries_as_one(django_assert_num_queries: Any) -> None:
    feeds = [feed_of(every(HOUR, 10, NOW - n * 5 * HOUR)) for n in range(1, 5)]
    with django_assert_num_queries(1):
        found = health(feeds, NOW)
    assert [one.feed for one in found] == feeds
    assert [one.state for one in found] == [State.FINE, *[State.SILENT] * 3]
    with django_assert_num_queries(0):
        health(feeds[:1], NOW)


def test_items_by_day_and_those_that_were_missed(django_assert_num_queries: Any) -> None:
    one = feed_of([NOW, NOW - DAY, NOW - 12 * HOUR - timedelta(milliseconds=1)])
    announce(one, [NOW], state="failed", error="The site broke off.")
    announce(one, [NOW - 5 * DAY])
    other = feed_of([NOW - DAY])
    other.items.filter(pk=other.items.latest("id").pk).update(
        state="refused", error="It does not want that."
    )
    silent = make_feed("https://silent.example/")
    today = date(2026, 3, 30)
    yesterday = today - DAY
    with django_assert_num_queries(1):
        found = days([one.pk, other.pk, silent.pk], yesterday, today)
    # Of the three that were written from the last millisecond of yesterday on, two are today's.
    assert found == {
        one.pk: Days({yesterday: 4, today: 8}, {today: 3}),
        other.pk: Days({yesterday: 3}, {yesterday: 1}),
        silent.pk: Days(),
    }


def test_how_many_wait() -> None:
    one, other = feed_of([NOW]), feed_of([NOW])
    other.items.update(state="created", document=make_document())
    one.items.filter(pk=one.items.latest("id").pk).update(state="running", leased_until=NOW)
    assert waiting([one.pk, other.pk]) == {one.pk: 3}
