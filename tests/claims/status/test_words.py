"""What a claim says, and who says it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from claims.status.words import PUBLISHERS, Party, Word, is_unnamed, sayings, word_of
from tests.claims.status.tables import ACTORS, claims


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("captured red", ("controls", "red")),
        ("holds red", ("controls", "red")),
        ("denies withdrew red", ("controls", "red")),
        ("withdrew red", ("left", "red")),
        ("denies captured red", ("not", "red")),
        ("denies holds red", ("not", "red")),
        ("advancing red", ("attacks", "red")),
        ("encircled red", ("attacks", "red")),
        ("fighting", ("fighting", "")),
        ("denies advancing red", None),
        ("denies encircled red", None),
        ("denies fighting", None),
        ("unconfirmed captured red", None),
        ("unconfirmed fighting", None),
        ("captured", None),
    ],
)
def test_word(words: str, expected: tuple[str, str] | None) -> None:
    (claim,) = claims(f"01-01 Observer {words}")
    assert word_of(claim) == expected


def test_every_claim_that_decides_nothing_leaves_no_saying() -> None:
    assert sayings(claims("01-01 Observer unconfirmed captured red"), ACTORS) == []


@pytest.mark.parametrize(
    ("claimant", "actor", "party", "official"),
    [
        ("RedArmy", "RedArmy", Party("side", "red"), True),
        ("RedMilitia", "RedMilitia", Party("side", "red"), False),
        ("Observer", "Observer", Party("third", "Observer"), False),
        ("Nobody listed", "Nobody listed", Party("third", "Nobody listed"), False),
        ("Gazette", "", PUBLISHERS, False),
        (None, "", PUBLISHERS, False),
    ],
)
def test_voice(claimant: str | None, actor: str, party: Party, official: bool) -> None:
    (claim,) = claims("01-01 RedArmy holds red")
    (said,) = sayings([replace(claim, claimant=claimant)], ACTORS)
    assert (said.actor, said.party, said.official) == (actor, party, official)


def test_a_side_given_with_the_claim_goes_before_the_actors() -> None:
    (claim,) = claims("01-01 RedArmy holds red")
    (said,) = sayings([replace(claim, claimant_side="blue")], ACTORS)
    assert said.party == Party("side", "blue")


@pytest.mark.parametrize(
    ("speaker", "unnamed"),
    [
        ("", False),
        ("Ana Mirel", False),
        ("ben al-Mirel", False),
        ("مريم", False),
        ("a military source", True),
        ("Redland officer", True),
        ("officials in Bluetown", True),
        ("One of its commanders, who asked for silence", True),
    ],
)
def test_unnamed_speakers(speaker: str, unnamed: bool) -> None:
    assert is_unnamed(speaker) is unnamed


def test_of_a_family_only_the_earliest_copy_counts_with_its_days() -> None:
    table = """
        01-05 Observer captured red family=wire published=01-05 document=b
        01-04 Observer captured red family=wire published=01-04 document=a
        01-04 Monitor holds red family=wire published=01-04 document=a
        01-03 Observer holds blue
    """
    found = sayings(claims(table), ACTORS)
    assert [(said.claim, said.day.day, said.word) for said in found] == [
        ("4", 3, Word("controls", "blue")),
        ("2", 4, Word("controls", "red")),
        ("3", 4, Word("controls", "red")),
    ]


def test_of_copies_of_the_same_time_one_counts() -> None:
    table = """
        01-04 Observer captured red family=wire document=b
        01-04 Observer captured red family=wire document=a
    """
    assert [said.claim for said in sayings(claims(table), ACTORS)] == ["2"]


def test_repeated_rows_count_once() -> None:
    rows = claims("01-04 Observer captured red")
    assert len(sayings(rows * 3, ACTORS)) == 1
