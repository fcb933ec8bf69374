"""What operators do with feeds, and with lists of them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.utils import timezone

from sources.feeds import managing
from sources.feeds.opml import Outline
from sources.models import Document, Feed, FeedItem, Publisher
from tests.factories import make_document, make_feed, make_user

pytestmark = pytest.mark.django_db
URL = "https://courier.example/feed.xml"
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
FAILING: dict[str, Any] = {"failures": 3, "failing_since": LONG_AGO, "error": "It broke off."}


@pytest.fixture
def by() -> User:
    return make_user("chief", role="administrator")


@pytest.fixture
def woken(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    calls: list[int] = []
    monkeypatch.setattr(managing, "wake", lambda: calls.append(1))
    return calls


def make_item(feed: Feed, state: str, n: int = 0, **fields: Any) -> FeedItem:
    error = "It broke off." if state in ("failed", "refused") else ""
    document = make_document(f"Text {n}.") if state in ("created", "present") else None
    return FeedItem.objects.create(
        feed=feed,
        key=f"{n:064}",
        state=state,
        error=error,
        document=document,
        **{"url": f"https://courier.example/{n}", "host": "courier.example:443", **fields},
    )


def test_an_added_feed_is_due_at_once(
    by: User, woken: list[int], django_capture_on_commit_callbacks: Any
) -> None:
    before = timezone.now()
    with django_capture_on_commit_callbacks(execute=True):
        managing.add(
            by=by, url=f" {URL}#top ", title=" Courier ", publisher="Ex  Courier", conflict="sudan"
        )
    feed = Feed.objects.get()
    assert (feed.url, feed.title, feed.conflict_slug) == (URL, "Courier", "sudan")
    assert (feed.added_by, feed.state, feed.kind) == (by, "active", "")
    assert feed.publisher == Publisher.objects.get(name="Ex Courier")
    assert before <= feed.next_poll_at <= timezone.now()
    assert woken == [1]


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("", "must begin with http"),
        ("javascript:alert(1)", "must begin with http"),
        ("http://127.0.0.1/feed", "private or special network"),
        ("https://user:word@courier.example/", "user name or a password"),
        ("https://courier.example:8443/", "Only the ports 80 and 443"),
    ],
)
def test_what_is_no_address_is_refused_by_its_field(by: User, url: str, reason: str) -> None:
    with pytest.raises(ValidationError, match=reason) as caught:
        managing.add(by=by, url=url)
    assert set(caught.value.message_dict) == {"url"}
    assert not Feed.objects.exists()


def test_a_feed_is_added_once(by: User) -> None:
    make_feed(URL, title="Courier")
    with pytest.raises(ValidationError, match="polled already: Courier"):
        managing.add(by=by, url=URL)
    other = make_feed("https://courier.example/other")
    with pytest.raises(ValidationError, match="polled already: Courier"):
        managing.edit(feed=other, by=by, url=URL)
    assert Feed.objects.count() == 2


def test_at_another_address_it_starts_anew(by: User) -> None:
    feed = make_feed(
        URL, etag='"a"', modified="x", kind="rss", next_poll_at=LONG_AGO, polls=4, **FAILING
    )
    item = make_item(feed, "waiting")
    kept = managing.edit(feed=feed, by=by, url=URL, title="New name", conflict="sudan")
    assert (kept.title, kept.conflict_slug, kept.publisher) == ("New name", "sudan", None)
    assert (kept.etag, kept.failures, kept.polls, kept.next_poll_at) == ('"a"', 3, 4, LONG_AGO)
    managing.edit(feed=feed, by=by, url="https://courier.example/b", publisher="Other")
    feed.refresh_from_db()
    assert (feed.url, feed.etag, feed.modified, feed.kind) == (
        "https://courier.example/b",
        "",
        "",
        "",
    )
    assert (feed.failures, feed.failing_since, feed.error, feed.polls) == (0, None, "", 5)
    assert feed.next_poll_at > LONG_AGO
    assert str(feed.publisher) == "Other"
    assert list(feed.items.all()) == [item]


def test_paused_resumed_polled(
    by: User, woken: list[int], django_capture_on_commit_callbacks: Any
) -> None:
    feed = make_feed(URL, next_poll_at=LONG_AGO)
    managing.pause(feed=feed, by=by)
    feed.refresh_from_db()
    assert feed.state == "paused"
    with pytest.raises(ValidationError, match="resume it first"):
        managing.poll_now(feed=feed, by=by)
    with django_capture_on_commit_callbacks(execute=True):
        managing.resume(feed=feed, by=by)
    feed.refresh_from_db()
    assert feed.state == "active"
    assert feed.next_poll_at > LONG_AGO
    assert woken == [1]
    Feed.objects.update(next_poll_at=timezone.now() + timedelta(hours=9))
    with django_capture_on_commit_callbacks(execute=True):
        managing.poll_now(feed=feed, by=by)
    assert Feed.objects.filter(next_poll_at__lte=timezone.now()).exists()
    assert woken == [1, 1]


def test_one_that_is_gone_is_polled_again_as_if_nothing_had_been(by: User) -> None:
    feed = make_feed(URL, state="gone", **FAILING)
    managing.pause(feed=feed, by=by)
    assert Feed.objects.get().state == "gone"
    managing.resume(feed=feed, by=by)
    feed.refresh_from_db()
    assert (feed.state, feed.failures, feed.failing_since, feed.error) == ("active", 0, None, "")


def test_resuming_one_that_is_polled_changes_nothing(by: User) -> None:
    feed = make_feed(URL, next_poll_at=LONG_AGO, **FAILING)
    managing.resume(feed=feed, by=by)
    feed.refresh_from_db()
    assert (feed.failures, feed.next_poll_at) == (3, LONG_AGO)


def test_documents_stay_when_a_feed_is_removed(by: User) -> None:
    feed = make_feed(URL)
    make_item(feed, "created")
    managing.remove(feed=feed, by=by)
    assert not Feed.objects.exists()
    assert not FeedItem.objects.exists()
    assert Document.objects.count() == 1


@pytest.mark.parametrize("state", ["failed", "refused"])
def test_an_item_that_was_missed_is_tried_again(
    by: User, woken: list[int], django_capture_on_commit_callbacks: Any, state: str
) -> None:
    item = make_item(make_feed(URL), state, attempts=5, finished_at=LONG_AGO)
    with django_capture_on_commit_callbacks(execute=True):
        managing.try_again(item=item, by=by)
    item.refresh_from_db()
    assert (item.state, item.attempts, item.error) == ("waiting", 0, "")
    assert (item.finished_at, item.leased_until) == (None, None)
    assert woken == [1]


@pytest.mark.parametrize(
    ("state", "fields"),
    [
        ("created", {}),
        ("waiting", {"attempts": 2}),
        ("running", {"leased_until": LONG_AGO}),
        ("failed", {"host": "", "url": "nowhere"}),
    ],
)
def test_no_other_item_is(by: User, state: str, fields: dict[str, Any]) -> None:
    item = make_item(make_feed(URL), state, **fields)
    with pytest.raises(ValidationError, match="has not failed"):
        managing.try_again(item=item, by=by)
    item.refresh_from_db()
    assert item.state == state


def test_all_that_failed_are_tried_again(by: User) -> None:
    feed, other = make_feed(URL), make_feed("https://other.example/")
    states = ["failed", "failed", "refused", "created", "waiting"]
    items = [make_item(feed, state, n) for n, state in enumerate(states)]
    make_item(other, "failed", 9)
    assert managing.try_all_again(feed=feed, by=by) == 2
    now = [FeedItem.objects.get(pk=item.pk).state for item in items]
    assert now == ["waiting", "waiting", "refused", "created", "waiting"]
    assert other.items.get().state == "failed"


def test_a_list_is_added_and_what_became_of_each_line_is_told(
    by: User, django_assert_max_num_queries: Any
) -> None:
    there = make_feed(URL, title="There")
    outlines = [
        Outline("https://nile.example/rss", "Nile Post", ("War in SUDAN", "daily")),
        Outline(URL, "Courier", ("sudan",)),
        Outline("https://nile.example/rss#again", "Nile again"),
        Outline("http://10.0.0.1/feed", "inside"),
        Outline("https://plain.example/", "", ("sudan", "Ukraine")),
    ]
    conflicts = {"war in sudan": "sudan", "sudan": "sudan", "ukraine": "ukraine"}
    with django_assert_max_num_queries(6):
        found = managing.import_outlines(outlines=outlines, conflicts=conflicts, by=by)
    assert [str(one.outcome) for one in found] == ["added", "present", "twice", "refused", "added"]
    assert found[1].feed == there
    assert found[0].feed == found[2].feed == Feed.objects.get(url="https://nile.example/rss")
    assert "private or special network" in found[3].reason
    made = Feed.objects.exclude(pk=there.pk).order_by("url").values_list("title", "conflict_slug")
    assert list(made) == [("Nile Post", "sudan"), ("", "ukraine")]
    assert {feed.added_by for feed in Feed.objects.exclude(pk=there.pk)} == {by}
