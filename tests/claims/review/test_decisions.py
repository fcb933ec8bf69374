"""What an editor decides, what follows from it, and what the record says of it afterwards."""

from __future__ import annotations

from datetime import date
from typing import Any

import pghistory.models
import pytest
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError

from claims.derive import derive_due
from claims.models import Claim, Decision, StatusInterval
from claims.review.decisions import CORRECTABLE, TRANSITIONS, Outdated, decide, restore, undo
from tests.factories import make_actor, make_claim, make_place, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor() -> User:
    return make_user()


@pytest.fixture
def claim() -> Claim:
    return make_claim(asserted_on=date(2023, 1, 10))


def bands(place: str = "Soledar") -> list[tuple[bool, str]]:
    derive_due()
    rows = StatusInterval.objects.filter(place__name=place)
    return list(rows.values_list("include_pending", "status"))


@pytest.mark.parametrize(
    ("kind", "state", "follows"),
    [
        ("accept", "accepted", [(False, "claimed"), (True, "claimed")]),
        ("reject", "rejected", []),
        ("unverifiable", "unverifiable", []),
    ],
)
def test_a_decision_sets_the_state_and_the_towns_status(
    claim: Claim, editor: User, kind: str, state: str, follows: list[tuple[bool, str]]
) -> None:
    decision = decide(claim=claim, kind=kind, by=editor, reason=" It says so. ")
    assert claim.state == state
    assert bands() == follows
    assert (decision.kind, decision.reason, decision.by) == (kind, "It says so.", editor)
    assert decision.changes == {}


def test_history_has_who_and_why(claim: Claim, editor: User) -> None:
    decide(claim=claim, kind="reject", by=editor, reason="Said of the mine.")
    decide(claim=claim, kind="reopen", by=editor)
    events = list(pghistory.models.Events.objects.tracks(claim).order_by("pgh_id"))
    assert [(event.pgh_diff, event.pgh_context) for event in events[1:]] == [
        (
            {"state": ["pending", "rejected"], "version": [1, 2]},
            {"user": editor.pk, "reason": "Said of the mine."},
        ),
        (
            {"state": ["rejected", "pending"], "version": [2, 3]},
            {"user": editor.pk, "reason": "reopen"},
        ),
    ]


@pytest.mark.parametrize("reason", ["", " \n"])
def test_a_rejection_needs_a_reason(claim: Claim, editor: User, reason: str) -> None:
    with pytest.raises(ValidationError, match=r"A rejection needs a reason\."):
        decide(claim=claim, kind="reject", by=editor, reason=reason)
    claim.refresh_from_db()
    assert claim.state == "pending"
    assert not Decision.objects.exists()


@pytest.mark.parametrize(
    ("state", "refused"),
    [
        ("pending", {"reopen"}),
        ("accepted", {"accept"}),
        ("corrected", {"accept"}),
        ("rejected", {"reject"}),
        ("unverifiable", {"unverifiable"}),
        ("superseded", {"accept", "correct", "reject", "unverifiable", "reopen"}),
    ],
)
def test_each_state_allows_what_makes_sense(editor: User, state: str, refused: set[str]) -> None:
    found = set()
    for kind in TRANSITIONS:
        row = make_claim(state=state)
        try:
            decide(claim=row, kind=kind, by=editor, reason="why", values={"speaker": "X"})
        except ValidationError as error:
            assert "The claim is" in error.messages[0]  # noqa: PT017 - one of many
            found.add(kind)
    assert found == refused


def test_a_correction_keeps_what_was_before(claim: Claim, editor: User) -> None:
    values = {
        "predicate": "advancing",
        "event_date": date(2023, 1, 9),
        "event_precision": "day",
        "speaker": claim.speaker,
    }
    decision = decide(claim=claim, kind="correct", by=editor, values=values)
    assert (claim.state, claim.predicate) == ("corrected", "advancing")
    assert claim.event_date == date(2023, 1, 9)
    assert decision.changes == {
        "predicate": ["captured", "advancing"],
        "event_date": ["", "2023-01-09"],
        "event_precision": ["", "day"],
    }
    assert bands() == [(False, "fought-over"), (True, "fought-over")]


