"""The pages as a reader without scripts gets them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from html import unescape
from html.parser import HTMLParser
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from claims.derive import derive
from claims.models import Claim
from entities.models import Place
from sources.models import Document
from tests.factories import (
    make_actor,
    make_claim,
    make_conflict,
    make_document,
    make_evidence,
    make_place,
)
from tests.scenes import KYIV_TEXT, make_run, soledar

pytestmark = pytest.mark.django_db
HOSTILE = "<script>alert(1)</script>\"'&"


class Reader(HTMLParser):
    """What a page says, without its markup, and which elements and ids it has."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.tags: list[str] = []
        self.attributes: set[str] = set()
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        for name, value in attrs:
            self.attributes.add(name)
            if name == "id" and value:
                self.ids.append(value)
            if name == "href" and value:
                self.links.append(value)

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join("".join(self.words).split())


def read(client: Client, address: str, status: int = 200) -> Reader:
    response = client.get(address)
    assert response.status_code == status
    return Reader(response.content.decode())


def rows(page: Reader) -> list[str]:
    """The ids of the claims in the table."""
    return [id_ for id_ in page.ids if id_.startswith("claim-")]


class TestHome:
    def test_an_empty_site_says_what_would_fill_it(self, client: Client) -> None:
        page = read(client, "/")
        assert "No claims yet" in page.text
        assert "manage.py ingest" in page.text

    def test_a_town_has_its_status_latest_change_and_number_of_claims(self, client: Client) -> None:
        place = soledar()
        page = read(client, "/")
        assert "1 town Town" in page.text
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


