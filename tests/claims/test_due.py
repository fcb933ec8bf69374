"""Whatever changes what a town's status stands on makes the town due, and deriving what is due
gives what deriving everything anew would."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, date, datetime
from io import StringIO
from pathlib import Path
from typing import Any
from uuid import UUID

import pghistory
import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks

from claims import derive as derivation
from claims import tasks
from claims.derive import derive, derive_due
from claims.extraction.records import EXTRACTOR_VERSION, ActorRef
from claims.models import Change, Claim, DueTown, ExtractionRun, QueuedClaim, StatusInterval
from claims.names.rows import NameRows
from claims.review.decisions import decide
from entities.lexicon import Place as PlaceRecord
from entities.loading import load_packs
from entities.models import Actor, Place
from entities.packs import read_packs
from entities.place_loading import load_places
from entities.places import GazetteerPlace
from sources.models import Document
from tests.factories import (
    make_actor,
    make_article,
    make_claim,
    make_conflict,
    make_document,
    make_place,
    make_user,
)

pytestmark = pytest.mark.django_db
ARMY = "Armed Forces of Ukraine"
PACK = """
key = "ukraine"
name = "Russo-Ukrainian war"
regions = ["UA"]

[[side]]
key = "ukraine"
name = "Ukraine"
colour = "#1f77c9"

[[side]]
key = "russia"
name = "Russia"
colour = "#d1495b"

[[actor]]
key = "armed-forces-of-ukraine"
name = "Armed Forces of Ukraine"
kind = "army"
official = false
side = "ukraine"
"""


@pytest.fixture
def soledar() -> Place:
    """Captured by Wagner's word on 10 January, conceded by the Ukrainian army on the 25th: its
    status stands on the army's being official and on Ukraine's side."""
    place = make_claim(asserted_on=date(2023, 1, 10), state="accepted").place
    make_claim("withdrew", claimant=ARMY, asserted_on=date(2023, 1, 25), state="accepted")
    elsewhere = make_claim(place="Bakhmut", state="accepted").place
    derive({place.id, elsewhere.id})
    assert now(place) == ("controlled", ["russia"])
    return place


def now(place: Place) -> tuple[str, list[str]] | None:
    row = place.intervals.filter(include_pending=False, part_label="", end=None).first()
    return None if row is None else (row.status, row.sides)


def stored() -> list[dict[str, Any]]:
    fields = ("place__name", *StatusInterval.KEY[1:], *StatusInterval.VALUES)
    return list(StatusInterval.objects.values(*fields))


def due() -> set[str]:
    return set(DueTown.objects.values_list("place__name", flat=True))


def refreshed(place: Place) -> tuple[str, list[str]] | None:
    """The town's status once what is due is derived, which is all that there was to derive."""
    assert derive_due() == 1
    assert due() == set()
    kept = stored()
    StatusInterval.objects.all().delete()
    derive(set(Place.objects.values_list("id", flat=True)))
    assert stored() == kept
    return now(place)


def test_a_decision_makes_its_town_due_and_wakes_a_worker(
    soledar: Place,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    woken: list[str] = []
    monkeypatch.setattr("claims.review.decisions.wake", woken.append)
    claim = Claim.objects.get(predicate="withdrew")
    with django_capture_on_commit_callbacks(execute=True):
        decide(claim=claim, kind="reject", by=make_user(), reason="The text says otherwise.")
        assert woken == []
    assert woken == ["claims.tasks.derive_statuses"]
    assert due() == {"Soledar"}
    assert refreshed(soledar) == ("claimed", ["russia"])


def test_a_correction_makes_both_towns_due(soledar: Place) -> None:
    claim = Claim.objects.get(predicate="withdrew")
    values = {"place": make_place("Bakhmut")}
    decide(claim=claim, kind="correct", by=make_user(), values=values)
    assert due() == {"Soledar", "Bakhmut"}
    derive_due()
    assert (now(soledar), now(values["place"])) == (
        ("claimed", ["russia"]),
        ("controlled", ["russia"]),
    )


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"state": "rejected"}, ("claimed", ["russia"])),
        ({"predicate": "holds"}, ("contested", ["russia", "ukraine"])),
        ({"speaker": "a soldier"}, ("claimed", ["russia"])),
        ({"asserted_on": date(2023, 1, 24)}, ("controlled", ["russia"])),
    ],
)
def test_a_claim_changed_by_hand(soledar: Place, changes: dict[str, Any], status: Any) -> None:
    Claim.objects.filter(predicate="withdrew").update(**changes)
    assert refreshed(soledar) == status


