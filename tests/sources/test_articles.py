"""Articles: what stands at an address, in all the texts that it had."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from celery import current_app
from django.db import IntegrityError, transaction
from django.utils import timezone

from sources.articles import SPREAD, VISITS, record, visited
from sources.ingest import Ingested, ingest
from sources.models import Article, Document, Snapshot, StoredBytes
from tests.factories import make_article, make_raw, make_user

pytestmark = pytest.mark.django_db

URL = "https://courier.example/soledar"
NEW_YEAR = datetime(2023, 1, 1, 9, tzinfo=UTC)


def make_snapshot(url: str = URL, **fields: Any) -> Snapshot:
    there, _ = StoredBytes.objects.get_or_create(
        sha256="0" * 64, defaults={"size": 1, "stored_size": 1}
    )
    return Snapshot.objects.create(
        **{
            "way": "fetched",
            "at": timezone.now(),
            "bytes": there,
            "asked": url,
            "address": url,
            "status": 200,
            **fields,
        }
    )


def seen(text: str, url: str = URL, **fields: Any) -> Ingested:
    return record(make_raw(text, **fields), snapshot=make_snapshot(url), url=url)


def versions(url: str = URL) -> list[tuple[int, str, bool]]:
    """Of the article at the address: number, text, and whether it is the one that is there."""
    rows = Document.objects.filter(article__url=url).order_by("version")
    return [(row.version, row.text, row.replaced_at is None) for row in rows]


def test_the_first_text_at_an_address_is_its_articles_first_version() -> None:
    snapshot = make_snapshot(headers=[["ETag", '"a1"'], ["last-modified", "Sun, 01 Jan 2023"]])
    found = record(make_raw("One."), snapshot=snapshot, url=f"{URL}#comments")
    assert found.created
    assert versions() == [(1, "One.", True)]
    article = Article.objects.get()
    assert (article.url, article.publisher.name) == (URL, "Example Courier")
    assert (article.etag, article.modified) == ('"a1"', "Sun, 01 Jan 2023")
    assert article.visits == 1
    found.document.refresh_from_db()
    assert found.document.url == URL
    snapshot.refresh_from_db()
    assert (snapshot.article, snapshot.document) == (article, found.document)


def test_another_text_becomes_the_next_version_and_the_one_before_stays() -> None:
    one, two = seen("One.").document, seen("Two.")
    assert two.created
    assert versions() == [(1, "One.", False), (2, "Two.", True)]
    one.refresh_from_db()
    assert one.replaced_at is not None
    assert one.text_sha256 != two.document.text_sha256


def test_the_same_text_is_nothing_new(monkeypatch: pytest.MonkeyPatch) -> None:
    seen("One two.")
    sent: list[str] = []
    monkeypatch.setattr(current_app, "send_task", lambda task, **_: sent.append(task))
    again = seen("One\n  two.")
    assert not again.created
    assert versions() == [(1, "One two.", True)]
    assert Snapshot.objects.filter(document=again.document).count() == 2
    assert Article.objects.get().visits == 2


def test_an_earlier_text_that_is_there_again_is_the_current_one_again() -> None:
    one = seen("One.").document
    seen("Two.")
    back = seen("One.")
    assert (back.created, back.document.pk) == (False, one.pk)
    assert versions() == [(1, "One.", True), (2, "Two.", False)]
    seen("Three.")
    assert versions() == [(1, "One.", False), (2, "Two.", False), (3, "Three.", True)]


def test_a_text_that_was_brought_in_before_becomes_a_version() -> None:
    pasted = ingest(make_raw("Two.")).document
    seen("One.")
    found = seen("Two.")
    assert (found.created, found.document.pk) == (False, pasted.pk)
    assert versions() == [(1, "One.", False), (2, "Two.", True)]


def test_a_text_that_stands_at_two_addresses_is_the_first_ones() -> None:
    other = "https://courier.example/live"
    seen("One.", other)
    seen("Mine.")
    snapshot = make_snapshot()
    found = record(make_raw("One."), snapshot=snapshot, url=URL)
    assert not found.created
    assert versions(other) == [(1, "One.", True)]
    assert versions() == [(1, "Mine.", True)]
    snapshot.refresh_from_db()
    assert snapshot.article is not None
    assert (snapshot.article.url, snapshot.document) == (URL, found.document)


def test_an_article_stays_its_publishers_and_its_conflicts() -> None:
    seen("One.", publisher="Example Courier", conflict="ukraine")
    document = seen("Two.", publisher="Courier | Example", conflict="").document
    assert document.publisher.name == "Example Courier"
    assert document.conflict_slug == "ukraine"


@pytest.mark.parametrize(
    ("before", "now", "taken"),
    [
        (("page", "high"), ("page", "high"), True),
        (("address", "low"), ("page", "high"), True),
        (("page", "high"), ("text", "medium"), False),
        (("fetched", "low"), ("fetched", "low"), False),
        (("fetched", "low"), ("address", "low"), True),
    ],
)
def test_when_it_was_published_is_what_is_told_as_surely(
    before: tuple[str, str], now: tuple[str, str], taken: bool
) -> None:
    later = NEW_YEAR + timedelta(days=2)
    seen("One.", published=NEW_YEAR, published_from=before[0], published_confidence=before[1])
    two = seen("Two.", published=later, published_from=now[0], published_confidence=now[1])
    document = two.document
    assert document.published == (later if taken else NEW_YEAR)
    assert (document.published_from, document.published_confidence) == (now if taken else before)


def test_what_was_withdrawn_does_not_come_back_by_a_changed_word() -> None:
    document = seen("One.").document
    withdrawn = {"withdrawn_at": timezone.now(), "withdrawn_by": make_user(), "text": ""}
    Document.objects.filter(pk=document.pk).update(**withdrawn, title="", withdrawn_because="law")
    for text in ("One.", "One, changed."):
        found = seen(text)
        assert (found.created, found.document.pk) == (False, document.pk)
    assert versions() == [(1, "", True)]
    assert Article.objects.get().next_visit_at is None


def test_it_is_visited_again_ever_more_rarely_and_then_no_more() -> None:
    document = seen("One.").document
    for age, number in ((0.5, 0), (2, 1), (24.5, 2), (24 * 100, 5), (24 * 400, None)):
        began = timezone.now() - timedelta(hours=age)
        Document.objects.filter(pk=document.pk).update(ingested_at=began)
        visited(make_article(URL), headers={})
        due = Article.objects.get().next_visit_at
        if number is None:
            assert due is None
        else:
            assert due is not None
            assert VISITS[number] <= due - began <= VISITS[number] * (1 + SPREAD)


def test_a_changed_text_is_looked_after_as_a_new_one() -> None:
    document = seen("One.").document
    Document.objects.filter(pk=document.pk).update(ingested_at=NEW_YEAR)
    visited(make_article(URL), headers={})
    assert Article.objects.get().next_visit_at is None
    seen("Two.")
    due = Article.objects.get().next_visit_at
    assert due is not None
    assert due - timezone.now() <= VISITS[0] * (1 + SPREAD)


def test_an_answer_without_changes_keeps_what_the_site_said_before() -> None:
    article = make_article(
        URL, etag='"a1"', modified="Sun, 01 Jan 2023", failures=2, error="No answer."
    )
    visited(article, headers={"ETag": '"a2"'})
    assert (article.etag, article.modified) == ('"a2"', "Sun, 01 Jan 2023")
    assert (article.failures, article.error, article.visits) == (0, "", 1)


def test_two_texts_of_an_article_cannot_both_be_the_one_that_is_there() -> None:
    article = make_article(URL)
    seen("One.")
    other = ingest(make_raw("Two.")).document
    with pytest.raises(IntegrityError), transaction.atomic():
        Document.objects.filter(pk=other.pk).update(article=article, version=2)