class TestTown:
    def test_a_wrong_name_with_the_right_id_leads_to_the_right_address(
        self, client: Client
    ) -> None:
        place = soledar()
        wrong = reverse("town", args=["artemivsk-the-old", place.short_id])
        response = client.get(wrong, {"known_on": "2023-01-12"})
        assert response.status_code == 301
        assert response["Location"] == f"{place.get_absolute_url()}?known_on=2023-01-12"

    def test_an_unknown_town_is_a_page_of_its_own(self, client: Client) -> None:
        page = read(client, "/towns/soledar-0000000000/", 404)
        assert "Nothing here" in page.text

    def test_a_town_without_claims_says_what_would_start_its_timeline(self, client: Client) -> None:
        page = read(client, make_place().get_absolute_url())
        assert "No claims Soledar is known" in page.text

    def test_the_headline_names_status_day_and_deciding_words(self, client: Client) -> None:
        page = read(client, soledar().get_absolute_url())
        assert "controlled by Russia since 22 January 2023" in page.text
        assert "Wagner Group: captured / Armed Forces of Ukraine: withdrew" in page.text
        assert "Rule 1 of rule set v1: An official voice of one side said" in page.text
        assert "Солéдар · Соледар · Karlo-Libknekhtivsk" in page.text

    def test_every_live_claim_is_a_mark_and_a_row(self, client: Client) -> None:
        place = soledar()
        page = read(client, place.get_absolute_url())
        live = {f"claim-{claim.id}" for claim in Claim.objects.live()}
        assert len(live) == 8
        assert set(rows(page)) == live
        assert len(rows(page)) == 8
        for anchor in live:
            assert f"#{anchor}" in page.links
        assert "“Soledar has not fallen”“the claim is untrue” Example Courier" in page.text

    def test_lanes_are_in_the_order_of_the_sides_with_others_last(self, client: Client) -> None:
        html = client.get(soledar().get_absolute_url()).content.decode()
        lanes = [part.split('"')[0] for part in html.split('class="lane" aria-label="')[1:]]
        assert lanes == ["Ukraine", "Russia", "Others"]

    def test_known_on_shows_what_could_be_known_then(self, client: Client) -> None:
        place = soledar()
        page = read(client, f"{place.get_absolute_url()}?known_on=2023-01-12")
        assert "As known on 12 January 2023" in page.text
        assert "contested since 11 January 2023" in page.text
        assert "Wagner Group: captured / Armed Forces of Ukraine: denied, fighting" in page.text
        assert "Moscow" not in page.text
        assert len(rows(page)) == 5
        early = read(client, f"{place.get_absolute_url()}?known_on=2023-01-01")
        assert "No claims by then" in early.text

    def test_a_day_that_is_none_is_said_and_left_out(self, client: Client) -> None:
        page = read(client, f"{soledar().get_absolute_url()}?known_on=yesterday")
        assert "Enter a valid date." in page.text
        assert len(rows(page)) == 8

    def test_a_range_chooses_the_claims_that_were_made_or_are_about_it(
        self, client: Client
    ) -> None:
        address = soledar().get_absolute_url()
        page = read(client, f"{address}?from=2023-01-12&to=2023-01-13")
        assert "2 of 8 claims" in page.text
        assert "12 January 2023 to 13 January 2023" in page.text
        assert "3 of 8 claims" in read(client, f"{address}?from=2023-01-12&to=2023-01-19").text
        wrong = read(client, f"{address}?from=2023-01-12&to=2023-01-01")
        assert "The range must not end before it starts." in wrong.text

    @pytest.mark.parametrize(
        ("asked", "count"),
        [
            ("who=russia", 3),
            ("who=others", 1),
            ("stance=denies", 2),
            ("predicate=fighting", 2),
            ("state=pending", 3),
            ("state=verified", 5),
            ("who=russia&state=pending", 1),
            ("who=nobody", 8),
        ],
    )
    def test_claims_are_chosen_by_the_address(self, client: Client, asked: str, count: int) -> None:
        page = read(client, f"{soledar().get_absolute_url()}?{asked}")
        assert len(rows(page)) == count

    def test_filters_that_fit_nothing_leave_the_bands(self, client: Client) -> None:
        address = soledar().get_absolute_url()
        page = read(client, f"{address}?who=others&state=verified")
        assert "No claim fits what was asked for." in page.text
        assert "Status, verified" in page.text

    def test_what_pending_claims_would_change_is_said_beside(self, client: Client) -> None:
        claim = make_claim("fighting", claimant="Ukraine", state=Claim.State.ACCEPTED)
        make_claim(asserted_on=date(2023, 1, 12))
        derive([claim.place_id])
        page = read(client, claim.place.get_absolute_url())
        assert "fought-over since 11 January 2023 no claim for" in page.text
        assert "claimed by Russia since 12 January 2023 pending" in page.text

    def test_parts_have_their_own_status(self, client: Client) -> None:
        page = read(client, soledar().get_absolute_url())
        assert "Parts of the town centre: fought-over since 10 January 2023 pending" in page.text

    def test_a_town_of_no_conflict_and_unknown_speakers_is_shown(self, client: Client) -> None:
        place = Place.objects.create(key="provisional:x", name="Mala Vyhadka", provisional=True)
        nobody = make_actor("A made-up committee")
        claim = make_claim(place=place, claimant=None, subject=nobody, state=Claim.State.ACCEPTED)
        derive([place.id])
        page = read(client, place.get_absolute_url())
        assert f"claim-{claim.id}" in page.ids
        assert "not in the gazetteer" in page.text

    @pytest.mark.parametrize("count", [3, 30])
    def test_the_number_of_queries_does_not_grow_with_the_claims(
        self, client: Client, django_assert_num_queries: DjangoAssertNumQueries, count: int
    ) -> None:
        for number in range(count):
            make_claim(
                asserted_on=date(2023, 1, 1) + timedelta(days=number),
                claimant=make_actor(f"Made-up brigade {number}", side="russia"),
            )
        address = make_place().get_absolute_url()
        with django_assert_num_queries(10):
            read(client, address)


class TestClaim:
    def test_a_claim_leads_to_its_place_in_the_timeline(self, client: Client) -> None:
        claim = make_claim()
        response = client.get(claim.get_absolute_url())
        assert response.status_code == 302
        assert response["Location"] == f"{claim.place.get_absolute_url()}#claim-{claim.id}"

    def test_a_claim_that_does_not_stand_leads_to_its_document(self, client: Client) -> None:
        claim = make_claim(state=Claim.State.REJECTED)
        response = client.get(claim.get_absolute_url())
        assert response["Location"] == claim.document.get_absolute_url()

    def test_an_unknown_claim_is_not_found(self, client: Client) -> None:
        read(client, f"/claims/{uuid4()}/", 404)


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

    def test_each_claim_leads_to_its_town(self, client: Client) -> None:
        document = self.document()
        page = read(client, document.get_absolute_url())
        for claim in document.claims.all():
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
        page = read(client, first.get_absolute_url())
        assert second.get_absolute_url() in page.links

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
    assert client.post(address).status_code == 405
