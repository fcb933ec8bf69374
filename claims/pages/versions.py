"""The texts that an article had, and what each changed of the one before."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from difflib import SequenceMatcher

from sources.models import Document

_WORD = re.compile(r"\s*\S+|\s+")
# Pairs of like words that are compared; texts with more are compared by their lines, and where
# these are alike, too, not at all.
MOST_COMPARED = 300_000
CONTEXT = 40  # words shown around a change, at most


@dataclass(frozen=True, slots=True)
class Version:
    """A text of an article. `since`: from when on it was seen there; `until`: when another was
    first seen in its place, None where it is there now."""

    number: int
    document: Document
    since: datetime
    until: datetime | None
    shown: bool

    @property
    def comparable(self) -> bool:
        """Whether it can be set beside the one before."""
        return self.number > 1 and self.document.withdrawn_at is None


@dataclass(frozen=True, slots=True)
class Piece:
    """Words that are in both texts ("same"), only in the later ("new") or earlier ("gone");
    "left-out" stands for unchanged ones that are not shown, `text` is empty then."""

    kind: str
    text: str

    @property
    def space(self) -> str:
        """The white space before its words: it is not marked with them."""
        return self.text[: len(self.text) - len(self.text.lstrip())]

    @property
    def words(self) -> str:
        return self.text.lstrip()


def versions(document: Document) -> tuple[Version, ...]:
    """All texts of the document's article, the latest first; none where there is but this one.
    One query."""
    if document.article_id is None:
        return ()
    rows = Document.objects.filter(article=document.article_id).select_related("publisher")
    found = tuple(
        Version(row.version, row, row.ingested_at, row.replaced_at, row.pk == document.pk)
        for row in rows.defer("text").order_by("-version")
    )
    return found if len(found) > 1 else ()


def difference(before: str, after: str) -> tuple[Piece, ...]:
    """What `after` has otherwise than `before`, word by word, with some of what stands around;
    empty where they have the same words."""
    if _keys([before]) == _keys([after]):
        return ()
    old, new = _parts(before, after)
    same = SequenceMatcher(None, _keys(old), _keys(new), autojunk=False)
    codes = same.get_opcodes()
    found: list[Piece] = []
    for order, (code, first, last, start, end) in enumerate(codes):
        if code == "equal":
            found += _around(new[start:end], order > 0, order < len(codes) - 1)
            continue
        if first < last:
            found.append(Piece("gone", "".join(old[first:last])))
        if start < end:
            found.append(Piece("new", "".join(new[start:end])))
    return tuple(found)


def _parts(before: str, after: str) -> tuple[list[str], list[str]]:
    """What of both texts is compared: their words, lines, or each as a whole."""
    words = _WORD.findall(before), _WORD.findall(after)
    lines = before.splitlines(keepends=True), after.splitlines(keepends=True)
    for old, new in (words, lines):
        counts = Counter(_keys(old))
        if sum(counts[key] for key in _keys(new)) <= MOST_COMPARED:
            return old, new
    return [before], [after]


def _keys(words: Sequence[str]) -> list[str]:
    """What is compared: other white space makes no other words."""
    return [" ".join(word.split()) for word in words]


def _around(words: Sequence[str], after_change: bool, before_change: bool) -> Iterator[Piece]:
    """Unchanged words, as far as they stand beside a change."""
    head = CONTEXT if after_change else 0
    tail = CONTEXT if before_change else 0
    if len(words) <= head + tail:
        yield Piece("same", "".join(words))
        return
    if head:
        yield Piece("same", "".join(words[:head]))
    yield Piece("left-out", "")
    if tail:
        yield Piece("same", "".join(words[-tail:]))
