"""Whom or what a name that nothing knows may mean: known actors and places with a name that is
spelled much alike, or the same elsewhere."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.db.models.functions import Length

from claims.extraction.records import NameKind
from entities.models import Actor, ActorName, Place, PlaceName

MOST = 6
ALIKE = 0.82  # share of letters in the same order, from which on names are much alike
SHORTEST = 4  # letters: shorter names differ by too little
SAME = 1.0
_BY_WORDS = 0.9  # a name all of whose words another has, among others
# Letters that writers of Latin script choose differently for the same sound.
_SOUNDS = (
    *(("kh", "h"), ("gh", "g"), ("zh", "j"), ("dj", "j"), ("ph", "f"), ("ck", "k"), ("q", "k")),
    *(("ou", "u"), ("oo", "u"), ("ee", "i"), ("yi", "i"), ("iy", "i"), ("y", "i"), ("w", "v")),
    *(("ts", "c"), ("tz", "c"), ("x", "ks"), ("ie", "e"), ("io", "o"), (" ", "")),
)
# Beginnings that stand for one another: only these names are read, not a gazetteer's all.
_BEGINNINGS = (
    *("q k c kh h x", "j dj zh", "y i j e", "w v ou", "f ph", "g h gh", "s sh", "c ts tz"),
    *("o u ou", "e ye a"),
)


@dataclass(frozen=True, slots=True)
class Likely:
    """A known actor or place that may be meant. `likeness`: up to 1.0, the same spelling."""

    row: Any
    spelling: str
    likeness: float

    @property
    def same(self) -> bool:
        return self.likeness >= SAME


def likely(kind: NameKind, folded: str, conflicts: Collection[UUID | None]) -> list[Likely]:
    """Those with names much alike, the most alike first; of namesakes first those of these
    conflicts, then the largest. Two queries."""
    names = _place_names(folded) if kind == "place" else _actor_names(folded)
    best: dict[UUID, tuple[float, str]] = {}
    for id_, key, spelling in names:
        found = likeness(folded, key)
        if found >= ALIKE and found > best.get(id_, (0.0, ""))[0]:
            best[id_] = (found, spelling)
    ids = sorted(best, key=lambda id_: -best[id_][0])[: MOST * 3]
    rows: Iterable[Any]
    if kind == "place":
        rows = Place.objects.filter(pk__in=ids).select_related("conflict")
    else:
        rows = Actor.objects.filter(pk__in=ids).select_related("parent")
    found_rows = [Likely(row, best[row.pk][1], best[row.pk][0]) for row in rows]
    return sorted(found_rows, key=lambda one: _order(one, conflicts))[:MOST]


def _order(one: Likely, conflicts: Collection[UUID | None]) -> tuple[float, bool, int, str]:
    """Of names that are alike, the near one is likelier: as if it were spelled a little more
    so."""
    place = isinstance(one.row, Place)
    near = place and one.row.conflict_id in conflicts
    nearer = one.likeness + (0.05 if near else 0.0)
    return -round(nearer, 2), not near, -one.row.population if place else 0, str(one.row)


def likeness(one: str, other: str) -> float:
    """How much two folded names are alike: as they are written, as they sound, by their words."""
    if one == other:
        return SAME
    written = _ratio(one, other)
    return min(0.99, max(written, _ratio(_sound(one), _sound(other)), _words_alike(one, other)))


def _ratio(one: str, other: str) -> float:
    if min(len(one), len(other)) < SHORTEST:
        return 0.0
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    if matcher.real_quick_ratio() < ALIKE or matcher.quick_ratio() < ALIKE:
        return 0.0
    return matcher.ratio()


def _sound(folded: str) -> str:
    for written, sound in _SOUNDS:
        folded = folded.replace(written, sound)
    letters = [letter for at, letter in enumerate(folded) if folded[at - 1 : at] != letter]
    return "".join(letters)


def _words_alike(one: str, other: str) -> float:
    """Of names of several words: all words of one in the other, or its initials."""
    words, others = one.split(), other.split()
    few, many = sorted((set(words), set(others)), key=len)
    if len(few) > 1 and few <= many:
        return _BY_WORDS
    for letters, spelled in ((words, others), (others, words)):
        if len(letters) == 1 and len(spelled) > 2:
            initials = "".join(word[0] for word in spelled)
            without = "".join(word[0] for word in spelled if len(word) > 3)
            if letters[0] in (initials, without):
                return _BY_WORDS
    return 0.0


def _place_names(folded: str) -> Iterator[tuple[UUID, str, str]]:
    begins = Q()
    for beginning in _beginnings(folded):
        begins |= Q(folded__startswith=beginning)
    names = PlaceName.objects.filter(begins, place__provisional=False).order_by()
    near = names.alias(letters=Length("folded")).filter(
        letters__gte=int(len(folded) * 0.6), letters__lte=int(len(folded) * 1.6) + 1
    )
    return near.values_list("place", "folded", "name").iterator()


def _actor_names(folded: str) -> Iterator[tuple[UUID, str, str]]:
    """All of them: actors are few."""
    names = ActorName.objects.filter(actor__provisional=False, kind=ActorName.Kind.NAME)
    return names.order_by().values_list("actor", "folded", "name").iterator()


def _beginnings(folded: str) -> set[str]:
    """With what folded names begin that may be the same, written otherwise."""
    found = {folded[:2]}
    for group in _BEGINNINGS:
        same = sorted(group.split(), key=len, reverse=True)
        for begin in same:
            if folded.startswith(begin):
                rest = folded[len(begin) : len(begin) + 1]
                found.update(f"{other}{rest}" for other in same)
    return found
