"""Names that extraction did not know, ruled on by an editor and read again: a war of made-up towns
and movements, with the real extraction."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import pghistory.models
import pytest
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.core.management import call_command

from claims.models import Claim, ExtractionRun, Suggestion
from claims.names import ruling as naming
from claims.names import undoing as names_undoing
from claims.names.inbox import OpenNames
from claims.review.decisions import decide
from entities.models import Actor, Allegiance, Conflict, Place, PlaceName
from tests.claims.test_unknown_wars import FIRST, SECOND, article, dump
from tests.factories import make_actor, make_conflict, make_place, make_user


@pytest.fixture
def editor(db: None) -> User:
    return make_user()


@pytest.fixture
def harrok(db: None, tmp_path: Path) -> Place:
    """Two articles about Harrok, which the gazetteer knows, and Oumkessa, which it does not."""
    make_actor("Chad", kind="state", official=True)
    call_command("import_geonames", str(dump(tmp_path)), stdout=StringIO())
    documents = tmp_path / "docs.jsonl"
    lines = [article("1", "2031-05-12", FIRST), article("2", "2031-05-16", SECOND)]
    documents.write_text("\n".join(lines) + "\n", encoding="utf-8")
    call_command("ingest", str(documents), stdout=StringIO())
    process()
    return Place.objects.get(key="gn-9000001")


def process() -> None:
    call_command("process", stdout=StringIO(), stderr=StringIO())


def village() -> Claim:
    return Claim.objects.get(place__names__folded="oumkessa")


def waiting() -> int:
    return ExtractionRun.objects.filter(state="waiting").count()


def claims() -> dict[str, tuple[str, str]]:
    """State and label of every claim by its id."""
    return {str(c.id): (c.state, c.label) for c in Claim.objects.all()}


def test_what_waits_in_the_inbox(harrok: Place) -> None:
    found = OpenNames()
    assert found.counts == {"actor": 5, "place": 1}
    assert [(one.name, one.documents, one.claims) for one in found[0:2]] == [
        ("Front for Dawn in Chad", 2, 4),
        ("Armed Forces of Chad", 1, 1),
    ]
    assert [one.name for one in OpenNames(kind="place")[0:9]] == ["Oumkessa"]
    assert [one.name for one in OpenNames(part="oúmK")[0:9]] == ["Oumkessa"]
    assert len(OpenNames(conflict="none")) == 6
    assert len(OpenNames(conflict="ukraine")) == 0


def test_a_new_place_keeps_its_claim_and_the_decision_on_it(harrok: Place, editor: User) -> None:
    claim = village()
    decide(claim=claim, kind="accept", by=editor)
    others = ExtractionRun.objects.get(document__published__day=16)
    ruled = naming.accept_place(
        name="Oumkessa", by=editor, country="TD", latitude=13.5, longitude=14.9
    )
    assert (ruled.documents, waiting()) == (1, 1)
    others.refresh_from_db()
    assert others.state == "done"
    place = claim.place
    place.refresh_from_db()
    assert (place.provisional, place.edited, place.country, place.latitude) == (
        False, True, "TD", 13.5,
    )  # fmt: skip
    assert not place.key.startswith("provisional")
    before = claim.fingerprint
    process()
    claim.refresh_from_db()
    assert (claim.state, claim.place_id, claim.no_longer_found) == ("accepted", place.id, False)
    assert claim.fingerprint != before
    assert Claim.objects.filter(place=place).count() == 1
    run = claim.document.runs.get()
    assert run.changes["renamed"] == [str(claim.id)]
    assert not Suggestion.objects.filter(name="Oumkessa").exists()
    assert OpenNames(kind="place").counts == {}
    event = pghistory.models.Events.objects.tracks(claim).last()
    assert event is not None
    assert event.pgh_context["user"] == editor.pk
    assert event.pgh_context["reason"] == "Oumkessa: new"


def test_a_place_that_is_another_name_of_a_known_one(harrok: Place, editor: User) -> None:
    claim = village()
    provisional = claim.place
    ruled = naming.accept_alias(name="Oumkessa", of=harrok, by=editor)
    assert (ruled.documents, ruled.claims) == (1, 1)
    claim.refresh_from_db()
    assert claim.place == harrok
    assert PlaceName.objects.filter(place=harrok, name="Oumkessa").exists()
    process()
    claim.refresh_from_db()
    assert (claim.state, claim.place) == ("pending", harrok)
    assert not provisional.claims.exists()
    assert claim.label == "Front for Dawn in Chad: Harrok captured"


def test_a_corrected_town_stays_what_the_editor_said(harrok: Place, editor: User) -> None:
    claim = village()
    elsewhere = make_place("Elsewhere", conflict=make_conflict())
    decide(claim=claim, kind="correct", by=editor, values={"place": elsewhere})
    naming.accept_place(name="Oumkessa", by=editor)
    process()
    claim.refresh_from_db()
    assert (claim.state, claim.place, claim.no_longer_found) == ("corrected", elsewhere, False)
    assert Claim.objects.filter(place__names__folded="oumkessa").count() == 0


def test_undone_the_claim_is_as_it_was(harrok: Place, editor: User) -> None:
    before, told = village(), claims()
    ruled = naming.accept_place(name="Oumkessa", by=editor)
    process()
    undone = names_undoing.undo(decision=ruled.decision, by=editor)
    assert undone.documents == 1
    process()
    assert claims() == told
    claim = village()
    assert (claim.id, claim.fingerprint) == (before.id, before.fingerprint)
    assert (claim.place.key, claim.place.provisional) == (before.place.key, True)
    assert [one.name for one in OpenNames(kind="place")[0:9]] == ["Oumkessa"]
    assert Place.objects.filter(provisional=True).count() == 1


def test_an_alias_undone_goes_back_to_the_provisional_place(harrok: Place, editor: User) -> None:
    before = village()
    ruled = naming.accept_alias(name="Oumkessa", of=harrok, by=editor)
    process()
    names_undoing.undo(decision=ruled.decision, by=editor)
    assert not PlaceName.objects.filter(place=harrok, name="Oumkessa").exists()
    process()
    claim = village()
    assert (claim.id, claim.place_id, claim.fingerprint) == (
        before.id, before.place_id, before.fingerprint,
    )  # fmt: skip
    with pytest.raises(ValidationError, match="undone already"):
        names_undoing.undo(decision=ruled.decision, by=editor)


def test_a_new_actor_with_its_state_and_side(harrok: Place, editor: User) -> None:
    told = claims()
    front = Actor.objects.get(name="Front for Dawn in Chad")
    sides = [("front", "Front", "#0072b2"), ("chad", "Chad", "#d55e00")]
    war = make_conflict("chad", "War in Chad", sides)
    state = Actor.objects.get(slug="chad")
    Allegiance.objects.create(actor=state, side=war.sides.get(key="chad"))
    Conflict.objects.filter(pk=war.pk).update(regions=["TD"])
    Place.objects.filter(country="TD").update(conflict=war)
    ruled = naming.accept_actor(
        name="Front for Dawn in Chad",
        kind="movement",
        official=True,
        side=war.sides.get(key="front"),
        by=editor,
    )
    assert ruled.documents == 2
    front.refresh_from_db()
    assert (front.slug, front.provisional, front.edited) == ("front-for-dawn-in-chad", False, True)
    assert [str(one.side) for one in front.allegiances.all()] == ["Front"]
    process()
    assert told == claims()
    assert not Actor.objects.filter(provisional=True, name__startswith="Front").exists()
    names_undoing.undo(decision=ruled.decision, by=editor)
    front.refresh_from_db()
    assert (front.slug, front.provisional) == ("provisional-front-for-dawn-in-chad", True)
    assert not Allegiance.objects.filter(actor=front).exists()


def test_an_actor_that_is_another_name_of_a_known_one(harrok: Place, editor: User) -> None:
    dawn = make_actor("Dawn", kind="movement", official=True)
    ids = set(Claim.objects.filter(claimant__name="Front for Dawn in Chad").values_list("id"))
    naming.accept_alias(name="Front for Dawn in Chad", of=dawn, by=editor)
    process()
    assert set(dawn.claims.exclude(state="superseded").values_list("id")) == ids
    assert not Claim.objects.filter(claimant__name="Front for Dawn in Chad").live().exists()


def test_a_speaker_of_an_actor(db: None, editor: User, tmp_path: Path) -> None:
    make_place("Harrok", conflict=None, country="TD")
    guard = make_actor("Harrok Watch", kind="monitor")
    documents = tmp_path / "docs.jsonl"
    text = "Ada Lund said on Monday that Harrok had fallen to rebels."
    documents.write_text(article("1", "2031-05-12", text) + "\n", encoding="utf-8")
    call_command("ingest", str(documents), stdout=StringIO())
    process()
    claim = Claim.objects.get()
    assert (claim.claimant and claim.claimant.name, claim.speaker) == ("Ada Lund", "")
    ruled = naming.accept_speaker(name="Ada Lund", of=guard, role="founder", by=editor)
    process()
    again = Claim.objects.get()
    assert (again.id, again.claimant, again.speaker) == (claim.id, guard, "Ada Lund")
    assert [one.names for one in guard.speakers.all()] == [["Ada Lund"]]
    names_undoing.undo(decision=ruled.decision, by=editor)
    assert not guard.speakers.exists()
    process()
    again = Claim.objects.get()
    assert (again.id, again.claimant_id, again.speaker) == (claim.id, claim.claimant_id, "")


def test_an_ignored_name_stays_ignored(harrok: Place, editor: User) -> None:
    ruled = naming.ignore(kind="place", name="OUMKESSA", by=editor)
    assert (ruled.documents, waiting()) == (0, 0)
    ExtractionRun.objects.all().wait_again()
    process()
    assert Suggestion.objects.filter(name="Oumkessa").exists()
    assert OpenNames(kind="place").counts == {}
    with pytest.raises(ValidationError, match="editor has ruled on “OUMKESSA” already"):
        naming.accept_place(name="Oumkessa", by=editor)
    names_undoing.undo(decision=ruled.decision, by=editor)
    assert OpenNames(kind="place").counts == {"place": 1}
