"""What is no English article is set aside with a reason, and what is only unclean is read."""

from __future__ import annotations

from datetime import datetime

import pytest

from claims.extraction.pipeline import Extractor
from claims.extraction.records import Article, Extraction
from tests.claims.extraction.conftest import PUBLISHED, short

CLAIM = "The Redmark Front said on Thursday that it had captured Varnholm."
REDMARK_CAPTURED = ["Redmark Front asserts captured redmark Varnholm"]
FILLER = "Snow fell on the hills and the markets were closed for the third day in a row. "


def extraction(extractor: Extractor, text: str) -> Extraction:
    when = datetime.fromisoformat(PUBLISHED)
    (found,) = extractor.extract([Article("one", "Harrow Gazette", when, text, "", "norland")])
    return found


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "no text"),
        (" \n\t\n", "no text"),
        ("12:05 … 13:40 !!! ???", "no words"),
        (
            "Армія повідомила, що місто досі утримують її підрозділи, а бої тривають на околицях"
            " та біля залізничної станції.",
            "not in English: its language is taken for 'uk' (ISO 639)",
        ),
        (
            "L'armée a annoncé jeudi avoir repris la ville après trois jours de combats dans les"
            " faubourgs, selon un porte-parole du ministère.",
            "not in English: its language is taken for 'fr' (ISO 639)",
        ),
        (
            FILLER * 6_000,
            "474,000 characters: longer than an article, at most 400,000 are read",
        ),
        ("a\n\n" * 20_001, "20,001 lines: more than an article has, at most 20,000 are read"),
    ],
)
def test_what_cannot_be_read_is_set_aside(extractor: Extractor, text: str, reason: str) -> None:
    found = extraction(extractor, text)
    assert (found.skipped, found.claims) == (reason, ())


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(CLAIM, id="short"),
        pytest.param(f"🔴⚡️ {CLAIM} 🔴", id="emoji"),
        pytest.param(f"{'“' * 3000} {CLAIM}", id="thousands-of-marks-before"),
        pytest.param(
            f"{FILLER * 3}\n\n{CLAIM}\n\nRead more &gt;&gt; Share this: \u200b", id="left-overs"
        ),
        pytest.param(f"{FILLER * 3}\r\n\r\n{CLAIM}\r\n", id="carriage-returns"),
        pytest.param(f"\ufeff{FILLER}\n\n\ufffd\ufffd {CLAIM}", id="broken-characters"),
        pytest.param(f"{FILLER * 40}\n\n{CLAIM} «Місто наше», he wrote.", id="a-foreign-quotation"),
    ],
)
def test_what_is_unclean_is_read(extractor: Extractor, text: str) -> None:
    found = extraction(extractor, text)
    assert found.skipped is None
    assert [short(claim) for claim in found.claims] == REDMARK_CAPTURED
    (claim,) = found.claims
    assert text[claim.passages[0].start : claim.passages[0].end].endswith(CLAIM[-20:])


def test_one_that_is_set_aside_does_not_disturb_its_neighbours(extractor: Extractor) -> None:
    when = datetime.fromisoformat(PUBLISHED)
    texts = {"a": CLAIM, "b": "", "c": CLAIM}
    articles = [Article(id_, "G", when, text, "", "norland") for id_, text in texts.items()]
    found = list(extractor.extract(articles))
    assert [(one.article.id, one.skipped, len(one.claims)) for one in found] == [
        ("a", None, 1),
        ("b", "no text", 0),
        ("c", None, 1),
    ]


def test_a_text_without_a_claim_is_not_set_aside(extractor: Extractor) -> None:
    found = extraction(extractor, FILLER * 5)
    assert (found.skipped, found.claims) == (None, ())
