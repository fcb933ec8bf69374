"""What became of statements: tables of made-up claims in, statements with their outcomes out."""

from __future__ import annotations

from itertools import permutations

import pytest

from claims.status.track_record import track
from tests.claims.status.tables import ACTORS, claims


def told(table: str) -> list[str]:
    """A line for each statement: first day, actor, kind, side, outcome, then what applies of
    its lag and the numbers of the claims that carry it and that answer it."""
    lines = []
    for one in track(claims(table), ACTORS):
        lag = "" if one.lag is None else f" after {one.lag}"
        answers = f" by {','.join(one.answers)}" if one.answers else ""
        first = one.first.isoformat().removeprefix("2030-")
        lines.append(
            f"{first} {one.actor} {one.kind} {one.side} [{','.join(one.claims)}]"
            f" {one.outcome}{lag}{answers}"
        )
    return lines


class TestConceded:
    def test_the_other_side_concedes_days_later(self) -> None:
        table = """
            03-10 RedMilitia captured red
            03-11 BlueArmy denies captured red
            03-25 BlueArmy withdrew blue
        """
        assert told(table) == [
            "03-10 RedMilitia capture red [1] conceded after 15 by 3",
            "03-11 BlueArmy denial red [2] conceded after 14 by 3",
        ]

    def test_the_loser_says_that_the_other_captured_it(self) -> None:
        table = """
            03-10 RedArmy captured red
            03-10 BlueArmy captured red
        """
        assert told(table) == ["03-10 RedArmy capture red [1] conceded after 0 by 2"]

    def test_who_cannot_concede_does_not(self) -> None:
        table = """
            03-10 RedArmy captured red
            03-11 BlueMayor withdrew blue
            03-12 BlueArmy withdrew blue speaker=an_officer
            03-13 Gazette withdrew blue
        """
        assert told(table)[0] == "03-10 RedArmy capture red [1] unanswered"

    def test_what_is_said_after_the_concession_was_conceded_already(self) -> None:
        table = """
            03-10 RedMilitia captured red
            03-12 BlueArmy withdrew blue
            03-20 RedArmy holds red
            03-21 BlueMayor denies captured red
        """
        assert told(table) == [
            "03-10 RedMilitia capture red [1] conceded after 2 by 2",
            "03-20 RedArmy hold red [3] already-conceded by 2",
            "03-21 BlueMayor denial red [4] already-conceded by 2",
        ]

    def test_a_concession_without_anybody_who_has_the_town_is_none_yet(self) -> None:
        table = """
            03-10 BlueArmy withdrew blue
            03-12 RedArmy captured red
        """
        assert told(table) == ["03-12 RedArmy capture red [2] already-conceded by 1"]

    def test_the_lag_counts_from_when_it_was_said_to_when_that_was_said(self) -> None:
        table = """
            03-10 RedArmy captured red event=03-08
            03-20 BlueArmy withdrew blue event=03-15
        """
        assert told(table) == ["03-10 RedArmy capture red [1] conceded after 10 by 2"]

    def test_a_denied_withdrawal_that_was_one(self) -> None:
        table = """
            03-09 RedArmy captured red
            03-10 BlueArmy denies withdrew blue
            03-12 BlueArmy withdrew blue
        """
        assert told(table) == [
            "03-09 RedArmy capture red [1] conceded after 3 by 3",
            "03-10 BlueArmy denial blue [2] conceded after 2 by 3",
        ]

    def test_a_third_party_may_be_proved_right(self) -> None:
        table = """
            03-10 Observer captured red
            03-12 BlueArmy withdrew blue
        """
        assert told(table) == ["03-10 Observer capture red [1] conceded after 2 by 2"]


