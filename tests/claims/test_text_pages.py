"""Pages of texts that were replaced or withdrawn."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from claims.models import Claim
from claims.pages.versions import difference
from claims.withdrawing import withdraw
from sources.models import Document
from tests.factories import (
    TEXT,
    make_article,
    make_claim,
    make_document,
    make_user,
)

pytestmark = pytest.mark.django_db

LATER = TEXT.replace("a spokesman said", "two spokesmen said")


def words_of(answer: Any) -> str:
    """What the page says, without its markup."""
    words = re.sub(r"<(style|script)\b.*?</\1>|<[^>]*>", " ", answer.content.decode(), flags=re.S)
    return re.sub(r"\s+([,.:])", r"\1", " ".join(unescape(words).split()))


@pytest.fixture
def texts() -> tuple[Document, Document]:
    article = make_article()
    first = make_document(article=article, version=1, replaced_at=timezone.now())
    later = make_document(LATER, article=article, version=2, title="Who holds Soledar now?")
    return first, later


@pytest.fixture
def chief(client: Client) -> Client:
    client.force_login(make_user("chief", superuser=True))
    return client


def take_down(document: Document) -> None:
    withdraw(document=document, by=make_user("root", superuser=True), because="A court says so.")
    document.refresh_from_db()


def test_difference_is_of_words_with_what_stands_around() -> None:
    found = difference(TEXT, LATER)
    assert [piece.kind for piece in found] == ["same", "gone", "new", "same"]
    assert [piece.text.strip() for piece in found if piece.kind != "same"] == [
        "a spokesman",
        "two spokesmen",
    ]
    assert "".join(piece.text for piece in found if piece.kind != "gone") == LATER


def test_what_is_alike_for_long_is_left_out() -> None:
    before = " ".join(f"word{number}" for number in range(300))
    found = difference(before, before.replace("word150", "another"))
    kinds = [piece.kind for piece in found]
    assert kinds == ["left-out", "same", "gone", "new", "same", "left-out"]
    assert found[1].text.split() == [f"word{number}" for number in range(110, 150)]


def test_white_space_is_no_difference() -> None:
    assert difference("One two.\n\nThree.", "One  two.\nThree.\n") == ()


@pytest.mark.parametrize("text", ["a " * 100_000, "a\n" * 100_000, "<b>" * 90_000])
def test_a_text_made_to_be_slow_is_set_beside_the_other_as_a_whole(text: str) -> None:
    found = difference(text, f"{text}b")
    assert "".join(piece.text for piece in found if piece.kind == "new").endswith("b")


def test_versions_stand_on_the_documents_page(client: Client, texts: Any) -> None:
    first, later = texts
    words = words_of(client.get(later.get_absolute_url()))
    assert "Version 2, this one" in words
    assert "was published by" not in words
    answer = client.get(first.get_absolute_url())
    assert "Another text has been seen at its address since" in words_of(answer)
    assert later.get_absolute_url() in answer.content.decode()


def test_what_a_version_changed(client: Client, texts: Any) -> None:
    first, later = texts
    answer = client.get(reverse("document-changes", args=[later.pk]))
    html = answer.content.decode()
    assert "a spokesman</del>" in html
    assert "two spokesmen</ins>" in html
    assert "<del>Who holds Soledar?</del>" in html
    assert client.get(reverse("document-changes", args=[first.pk])).status_code == 404
    alone = make_document("Another text.")
    assert client.get(reverse("document-changes", args=[alone.pk])).status_code == 404


def test_what_comes_from_outside_is_text(client: Client) -> None:
    article = make_article()
    bad = "<script>alert(1)</script>"
    make_document("Before.", article=article, version=1, replaced_at=timezone.now(), title=bad)
    later = make_document(f"After. {bad}", article=article, version=2, title="")
    html = client.get(reverse("document-changes", args=[later.pk])).content.decode()
    assert bad not in html
    assert html.count("&lt;script&gt;alert(1)&lt;/script&gt;") == 2


def test_a_claim_of_a_replaced_text_says_so(chief: Client, texts: Any) -> None:
    claim = make_claim(document=texts[0])
    for name in ("claim", "bench-claim"):
        words = words_of(chief.get(reverse(name, args=[claim.pk])))
        assert "these words are in its earlier text" in words


def test_pages_of_a_withdrawn_text_say_so_and_show_nothing_of_it(chief: Client, texts: Any) -> None:
    claim = make_claim(document=texts[1], state="accepted")
    take_down(texts[1])
    pages = (
        texts[1].get_absolute_url(),
        reverse("document-changes", args=[texts[1].pk]),
        reverse("documents"),
        claim.get_absolute_url(),
        reverse("bench-claim", args=[claim.pk]),
        claim.place.get_absolute_url(),
        reverse("claims"),
        reverse("feed"),
        reverse("admin:claims_claim_change", args=[claim.pk]),
        reverse("admin:sources_document_changelist"),
        reverse("claim-split", args=[claim.pk]),
        reverse("claim-add", args=[texts[1].pk]),
        reverse("search") + "?q=Soledar",
    )
    for page in pages:
        answer = chief.get(page)
        assert answer.status_code == 200, page
        words = words_of(answer)
        assert "its men have taken" not in words, page
        assert "Who holds Soledar now" not in words, page
        if page not in (reverse("search") + "?q=Soledar", reverse("feed")):
            assert "withdrawn" in words, page


def test_editors_see_who_withdrew_it_and_why_readers_do_not(client: Client, texts: Any) -> None:
    take_down(texts[0])
    page = texts[0].get_absolute_url()
    assert "A court says so" not in words_of(client.get(page))
    client.force_login(make_user())
    assert "By root: A court says so." in words_of(client.get(page))


def test_withdrawing_takes_a_reason_and_a_mark(chief: Client, texts: Any) -> None:
    claim = make_claim(document=texts[0], state="accepted")
    address = reverse("document-withdraw", args=[texts[0].pk])
    words = words_of(chief.get(address))
    assert "It is gone for good" in words
    assert "1 claim that editors have decided on" in words
    unsure = chief.post(address, {"because": "A court <says> so."})
    assert unsure.status_code == 422
    assert "Say that it is meant." in words_of(unsure)
    assert "A court &lt;says&gt; so.</textarea>" in unsure.content.decode()
    silent = chief.post(address, {"because": " ", "sure": "on"})
    assert silent.status_code == 422
    assert "Say why it is withdrawn." in words_of(silent)
    assert not Document.objects.exclude(withdrawn_at=None).exists()
    done = chief.post(address, {"because": "A court says so.", "sure": "on"}, follow=True)
    assert "2 texts are withdrawn." in words_of(done)
    assert Document.objects.exclude(withdrawn_at=None).count() == 2
    assert Claim.objects.get(pk=claim.pk).state == "accepted"
    assert "This text has been withdrawn already." in words_of(chief.get(address))


def test_its_link_is_for_administrators(client: Client, texts: Any) -> None:
    address = reverse("document-withdraw", args=[texts[0].pk])
    for user, there in ((make_user(), False), (make_user("chief", superuser=True), True)):
        client.force_login(user)
        page = client.get(texts[0].get_absolute_url()).content.decode()
        assert (address in page) is there
        assert client.get(address).status_code == (200 if there else 403)
