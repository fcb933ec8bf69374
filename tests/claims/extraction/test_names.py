"""Folding, inflection, the index of names, homonyms, and the choice of a conflict."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from claims.extraction.actors.mentions import NameIndex
from claims.extraction.pipeline import Extractor
from claims.extraction.records import Article
from claims.extraction.text.words import fold, forms, name_key
from entities.lexicon import Actor, Lexicon, Speaker
from tests.claims.extraction.conftest import PUBLISHED, Read


@pytest.mark.parametrize(
    ("name", "folded"), [("Dar‘ā", "dara"), ("Łódź", "lodz"), ("Deir ez-Zor", "deir ez-zor")]
)
def test_fold(name: str, folded: str) -> None:
    assert fold(name) == folded


def test_a_key_leaves_the_possessive_out() -> None:
    assert name_key("Varnholm’s Oldgate") == ("varnholm", "oldgate")


@pytest.mark.parametrize(
    ("lemma", "made"),
    [
        ("seize", ("seize", "seizes", "seized", "seizing")),
        ("deny", ("deny", "denies", "denied", "denying")),
        ("take", ("take", "takes", "taked", "taking", "took", "taken")),
    ],
)
def test_forms(lemma: str, made: tuple[str, ...]) -> None:
    assert forms(lemma) == made


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("The Redmark Front took Varnholm.", ["Redmark Front", "Varnholm"]),
        ("VARNHOLM'S port", ["VARNHOLM"]),
        ("a redmark on the varnholm", []),
        ("Redmark. Front lines moved.", ["Redmark"]),
    ],
)
def test_index(text: str, found: list[str], lexicon: Lexicon) -> None:
    index = NameIndex(lexicon.conflicts[0], lexicon.common)
    assert [mention.text for mention in index.find(text)] == found


def test_an_old_name_means_the_usual_one(read: Read) -> None:
    (claim,) = read("The Redmark Front captured Varnogorsk.")
    assert (claim.place.name, claim.place.key) == ("Varnholm", "varnholm")


def test_a_homonym_is_the_one_near_the_other_towns(read: Read) -> None:
    claims = read("The Redmark Front captured Tarnfall and Lowmere.")
    assert [(c.place.key, c.place.ambiguous) for c in claims] == [
        ("tarnfall-e", False),
        ("lowmere", False),
    ]


def test_a_homonym_alone_stays_open(read: Read) -> None:
    (claim,) = read("The Redmark Front captured Tarnfall.")
    assert claim.place.ambiguous is True


def test_a_town_that_no_gazetteer_knows_has_no_key(read: Read) -> None:
    (claim,) = read("The Redmark Front captured the village of Hollin.")
    assert (claim.place.name, claim.place.key) == ("Hollin", None)


def test_speaker_and_keys_of_a_claimant(read: Read) -> None:
    (claim,) = read("“Lowmere is under our control,” Ilsa Brandt said.")
    assert claim.claimant is not None
    assert (claim.claimant.key, claim.claimant.side, claim.speaker) == (
        "redmark",
        "redmark",
        "Ilsa Brandt",
    )


def test_the_conflict_is_found_by_its_names(extractor: Extractor) -> None:
    when = datetime.fromisoformat(PUBLISHED)
    about = Article("a", "Harrow Gazette", when, "Fighting continued in Varnholm.")
    other = Article("b", "Harrow Gazette", when, "The concert continued in the park.")
    found = [extractor.conflict_of(article) for article in (about, other)]
    assert [conflict.key if conflict else None for conflict in found] == ["norland", None]


@pytest.mark.parametrize(("day", "actor"), [(1, "Mayor of Varnholm"), (20, "Armed Forces")])
def test_a_name_of_two_offices_means_the_one_held_that_day(day: int, actor: str) -> None:
    change = date(2031, 5, 10)
    actors = (
        Actor("mayor", "Mayor of Varnholm", "city", (), speakers=(
            Speaker(("Ona Fell",), until=change),)),
        Actor("army", "Armed Forces", "army", (), speakers=(
            Speaker(("Ona Fell",), since=date(2031, 5, 11)),)),
    )  # fmt: skip
    for text in ("Ona Fell spoke.", "It was Fell."):
        (mention,) = NameIndex(None, actors).find(text)
        agent = mention.on(date(2031, 5, day)).agent
        assert agent is not None
        assert (agent.name, agent.speaker) == (actor, "Ona Fell")
