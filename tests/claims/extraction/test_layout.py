"""Paragraphs, heads in capitals, time-stamps and quotations."""

from __future__ import annotations

import pytest

from claims.extraction.text.layout import paragraphs, quotes


@pytest.mark.parametrize(
    ("line", "body"),
    [
        ("Plain words.", "Plain words."),
        ("16:40 - Plain words.", "Plain words."),
        ("• Plain words", "Plain words"),
        ("VARNHOLM – Army pulls out", "Army pulls out"),
        ("VARNHOLM, May 9. /Harrow/. Army pulls out", "Army pulls out"),
        ("NORHAVEN (Harrow Gazette) — Army pulls out", "Army pulls out"),
        ("UN says no", "UN says no"),
        ("🔴 18:05 Shells fell.", "Shells fell."),
        ("3. Plain words.", "Plain words."),
        ("❗️ Plain words.", "Plain words."),
        ("10:30 in the morning it began.", "10:30 in the morning it began."),
        ("Norhaven, Norland (Gazette) — Army pulls out", "Army pulls out"),
        ("Norhaven – 12 January 2031 (Gazette): Army pulls out", "Army pulls out"),
        ("NORHAVEN, Republic of Norland, May 9 – Army pulls out", "Army pulls out"),
    ],
)
def test_where_the_sentences_begin(line: str, body: str) -> None:
    (block,) = paragraphs(line)
    assert line[block.body : block.end] == body


@pytest.mark.parametrize(
    ("line", "head"),
    [
        ("VARNHOLM – Army pulls out", "VARNHOLM"),
        ("NORHAVEN, May 9 (Gazette) — Army pulls out", None),
        ("NORHAVEN (Gazette) — Army pulls out", None),
        ("NORHAVEN, May 9. /Harrow/. Army pulls out", None),
    ],
)
def test_a_dateline_is_no_head(line: str, head: str | None) -> None:
    (block,) = paragraphs(line)
    assert (line[slice(*block.head)] if block.head else None) == head


def test_blank_lines_are_no_paragraphs() -> None:
    text = "One.\n\n  \nTwo."
    assert [text[b.start : b.end] for b in paragraphs(text)] == ["One.", "Two."]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('He said "yes" and "no".', ["yes", "no"]),
        ("“Yes,” he said.", ["Yes,"]),
        ('It began.\n"First part.\nSecond part."\nThe end.', ["First part.\nSecond part."]),
        ("“First part.\n“Second part,” he said.", ["First part.\n", "Second part,"]),
        ('Lost beginning," he said.', ["Lost beginning,"]),
    ],
)
def test_quotations(text: str, expected: list[str]) -> None:
    found = quotes(text, list(paragraphs(text)))
    assert [text[quote.start : quote.end] for quote in found] == expected
