"""Statuses, words and days as they are read."""

from __future__ import annotations

from datetime import date

import pytest

from claims.extraction.records import Predicate, Stance
from claims.models import Claim
from claims.pages.colours import NEUTRAL, Fill, fill_of, patterns_for
from claims.pages.passages import Segment, segments
from claims.pages.wording import claim_in_short, count, day_in_words, in_words
from claims.status.records import Interval, Status

NAMES = {"ukraine": "Ukraine", "russia": "Russia"}
COLOURS = {"ukraine": "#1f77c9", "russia": "#d1495b"}


def interval(status: Status, *sides: str, by_own_word: bool = False) -> Interval:
    return Interval(
        date(2023, 1, 11), None, status, sides, rule=1, deciding=(), by_own_word=by_own_word
    )


@pytest.mark.parametrize(
    ("shown", "words"),
    [
        (interval("controlled", "russia"), "controlled by Russia"),
        (interval("claimed", "russia"), "claimed by Russia"),
        (interval("claimed", "ukraine", by_own_word=True), "held by Ukraine, by its own word"),
        (interval("contested", "russia", "ukraine"), "contested"),
        (interval("fought-over", "ukraine"), "fought-over, held by Ukraine"),
        (interval("fought-over"), "fought-over"),
        (interval("unknown"), "unknown"),
        (interval("claimed", "somebody"), "claimed by somebody"),
    ],
)
def test_a_status_names_its_side(shown: Interval, words: str) -> None:
    assert in_words(shown, NAMES) == words


@pytest.mark.parametrize(
    ("shown", "fill"),
    [
        (interval("controlled", "russia"), Fill("#d1495b")),
        (interval("claimed", "russia"), Fill("url(#hatch-d1495b)", "#d1495b")),
        (interval("contested", "russia", "ukraine"), Fill("url(#stripes-d1495b-1f77c9)")),
        (interval("contested", "russia"), Fill("url(#stripes-d1495b-7d7d7d)")),
        (interval("fought-over", "ukraine"), Fill("url(#crosses)", "#1f77c9")),
        (interval("fought-over"), Fill("url(#crosses)")),
        (interval("unknown"), Fill("none")),
        (interval("controlled", "somebody"), Fill(NEUTRAL)),
    ],
)
def test_a_status_has_its_fill_and_the_page_its_pattern(shown: Interval, fill: Fill) -> None:
    assert fill_of(shown, COLOURS) == fill
    patterns = patterns_for([(shown, COLOURS)])
    drawn = {id_ for id_, _ in patterns.hatches} | {stripes.id for stripes in patterns.stripes}
    named = fill.fill.removeprefix("url(#").removesuffix(")") if "url" in fill.fill else ""
    assert drawn == {named} - {"", "crosses"}


@pytest.mark.parametrize(
    ("precision", "words"),
    [
        ("day", "11 January 2023"),
        ("week", "week of 9 January 2023"),
        ("month", "January 2023"),
        ("year", "2023"),
    ],
)
def test_a_day_is_as_exact_as_it_is_known(precision: str, words: str) -> None:
    assert day_in_words(date(2023, 1, 11), precision) == words


@pytest.mark.parametrize(
    ("stance", "predicate", "words"),
    [
        ("asserts", "captured", "captured"),
        ("asserts", "fighting", "fighting"),
        ("denies", "captured", "denied"),
        ("denies", "withdrew", "denied: withdrew"),
        ("unconfirmed", "captured", "not confirmed"),
    ],
)
def test_a_claim_in_a_word_or_two(stance: Stance, predicate: Predicate, words: str) -> None:
    assert claim_in_short(Claim(stance=stance, predicate=predicate)) == words


def test_numbers_say_what_they_count() -> None:
    assert (count(1, "claim"), count(1200, "claim")) == ("1 claim", "1,200 claims")


def test_segments_together_are_the_text() -> None:
    text = "one two three four"
    found = segments(text, [(0, 7, "a"), (4, 13, "b"), (4, 7, "a"), (15, 99, "c"), (20, 30, "d")])
    assert "".join(segment.text for segment in found) == text
    assert found == (
        Segment("one ", ("a",), ("a",), ()),
        Segment("two", ("a", "b"), ("b",), ("a",)),
        Segment(" three", ("b",), (), ("b",)),
        Segment(" f", (), (), ()),
        Segment("our", ("c",), ("c",), ("c",)),
    )


def test_a_text_without_passages_is_one_segment() -> None:
    assert segments("one", []) == (Segment("one", (), (), ()),)
