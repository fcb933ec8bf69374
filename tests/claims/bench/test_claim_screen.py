"""The verification screen: what it shows of a claim, to whom, and what a correction would do."""

from __future__ import annotations

import re
from datetime import date
from html import unescape
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils.html import strip_tags
from pytest_django import DjangoAssertNumQueries

from claims.derive import derive_due
from claims.models import Claim, Decision, QueuedClaim, ReviewPolicy, Suggestion
from claims.pages.bench.article import pieces
from claims.pages.bench.claim import as_shown, bench_claim
from claims.pages.bench.correction import as_typed
from claims.review.decisions import decide
from claims.review.queue import take_this
from claims.review.second_reading import read_again
from claims.views.bench.claim import claims_for_bench
from tests.factories import (
    make_actor,
    make_claim,
    make_conflict,
    make_document,
    make_evidence,
    make_place,
    make_user,
)
from tests.scenes import make_run, soledar

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor() -> User:
    return make_user()


@pytest.fixture
def reader(client: Client, editor: User) -> Client:
    client.force_login(editor)
    return client


def address(claim: Claim, end: str = "") -> str:
    return f"/bench/claims/{claim.pk}/{end}"


def text_of(answer: Any) -> str:
    """The words of the page."""
    return " ".join(unescape(strip_tags(answer.content.decode())).split())


def by_quote(quote: str) -> Claim:
    return claims_for_bench().get(evidence__quote=quote)


def screen(claim: Claim, stage: str = "first") -> Any:
    return bench_claim(claims_for_bench().get(pk=claim.pk), stage=stage)


# --- what it shows ----------------------------------------------------------------------------


def test_the_passages_and_their_cues_in_the_whole_article() -> None:
    text = "First. The men Captured it.\n\nThey captured it again, and held it."
    claim = make_claim(document=make_document(text), quote="The men Captured it.", cue="captured")
    make_evidence(claim, "They captured it again", "lost")
    found = pieces(text, claim.evidence.all())
    assert "".join(piece.text for piece in found) == text
    assert [(piece.text, piece.passage, piece.opens, piece.cue) for piece in found] == [
        ("First. ", 0, False, False),
        ("The men ", 1, True, False),
        ("Captured", 1, False, True),
        (" it.", 1, False, False),
        ("\n\n", 0, False, False),
        ("They captured it again", 2, True, False),
        (", and held it.", 0, False, False),
    ]


@pytest.mark.parametrize(
    ("confidence", "sure"),
    [
        (0.95, "sure"),
        (0.8, "fairly sure"),
        (0.5, "not sure"),
        (0.49, "as likely wrong as right"),
        (0, "as likely wrong as right"),
    ],
)
def test_how_sure_the_extractor_is_in_words(confidence: float, sure: str) -> None:
    assert screen(make_claim(confidence=confidence)).sure == sure


def test_why_the_extractor_may_be_wrong() -> None:
    document = make_document("He said that the town had been taken by Nobodies.")
    place = make_place(key="odd", name="Oddtown", provisional=True)
    claim = make_claim(
        document=document,
        place=place,
        claimant=make_actor("Mystery Unit", provisional=True),
        place_ambiguous=True,
        quote=document.text,
    )
    Claim.objects.filter(pk=claim.pk).update(subject=None)
    run = make_run(document)
    for start, name in ((3, "Nobodies"), (900, "Elsewhere")):
        Suggestion.objects.create(
            run=run,
            kind="actor",
            name=name,
            start=start,
            end=start + 5,
            sentence="…",
            taken_for="claimant",
        )
    assert screen(claim).doubts == (
        "Several places are called Oddtown: the text does not say which.",
        "No gazetteer knows a town called Oddtown.",
        "No pack knows Mystery Unit.",
        "Mystery Unit is not named in the passage: the text around it says who speaks.",
        "Nothing says who did it.",
        "“Nobodies” is unknown, and taken for somebody who makes a claim.",
    )


def test_a_plain_claim_raises_no_doubt() -> None:
    assert screen(make_claim()).doubts == ()
    silent = make_claim(claimant=None, subject="Ukraine", predicate="holds")
    assert screen(silent).doubts == (
        "Nobody is said to have said it: it is taken for the publisher’s own word.",
    )


