"""The document page and the list of documents."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from claims.models import Suggestion
from sources.models import Document
from tests.factories import (
    make_claim,
    make_document,
    make_evidence,
    make_user,
)
from tests.reading import Reader, read
from tests.scenes import KYIV_TEXT, make_run, soledar

pytestmark = pytest.mark.django_db


class TestDocument:
    def document(self) -> Document:
        soledar()
        return Document.objects.get(text=KYIV_TEXT)

    def test_its_text_stands_whole_with_its_claims_numbered(self, client: Client) -> None:
        html = client.get(self.document().get_absolute_url()).content.decode()
        article = html.partition("<article")[2].partition(">")[2].partition("</article>")[0]
        shown = Reader(article.replace('<span class="hidden">claim </span>', ""))
        without_numbers = "".join(word for word in shown.words if not word.isdigit())
        assert without_numbers == KYIV_TEXT
        assert [word for word in shown.words if word.isdigit()] == ["1", "1", "2", "3"]

    def test_each_claim_leads_to_its_page_and_its_town(self, client: Client) -> None:
        document = self.document()
        page = read(client, document.get_absolute_url())
        for claim in document.claims.all():
            assert claim.get_absolute_url() in page.links
            assert f"{claim.place.get_absolute_url()}#claim-{claim.id}" in page.links
            assert f"claim-{claim.id}" in page.ids
        assert len(page.ids) == len(set(page.ids))

    def test_passages_that_overlap_are_all_shown(self, client: Client) -> None:
        document = make_document("Alpha beta gamma delta.", published=datetime.now(UTC))
        first = make_claim(document=document, quote="Alpha beta gamma")
        second = make_claim("holds", document=document, quote="beta gamma delta")
        make_evidence(second, "gamma")
        html = client.get(document.get_absolute_url()).content.decode()
        assert 'data-claims="1 ">Alpha </mark>' in html
        assert 'data-claims="1 2 ">beta </mark>' in html
        assert 'data-claims="1 2 ">gamma</mark>' in html
        assert 'data-claims="2 "> delta</mark>' in html
        page = Reader(html)
        assert {f"claim-{first.id}", f"claim-{second.id}"} <= set(page.ids)

    def test_the_time_is_the_publishers_own(self, client: Client) -> None:
        document = make_document(published=datetime(2023, 1, 11, 22, 30, tzinfo=UTC))
        document.published_offset = 180
        document.save()
        page = read(client, document.get_absolute_url())
        assert "12 January 2023, 01:30 (UTC+03:00)" in page.text

    def test_a_retold_one_says_so(self, client: Client) -> None:
        document = make_document(provenance=Document.Provenance.RETOLD)
        assert "Retold from the public record" in read(client, document.get_absolute_url()).text

    @pytest.mark.parametrize(
        ("state", "fields", "words"),
        [
            (None, {}, "Waiting to be read: the next sweep finds it."),
            ("waiting", {"error": "no route"}, "The last attempt ended with: no route"),
            ("running", {}, "Being read now."),
            ("failed", {"error": "ValueError: bad"}, "Could not be read: ValueError: bad"),
            ("done", {"skipped": "not in English"}, "Set aside unread: not in English"),
            ("done", {}, "No claim about who holds a town was found in it."),
        ],
    )
    def test_how_far_its_extraction_is(
        self, client: Client, state: str | None, fields: dict[str, str], words: str
    ) -> None:
        document = make_document()
        if state:
            make_run(document, state, **fields)
        assert words in read(client, document.get_absolute_url()).text

    def test_copies_of_one_text_name_each_other(self, client: Client) -> None:
        first = make_document(publisher="First Courier")
        second = make_document(publisher="Second Courier")
        near = make_document("Nearly the same.", publisher="Third Courier")
        Document.objects.filter(pk=near.pk).update(family=first.family, exact_family=near.family)
        page = read(client, first.get_absolute_url())
        assert {second.get_absolute_url(), near.get_absolute_url()} <= set(page.links)
        assert "The same text, or nearly, was published by" in page.text

    def test_editors_see_the_names_that_nothing_knew(self, client: Client) -> None:
        document = make_document("Fog lay over Ostermark, Piet Amsel said.")
        names = Suggestion.objects
        told = {"run": make_run(document), "start": 0, "end": 10, "sentence": "Fog lay over it."}
        names.create(**told, kind="place", name="Ostermark", taken_for="town")
        names.create(**told, kind="actor", name="Piet Amsel", taken_for="speaker", of="Ukraine")
        address = document.get_absolute_url()
        assert "Unknown names" not in read(client, address).text
        user = make_user()
        user.user_permissions.set(Permission.objects.filter(codename="view_suggestion"))
        client.force_login(user)
        shown = read(client, address).text
        assert "Unknown names Ostermark taken for a town in “Fog lay over it.”" in shown
        assert "Piet Amsel taken for a speaker for Ukraine in" in shown

    def test_only_web_addresses_are_linked(self, client: Client) -> None:
        document = make_document(url="javascript:alert(1)")
        assert "javascript:alert(1)" not in read(client, document.get_absolute_url()).links


class TestDocuments:
    def test_they_are_listed_with_their_extraction(self, client: Client) -> None:
        make_run(make_document("One.", title="First"), "failed", error="ValueError: bad")
        make_run(make_document("Two.", title="Second"), "done", skipped="not in English")
        make_document("Three.", title="Third")
        page = read(client, "/documents/").text
        assert "3 documents" in page
        assert "failed ValueError: bad" in page
        assert "set aside not in English" in page
        assert "Third Example Courier 11 January 2023 waiting" in page

    @pytest.mark.parametrize(
        ("asked", "titles"),
        [
            ("state=failed", ["First"]),
            ("state=set aside", ["Second"]),
            ("state=waiting", ["Third"]),
            ("q=SEC", ["Second"]),
            ("q=x", []),
        ],
    )
    def test_they_are_chosen_by_the_address(
        self, client: Client, asked: str, titles: list[str]
    ) -> None:
        make_run(make_document("One.", title="First"), "failed", error="ValueError: bad")
        make_run(make_document("Two.", title="Second"), "done", skipped="not in English")
        make_document("Three.", title="Third")
        words = read(client, f"/documents/?{asked}").words
        assert [word for word in words if word in ("First", "Second", "Third")] == titles

    @pytest.mark.parametrize("count", [3, 30])
    def test_the_number_of_queries_does_not_grow_with_them(
        self, client: Client, django_assert_num_queries: DjangoAssertNumQueries, count: int
    ) -> None:
        for number in range(count):
            make_run(make_document(f"Text {number}."))
        with django_assert_num_queries(2):
            read(client, "/documents/")
