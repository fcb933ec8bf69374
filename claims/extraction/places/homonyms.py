"""Which of several places of one name a text means."""

from __future__ import annotations

import math
from collections.abc import Sequence

from claims.extraction.actors.mentions import Mention
from claims.extraction.records import PlaceRef
from claims.extraction.text.words import fold
from entities.lexicon import Place

_NEAR_KM = 120.0
_FAR_KM = 250.0  # nobody means a village this far from all else in the text
_LARGE = 50_000


class Homonyms:
    """Chooses among places of one name by the regions and the other towns of the text."""

    def __init__(self, text: str, known: Sequence[Place], conflict: str | None) -> None:
        self._text = fold(text)
        self._anchors = [p for p in dict.fromkeys(known) if p.latitude is not None]
        self.conflict = conflict
        self._resolved: dict[tuple[str, tuple[str, ...]], PlaceRef] = {}

    def resolve(self, mention: Mention) -> PlaceRef:
        """The place meant; `ambiguous` where nothing decides."""
        if not mention.places:
            return PlaceRef(mention.text, None, self.conflict)
        key = mention.text, tuple(place.key for place in mention.places)
        if key not in self._resolved:  # the same name means the same place throughout
            self._resolved[key] = self._meant(mention)
        return self._resolved[key]

    def _meant(self, mention: Mention) -> PlaceRef:
        places = mention.places
        usual = fold(mention.text)
        scores = {p.key: self._score(p) + 2.0 * (fold(p.name) == usual) for p in places}
        ranked = sorted(places, key=lambda p: (-scores[p.key], p.key))
        best = ranked[0]
        if fold(best.name) != usual and self._far(best):
            return PlaceRef(mention.text, None, self.conflict, ambiguous=True)
        tie = len(ranked) > 1 and scores[best.key] - scores[ranked[1].key] < 0.5
        return PlaceRef(best.name, best.key or None, self.conflict, ambiguous=tie)

    def _far(self, place: Place) -> bool:
        """Whether a small place lies far from all others that the text names."""
        others = [p for p in self._anchors if p.key != place.key and p.population > 0]
        if place.latitude is None or place.population > _LARGE or len(others) < 2:
            return False
        return min(_km(place, other) for other in others) > _FAR_KM

    def _score(self, place: Place) -> float:
        score = 0.0
        regions = [fold(name) for name in (place.admin1, *place.admin1_names) if name]
        if any(region in self._text for region in regions):
            score += 3.0
        others = [p for p in self._anchors if p.key != place.key]
        if others and place.latitude is not None:
            nearest = min(_km(place, other) for other in others)
            score += 3.0 * max(0.0, 1.0 - nearest / _NEAR_KM)
        return score + math.log10(max(place.population, 1)) / 2


def _km(a: Place, b: Place) -> float:
    lat = math.radians(((a.latitude or 0) + (b.latitude or 0)) / 2)
    dy = (a.latitude or 0) - (b.latitude or 0)
    dx = ((a.longitude or 0) - (b.longitude or 0)) * math.cos(lat)
    return 111.2 * math.hypot(dx, dy)
