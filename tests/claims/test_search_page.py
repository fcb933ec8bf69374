"""The search page: sections with counts, snippets, ways on."""

from __future__ import annotations

from html import unescape

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from claims.pages.search import Part, snippet
from tests.factories import make_actor, make_claim, make_document, make_place
from tests.reading import read
from tests.scenes import soledar

pytestmark = pytest.mark.django_db


def test_all_that_there_is_in_sections_with_counts(client: Client) -> None:
    place = soledar()
    page = read(client, "/search/?q=Karlo-Libknekhtivsk")
    assert place.get_absolute_url() in page.links
    for words in ("1 town", "8 claims", "4 documents", "the town’s page"):
        assert words in page.text
    assert "/claims/?q=Karlo-Libknekhtivsk" in page.links


def test_an_actor_leads_to_its_record(client: Client) -> None:
    soledar()
    page = read(client, "/search/?q=wagner")
    assert "1 actor" in page.text
    assert "/speakers/wagner-group/" in page.links


def test_a_direct_hit_needs_exactly_one_town(client: Client) -> None:
    for key in ("one", "two"):
        make_claim(place=make_place("Soledar", key=key))
    page = read(client, "/search/?q=Soledar")
    assert "2 towns" in page.text
    assert "the town’s page" not in page.text


def test_found_words_are_marked_in_their_passages(client: Client) -> None:
    make_document("Long before. The salt mines of Soledar are deep.", title="Mines")
    html = client.get("/search/?q=mine").content.decode()
    assert "The salt <mark>mines</mark> of Soledar" in html


def test_hostile_text_stays_text(client: Client) -> None:
    hostile = "<script>alert(1)</script> \x02salt\x03 <b>mines</b> </mark>&amp;"
    document = make_document(hostile, title=hostile)
    make_claim(document=document, quote=hostile)
    html = client.get("/search/", {"q": "mines or <script>"}).content.decode()
    assert "<script>alert" not in html
    assert "<b>mines" not in html
    assert "<mark>mines</mark>" in html
    assert "<mark>salt" not in html  # the text's own signs mark nothing
    assert "<b>mines</b> </mark>&amp;" in unescape(html)


def test_one_section_alone_is_paged(client: Client) -> None:
    for number in range(60):
        make_document(f"Salt {number}.", title=f"Salt report {number}")
    page = read(client, "/search/?q=salt")
    assert "60 documents" in page.text
    assert "/search/?q=salt&in=documents" in [
        f"/search/{link}" if link.startswith("?") else link for link in page.links
    ]
    page = read(client, "/search/?q=salt&in=documents&page=2")
    assert "page 2 of 2" in page.text


def test_no_more_are_counted_than_anybody_looks_at(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("claims.views.search.COUNTED", 50)
    for number in range(51):
        make_document(f"Salt {number}.", title=f"Salt report {number}")
    page = read(client, "/search/?q=salt")
    assert "more than 50 documents" in page.text
    assert "the best 50 of the latest" in page.text
    alone = read(client, "/search/?q=salt&in=documents&page=2")
    assert "more than 50 documents" in alone.text
    assert alone.text.count("Salt report") == 50


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("/search/", "finds Bakhmut"),
        ("/search/?q=the", "No word to search for"),
        ("/search/?q=nowhere", "Nothing found"),
        ("/search/?q=salt&in=nowhere", "Select a valid choice"),
        ("/search/?q=%00", "Null characters are not allowed"),
    ],
)
def test_what_finds_nothing_says_what_would(client: Client, address: str, words: str) -> None:
    assert words in read(client, address).text


@pytest.mark.parametrize("count", [2, 20])
def test_the_number_of_queries_does_not_grow(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries, count: int
) -> None:
    for number in range(count):
        make_claim(speaker=f"Speaker {number}")
    make_actor("Soledar Guard")
    with django_assert_num_queries(20):
        read(client, "/search/?q=Soledar")


def test_pieces_between_the_signs_are_marked() -> None:
    assert snippet("a \x02b\x03 c\x02d\x03") == (
        Part("a ", False),
        Part("b", True),
        Part(" c", False),
        Part("d", True),
    )
    assert snippet("") == ()
