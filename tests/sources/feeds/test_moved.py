"""Articles that a site moves are followed, over HTTP: what stands there is their next version."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from sources.feeds import items, polling, visits
from sources.feeds.announcing import AGAIN
from sources.models import Article, Document, Feed, FeedItem, Snapshot
from sources.withdrawing import withdraw_texts
from tests.factories import make_feed, make_user
from tests.sources.feeds.made import item, page, rss
from tests.sources.site import Site, answer, led_to

pytestmark = pytest.mark.django_db
LATER = "Later the ministry denied all of it."


@pytest.fixture
def feed(site: Site) -> Feed:
    """One that has brought an article, two days ago."""
    first = page(1).replace(b"\r\n\r\n", b'\r\nETag: "a1"\r\n\r\n', 1)
    site.answers = {"/feed.xml": rss(item(1)), "/1.html": first}
    made = make_feed(f"{site.url}/feed.xml")
    polling.poll(made.pk)
    items.go_round(60)
    FeedItem.objects.update(finished_at=timezone.now() - 2 * AGAIN)
    site.asked.clear()
    return made


def poll(site: Site, feed: Feed, *listed: str) -> int:
    """How many are new or elsewhere; what they announce is fetched."""
    site.answers["/feed.xml"] = rss(*listed)
    Feed.objects.filter(pk=feed.pk).update(next_poll_at=timezone.now())
    polled = polling.poll(feed.pk)
    assert polled is not None
    items.go_round(60)
    return polled.new


def visit(article: Article) -> None:
    Article.objects.filter(pk=article.pk).update(next_visit_at=timezone.now())
    assert visits.visit(article.pk)
    article.refresh_from_db()


def versions() -> list[tuple[str, int, bool, bool]]:
    """Of all documents: where the article stands now, the version, whether it is what is there,
    and whether it has the words that were added."""
    rows = Document.objects.order_by("ingested_at").select_related("article")
    return [
        (one.article.url.rpartition("/")[2], one.version, not one.replaced_at, LATER in one.text)
        for one in rows
        if one.article
    ]


@pytest.mark.parametrize("status", ["301 Moved Permanently", "308 Permanent Redirect"])
def test_a_visit_follows_an_article_that_was_moved_for_good(
    site: Site, feed: Feed, status: str
) -> None:
    article = Article.objects.get()
    site.answers |= {"/1.html": led_to("/moved.html", status), "/moved.html": page(1, LATER)}
    visit(article)
    assert versions() == [("moved.html", 1, False, False), ("moved.html", 2, True, True)]
    old, new = Document.objects.order_by("version")
    # What the feed said of it still holds.
    assert (new.published, new.published_from, new.publisher) == (
        old.published,
        "feed",
        old.publisher,
    )
    assert article.moved_to is not None
    assert (article.next_visit_at, article.leased_until) == (None, None)
    assert article.moved_to.next_visit_at is not None
    snapshot = Snapshot.objects.get(document=new)
    assert (snapshot.asked, snapshot.moved) == (article.url, article.moved_to.url)


@pytest.mark.parametrize("status", ["302 Found", "307 Temporary Redirect"])
def test_one_that_is_elsewhere_for_now_stays_as_it_is(site: Site, feed: Feed, status: str) -> None:
    site.answers |= {"/1.html": led_to("/moved.html", status), "/moved.html": page(1, LATER)}
    article = Article.objects.get()
    visit(article)
    assert versions() == [("1.html", 1, True, False)]
    assert article.error_values == {"url": f"{site.url}/moved.html"}


def test_one_that_leads_to_the_front_page_stays_as_it_is(site: Site, feed: Feed) -> None:
    site.answers |= {"/1.html": led_to("/", "301 Moved Permanently"), "/": page(2)}
    visit(Article.objects.get())
    assert versions() == [("1.html", 1, True, False)]


def test_one_that_was_moved_unchanged_keeps_its_text(site: Site, feed: Feed) -> None:
    site.answers |= {
        "/1.html": led_to("/moved.html", "301 Moved Permanently"),
        "/moved.html": answer(b"", status="304 Not Modified"),
    }
    article = Article.objects.get()
    visit(article)
    assert versions() == [("moved.html", 1, True, False)]
    assert article.moved_to is not None


def test_a_feed_that_gives_the_article_another_address_is_followed(site: Site, feed: Feed) -> None:
    site.answers["/new.html"] = page(1, LATER)
    assert poll(site, feed, item(1, at="/new.html")) == 1
    assert versions() == [("new.html", 1, False, False), ("new.html", 2, True, True)]
    row = feed.items.get()
    assert (row.state, row.url, row.before) == ("created", f"{site.url}/new.html", None)
    assert row.document is not None
    assert row.document.version == 2
    # Where it was is not fetched any more, whoever announces it.
    other = make_feed(f"{site.url}/other.xml")
    site.answers["/other.xml"] = rss(item(1, guid="of-another-feed"))
    polling.poll(other.pk)
    assert (other.items.get().state, other.items.get().document) == ("present", row.document)


def test_also_where_another_feed_has_brought_what_is_there(site: Site, feed: Feed) -> None:
    other = make_feed(f"{site.url}/other.xml")
    site.answers |= {
        "/other.xml": rss(item(1, at="/new.html", guid="x")),
        "/new.html": page(1, LATER),
    }
    polling.poll(other.pk)
    items.go_round(60)
    assert versions() == [("1.html", 1, True, False), ("new.html", 1, True, True)]
    poll(site, feed, item(1, at="/new.html"))
    assert versions() == [("new.html", 1, False, False), ("new.html", 2, True, True)]
    assert feed.items.get().state == "present"


def test_an_address_that_differs_in_its_query_is_not_another(site: Site, feed: Feed) -> None:
    site.answers["/1.html?at=2"] = page(1, LATER)
    assert poll(site, feed, item(1, at="/1.html?at=2")) == 0
    assert "GET /1.html" not in "".join(site.asked)


def test_an_id_that_several_have_is_not_believed(site: Site, feed: Feed) -> None:
    site.answers |= {"/2.html": page(2), "/3.html": page(3)}
    same = [item(number, guid="report-1") for number in (2, 3)]
    assert poll(site, feed, *same) == 0
    assert versions() == [("1.html", 1, True, False)]


def test_one_that_was_fetched_of_late_is_not_followed_yet(site: Site, feed: Feed) -> None:
    site.answers["/new.html"] = page(1, LATER)
    late = timezone.now() - AGAIN + timedelta(minutes=1)
    FeedItem.objects.update(finished_at=late)
    assert poll(site, feed, item(1, at="/new.html")) == 0
    assert feed.items.get().state == "created"


def test_one_that_failed_is_tried_where_the_feed_has_it_now(site: Site, feed: Feed) -> None:
    poll(site, feed, item(2))
    assert feed.items.get(state="failed").url == f"{site.url}/2.html"
    FeedItem.objects.update(finished_at=timezone.now() - 2 * AGAIN)
    site.answers["/two.html"] = page(2)
    poll(site, feed, item(2, at="/two.html"))
    assert sorted(feed.items.values_list("state", flat=True)) == ["created", "created"]
    assert versions() == [("1.html", 1, True, False), ("two.html", 1, True, False)]


def test_what_is_withdrawn_is_not_followed(site: Site, feed: Feed) -> None:
    withdraw_texts(document=Document.objects.get(), by=make_user(), because="law")
    site.answers["/new.html"] = page(1, LATER)
    assert poll(site, feed, item(1, at="/new.html")) == 0
    assert feed.items.get().title == ""


def test_a_page_that_gives_the_known_address_as_its_own_is_of_that_article(
    site: Site, feed: Feed
) -> None:
    head = '<link rel="canonical" href="/1.html">'
    site.answers["/amp/1.html"] = page(1, LATER, head)
    poll(site, feed, item(7, at="/amp/1.html"))
    assert versions() == [("1.html", 1, False, False), ("1.html", 2, True, True)]


def test_a_page_that_gives_two_addresses_as_its_own_is_not_believed(site: Site, feed: Feed) -> None:
    head = '<link rel="canonical" href="/1.html"><link rel="canonical" href="/2.html">'
    site.answers["/amp/1.html"] = page(1, LATER, head)
    poll(site, feed, item(7, at="/amp/1.html"))
    assert versions() == [("1.html", 1, True, False), ("1.html", 1, True, True)]


def test_of_an_item_that_is_on_its_way_elsewhere_no_words_stay(site: Site, feed: Feed) -> None:
    site.answers["/new.html"] = answer(b"", status="404 Not Found")
    poll(site, feed, item(1, at="/new.html"))
    row = feed.items.get()
    assert (row.state, row.title) == ("failed", "Report 1")
    withdraw_texts(document=Document.objects.get(), by=make_user(), because="law")
    row.refresh_from_db()
    assert (row.title, row.author) == ("", "")
