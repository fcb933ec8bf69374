"""Claims of an article whose text was changed: what is still said goes with the text, what is not
is put before an editor again, and nothing decided is lost."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pghistory.models
import pytest
from django.db import transaction
from django.utils import timezone

from claims.extraction.records import (
    ActorRef,
    ExtractedClaim,
    Extraction,
    Passage,
    PlaceRef,
)
from claims.feed.reasons import reasons
from claims.models import Change, Claim, ExtractionRun, QueuedClaim
from claims.pages.claim_history import changes
from claims.reconcile import Reconciled, reconcile
from claims.review.decisions import decide
from claims.review.editing import add_claim, merge
from claims.runs import article
from sources.ingest import ingest
from sources.models import Article, Document
from sources.moves import follow
from tests.factories import (
    make_actor,
    make_article,
    make_place,
    make_raw,
    make_user,
)

pytestmark = pytest.mark.django_db
WAGNER = ActorRef("Wagner Group", "wagner-group", "russia")
SOLEDAR = PlaceRef("Soledar", "test-soledar", "ukraine")
BAKHMUT = PlaceRef("Bakhmut", "test-bakhmut", "ukraine")
TAKEN, HELD = "Wagner says it took Soledar.", "It holds Bakhmut, too."
FIRST = f"{TAKEN} {HELD}"
LATER = f"Updated at noon.\n\n{HELD}\n\nAs was said: {TAKEN}"
SHORTER = f"{HELD} That is all."


@pytest.fixture(autouse=True)
def rows() -> None:
    make_place()
    make_place("Bakhmut")
    make_actor()


def version(text: str, at: Article | None = None) -> Document:
    """The article's text from now on."""
    there = at or make_article()
    found = ingest(make_raw(text)).document
    before = there.documents.filter(replaced_at=None)
    before.exclude(pk=found.pk).update(replaced_at=timezone.now())
    number = found.version if found.article else there.documents.count() + 1
    Document.objects.filter(pk=found.pk).update(article=there, version=number, replaced_at=None)
    found.refresh_from_db()
    return found


def said(text: str) -> list[ExtractedClaim]:
    """What an extractor makes of a text that has the sentences."""
    found = []
    for sentence, place, predicate in ((TAKEN, SOLEDAR, "captured"), (HELD, BAKHMUT, "holds")):
        at = text.find(sentence)
        if at >= 0:
            found.append(claim_of(place, predicate, Passage(at, at + len(sentence), "cue")))
    return found


def claim_of(place: PlaceRef, predicate: Any, *passages: Passage, **fields: Any) -> ExtractedClaim:
    return ExtractedClaim(
        **{
            "place": place,
            "claimant": WAGNER,
            "speaker": "",
            "stance": "asserts",
            "predicate": predicate,
            "subject": WAGNER,
            "extent": "whole",
            "part_words": "",
            "part_label": "",
            "asserted_on": date(2023, 1, 11),
            "asserted_precision": "day",
            "event_date": None,
            "event_precision": None,
            "passages": passages,
            "confidence": 0.9,
            **fields,
        }
    )


def read(document: Document, claims: list[ExtractedClaim] | None = None) -> Reconciled:
    found = said(document.text) if claims is None else claims
    with transaction.atomic():
        return reconcile(document, Extraction(article(document), tuple(found)), "2")


def about(name: str) -> Claim:
    return Claim.objects.get(place__name=name)


def quotes(claim: Claim) -> list[str]:
    rows = claim.evidence.order_by("start")
    assert [claim.document.text[row.start : row.end] for row in rows] == [row.quote for row in rows]
    return [row.quote for row in rows]


def accept(claim: Claim) -> None:
    decide(claim=claim, kind="accept", by=make_user())


