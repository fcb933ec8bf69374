"""Texts of an article, and withdrawn ones, as the API has them."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone

from claims.withdrawing import withdraw
from sources.models import Publisher
from tests.factories import TEXT, make_article, make_claim, make_document, make_user

pytestmark = pytest.mark.django_db


def test_a_text_says_which_of_its_article_it_is_and_where_its_time_is_from(client: Client) -> None:
    article = make_article()
    first = make_document(article=article, version=1, replaced_at=timezone.now())
    later = make_document(
        f"{TEXT} More.",
        article=article,
        version=2,
        author="A. Reporter",
        published_from="page",
        published_confidence="medium",
    )
    first.refresh_from_db()
    later.refresh_from_db()
    told = {one["version"]: one for one in client.get("/api/v1/documents/").json()["results"]}
    assert [told[number]["article"] for number in (1, 2)] == [str(article.pk)] * 2
    assert told[1]["replaced_at"] == first.replaced_at.isoformat().replace("+00:00", "Z")  # type: ignore[union-attr]
    assert told[2]["replaced_at"] is None
    assert told[2]["text_sha256"] == later.text_sha256
    assert told[2]["author"] == "A. Reporter"
    assert (told[2]["published_from"], told[2]["published_confidence"]) == ("page", "medium")
    assert make_document("Pasted.").article is None
    pasted = client.get("/api/v1/documents/").json()["results"][0]
    assert (pasted["article"], pasted["version"]) == (None, 1)


def test_a_withdrawn_text_is_told_as_one(client: Client) -> None:
    Publisher.objects.update_or_create(
        name="Example Courier", defaults={"texts_may_be_given_on": True}
    )
    claim = make_claim(state="accepted")
    document = claim.document
    address = f"/api/v1/documents/{document.pk}/"
    assert client.get(address).json()["text"] == document.text
    before = client.get(f"/api/v1/claims/{claim.pk}/").headers["ETag"]
    withdraw(document=document, by=make_user("root", superuser=True), because="A court.")
    told = client.get(address).json()
    assert (told["title"], told["text"], told["author"]) == ("", None, "")
    assert told["withdrawn_at"] is not None
    assert len(told["text_sha256"]) == 64
    assert [one["quote"] for one in told["quotations"]] == [""]
    answer = client.get(f"/api/v1/claims/{claim.pk}/", headers={"if-none-match": before})
    assert answer.status_code == 200
    shown = answer.json()
    assert shown["document"]["withdrawn_at"] == told["withdrawn_at"]
    assert [one["quote"] for one in shown["evidence"]] == [""]
