"""What a paragraph is about: the town that stands at its head, or in the heading over it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from claims.extraction import cues
from claims.extraction.places.finder import PlaceFinder
from claims.extraction.records import PlaceRef
from claims.extraction.text.grammar import FINITE, low
from claims.extraction.text.tokens import Token

_LINE = 12  # words of a heading at most
_REACH = 18  # tokens that a head with its apposition may have
_SERIES = frozenset({",", "and", "/", "&", "+", "-", "–", "|"})
_ENDS = frozenset({":", "—", "–", "--", "-", "|", ".", "…", "?", "→", "➡", "➡️", "❓", "=>", "->"})
_CLOSED = re.compile(r"[.!…][”\"’)\]]*\s*$")


class Topics:
    """Follows an article's heads and headings from paragraph to paragraph."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._heading: list[PlaceRef] = []
        self._under_heading = False

    def enter(self, finder: PlaceFinder, heads: Sequence[PlaceRef], *, last: bool) -> None:
        """Tell the discourse what the next paragraph is about. `heads`: the towns of its head
        in capitals; `last`: no paragraph follows."""
        towns, view = finder.discourse.towns, finder.view
        own, end = (list(heads), -1) if heads else head_towns(finder)
        view.topic_end = end
        towns.at_head = own
        towns.begins = view.start(view.doc[0])
        towns.head_ends = view.end(view.doc[end]) if end >= 0 else towns.begins
        if self._is_heading(finder) and not last:
            self._heading = own or [
                one.place for t in view.doc if (one := finder.named(t)) is not None
            ]
            self._under_heading = True
            towns.above = []
            return
        towns.above = [] if own else self._heading
        if not self._under_heading:
            towns.above = []

    def _is_heading(self, finder: PlaceFinder) -> bool:
        """Whether a paragraph is a title over others: few words, and no end."""
        block = finder.view.block
        written = self.text[block.start : block.end].strip()
        if len(written.split()) > _LINE or _CLOSED.search(written):
            return False
        return self.text[block.end : block.end + 1] == "\n"


def head_towns(finder: PlaceFinder) -> tuple[list[PlaceRef], int]:
    """The towns that a paragraph begins with as its topic ("X: …", "3. X and Y (two towns). …",
    "X, on the coast road – …"), and the token that ends the head (-1: none)."""
    doc = finder.view.doc
    i = 0
    while i < len(doc) and i < 6 and not doc[i].is_alpha and finder.named(doc[i]) is None:
        i += 1
    found: list[PlaceRef] = []
    while i < len(doc):
        one = finder.named(doc[i])
        if one is not None:
            found.append(one.place)
        elif not found or low(doc[i]) not in _SERIES or not _goes_on(finder, doc[i]):
            break
        i += 1
    if not found or i >= len(doc):
        return [], -1
    if doc[i].is_sent_start and doc[i - 1].text not in _ENDS:
        return found, i - 1  # "X ➡️ …"
    if doc[i].text == ",":
        i = _after_apposition(doc[i])
    if i >= len(doc) or doc[i].text not in _ENDS:
        return [], -1
    return ([], -1) if _speaks(finder, doc[i]) else (found, i)


def _goes_on(finder: PlaceFinder, separator: Token) -> bool:
    """Whether another town follows a comma or "and"."""
    after = separator.doc[separator.i + 1 : separator.i + 2]
    return any(finder.named(t) is not None for t in after)


def _after_apposition(comma: Token) -> int:
    """Where the apposition after a town ends, at a mark that may end a head."""
    doc = comma.doc
    for i in range(comma.i + 1, min(len(doc), comma.i + _REACH)):
        if doc[i].text in _ENDS and doc[i].text not in (".", "-", "?"):
            return i
        if doc[i].tag_ in FINITE:
            break
    return len(doc)


def _speaks(finder: PlaceFinder, end: Token) -> bool:
    """Whether a capital before a colon is its government, which speaks."""
    before = finder.view.mention(end.doc[end.i - 1])
    if end.text != ":" or before is None or not before.metonym:
        return False
    after = next((t for t in end.doc[end.i + 1 :] if not t.is_punct), None)
    told = cues.words("places", "topics", "after")
    return after is not None and after.tag_ != "VBN" and low(after) not in told
