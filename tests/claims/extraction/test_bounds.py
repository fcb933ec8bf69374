"""No text makes extraction take a time that grows faster than its length: what is read at once
has a largest size, and so has what is remembered."""

from __future__ import annotations

import itertools
import sys
from collections.abc import Callable, Iterator
from types import FrameType
from typing import Any

import pytest

from claims.extraction.actors.discourse import Discourse
from claims.extraction.actors.mentions import Agent
from claims.extraction.pipeline import Extractor
from claims.extraction.places.spoken import TownsSpokenOf
from claims.extraction.records import PlaceRef
from claims.extraction.text import layout
from claims.extraction.text.view import LONGEST_SENTENCE, build
from tests.claims.extraction.conftest import Read, short

CLAIM = "The Redmark Front said on Thursday that it had captured Varnholm."
VARNHOLM, LOWMERE = (PlaceRef(name, name.lower(), "norland") for name in ("Varnholm", "Lowmere"))
FILLER = "Snow fell on the hills and the markets were closed for the third day in a row."


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(f"{FILLER} " * 600, id="sentences"),
        pytest.param("snow fell and " * 4000, id="no-sentence-ends"),
        pytest.param("x" * 50_000, id="no-blanks"),
        pytest.param(f"“{FILLER}” " * 600, id="quotations"),
    ],
)
def test_a_long_paragraph_is_cut(text: str) -> None:
    blocks = list(layout.paragraphs(text))
    assert max(block.end - block.start for block in blocks) <= layout.LONGEST_PARAGRAPH
    assert "".join(text[block.start : block.end] for block in blocks) == text


def test_a_long_paragraph_is_cut_at_the_ends_of_sentences() -> None:
    text = f"{FILLER} " * 200
    assert {text[b.start : b.end].strip()[-1] for b in layout.paragraphs(text)} == {"."}


def test_an_ordinary_paragraph_is_whole() -> None:
    text = f"{CLAIM} {FILLER}"
    assert [(b.start, b.end) for b in layout.paragraphs(text)] == [(0, len(text))]


@pytest.mark.parametrize("word", ["snow ", "snow, ", "Varnholm "])
def test_a_sentence_without_an_end_is_cut(extractor: Extractor, word: str) -> None:
    text = word * 780
    (block,) = layout.paragraphs(text[: layout.LONGEST_PARAGRAPH])
    built = build(extractor.nlp, text, block, [], [], [])
    assert built is not None
    starts = [*built.starts, len(built.words)]
    assert max(b - a for a, b in itertools.pairwise(starts)) <= LONGEST_SENTENCE


def test_what_is_remembered_is_bounded() -> None:
    discourse = Discourse()
    for at in range(5000):
        discourse.see_agent(Agent("The army"), at, prominent=True)
    discourse.at = 5000
    assert len(discourse.recent()) == 300


def _calls(work: Callable[[], object]) -> int:
    """How many functions are called, or generators resumed, on the way."""
    count = 0

    def note(_frame: FrameType, event: str, _arg: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    sys.setprofile(note)
    try:
        work()
    finally:
        sys.setprofile(None)
    return count


@pytest.mark.parametrize("unit", ["Zelmark's Tor ", "VARNHOLM, "])
def test_twice_the_text_is_twice_the_work(read: Read, unit: str) -> None:
    once = _calls(lambda: read(CLAIM + unit * (2500 // len(unit))))
    assert _calls(lambda: read(CLAIM + unit * (5000 // len(unit)))) < 2.4 * once


@pytest.mark.parametrize(
    "look",
    [
        lambda towns: towns.is_near(LOWMERE, 10_000_000),
        lambda towns: towns.last(10_000_000, "town"),
        lambda towns: towns.together(10_000_000),
        lambda towns: towns.asked_before(10_000_000),
    ],
    ids=["is_near", "last", "together", "asked_before"],
)
@pytest.mark.parametrize("kind", ["named", "landmarks", "asked"])
def test_how_many_towns_are_named_costs_nothing(
    look: Callable[[TownsSpokenOf], object], kind: str
) -> None:
    def spoken_of(number: int) -> TownsSpokenOf:
        towns = TownsSpokenOf([40 * n for n in range(number)])
        getattr(towns, kind).extend((40 * n, VARNHOLM) for n in range(number))
        return towns

    few, many = spoken_of(1000), spoken_of(2000)
    # Halving a list that is twice as long takes a step more.
    assert _calls(lambda: look(many)) <= _calls(lambda: look(few)) + 8


class _Counted(list[layout.Quote]):
    """Quotations, with how often one was looked at."""

    reads = 0

    def __getitem__(self, at: Any) -> Any:
        self.reads += 1
        return super().__getitem__(at)

    def __iter__(self) -> Iterator[layout.Quote]:
        self.reads += len(self)
        return super().__iter__()


def test_a_paragraph_looks_at_its_own_quotations(extractor: Extractor) -> None:
    text = "“Snow fell”\n" * 1000
    blocks = list(layout.paragraphs(text))
    quotes = _Counted(layout.quotes(text, blocks))
    assert len(quotes) == 1000
    built = build(extractor.nlp, text, blocks[700], [], [], quotes)
    assert built is not None
    assert (built.words, built.quote) == (["Snow", "fell"], [700, 700])
    assert quotes.reads < 30


def test_a_row_of_marks_is_nothing_to_read(extractor: Extractor) -> None:
    text = "Snow fell " + ",.!-" * 200 + " here"
    (block,) = layout.paragraphs(text)
    built = build(extractor.nlp, text, block, [], [], [])
    assert built is not None
    assert built.words == ["Snow", "fell", "here"]


def test_a_claim_in_the_midst_of_a_long_paragraph_is_read(read: Read) -> None:
    text = f"{FILLER} " * 60 + CLAIM + f" {FILLER}" * 60
    (claim,) = read(text)
    assert short(claim) == "Redmark Front asserts captured redmark Varnholm"
    assert [text[p.start : p.end] for p in claim.passages] == [CLAIM]


@pytest.mark.parametrize(
    "noise",
    ["🔴⚡️ " * 500, "\ufffd" * 500, "<div class='x'> " * 300, "“" * 500, "- " * 500, "\u200b" * 500,
     "&nbsp;" * 300, "(" * 300],
    ids=["emoji", "replacement", "tags", "quotation-marks", "dashes", "zero-width", "entities",
         "brackets"],
)  # fmt: skip
def test_noise_beside_a_claim(read: Read, noise: str) -> None:
    assert [short(claim) for claim in read(f"{noise}\n\n{CLAIM}\n\n{noise}")] == [
        "Redmark Front asserts captured redmark Varnholm"
    ]
