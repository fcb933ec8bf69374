"""From a feed on a site to documents, as the sweep's tasks do it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from celery import current_app
from django.db.models import F
from django.utils import timezone

from sources.feeds import polling
from sources.fetch import Fetched
from sources.models import Document, Feed, FeedItem, Host, Snapshot
from sources.tasks import wake_due
from tests.factories import make_feed
from tests.sources.feeds.made import item, page, rss
from tests.sources.site import Site, answer, led_to

pytestmark = pytest.mark.django_db


@pytest.fixture
def _at_once() -> Iterator[None]:
    """What a task wakes is done before it ends."""
    current_app.conf.update(task_always_eager=True)
    yield
    current_app.conf.update(task_always_eager=False)


@pytest.fixture
def feed(site: Site) -> Feed:
    return make_feed(f"{site.url}/feed.xml")


def poll(feed: Feed) -> polling.Polled:
    """The feed, asked now."""
    Feed.objects.filter(pk=feed.pk).update(next_poll_at=timezone.now())
    polled = polling.poll(feed.pk)
    assert polled is not None
    feed.refresh_from_db()
    return polled


def paths(site: Site) -> list[str]:
    return [asked.split(" ", 2)[1] for asked in site.asked]


@pytest.mark.usefixtures("_at_once")
def test_what_a_feed_announces_becomes_documents_by_tasks(site: Site, feed: Feed) -> None:
    site.answers = {
        "/feed.xml": rss(item(1), item(2)),
        "/1.html": page(1),
        "/2.html": page(2),
    }
    for _ in range(3):  # on a slow machine a round is over after one article
        wake_due()
    second, first = Document.objects.order_by("-published")
    assert (first.title, second.title) == ("Report 1: Stara Krynytsia", "Report 2: Nyzhnia Duvanka")
    assert first.publisher.name == "Example Courier"
    assert first.conflict_slug == "ukraine"
    assert first.published == datetime(2023, 1, 11, 16, 1, tzinfo=UTC)
    assert first.published_offset == 120
    assert (first.published_from, first.published_confidence) == ("feed", "high")
    assert first.url == f"{site.url}/1.html"
    assert "two officials said" in first.text
    assert set(FeedItem.objects.values_list("state", "document")) == {
        ("created", first.id),
        ("created", second.id),
    }
    # Robots first, the feed, then the older article before the newer.
    assert paths(site) == ["/robots.txt", "/feed.xml", "/2.html", "/1.html"]
    received = Snapshot.objects.order_by("at").values_list("address", "document")
    assert list(received) == [
        (f"{site.url}/feed.xml", None),
        (f"{site.url}/2.html", second.id),
        (f"{site.url}/1.html", first.id),
    ]


def test_what_was_announced_before_is_not_announced_again(site: Site, feed: Feed) -> None:
    site.answers["/feed.xml"] = rss(item(2), item(1))
    assert poll(feed).new == 2
    site.answers["/feed.xml"] = rss(item(3), item(2), item(1), item(3))
    assert poll(feed).new == 1
    # Of those that a feed has at once, the last is the oldest.
    titles = FeedItem.objects.order_by("id").values_list("title", flat=True)
    assert list(titles) == ["Report 1", "Report 2", "Report 3"]
    assert (feed.polls, feed.kind, feed.error) == (2, "rss", "")


def test_an_item_without_an_address_that_can_be_fetched_says_so(site: Site, feed: Feed) -> None:
    site.answers["/feed.xml"] = rss(
        item(1, at="ftp://courier.example/1"),
        item(2, at="http://10.0.0.1/2"),
        "<item><title>Without</title><guid isPermaLink='false'>3</guid></item>",
    )
    assert poll(feed).new == 3
    rows = FeedItem.objects.order_by("-id")
    assert [(row.state, row.host, row.error_in_words) for row in rows] == [
        ("failed", "", "This is no web address: it must begin with http:// or https://."),
        (
            "failed",
            "",
            "The address leads into a private or special network: nothing is fetched there.",
        ),
        ("failed", "", "The feed names no address for it."),
    ]


def test_a_feed_is_asked_only_whether_it_has_changed(site: Site, feed: Feed) -> None:
    since = "Wed, 11 Jan 2023 18:00:00 GMT"
    site.answers["/feed.xml"] = rss(item(1), headers=('ETag: "a1"', f"Last-Modified: {since}"))
    poll(feed)
    site.answers["/feed.xml"] = answer(b"", status="304 Not Modified")
    polled = poll(feed)
    assert (polled.new, polled.error) == (0, "")
    assert 'If-None-Match: "a1"' in site.asked[-1]
    assert f"If-Modified-Since: {since}" in site.asked[-1]
    assert (feed.etag, feed.modified) == ('"a1"', since)
    # Validators hold for what they came with: an answer without any takes them away.
    site.answers["/feed.xml"] = rss(item(1))
    poll(feed)
    assert (feed.etag, feed.modified) == ("", "")


def test_the_interval_follows_the_feeds_habit(site: Site, feed: Feed) -> None:
    site.answers["/feed.xml"] = rss(item(1))
    poll(feed)
    assert feed.interval == 900  # what is there at first says nothing of its habit
    for number, interval in ((2, 450), (3, 300), (4, 300)):
        site.answers["/feed.xml"] = rss(item(number))
        poll(feed)
        assert feed.interval == interval
    for interval in (375, 468, 585):
        poll(feed)
        assert feed.interval == interval
    wait = (feed.next_poll_at - timezone.now()).total_seconds()
    assert 585 * 0.9 - 60 < wait < 585 * 1.1
    Feed.objects.update(interval=80_000)
    poll(feed)
    assert feed.interval == 86_400


def test_a_feed_that_fails_is_asked_ever_more_rarely_and_says_why(site: Site, feed: Feed) -> None:
    site.answers["/feed.xml"] = answer(b"", status="500 Internal Server Error")
    waits = []
    for _ in range(3):
        Host.objects.update(next_request_at=timezone.now())
        polled = poll(feed)
        assert feed.polled_at is not None
        waits.append((feed.next_poll_at - feed.polled_at).total_seconds() / 900)
    assert polled.error == "The site answered 500 (Internal Server Error)."
    # Twice as long each time, a tenth more or less, and what the poll itself took.
    assert all(0.9 * 2**n < wait < 1.1 * 2**n + 0.1 for n, wait in enumerate(waits, 1))
    assert (feed.failures, feed.state, feed.succeeded_at) == (3, "active", None)
    began = feed.failing_since
    site.answers["/feed.xml"] = rss(item(1))
    Host.objects.update(next_request_at=timezone.now())
    poll(feed)
    assert began is not None
    assert (feed.failures, feed.failing_since, feed.error) == (0, None, "")


def test_a_site_says_when_to_come_again(site: Site, feed: Feed) -> None:
    site.answers["/feed.xml"] = answer(b"", "Retry-After: 7200", status="429 Too Many Requests")
    poll(feed)
    assert timedelta(seconds=7100) < feed.next_poll_at - timezone.now()
    host = Host.objects.get()
    assert timedelta(seconds=7100) < host.next_request_at - timezone.now() <= timedelta(hours=2)


def test_a_feed_that_is_gone_is_not_asked_again(site: Site, feed: Feed) -> None:
    site.answers["/feed.xml"] = answer(b"", status="410 Gone")
    assert poll(feed).error == "The site answered 410 (Gone)."
    assert feed.state == "gone"
    Feed.objects.update(next_poll_at=timezone.now())
    assert polling.due() == []
    assert polling.poll(feed.pk) is None


def test_a_move_for_good_is_remembered_and_another_is_not(site: Site, feed: Feed) -> None:
    site.answers = {"/feed.xml": led_to("/new.xml", "308 Permanent Redirect"), "/new.xml": rss()}
    poll(feed)
    assert feed.url == f"{site.url}/new.xml"
    site.answers = {"/new.xml": led_to("/other.xml"), "/other.xml": rss()}
    poll(feed)
    assert feed.url == f"{site.url}/new.xml"
    make_feed(f"{site.url}/taken.xml")
    site.answers = {"/new.xml": led_to("/taken.xml", "301 Moved Permanently"), "/taken.xml": rss()}
    polled = poll(feed)
    assert feed.url == f"{site.url}/new.xml"
    assert polled.error == (
        f"The site has moved the feed to {site.url}/taken.xml, where another feed is."
    )
    assert feed.failures == 0


def test_what_is_no_feed_is_said(site: Site, feed: Feed) -> None:
    site.answers["/feed.xml"] = page(1)
    assert poll(feed).error == (
        "This is no feed: neither RSS nor Atom, nor a JSON Feed, nor a sitemap of news."
    )
    assert feed.failures == 1


def test_a_poll_that_was_cut_off_counts_as_failed_until_one_succeeds(
    site: Site, feed: Feed
) -> None:
    Feed.objects.update(leased_until=timezone.now() + timedelta(seconds=60))
    assert polling.due() == []
    assert polling.poll(feed.pk) is None  # a worker has it
    Feed.objects.update(leased_until=timezone.now() - timedelta(seconds=1))
    assert polling.due() == [feed.pk]
    site.answers["/feed.xml"] = answer(b"", status="404 Not Found")
    poll(feed)
    assert feed.failures == 2
    assert feed.leased_until is None


def test_whoever_took_too_long_writes_nothing(site: Site, feed: Feed) -> None:
    site.answers["/feed.xml"] = rss(item(1))
    ask = polling.ask

    def meanwhile(url: str, **validators: str) -> Fetched:
        Feed.objects.update(polls=F("polls") + 1)  # another worker
        return ask(url, **validators)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(polling, "ask", meanwhile)
        assert polling.poll(feed.pk) is None
    assert not FeedItem.objects.exists()


def test_one_sweep_announces_few_feeds_of_a_site_and_each_once(site: Site) -> None:
    for number in range(7):
        make_feed(f"{site.url}/{number}.xml")
    elsewhere = make_feed("https://courier.example/feed.xml")
    ids = polling.due()
    assert len(ids) == 6
    assert elsewhere.pk in ids
    assert len(polling.due()) == 2  # the rest of that site
    assert polling.due() == []


def test_robots_that_want_no_feed_fetched_are_heard(site: Site, feed: Feed) -> None:
    site.answers = {
        "/robots.txt": answer(b"User-agent: *\nDisallow: /feed", "Content-Type: text/plain"),
        "/feed.xml": rss(item(1)),
    }
    assert poll(feed).error == "The site’s robots.txt does not want this address to be fetched."
    assert paths(site) == ["/robots.txt"]
    assert not FeedItem.objects.exists()


def test_an_index_leads_to_the_sitemaps_that_have_changed(site: Site) -> None:
    xml = "Content-Type: application/xml"
    feed = make_feed(f"{site.url}/sitemap.xml")
    index = "".join(
        f"<sitemap><loc>/{number}.xml</loc><lastmod>2023-01-0{number}</lastmod></sitemap>"
        for number in range(1, 8)
    )
    named = '<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
    site.answers["/sitemap.xml"] = answer(f"{named}{index}</sitemapindex>".encode(), xml)
    for number in range(1, 8):
        urls = f"<urlset><url><loc>{site.url}/{number}.html</loc></url></urlset>"
        site.answers[f"/{number}.xml"] = answer(urls.encode(), xml)
    polled = poll(feed)
    assert (polled.new, feed.kind) == (5, "sitemap")
    assert polled.error == "2 of the index’s sitemaps that have changed were not read."
    assert paths(site)[1:] == ["/sitemap.xml", "/7.xml", "/6.xml", "/5.xml", "/4.xml", "/3.xml"]
    site.asked.clear()
    assert poll(feed).error == ""  # since then none has changed
    assert paths(site) == ["/sitemap.xml"]


def test_a_storage_that_takes_nothing_loses_no_announcement(
    site: Site, feed: Feed, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.answers = {"/feed.xml": rss(item(1))}

    def full(*args: object) -> None:
        raise OSError("No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(polling, "keep", full)
        polled = poll(feed)
    assert polled.error == "What was received cannot be kept: its storage does not answer."
    assert (feed.failures, feed.succeeded_at, FeedItem.objects.count()) == (1, None, 0)
    Host.objects.update(next_request_at=timezone.now())
    assert poll(feed).new == 1
