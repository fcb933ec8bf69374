"""Where the passages of a text stand in a later text of the same article.

A passage is found by its very words, in their order and with their punctuation: other white
space, and quotation marks or dashes of another shape, are the same. It may have moved. Where its
words stand several times, each goes where what stands around it is most alike, and no two go to
one place: a passage is never anchored to words that another one was. Pure code.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cached_property

Span = tuple[int, int]  # characters [start, end) of a text

_TOKEN = re.compile(r"\w+|[^\w\s]")
# Character by character, so that places stay what they are.
_SHAPES = str.maketrans("‘’‚‛“”„‟«»‐‑‒–—―−", '\'\'\'\'""""""-------')
AROUND = 60  # words before and after a passage that tell one place from another
MOST_COMPARED = 10_000  # pairs of places; where there are more, they go in the text's order


class Words:
    """A text's words and marks, each with its place."""

    def __init__(self, text: str) -> None:
        self.text = text
        found = list(_TOKEN.finditer(text.translate(_SHAPES)))
        self.words = [match.group() for match in found]
        self.starts = [match.start() for match in found]
        self.ends = [match.end() for match in found]

    @cached_property
    def _places(self) -> Mapping[str, Sequence[int]]:
        places: dict[str, list[int]] = defaultdict(list)
        for at, word in enumerate(self.words):
            places[word].append(at)
        return places

    def of(self, span: Span) -> tuple[int, int]:
        """Numbers of the first word of a span and of that after its last one; the same where it
        holds no whole word, or cuts one."""
        first, last = bisect_left(self.starts, span[0]), bisect_left(self.starts, span[1])
        cuts = first > 0 and self.ends[first - 1] > span[0]
        if first == last or cuts or self.ends[last - 1] > span[1]:
            return first, first
        return first, last

    def occurrences(self, words: Sequence[str]) -> list[int]:
        """Where the words stand one after the other, by the first one's number. Places that
        overlap are one."""
        found: list[int] = []
        for at in self._places.get(words[0], ()):
            if found and at < found[-1] + len(words):
                continue
            if self.words[at : at + len(words)] == words:
                found.append(at)
        return found

    def span(self, first: int, count: int) -> Span:
        return self.starts[first], self.ends[first + count - 1]


def anchored(before: str, after: str, spans: Collection[Span]) -> dict[Span, Span]:
    """The spans of `before` that are in `after` too, each with its place there."""
    old, new = Words(before), Words(after)
    asked: dict[tuple[str, ...], list[tuple[int, Span]]] = defaultdict(list)
    for span in sorted(spans):
        first, end = old.of(span)
        if first < end:
            asked[tuple(old.words[first:end])].append((first, span))
    found = {}
    for words, there in asked.items():
        places = _assigned(old, new, list(words), [at for at, _ in there])
        for at, span in there:
            if at in places:
                found[span] = new.span(places[at], len(words))
    return found


def _assigned(old: Words, new: Words, words: list[str], asked: Sequence[int]) -> dict[int, int]:
    """Each place of the words in the old text with one in the new text, as far as there are."""
    there = new.occurrences(words)
    if not there:
        return {}
    # Also those that nobody asks for: what goes elsewhere leaves its place to them.
    had = sorted({*asked, *old.occurrences(words)})
    if len(had) == len(there) == 1:
        return {had[0]: there[0]}
    if len(had) * len(there) > MOST_COMPARED:
        return dict(zip(had, there, strict=False))
    likely = sorted(_likely(old, new, len(words), had, there), reverse=True)
    places: dict[int, int] = {}
    taken: set[int] = set()
    for _, _, at, place in likely:
        if at not in places and place not in taken:
            places[at] = place
            taken.add(place)
    return places


def _likely(
    old: Words, new: Words, count: int, had: Sequence[int], there: Sequence[int]
) -> Iterator[tuple[int, int, int, int]]:
    """For each pair of places: how many words around them are the same, and how near they are in
    their order (the greater, the nearer)."""
    for order, at in enumerate(had):
        for other, place in enumerate(there):
            yield _alike(old, new, count, at, place), -abs(order - other), at, place


def _alike(old: Words, new: Words, count: int, at: int, place: int) -> int:
    """Words that are the same before and after the passage, up to the first that is not."""
    before = 0
    while (
        before < min(AROUND, at, place)
        and old.words[at - before - 1] == new.words[place - before - 1]
    ):
        before += 1
    at, place, after = at + count, place + count, 0
    most = min(AROUND, len(old.words) - at, len(new.words) - place)
    while after < most and old.words[at + after] == new.words[place + after]:
        after += 1
    return before + after
