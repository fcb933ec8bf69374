"""What the codebook defines is a constraint of the database: each is broken here once, beside
the checks of Django, which come before it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pghistory.models
import psycopg
import pytest
from django.apps import apps
from django.db import DatabaseError, IntegrityError, ProgrammingError, models, transaction
from django.db.models import F
from django.utils import timezone

from claims.models import Claim, Evidence, ExtractionRun, StatusInterval, Suggestion
from entities.models import (
    Actor,
    ActorName,
    Allegiance,
    Conflict,
    Place,
    PlaceName,
    Side,
    Speaker,
)
from sources.models import Document, Publisher, TextFamily
from tests.factories import (
    make_actor,
    make_article,
    make_claim,
    make_conflict,
    make_document,
    make_place,
    make_publisher,
    make_user,
)

pytestmark = pytest.mark.django_db
DAY = date(2023, 1, 11)


def update(row: models.Model, **fields: Any) -> None:
    """Change the row past all of Django's checks."""
    type(row)._base_manager.filter(pk=row.pk).update(**fields)


def run(**fields: Any) -> ExtractionRun:
    return ExtractionRun.objects.create(
        **{"document": make_document(), "extractor_version": "1", **fields}
    )


def interval(**fields: Any) -> StatusInterval:
    return StatusInterval.objects.create(
        **{
            "place": make_place(),
            "include_pending": False,
            "start": DAY,
            "status": "unknown",
            "rule": 5,
            "version": "v1",
            **fields,
        }
    )


def suggestion(**fields: Any) -> Suggestion:
    return Suggestion.objects.create(
        **{
            "run": fields.get("run") or run(),
            "kind": "place",
            "name": "Ostermark",
            "start": 0,
            "end": 10,
            "taken_for": "town",
            **fields,
        }
    )


def same_suggestion() -> None:
    suggestion(run=suggestion().run)


def side() -> Side:
    return make_conflict().sides.get(key="russia")


def twice(make: Callable[[], Any]) -> None:
    make()
    make()


def copy_claim() -> None:
    claim = make_claim()
    make_claim(document=claim.document, fingerprint=claim.fingerprint)


