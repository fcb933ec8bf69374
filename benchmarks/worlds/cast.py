"""Who and what there is in a world: wars with their sides, those who speak, towns, newspapers.
All names are made up, and so is where things lie: the coordinates are of empty land."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from uuid import UUID

# slug, name, latitudes, longitudes, sides as (key, name, colour)
CONFLICTS = (
    (
        "dolmar",
        "Dolmar war",
        (-27.0, -21.5),
        (122.0, 134.0),
        (("north", "North Dolmar", "#0072b2"), ("south", "South Dolmar", "#d55e00")),
    ),
    (
        "estrany",
        "Estrany civil war",
        (21.0, 26.0),
        (-4.0, 8.0),
        (
            ("government", "Estrany", "#0072b2"),
            ("river", "River Front", "#d55e00"),
            ("hills", "Hill League", "#009e73"),
        ),
    ),
    (
        "velany",
        "Velany border war",
        (60.0, 66.0),
        (-120.0, -100.0),
        (("velany", "Velany", "#b3589a"), ("orm", "Orm", "#009e73")),
    ),
)
# What each side has: name, kind, official, its men.
VOICES = (
    ("{side}", "state", True, "forces"),
    ("{side} Army", "army", True, "troops"),
    ("{side} Ministry of Defence", "ministry", True, "units"),
    ("{side} Border Command", "army", True, "soldiers"),
    ("{side} Volunteer Brigade", "unit", False, "fighters"),
    ("{side} Guard", "unit", False, "men"),
)
THIRD_PARTIES = (
    ("Republic of Aster", "state", True),
    ("Kingdom of Berenn", "state", True),
    ("Council of Seven Ports", "organisation", False),
    ("Front Line Monitor", "monitor", False),
    ("Sandglass Map Desk", "monitor", False),
)
PAPERS = ("Courier", "Herald", "Post", "Gazette", "Telegraph", "Observer", "Tribune", "Mirror")
OFFSETS = (0, 0, 60, 120, 180, -300)  # minutes from UTC
ONSETS = (
    "B",
    "Br",
    "D",
    "Dr",
    "F",
    "G",
    "Gr",
    "H",
    "K",
    "Kr",
    "L",
    "M",
    "N",
    "P",
    "R",
    "S",
    "Sk",
    "St",
    "T",
    "Tr",
    "V",
    "Z",
)
MIDDLES = ("a", "e", "i", "o", "u", "ar", "or", "en", "el", "ov", "in", "au")
JOINTS = ("b", "d", "g", "k", "l", "m", "n", "r", "s", "t", "v", "z", "lm", "nd", "rk", "st")
ENDINGS = ("a", "en", "ino", "itz", "ka", "ow", "und", "ova", "esh", "il", "ary", "or")
CYRILLIC = str.maketrans("abdefghiklmnoprstuvwyz", "абдефгхиклмнопрстуввйз")
ALONE = 0.04  # of the towns lie in no war that anybody has named


@dataclass(frozen=True, slots=True)
class Voice:
    """One who makes claims. `side` None: a third party."""

    id: UUID
    name: str
    kind: str
    official: bool
    men: str
    side: str | None
    parent: UUID | None


@dataclass(frozen=True, slots=True)
class War:
    """`sides`: keys of sides with those who speak for each; the first is the side itself."""

    id: UUID
    slug: str
    name: str
    latitudes: tuple[float, float]
    longitudes: tuple[float, float]
    colours: dict[str, tuple[str, str]]  # side → name, colour
    sides: dict[str, tuple[Voice, ...]]


@dataclass(frozen=True, slots=True)
class Town:
    """`in_war` is False for one that lies in no war of the database; `war` is then the one
    whose parties speak about it all the same."""

    id: UUID
    name: str
    other_names: tuple[str, ...]
    war: War
    in_war: bool
    province: str
    latitude: float
    longitude: float
    population: int


@dataclass(frozen=True, slots=True)
class Paper:
    """A publisher and its habit: how much it writes (`weight`), from and until when (days of
    the world), and on which day of the week (None: on any)."""

    id: UUID
    name: str
    offset: int
    weight: float
    since: int
    until: int | None
    weekday: int | None


@dataclass(frozen=True, slots=True)
class Cast:
    wars: tuple[War, ...]
    third_parties: tuple[Voice, ...]
    towns: tuple[Town, ...]
    papers: tuple[Paper, ...]


def make_id(draw: random.Random, at: datetime) -> UUID:
    """A UUID of version 7 for a moment, drawn from the world's seed."""
    milliseconds = int(at.timestamp() * 1000)
    number = (milliseconds << 80) | draw.getrandbits(80)
    number = number & ~(0xF << 76) | 7 << 76
    return UUID(int=number & ~(3 << 62) | 2 << 62)


