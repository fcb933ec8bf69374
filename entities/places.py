"""The bundled gazetteer: readers of the files in `entities/gazetteer`, without Django."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from entities.lexicon import Place

GAZETTEER = Path(__file__).parent / "gazetteer"
PLACES = GAZETTEER / "places.csv"
SUPPLEMENT = GAZETTEER / "supplement.csv"
ADMIN1 = GAZETTEER / "admin1.csv"
DISTRICTS = GAZETTEER / "districts.csv"


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
    districts = _read_districts()
    places = [_place(row, f"gn-{row['geonameid']}", admin1, districts) for row in _rows(PLACES)]
    places += [_place(row, row["key"], admin1, districts) for row in _rows(SUPPLEMENT)]
    return places


def _read_districts() -> dict[tuple[str, str], tuple[str, ...]]:
    """Names of parts of towns, by the town's region and name."""
    return {
        (f"{row['country']}.{row['admin1']}", row["name"]): _split(row["districts"])
        for row in _rows(DISTRICTS)
    }


def _place(
    row: dict[str, str],
    key: str,
    admin1: dict[str, Admin1],
    districts: dict[tuple[str, str], tuple[str, ...]],
) -> GazetteerPlace:
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
        districts=districts.get((region, row["name"]), ()),
    )
    return GazetteerPlace(place, region)


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def _split(names: str) -> tuple[str, ...]:
    return tuple(name for name in names.split("|") if name)