def test_what_is_still_said_goes_with_the_text() -> None:
    read(version(FIRST))
    before = about("Soledar")
    accept(before)
    later = version(LATER)
    done = read(later)
    assert Claim.objects.count() == 2
    claim = about("Soledar")
    assert (claim.pk, claim.state, claim.document) == (before.pk, "accepted", later)
    assert quotes(claim) == [TAKEN]
    assert quotes(about("Bakhmut")) == [HELD]
    assert sorted(done.changes["moved"]) == sorted(str(one.pk) for one in Claim.objects.all())
    assert set(done.changes) == {"moved"}
    assert done.places == {claim.place_id, about("Bakhmut").place_id}
    assert not claim.no_longer_found


def test_its_history_and_the_feed_say_why() -> None:
    read(version(FIRST))
    Change.objects.all().delete()
    read(version(LATER))
    claim = about("Soledar")
    *_, event = pghistory.models.Events.objects.tracks(claim)
    assert event.pgh_context["reason"] == "article changed: version 2"
    latest = changes(claim)[0]
    assert [(one.field, one.before, one.after) for one in latest.fields] == [
        ("version of the article", "1", "2")
    ]
    (change,) = Change.objects.filter(claim=claim.pk)
    assert change.action == "changed"
    change.number = 7
    assert reasons([change])[7]["kind"] == "article-changed"


def test_it_is_found_again_by_the_next_extraction() -> None:
    read(version(FIRST))
    later = version(LATER)
    read(later)
    before = list(Claim.objects.order_by("id").values())
    done = read(later)
    assert (done.changes, done.places) == ({}, set())
    assert list(Claim.objects.order_by("id").values()) == before


def test_what_is_gone_is_opened_again_with_the_reason() -> None:
    first = version(FIRST)
    read(first)
    accept(about("Soledar"))
    accept(about("Bakhmut"))
    done = read(version(SHORTER))
    claim = about("Soledar")
    assert (claim.state, claim.document) == ("pending", first)
    assert quotes(claim) == [TAKEN]
    assert QueuedClaim.objects.get().claim == claim
    decision = claim.decisions.get(kind="reopen")
    day = f"{timezone.now():%-d %B %Y}"
    assert str(decision.why).startswith(f"The article was changed on {day}:")
    assert not decision.by.is_active
    assert not decision.by.has_usable_password()
    assert done.changes["reopened"] == [str(claim.pk)]
    assert claim.place_id in done.places
    assert about("Bakhmut").state == "accepted"


def test_what_an_editor_decides_then_is_not_asked_again() -> None:
    read(version(FIRST))
    accept(about("Soledar"))
    later = version(SHORTER)
    read(later)
    accept(about("Soledar"))
    read(later)
    assert about("Soledar").state == "accepted"
    read(version(SHORTER + " Or nearly."))
    assert about("Soledar").state == "accepted"


def test_an_earlier_text_brings_its_decisions_back() -> None:
    first = version(FIRST)
    read(first)
    by = make_user()
    decide(claim=about("Soledar"), kind="correct", by=by, values={"predicate": "advancing"})
    accept(about("Bakhmut"))
    ids = set(Claim.objects.values_list("pk", flat=True))
    read(version("This page is not available at the moment."))
    assert set(Claim.objects.values_list("state", flat=True)) == {"pending"}
    assert about("Soledar").predicate == "captured"
    read(version(FIRST))
    assert about("Soledar").state == "corrected"
    assert about("Soledar").predicate == "advancing"
    assert about("Bakhmut").state == "accepted"
    assert set(Claim.objects.values_list("pk", flat=True)) == ids
    assert set(Claim.objects.values_list("document", flat=True)) == {first.pk}
    assert not QueuedClaim.objects.exists()


def test_what_somebody_decided_on_since_stays_decided_so() -> None:
    read(version(FIRST))
    accept(about("Soledar"))
    read(version(SHORTER))
    decide(claim=about("Soledar"), kind="reject", by=make_user(), because="not-said")
    read(version(FIRST))
    assert about("Soledar").state == "rejected"


