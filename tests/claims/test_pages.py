"""The list of towns, claims' addresses, and what all pages have in common."""

from __future__ import annotations

from datetime import date
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from claims.derive import derive
from claims.models import Claim
from tests.factories import (
    make_actor,
    make_claim,
    make_conflict,
    make_document,
    make_place,
    make_user,
)
from tests.reading import read
from tests.scenes import make_run, soledar

pytestmark = pytest.mark.django_db
HOSTILE = "<script>alert(1)</script>\"'&"


class TestHome:
    def test_an_empty_site_says_what_would_fill_it(self, client: Client) -> None:
        page = read(client, "/")
        assert "No claims yet" in page.text
        assert "manage.py ingest" in page.text

    def test_a_town_has_its_status_latest_change_and_number_of_claims(self, client: Client) -> None:
        place = soledar()
        page = read(client, "/")
        assert "1 town On the map" in page.text
        assert place.get_absolute_url() in page.links
        assert "controlled by Russia 22 January 2023 before: contested" in page.text
        assert "8 (3 pending)" in page.text

    def test_a_town_with_pending_claims_alone_says_so(self, client: Client) -> None:
        claim = make_claim(asserted_on=date(2023, 1, 10))
        derive([claim.place_id])
        html = client.get("/").content.decode()
        assert '<span class="badge pending">' in html
        assert "claimed by Russia" in html
        assert "first word" in html

    @pytest.mark.parametrize("words", ["soledar", "Соледар", "СОЛЕ", "Karlo-Lib", "солéдар"])
    def test_a_town_is_found_in_any_spelling(self, client: Client, words: str) -> None:
        soledar()
        assert "1 town as asked" in read(client, f"/?q={words}").text

    def test_what_fits_nothing_offers_the_way_back(self, client: Client) -> None:
        soledar()
        page = read(client, "/?q=Bakhmut")
        assert "No town fits" in page.text
        assert "No claims yet" not in page.text

    def test_conflict_and_status_choose(self, client: Client) -> None:
        soledar()
        sudan = make_conflict("sudan", "War in Sudan", (("saf", "Sudanese army", "#1f77c9"),))
        army = make_actor("Sudanese army", side="saf", conflict=sudan, official=True)
        town = make_place("Babanusa", conflict=sudan, country="SD", admin1="West Kordofan")
        claim = make_claim("holds", place=town, claimant=army, state=Claim.State.ACCEPTED)
        derive([claim.place_id])
        assert "Babanusa" in read(client, "/?conflict=sudan").text
        assert "Soledar" not in read(client, "/?conflict=sudan").text
        assert "Soledar" in read(client, "/?status=controlled").text
        assert "Babanusa" not in read(client, "/?status=controlled").text
        by_own_word = read(client, "/?status=claimed").text
        assert "held by Sudanese army, by its own word" in by_own_word

    def test_pending_claims_count_where_asked_for(self, client: Client) -> None:
        claim = make_claim(asserted_on=date(2023, 1, 10))
        derive([claim.place_id])
        assert "No town fits" in read(client, "/?status=claimed").text
        assert "Soledar" in read(client, "/?status=claimed&include_pending=on").text
        assert "Soledar" in read(client, "/?status=only-pending").text

    def test_towns_are_sorted_as_asked(self, client: Client) -> None:
        for name, day, count in (("Bakhmut", 5, 3), ("Soledar", 9, 1), ("Zatoka", 7, 2)):
            for _ in range(count):
                claim = make_claim(
                    place=name, asserted_on=date(2023, 1, day), state=Claim.State.ACCEPTED
                )
            derive([claim.place_id])

        def order(address: str) -> list[str]:
            names = [word for word in read(client, address).words if word in names_known]
            return list(dict.fromkeys(names))

        names_known = {"Bakhmut", "Soledar", "Zatoka"}
        assert order("/") == ["Soledar", "Zatoka", "Bakhmut"]
        assert order("/?sort=claims") == ["Bakhmut", "Zatoka", "Soledar"]
        assert order("/?sort=name") == ["Bakhmut", "Soledar", "Zatoka"]
        assert order("/?sort=nonsense") == ["Soledar", "Zatoka", "Bakhmut"]

    def test_many_towns_are_paged_and_the_filter_stays_in_the_address(self, client: Client) -> None:
        for number in range(51):
            make_claim(place=make_place(f"Made-up {number:02}"))
        page = read(client, "/?sort=name&status=only-pending")
        assert "page 1 of 2" in page.text
        assert "?sort=name&status=only-pending&page=2" in page.links
        assert "Made-up 50" in read(client, "/?sort=name&page=2").text
        assert "page 2 of 2" in read(client, "/?page=99").text

    @pytest.mark.parametrize("count", [3, 30])
    def test_the_number_of_queries_does_not_grow_with_the_towns(
        self, client: Client, django_assert_num_queries: DjangoAssertNumQueries, count: int
    ) -> None:
        for number in range(count):
            claim = make_claim(place=make_place(f"Made-up {number}"), state=Claim.State.ACCEPTED)
            derive([claim.place_id])
        with django_assert_num_queries(8):
            read(client, "/")