def test_a_correction_of_the_place_touches_both_towns(claim: Claim, editor: User) -> None:
    decide(claim=claim, kind="accept", by=editor)
    decide(claim=claim, kind="correct", by=editor, values={"place": make_place("Bakhmut")})
    assert bands("Soledar") == []
    assert bands("Bakhmut") == [(False, "claimed"), (True, "claimed")]


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({}, "The correction changes nothing"),
        ({"predicate": "captured"}, "The correction changes nothing"),
        ({"state": "accepted"}, "Not to be corrected: state"),
        ({"predicate": "bombed"}, "is not a valid choice"),
        ({"predicate": "fighting"}, "Fighting has no subject"),
        ({"event_date": date(2023, 1, 1)}, "needs its precision"),
        ({"asserted_on": None}, "This field cannot be null"),
        ({"part_label": "east"}, "names no part of it"),
    ],
)
def test_a_correction_that_cannot_be(
    claim: Claim, editor: User, values: dict[str, Any], reason: str
) -> None:
    with pytest.raises(ValidationError, match=reason):
        decide(claim=claim, kind="correct", by=editor, values=values)
    claim.refresh_from_db()
    assert (claim.state, claim.predicate) == ("pending", "captured")
    assert not Decision.objects.exists()


def test_reopening_takes_all_corrections_back(claim: Claim, editor: User) -> None:
    fields = [*CORRECTABLE, "state"]
    before = Claim.objects.values(*fields).get()
    for values in (
        {"predicate": "fighting", "subject": None, "claimant": make_actor("Ukraine")},
        {"claimant": None, "speaker": "a spokesman", "asserted_on": date(2023, 1, 11)},
        {"extent": "part", "part_words": "the east", "part_label": "east"},
        {"event_date": date(2023, 1, 9), "event_precision": "week", "place": make_place("Bakhmut")},
    ):
        decide(claim=claim, kind="correct", by=editor, values=values)
    decide(claim=claim, kind="reopen", by=editor)
    assert Claim.objects.values(*fields).get() == before
    assert bands("Soledar") == [(True, "claimed")]
    assert bands("Bakhmut") == []
    decide(claim=claim, kind="accept", by=editor)
    decide(claim=claim, kind="reopen", by=editor)
    assert Claim.objects.values(*fields).get() == before


def test_a_claim_rejected_after_correction_is_corrected_again_when_accepted(
    claim: Claim, editor: User
) -> None:
    decide(claim=claim, kind="correct", by=editor, values={"speaker": "a spokesman"})
    decide(claim=claim, kind="reject", by=editor, reason="A mistake.")
    decide(claim=claim, kind="accept", by=editor)
    assert (claim.state, claim.speaker) == ("corrected", "a spokesman")


def test_decisions_stand_in_the_order_they_were_taken(claim: Claim, editor: User) -> None:
    other = make_user("second")
    decide(claim=claim, kind="accept", by=editor)
    decide(claim=claim, kind="unverifiable", by=other)
    decide(claim=claim, kind="reopen", by=editor)
    assert list(claim.decisions.values_list("kind", "by__username")) == [
        ("accept", "editor"),
        ("unverifiable", "second"),
        ("reopen", "editor"),
    ]


def test_a_claim_read_earlier_is_decided_on_as_it_is_now(claim: Claim, editor: User) -> None:
    stale = Claim.objects.get()
    decide(claim=claim, kind="accept", by=editor)
    with pytest.raises(ValidationError, match="The claim is accepted: there is nothing to accept"):
        decide(claim=stale, kind="accept", by=editor)


