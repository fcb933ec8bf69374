"""The bundled gazetteer's files: rows that refer to nothing, twins, places out of place."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import cos, hypot, inf, radians
from pathlib import Path

from entities.checking.findings import Finding
from entities.checking.names import mixed_alphabets, stray_characters
from entities.folding import fold

TWIN_KM = 8.0  # two of one name nearer than this are one place
# A place is too far from its division's others if it is this far, and this many times as far
# as from the nearest place of another division.
FAR_KM = 60.0
FAR_TIMES = 3.0
_KM_OF_A_DEGREE = 111.2


@dataclass(frozen=True)  # without slots, for the cache
class Row:
    """A row of one of the gazetteer's files, with its line."""

    path: Path
    line: int
    fields: dict[str, str]

    def finding(self, code: str, reason: str) -> Finding:
        return Finding(self.path, self.line, code, f"{self.fields['name']}: {reason}")

    @property
    def region(self) -> str:
        return f"{self.fields['country']}.{self.fields['admin1']}"

    @property
    def names(self) -> tuple[str, ...]:
        """The usual name and all others; parts of a town are no names of it."""
        others = self.fields.get("names", "").split("|")
        return (self.fields["name"], *(name for name in others if name))

    @cached_property
    def position(self) -> tuple[float, float]:
        """Latitude and longitude in degrees."""
        return float(self.fields["latitude"]), float(self.fields["longitude"])


def check_gazetteer(folder: Path) -> list[Finding]:
    """Everything wrong in the gazetteer's files.

    Raises:
        OSError: where a file cannot be read.
        ValueError, KeyError: where a file is not of its form.
    """
    generated, by_hand = _rows(folder / "places.csv"), _rows(folder / "supplement.csv")
    preferred, districts = _rows(folder / "preferred.csv"), _rows(folder / "districts.csv")
    divisions = {
        f"{row.fields['country']}.{row.fields['code']}" for row in _rows(folder / "admin1.csv")
    }
    bounds = {row.fields["country"]: row for row in _rows(folder / "countries.csv")}
    places = [*generated, *by_hand]
    return [
        *_of_characters([*by_hand, *preferred, *districts]),
        *_of_divisions(places, divisions),
        *_out_of_country(places, bounds),
        *_twins(generated, by_hand),
        *_far(places, by_hand),
        *_lost_preferred(generated, preferred),
        *_lost_districts(places, districts),
    ]


def distance_km(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Roughly, between two positions less than a thousand kilometres apart."""
    east = (one[1] - other[1]) * cos(radians(one[0]))
    return hypot(one[0] - other[0], east) * _KM_OF_A_DEGREE


def _rows(path: Path) -> list[Row]:
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        return [Row(path, reader.line_num, fields) for fields in reader]


def _of_characters(rows: Sequence[Row]) -> Iterator[Finding]:
    for row in rows:
        texts = (*row.names, *row.fields.get("districts", "").split("|"))
        for text in filter(None, texts):
            if text != " ".join(text.split()):
                yield row.finding("characters", f"{text!r} has stray spaces")
            if reason := stray_characters(text):
                yield row.finding("characters", f"{text!r} {reason}")
            if word := mixed_alphabets(text):
                yield row.finding("mixed-alphabets", f"{word!r} mixes alphabets")


def _of_divisions(places: Sequence[Row], divisions: set[str]) -> Iterator[Finding]:
    for row in places:
        if row.region not in divisions:
            yield row.finding("gazetteer-region", f"admin1.csv has no {row.region}")


def _out_of_country(places: Sequence[Row], bounds: dict[str, Row]) -> Iterator[Finding]:
    for row in places:
        country = row.fields["country"]
        if country not in bounds:
            yield row.finding("gazetteer-coordinates", f"countries.csv has no {country}")
            continue
        south, west, north, east = (
            float(bounds[country].fields[side]) for side in ("south", "west", "north", "east")
        )
        latitude, longitude = row.position
        if not (south <= latitude <= north and west <= longitude <= east):
            where = f"{latitude}, {longitude}"
            yield row.finding("gazetteer-coordinates", f"{where} is not in {country}")


def _twins(generated: Sequence[Row], by_hand: Sequence[Row]) -> Iterator[Finding]:
    """Keys that are there twice, and a place by hand that is there by another row."""
    keys: set[str] = set()
    known: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in generated:
        known[row.fields["country"], fold(row.fields["name"])].append(row)
    for row in (*generated, *by_hand):
        key = row.fields.get("key") or f"gn-{row.fields['geonameid']}"
        if key in keys:
            yield row.finding("gazetteer-repeated", f"the key {key} is there twice")
        keys.add(key)
    for row in by_hand:
        names = dict.fromkeys(fold(name) for name in row.names)
        rivals = [other for name in names for other in known[row.fields["country"], name]]
        for other in rivals[:1]:
            if distance_km(row.position, other.position) < TWIN_KM:
                where = f"{other.path.name}:{other.line}"
                yield row.finding("gazetteer-repeated", f"is at {where} too")
        known[row.fields["country"], fold(row.fields["name"])].append(row)


def _far(places: Sequence[Row], by_hand: Sequence[Row]) -> Iterator[Finding]:
    """Places by hand that lie among those of another division of their country."""
    by_country: dict[str, list[Row]] = defaultdict(list)
    for row in places:
        by_country[row.fields["country"]].append(row)
    for row in by_hand:
        nearest = {True: inf, False: inf}  # by whether it is of the same division
        for other in by_country[row.fields["country"]]:
            same = other.region == row.region
            north = abs(row.position[0] - other.position[0]) * _KM_OF_A_DEGREE
            if other is not row and north < nearest[same]:
                nearest[same] = min(nearest[same], distance_km(row.position, other.position))
        if inf > nearest[True] > max(FAR_KM, FAR_TIMES * nearest[False]):
            reason = f"{nearest[True]:.0f} km from every other place of {row.region}"
            yield row.finding("gazetteer-far", reason)


def _lost_preferred(generated: Sequence[Row], preferred: Sequence[Row]) -> Iterator[Finding]:
    by_name: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for place in generated:
        by_name[place.fields["country"], fold(place.fields["name"])].append(place)
    for row in preferred:
        meant = row.fields
        if not any(
            set(map(fold, row.names)) <= set(map(fold, place.names))
            and meant["admin1"] in ("", place.fields["admin1"])
            and meant["geonameid"] in ("", place.fields["geonameid"])
            for place in by_name[meant["country"], fold(meant["name"])]
        ):
            yield row.finding("gazetteer-lost", "places.csv has no such place of these names")


def _lost_districts(places: Sequence[Row], districts: Sequence[Row]) -> Iterator[Finding]:
    known = {(row.region, row.fields["name"]) for row in places}
    for row in districts:
        if (row.region, row.fields["name"]) not in known:
            yield row.finding("gazetteer-lost", f"no such place in {row.region}")