class TestOutsideText:
    """Whatever comes from outside is shown as text, never obeyed."""

    @pytest.fixture
    def claim(self) -> Claim:
        place = make_place(f"Soledar{HOSTILE}", key="hostile", names=[f"Salt{HOSTILE}"])
        document = make_document(f"Text {HOSTILE} end.", title=HOSTILE, publisher=HOSTILE)
        make_run(document, "failed", error=HOSTILE)
        claim = make_claim(
            place=place,
            claimant=make_actor(f"Committee{HOSTILE}"),
            document=document,
            speaker=HOSTILE,
            extent="part",
            part_words=HOSTILE,
            part_label=HOSTILE,
            quote=HOSTILE,
            state=Claim.State.ACCEPTED,
        )
        derive([place.id])
        return claim

    def test_on_every_page(self, client: Client, claim: Claim) -> None:
        for address in (
            "/",
            claim.place.get_absolute_url(),
            claim.document.get_absolute_url(),
            claim.get_absolute_url(),
            "/documents/",
        ):
            html = client.get(address).content.decode()
            assert "<script>" not in html, address
            assert HOSTILE in unescape(html), address

    def test_in_the_address(self, client: Client, claim: Claim) -> None:
        for address in ("/", claim.place.get_absolute_url(), "/documents/"):
            for name in ("q", "status", "known_on", "from", "who", "page"):
                html = client.get(address, {name: HOSTILE}).content.decode()
                assert "<script>" not in html, (address, name)


@pytest.mark.parametrize("name", ["home", "documents", "about", "keys"])
def test_pages_need_no_inline_style_or_script(client: Client, name: str) -> None:
    page = read(client, reverse(name))
    assert "style" not in page.attributes
    assert "style" not in page.tags
    assert not {attribute for attribute in page.attributes if attribute.startswith("on")}


def test_a_towns_page_needs_no_inline_style_or_script(client: Client) -> None:
    page = read(client, soledar().get_absolute_url())
    assert "style" not in page.attributes
    assert not {attribute for attribute in page.attributes if attribute.startswith("on")}
    assert len(page.ids) == len(set(page.ids))


def test_the_credits_name_data_model_and_retold_texts(client: Client) -> None:
    text = read(client, "/about/").text
    for words in ("GeoNames", "CC BY 4.0", "CC BY-SA 4.0", "EWT", "GUM", "PUD", "retold"):
        assert words in text


@pytest.mark.parametrize("address", ["/", "/documents/", "/about/", "/keys/"])
def test_pages_are_only_read(client: Client, address: str) -> None:
    client.force_login(make_user(role="administrator"))
    assert client.post(address).status_code == 405