def test_what_stands_beside_it() -> None:
    soledar()
    found = screen(by_quote("Kyiv called that untrue"))
    told = [(one.kind, one.how, one.claim.label) for one in found.beside]
    assert told[0] == (
        "denies",
        "denies",
        "Russian Ministry of Defence: Soledar captured by Russia",
    )
    assert ("near", "same days", "Wagner Group: Soledar captured") in told
    assert len({one.claim.pk for one in found.beside}) == len(found.beside)


def test_the_same_said_twice_in_an_article_is_told() -> None:
    document = make_document()
    one, two = (
        make_claim(document=document, claimant=name, subject="Russia")
        for name in ("Wagner Group", "Russia")
    )
    assert [(item.how, item.claim) for item in screen(one).beside] == [("says the same", two)]


def test_what_accepting_would_do_and_what_taking_out_would(editor: User) -> None:
    claim = make_claim(asserted_on=date(2023, 1, 11))
    (town,) = screen(claim).effect.towns
    (change,) = town.changes
    assert (change.before.words, change.after.words, change.when) == (
        "unknown",
        "claimed by Russia",
        "from 11 January 2023",
    )
    assert [(band.name, band.words) for band in town.bands] == [
        ("now", "unknown"),
        ("then", "claimed by Russia from 11 January 2023"),
    ]
    decide(claim=claim, kind="accept", by=editor)
    found = screen(claim)
    assert found.takes_out
    (change,) = found.effect.towns[0].changes
    assert (change.before.words, change.after.words) == ("claimed by Russia", "unknown")


def test_no_change_says_what_the_claim_would_be() -> None:
    soledar()
    (town,) = screen(by_quote("Kyiv called that untrue")).effect.towns
    assert town.changes == ()
    assert town.note == "No status of the town would rest on it."
    claim = make_claim(claimant="Russia", asserted_on=date(2023, 1, 10))
    (town,) = screen(claim).effect.towns
    assert town.changes == ()
    assert town.note == "It would be one more word for the status that holds already."


# --- the page ---------------------------------------------------------------------------------


def test_the_page_has_buttons_for_all_that_can_be_done(reader: Client) -> None:
    claim = make_claim(speaker="<b>a spokesman</b>")
    page = reader.get(address(claim) + "?conflict=ukraine").content.decode()
    for end in ("decide", "skip", "pass-on"):
        assert f'action="{address(claim, end)}/?conflict=ukraine"' in page
    assert f'data-next="{reverse("bench-next")}?conflict=ukraine"' in page
    assert re.findall(r'name="because" value="([\w-]+)" (?:data-first)? data-because', page) == [
        one for one in Decision.Because.values if one != "other"
    ]
    assert "<b>a spokesman" not in page
    assert "&lt;b&gt;a spokesman" in page
    assert f'name="version" value="{claim.version}"' in page


def test_whoever_opens_it_is_handed_the_claim(reader: Client, editor: User) -> None:
    claim = make_claim()
    reader.get(address(claim))
    assert QueuedClaim.objects.get().holder == editor


def test_a_claim_that_another_reads_is_shown_without_buttons(reader: Client) -> None:
    claim = make_claim()
    other = make_user("other")
    take_this(claim=claim, by=other)
    page = reader.get(address(claim)).content.decode()
    assert "other is reading this claim, until" in page
    assert 'value="accept"' not in page
    assert QueuedClaim.objects.get().holder == other


def test_it_is_for_editors_of_the_claims_conflict(client: Client) -> None:
    claim = make_claim()
    sudan = make_conflict("sudan", "War in Sudan", sides=[])
    for user, status in (
        (None, 302),
        (make_user("nobody", role="", is_staff=False), 403),
        (make_user("analyst", role="analyst", is_staff=False), 403),
        (make_user("elsewhere", conflict=sudan), 403),
        (make_user("here", conflict=claim.place.conflict), 200),
    ):
        client.logout()
        if user:
            client.force_login(user)
        assert client.get(address(claim)).status_code == status
        assert client.get(address(claim, "effect/")).status_code == status
    assert client.post(address(claim)).status_code == 405


def test_no_such_claim(reader: Client) -> None:
    assert reader.get("/bench/claims/01890000-0000-7000-8000-000000000000/").status_code == 404


def test_the_last_decision_can_be_undone_from_the_next_claim(reader: Client, editor: User) -> None:
    done, claim = make_claim(speaker="a spokesman"), make_claim()
    decide(claim=done, kind="reject", because="place", by=editor)
    page = text_of(reader.get(address(claim)))
    assert "Wagner Group: Soledar captured: rejected, another place is meant" in page


