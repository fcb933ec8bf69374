"""How claims relate: tables of claims, and the relations between their lines."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.status.records import StatusClaim
from claims.status.relations import MOST_ANSWERED, Relation, relate
from tests.claims.drawn import ANY_DAY, claim, town
from tests.claims.status.tables import ACTORS, claims


def related(table: str) -> list[str]:
    """The relations as lines, e.g. `2 denies 1, that very claim`."""
    return [text(relation) for relation in relate(claims(table), ACTORS)]


def text(relation: Relation) -> str:
    return f"{relation.from_claim} {relation.kind} {relation.to_claim}, {relation.why}"


class TestDenies:
    def test_a_denial_of_that_very_claim(self) -> None:
        found = relate(
            claims(
                """
                01-10 RedMilitia captured red
                01-11 BlueArmy denies captured red
                """
            ),
            ACTORS,
        )
        assert [text(relation) for relation in found] == ["2 denies 1, that very claim"]
        assert found[0].days == 1
        assert (found[0].word, found[0].to_word) == (("not", "red"), ("controls", "red"))

    @pytest.mark.parametrize(
        "answer",
        [
            "BlueArmy holds blue",  # who holds it still has not lost it
            "BlueArmy denies holds red",
            "BlueArmy advancing red",  # who still attacks does not have it
            "BlueArmy denies withdrew blue",
            "Observer denies captured red",
            "BlueArmy captured blue event=01-10",
            "BlueArmy holds blue part=north",  # a part is enough against a capture of all
        ],
    )
    def test_the_opposite_word_answers(self, answer: str) -> None:
        found = related(f"01-10 RedArmy captured red\n01-11 {answer}")
        assert [line.split(",")[0] for line in found] == ["2 denies 1"]

    @pytest.mark.parametrize(
        "answer",
        [
            "BlueArmy fighting",
            "BlueArmy unconfirmed captured red",
            "RedMinistry denies captured red",  # its own side: divided, and no answer
            "RedMinistry advancing red",
            "Gazette denies captured red",  # a publisher's own voice answers nobody
            "BlueArmy holds blue part=",  # which part is not told
            "BlueArmy captured blue",  # what happened a day later answers nothing
            "BlueArmy advancing blue",  # a counter-attack grants what it attacks
        ],
    )
    def test_what_is_no_answer(self, answer: str) -> None:
        found = related(f"01-10 RedArmy captured red\n01-11 {answer}")
        assert [line for line in found if "denies" in line] == []

    def test_a_later_event_does_not_contradict_an_older_state(self) -> None:
        assert related("01-10 BlueArmy holds blue\n01-12 RedArmy captured red") == []
        assert related("01-10 BlueArmy holds blue\n01-12 RedArmy captured red event=01-09") == [
            "2 denies 1, the opposite"
        ]

    def test_other_propositions_are_denied_too(self) -> None:
        assert related("01-10 RedArmy advancing red\n01-11 BlueArmy denies advancing red") == [
            "2 denies 1, that very claim"
        ]
        assert related("01-10 RedArmy encircled red\n01-11 BlueArmy denies advancing red") == []

    def test_the_latest_standing_claim_of_each_other_side_is_answered(self) -> None:
        table = """
        01-10 RedMilitia captured red
        01-12 RedArmy captured red
        01-12 Observer captured red
        01-13 BlueArmy denies captured red
        """
        assert related(table) == [
            "4 denies 3, that very claim",
            "4 denies 2, that very claim",
        ]

    def test_what_its_speaker_has_given_up_is_answered_no_more(self) -> None:
        table = """
        01-10 RedMilitia captured red
        01-12 RedMilitia holds blue
        01-13 BlueArmy denies captured red
        """
        assert related(table) == ["2 retracts 1, the opposite"]

    def test_an_answer_said_again_repeats_and_answers_nothing_new(self) -> None:
        table = """
        01-10 RedArmy captured red
        01-11 BlueArmy denies captured red
        01-12 BlueArmy denies captured red
        01-12 BlueArmy holds blue
        01-13 BlueMayor denies captured red
        """
        assert related(table) == [
            "2 denies 1, that very claim",
            "4 denies 1, the opposite",
            "3 repeats 2, later",
            "5 denies 1, that very claim",
        ]

    def test_only_so_many_parties_are_answered(self) -> None:
        table = "\n".join(f"01-{10 + n} Stranger{n} captured red" for n in range(8))
        found = related(f"{table}\n01-20 BlueArmy denies captured red")
        assert found == [f"9 denies {n}, that very claim" for n in (8, 7, 6, 5)]
        assert len(found) == MOST_ANSWERED

    def test_on_one_day_the_denial_is_the_answer_whatever_was_published_first(self) -> None:
        table = """
        01-10 BlueArmy denies captured red document=a
        01-10 RedArmy captured red document=b
        """
        assert related(table) == ["1 denies 2, that very claim"]

    def test_a_part_is_denied_as_that_part(self) -> None:
        table = """
        01-10 RedArmy captured red part=north
        01-10 RedArmy captured red part=south
        01-11 BlueArmy denies captured red part=south
        """
        assert related(table) == ["3 denies 2, that very claim"]


class TestConcedes:
    @pytest.mark.parametrize(
        "concession",
        [
            "BlueArmy withdrew blue",
            "BlueMayor captured red",
            "BlueArmy holds red",
            "BlueArmy denies holds blue",
        ],
    )
    def test_a_side_says_against_itself_what_the_other_said(self, concession: str) -> None:
        found = related(f"01-10 RedArmy captured red\n01-25 {concession}")
        assert [line for line in found if "concedes" in line] == ["2 concedes 1, own loss"]

    @pytest.mark.parametrize(
        ("earlier", "later"),
        [
            ("RedArmy holds red", "BlueArmy holds red"),  # nobody said to have taken it
            ("RedArmy captured red", "Observer captured red"),  # on no side
            ("RedArmy captured red", "BlueArmy captured green"),  # another taker
            ("RedArmy captured red part=north", "BlueArmy withdrew blue"),
            ("Observer captured red", "BlueArmy withdrew blue"),  # said by no side
        ],
    )
    def test_what_concedes_nothing(self, earlier: str, later: str) -> None:
        found = related(f"01-10 {earlier}\n01-25 {later}")
        assert [line for line in found if "concedes" in line] == []

    def test_after_an_official_concession_its_sides_older_denials_stand_no_more(self) -> None:
        table = """
        01-10 RedArmy captured red
        01-11 BlueMayor denies captured red
        01-25 BlueArmy withdrew blue
        01-26 RedArmy holds red
        """
        assert related(table) == ["2 denies 1, that very claim", "3 concedes 1, own loss"]


class TestRepeats:
    def test_the_same_claimant_says_the_same_later(self) -> None:
        table = """
        01-10 RedArmy captured red
        01-12 RedArmy captured red
        01-15 RedArmy captured red
        """
        found = relate(claims(table), ACTORS)
        assert [(text(relation), relation.days) for relation in found] == [
            ("2 repeats 1, later", 2),
            ("3 repeats 2, later", 3),
        ]

    def test_one_statement_in_several_documents(self) -> None:
        table = """
        01-10 RedArmy captured red document=a published=01-12
        01-10 RedArmy captured red document=b published=01-10
        01-10 RedArmy captured red document=c published=01-11
        01-11 BlueArmy denies captured red
        """
        assert related(table) == [
            "3 repeats 2, carried",
            "1 repeats 2, carried",
            "4 denies 2, that very claim",
        ]

    @pytest.mark.parametrize(
        "later",
        [
            "RedMinistry captured red",
            "RedArmy holds red",
            "RedArmy captured red part=north",
            "RedArmy unconfirmed captured red",
        ],
    )
    def test_what_is_no_repeat(self, later: str) -> None:
        found = related(f"01-10 RedArmy captured red\n01-12 {later}")
        assert [line for line in found if "repeats" in line] == []

    def test_parts_without_a_label_may_be_others(self) -> None:
        assert related("01-10 RedArmy captured red part=\n01-10 RedArmy captured red part=") == []

    def test_who_said_otherwise_in_between_does_not_repeat(self) -> None:
        table = """
        01-10 RedArmy captured red
        01-12 RedArmy denies captured red
        01-14 RedArmy captured red
        """
        assert related(table) == ["2 retracts 1, that very claim"]

    def test_each_publisher_repeats_itself_alone(self) -> None:
        table = """
        01-10 Gazette captured red
        01-11 Herald captured red
        01-12 Gazette captured red
        """
        assert related(table) == ["3 repeats 1, later"]


class TestRetracts:
    @pytest.mark.parametrize(
        ("later", "why"),
        [
            ("denies captured red", "that very claim"),
            ("unconfirmed captured red", "not confirmed"),
            ("holds blue", "the opposite"),
        ],
    )
    def test_a_speaker_reverses_what_it_said(self, later: str, why: str) -> None:
        found = related(f"01-10 RedArmy captured red\n01-12 RedArmy {later}")
        assert found == [f"2 retracts 1, {why}"]

    def test_things_that_changed_are_not_taken_back(self) -> None:
        assert related("01-10 RedArmy captured red\n01-20 RedArmy withdrew red") == []
        assert related("01-10 RedArmy captured red\n01-20 RedArmy denies holds red") == []
        assert related("01-10 BlueArmy holds blue\n01-20 BlueArmy withdrew blue") == []
        assert related("01-10 BlueArmy denies captured red\n01-20 BlueArmy captured red") == []
        assert related("01-10 BlueArmy fighting\n01-20 BlueArmy denies fighting") == []

    def test_what_is_dated_back_takes_back(self) -> None:
        assert related(
            "01-10 BlueArmy denies captured red\n01-20 BlueArmy captured red event=01-09"
        ) == ["2 retracts 1, that very claim"]


def test_soledar() -> None:
    table = """
    01-10 RedMilitia captured red
    01-11 BlueArmy denies captured red
    01-12 RedMinistry fighting
    01-13 RedMinistry captured red event=01-12
    01-13 BlueArmy denies captured red
    01-13 Observer unconfirmed captured red
    01-25 BlueArmy withdrew blue event=01-16/week
    """
    assert related(table) == [
        "2 denies 1, that very claim",
        "5 repeats 2, later",
        "5 denies 4, that very claim",
        "7 concedes 4, own loss",
    ]


@given(town(claim(days=ANY_DAY)), st.randoms(use_true_random=False))
def test_order_and_repeated_rows_make_no_difference(
    rows: list[StatusClaim], draw: random.Random
) -> None:
    expected = relate(rows, ACTORS)
    shuffled = [*rows, *rows[: len(rows) // 2]]
    draw.shuffle(shuffled)
    assert relate(shuffled, ACTORS) == expected


# Within a few days more is answered.
@given(st.lists(claim(days=st.dates(date(2030, 1, 1), date(2030, 1, 9))), max_size=40))
def test_relations_are_few_and_point_back_to_another_claim(drawn: list[StatusClaim]) -> None:
    rows = {f"{number:02}": replace(row, id=f"{number:02}") for number, row in enumerate(drawn)}
    found = relate(rows.values(), ACTORS)
    per_claim = Counter((relation.from_claim, relation.kind) for relation in found)
    most = {"repeats": 1, "retracts": 1, "denies": MOST_ANSWERED, "concedes": MOST_ANSWERED}
    assert all(number <= most[kind] for (_, kind), number in per_claim.items())
    for relation in found:
        assert relation.days >= 0
        assert relation.from_claim != relation.to_claim
        said, before = rows[relation.from_claim], rows[relation.to_claim]
        assert (said.claimant == before.claimant) == (relation.kind in ("repeats", "retracts"))
        if relation.kind == "concedes":
            sides = {ACTORS[row.claimant].side for row in (said, before) if row.claimant}
            assert len(sides - {None}) == 2
