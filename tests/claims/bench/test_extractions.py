"""What versions of the extractor changed, and decided claims that are no longer found."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.db import transaction
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from claims.extraction.records import EXTRACTOR_VERSION, ExtractedClaim, Extraction
from claims.models import Claim, ExtractionRun
from claims.reconcile import reconcile
from claims.review.decisions import decide
from claims.runs import article
from sources.models import Document
from tests.claims.test_reconcile import found
from tests.factories import make_actor, make_document, make_place, make_user
from tests.reading import read

pytestmark = pytest.mark.django_db
VERSION = EXTRACTOR_VERSION
EXTRACTIONS, LOST = "/bench/extractions/", "/bench/lost/"


def run(document: Document, version: str, *claims: ExtractedClaim) -> ExtractionRun:
    """The document, read by a version that finds these claims."""
    with transaction.atomic():
        done = reconcile(document, Extraction(article(document), claims), version)
    return ExtractionRun.objects.create(
        document=document,
        extractor_version=version,
        state="done",
        finished_at=timezone.now(),
        changes=done.changes,
    )


@pytest.fixture
def document() -> Document:
    make_place()
    make_place("Bakhmut")
    make_actor()
    return make_document()


@pytest.fixture
def bench(client: Client) -> Client:
    client.force_login(make_user("ana", role="analyst"))
    return client


@pytest.fixture
def changed(document: Document) -> Document:
    """Read twice: an accepted claim is found on another day, another becomes superseded."""
    holds = found(predicate="holds")
    run(document, "1", found(), holds)
    first = make_user("first")
    decide(claim=Claim.objects.get(predicate="captured"), kind="accept", by=first, reason="clear")
    run(document, VERSION, found(event_date=None, event_precision=None))
    return document


def test_versions_with_what_they_changed(changed: Document, bench: Client) -> None:
    fresh = make_document("Another text.")
    run(fresh, VERSION, found())
    ExtractionRun.objects.create(document=make_document("A third."), extractor_version=VERSION)
    page = read(bench, EXTRACTIONS)
    assert f"Version {VERSION}, the present one" in page.text
    assert "2 of 3 documents read · 1 waiting" in page.text
    row = page.text.partition(f"Last read {VERSION} present")[2].split()
    numbers = [word for word in row if word.isdecimal()][:8]
    # documents, read before, new, superseded, found again, lost, named anew, in its place
    assert numbers == ["3", "1", "1", "1", "0", "1", "0", "1"]
    assert "1 decided claim is no longer found" in page.text
    assert "Read everything again" not in page.text


def test_documents_that_a_version_changed(changed: Document, bench: Client) -> None:
    other = make_document("Another text.", title="Nothing new")
    run(other, "1", found())
    run(other, VERSION, found())
    fresh = make_document("A third.", title="Never read before")
    run(fresh, VERSION, found())
    address = f"{EXTRACTIONS}version/{VERSION}/"
    page = read(bench, address)
    assert "1 document" in page.text
    assert "Who holds Soledar?" in page.text
    assert "1 new 1 superseded 1 decided, no longer found 1 in a decided one’s place" in page.text
    assert "Nothing new" not in page.text
    assert "Never read before" in read(bench, f"{address}?reading=first").text
    assert "2 documents as asked" in read(bench, f"{address}?reading=all").text
    assert "1 document as asked" in read(bench, f"{address}?change=superseded").text
    assert "No document fits" in read(bench, f"{address}?change=renamed").text
    assert "1 document as asked" in read(bench, f"{address}?conflict=ukraine&q=soledar").text
    assert read(bench, f"{EXTRACTIONS}version/nine/", 404)


def test_a_version_that_changed_nothing(document: Document, bench: Client) -> None:
    run(document, "1", found())
    run(document, VERSION, found())
    page = read(bench, f"{EXTRACTIONS}version/{VERSION}/")
    assert "No claim changed" in page.text
    assert "has read 1 document that an earlier one had read" in page.text


def test_the_difference_claim_by_claim(changed: Document, bench: Client) -> None:
    page = read(bench, f"{EXTRACTIONS}version/{VERSION}/{changed.id}/")
    told = "another in its place about 10 January 2023 → empty about, precise to the day → empty"
    assert told in page.text
    assert page.text.count("Wagner Group: Soledar captured") == 2
    assert "accepted by first on" in page.text
    assert ": clear" in page.text
    assert "superseded Before: Wagner Group: Soledar held" in page.text
    assert page.text.count("not found") == 1
    first = read(bench, f"{EXTRACTIONS}version/1/{changed.id}/")
    assert first.text.count("not found") == 2
    assert read(bench, f"{EXTRACTIONS}version/nine/{changed.id}/", 404)


def test_a_superseded_claim_stands_beside_the_new_one(document: Document, bench: Client) -> None:
    run(document, "1", found())
    run(document, VERSION, found(asserted_precision="week"))
    page = read(bench, f"{EXTRACTIONS}version/{VERSION}/{document.id}/")
    assert page.text.count("Wagner Group: Soledar captured") == 2
    assert "not found" not in page.text


def test_decided_claims_that_are_no_longer_found(changed: Document, bench: Client) -> None:
    alone = make_document("Another text.", conflict_slug="")
    run(alone, "1", found(predicate="encircled"))
    lost = Claim.objects.get(predicate="encircled")
    decide(claim=lost, kind="reject", because="who", by=make_user("second"))
    run(alone, VERSION)
    page = read(bench, LOST)
    assert "2 claims" in page.text
    assert "rejected by second on" in page.text
    assert "somebody else says it" in page.text
    assert "no claim" in page.text
    assert "1 claim as asked" in read(bench, f"{LOST}?state=accepted").text
    assert "Wagner Group: Soledar encircled" in read(bench, f"{LOST}?replaced=no").text
    replaced = read(bench, f"{LOST}?replaced=yes").text
    assert replaced.count("Wagner Group: Soledar captured") == 2
    assert "2 claims as asked" in read(bench, f"{LOST}?conflict=ukraine").text
    assert "No claim fits" in read(bench, f"{LOST}?state=unverifiable").text


def test_nothing_is_lost(bench: Client, db: None) -> None:
    assert "Every decided claim is still found" in read(bench, LOST).text
    assert "Nothing has been read yet" in read(bench, EXTRACTIONS).text


def test_a_decision_is_taken_over_from_the_page(changed: Document, client: Client) -> None:
    editor = make_user("second")
    client.force_login(editor)
    new = Claim.objects.get(replaces__isnull=False)
    address = f"/bench/claims/{new.id}/take-over/"
    outdated = client.post(address, {"version": "99", "next": LOST}, follow=True)
    assert outdated.redirect_chain == [(LOST, 302)]
    assert "Somebody has changed this claim" in outdated.content.decode()
    assert Claim.objects.get(pk=new.pk).state == "pending"
    response = client.post(address, {"version": str(new.version), "next": "//evil.example/"})
    assert response.headers["Location"] == new.get_absolute_url()
    assert Claim.objects.get(pk=new.pk).state == "accepted"
    assert client.get(address).status_code == 405


@pytest.mark.parametrize("role", ["reader", "analyst"])
def test_who_may_not_take_over(changed: Document, client: Client, role: str) -> None:
    client.force_login(make_user("somebody", role=role))
    new = Claim.objects.get(replaces__isnull=False)
    assert client.post(f"/bench/claims/{new.id}/take-over/").status_code == 403
    assert Claim.objects.get(pk=new.pk).state == "pending"


def test_administrators_let_everything_be_read_again(changed: Document, client: Client) -> None:
    unread = make_document("Another text.")
    client.force_login(make_user("chief", role="administrator"))
    assert "Read everything again" in read(client, EXTRACTIONS).text
    response = client.post(f"{EXTRACTIONS}again/", follow=True)
    assert "2 documents are read once more." in response.content.decode()
    waiting = ExtractionRun.objects.filter(state="waiting", extractor_version=VERSION)
    assert {run.document for run in waiting} == {changed, unread}
    assert "0 of 2 documents read · 2 waiting" in read(client, EXTRACTIONS).text


@pytest.mark.parametrize("role", ["reader", "analyst", "editor", "adjudicator"])
def test_nobody_else_may(changed: Document, client: Client, role: str) -> None:
    client.force_login(make_user("somebody", role=role))
    assert client.post(f"{EXTRACTIONS}again/").status_code == 403
    assert not ExtractionRun.objects.filter(state="waiting").exists()


def test_readers_do_not_see_it(changed: Document, client: Client) -> None:
    client.force_login(make_user("somebody", role="reader"))
    for address in (EXTRACTIONS, LOST, f"{EXTRACTIONS}version/{VERSION}/"):
        assert client.get(address).status_code == 403


def test_constant_queries(
    bench: Client, django_assert_num_queries: DjangoAssertNumQueries, document: Document
) -> None:
    numbers: dict[str, int] = {
        EXTRACTIONS: 5,
        f"{EXTRACTIONS}version/{VERSION}/": 7,
        LOST: 11,
    }
    for round_ in range(2):
        for number in range(2 + 4 * round_):
            text = make_document(f"Text {round_} {number}.")
            run(text, "1", found())
            claim = Claim.objects.get(document=text)
            decide(claim=claim, kind="accept", by=_editor())
            run(text, VERSION, found(asserted_precision="week"))
        for address, queries in numbers.items():
            bench.get(address)
            with django_assert_num_queries(queries, info=address):
                bench.get(address)


def _editor() -> User:
    return make_user("first")


def test_the_screen_of_a_claim_offers_the_earlier_decision(
    changed: Document, client: Client
) -> None:
    client.force_login(make_user("second"))
    new = Claim.objects.get(replaces__isnull=False)
    page = read(client, f"/bench/claims/{new.id}/")
    assert "Found in the place of a claim that is decided: Wagner Group: Soledar" in page.text
    assert "accepted · by first on" in page.text
    assert "Take over that decision" in page.text
    old = Claim.objects.get(state="accepted")
    assert "Take over" not in read(client, f"/bench/claims/{old.id}/").text