def test_a_constant_number_of_queries(
    reader: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    soledar()
    claim = by_quote("Kyiv called that untrue")
    reader.get(address(claim))
    with django_assert_num_queries(QUERIES):
        reader.get(address(claim))
    for day in range(1, 8):
        make_claim(asserted_on=date(2023, 1, day + 9), claimant="Ukraine")
        make_evidence(claim, claim.document.text[day : day + 9])
    with django_assert_num_queries(QUERIES):
        reader.get(address(claim))


QUERIES = 37


# --- other readings ---------------------------------------------------------------------------


@pytest.fixture
def corrected(editor: User) -> Claim:
    """A claim that a first reader has corrected, which awaits its second reader."""
    first = make_user("first")
    claim = make_claim(asserted_on=date(2023, 1, 11))
    ReviewPolicy.objects.create(conflict=claim.place.conflict, second_reading="all")
    decide(
        claim=claim,
        kind="correct",
        by=first,
        reason="Only the fighting.",
        values={"predicate": "fighting", "subject": None},
    )
    derive_due()
    return claim


def test_a_second_reader_sees_nothing_of_the_first_reading(
    reader: Client, corrected: Claim
) -> None:
    page = text_of(reader.get(address(corrected)))
    assert "Second reading: of the claim as it was extracted" in page
    assert "Wagner Group: Soledar captured" in page
    for word in ("Only the fighting.", "Wagner Group: fighting", "corrected", "by first"):
        assert word not in page
    (town,) = screen(corrected, "second").effect.towns
    (change,) = town.changes
    assert (change.before.words, change.after.words) == ("unknown", "claimed by Russia")


def test_an_adjudicator_sees_both_readings_with_a_key_for_either(
    client: Client, corrected: Claim, editor: User
) -> None:
    read_again(claim=corrected, kind="reject", because="place", by=editor, reason="The mine.")
    judge = make_user("judge", role="adjudicator")
    client.force_login(judge)
    answer = client.get(address(corrected))
    first, second = answer.context["page"].readings
    assert (first.by, first.what, first.label, first.why) == (
        "first",
        "corrected",
        "Wagner Group: fighting in Soledar",
        "Only the fighting.",
    )
    assert [(one.field, one.before, one.after) for one in first.corrected] == [
        ("predicate", "captured", "fighting"),
        ("subject", "Wagner Group", ""),
    ]
    assert (second.by, second.what, second.why) == (
        "editor",
        "rejected",
        "another place is meant: The mine.",
    )
    fields = {**dict(second.fields), "version": answer.context["claim"].version}
    assert client.post(address(corrected, "decide/"), fields).status_code == 303
    corrected.refresh_from_db()
    assert corrected.state == "rejected"
    decision = Decision.objects.latest("id")
    assert (decision.kind, decision.because, decision.reading, decision.by) == (
        "reject",
        "place",
        "adjudication",
        judge,
    )


def test_an_adjudicator_decides_as_the_first_reader_did(
    client: Client, corrected: Claim, editor: User
) -> None:
    read_again(claim=corrected, kind="accept", by=editor)
    client.force_login(make_user("judge", role="adjudicator"))
    page = client.get(address(corrected)).context["page"]
    fields = {**dict(page.readings[0].fields), "version": page.claim.version}
    assert client.post(address(corrected, "decide/"), fields).status_code == 303
    corrected.refresh_from_db()
    assert (corrected.state, corrected.predicate, corrected.subject) == (
        "corrected",
        "fighting",
        None,
    )


def test_one_of_the_readers_is_told_who_decides(
    reader: Client, corrected: Claim, editor: User
) -> None:
    read_again(claim=corrected, kind="accept", by=editor)
    page = text_of(reader.get(address(corrected)))
    assert "Its two readers differ: an adjudicator decides on it." in page
    assert "Only the fighting." not in page


def test_the_preview_at_a_second_reading_is_blind(reader: Client, corrected: Claim) -> None:
    data = {
        **as_typed(as_shown(corrected, "second")),
        "speaker": "a spokesman",
    }
    told = reader.get(address(corrected, "effect/"), data).json()
    assert told["label"] == "Wagner Group: Soledar captured"
    assert "claimed by Russia" in told["effect"]
    assert "fought-over" not in told["effect"]
