"""Which town "the town" or "it" means: the towns that an article speaks of, and as what."""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from claims.extraction.records import PlaceRef

Named = tuple[int, PlaceRef]

_REACH = 12  # of the towns named last, how many may be meant
_REMEMBERED = 100  # and how many are looked through for one that suits a noun
_VILLAGES = frozenset({"village", "hamlet"})
_CITIES = frozenset({"city", "metropolis"})
_TOWNS = frozenset({"town", "township"})
_VILLAGE_UP_TO = 30_000  # people that a place called a village may have
_CITY_FROM = 3_000


@dataclass(slots=True)
class TownsSpokenOf:
    """Where an article names towns, by characters, in order.

    `counts` tell how often each is named; `asked` are those of short questions ("And X?").
    `landmarks` tell only where others lie ("20 km from X"); `called` are the nouns that the
    text uses of a town by its name, `sizes` the people that the gazetteer counts in it (0: not
    known). `sentences` are the first characters of the article's sentences. `at_head` are the
    towns that the paragraph at hand has at its head, which runs from the character `begins` to
    `head_ends`; `above` are those of the title over it. `capital` is the seat of the state
    where the war is.
    """

    sentences: list[int]
    named: list[Named] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    landmarks: list[Named] = field(default_factory=list)
    called: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    sizes: dict[str, int] = field(default_factory=dict)
    at_head: list[PlaceRef] = field(default_factory=list)
    above: list[PlaceRef] = field(default_factory=list)
    asked: list[Named] = field(default_factory=list)
    begins: int = 0
    head_ends: int = 0
    capital: PlaceRef | None = None

    def see(self, at: int, place: PlaceRef) -> None:
        """Note that a character means a town."""
        insort(self.named, (at, place), key=_start)
        self.counts[place.name] += 1

    def see_landmark(self, at: int, place: PlaceRef) -> None:
        """Note that a character names a town only to tell where another lies."""
        insort(self.landmarks, (at, place), key=_start)

    def last(self, at: int, noun: str = "", *, latest: bool = False) -> PlaceRef | None:
        """The town that "the town" means at a character, by the `noun` used: one named earlier
        in the same sentence, else the one most spoken of among those named shortly before;
        `latest`: the one named last ("that town")."""
        before = _before(self.named, at) or _before(self.landmarks, at)
        if not before:
            return None
        fitting = [pair for pair in before if self._fits(pair[1], noun) >= 1] or before
        last, place = fitting[-1]
        in_head = self.at_head and self.begins <= last < self.head_ends
        if latest or (self._sentence(last) == self._sentence(at) and not in_head):
            return place
        if len(self.at_head) == 1:
            return self.at_head[0]
        if len(self.above) == 1 and before[-1][0] < self.begins:
            return self.above[0]
        return self._most_spoken_of(before[-_REACH:], at, noun)

    def _most_spoken_of(self, before: list[Named], at: int, noun: str) -> PlaceRef:
        here = self._sentence(at)

        def salience(item: Named) -> float:
            start, place = item
            often = 1 + 0.3 * min(self.counts[place.name], 5)
            distance = here - self._sentence(start)
            return often * self._fits(place, noun) * 0.6**distance + start * 1e-9

        return max(before, key=salience)[1]

    def _fits(self, place: PlaceRef, noun: str) -> float:
        """How well a noun suits a town: above 1, as the text calls it so; below, as the text
        calls it otherwise, or as it is too large or too small."""
        called, size = self.called.get(place.name, set()), self.sizes.get(place.name, 0)
        kind = next((kind for kind in (_VILLAGES, _TOWNS, _CITIES) if noun in kind), None)
        if kind is None:
            return 1.0
        if called & kind:
            return 2.0
        if called & ((_VILLAGES | _TOWNS | _CITIES) - kind):
            return 0.3
        unfit = size > _VILLAGE_UP_TO if kind is _VILLAGES else 0 < size < _CITY_FROM
        return 0.3 if unfit and kind is not _TOWNS else 1.0

    def together(self, at: int, number: int | None = None) -> list[PlaceRef]:
        """The towns that "both" or "the towns" means at a character, in order: those at the
        paragraph's head, else those of the last sentence that names several, but not of one
        long past. `number`: how many they are said to be."""
        if len(self.at_head) > 1 and number in (None, len(self.at_head)):
            return list(self.at_head)
        for group in self._groups(at):
            if len(group) == number or (number is None and len(group) > 1):
                return group
        return []

    def _groups(self, at: int) -> Iterator[list[PlaceRef]]:
        """The distinct towns of the sentence at hand before a character, of that and the one
        before, and of that and the two before."""
        for reach in range(3):
            near = self._near(self.named, at, within=reach)
            yield list({place.name: place for _, place in near}.values())

    def asked_before(self, at: int) -> list[PlaceRef]:
        """The towns that a question asks about in the sentence before a character's."""
        here = self._sentence(at)
        near = self._near(self.asked, at, within=1)
        return [place for start, place in near if self._sentence(start) < here]

    def is_near(self, place: PlaceRef, at: int, *, within: int = 1) -> bool:
        """Whether a town was named in the same sentence or the few `within` before it."""
        if place in (*self.at_head, *self.above):
            return True
        return any(p.name == place.name for _, p in self._near(self.named, at, within=within))

    def _near(self, named: list[Named], at: int, *, within: int) -> list[Named]:
        """Those before a character in its sentence or the few `within` before that."""
        earliest = self._sentence(at) - within
        since = self.sentences[earliest - 1] if earliest > 0 else 0
        return named[bisect_left(named, since, key=_start) : bisect_left(named, at, key=_start)]

    def _sentence(self, at: int) -> int:
        return bisect_right(self.sentences, at)


def _before(named: list[Named], at: int) -> list[Named]:
    """The last of those before a character, as many as are remembered."""
    end = bisect_left(named, at, key=_start)
    return named[max(0, end - _REMEMBERED) : end]


def _start(pair: Named) -> int:
    return pair[0]