def test_what_no_rule_looks_at_makes_nothing_due(soledar: Place) -> None:
    Claim.objects.update(no_longer_found=True, confidence=0.5)
    Actor.objects.update(name="Another name", edited=True)
    Place.objects.update(population=5)
    assert due() == set()


def test_a_claim_written_outside_extraction(soledar: Place) -> None:
    make_claim("advancing", claimant=ARMY, asserted_on=date(2023, 2, 1), state="accepted")
    assert refreshed(soledar) == ("fought-over", ["russia"])


def test_a_claim_deleted(soledar: Place) -> None:
    Claim.objects.get(predicate="withdrew").delete()
    assert refreshed(soledar) == ("claimed", ["russia"])


def saved(actor: Actor, *, official: bool, allegiance: dict[str, Any]) -> None:
    """The actor's form in the admin, saved by an editor."""
    client = Client()
    client.force_login(make_user(superuser=True))
    tables: dict[str, tuple[int, dict[str, Any]]] = {
        "names": (1, {"id": actor.names.get().pk, "name": actor.name, "kind": "name", "order": 0}),
        "allegiances": (1, {"id": actor.allegiances.get().pk, **allegiance}),
        "speakers": (0, {}),
    }
    form: dict[str, Any] = {"slug": actor.slug, "name": actor.name, "kind": actor.kind}
    for name, (count, row) in tables.items():
        form |= {f"{name}-TOTAL_FORMS": count, f"{name}-INITIAL_FORMS": count}
        form |= {f"{name}-0-{field}": value for field, value in row.items()}
        form[f"{name}-0-actor"] = actor.pk
    if official:
        form["official"] = "on"
    response = client.post(reverse("admin:entities_actor_change", args=[actor.pk]), form)
    assert response.status_code == 302


def test_an_actor_whom_the_admin_makes_unofficial(soledar: Place) -> None:
    actor = make_actor(ARMY)
    saved(actor, official=False, allegiance={"side": actor.allegiances.get().side_id})
    assert due() == {"Soledar"}
    assert refreshed(soledar) == ("claimed", ["russia"])


def test_an_actor_whose_side_the_admin_changes(soledar: Place) -> None:
    side = make_conflict().sides.get(key="russia")
    saved(make_actor(ARMY), official=True, allegiance={"side": side.pk})
    assert due() == {"Soledar"}
    assert refreshed(soledar) == ("unknown", [])


def test_an_allegiance_that_ends(soledar: Place) -> None:
    make_actor(ARMY).allegiances.update(until=date(2023, 1, 1))
    assert refreshed(soledar) == ("claimed", ["russia"])


def test_a_loaded_pack(soledar: Place, tmp_path: Path) -> None:
    pack = tmp_path / "ukraine.toml"
    pack.write_text(PACK, encoding="utf-8")
    load_packs(read_packs([pack]))
    assert due() == {"Soledar"}
    assert refreshed(soledar) == ("claimed", ["russia"])


def test_a_gazetteer_that_moves_a_town_out_of_the_war(soledar: Place) -> None:
    record = PlaceRecord("test-soledar", "Soledar", ("Soledar",), "XX")
    load_places([GazetteerPlace(record, "XX.01")])
    assert refreshed(soledar) == ("controlled", ["wagner-group"])


def test_a_side_with_another_key(soledar: Place) -> None:
    make_conflict().sides.filter(key="russia").update(key="moscow")
    assert derive_due() == 2
    assert now(soledar) == ("controlled", ["moscow"])


