"""The article that a claim was read in, with the passages that carry it and the words that told
it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from claims.models import Evidence
from claims.pages.passages import segments

CUE = 0  # the key of a cue's characters; passages are numbered from 1


@dataclass(frozen=True, slots=True)
class Piece:
    """Characters that look the same. `passage`: the number of the passage that they belong to, 0
    for none; `opens`: it begins here. `cue`: they told the predicate."""

    text: str
    passage: int
    opens: bool
    cue: bool


def pieces(text: str, evidence: Iterable[Evidence]) -> tuple[Piece, ...]:
    """The whole of `text`, cut where passages and cues begin and end."""
    passages = sorted(evidence, key=lambda item: item.start)
    spans = [(item.start, item.end, number) for number, item in enumerate(passages, 1)]
    spans += [(start, end, CUE) for item in passages for start, end in _cues(text, item)]
    return tuple(
        Piece(
            segment.text,
            passage=next((key for key in segment.keys if key), 0),
            opens=any(segment.starting),
            cue=CUE in segment.keys,
        )
        for segment in segments(text, spans)
    )


def _cues(text: str, item: Evidence) -> Iterator[tuple[int, int]]:
    """Where the words that told the predicate stand in the passage: the first time that they
    do."""
    if not item.cue:
        return
    words = r"\s+".join(re.escape(word) for word in item.cue.split())
    found = re.search(rf"(?<!\w){words}(?!\w)", text[item.start : item.end], re.IGNORECASE)
    if found:
        yield item.start + found.start(), item.start + found.end()