def event_ids(claim: Claim) -> list[int]:
    return list(claim.events.order_by("pgh_id").values_list("pgh_id", flat=True))  # type: ignore[attr-defined]  # pghistory's


def test_an_edit_of_an_outdated_version_is_refused(claim: Claim, editor: User) -> None:
    decide(claim=claim, kind="accept", by=editor, version=1)
    assert claim.version == 2
    with pytest.raises(Outdated, match="Somebody has changed") as refused:
        decide(claim=claim, kind="reject", by=editor, version=1, because="who")
    assert (refused.value.claim.version, refused.value.claim.state) == (2, "accepted")
    assert Decision.objects.count() == 1


def test_a_decision_is_undone_with_all_that_it_changed(claim: Claim, editor: User) -> None:
    decide(claim=claim, kind="accept", by=editor)
    values = {"place": make_place("Bakhmut"), "speaker": "a spokesman", "subject": None}
    corrected = decide(
        claim=claim, kind="correct", by=editor, values={**values, "predicate": "fighting"}
    )
    undone = undo(decision=corrected, by=editor)
    claim.refresh_from_db()
    assert (claim.state, claim.place.name, claim.speaker) == ("accepted", "Soledar", "")
    assert (claim.predicate, str(claim.subject)) == ("captured", "Wagner Group")
    assert (undone.kind, undone.reason, undone.version) == ("restore", "undo", 4)
    assert undone.changes["state"] == ["corrected", "accepted"]
    assert bands("Bakhmut") == []


def test_what_was_changed_since_is_not_undone(claim: Claim, editor: User) -> None:
    first = decide(claim=claim, kind="accept", by=editor)
    decide(claim=claim, kind="unverifiable", by=make_user("another"))
    with pytest.raises(Outdated):
        undo(decision=first, by=editor)
    claim.refresh_from_db()
    assert claim.state == "unverifiable"


def test_an_earlier_state_is_restored(claim: Claim, editor: User) -> None:
    decide(claim=claim, kind="correct", by=editor, values={"speaker": "a spokesman"})
    decide(claim=claim, kind="reject", by=editor, because="place")
    decision = restore(claim=claim, event_id=event_ids(claim)[1], by=editor, reason="Not so.")
    assert (claim.state, claim.speaker) == ("corrected", "a spokesman")
    assert decision.changes == {"state": ["rejected", "corrected"]}
    with pytest.raises(ValidationError, match="stands so already"):
        restore(claim=claim, event_id=event_ids(claim)[1], by=editor)
    with pytest.raises(ValidationError, match="no such state"):
        restore(claim=claim, event_id=event_ids(make_claim())[0], by=editor)


def test_a_correction_that_was_undone_does_not_stand(claim: Claim, editor: User) -> None:
    correction = decide(claim=claim, kind="correct", by=editor, values={"speaker": "X"})
    undo(decision=correction, by=editor)
    claim.refresh_from_db()
    decide(claim=claim, kind="accept", by=editor)
    assert (claim.state, claim.speaker) == ("accepted", "")


def test_a_reason_may_be_chosen_in_place_of_words(claim: Claim, editor: User) -> None:
    decision = decide(claim=claim, kind="reject", by=editor, because="not-real")
    assert decision.why == "a condition, prediction, aim or question"
    with pytest.raises(ValidationError, match="needs a reason"):
        decide(claim=make_claim(), kind="reject", by=editor, because="other")
    other = decide(
        claim=make_claim(), kind="reject", by=editor, because="other", reason="It is a poem."
    )
    assert other.why == "another reason: It is a poem."


def test_a_correction_from_before_versions_were_counted_stands(editor: User) -> None:
    claim = make_claim(state="rejected", speaker="a spokesman")
    changes = {"speaker": ["", "a spokesman"]}
    claim.decisions.create(kind="correct", changes=changes, by=editor)
    decide(claim=claim, kind="accept", by=editor)
    assert (claim.version, claim.state) == (2, "corrected")
