"""Runs of capitalised words that are names, between those that the lexicon knows."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet

from claims.extraction import cues
from claims.extraction.text.layout import Paragraph
from claims.extraction.text.words import fold, word_spans


def not_names() -> frozenset[str]:
    """Capitalised words that are no names."""
    return cues.words("names", "words")


def capital_runs(
    text: str,
    span: tuple[int, int],
    taken: Sequence[tuple[int, int]],
    block: Paragraph,
    towns: AbstractSet[str],
) -> Iterator[tuple[int, int]]:
    """The parts of a capitalised run that are names and not known ones."""
    start, end = span
    words = [(start + s, start + e) for s, e in word_spans(text[start:end])]
    current: list[tuple[int, int]] = []
    for at in [*words, (end, end)]:
        word = text[at[0] : at[1]]
        blocked = (
            not word
            or fold(word) in not_names()
            or any(s < at[1] and at[0] < e for s, e in taken)
            or (word.islower() and not current)
        )
        if not blocked:
            current.append(at)
            continue
        if len(current) > 1 and text[current[1][0] : current[-1][1]] in towns:
            current = current[1:] if text[current[0][0] : current[-1][1]] not in towns else current
        if current and (
            text[current[0][0] : current[-1][1]] in towns or _is_name(text, current, block)
        ):
            yield current[0][0], current[-1][1]
        current = []


def _is_name(text: str, spans: Sequence[tuple[int, int]], block: Paragraph) -> bool:
    """A run of two words or more, or one that does not begin its sentence."""
    start = spans[0][0]
    if len(spans) == 1 and spans[0][1] - start < 3:
        return False
    if len(spans) == 1 and text[start : spans[0][1]].lower() in ("observatory", "monitor"):
        return False  # what was named in full before
    before = text[block.body : start].rstrip(" “\"«'‘")
    begins = not before or before[-1] in ".!?:…•"
    return len(spans) > 1 or not begins or _is_introduced(text, spans[0][1])


def _is_introduced(text: str, end: int) -> bool:
    """Whether what stands after a word tells that it is a name: "X, a group that …"."""
    after = re.match(r", (?:an?|the) ([^,.;:]{3,80})[,.]", text[end : end + 100])
    words = cues.words("actors", "organisations", "words")
    return after is not None and bool(words & set(after[1].split()[:6]))
