"""What was announced is fetched once, site by site in turn, and nothing of it is lost."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from django.test import override_settings
from django.utils import timezone

from sources import articles
from sources.adapters import Defaults, RawDocument
from sources.evidence import keep
from sources.feeds import items, polling
from sources.fetch import Fetched
from sources.models import Article, Document, Feed, FeedItem, Host, Snapshot
from sources.reading import read_page
from tests.factories import make_feed, make_publisher
from tests.sources.feeds.made import item, page, rss
from tests.sources.site import Site, answer, led_to

pytestmark = pytest.mark.django_db


@pytest.fixture
def feed(site: Site) -> Feed:
    return make_feed(f"{site.url}/feed.xml")


def announce(site: Site, feed: Feed, *listed: str) -> None:
    site.answers["/feed.xml"] = rss(*listed)
    Feed.objects.filter(pk=feed.pk).update(next_poll_at=timezone.now())
    assert polling.poll(feed.pk) is not None
    site.asked.clear()


def fetched(site: Site) -> list[str]:
    return [asked.split(" ", 2)[1] for asked in site.asked]


def let_again() -> None:
    """As if the wait of items and sites were over."""
    past = timezone.now() - timedelta(seconds=1)
    FeedItem.objects.filter(leased_until__isnull=False).update(leased_until=past)
    Host.objects.update(next_request_at=past)


def test_an_item_that_another_feed_brought_is_not_fetched_again(site: Site, feed: Feed) -> None:
    site.answers["/1.html"] = page(1)
    announce(site, feed, item(1))
    items.go_round(60)
    document = Document.objects.get()
    other = make_feed(f"{site.url}/other.xml")
    site.answers["/other.xml"] = rss(item(1, guid="of-another-feed"))
    polling.poll(other.pk)
    row = other.items.get()
    assert (row.state, row.document) == ("present", document)
    assert items.rounds() == 0
    assert fetched(site).count("/1.html") == 1


def test_two_feeds_that_announce_it_at_once_make_one_document(site: Site, feed: Feed) -> None:
    other = make_feed(f"{site.url}/other.xml")
    site.answers |= {"/other.xml": rss(item(1, guid="x")), "/1.html": page(1)}
    announce(site, feed, item(1))
    polling.poll(other.pk)
    assert items.go_round(60) == 2
    assert fetched(site).count("/1.html") == 1
    assert sorted(FeedItem.objects.values_list("state", flat=True)) == ["created", "present"]
    assert Document.objects.count() == Article.objects.count() == 1


def test_what_redirects_lead_to_is_the_articles_address(site: Site, feed: Feed) -> None:
    site.answers |= {"/go?1": led_to("/1.html#top"), "/1.html": page(1)}
    announce(site, feed, item(1, at="/go?1"))
    items.go_round(60)
    assert Article.objects.get().url == f"{site.url}/1.html"
    snapshot = Snapshot.objects.get(document__isnull=False)
    assert (snapshot.asked, snapshot.address) == (f"{site.url}/go?1", f"{site.url}/1.html")


def test_robots_are_asked_about_what_a_redirect_leads_to(site: Site, feed: Feed) -> None:
    site.answers |= {
        "/robots.txt": answer(b"User-agent: *\nDisallow: /private/", "Content-Type: text/plain"),
        "/go": led_to("/private/1.html"),
        "/private/1.html": page(1),
    }
    announce(site, feed, item(1, at="/go"), item(2, at="/private/1.html"))
    items.go_round(60)
    assert fetched(site) == ["/go"]
    rows = FeedItem.objects.all()
    assert {row.state for row in rows} == {"refused"}
    assert {row.error_in_words for row in rows} == {
        "The site’s robots.txt does not want this address to be fetched."
    }


def test_a_page_that_is_not_there_fails_for_good(site: Site, feed: Feed) -> None:
    announce(site, feed, item(1))
    items.go_round(60)
    row = FeedItem.objects.get()
    assert (row.state, row.error_in_words) == ("failed", "The site answered 404 (Not Found).")
    assert row.finished_at is not None


def test_a_page_without_an_article_fails_and_is_kept(site: Site, feed: Feed) -> None:
    site.answers["/1.html"] = answer(b"<html><body></body></html>")
    announce(site, feed, item(1))
    items.go_round(60)
    assert FeedItem.objects.get().state == "failed"
    assert Snapshot.objects.get(address=f"{site.url}/1.html").document is None


def test_a_site_in_trouble_is_asked_again_later_and_the_item_is_not_lost(
    site: Site, feed: Feed
) -> None:
    site.answers["/1.html"] = answer(b"", "Retry-After: 3600", status="503 Service Unavailable")
    announce(site, feed, item(2), item(1))
    items.go_round(60)
    row = FeedItem.objects.get(attempts=1)
    assert row.state == "waiting"
    assert row.leased_until is not None
    assert timedelta(minutes=59) < row.leased_until - timezone.now() <= timedelta(hours=1)
    assert FeedItem.objects.get(attempts=0).state == "waiting"  # the whole site is left alone
    site.answers |= {"/1.html": page(1), "/2.html": page(2)}
    let_again()
    assert items.go_round(60) == 2
    assert set(FeedItem.objects.values_list("state", "error")) == {("created", "")}


def test_the_wait_grows_and_ends(site: Site, feed: Feed) -> None:
    site.answers["/1.html"] = answer(b"", status="500 Internal Server Error")
    announce(site, feed, item(1))
    waits = []
    for _ in range(items.ATTEMPTS):
        items.go_round(60)
        row = FeedItem.objects.get()
        if row.leased_until is not None:
            waits.append((row.leased_until - timezone.now()).total_seconds() / 60)
        let_again()
    assert len(waits) == items.ATTEMPTS - 1
    assert all(0.8 * 4**n < wait < 1.1 * 4**n for n, wait in enumerate(waits))
    assert row.state == "failed"


def test_the_item_of_a_killed_worker_comes_back_and_is_given_up_in_the_end(
    site: Site, feed: Feed
) -> None:
    site.answers["/1.html"] = page(1)
    announce(site, feed, item(1))
    running = {"state": "running", "leased_until": timezone.now() + timedelta(seconds=60)}
    FeedItem.objects.update(**running, attempts=3)
    assert items.go_round(60) == 0
    FeedItem.objects.update(leased_until=timezone.now(), attempts=items.ATTEMPTS)
    assert items.go_round(60) == 1
    row = FeedItem.objects.get()
    assert (row.state, row.error_in_words) == (
        "failed",
        "Given up: each attempt at it was cut off.",
    )
    assert fetched(site) == []
    FeedItem.objects.update(state="waiting", error="", attempts=0, finished_at=None)
    items.go_round(60)
    assert FeedItem.objects.get().state == "created"


def test_whoever_took_too_long_writes_nothing_to_the_item(
    site: Site, feed: Feed, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.answers["/1.html"] = page(1)
    announce(site, feed, item(1))

    def meanwhile(page: Fetched, defaults: Defaults) -> Sequence[object]:
        FeedItem.objects.update(attempts=2)  # another worker has it by now
        return read_page(page, defaults)

    monkeypatch.setattr(items, "read_page", meanwhile)
    items.go_round(60)
    assert FeedItem.objects.get().state == "running"
    assert not Document.objects.exists()


def test_a_storage_that_takes_nothing_loses_nothing(
    site: Site, feed: Feed, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.answers["/1.html"] = page(1)
    announce(site, feed, item(1))

    def full(*_: object, **__: object) -> None:
        raise OSError("No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(items, "keep", full)
        items.go_round(60)
    row = FeedItem.objects.get()
    assert (row.state, row.attempts) == ("waiting", 1)
    assert row.error_in_words == "What was received cannot be kept: its storage does not answer."
    let_again()
    items.go_round(60)
    assert FeedItem.objects.get().state == "created"


def test_sites_take_turns_however_much_they_have() -> None:
    """By two sites of which one has four times as much, with as long a pause at both."""
    with Site() as big, Site() as small:
        hosts = [big.host, small.host]
        with override_settings(FETCH_ALLOW_HOSTS=hosts, FETCH_PAUSE=0):
            order: list[str] = []
            for one, count in ((big, 8), (small, 2)):
                feed = make_feed(f"{one.url}/feed.xml")
                announce(one, feed, *(item(number) for number in range(count)))
            take = items._take

            def noted(site: str) -> FeedItem | None:
                order.append("big" if site == big.host else "small")
                return take(site)

            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(items, "_take", noted)
                assert items.go_round(60) == 10
    assert order[:4] in (["big", "small"] * 2, ["small", "big"] * 2)
    assert order[4:10] == ["big"] * 6


def test_the_page_says_what_it_says_surely_and_the_feed_the_rest(site: Site, feed: Feed) -> None:
    sure = '<meta property="article:published_time" content="2023-01-10T09:00:00+01:00">'
    site.answers |= {"/1.html": page(1, head=sure), "/2.html": page(2), "/3.html": page(3)}
    announce(site, feed, item(1), item(2), item(3, date="never"))
    items.go_round(60)
    told = {
        document.url.rpartition("/")[2]: (document.published_from, document.published)
        for document in Document.objects.all()
    }
    assert told["1.html"] == ("page", datetime(2023, 1, 10, 8, tzinfo=UTC))
    assert told["2.html"] == ("feed", datetime(2023, 1, 11, 16, 2, tzinfo=UTC))
    source, time = told["3.html"]
    assert source == "fetched"
    assert abs(time - timezone.now()) < timedelta(minutes=10)


def test_a_feed_of_many_publishers_takes_those_that_pages_name(site: Site) -> None:
    feed = make_feed(f"{site.url}/feed.xml", publisher=None)
    head = '<meta property="og:site_name" content="Example Tribune">'
    site.answers["/1.html"] = page(1, head=head)
    announce(site, feed, item(1))
    items.go_round(60)
    assert Document.objects.get().publisher == make_publisher("Example Tribune")


def test_what_is_there_by_another_way_is_present(site: Site, feed: Feed) -> None:
    """The same text of the same publisher, at another address."""
    site.answers |= {"/1.html": page(1), "/copy.html": page(1)}
    announce(site, feed, item(1), item(2, at="/copy.html"))
    items.go_round(60)
    assert sorted(FeedItem.objects.values_list("state", flat=True)) == ["created", "present"]
    assert Document.objects.count() == 1


def test_an_article_that_was_fetched_by_hand_is_present_too(site: Site, feed: Feed) -> None:
    found = Fetched(f"{site.url}/1.html", b"x", "text/html", "", asked=f"{site.url}/1.html")
    raw = RawDocument("", "Example Courier", timezone.now(), "A text.")
    articles.record(raw, snapshot=keep(found), url=found.url)
    announce(site, feed, item(1))
    assert FeedItem.objects.get().state == "present"