def test_a_text_that_joins_a_family(soledar: Place) -> None:
    """The later copy of Wagner's text, which repeated the word in March, counts no more."""
    copy = make_claim(
        asserted_on=date(2023, 3, 1),
        state="accepted",
        document=make_document("Another text.", published=datetime(2023, 3, 1, tzinfo=UTC)),
        quote="Another text.",
    ).document
    Claim.objects.filter(predicate="withdrew").update(state="rejected")
    derive_due()
    row = soledar.intervals.get(include_pending=False)
    assert row.last_word_by(date.max) == date(2023, 3, 1)
    first = Claim.objects.filter(place=soledar, predicate="captured").earliest("asserted_on")
    copy.family = first.document.family
    copy.publisher = make_document("A third.", publisher="Example Herald").publisher
    copy.save()
    assert refreshed(soledar) == ("claimed", ["russia"])
    assert soledar.intervals.get(include_pending=False).last_word_by(date.max) == date(2023, 1, 10)


def test_a_document_published_at_another_time(soledar: Place) -> None:
    document = Claim.objects.get(predicate="withdrew").document
    document.published = datetime(2023, 1, 20, 12, tzinfo=UTC)
    document.save()
    assert refreshed(soledar) == ("controlled", ["russia"])
    assert soledar.intervals.get(end=None, include_pending=False).start == date(2023, 1, 20)


def test_a_document_that_turns_out_to_be_an_articles(soledar: Place) -> None:
    """Texts of one article are one document to the rules."""
    document = Claim.objects.get(predicate="withdrew").document
    document.article = make_article(publisher=document.publisher)
    document.save()
    assert due() == {"Soledar"}
    assert refreshed(soledar) == ("controlled", ["russia"])


def test_an_actor_of_whom_extraction_learns_whose_it_is() -> None:
    """In a town of no conflict an actor's side is its parent's."""
    guards = make_actor("Guards", slug="provisional-guards", kind="unit", provisional=True)
    quiet = make_place("Quietville", conflict=None, key="quiet")
    Place.objects.filter(pk=quiet.pk).update(conflict=None)
    make_claim(place=quiet, claimant=guards, subject="Russia", state="accepted")
    derive_due()
    assert now(quiet) == ("claimed", ["russia"])
    before = quiet.intervals.get(include_pending=False).divided
    NameRows([]).actor(
        ActorRef("Guards", None, None, "unit", parent=ActorRef("Ukraine", None, None, "state")),
        None,
    )
    assert due() == {"Quietville"}
    assert before == []
    assert refreshed(quiet) == ("claimed", ["russia"])


def test_a_sweep_has_the_due_towns_derived(soledar: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tasks.derive_statuses, "delay", tasks.derive_statuses)
    tasks.sweep()
    make_actor(ARMY).allegiances.all().delete()
    assert due() == {"Soledar"}
    tasks.sweep()
    assert (due(), now(soledar)) == (set(), ("claimed", ["russia"]))


def test_process_derives_what_is_due_without_a_worker(soledar: Place) -> None:
    make_actor(ARMY).allegiances.all().delete()
    ExtractionRun.objects.bulk_create(
        ExtractionRun(
            document=document,
            extractor_version=EXTRACTOR_VERSION,
            state="done",
            finished_at=timezone.now(),
        )
        for document in Document.objects.all()
    )
    call_command("process", stdout=StringIO())
    assert (due(), now(soledar)) == (set(), ("claimed", ["russia"]))


