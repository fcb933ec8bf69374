"""The layout of an article: paragraphs, headings, time-stamps, datelines, quotes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_PARAGRAPH = re.compile(r"[^\n]+")
_EMOJI = "\u2190-\u2bff\ufe0e\ufe0f\u200d\u20e3\U0001f000-\U0001faff\U000e0020-\U000e007f"
PICTURE = re.compile(rf"[{_EMOJI}]+")
_BULLET = re.compile(rf"\s*(?:[{_EMOJI}]+\s*|[^\w\s\"'“”«»„‘’(\[¿¡…$€£.&<]+\s+)*")
_NUMBER = re.compile(r"\(?\d{1,2}[.)]\s+(?=\S)")
_CLOCK = re.compile(
    r"\d{1,2}[:.]\d{2}(?:\s*(?:GMT|UTC|[AP]\.?M\.?|[ap]\.?m\.?))?\s*(?:[-–—:|]\s*|$)"
    rf"|\d{{1,2}}:\d{{2}}\s+(?=[^\Wa-zà-ÿ\d_]|[\"“«„{_EMOJI}])"
)
_CAPITALS = r"[^\W\d_a-zà-ÿ][^\W_a-zà-ÿ'’.,/ -]*(?:[ ,/'’.-]+[^\W_a-zà-ÿ'’.,/ -]+)*"
_DATE = (
    r"(?:,?\s+\d{1,2}\s+[A-Z][a-z]+(?:,?\s+\d{4})?|,?\s+[A-Z][a-z]+\.?\s+\d{1,2}(?:,?\s+\d{4})?)"
)
_COUNTRY = r"(?:,\s?[A-Z][a-z]+(?: (?:of |the |and )*[A-Z][a-z]+)*)"
_SOURCE = r"(?:\s*\([^)]{2,40}\))"
_HEAD = re.compile(
    rf"(?P<head>{_CAPITALS})(?P<country>{_COUNTRY})?(?P<date>{_DATE})?(?P<source>{_SOURCE})?"
    r"\s*(?:--?\s+|[–—]\s*|:\s+|\.\s*(?P<agency>/[^/]+/)\.?\s+)"
)
# "Kyiv, Ukraine (Agency) —": told from a head by its source or its date.
_NAMES = r"[^\W\d_a-zà-ÿ][\w'’.]{0,30}(?:[ /-][^\W\d_a-zà-ÿ][\w'’.]{0,30}){0,3}"
_LONGEST = 160  # characters that a head or dateline may have
_DATELINE = re.compile(
    rf"(?:{_NAMES}{_COUNTRY}?(?:\s*[-–—])?{_DATE}?{_SOURCE}|{_NAMES}{_COUNTRY}?{_DATE})"
    r"\s*(?:--?\s+|[–—]\s*|:\s+)"
)
LONGEST_PARAGRAPH = 4000  # characters; longer ones are cut
_REACH = 20  # paragraphs over which a quotation can be left open
OPENING, CLOSING = "“«„", "”»"
STRAIGHT = '"'


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Characters `[start, end)` of the article. `body`: where its sentences begin, after a
    bullet, a number, a time-stamp and a head in capitals or a dateline; `head`: the span of that
    head, if any; a dateline is none, as it tells where a text was written."""

    start: int
    body: int
    end: int
    head: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Quote:
    """Characters of a quotation, without its marks."""

    start: int
    end: int


def paragraphs(text: str) -> Iterator[Paragraph]:
    """The paragraphs of `text`: its lines that are not blank, the longest cut into several, for
    what reads a paragraph may take a time that grows with the square of its length."""
    for match in _PARAGRAPH.finditer(text):
        if match.group().strip():
            first, *rest = _cut(text, *match.span())
            yield _begun(text, *first)
            yield from (Paragraph(start, start, end) for start, end in rest)


def _cut(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """A line as one stretch, or as several that end with sentences, or words, if it is long."""
    while end - start > LONGEST_PARAGRAPH:
        longest = start + LONGEST_PARAGRAPH
        at = max(text.rfind(mark, start, longest) for mark in (". ", "! ", "? ", ".” ", '." '))
        at = text.find(" ", at) if at > start else text.rfind(" ", start, longest)
        at = at + 1 if at > start else longest
        yield start, at
        start = at
    yield start, end


def _begun(text: str, start: int, end: int) -> Paragraph:
    """A paragraph with what stands before its sentences."""
    body = start + len(_BULLET.match(text[start:end]).group())  # type: ignore[union-attr]
    if number := _NUMBER.match(text, body, end):
        body = number.end()
    if clock := _CLOCK.match(text, body, end):
        body = clock.end() + len(_BULLET.match(text[clock.end() : end]).group())  # type: ignore[union-attr]
    head = _HEAD.match(text, body, min(end, body + _LONGEST))
    if head and len(head["head"]) > 2:
        dateline = head["country"] or head["date"] or head["source"] or head["agency"]
        return Paragraph(start, head.end(), end, None if dateline else head.span("head"))
    if dated := _DATELINE.match(text, body, min(end, body + _LONGEST)):
        return Paragraph(start, dated.end(), end)
    return Paragraph(start, body, end)


def quotes(text: str, blocks: list[Paragraph]) -> list[Quote]:
    """Quotations, also those that run over several paragraphs.

    A mark left open at a paragraph's end is continued where the next paragraph begins with
    one of its own (the newspapers' habit) or a closing mark comes later in the text with no
    opening one before it; else it ends with its paragraph.
    """
    found: list[Quote] = []
    opened: int | None = None
    for number, block in enumerate(blocks):
        for at in range(block.start, block.end):
            char = text[at]
            if char in OPENING or (char == STRAIGHT and (opened is None or at == block.body)):
                if opened is not None and opened < at:
                    found.append(Quote(opened, at))
                if char == STRAIGHT and _only_closes(text, at, block):
                    found.append(Quote(block.body, at))
                    opened = None
                else:
                    opened = at + 1
            elif char in CLOSING or char == STRAIGHT:
                if opened is not None:
                    found.append(Quote(opened, at))
                opened = None
        rest = blocks[number + 1 : number + 1 + _REACH]
        if opened is not None and not _continues(text, rest):
            found.append(Quote(opened, block.end))
            opened = None
    return [quote for quote in found if quote.end > quote.start]


def _only_closes(text: str, at: int, block: Paragraph) -> bool:
    """Whether a straight mark can only be the end of a quotation whose beginning is lost."""
    after = text[at + 1 : at + 2]
    return at > block.body and text[at - 1] in ",.!?" and after in (" ", "")


def _continues(text: str, rest: list[Paragraph]) -> bool:
    """Whether a quotation left open goes on in the paragraphs that follow."""
    for block in rest:
        inside = text[block.start : block.end]
        marks = [char for char in inside if char in OPENING + CLOSING + STRAIGHT]
        if marks:
            straight_closes = marks.count(STRAIGHT) % 2 == 1
            return marks[0] in CLOSING or straight_closes or inside.lstrip()[0] in OPENING
    return False