def test_what_does_not_count_stays_as_it_was_decided() -> None:
    first = version(FIRST)
    read(first)
    decide(claim=about("Soledar"), kind="reject", by=make_user(), because="not-said")
    read(version(SHORTER))
    assert (about("Soledar").state, about("Soledar").document) == ("rejected", first)
    read(version(LATER))
    assert (about("Soledar").state, about("Soledar").document.version) == ("rejected", 3)


def test_a_pending_claim_that_is_gone_waits_on_with_the_text_that_said_it() -> None:
    first = version(FIRST)
    read(first)
    done = read(version(SHORTER))
    assert (about("Soledar").state, about("Soledar").document) == ("pending", first)
    assert "reopened" not in done.changes


def test_a_text_that_was_replaced_before_it_was_read_gives_what_it_alone_says() -> None:
    first = version(FIRST)
    later = version(SHORTER)
    read(later)
    read(first)
    assert Claim.objects.count() == 2
    assert (about("Soledar").document, about("Bakhmut").document) == (first, later)
    read(first)
    read(later)
    assert (about("Soledar").document, about("Bakhmut").document) == (first, later)
    assert Claim.objects.count() == 2


def test_a_text_in_between_takes_what_it_says_too() -> None:
    read(version(FIRST))
    between = version(f"{TAKEN} Nothing else.")
    last = version("Nothing.")
    read(last)
    read(between)
    assert about("Soledar").document == between
    assert about("Bakhmut").document.version == 1


def test_other_words_in_the_same_place_are_another_claim() -> None:
    read(version(FIRST))
    accept(about("Soledar"))
    text = f"Wagner says it is advancing on Soledar. {HELD}"
    at = Passage(0, text.index(".") + 1, "advancing")
    later = version(text)
    read(later, [claim_of(SOLEDAR, "advancing", at), *said(text)])
    old, new = Claim.objects.filter(place__name="Soledar").order_by("id")
    assert (old.state, new.state, new.document) == ("pending", "pending", later)
    assert quotes(new) == ["Wagner says it is advancing on Soledar."]


def test_of_several_passages_those_that_are_left_carry_it() -> None:
    text = f"{TAKEN} {HELD} In short, Soledar is ours."
    short = "In short, Soledar is ours."
    at = text.index(short)
    twice = claim_of(
        SOLEDAR, "captured", Passage(0, len(TAKEN), "a"), Passage(at, at + len(short), "b")
    )
    read(version(text), [twice])
    accept(about("Soledar"))
    later = version(f"{short} {HELD}")
    read(later, [replace(twice, passages=(Passage(0, len(short), "b"),))])
    claim = about("Soledar")
    assert (claim.state, claim.document, quotes(claim)) == ("accepted", later, [short])


def test_an_editors_own_claim_goes_with_its_words() -> None:
    first = version(FIRST)
    values = {"place": make_place(), "stance": "asserts", "predicate": "holds"}
    values |= {"asserted_on": date(2023, 1, 11)}
    claim = add_claim(document=first, spans=[(0, len(TAKEN))], values=values, by=make_user())
    later = version(LATER)
    read(later, [])
    claim.refresh_from_db()
    assert (claim.document, claim.state, quotes(claim)) == (later, "accepted", [TAKEN])


def test_passages_taken_from_a_duplicate_stay_its_own() -> None:
    read(version(FIRST))
    kept, other = about("Soledar"), about("Bakhmut")
    merge(kept=kept, others=[other], versions={kept.pk: 1, other.pk: 1}, by=make_user())
    read(version(LATER))
    kept.refresh_from_db()
    assert quotes(kept) == [HELD, TAKEN]
    assert kept.evidence.get(quote=HELD).taken_from == other


def test_an_article_that_is_not_changed_asks_for_nothing_more(
    django_assert_num_queries: Any,
) -> None:
    alone = ingest(make_raw(FIRST)).document
    read(alone)
    with django_assert_num_queries(14):
        read(alone)


