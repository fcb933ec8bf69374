"""Adding a claim, splitting one and merging several, as an editor without scripts does it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from claims.models import Batch, Claim
from claims.review.decisions import decide
from sources.models import Document
from tests.claims.bench.page import Form, Page
from tests.factories import (
    TEXT,
    make_actor,
    make_claim,
    make_conflict,
    make_document,
    make_evidence,
    make_place,
    make_user,
)

pytestmark = pytest.mark.django_db
DENIAL = "fighting in Soledar goes on"
SPAN = f"{TEXT.index(DENIAL)}-{TEXT.index(DENIAL) + len(DENIAL)}"


@pytest.fixture
def editor(client: Client) -> User:
    user = make_user("an-editor")
    client.force_login(user)
    return user


def get(client: Client, address: str, status: int = 200) -> Page:
    answer = client.get(address)
    assert answer.status_code == status
    return Page(answer.content.decode())


def send(client: Client, form: Form, status: int, **typed: Any) -> Page:
    """The form with what is typed; the page that it leads to in the end."""
    fields: dict[str, list[str]] = {}
    for name, value in form.fields:
        fields.setdefault(name, []).append(value)
    answer = client.post(form.action, {**fields, **typed})
    assert answer.status_code == status
    if status == 302:
        return get(client, answer["Location"])
    return Page(answer.content.decode())


class TestAdding:
    FIGHTING = {
        "claimant": "Ukraine",
        "speaker": "a spokesman",
        "stance": "asserts",
        "predicate": "fighting",
        "place": "Соледар",
        "asserted_on": "11 January",
        "reason": "It was missed.",
    }

    @pytest.fixture(autouse=True)
    def known(self) -> None:
        make_actor("Ukraine")
        make_place()

    def form(self, client: Client, query: str = f"span={SPAN}") -> Form:
        document = make_document()
        return get(client, f"/bench/documents/{document.pk}/add/?{query}").form("Add the claim")

    def test_the_document_leads_to_it(self, client: Client, editor: User) -> None:
        document = make_document()
        page = get(client, document.get_absolute_url())
        address = f"/bench/documents/{document.pk}/add/"
        assert address in page.links
        form = page.form("The passage, pasted from the text")
        assert (form.action, form.method, form.fields) == (address, "get", [("passage", "")])

    def test_a_selected_passage_and_typed_fields_make_a_claim(
        self, client: Client, editor: User
    ) -> None:
        form = self.form(client)
        assert ("span", SPAN) in form.fields
        assert ("asserted_on", "11 January 2023") in form.fields
        page = send(client, form, 302, **self.FIGHTING)
        assert "Added: Ukraine: fighting in Soledar" in page.text
        claim = Claim.objects.get()
        assert (claim.state, claim.origin, claim.place.name) == ("accepted", "editor", "Soledar")
        assert (claim.speaker, claim.asserted_on) == ("a spokesman", date(2023, 1, 11))
        assert claim.evidence.get().quote == DENIAL
        assert claim.decisions.get().reason == "It was missed."

    def test_what_is_wrong_is_told_and_nothing_typed_is_lost(
        self, client: Client, editor: User
    ) -> None:
        typed = {**self.FIGHTING, "subject": "Ukraine", "place": "Sol", "asserted_on": "someday"}
        page = send(client, self.form(client), 422, **typed)
        assert "Fighting has no subject: leave it empty." in page.text
        assert "No place is called “Sol”." in page.text
        assert "“someday” is not understood as a day." in page.text
        form = page.form("Add the claim")
        for name in ("speaker", "subject", "place", "asserted_on", "reason"):
            assert (name, typed[name]) in form.fields
        assert ("span", SPAN) in form.fields
        assert not Claim.objects.exists()

    def test_a_claim_is_about_a_town(self, client: Client, editor: User) -> None:
        page = send(client, self.form(client), 422, **{**self.FIGHTING, "place": " "})
        assert "Every claim is about a town." in page.text

    def test_the_same_claim_is_pointed_at(self, client: Client, editor: User) -> None:
        form = self.form(client)
        there = make_claim(
            "fighting", claimant="Ukraine", document=make_document_of(form), state="rejected"
        )
        page = send(client, form, 409, **self.FIGHTING)
        assert "The document has this claim already; nothing was added:" in page.text
        assert there.get_absolute_url() in page.links
        assert Claim.objects.count() == 1

    def test_a_passage_is_pasted(self, client: Client, editor: User) -> None:
        form = self.form(client, "passage=fighting+in+Soledar%0D%0Agoes on")
        assert ("span", SPAN) in form.fields
        send(client, form, 302, **self.FIGHTING)
        assert Claim.objects.get().evidence.get().quote == DENIAL

    def test_a_passage_that_stands_several_times_is_chosen(
        self, client: Client, editor: User
    ) -> None:
        document = make_document()
        page = get(client, f"/bench/documents/{document.pk}/add/?passage=Soledar")
        assert "These words stand in the text several times: choose where." in page.text
        first = TEXT.index("Soledar")
        second = TEXT.index("Soledar", first + 1)
        form = page.form("Add the claim")
        assert "span" not in dict(form.fields)
        page = send(client, form, 302, **self.FIGHTING, span=f"{second}-{second + 7}")
        evidence = Claim.objects.get().evidence.get()
        assert (evidence.start, evidence.quote) == (second, "Soledar")

    @pytest.mark.parametrize(
        ("query", "told"),
        [
            ("passage=Bakhmut", "These words are not in the text"),
            ("span=5-2", "These characters are not in the text."),
            ("span=0-99999", "These characters are not in the text."),
            ("span=x", "These characters are not in the text."),
            ("span=1-%F0%9D%9F%99x", "These characters are not in the text."),
            ("passage=", "Paste the passage that carries the claim."),
        ],
    )
    def test_a_passage_that_is_not_understood(
        self, client: Client, editor: User, query: str, told: str
    ) -> None:
        document = make_document()
        assert told in get(client, f"/bench/documents/{document.pk}/add/?{query}").text

    def test_looking_for_another_passage_saves_nothing(self, client: Client, editor: User) -> None:
        page = send(
            client, self.form(client), 422, **self.FIGHTING, passage="Kyiv denies it", look="1"
        )
        start = TEXT.index("Kyiv")
        spans = [value for name, value in page.form("Add the claim").fields if name == "span"]
        assert spans == [f"{start}-{start + 14}", SPAN]
        assert not Claim.objects.exists()

    def test_who_may(self, client: Client) -> None:
        document = make_document()
        address = f"/bench/documents/{document.pk}/add/"
        assert client.get(address).status_code == 302
        client.force_login(make_user("an-analyst", role="analyst"))
        get(client, address, 403)
        assert address not in get(client, document.get_absolute_url()).links
        sudan = make_conflict("sudan", "Sudan", sides=[])
        client.force_login(make_user("of-sudan", conflict=sudan))
        assert (
            client.post(address, {**self.FIGHTING, "extent": "whole", "span": SPAN}).status_code
            == 403
        )
        assert not Claim.objects.exists()


def make_document_of(form: Form) -> Document:
    return Document.objects.get(pk=form.action.split("/")[3])


class TestSplitting:
    @pytest.fixture
    def claim(self) -> Claim:
        make_place("Bakhmut")
        document = make_document("Wagner took Soledar and Bakhmut, it said.")
        claim = make_claim(document=document, quote="Wagner took Soledar and Bakhmut")
        make_evidence(claim, "it said")
        return claim

    def address(self, claim: Claim) -> str:
        return f"/bench/claims/{claim.pk}/split/"

    def form(self, client: Client, claim: Claim) -> Form:
        form = get(client, self.address(claim)).form("Split")
        form.action = self.address(claim)
        return form

    def test_one_becomes_two(self, client: Client, editor: User, claim: Claim) -> None:
        assert self.address(claim) in get(client, claim.get_absolute_url()).links
        form = self.form(client, claim)
        assert [value for name, value in form.fields if name == "part1-span"] == ["0-31", "33-40"]
        page = send(
            client,
            form,
            302,
            **{"kept-speaker": "a founder", "part1-place": "Bakhmut", "part1-span": ["0-31"]},
            reason="Two towns.",
        )
        assert "The claim is split; this page can undo it." in page.text
        assert "Split an-editor" in page.text
        soledar, bakhmut = Claim.objects.order_by("created_at")
        assert (soledar.state, soledar.speaker) == ("corrected", "a founder")
        assert (bakhmut.place.name, bakhmut.state) == ("Bakhmut", "accepted")
        assert bakhmut.evidence.get().quote == "Wagner took Soledar and Bakhmut"
        client.post(page.form("Undo all of it").action)
        soledar, bakhmut = Claim.objects.order_by("created_at")
        assert (soledar.state, soledar.speaker, bakhmut.state) == ("pending", "", "rejected")

    def test_more_parts_keep_what_is_typed(
        self, client: Client, editor: User, claim: Claim
    ) -> None:
        form = self.form(client, claim)
        page = send(client, form, 200, **{"part1-place": "Bakhmut", "more": "1"})
        form = page.form("Split")
        assert ("part1-place", "Bakhmut") in form.fields
        assert ("part2-place", "Soledar") in form.fields
        assert ("parts", "2") in form.fields
        form.action = self.address(claim)
        send(client, form, 302, **{"part2-predicate": "fighting", "part2-subject": ""})
        assert Claim.objects.count() == 3

    def test_a_part_that_says_the_same(self, client: Client, editor: User, claim: Claim) -> None:
        page = send(client, self.form(client, claim), 422)
        assert "This part says the same as the claim: change what differs." in page.text
        assert Claim.objects.count() == 1

    def test_a_part_without_a_passage(self, client: Client, editor: User, claim: Claim) -> None:
        form = self.form(client, claim)
        page = send(client, form, 422, **{"part1-place": "Bakhmut", "part1-span": []})
        assert "Paste the passage that carries the claim." in page.text

    def test_an_outdated_split_can_be_sent_again(
        self, client: Client, editor: User, claim: Claim
    ) -> None:
        form = self.form(client, claim)
        decide(claim=claim, kind="accept", by=make_user("other"))
        page = send(client, form, 409, **{"part1-place": "Bakhmut"})
        assert "Somebody has changed this claim since you read it" in page.text
        assert Claim.objects.count() == 1
        again = page.form("Take mine")
        again.action = self.address(claim)
        send(client, again, 302)
        assert list(Claim.objects.order_by("created_at").values_list("place__name", "state")) == [
            ("Soledar", "accepted"),
            ("Bakhmut", "accepted"),
        ]

    def test_who_may(self, client: Client, claim: Claim) -> None:
        client.force_login(make_user("an-analyst", role="analyst"))
        get(client, self.address(claim), 403)
        assert self.address(claim) not in get(client, claim.get_absolute_url()).links
        assert client.post(self.address(claim)).status_code == 403


class TestMerging:
    @pytest.fixture
    def alike(self) -> list[Claim]:
        document = make_document()
        copy = make_document(TEXT, publisher="Another Courier")
        return [
            make_claim(document=document, quote="The Wagner Group says", state="accepted"),
            make_claim(document=document, quote="its men have taken Soledar"),
            make_claim(document=copy, quote="taken"),
        ]

    def address(self, claims: list[Claim]) -> str:
        return f"/bench/documents/{claims[0].document_id}/merge/"

    def form(self, client: Client, claims: list[Claim]) -> Form:
        form = get(client, self.address(claims)).form("Merge")
        form.action = self.address(claims)
        return form

    def chosen(self, claims: list[Claim]) -> dict[str, Any]:
        return {"keep": str(claims[0].pk), "same": [str(claim.pk) for claim in claims]}

    def test_duplicates_become_one(self, client: Client, editor: User, alike: list[Claim]) -> None:
        page = send(client, self.form(client, alike), 302, **self.chosen(alike), reason="Twice.")
        assert "2 duplicates are merged; this page can undo it." in page.text
        assert "Merged duplicates an-editor" in page.text
        states = Claim.objects.order_by("created_at").values_list("state", "duplicate_of")
        assert list(states) == [
            ("accepted", None),
            ("rejected", alike[0].pk),
            ("rejected", alike[0].pk),
        ]
        assert alike[0].evidence.count() == 2
        client.post(page.form("Undo all of it").action)
        assert alike[0].evidence.count() == 1
        assert [claim.state for claim in Claim.objects.order_by("created_at")] == [
            "accepted",
            "pending",
            "pending",
        ]

    def test_it_says_what_to_choose(self, client: Client, editor: User, alike: list[Claim]) -> None:
        for chosen in ({}, {"keep": str(alike[0].pk)}, {"same": [str(alike[0].pk)]}):
            page = send(client, self.form(client, alike), 422, **chosen)
            assert "Choose the claim to keep, and others that repeat it." in page.text
        assert not Batch.objects.exists()

    def test_claims_of_other_texts_are_not_offered(
        self, client: Client, editor: User, alike: list[Claim]
    ) -> None:
        other = make_claim()
        page = send(
            client, self.form(client, alike), 422, keep=str(alike[0].pk), same=[str(other.pk)]
        )
        assert other.get_absolute_url() not in page.links

    def test_an_outdated_merge_shows_which(
        self, client: Client, editor: User, alike: list[Claim]
    ) -> None:
        form = self.form(client, alike)
        decide(claim=alike[1], kind="accept", by=make_user("other"))
        page = send(client, form, 409, **self.chosen(alike))
        assert (
            "state differs What you wanted: rejected was pending What it is now: accepted"
            in page.text
        )
        again = page.form("Take mine")
        again.action = self.address(alike)
        send(client, again, 302)
        assert Claim.objects.filter(state="rejected").count() == 2

    def test_who_may(self, client: Client, alike: list[Claim]) -> None:
        client.force_login(make_user("an-analyst", role="analyst"))
        get(client, self.address(alike), 403)
        sudan = make_conflict("sudan", "Sudan", sides=[])
        client.force_login(make_user("of-sudan", conflict=sudan))
        assert client.post(self.address(alike), self.chosen(alike)).status_code == 403
