"""No text makes extraction take a time that grows faster than its length: what is read at once
has a largest size, and so has what is remembered."""

from __future__ import annotations

import itertools

import pytest

from claims.extraction.actors.discourse import Discourse
from claims.extraction.actors.mentions import Agent
from claims.extraction.pipeline import Extractor
from claims.extraction.text import layout
from claims.extraction.text.view import LONGEST_SENTENCE, build
from tests.claims.extraction.conftest import Read, short

CLAIM = "The Redmark Front said on Thursday that it had captured Varnholm."
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
