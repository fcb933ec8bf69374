"""Of an article that a feed brought and that was taken down, no word of its text, title or summary
is left, nor does the feed bring any back."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import override_settings
from django.utils import timezone

from claims.withdrawing import withdraw
from sources import evidence
from sources.feeds import items, polling
from sources.models import Document, Feed, FeedItem, StoredBytes
from tests.claims.test_withdrawing import anywhere
from tests.factories import make_feed, make_user
from tests.sources.feeds.made import item, page, rss
from tests.sources.site import Site

pytestmark = pytest.mark.django_db
MORE = "Vasyl the baker counted them on the road."
SUMMARY = "<description>What Hanna the nurse saw from her window.</description>"
TITLE = "Report of the miller Ostap"
WORDS = ("Vasyl", "baker", "Hanna", "nurse", "Ostap", "miller")


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as made, override_settings(FETCH_ALLOW_HOSTS=[made.host], FETCH_PAUSE=0):
        yield made


def listed(number: int = 1, at: str = "", guid: str = "") -> str:
    told = item(number, at, guid).replace("</item>", f"{SUMMARY}</item>")
    return told.replace(f"<title>Report {number}</title>", f"<title>{TITLE}</title>")


def poll(feed: Feed) -> None:
    Feed.objects.filter(pk=feed.pk).update(next_poll_at=timezone.now())
    polled = polling.poll(feed.pk)
    assert polled is not None
    assert polled.error == ""
    items.go_round(60)


def kept_words() -> set[str]:
    """Of the words those that stand in what is kept as evidence."""
    kept = [evidence.content(one) for one in StoredBytes.objects.filter(withdrawn_at=None)]
    return {word for word in WORDS for one in kept if word.encode() in one}


def in_tables() -> dict[str, list[str]]:
    return {word: tables for word in WORDS if (tables := anywhere(word))}


@pytest.fixture
def withdrawn(site: Site, django_capture_on_commit_callbacks: Any) -> Feed:
    """A feed whose article was taken down, and that announces it still."""
    site.answers = {"/feed.xml": rss(listed()), "/1.html": page(1, MORE)}
    feed = make_feed(f"{site.url}/feed.xml")
    poll(feed)
    site.answers |= {"/feed.xml": rss(item(2), listed()), "/2.html": page(2)}
    poll(feed)
    # Another feed has it at its address, where robots.txt or the site did not let it be fetched.
    other = make_feed(f"{site.url}/other.xml")
    FeedItem.objects.create(
        feed=other,
        key="f" * 64,
        url=f"{site.url}/1.html",
        title=TITLE,
        state="failed",
        error="It is not there.",
        finished_at=timezone.now(),
    )
    assert kept_words() == set(WORDS)
    assert "sources_document" in anywhere("Vasyl")
    assert "sources_feeditem" in anywhere("Ostap")
    by = make_user("chief", superuser=True)
    document = Document.objects.get(article__url=f"{site.url}/1.html")
    with django_capture_on_commit_callbacks(execute=True):
        withdraw(document=document, by=by, because="A court says so.")
    return feed


def test_no_word_of_it_is_left(withdrawn: Feed) -> None:
    assert in_tables() == {}
    assert kept_words() == set()
    assert {row.title for row in FeedItem.objects.all()} == {"", "Report 2"}
    assert Document.objects.filter(withdrawn_at=None).count() == 1
    # What announced the other article alone is not touched by that.
    assert StoredBytes.objects.filter(withdrawn_at=None).count() == 1


def test_its_feed_brings_nothing_back(
    site: Site, withdrawn: Feed, django_capture_on_commit_callbacks: Any
) -> None:
    site.answers |= {"/feed.xml": rss(item(3), item(2), listed()), "/3.html": page(3)}
    with django_capture_on_commit_callbacks(execute=True):
        poll(withdrawn)
    assert withdrawn.items.count() == 3
    assert in_tables() == {}
    assert kept_words() == set()


def test_another_feed_brings_nothing_back(
    site: Site, withdrawn: Feed, django_capture_on_commit_callbacks: Any
) -> None:
    third = make_feed(f"{site.url}/third.xml")
    site.answers["/third.xml"] = rss(listed(guid="of-the-third"))
    with django_capture_on_commit_callbacks(execute=True):
        poll(third)
    assert third.items.get().state == "present"
    assert in_tables() == {}
    assert kept_words() == set()


def test_what_a_feed_said_before_and_after_is_kept(
    site: Site, withdrawn: Feed, django_capture_on_commit_callbacks: Any
) -> None:
    site.answers |= {"/feed.xml": rss(item(3), item(2)), "/3.html": page(3)}
    with django_capture_on_commit_callbacks(execute=True):
        poll(withdrawn)
    kept = [evidence.content(one) for one in StoredBytes.objects.filter(withdrawn_at=None)]
    assert sum(b"<rss" in one for one in kept) == 1
