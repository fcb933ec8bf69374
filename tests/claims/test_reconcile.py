"""A later extraction beside the claims that are there: nothing decided is lost, nothing is
deleted, and the same claim keeps its row."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pghistory.models
import pytest
from django.db import transaction

from claims.extraction.records import (
    ActorRef,
    Article,
    ExtractedClaim,
    Extraction,
    Passage,
    PlaceRef,
)
from claims.models import Claim
from claims.reconcile import fingerprint, reconcile
from claims.review.editing import merge
from claims.runs import article
from entities.models import Actor, Conflict, Place
from sources.models import Document
from tests.factories import make_actor, make_claim, make_document, make_place, make_user

pytestmark = pytest.mark.django_db
WAGNER = ActorRef("Wagner Group", "wagner-group", "russia")
SOLEDAR = PlaceRef("Soledar", "test-soledar", "ukraine")


def found(**fields: Any) -> ExtractedClaim:
    return ExtractedClaim(
        **{
            "place": SOLEDAR,
            "claimant": WAGNER,
            "speaker": "Yevgeny Prigozhin",
            "stance": "asserts",
            "predicate": "captured",
            "subject": WAGNER,
            "extent": "whole",
            "part_words": "",
            "part_label": "",
            "asserted_on": date(2023, 1, 11),
            "asserted_precision": "day",
            "event_date": date(2023, 1, 10),
            "event_precision": "day",
            "passages": (Passage(0, 53, "have taken"),),
            "confidence": 0.9,
            **fields,
        }
    )


@pytest.fixture
def document() -> Document:
    make_place()
    make_actor()
    return make_document()


def write(document: Document, *claims: ExtractedClaim) -> set[str]:
    """Names of the places whose claims changed."""
    extraction = Extraction(article(document), claims)
    with transaction.atomic():
        done = reconcile(document, extraction, "2")
    return {Place.objects.get(pk=pk).name for pk in done.places}


def test_a_new_claim_has_all_that_was_read(document: Document) -> None:
    assert write(document, found()) == {"Soledar"}
    claim = Claim.objects.get()
    assert (claim.label, claim.speaker) == ("Wagner Group: Soledar captured", "Yevgeny Prigozhin")
    assert (claim.state, claim.origin, claim.extractor_version) == ("pending", "extracted", "2")
    assert (claim.event_date, claim.event_precision) == (date(2023, 1, 10), "day")
    assert (claim.confidence, claim.place_ambiguous) == (0.9, False)
    evidence = claim.evidence.get()
    assert (evidence.start, evidence.end, evidence.cue) == (0, 53, "have taken")
    assert evidence.quote == document.text[0:53]


def test_history_says_that_extraction_did_it(document: Document) -> None:
    write(document, found())
    (event,) = pghistory.models.Events.objects.tracks(Claim.objects.get())
    assert event.pgh_context["reason"] == "extraction 2"


def test_the_same_again_changes_nothing(document: Document) -> None:
    write(document, found())
    before = Claim.objects.values().get()
    assert write(document, found(confidence=0.1, speaker="another")) == set()
    assert Claim.objects.values().get() == before


def test_a_claim_found_twice_in_one_text_is_one(document: Document) -> None:
    write(document, found(), found(speaker="another"))
    assert Claim.objects.count() == 1


@pytest.mark.parametrize(
    "fields",
    [
        {"stance": "denies", "event_date": None, "event_precision": None},
        {"predicate": "holds"},
        {"claimant": None},
        {"subject": None},
        {"asserted_on": date(2023, 1, 12)},
        {"asserted_precision": "week"},
        {"event_date": None, "event_precision": None},
        {"event_precision": "month"},
        {"extent": "part", "part_label": "east", "part_words": "the east"},
        {"place": PlaceRef("Bakhmut", "test-bakhmut", "ukraine")},
    ],
)
def test_what_makes_another_claim(document: Document, fields: dict[str, Any]) -> None:
    make_place("Bakhmut")
    write(document, found(), found(**fields))
    assert Claim.objects.count() == 2


@pytest.mark.parametrize(
    "fields",
    [
        {"speaker": "another"},
        {"part_words": "another wording"},
        {"passages": ()},
        {"confidence": 0.2},
        {"place": replace(SOLEDAR, name="Соледар", ambiguous=True)},
        {"claimant": replace(WAGNER, name="Wagner", side=None)},
    ],
)
def test_what_makes_none(document: Document, fields: dict[str, Any]) -> None:
    assert fingerprint(document, found(**fields)) == fingerprint(document, found())


def test_copies_in_one_family_have_the_same_fingerprints(document: Document) -> None:
    copy = make_document(publisher="Example Herald")
    assert fingerprint(copy, found()) == fingerprint(document, found())
    other = make_document("Another text.")
    assert fingerprint(other, found()) != fingerprint(document, found())


def test_a_pending_claim_that_is_gone_is_superseded_and_comes_back(document: Document) -> None:
    write(document, found())
    before = Claim.objects.get()
    assert write(document) == {"Soledar"}
    assert Claim.objects.get().state == "superseded"
    assert write(document) == set()
    assert write(document, found()) == {"Soledar"}
    after = Claim.objects.get()
    assert (after.id, after.state) == (before.id, "pending")


@pytest.mark.parametrize("state", ["accepted", "corrected", "rejected", "unverifiable"])
def test_a_decided_claim_that_is_gone_is_marked_alone(document: Document, state: str) -> None:
    write(document, found())
    Claim.objects.update(state=state)
    assert write(document) == set()
    claim = Claim.objects.get()
    assert (claim.state, claim.no_longer_found) == (state, True)
    assert claim.evidence.count() == 1
    assert write(document, found()) == set()
    claim = Claim.objects.get()
    assert (claim.state, claim.no_longer_found) == (state, False)


def test_a_pending_claims_passages_are_those_now_read(document: Document) -> None:
    write(document, found())
    write(document, found(passages=(Passage(4, 16, "x"), Passage(20, 30, "y"))))
    claim = Claim.objects.get()
    assert list(claim.evidence.values_list("start", "end", "cue")) == [(4, 16, "x"), (20, 30, "y")]


def test_a_decided_claim_keeps_the_passages_it_was_decided_on(document: Document) -> None:
    write(document, found())
    Claim.objects.update(state="accepted")
    write(document, found(passages=(Passage(4, 16, "x"),)))
    assert Claim.objects.get().evidence.get().start == 0


def test_a_corrected_claim_is_found_again_by_what_was_extracted(document: Document) -> None:
    write(document, found())
    Claim.objects.update(state="corrected", predicate="advancing")
    write(document, found())
    claim = Claim.objects.get()
    assert (claim.state, claim.predicate, claim.no_longer_found) == (
        "corrected",
        "advancing",
        False,
    )


def test_editors_own_claims_are_left_alone(document: Document) -> None:
    added = make_claim(document=document, origin="editor", state="accepted")
    assert write(document) == set()
    added.refresh_from_db()
    assert (added.state, added.no_longer_found) == ("accepted", False)


def test_other_documents_claims_are_left_alone(document: Document) -> None:
    other = make_claim()
    write(document)
    other.refresh_from_db()
    assert other.state == "pending"


def test_a_place_that_nobody_knows_is_added_once(document: Document) -> None:
    newtown = PlaceRef("Newtown", None, "ukraine")
    write(document, found(place=newtown), found(place=newtown, predicate="holds"))
    place = Place.objects.get(name="Newtown")
    assert place.provisional
    assert place.conflict == Conflict.objects.get(slug="ukraine")
    assert list(place.names.values_list("name", "folded")) == [("Newtown", "newtown")]
    write(make_document("Another text."), found(place=replace(newtown, name="NEWTOWN")))
    assert Place.objects.filter(provisional=True).count() == 1
    write(make_document("A third text."), found(place=PlaceRef("Newtown")))
    assert Place.objects.get(name="Newtown", conflict=None).provisional


def test_an_actor_that_nobody_knows_is_added_on_the_side_it_was_read_with(
    document: Document,
) -> None:
    guard = ActorRef("Town Guard", None, "russia")
    write(document, found(claimant=guard, subject=guard))
    actor = Actor.objects.get(name="Town Guard")
    assert actor.provisional
    assert [str(one.side) for one in actor.allegiances.all()] == ["Russia"]
    assert Claim.objects.get().claimant == Claim.objects.get().subject == actor
    write(make_document("Another text."), found(claimant=replace(guard, side=None)))
    assert Actor.objects.filter(provisional=True).count() == 1
    assert actor.allegiances.count() == 1


@pytest.mark.parametrize("name", ["Наряд", "民兵", "—"])
def test_unknown_names_in_any_script_stay_apart(document: Document, name: str) -> None:
    write(
        document,
        found(claimant=ActorRef(name), place=PlaceRef(name)),
        found(claimant=ActorRef("守備隊"), place=PlaceRef("守備隊")),
    )
    assert Actor.objects.filter(provisional=True).count() == 2
    assert Place.objects.filter(provisional=True).count() == 2


def test_a_publishers_own_claim_without_subject(document: Document) -> None:
    write(document, found(claimant=None, predicate="fighting", subject=None, speaker=""))
    assert Claim.objects.get().label == "Example Courier: fighting in Soledar"


def test_an_article_carries_what_extraction_needs() -> None:
    document = make_document(published_offset=180, conflict_slug="")
    assert article(document) == Article(
        id=str(document.id),
        publisher="Example Courier",
        published=document.published_local,
        text=document.text,
        title=document.title,
        conflict=None,
    )


def test_passages_of_merged_duplicates_stay_with_a_pending_claim(document: Document) -> None:
    with transaction.atomic():
        reconcile(document, Extraction(article(document), (found(),)), "1")
    kept = Claim.objects.get()
    again = make_claim(document=document, quote="Kyiv denies it")
    merge(kept=kept, others=[again], versions={kept.pk: 1, again.pk: 1}, by=make_user())
    for passages in ((Passage(0, 53, "have taken"),), (Passage(4, 53, "have taken"),)):
        with transaction.atomic():
            reconcile(document, Extraction(article(document), (found(passages=passages),)), "2")
        spans = kept.evidence.order_by("start").values_list("start", "taken_from")
        assert list(spans) == [(passages[0].start, None), (56, again.pk)]
