"""Whether a text repeats an earlier one: a syndicated copy with another headline, a cut end or a
house's own spellings, but not an update, a report after the same form or a shared quotation.

A later text is a copy where it says nothing new. So the question is one-sided: what of it does
not stand in the earlier one? A cut text repeats the whole one; the whole one does not repeat a
cut one that came before it.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cached_property
from hashlib import blake2b
from itertools import pairwise

SHINGLE = 4  # words in a row that are compared as one
LEAST_WORDS = 40  # shorter texts are copies only word for word: one word makes another of them
# One in SAMPLED shingles stands for its text, chosen by its hash, so that the same are chosen
# of every text: a part of a text keeps its part of them.
SAMPLED = 8
MOST_KEPT = 256  # of a text of more than some 2,000 words, those with the smallest hashes

# How much may be new in a copy, in words. How well copies are told: benchmarks/families.py.
MOST_NEW = 0.12  # of all its words, between its first and last lines
INNER_RUN = 6  # in a row, between words that both have
DATELINE = 8  # before them
FIRST_LINES = 48  # before them, in the place of the earlier text's own
KEPT = 0.6  # of the earlier text's own first words: with more of them, new ones are added
LAST_RUN = 3  # after them
CREDITS = 30  # after them, where they are credits
SPELLED = 0.7  # how much alike two spellings of a name are (difflib's ratio)
SOLID = 12  # words in a row that both have, with which the first lines are over

_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_CREDIT = re.compile(
    r"((additional|more) )?(reporting|editing|edited|writing|written|compiled|source|copyright"
    r"|photo|image|read more|follow|originally|this (article|story|report))\b"
)
_DENYING = frozenset(
    {"no", "not", "never", "neither", "nor", "none", "cannot", "without", "false", "untrue"}
    | {"deny", "denies", "denied", "denying", "reject", "rejects", "rejected"}
    | {"refute", "refutes", "refuted", "dismiss", "dismisses", "dismissed"}
    | {f"{verb}n't" for verb in ("is", "was", "has", "have", "did", "do", "does", "are", "were")}
)


@dataclass(frozen=True)
class Text:
    """A text cut into words, compared without regard to case, white space and punctuation."""

    text: str
    tokens: list[str] = field(init=False, repr=False)
    words: list[str] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        plain = unicodedata.normalize("NFKC", self.text).replace("’", "'")
        object.__setattr__(self, "tokens", _WORD.findall(plain))
        object.__setattr__(self, "words", [token.casefold() for token in self.tokens])

    @cached_property
    def in_lower_case(self) -> frozenset[str]:
        return frozenset(token for token in self.tokens if token.islower())

    def shingles(self) -> Iterator[str]:
        for start in range(len(self.words) - SHINGLE + 1):
            yield " ".join(self.words[start : start + SHINGLE])

    @cached_property
    def places(self) -> dict[str, list[int]]:
        """Where each shingle stands, in words from 0."""
        found: dict[str, list[int]] = {}
        for start, shingle in enumerate(self.shingles()):
            found.setdefault(shingle, []).append(start)
        return found

    def sample(self) -> list[int]:
        """Hashes of the shingles that stand for the text, ascending, signed of 64 bits; of a
        text that is too short, none."""
        if len(self.words) < LEAST_WORDS:
            return []
        hashes = (_hash(shingle) for shingle in self.places)
        return sorted(value for value in hashes if value % SAMPLED == 0)[:MOST_KEPT]


def _hash(shingle: str) -> int:
    digest = blake2b(shingle.encode(), digest_size=8).digest()
    return int.from_bytes(digest, signed=True)


def is_copy(later: Text, earlier: Text) -> bool:
    """Whether `later` says nothing that `earlier` does not say in the same words."""
    if min(len(later.words), len(earlier.words)) < LEAST_WORDS:
        return later.words == earlier.words
    stretches = _shared(later, earlier)
    solid = next((number for number, one in enumerate(stretches) if one.length >= SOLID), None)
    if solid is None:
        return False
    first, last = stretches[solid], stretches[-1]
    if not _may_begin(later, later.tokens[: first.start], earlier.words[: first.there]):
        return False
    if not _may_end(later, later.tokens[last.end :], earlier.words[last.there_end :]):
        return False
    new = 0
    for before, after in pairwise(stretches[solid:]):
        gap = later.tokens[before.end : after.start]
        gone = earlier.words[before.there_end : max(after.there, before.there_end)]
        added = _added(gap, gone)
        new += len(added)
        if len(added) > INNER_RUN or _says_otherwise(later, gap, added, gone):
            return False
    return new <= MOST_NEW * len(later.words)


@dataclass(frozen=True, slots=True)
class _Stretch:
    """Words `[start, start + length)` of the later text that stand in the earlier one, from
    `there` on."""

    start: int
    there: int
    length: int

    @property
    def end(self) -> int:
        return self.start + self.length

    @property
    def there_end(self) -> int:
        return self.there + self.length


def _shared(later: Text, earlier: Text) -> list[_Stretch]:
    """The stretches of at least a shingle that both have, in the order of `later`; they may
    overlap where words between them are gone."""
    places = earlier.places
    found: list[_Stretch] = []
    for start, shingle in enumerate(later.shingles()):
        there = places.get(shingle)
        if there is None:
            continue
        last = found[-1] if found else None
        if last is not None:
            following = last.there_end - SHINGLE + 1
            if last.end == start + SHINGLE - 1 and following in there:
                found[-1] = _Stretch(last.start, last.there, last.length + 1)
                continue
            there = [place for place in there if place >= last.there] or there
        found.append(_Stretch(start, there[0], SHINGLE))
    return found


def _may_begin(later: Text, mine: list[str], own: list[str]) -> bool:
    """Whether a copy may begin with `mine` where the earlier text begins with `own`: with a
    dateline before it, or another headline and first sentence in its place."""
    added = _added(mine, own)
    gone = _added(own, [token.casefold() for token in mine])
    if not gone and len(added) <= DATELINE:
        return _DENYING.isdisjoint(token.casefold() for token in added)
    if len(own) - len(gone) > KEPT * len(own):
        return len(added) <= DATELINE and not _says_otherwise(later, mine, added, own)
    return len(mine) <= FIRST_LINES and bool(own)


def _may_end(later: Text, mine: list[str], own: list[str]) -> bool:
    """Whether a copy may end with `mine` where the earlier text goes on with `own`: with a
    word or two, and credits."""
    told = next(
        (
            number
            for number in range(min(len(mine), INNER_RUN))
            if len(mine) - number <= CREDITS and _CREDIT.match(" ".join(mine[number:]).casefold())
        ),
        len(mine),
    )
    in_place = own[:told]
    added = _added(mine[:told], in_place)
    return len(added) <= LAST_RUN and not _says_otherwise(later, mine[:told], added, in_place)


def _added(gap: list[str], gone: list[str]) -> list[str]:
    """The words of `gap` that are not among those in its place in the earlier text, as
    written."""
    left = Counter(gone)
    added = []
    for token in gap:
        if left[token.casefold()] > 0:
            left[token.casefold()] -= 1
        else:
            added.append(token)
    return added


def _says_otherwise(later: Text, gap: list[str], added: list[str], gone: list[str]) -> bool:
    """Whether the words in a gap deny something, or not any more, or name another number,
    person or place. A name may be spelled otherwise."""
    words = {token.casefold() for token in gap}
    if len(gone) <= len(gap) + INNER_RUN and _DENYING & words != _DENYING & set(gone):
        return True
    if not _DENYING.isdisjoint(token.casefold() for token in added):
        return True
    for token in added:
        word = token.casefold()
        if any(sign.isdigit() for sign in word):
            return True
        is_name = token[0].isupper() and word not in later.in_lower_case
        if is_name and not get_close_matches(word, gone, n=1, cutoff=SPELLED):
            return True
    return False
