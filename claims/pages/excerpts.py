"""Passages of a text in their context: what stands around them, as far as a reader needs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from claims.pages.passages import Segment, segments

REACH = 300  # characters on either side of a passage, at most


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A stretch of a text with the marked passages in it; whether more stands before or after
    it in the text. Segments with a key are the passages."""

    segments: tuple[Segment[bool], ...]
    more_before: bool
    more_after: bool


def excerpts(text: str, spans: Iterable[tuple[int, int]]) -> tuple[Excerpt, ...]:
    """The stretches of `text` around `spans` (start, end exclusive), in the text's order:
    each passage's paragraph, cut between words `REACH` characters from the passage. Stretches
    that touch are one."""
    within = sorted((start, min(end, len(text))) for start, end in spans if start < len(text))
    stretches: list[tuple[int, int]] = []
    for first, last in (_around(text, start, end) for start, end in within):
        if stretches and first <= stretches[-1][1]:
            begun, ended = stretches.pop()
            first, last = begun, max(last, ended)
        stretches.append((first, last))
    return tuple(
        Excerpt(
            segments(
                text[first:last],
                [
                    (max(start, first) - first, min(end, last) - first, True)
                    for start, end in within
                    if first <= start < last
                ],
            ),
            more_before=bool(text[:first].strip()),
            more_after=bool(text[last:].strip()),
        )
        for first, last in stretches
    )


def _around(text: str, start: int, end: int) -> tuple[int, int]:
    """The bounds of the context of `[start, end)`."""
    first = max(0, start - REACH)
    paragraph = text.rfind("\n", first, start)
    if paragraph >= 0:
        first = paragraph + 1
    elif first:
        first = max(text.find(" ", first, start) + 1, first)
    last = min(len(text), end + REACH)
    paragraph = text.find("\n", end, last)
    if paragraph >= 0:
        last = paragraph
    elif last < len(text):
        space = text.rfind(" ", end, last)
        last = space if space > 0 else last
    return first, last
