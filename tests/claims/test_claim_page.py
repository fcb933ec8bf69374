"""The page of a claim."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pghistory
import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from claims.derive import derive
from claims.models import Claim
from claims.review.decisions import decide
from entities.models import Place
from sources.models import Document
from tests.factories import make_claim, make_document, make_evidence, make_place, make_user
from tests.reading import Reader, read
from tests.scenes import soledar

pytestmark = pytest.mark.django_db
HOSTILE = "</script><script>alert(1)</script><!--\"'&\u2028"


@pytest.fixture
def scene() -> Place:
    return soledar()


def the(quote: str) -> Claim:
    return Claim.objects.get(evidence__quote=quote)


def page_of(client: Client, claim: Claim) -> Reader:
    return read(client, claim.get_absolute_url())


def json_ld(client: Client, claim: Claim) -> dict[str, Any]:
    html = client.get(claim.get_absolute_url()).content.decode()
    blocks = html.split('<script type="application/ld+json">')[1:]
    assert len(blocks) == 1
    found: dict[str, Any] = json.loads(blocks[0].partition("</script>")[0])
    return found


class TestWhatItSays:
    def test_label_fields_and_source(self, client: Client, scene: Place) -> None:
        claim = the("Soledar was captured the evening before")
        page = page_of(client, claim)
        for words in (
            "Russian Ministry of Defence: Soledar captured by Russia",
            "Claimant Russian Ministry of Defence side: Russia",
            "Subject Russia side: Russia",
            "Stance Asserts",
            "Predicate Captured",
            "Extent The whole town",
            "Said on 13 January 2023 precise to the day",
            "About 12 January 2023 precise to the day",
            "Found by extraction test confidence 100 %",
            "Example Courier, Moscow claims Soledar, 13 January 2023, 18:00 (UTC)",
        ):
            assert words in page.text
        assert f"{claim.document.get_absolute_url()}#claim-{claim.id}" in page.links
        assert f"{scene.get_absolute_url()}#claim-{claim.id}" in page.links

    def test_a_part_and_a_week_are_told_as_written(self, client: Client, scene: Place) -> None:
        part = page_of(client, the("fighting went on in its centre"))
        assert "Extent A part of it part: centre · “centre”" in part.text
        week = page_of(client, the("its troops have left Soledar"))
        assert "About week of 16 January 2023 precise to the week" in week.text

    def test_the_publishers_own_statement_is_on_no_side(self, client: Client) -> None:
        page = page_of(client, make_claim(claimant=None, subject="Russia"))
        assert "Claimant Example Courier the publisher in its own voice, on no side" in page.text

    def test_passages_stand_marked_in_their_paragraphs(self, client: Client) -> None:
        text = "First paragraph.\n\nHere they took Soledar, he said, in full.\n\nLast paragraph."
        claim = make_claim(document=make_document(text), quote="took Soledar")
        make_evidence(claim, "in full")
        html = client.get(claim.get_absolute_url()).content.decode()
        quote = html.partition("<blockquote")[2].partition(">")[2].partition("</blockquote>")[0]
        assert '<mark class="passage">took Soledar</mark>, he said, ' in quote
        assert Reader(quote).text == "… Here they took Soledar, he said, in full. …"
        assert html.count("<blockquote") == 1

    def test_the_address_lasts_and_is_the_canonical_one(self, client: Client, scene: Place) -> None:
        claim = the("Soledar has not fallen")
        html = client.get(f"{claim.get_absolute_url()}?utm=1").content.decode()
        address = f"http://testserver{claim.get_absolute_url()}"
        assert f'<link rel="canonical" href="{address}">' in html
        assert f'data-copy="{address}"' in html

    def test_neighbours_are_the_towns_claims_by_day(self, client: Client, scene: Place) -> None:
        ordered = list(Claim.objects.live().order_by("asserted_on", "document__published", "id"))
        for number, claim in enumerate(ordered):
            links = page_of(client, claim).links
            around = {ordered[i].get_absolute_url() for i in (number - 1, number + 1) if 0 <= i < 8}
            html = client.get(claim.get_absolute_url()).content.decode()
            nav = Reader(html.partition('<nav class="neighbours"')[2].partition("</nav>")[0])
            assert set(nav.links) == around
            assert around <= set(links)

    def test_only_web_addresses_are_linked(self, client: Client) -> None:
        claim = make_claim(document=make_document(url="javascript:alert(1)"))
        html = client.get(claim.get_absolute_url()).content.decode()
        assert "javascript:" not in html

    def test_nothing_there(self, client: Client) -> None:
        assert client.get("/claims/01850000-0000-7000-8000-000000000000/").status_code == 404


class TestRelationsAndStatus:
    def test_relations_both_ways_with_their_reasons(self, client: Client, scene: Place) -> None:
        ministry = the("Soledar was captured the evening before")
        denied, left = the("Kyiv called that untrue"), the("its troops have left Soledar")
        page = page_of(client, ministry)
        assert (
            "denied by Ukraine denies: Soledar captured by Russia 13 January 2023 · pending"
            " Ukraine says on the same day that what Russian Ministry of Defence said is not so."
        ) in page.text
        assert (
            "conceded by Armed Forces of Ukraine: withdrawal from Soledar 25 January 2023 ·"
            " accepted Armed Forces of Ukraine, against its own side’s interest, says 12 days"
            " later what Russian Ministry of Defence said: “Ukraine has left it” after “Russia"
            " has it”."
        ) in page.text
        assert {denied.get_absolute_url(), left.get_absolute_url()} <= set(page.links)
        other_way = page_of(client, left)
        assert "concedes Russian Ministry of Defence: Soledar captured by Russia" in other_way.text
        assert ministry.get_absolute_url() in other_way.links

    def test_of_many_answers_the_later_ones_are_folded(self, client: Client) -> None:
        claim = make_claim(subject="Russia", asserted_on=date(2023, 1, 10))
        for number in range(14):
            make_claim(
                claimant=f"Voice {number}",
                subject="Russia",
                stance="denies",
                asserted_on=date(2023, 1, 11 + number),
            )
        html = client.get(claim.get_absolute_url()).content.decode()
        folded = Reader(html.partition("<details")[2].partition("</details>")[0])
        assert "2 claims more, later ones" in folded.text
        assert folded.text.count("denied by") == 2
        assert Reader(html).text.count("denied by") == 14

    def test_a_claim_alone_says_so(self, client: Client) -> None:
        page = page_of(client, make_claim())
        assert "It answers no other claim, and none answers it." in page.text

    def test_the_statuses_that_it_decides(self, client: Client, scene: Place) -> None:
        page = page_of(client, the("Soledar has not fallen"))
        assert "contested 11 January 2023 to 21 January 2023 rule 2" in page.text
        last = page_of(client, the("its troops have left Soledar"))
        assert "controlled by Russia since 22 January 2023 rule 1" in last.text

    def test_a_claim_that_decides_nothing_says_so(self, client: Client, scene: Place) -> None:
        quote = "Washington could not confirm that Soledar had been captured"
        assert "No status of Soledar rests on it." in page_of(client, the(quote)).text


class TestHistory:
    def decided(self) -> Claim:
        claim = make_claim("holds", subject="Russia", asserted_on=date(2023, 1, 10))
        editor = make_user("an-editor")
        values = {"speaker": "Yevgeny Prigozhin"}
        decide(claim=claim, kind="correct", by=editor, values=values, reason="He is named.")
        return claim

    def test_readers_see_states_and_days_but_no_names(self, client: Client) -> None:
        claim = self.decided()
        page = page_of(client, claim)
        day = claim.decisions.get().at
        told = f"{day:%-d %B %Y}"
        assert f"corrected {told} · said on 10 January 2023" in page.text
        assert f"Decisions {told} corrected Changes {told} state: pending → corrected" in page.text
        assert "speaker: empty → Yevgeny Prigozhin" in page.text
        assert "an-editor" not in page.text
        assert "He is named." not in page.text
        client.force_login(make_user("reader", role="reader"))
        assert "an-editor" not in page_of(client, claim).text

    def test_editors_see_who_and_why(self, client: Client) -> None:
        claim = self.decided()
        client.force_login(make_user("another", role="analyst"))
        page = page_of(client, claim)
        assert "corrected by an-editor He is named." in page.text
        assert "an-editor: He is named." in page.text

    @pytest.mark.parametrize(
        ("kind", "words"),
        [
            ("reject", "An editor found that the text does not say so. It does not count."),
            ("unverifiable", "the text does not settle what is said. It does not count."),
        ],
    )
    def test_what_does_not_count_keeps_its_page(
        self, client: Client, kind: str, words: str
    ) -> None:
        claim = make_claim()
        decide(claim=claim, kind=kind, by=make_user(), reason="a test")
        page = page_of(client, claim)
        assert words in page.text
        assert "A claim that does not count is compared with no other." in page.text
        assert claim.document.get_absolute_url() in page.links
        assert f"{claim.place.get_absolute_url()}#claim-{claim.id}" not in page.links

    def test_a_superseded_claim_says_by_what_and_where_to_look(self, client: Client) -> None:
        document = make_document()
        old = make_claim("holds", document=document, quote="have taken Soledar")
        with pghistory.context(reason="extraction 9"):
            old.state = Claim.State.SUPERSEDED
            old.save()
        page = page_of(client, old)
        assert "a later reading of the document no longer finds this claim" in page.text
        assert "By extraction 9." in page.text
        assert "Nothing stands on the same words now." in page.text
        assert document.get_absolute_url() in page.links
        new = make_claim("captured", document=document, quote="its men have taken Soledar")
        make_claim("fighting", document=document, quote="fighting in Soledar goes on")
        page = page_of(client, old)
        assert "On the same words stands now: Wagner Group: Soledar captured Super" not in page.text
        assert "On the same words stands now: Wagner Group: Soledar captured" in page.text
        assert new.get_absolute_url() in page.links

    def test_a_decided_claim_that_is_found_no_more_says_so(self, client: Client) -> None:
        claim = make_claim(state=Claim.State.ACCEPTED, no_longer_found=True)
        assert "what an editor decided stands" in page_of(client, claim).text


class TestForPrograms:
    def test_it_is_described_as_a_claim(self, client: Client) -> None:
        document = make_document(url="https://example.org/a", title="Soledar")
        claim = make_claim(document=document)
        assert json_ld(client, claim) == {
            "@context": "https://schema.org",
            "@type": "Claim",
            "@id": f"http://testserver{claim.get_absolute_url()}",
            "url": f"http://testserver{claim.get_absolute_url()}",
            "text": "Wagner Group: Soledar captured",
            "author": {"@type": "Organization", "name": "Wagner Group"},
            "appearance": {
                "@type": "NewsArticle",
                "publisher": {"@type": "Organization", "name": "Example Courier"},
                "url": "https://example.org/a",
                "headline": "Soledar",
                "datePublished": "2023-01-11T18:00:00+00:00",
            },
            "about": {
                "@type": "Place",
                "name": "Soledar",
                "geo": {"@type": "GeoCoordinates", "latitude": 48.68, "longitude": 38.09},
            },
        }

    def test_a_retold_document_is_not_given_out_as_the_publishers(self, client: Client) -> None:
        document = make_document(provenance=Document.Provenance.RETOLD, url="https://example.org/a")
        claim = make_claim(document=document, claimant=None, subject="Russia")
        found = json_ld(client, claim)
        assert found["author"]["name"] == "Example Courier"
        assert found["appearance"] == {
            "@type": "CreativeWork",
            "url": f"http://testserver{document.get_absolute_url()}",
            "isBasedOn": {
                "@type": "NewsArticle",
                "publisher": {"@type": "Organization", "name": "Example Courier"},
                "url": "https://example.org/a",
            },
        }

    def test_hostile_words_stay_words(self, client: Client) -> None:
        document = make_document(f"{HOSTILE} took it.", title=HOSTILE, publisher=HOSTILE)
        place = make_place(HOSTILE, key="hostile", latitude=None, longitude=None)
        claim = make_claim(
            *("captured",),
            document=document,
            place=place,
            claimant=None,
            subject="Russia",
            speaker=HOSTILE,
            extent="part",
            part_words=HOSTILE,
            part_label=HOSTILE[:100],
        )
        response = client.get(claim.get_absolute_url())
        html = response.content.decode()
        assert "<script>alert" not in html
        assert json_ld(client, claim)["appearance"]["headline"] == HOSTILE
        assert "unsafe-inline" not in response["Content-Security-Policy"]
        # Every script but the block of data is a file of this site.
        assert html.count("<script") == html.count("<script src=") + 1


@pytest.mark.parametrize("others", [1, 20])
def test_the_number_of_queries_does_not_grow_with_the_town(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries, others: int
) -> None:
    claim = make_claim(asserted_on=date(2023, 1, 10), state=Claim.State.ACCEPTED)
    for number in range(others):
        make_claim(
            claimant="Ukraine",
            subject="Russia",
            stance="denies",
            asserted_on=date(2023, 1, 11 + number),
        )
    derive([claim.place_id])
    with django_assert_num_queries(15):
        read(client, claim.get_absolute_url())