def test_a_claim_made_after_the_text_was_replaced_is_not_opened_again() -> None:
    first = version(FIRST)
    later = version(SHORTER)
    read(later)
    read(first)
    accept(about("Soledar"))
    assert about("Soledar").created_at > Document.objects.get(pk=first.pk).replaced_at  # type: ignore[operator]
    read(later)
    assert about("Soledar").state == "accepted"
    Document.objects.filter(pk=first.pk).update(replaced_at=timezone.now() + timedelta(minutes=1))
    read(later)
    assert about("Soledar").state == "pending"


def test_a_text_that_is_there_again_is_read_again() -> None:
    first = version(FIRST)
    finished = {"state": "done", "finished_at": timezone.now(), "attempts": 2}
    old = ExtractionRun.objects.create(document=first, extractor_version="1", **finished)
    run = ExtractionRun.objects.create(document=first, extractor_version="2", **finished)
    version(LATER)
    run.refresh_from_db()
    assert run.state == "done"
    version(FIRST)
    run.refresh_from_db()
    assert (run.state, run.attempts, run.finished_at) == ("waiting", 0, None)
    old.refresh_from_db()
    assert old.state == "done"


def test_a_text_that_turns_out_to_be_one_of_an_article_is_read_again() -> None:
    pasted = ingest(make_raw(LATER)).document
    leased = timezone.now()
    run = ExtractionRun.objects.create(
        document=pasted, extractor_version="2", state="running", attempts=1, leased_until=leased
    )
    version(FIRST)
    version(LATER)
    run.refresh_from_db()
    # The worker who has it knows by the attempts that it is no longer his.
    assert (run.state, run.attempts, run.leased_until) == ("waiting", 1, None)


def moved(text: str) -> Document:
    """A text that was read where nobody knew that its article has moved there, which is known
    by now."""
    there = make_article("https://courier.example/soledar-update")
    later = version(text, there)
    read(later)
    ExtractionRun.objects.create(
        document=later, extractor_version="2", state="done", finished_at=timezone.now()
    )
    follow(make_article(), there.url)
    later.refresh_from_db()
    return later


def test_a_text_to_which_an_article_was_moved_is_read_again() -> None:
    first = version(FIRST)
    read(first)
    later = moved(LATER)
    first.refresh_from_db()
    assert (first.article, first.version) == (later.article, 1)
    assert (later.version, later.replaced_at) == (2, None)
    assert first.replaced_at is not None
    assert later.runs.get().state == "waiting"


def test_a_decided_claim_takes_the_place_of_the_open_one_in_the_text_that_was_moved() -> None:
    read(version(FIRST))
    first = about("Soledar")
    accept(first)
    later = moved(LATER)
    done = read(later)
    first.refresh_from_db()
    assert (first.state, first.document, first.no_longer_found) == ("accepted", later, False)
    assert quotes(first) == [TAKEN]
    live = Claim.objects.live().filter(place__name="Soledar")
    assert list(live) == [first]
    assert Claim.objects.live().filter(place__name="Bakhmut").get().document == later
    assert str(first.pk) in done.changes["moved"]
    assert len(done.changes["superseded"]) == 2
    before = list(Claim.objects.order_by("id").values())
    assert read(later).changes == {}
    assert list(Claim.objects.order_by("id").values()) == before


def test_two_decisions_on_the_same_words_are_both_kept() -> None:
    read(version(FIRST))
    first = about("Soledar")
    accept(first)
    there = make_article("https://courier.example/soledar-update")
    later = version(LATER, there)
    read(later)
    own = Claim.objects.get(document=later, place__name="Soledar")
    decide(claim=own, kind="reject", by=make_user(), because="not-said")
    follow(make_article(), there.url)
    later.refresh_from_db()
    read(later)
    first.refresh_from_db()
    own.refresh_from_db()
    assert (own.state, own.document, own.no_longer_found) == ("rejected", later, False)
    assert (first.state, first.document) == ("accepted", later)
