"""The one way from conflicts, actors and places, wherever read, to a `Lexicon`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from entities.lexicon import Actor, Allegiance, Conflict, Lexicon, Place, Side


@dataclass(frozen=True, slots=True)
class War:
    """A conflict without its actors and places. `regions`: "UA", or "RU.41" for a part."""

    key: str
    name: str
    regions: tuple[str, ...]
    sides: tuple[Side, ...]


@dataclass(frozen=True, slots=True)
class CataloguedActor:
    """An actor with its allegiances in every conflict, as (conflict's key, allegiance);
    those of `actor` itself are empty."""

    actor: Actor
    allegiances: tuple[tuple[str, Allegiance], ...] = ()


def build_lexicon(
    wars: Iterable[War],
    actors: Iterable[CataloguedActor],
    places: Mapping[str | None, Iterable[Place]],
    conflicts: Collection[str] | None,
) -> Lexicon:
    """The names of some conflicts (all where None), with places by conflict; under None those
    that are in none's regions, which are taken where all conflicts are.

    An actor stands in each conflict in which it is on a side. `common` are those on no side
    anywhere, and the states whose side is in another conflict only: there they are third
    parties. Everything is in the order of its key, sides in the order given.
    """
    selected = {war.key: war for war in wars if conflicts is None or war.key in conflicts}
    taking_part: dict[str, list[Actor]] = defaultdict(list)
    common = []
    for entry in sorted(actors, key=lambda entry: entry.actor.key):
        by_conflict: dict[str, list[Allegiance]] = defaultdict(list)
        for conflict, allegiance in entry.allegiances:
            if conflict in selected:
                by_conflict[conflict].append(allegiance)
        for conflict, allegiances in by_conflict.items():
            ordered = tuple(sorted(allegiances, key=_in_time))
            taking_part[conflict].append(replace(entry.actor, allegiances=ordered))
        if not by_conflict and (not entry.allegiances or entry.actor.kind == "state"):
            common.append(entry.actor)
    return Lexicon(
        conflicts=tuple(
            Conflict(
                key=key,
                name=war.name,
                sides=war.sides,
                actors=tuple(taking_part[key]),
                places=tuple(_in_order(places.get(key, ()))),
            )
            for key, war in sorted(selected.items())
        ),
        common=tuple(common),
        places=tuple(_in_order(places.get(None, ()))) if conflicts is None else (),
    )


def conflict_of(country: str, region: str, wars: Iterable[War]) -> str | None:
    """The key of the conflict whose regions hold this one ("UA.05"), or None."""
    for war in wars:
        if country in war.regions or region in war.regions:
            return war.key
    return None


def _in_order(places: Iterable[Place]) -> list[Place]:
    return sorted(places, key=lambda place: place.key)


def _in_time(allegiance: Allegiance) -> tuple[date, str]:
    return (allegiance.since or date.min, allegiance.side)