class TestContradicted:
    @pytest.mark.parametrize(
        "answer",
        ["denies captured red", "denies holds red", "holds blue", "withdrew red"],
    )
    def test_by_the_other_side(self, answer: str) -> None:
        table = f"""
            03-10 RedArmy captured red
            03-11 BlueMayor {answer}
        """
        assert told(table)[0] == "03-10 RedArmy capture red [1] contradicted by 2"

    def test_by_a_third_party(self) -> None:
        table = """
            03-10 RedArmy holds red
            03-11 Observer denies holds red
        """
        assert told(table) == ["03-10 RedArmy hold red [1] contradicted by 2"]

    @pytest.mark.parametrize(
        "said",
        [
            "Gazette denies captured red",
            "RedMilitia denies captured red",
            "Observer unconfirmed captured red",
            "BlueArmy fighting",
            "BlueArmy denies captured red part=east",
        ],
    )
    def test_not_by_papers_its_own_side_doubt_fighting_or_a_part(self, said: str) -> None:
        table = f"""
            03-10 RedArmy captured red
            03-11 {said}
        """
        assert told(table)[0] == "03-10 RedArmy capture red [1] unanswered"

    def test_a_denial_from_before_answers_who_only_joins_in(self) -> None:
        table = """
            03-10 RedMilitia captured red
            03-11 BlueArmy denies captured red
            03-13 RedArmy captured red
        """
        assert told(table) == [
            "03-10 RedMilitia capture red [1] contradicted by 2",
            "03-11 BlueArmy denial red [2] unanswered",
            "03-13 RedArmy capture red [3] contradicted by 2",
        ]

    def test_who_takes_the_contradiction_back_contradicts_no_more(self) -> None:
        table = """
            03-10 RedArmy captured red
            03-11 BlueMayor denies captured red
            03-12 BlueMayor holds red
        """
        assert told(table)[0] == "03-10 RedArmy capture red [1] unanswered"

    def test_a_later_capture_by_the_other_side_is_news_and_contradicts_nothing(self) -> None:
        table = """
            03-10 RedArmy captured red
            06-10 BlueArmy captured blue
            06-11 RedArmy denies captured blue
        """
        assert told(table) == [
            "03-10 RedArmy capture red [1] unanswered",
            "06-10 BlueArmy capture blue [2] contradicted by 3",
            "06-11 RedArmy denial blue [3] unanswered",
        ]


class TestStatements:
    def test_repeats_count_once(self) -> None:
        table = """
            03-10 RedArmy holds red
            03-11 RedArmy captured red
            03-11 RedArmy captured red family=a
            04-20 RedArmy holds red
        """
        (line,) = told(table)
        assert line == "03-10 RedArmy capture red [1,2,3,4] unanswered"

    def test_copies_of_one_text_count_once(self) -> None:
        table = """
            03-10 RedArmy captured red family=a published=03-11 document=1
            03-10 RedArmy captured red family=a published=03-12 document=2
        """
        assert told(table) == ["03-10 RedArmy capture red [1] unanswered"]

    def test_what_was_taken_back_and_said_again_is_another_statement(self) -> None:
        """As Wagner spoke of Bakhmut in spring 2023."""
        table = """
            04-02 RedMilitia captured red
            04-03 BlueArmy denies captured red
            04-06 RedMilitia holds blue
            05-20 RedMilitia captured red
            05-20 BlueArmy denies captured red
        """
        assert told(table) == [
            "04-02 RedMilitia capture red [1] contradicted by 2",
            "04-03 BlueArmy denial red [2] unanswered",
            "05-20 BlueArmy denial red [5] unanswered",
            "05-20 RedMilitia capture red [4] contradicted by 5",
        ]

    def test_parts_papers_plans_and_the_enemys_gains_are_none(self) -> None:
        table = """
            03-10 RedArmy captured red part=east
            03-10 Gazette captured red
            03-10 RedArmy advancing red
            03-10 RedArmy holds blue
            03-10 Observer denies captured red
            03-10 RedArmy unconfirmed captured red
        """
        assert told(table) == []

    def test_no_claims_no_statements(self) -> None:
        assert told("") == []

    def test_order_makes_no_difference(self) -> None:
        rows = claims(
            """
            03-10 RedMilitia captured red
            03-11 BlueArmy denies captured red
            03-13 RedArmy captured red event=03-12
            03-25 BlueArmy withdrew blue
            03-26 Observer holds red
            """
        )
        expected = track(rows, ACTORS)
        assert len(expected) == 4
        for order in permutations(rows):
            assert track(order, ACTORS) == expected
