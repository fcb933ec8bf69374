"""Articles that were moved are one with what stands at their new address, where that is certain."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from sources.articles import record
from sources.ingest import Ingested
from sources.models import Article, Document, Snapshot, StoredBytes
from sources.moves import standing
from sources.withdrawing import withdraw_texts
from tests.factories import make_article, make_raw, make_user

pytestmark = pytest.mark.django_db

OLD = "https://courier.example/2023/soledar"
NEW = "https://courier.example/world/soledar-update"
THIRD = "https://courier.example/world/soledar"


def seen(
    text: str, url: str, *, asked: str = "", before: Article | None = None, **fields: Any
) -> Ingested:
    """The text as it was read at `url`, to which `asked` leads for good."""
    there, _ = StoredBytes.objects.get_or_create(
        sha256="0" * 64, defaults={"size": 1, "stored_size": 1}
    )
    snapshot = Snapshot.objects.create(
        way="fetched",
        at=timezone.now(),
        bytes=there,
        asked=asked or url,
        address=url,
        moved=url if asked else "",
        status=200,
    )
    return record(make_raw(text, **fields), snapshot=snapshot, url=url, before=before)


def at(url: str) -> Article:
    return Article.objects.get(url=url)


def versions(url: str) -> list[tuple[int, str, bool]]:
    """Of the article at the address: number, text, and whether it is the one that is there."""
    rows = Document.objects.filter(article__url=url).order_by("version")
    return [(row.version, row.text, row.replaced_at is None) for row in rows]


def test_a_text_to_which_the_old_address_leads_is_the_next_version() -> None:
    seen("One.", OLD)
    found = seen("Two.", NEW, asked=OLD)
    assert found.created
    assert versions(OLD) == []
    assert versions(NEW) == [(1, "One.", False), (2, "Two.", True)]
    old, new = at(OLD), at(NEW)
    assert (old.moved_to, old.next_visit_at) == (new, None)
    assert new.next_visit_at is not None
    assert set(Snapshot.objects.values_list("article", flat=True)) == {new.pk}


def test_the_same_text_is_moved_without_a_new_version() -> None:
    one = seen("One.", OLD).document
    found = seen("One.", NEW, asked=OLD)
    assert (found.created, found.document) == (False, one)
    assert versions(NEW) == [(1, "One.", True)]
    assert at(OLD).moved_to == at(NEW)


def test_what_was_known_at_both_addresses_becomes_one() -> None:
    seen("One.", OLD)
    seen("Two.", OLD)
    seen("Three.", NEW)
    seen("Four.", NEW)
    seen("Four.", NEW, asked=OLD)
    assert versions(NEW) == [
        (1, "One.", False),
        (2, "Two.", False),
        (3, "Three.", False),
        (4, "Four.", True),
    ]


def test_a_redirect_that_may_end_again_joins_nothing() -> None:
    seen("One.", OLD)
    there = StoredBytes.objects.get()
    snapshot = Snapshot.objects.create(
        way="fetched", at=timezone.now(), bytes=there, asked=OLD, address=NEW, status=200
    )
    record(make_raw("Two."), snapshot=snapshot, url=NEW)
    assert versions(OLD) == [(1, "One.", True)]
    assert versions(NEW) == [(1, "Two.", True)]


@pytest.mark.parametrize(
    "to",
    [
        "https://courier.example/",
        "https://courier.example/2023/",
        "https://other.example/soledar",
    ],
)
def test_what_leads_up_or_to_an_unknown_site_joins_nothing(to: str) -> None:
    seen("One.", OLD)
    seen("All the news.", to, asked=OLD)
    assert versions(OLD) == [(1, "One.", True)]
    assert at(OLD).moved_to is None


def test_to_another_site_where_the_publisher_has_it_already() -> None:
    seen("One.", OLD)
    seen("Two.", "https://courier-news.example/soledar")
    seen("Two.", "https://courier-news.example/soledar", asked=OLD)
    assert versions("https://courier-news.example/soledar") == [
        (1, "One.", False),
        (2, "Two.", True),
    ]


def test_another_publishers_article_is_never_the_same() -> None:
    seen("One.", OLD)
    seen("Two.", NEW, publisher="Example Tribune")
    seen("Two.", NEW, publisher="Example Tribune", asked=OLD)
    seen("Three.", NEW, publisher="Example Tribune", before=at(OLD))
    assert versions(OLD) == [(1, "One.", True)]
    assert versions(NEW) == [(1, "Two.", False), (2, "Three.", True)]


def test_an_address_to_which_several_articles_lead_is_no_article_of_theirs() -> None:
    seen("One.", OLD)
    seen("The other.", THIRD)
    seen("This article is not here any more.", NEW, asked=OLD)
    seen("This article is not here any more.", NEW, asked=THIRD)
    assert versions(THIRD) == [(1, "The other.", True)]
    assert at(THIRD).moved_to is None


def test_what_its_feed_says_is_the_same_is_the_next_version() -> None:
    seen("One.", OLD)
    seen("Two.", NEW, before=at(OLD))
    assert versions(NEW) == [(1, "One.", False), (2, "Two.", True)]


def test_a_page_that_gives_the_known_address_as_its_own_is_of_that_article() -> None:
    seen("One.", OLD)
    found = seen("Two.", "https://m.courier.example/2023/soledar", canonical=OLD)
    assert versions(OLD) == [(1, "One.", False), (2, "Two.", True)]
    found.document.refresh_from_db()
    assert found.document.url == OLD
    assert at("https://m.courier.example/2023/soledar").moved_to == at(OLD)


def test_an_old_copy_does_not_come_back_from_another_address() -> None:
    seen("One.", OLD)
    seen("Two.", OLD)
    seen("One.", NEW, canonical=OLD)
    assert versions(OLD) == [(1, "One.", False), (2, "Two.", True)]


def test_a_known_page_that_gives_another_known_address_as_its_own_by_now() -> None:
    seen("One.", OLD)
    seen("Two.", NEW)
    seen("Two.", OLD, canonical=NEW)
    assert versions(NEW) == [(1, "One.", False), (2, "Two.", True)]


@pytest.mark.parametrize(
    ("url", "canonical"),
    [
        (NEW, "https://courier.example/"),
        ("https://evil.example/soledar", OLD),
        ("https://evil.courier.example/soledar", OLD),
        (NEW, "https://courier.example/not/known"),
        (NEW, "javascript:alert(1)"),
    ],
)
def test_an_own_address_that_is_not_believed(url: str, canonical: str) -> None:
    seen("All the news.", "https://courier.example/")
    seen("One.", OLD)
    seen("Two.", url, canonical=canonical)
    assert versions(OLD) == [(1, "One.", True)]
    assert versions(url) == [(1, "Two.", True)]


def test_moved_once_more_and_back() -> None:
    seen("One.", OLD)
    seen("Two.", NEW, asked=OLD)
    seen("Three.", THIRD, asked=NEW)
    assert [row.moved_to for row in (at(OLD), at(NEW))] == [at(THIRD)] * 2
    seen("Four.", OLD, asked=THIRD)
    assert [at(url).moved_to for url in (OLD, NEW, THIRD)] == [None, at(OLD), at(OLD)]
    assert [text for _, text, _ in versions(OLD)] == ["One.", "Two.", "Three.", "Four."]


def test_a_left_address_with_another_text_has_an_article_of_its_own() -> None:
    seen("One.", OLD)
    seen("Two.", NEW, asked=OLD)
    seen("One.", OLD)
    assert at(OLD).moved_to == at(NEW)
    assert versions(NEW) == [(1, "One.", False), (2, "Two.", True)]
    seen("Something else.", OLD)
    assert at(OLD).moved_to is None
    assert versions(OLD) == [(1, "Something else.", True)]
    assert versions(NEW) == [(1, "One.", False), (2, "Two.", True)]


def test_what_was_withdrawn_does_not_come_back_at_another_address() -> None:
    withdrawn = seen("One.", OLD).document
    withdraw_texts(document=withdrawn, by=make_user(), because="law")
    found = seen("One, changed.", NEW, asked=OLD)
    assert (found.created, found.document) == (False, withdrawn)
    assert versions(NEW) == [(1, "", True)]
    again = seen("One, changed again.", OLD)
    assert (again.created, again.document) == (False, withdrawn)


def test_what_was_withdrawn_is_not_joined_with_what_was_not() -> None:
    withdraw_texts(document=seen("One.", OLD).document, by=make_user(), because="law")
    seen("Two.", NEW)
    seen("Two.", NEW, asked=OLD)
    assert versions(OLD) == [(1, "", True)]
    assert versions(NEW) == [(1, "Two.", True)]


def test_a_withdrawal_finds_the_article_wherever_it_went() -> None:
    document = seen("One.", OLD).document
    stale = Document.objects.get(pk=document.pk)
    seen("Two.", NEW, asked=OLD)
    assert len(withdraw_texts(document=stale, by=make_user(), because="law")) == 2
    assert versions(NEW) == [(1, "", False), (2, "", True)]


def test_what_stands_at_an_address_or_was_moved_from_it() -> None:
    seen("One.", OLD)
    two = seen("Two.", NEW, asked=OLD).document
    make_article(THIRD)
    assert standing([OLD, NEW, THIRD, "https://courier.example/none"]) == {
        OLD: two.pk,
        NEW: two.pk,
    }


def test_a_left_address_is_not_visited_and_does_not_lead_to_itself() -> None:
    old, new = make_article(OLD), make_article(NEW)
    rows = Article.objects.filter(pk=old.pk)
    for wrong in (
        {"moved_to": old},
        {"moved_to": new, "next_visit_at": timezone.now() + timedelta(1)},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(**wrong)
