"""The names that extraction knows: one immutable record, without Django.

Built from the database (`entities.names.lexicon_from_database`) or from packs and the
bundled gazetteer (`entities.packs.lexicon_from_packs`), so that both know the same names.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

ActorKind = Literal[
    "state",  # a country spoken of as one ("Kyiv said")
    "government",
    "ministry",
    "army",
    "unit",  # part of an army
    "movement",  # an armed movement that speaks for itself
    "region",  # a region's governor or administration
    "city",  # a mayor or a city's administration
    "publisher",
    "monitor",  # analysts, observers, think-tanks
    "organisation",  # the UN, aid groups
    "people",  # residents, witnesses
]


@dataclass(frozen=True, slots=True)
class Side:
    """One of a conflict's warring sides. `key` is its short name, as in the codebook."""

    key: str
    name: str
    colour: str  # "#rrggbb"


@dataclass(frozen=True, slots=True)
class Speaker:
    """A person who speaks for an actor; `names` holds every spelling, the usual one first."""

    names: tuple[str, ...]
    role: str = ""
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Allegiance:
    """The side an actor is on in one conflict, between two days (open where None)."""

    side: str
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Actor:
    """Who makes or is the subject of a claim.

    `names` holds every spelling, the usual English one first; `demonyms` are the adjectives
    and peoples that stand for it ("Russian", "Russians"); `metonyms` are places that do
    ("Moscow said"), which count only where they speak or act. `parent` is the key of the
    actor that it belongs to. `official`: its word can concede a town for its side.
    """

    key: str
    name: str
    kind: ActorKind
    names: tuple[str, ...]
    demonyms: tuple[str, ...] = ()
    metonyms: tuple[str, ...] = ()
    parent: str | None = None
    official: bool = False
    allegiances: tuple[Allegiance, ...] = ()
    speakers: tuple[Speaker, ...] = ()

    def side_on(self, day: date) -> str | None:
        """The key of its side on `day`, or None where it is on none."""
        for allegiance in self.allegiances:
            if (allegiance.since is None or allegiance.since <= day) and (
                allegiance.until is None or day <= allegiance.until
            ):
                return allegiance.side
        return None


@dataclass(frozen=True, slots=True)
class Place:
    """A populated place. `names` holds every spelling, the most usual English one first."""

    key: str
    name: str
    names: tuple[str, ...]
    country: str  # ISO 3166-1 alpha-2
    admin1: str = ""  # name of the first-level division
    admin1_names: tuple[str, ...] = ()
    latitude: float | None = None
    longitude: float | None = None
    population: int = 0
    geonameid: int | None = None
    districts: tuple[str, ...] = ()  # names of parts of it, by which a text may mean it


@dataclass(frozen=True, slots=True)
class Conflict:
    """A war: its sides and its actors. Places belong to it by their `country` (and region)."""

    key: str
    name: str
    sides: tuple[Side, ...]
    actors: tuple[Actor, ...]
    places: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class Lexicon:
    """All names, by conflict; `common` holds the actors that are on no side of any conflict
    (the UN, the United States, the Institute for the Study of War …), `places` those in no
    conflict's regions."""

    conflicts: tuple[Conflict, ...]
    common: tuple[Actor, ...] = ()
    places: tuple[Place, ...] = ()
