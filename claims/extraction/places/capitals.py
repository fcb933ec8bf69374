"""Which town "the capital" is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from entities.countries import countries
from entities.lexicon import Conflict, Place


def capital_of(conflict: Conflict, named: Sequence[Place]) -> Place | None:
    """The capital of the state where a war is: of several states', the one that the text names
    most (`named`: the places that it names, as often as it does); None where none stands out."""
    where = {place.country for place in conflict.places}
    seats = {country.capitals[0] for country in countries() if country.code in where}
    for actor in conflict.actors:
        if actor.kind in ("state", "government"):
            seats.update(actor.metonyms[:1])
    capitals = [place for place in conflict.places if place.name in seats]
    counts = Counter(place.key for place in named)
    ranked = sorted(capitals, key=lambda place: (-counts[place.key], -place.population))
    if len(ranked) > 1 and counts[ranked[0].key] == counts[ranked[1].key]:
        return None
    return ranked[0] if ranked else None
