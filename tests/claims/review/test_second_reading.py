"""Who reads a claim again, what becomes of it, and who decides between two readers."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError

from claims.models import Claim, Decision, QueuedClaim, ReviewPolicy
from claims.review.decisions import Outdated, decide
from claims.review.decisions import undo as undo_decision
from claims.review.policies import drawn
from claims.review.readings import readings
from claims.review.second_reading import (
    adjudicate,
    already_read_by,
    as_extracted,
    question,
    read_again,
    undo,
)
from tests.factories import make_actor, make_claim, make_conflict, make_place, make_user

pytestmark = pytest.mark.django_db

OUTCOMES: dict[str, dict[str, Any]] = {
    "accept": {"kind": "accept"},
    "correct": {"kind": "correct", "values": {"speaker": "a spokesman"}},
    "reject": {"kind": "reject", "because": "who"},
    "unverifiable": {"kind": "unverifiable"},
}


@pytest.fixture
def first() -> User:
    return make_user("first")


@pytest.fixture
def second() -> User:
    return make_user("second")


@pytest.fixture
def third() -> User:
    return make_user("third")


def policy(second_reading: str, share: int = 10, **fields: Any) -> ReviewPolicy:
    fields.setdefault("conflict", make_conflict())
    return ReviewPolicy.objects.create(second_reading=second_reading, share=share, **fields)


def waits(claim: Claim) -> str | None:
    return QueuedClaim.objects.filter(claim=claim).values_list("stage", flat=True).first()


def decided(by: User, outcome: str = "accept", **fields: Any) -> Claim:
    """A claim read for the first time."""
    claim = make_claim(**fields)
    decide(claim=claim, by=by, **OUTCOMES[outcome])
    return claim


@pytest.fixture
def disputed(first: User, second: User) -> Claim:
    """Accepted by the first reader, and held to say something else by the second."""
    policy("all")
    claim = decided(first)
    read_again(claim=claim, by=second, kind="correct", values={"speaker": "a spokesman"})
    return claim


class TestPolicies:
    @pytest.mark.parametrize("outcome", OUTCOMES)
    @pytest.mark.parametrize(
        ("second_reading", "wanted"),
        [
            ("none", set()),
            ("all", {"accept", "correct", "reject", "unverifiable"}),
            ("changed", {"correct", "reject"}),
        ],
    )
    def test_each_policy_and_each_outcome(
        self, first: User, second_reading: str, wanted: set[str], outcome: str
    ) -> None:
        policy(second_reading)
        claim = decided(first, outcome)
        assert waits(claim) == ("second" if outcome in wanted else None)

    @pytest.mark.parametrize("outcome", OUTCOMES)
    def test_without_a_policy_nothing_is_read_again(self, first: User, outcome: str) -> None:
        assert waits(decided(first, outcome)) is None

    @pytest.mark.parametrize("outcome", OUTCOMES)
    def test_a_share_is_drawn_by_the_claims_id(self, first: User, outcome: str) -> None:
        policy("share", 50)
        ids = [UUID(int=number) for number in range(1, 9)]
        found = [waits(decided(first, outcome, id=id_)) for id_ in ids]
        assert found == ["second" if drawn(id_, 50) else None for id_ in ids]
        assert set(found) == {"second", None}

    def test_a_larger_share_holds_the_smaller_one(self) -> None:
        ids = [UUID(int=number) for number in range(1, 10_001)]
        tenth = {id_ for id_ in ids if drawn(id_, 10)}
        third = {id_ for id_ in ids if drawn(id_, 33)}
        assert tenth < third
        # Three standard errors: 90 and 141 of ten thousand.
        assert abs(len(tenth) - 1000) < 90
        assert abs(len(third) - 3300) < 141
        assert all(drawn(id_, 100) for id_ in ids)

    def test_each_conflict_has_its_own(self, first: User) -> None:
        policy("all")
        elsewhere = make_place("Tal Rifat", conflict=make_conflict("syria", "Syrian civil war"))
        assert waits(decided(first, place=elsewhere)) is None
        assert waits(decided(first)) == "second"

    def test_places_of_no_conflict_have_one_too(self, first: User) -> None:
        policy("all", conflict=None)
        nowhere = make_place("Anytown")
        nowhere.conflict = None
        nowhere.save()
        assert waits(decided(first, place=nowhere)) == "second"
        assert waits(decided(first)) is None

    def test_a_correction_of_the_place_asks_its_conflicts_policy(self, first: User) -> None:
        policy("all", conflict=make_conflict("syria", "Syrian civil war"))
        there = make_place("Tal Rifat", conflict=make_conflict("syria"))
        claim = make_claim()
        decide(claim=claim, by=first, kind="correct", values={"place": there})
        assert waits(claim) == "second"

    def test_reopening_and_undoing_put_it_back_before_a_first_reader(self, first: User) -> None:
        policy("all")
        claim = decided(first)
        decide(claim=claim, by=first, kind="reopen")
        assert waits(claim) == "first"
        decision = decide(claim=claim, by=first, kind="accept")
        undo_decision(decision=decision, by=first)
        assert (claim.queued.stage, QueuedClaim.objects.count()) == ("first", 1)

    def test_an_undone_rejection_is_not_read_again_where_only_rejections_are(
        self, first: User
    ) -> None:
        policy("changed")
        claim = decided(first)
        decision = decide(claim=claim, by=first, **OUTCOMES["reject"])
        assert waits(claim) == "second"
        undo_decision(decision=decision, by=first)
        claim.refresh_from_db()
        assert (claim.state, waits(claim)) == ("accepted", None)


class TestSecondReadings:
    @pytest.mark.parametrize("theirs", OUTCOMES)
    @pytest.mark.parametrize("ours", OUTCOMES)
    def test_the_same_outcome_settles_it_and_another_is_disputed(
        self, first: User, second: User, ours: str, theirs: str
    ) -> None:
        policy("all")
        claim = decided(first, ours)
        before = Claim.objects.values().get()
        decision = read_again(claim=claim, by=second, **OUTCOMES[theirs])
        assert waits(claim) == (None if ours == theirs else "adjudication")
        assert Claim.objects.values().get() == before
        assert (decision.reading, decision.version) == ("second", None)
        found = readings(claim)
        assert found.disputed is (ours != theirs)
        assert [found.pairs[0][number].decision.by for number in (0, 1)] == [first, second]

    def test_rejections_agree_whatever_their_reasons(self, first: User, second: User) -> None:
        policy("all")
        claim = decided(first, "reject")
        read_again(claim=claim, by=second, kind="reject", reason="Said of the mine.")
        assert waits(claim) is None

    def test_corrections_agree_where_their_values_do(self, first: User, second: User) -> None:
        policy("all")
        claim = decided(first, "correct")
        read_again(claim=claim, by=second, kind="correct", values={"speaker": "the mayor"})
        assert waits(claim) == "adjudication"

    def test_the_sum_of_several_corrections_counts(self, first: User, second: User) -> None:
        policy("all")
        claim = decided(first, "correct")
        there = make_place("Bakhmut")
        decide(
            claim=claim, by=first, kind="correct", values={"speaker": "the mayor", "place": there}
        )
        decide(claim=claim, by=first, kind="correct", values={"place": make_place()})
        read_again(claim=claim, by=second, kind="correct", values={"speaker": "the mayor"})
        assert waits(claim) is None

    def test_it_is_blind(self, first: User, second: User) -> None:
        policy("all")
        claim = make_claim()
        decide(
            claim=claim,
            by=first,
            kind="correct",
            values={"predicate": "fighting", "subject": None, "claimant": make_actor("Ukraine")},
        )
        shown = as_extracted(claim, readings(claim))
        assert (shown.predicate, str(shown.subject), str(shown.claimant), shown.state) == (
            *("captured", "Wagner Group", "Wagner Group"),
            "pending",
        )
        assert (claim.predicate, claim.subject) == ("fighting", None)
        # What the first reader changed is no change to the second.
        with pytest.raises(ValidationError, match="The correction changes nothing"):
            read_again(claim=claim, by=second, kind="correct", values={"predicate": "captured"})
        decision = read_again(
            claim=claim, by=second, kind="correct", values={"speaker": "a spokesman"}
        )
        assert decision.changes == {"speaker": ["", "a spokesman"]}

    @pytest.mark.parametrize(
        ("given", "message"),
        [
            ({"kind": "reject"}, "A rejection needs a reason"),
            ({"kind": "correct"}, "The correction changes nothing"),
            ({"kind": "correct", "values": {"state": "accepted"}}, "Not to be corrected: state"),
            ({"kind": "correct", "values": {"predicate": "bombed"}}, "is not a valid choice"),
            (
                {"kind": "correct", "values": {"predicate": "fighting"}},
                "Fighting has no subject",
            ),
            ({"kind": "reopen"}, "A reading accepts, corrects or rejects"),
        ],
    )
    def test_what_cannot_be_is_refused(
        self, first: User, second: User, given: dict[str, Any], message: str
    ) -> None:
        policy("all")
        claim = decided(first)
        with pytest.raises(ValidationError, match=message):
            read_again(claim=claim, by=second, **given)
        assert (waits(claim), Decision.objects.count()) == ("second", 1)

    def test_nobody_reads_again_what_he_decided(self, first: User, second: User) -> None:
        policy("all")
        claim = decided(first)
        decide(claim=claim, by=second, kind="unverifiable")
        for reader in (first, second):
            with pytest.raises(ValidationError, match="You have read this claim already"):
                read_again(claim=claim, by=reader, kind="accept")

    def test_what_awaits_none_is_not_read_again(self, first: User, second: User) -> None:
        claim = decided(first)
        with pytest.raises(ValidationError, match="The claim awaits no second reading"):
            read_again(claim=claim, by=second, kind="accept")

    def test_a_later_first_reading_is_held_against_the_same_second(
        self, disputed: Claim, first: User
    ) -> None:
        decide(claim=disputed, by=first, kind="unverifiable")
        assert waits(disputed) == "adjudication"
        decide(claim=disputed, by=first, **OUTCOMES["correct"])
        assert waits(disputed) is None

    def test_a_second_reader_who_then_decides_is_a_first_one(
        self, disputed: Claim, second: User
    ) -> None:
        decide(claim=disputed, by=second, kind="unverifiable")
        assert waits(disputed) == "second"
        assert readings(disputed).second is None

    def test_it_can_be_taken_back_by_its_reader(self, disputed: Claim, second: User) -> None:
        decision = Decision.objects.get(reading="second")
        with pytest.raises(ValidationError, match="Only its reader"):
            undo(decision=decision, by=make_user("somebody"))
        undo(decision=decision, by=second)
        assert (waits(disputed), readings(disputed).pairs) == ("second", [])
        with pytest.raises(ValidationError, match="does not stand any more"):
            undo(decision=decision, by=second)
        read_again(claim=disputed, by=second, kind="accept")
        assert waits(disputed) is None


class TestAdjudication:
    def test_for_the_first_reader_changes_the_record_alone(
        self, disputed: Claim, third: User
    ) -> None:
        version = disputed.version
        decision = adjudicate(claim=disputed, by=third, kind="accept")
        assert (decision.reading, decision.version) == ("adjudication", None)
        assert (disputed.state, disputed.version, waits(disputed)) == ("accepted", version, None)

    def test_for_the_second_reader(self, disputed: Claim, third: User) -> None:
        adjudicate(claim=disputed, by=third, **OUTCOMES["correct"])
        assert (disputed.state, disputed.speaker) == ("corrected", "a spokesman")
        assert waits(disputed) is None

    def test_otherwise(self, disputed: Claim, third: User) -> None:
        decision = adjudicate(claim=disputed, by=third, kind="reject", because="not-real")
        assert (disputed.state, disputed.version) == ("rejected", decision.version)

    def test_what_is_accepted_loses_the_first_readers_corrections(
        self, first: User, second: User, third: User
    ) -> None:
        policy("all")
        claim = decided(first, "correct")
        read_again(claim=claim, by=second, kind="accept")
        adjudicate(claim=claim, by=third, kind="accept")
        assert (claim.state, claim.speaker) == ("accepted", "")
        assert readings(claim).changes == {}
        decide(claim=claim, by=first, kind="reject", because="who")
        decide(claim=claim, by=first, kind="accept")
        assert claim.state == "accepted"

    def test_its_corrections_are_of_what_was_extracted(
        self, first: User, second: User, third: User
    ) -> None:
        policy("all")
        claim = decided(first, "correct")
        read_again(claim=claim, by=second, kind="accept")
        adjudicate(claim=claim, by=third, kind="correct", values={"predicate": "advancing"})
        assert (claim.state, claim.predicate, claim.speaker) == ("corrected", "advancing", "")
        assert readings(claim).changes == {"predicate": ["captured", "advancing"]}
        decide(claim=claim, by=first, kind="reopen")
        assert (claim.state, claim.predicate, claim.speaker) == ("pending", "captured", "")

    def test_the_adjudicator_is_neither_reader(
        self, disputed: Claim, first: User, second: User
    ) -> None:
        for reader in (first, second):
            with pytest.raises(ValidationError, match="You have read this claim already"):
                adjudicate(claim=disputed, by=reader, kind="accept")
        assert waits(disputed) == "adjudication"

    def test_only_what_is_disputed(self, first: User, third: User) -> None:
        policy("all")
        with pytest.raises(ValidationError, match="No two readers disagree"):
            adjudicate(claim=decided(first), by=third, kind="accept")

    def test_not_on_a_claim_that_has_changed_since(self, disputed: Claim, third: User) -> None:
        with pytest.raises(Outdated):
            adjudicate(claim=disputed, by=third, kind="accept", version=disputed.version - 1)

    @pytest.mark.parametrize("outcome", ["accept", "correct"])
    def test_undone_it_waits_for_an_adjudicator_again(
        self, disputed: Claim, third: User, outcome: str
    ) -> None:
        decision = adjudicate(claim=disputed, by=third, **OUTCOMES[outcome])
        undo(decision=decision, by=third)
        disputed.refresh_from_db()
        assert (disputed.state, disputed.speaker) == ("accepted", "")
        assert (waits(disputed), readings(disputed).disputed) == ("adjudication", True)

    def test_a_decision_after_it_is_held_against_the_second_reading(
        self, disputed: Claim, first: User, third: User
    ) -> None:
        adjudicate(claim=disputed, by=third, kind="reject", because="who")
        decide(claim=disputed, by=first, kind="unverifiable")
        assert waits(disputed) == "adjudication"


class TestQuestions:
    def test_a_decided_claim_is_put_before_another_reader(self, first: User, second: User) -> None:
        claim, analyst = decided(first), make_user("analyst")
        row = question(claim=claim, by=analyst, note=" Is this the mine? ")
        assert (row.stage, row.passed_by, row.note) == ("second", analyst, "Is this the mine?")
        read_again(claim=claim, by=second, kind="accept")
        assert waits(claim) is None

    def test_one_that_waits_already_gets_the_note(self, first: User, second: User) -> None:
        policy("all")
        claim = decided(first)
        QueuedClaim.objects.update(holder=second, leased_until="2030-01-01T00:00Z")
        question(claim=claim, by=first, note="Look at the date.")
        row = QueuedClaim.objects.get()
        assert (row.holder, row.passed_by, row.note) == (second, first, "Look at the date.")

    def test_it_stays_until_somebody_else_has_read_it(self, first: User, second: User) -> None:
        claim = decided(first)
        question(claim=claim, by=second, note="Is this the mine?")
        decide(claim=claim, by=first, kind="unverifiable")
        assert waits(claim) == "second"

    def test_what_was_settled_can_be_questioned(
        self, disputed: Claim, first: User, second: User, third: User
    ) -> None:
        adjudicate(claim=disputed, by=third, kind="reject", because="who")
        question(claim=disputed, by=first, note="Surely not.")
        for reader in (first, second, third):
            with pytest.raises(ValidationError, match="You have read this claim already"):
                read_again(claim=disputed, by=reader, kind="accept")
        read_again(claim=disputed, by=make_user("fourth"), kind="accept")
        assert waits(disputed) == "adjudication"

    def test_what_cannot_be_questioned(self, disputed: Claim, first: User, third: User) -> None:
        twice = decided(first)
        question(claim=twice, by=first, note="Why?")
        for claim, note, message in (
            (make_claim(), "Why?", "Only a decided claim"),
            (make_claim(state="superseded"), "Why?", "Only a decided claim"),
            (decided(first), "  ", "Say what is to be looked at again"),
            (disputed, "Why?", "Two readers disagree on it already"),
            (twice, "Why?", "Somebody has questioned this claim already"),
        ):
            with pytest.raises(ValidationError, match=message):
                question(claim=claim, by=third, note=note)


class TestAlreadyRead:
    def by(self, user: User) -> set[Claim]:
        rows = QueuedClaim.objects.select_related("claim").filter(already_read_by(user))
        return {row.claim for row in rows}

    def test_what_somebody_has_read_is_not_his_to_read_again(
        self, disputed: Claim, first: User, second: User, third: User
    ) -> None:
        make_claim()
        once = decided(first)
        assert self.by(first) == {disputed, once}
        assert self.by(second) == {disputed}
        assert self.by(third) == set()

    def test_what_was_taken_back_or_opened_again_is(
        self, disputed: Claim, first: User, second: User
    ) -> None:
        undo(decision=Decision.objects.get(reading="second"), by=second)
        assert self.by(second) == set()
        decision = decide(claim=disputed, by=second, kind="unverifiable")
        assert self.by(second) == {disputed}
        undo_decision(decision=decision, by=second)
        assert self.by(second) == {disputed}
        decide(claim=disputed, by=first, kind="reopen")
        assert self.by(first) == self.by(second) == set()
