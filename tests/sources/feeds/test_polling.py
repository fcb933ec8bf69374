"""From a feed on a site to documents, as the sweep's tasks do it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from celery import current_app
from django.utils import timezone

from sources.feeds import polling
from sources.models import Document, Feed, FeedItem, Snapshot
from sources.tasks import wake_due
from tests.factories import make_feed
from tests.sources.feeds.made import item, page, rss
from tests.sources.site import Site

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
