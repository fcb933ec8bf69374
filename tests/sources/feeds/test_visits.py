"""Articles are visited again, and what has changed becomes a version."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from sources.feeds import items, polling, visits
from sources.models import Article, Document, Snapshot
from tests.factories import make_article, make_feed
from tests.sources.feeds.made import item, page, rss
from tests.sources.site import Site, answer, led_to

pytestmark = pytest.mark.django_db


@pytest.fixture
def article(site: Site) -> Article:
    """One that a feed brought, with a validator."""
    first = page(1).replace(b"\r\n\r\n", b'\r\nETag: "a1"\r\n\r\n', 1)
    site.answers = {"/feed.xml": rss(item(1)), "/1.html": first}
    polling.poll(make_feed(f"{site.url}/feed.xml").pk)
    items.go_round(60)
    site.asked.clear()
    return Article.objects.get()


def visit(article: Article) -> Article:
    """The article, looked at now."""
    Article.objects.filter(pk=article.pk).update(next_visit_at=timezone.now())
    assert visits.due() == [article.pk]
    assert visits.visit(article.pk)
    article.refresh_from_db()
    return article


def test_the_first_visit_is_after_an_hour(article: Article) -> None:
    assert article.next_visit_at is not None
    wait = article.next_visit_at - timezone.now()
    assert timedelta(minutes=55) < wait < timedelta(minutes=67)
    assert visits.due() == []


def test_an_unchanged_article_is_only_asked_about(site: Site, article: Article) -> None:
    site.answers["/1.html"] = answer(b"", status="304 Not Modified")
    visit(article)
    assert 'If-None-Match: "a1"' in site.asked[-1]
    assert (article.visits, article.etag, article.leased_until) == (2, '"a1"', None)
    assert Document.objects.get().replaced_at is None
    assert Snapshot.objects.filter(article=article).count() == 1


def test_another_text_is_the_next_version(site: Site, article: Article) -> None:
    site.answers["/1.html"] = page(1, more="Later the ministry denied all of it.")
    visit(article)
    old, new = Document.objects.order_by("version")
    assert (old.version, new.version) == (1, 2)
    assert old.replaced_at is not None
    assert "denied all of it" in new.text
    # The page does not say when it was published: what the feed said of it still holds.
    assert (new.published, new.published_from) == (old.published, "feed")
    assert (new.conflict_slug, new.publisher) == (old.conflict_slug, old.publisher)
    assert Snapshot.objects.filter(article=article).count() == 2


def test_an_article_that_is_gone_is_not_visited_again(site: Site, article: Article) -> None:
    site.answers["/1.html"] = answer(b"", status="410 Gone")
    visit(article)
    assert (article.next_visit_at, article.failures) == (None, 1)
    assert article.error == "The site answered %(status)d (%(phrase)s)."
    assert Document.objects.get().replaced_at is None


def test_one_that_fails_is_visited_ever_more_rarely_and_then_no_more(
    site: Site, article: Article
) -> None:
    site.answers["/1.html"] = answer(b"", status="404 Not Found")
    waits = []
    for _ in range(visits.ATTEMPTS):
        visit(article)
        if article.next_visit_at is not None:
            waits.append((article.next_visit_at - timezone.now()).total_seconds() / 3600)
    assert all(0.85 * 3**n < wait < 1.1 * 3**n for n, wait in enumerate(waits))
    assert len(waits) == visits.ATTEMPTS - 1


def test_an_address_that_leads_elsewhere_by_now_changes_nothing(
    site: Site, article: Article
) -> None:
    site.answers |= {"/1.html": led_to("/"), "/": page(2)}
    visit(article)
    assert article.error_values == {"url": f"{site.url}/"}
    assert Document.objects.get().version == 1


def test_the_visit_of_a_killed_worker_is_done_again(site: Site, article: Article) -> None:
    now = timezone.now()
    Article.objects.update(next_visit_at=now, leased_until=now + timedelta(seconds=60))
    assert visits.due() == []
    assert not visits.visit(article.pk)
    Article.objects.update(leased_until=now)
    assert visits.due() == [article.pk]
    assert visits.due() == []  # announced
    assert visits.visit(article.pk)
    article.refresh_from_db()
    assert (article.visits, article.leased_until) == (2, None)


def test_one_sweep_announces_few_articles_of_a_site() -> None:
    for number in range(5):
        make_article(f"https://courier.example/{number}", next_visit_at=timezone.now())
    other = make_article("https://tribune.example/1", next_visit_at=timezone.now())
    make_article("https://tribune.example/2", next_visit_at=None)
    ids = visits.due()
    assert len(ids) == 4
    assert other.pk in ids
    assert len(visits.due()) == 2
