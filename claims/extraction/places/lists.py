"""Towns in lists: "two towns, X and Y", "several villages, including X", "X as well as Y"."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from claims.extraction import cues
from claims.extraction.places.located import Located
from claims.extraction.text.grammar import FINITE, following, low
from claims.extraction.text.tokens import Token

Named = Callable[[Token], Located | None]

_REACH = 16  # words from "towns" to the first of their names
_SERIES = frozenset({",", "and", "or", "/", "&", "both", "at", "in", "then", "for", ";"})
_INTRODUCED = frozenset({":", ",", "–", "—", "-", "(", "including", "namely", "notably", "as",
                         "them", "like", "both"})  # fmt: skip
_EXAMPLES = frozenset({"including", "as", "them", "like", "notably"})
_NUMBERS = {"two": 2, "three": 3, "four": 4, "five": 5, "six": 6}
_LINKS = (("as", "well", "as"), ("along", "with"), ("together", "with"), ("but", "also"),
          ("plus",), ("followed", "by"), ("and", "also"), ("and", "then"))  # fmt: skip


def members(named: Named, noun: Token) -> list[Located]:
    """The towns that a plural noun counts: "two towns, X and Y", "villages such as X"."""
    if low(noun) not in cues.words("places", "nouns", "plural"):
        return []
    for token in following(noun, _REACH):
        one = named(token)
        if one is None:
            continue
        before = token.doc[token.i - 1]
        if low(before) not in _INTRODUCED:
            return []
        found = series(named, token)
        return found if _fits(noun, found, before) else []
    return []


def _fits(noun: Token, found: Sequence[Located], introduced: Token) -> bool:
    """Whether a list is one of the towns counted: as many as are said, and standing alone."""
    after = next(following(found[-1].token, 1), None)
    ends = after is None or after.is_punct or after.tag_ in ("IN", "RB", "CC", *FINITE)
    if not ends or (after is not None and after.tag_ == "POS"):
        return False
    if low(introduced) in _EXAMPLES:
        return True
    counted = noun.doc[max(noun.sent.start, noun.i - 4) : noun.i]
    number = next((_NUMBERS[low(t)] for t in counted if low(t) in _NUMBERS), None)
    return len(found) == number if number is not None else len(found) > 1


def series(named: Named, first: Token) -> list[Located]:
    """A named town and those coordinated with it: "X, Y and Z"."""
    one = named(first)
    found = [] if one is None else [one]
    separators = 0
    for word in following(first, _REACH):
        if low(word) in _SERIES:
            separators += 1
            continue
        more = named(word)
        if more is None or not separators:
            break
        found.append(more)
        separators = 0
    return found


def further(named: Named, last: Token) -> list[Located]:
    """The towns that "as well as", "along with" and the like add to one."""
    rest = [t for t in following(last, 6) if t.text != ","]
    words = tuple(low(t) for t in rest)
    for link in _LINKS:
        if words[: len(link)] == link and len(rest) > len(link):
            return series(named, rest[len(link)])
    return []