def make_cast(draw: random.Random, *, towns: int, papers: int, first: date, days: int) -> Cast:
    at = datetime.combine(first, time(), UTC)
    names = made_up_names(draw)
    wars = tuple(_war(draw, at, one) for one in CONFLICTS)
    third = tuple(
        Voice(make_id(draw, at), name, kind, official, "observers", None, None)
        for name, kind, official in THIRD_PARTIES
    )
    provinces = {war.slug: [f"{next(names)} Province" for _ in range(6)] for war in wars}
    # Towns last: whatever their number, the papers are the same, and the first towns.
    written = tuple(_papers(draw, at, names, papers, days))
    places = tuple(_town(draw, at, next(names), wars, provinces) for _ in range(towns))
    return Cast(wars, third, places, written)


def made_up_names(draw: random.Random) -> Iterator[str]:
    """Names of towns, each once. More syllables once the short ones run out."""
    known: set[str] = set()
    tries = 0
    while True:
        syllables = 1 + (tries > 2000) + (tries > 200_000)
        name = draw.choice(ONSETS) + draw.choice(MIDDLES)
        for _ in range(syllables):
            name += draw.choice(JOINTS) + draw.choice(MIDDLES)
        name += draw.choice(JOINTS) + draw.choice(ENDINGS)
        tries += 1
        if name not in known:
            known.add(name)
            yield name


def _war(draw: random.Random, at: datetime, one: tuple) -> War:
    slug, name, latitudes, longitudes, sides = one
    voices = {}
    for key, side, _ in sides:
        made: list[Voice] = []
        for words, kind, official, men in VOICES:
            parent = made[0].id if made else None
            kind = (
                "movement" if kind == "state" and side.split()[-1] in ("Front", "League") else kind
            )
            made.append(
                Voice(make_id(draw, at), words.format(side=side), kind, official, men, key, parent)
            )
        voices[key] = tuple(made)
    colours = {key: (side, colour) for key, side, colour in sides}
    return War(make_id(draw, at), slug, name, latitudes, longitudes, colours, voices)


def _town(
    draw: random.Random,
    at: datetime,
    name: str,
    wars: tuple[War, ...],
    provinces: dict[str, list[str]],
) -> Town:
    war = draw.choices(wars, (6, 3, 2))[0]
    others = [name.translate(CYRILLIC).lower().translate(CYRILLIC).title()]
    if draw.random() < 0.4:
        others.append(name.replace("k", "c").replace("v", "w") + draw.choice(("", "o", "e")))
    return Town(
        make_id(draw, at),
        name,
        tuple(other for other in dict.fromkeys(others) if other != name),
        war,
        draw.random() >= ALONE,
        draw.choice(provinces[war.slug]),
        round(draw.triangular(*war.latitudes), 5),
        round(draw.triangular(*war.longitudes), 5),
        int(draw.lognormvariate(8.5, 1.3)),
    )


def _papers(
    draw: random.Random, at: datetime, names: Iterator[str], count: int, days: int
) -> Iterator[Paper]:
    """The first few write most. Some fall silent some weeks before the end, some began late."""
    for number in range(count):
        since = draw.randrange(days // 2) if number % 7 == 3 else 0
        until = days - draw.randrange(12, 60) if number % 6 == 4 else None
        weekday = draw.randrange(7) if number % 5 == 2 and number > 4 else None
        yield Paper(
            make_id(draw, at),
            f"{next(names)} {PAPERS[number % len(PAPERS)]}",
            draw.choice(OFFSETS),
            1 / (number + 1) ** 0.8,
            since,
            until,
            weekday,
        )