BROKEN: dict[str, Callable[[], Any]] = {
    # claims: suggestions
    "suggestion_kind_known": lambda: suggestion(kind="river"),
    "suggestion_taken_for_its_kind": lambda: suggestion(taken_for="claimant"),
    "suggestion_of_a_speaker": lambda: suggestion(of="Ukraine"),
    "suggestion_not_empty": lambda: suggestion(end=0),
    "suggestion_once_in_a_run": same_suggestion,
    # entities
    "entities_conflict_slug_key": lambda: twice(lambda: Conflict.objects.create(slug="x")),
    "side_key_unique": lambda: Side.objects.create(
        conflict=make_conflict(), key="russia", colour="#000000"
    ),
    "side_colour_is_hex": lambda: update(side(), colour="red"),
    "entities_actor_slug_key": lambda: twice(
        lambda: Actor.objects.create(slug="x", name="X", kind="state")
    ),
    "actor_kind_known": lambda: update(make_actor(), kind="king"),
    "actor_not_own_parent": lambda: update(make_actor(), parent=make_actor()),
    "actor_name_unique": lambda: ActorName.objects.create(
        actor=make_actor(), name="Wagner Group", folded="x"
    ),
    "actor_name_kind_known": lambda: ActorName.objects.create(
        actor=make_actor(), name="X", kind="nickname"
    ),
    "allegiance_unique": lambda: Allegiance.objects.create(actor=make_actor(), side=side()),
    "allegiance_ends_after_start": lambda: Allegiance.objects.create(
        actor=make_actor("X"), side=side(), since=DAY, until=DAY - timedelta(days=1)
    ),
    "speaker_has_a_name": lambda: Speaker.objects.create(actor=make_actor(), names=[]),
    "speaker_ends_after_start": lambda: Speaker.objects.create(
        actor=make_actor(), names=["X"], since=DAY, until=DAY - timedelta(days=1)
    ),
    "entities_place_key_key": lambda: update(make_place(), key=make_place("Bakhmut").key),
    "entities_place_short_id_key": lambda: update(
        make_place(), short_id=make_place("Bakhmut").short_id
    ),
    "entities_place_geonameid_key": lambda: [
        make_place(name, geonameid=1) for name in ("Soledar", "Bakhmut")
    ],
    "place_coordinates_valid": lambda: update(make_place(), latitude=91),
    "place_name_unique": lambda: PlaceName.objects.create(place=make_place(), name="Soledar"),
    # sources
    "sources_publisher_name_key": lambda: Publisher.objects.create(name=make_publisher().name),
    "family_of_one_text": lambda: twice(
        lambda: TextFamily.objects.create(text_hash="0")
    ),
    "document_once_for_a_publisher": lambda: twice(make_document),
    "document_exact_family_is_another": lambda: update(
        make_document(), exact_family=F("family")
    ),
    "document_has_text_unless_withdrawn": lambda: make_document(text=""),
    "document_withdrawn_by_somebody": lambda: update(
        make_document(title=""), text="", withdrawn_at=timezone.now()
    ),
    "document_published_from_known": lambda: update(make_document(), published_from="hearsay"),
    "document_version_once": lambda: [
        make_document(text, article=make_article(), replaced_at=timezone.now())
        for text in ("One.", "Another.")
    ],
    "document_one_is_current": lambda: [
        make_document(f"Text {version}.", article=make_article(), version=version)
        for version in (1, 2)
    ],
    "document_of_no_article_is_one": lambda: update(make_document(), version=2),
    "document_offset_valid": lambda: update(make_document(), published_offset=841),
    "document_provenance_known": lambda: update(make_document(), provenance="rumour"),
    # claims
    "run_once_for_a_version": lambda: ExtractionRun.objects.create(
        document=run().document, extractor_version="1"
    ),
    "run_running_is_leased": lambda: run(state="running"),
    "run_failed_says_why": lambda: run(state="failed", finished_at=timezone.now()),
    "run_finished_has_a_time": lambda: run(state="done"),
    "claim_stance_known": lambda: update(make_claim(), stance="doubts"),
    "claim_predicate_known": lambda: update(make_claim(), predicate="bombed"),
    "claim_extent_known": lambda: update(make_claim(), extent="half"),
    "claim_asserted_precision_known": lambda: update(make_claim(), asserted_precision="hour"),
    "claim_state_known": lambda: update(make_claim(), state="true"),
    "claim_fighting_has_no_subject": lambda: update(make_claim(), predicate="fighting"),
    "claim_whole_has_no_part": lambda: update(make_claim(), part_label="east"),
    "claim_event_date_has_precision": lambda: update(make_claim(), event_date=DAY),
    "claim_only_assertions_have_event_dates": lambda: update(
        make_claim(stance="denies"), event_date=DAY, event_precision="day"
    ),
    "claim_event_not_after_assertion": lambda: update(
        make_claim(asserted_on=DAY), event_date=DAY + timedelta(days=1), event_precision="day"
    ),
    "claim_confidence_is_a_share": lambda: update(make_claim(), confidence=1.1),
    "claim_extracted_has_fingerprint": lambda: update(make_claim(), fingerprint=""),
    "claim_once_in_a_document": copy_claim,
    "claim_duplicate_is_rejected": lambda: update(make_claim(), duplicate_of=make_claim()),
    "claim_replaces_another": lambda: update(make_claim(), replaces=F("id")),
    "evidence_not_empty": lambda: Evidence.objects.create(claim=make_claim(), start=5, end=5),
    "evidence_taken_from_another": lambda: update(
        make_claim().evidence.get(), taken_from=F("claim")
    ),
    "evidence_once": lambda: Evidence.objects.create(
        claim=(claim := make_claim()),
        start=claim.evidence.get().start,
        end=claim.evidence.get().end,
    ),
    "decision_kind_known": lambda: make_claim().decisions.create(kind="guess", by=make_user()),
    "decision_reject_says_why": lambda: make_claim().decisions.create(
        kind="reject", by=make_user()
    ),
    "decision_reading_known": lambda: make_claim().decisions.create(
        kind="accept", reading="third", by=make_user()
    ),
    "decision_because_of_rejections": lambda: make_claim().decisions.create(
        kind="accept", because="who", by=make_user()
    ),
    "decision_second_reading_changes_nothing": lambda: make_claim().decisions.create(
        kind="accept", reading="second", version=2, by=make_user()
    ),
    "decision_only_correct_changes": lambda: make_claim().decisions.create(
        kind="accept", changes={"speaker": ["", "X"]}, by=make_user()
    ),
    "interval_once": lambda: twice(interval),
    "interval_ends_after_start": lambda: interval(end=DAY),
    "interval_status_known": lambda: interval(status="lost"),
}  # fmt: skip
RULES = {
    constraint.name
    for model in (
        *(Conflict, Side, Actor, ActorName, Allegiance, Speaker, Place, PlaceName),
        *(Publisher, TextFamily, Document),
        *(ExtractionRun, Claim, Evidence, StatusInterval),
        Claim._meta.get_field("decisions").related_model,
    )
    for constraint in model._meta.constraints
}


@pytest.mark.parametrize("name", BROKEN)
def test_the_database_refuses(name: str) -> None:
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        BROKEN[name]()
    cause = refused.value.__cause__
    assert isinstance(cause, psycopg.Error)
    assert str(cause.diag.constraint_name).startswith(name)


