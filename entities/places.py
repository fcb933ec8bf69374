"""The bundled gazetteer: readers of the files in `entities/gazetteer`, without Django."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from entities.folding import fold
from entities.lexicon import Place

GAZETTEER = Path(__file__).parent / "gazetteer"
PLACES = GAZETTEER / "places.csv"
SUPPLEMENT = GAZETTEER / "supplement.csv"
ADMIN1 = GAZETTEER / "admin1.csv"


@dataclass(frozen=True, slots=True)
class Admin1:
    """A first-level division: its usual English name, and other ways to write it."""

    name: str
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class GazetteerPlace:
    """A place and its region's code ("UA.05"), by which it belongs to a conflict."""

    place: Place
    region: str


def read_admin1() -> dict[str, Admin1]:
    """The first-level divisions by region code ("UA.05")."""
    return {
        f"{row['country']}.{row['code']}": Admin1(row["name"], _split(row["names"]))
        for row in _rows(ADMIN1)
    }


def read_places() -> list[GazetteerPlace]:
    """Every place of the bundled gazetteer and its supplement."""
    admin1 = read_admin1()
    places = [_place(row, f"gn-{row['geonameid']}", admin1) for row in _rows(PLACES)]
    supplement = list(_rows(SUPPLEMENT))
    repeated = Counter((row["country"], fold(row["name"])) for row in supplement)
    for row in supplement:
        key = f"{fold(row['name']).replace(' ', '-')}-{row['country'].lower()}"
        if repeated[row["country"], fold(row["name"])] > 1:
            key += f"-{row['admin1'].lower()}"
        places.append(_place(row, key, admin1))
    return places


def _place(row: dict[str, str], key: str, admin1: dict[str, Admin1]) -> GazetteerPlace:
    region = f"{row['country']}.{row['admin1']}"
    division = admin1.get(region)
    geonameid = row.get("geonameid")
    place = Place(
        key=key,
        name=row["name"],
        names=tuple(dict.fromkeys((row["name"], *_split(row["names"])))),
        country=row["country"],
        admin1=division.name if division else "",
        admin1_names=division.names if division else (),
        latitude=float(row["latitude"]),
        longitude=float(row["longitude"]),
        population=int(row["population"]),
        geonameid=int(geonameid) if geonameid else None,
        districts=_split(row.get("districts", "")),
    )
    return GazetteerPlace(place, region)


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def _split(names: str) -> tuple[str, ...]:
    return tuple(name for name in names.split("|") if name)