def test_due_towns_are_derived_in_batches(soledar: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    Claim.objects.update(state="pending")
    monkeypatch.setattr(derivation, "BATCH", 1)
    sizes: list[int] = []

    def counted(towns: set[UUID]) -> set[UUID]:
        sizes.append(len(towns))
        return derive(towns)

    monkeypatch.setattr(derivation, "derive", counted)
    assert derive_due() == 2
    assert sizes == [1, 1]


def test_while_documents_wait_to_be_read_each_due_town_is_derived_once(
    soledar: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another worker reads them in the meantime, and every one makes the town due again."""
    waits = ExtractionRun.objects.create(
        document=make_document("Not read yet."), extractor_version=EXTRACTOR_VERSION
    )
    derived: list[set[UUID]] = []

    def disturbed(towns: set[UUID]) -> set[UUID]:
        derived.append(set(towns))
        left = derive(towns)
        if len(derived) < 5:
            DueTown.objects.create(place=soledar)
        return left

    monkeypatch.setattr(derivation, "derive", disturbed)
    DueTown.objects.create(place=soledar)
    assert derive_due() == 1
    assert derived == [{soledar.id}]
    assert due() == {"Soledar"}
    waits.delete()
    assert derive_due() == 4
    assert derived == [{soledar.id}] * 5
    assert due() == set()


def test_claims_written_at_once_are_noted_one_by_one_and_their_town_once(soledar: Place) -> None:
    pattern = Claim.objects.get(predicate="withdrew")
    DueTown.objects.all().delete()
    values = {
        field.attname: getattr(pattern, field.attname)
        for field in Claim._meta.concrete_fields
        if field.name not in ("id", "fingerprint", "state", "confidence", "created_at")
    }
    states = ("pending", "accepted", "pending")
    with pghistory.context(reason="written at once"):
        written = Claim.objects.bulk_create(
            Claim(**values, state=state, fingerprint=f"{number}", confidence=number / 10)
            for number, state in enumerate(states, start=4)
        )
    ids = [claim.id for claim in written]
    assert [row.place.name for row in DueTown.objects.all()] == ["Soledar"]
    queue = QueuedClaim.objects.filter(claim__in=ids).order_by("claim")
    assert list(queue.values_list("claim", "stage", "doubtful", "published")) == [
        (ids[0], "first", True, pattern.document.published),
        (ids[2], "first", False, pattern.document.published),
    ]
    history: Any = Claim.events.rel.related_model  # type: ignore[attr-defined]  # pghistory's
    events = list(history.objects.filter(pgh_obj__in=ids).order_by("pgh_id"))
    assert [(row.pgh_obj_id, row.pgh_label, row.state) for row in events] == [
        (id_, "insert", state) for id_, state in zip(ids, states, strict=True)
    ]
    assert {row.pgh_context.metadata["reason"] for row in events} == {"written at once"}
    changes = Change.objects.filter(claim__in=ids).order_by("id")
    assert list(changes.values_list("action", "claim", "event")) == [
        ("added", row.pgh_obj_id, row.pgh_id) for row in events
    ]


def in_threads(*work: Callable[[], None]) -> None:
    """Do these at once, each with a connection of its own; what one raises is raised."""
    errors: list[Exception] = []

    def run(one: Callable[[], None]) -> None:
        try:
            one()
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(one,)) for one in work]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert not any(thread.is_alive() for thread in threads)
    if errors:
        raise errors[0]


@pytest.mark.django_db(transaction=True)
def test_two_derivations_at_once_miss_nothing_and_do_not_block_each_other() -> None:
    """Two workers have each written a claim on one town, unseen by the other, before either
    derives it."""
    place = make_claim(asserted_on=date(2023, 1, 10), state="accepted").place
    for name in (ARMY, "Ukraine"):
        make_actor(name)
    derive_due()
    both_wrote = threading.Barrier(2, timeout=20)

    def worker(predicate: str, day: int) -> Callable[[], None]:
        def work() -> None:
            with transaction.atomic():
                make_claim(
                    predicate, claimant=ARMY, asserted_on=date(2023, 1, day), state="accepted"
                )
                both_wrote.wait()
                derive({place.id})

        return work

    in_threads(worker("holds", 12), worker("withdrew", 25))
    assert [row.status for row in place.intervals.filter(include_pending=False)] == [
        "claimed",
        "contested",
        "controlled",
    ]
    assert due() == set()


@pytest.mark.django_db(transaction=True)
def test_towns_that_another_process_derives_are_left_to_it(soledar: Place) -> None:
    """Nobody waits for it."""
    other_town = make_place("Bakhmut")
    DueTown.objects.all().delete()
    for town in (soledar, other_town):
        DueTown.objects.create(place=town)
    another = connection.copy()
    try:
        another.set_autocommit(False)
        with another.cursor() as cursor:
            lock = "SELECT FROM entities_place WHERE id = %s FOR NO KEY UPDATE"
            cursor.execute(lock, [soledar.pk])
            assert derive_due() == 1
            assert due() == {"Soledar"}
        another.rollback()
    finally:
        another.close()
    assert derive_due() == 1
    assert due() == set()