def test_no_rule_is_left_out() -> None:
    # No state but the known ones passes `run_finished_has_a_time` either, which comes first.
    assert RULES - BROKEN.keys() == {"run_state_known"}


def test_the_text_of_a_document_never_changes() -> None:
    document = make_document("Soledar is ours.", title="A report")
    document.refresh_from_db()
    assert document.text_sha256 == hashlib.sha256(b"Soledar is ours.").hexdigest()
    for change in ({"text": "Soledar is theirs."}, {"text": ""}):
        with pytest.raises(IntegrityError, match="never changes"), transaction.atomic():
            update(document, **change)
    gone = {"text": "", "title": "", "withdrawn_at": timezone.now()}
    update(document, **gone, withdrawn_by=make_user(), withdrawn_because="By its author's wish")
    update(document, text_sha256="0" * 64)
    before = document.text_sha256
    document.refresh_from_db()
    assert (document.text, document.text_sha256) == ("", before)
    with pytest.raises(IntegrityError, match="does not come back"), transaction.atomic():
        update(document, withdrawn_at=None, text="Soledar is ours.")


def test_decisions_stay_as_they_were_taken() -> None:
    decision = make_claim().decisions.create(kind="accept", by=make_user())
    for change in (lambda: update(decision, reason="another"), decision.delete):
        with pytest.raises(ProgrammingError, match="Cannot update or delete"), transaction.atomic():
            change()


def test_the_history_of_a_claim_stays_as_it_was_written() -> None:
    make_claim()
    event = apps.get_model("claims", "ClaimEvent").objects.get()
    for change in (lambda: update(event, speaker="X"), event.delete):
        with pytest.raises(ProgrammingError, match="Cannot update or delete"), transaction.atomic():
            change()


def test_every_change_of_a_claim_is_in_its_history_whoever_makes_it() -> None:
    claim = make_claim()
    update(claim, speaker="past all checks")
    with pghistory.context(user=7, reason="a test"):
        claim.refresh_from_db()
        claim.state = "accepted"
        claim.save()
    events = list(pghistory.models.Events.objects.tracks(claim).order_by("pgh_id"))
    assert [(event.pgh_label, event.pgh_diff) for event in events] == [
        ("insert", None),
        ("update", {"speaker": ["", "past all checks"], "version": [1, 2]}),
        ("update", {"state": ["pending", "accepted"], "version": [2, 3]}),
    ]
    assert events[2].pgh_context == {"user": 7, "reason": "a test"}


@pytest.mark.parametrize("row", [make_place, make_actor, make_document])
def test_what_claims_stand_on_cannot_be_deleted(row: Callable[[], models.Model]) -> None:
    document = make_document()
    make_claim(document=document)
    target = document if row is make_document else row()
    with pytest.raises((DatabaseError, models.ProtectedError)):
        target.delete()


@pytest.mark.parametrize(
    ("fields", "label"),
    [
        ({}, "Wagner Group: Soledar captured"),
        (
            {"claimant": "Ukraine", "subject": "Russia", "stance": "denies"},
            "Ukraine denies: Soledar captured by Russia",
        ),
        (
            {"claimant": "United States", "subject": "Russia", "stance": "unconfirmed"},
            "United States cannot confirm: Soledar captured by Russia",
        ),
        ({"predicate": "fighting", "claimant": "Ukraine"}, "Ukraine: fighting in Soledar"),
        ({"predicate": "holds", "claimant": "Ukraine"}, "Ukraine: Soledar held"),
        ({"predicate": "withdrew", "claimant": "Ukraine"}, "Ukraine: withdrawal from Soledar"),
        ({"predicate": "advancing"}, "Wagner Group: advance on Soledar"),
        ({"predicate": "encircled"}, "Wagner Group: Soledar encircled"),
        (
            {"claimant": None, "subject": "Russia"},
            "Example Courier: Soledar captured by Russia",
        ),
        ({"extent": "part"}, "Wagner Group: part of Soledar captured"),
        (
            {"extent": "part", "part_words": "the west", "part_label": "west"},
            "Wagner Group: the west of Soledar captured",
        ),
        (
            {"extent": "part", "part_words": "western Soledar", "part_label": "west"},
            "Wagner Group: western Soledar captured",
        ),
    ],
)
def test_label(fields: dict[str, Any], label: str) -> None:
    assert make_claim(**{"predicate": "captured", **fields}).label == label


def test_address_of_a_town_keeps_its_short_id() -> None:
    place = make_place("Новоселівка")
    assert place.slug == "town"
    assert place.short_id == place.id.hex[-10:]
    place.name = "Novoselivka"
    place.save()
    assert place.get_absolute_url() == f"/towns/town-{place.short_id}/"
