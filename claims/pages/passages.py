"""A text cut where passages begin and end, so that overlapping ones can be shown."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Segment(Generic[Key]):
    """Characters that the same passages cover. `starting`: those of which none began before;
    `ending`: those that end with it."""

    text: str
    keys: tuple[Key, ...]
    starting: tuple[Key, ...]
    ending: tuple[Key, ...]


def segments(text: str, passages: Iterable[tuple[int, int, Key]]) -> tuple[Segment[Key], ...]:
    """Cut `text` at the bounds of `passages`, each (start, end, key) with `end` exclusive.

    The segments together are the text. Passages that lie beyond its end are cut there, empty
    ones left out.
    """
    clipped = [(start, min(end, len(text)), key) for start, end, key in passages]
    kept = [item for item in clipped if item[0] < item[1]]
    cuts = sorted({0, len(text), *(cut for start, end, _ in kept for cut in (start, end))})
    begins: dict[Key, int] = {}
    for start, _, key in kept:
        begins[key] = min(start, begins.get(key, start))
    return tuple(
        Segment(
            text[start:end],
            tuple(dict.fromkeys(key for first, last, key in kept if first <= start < last)),
            tuple(key for key, first in begins.items() if first == start),
            tuple(dict.fromkeys(key for _, last, key in kept if last == end)),
        )
        for start, end in pairwise(cuts)
    )
