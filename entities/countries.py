"""The world's countries and what texts call them, without Django."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

COUNTRIES = Path(__file__).with_name("countries.csv")


@dataclass(frozen=True, slots=True)
class Country:
    """A country by its ISO 3166-1 alpha-2 `code`. `name` is the usual English one, `names` are
    others; `demonyms` the adjectives and peoples; `capitals` the cities that stand for its
    government ("N'Djamena said")."""

    code: str
    name: str
    names: tuple[str, ...]
    demonyms: tuple[str, ...]
    capitals: tuple[str, ...]


@lru_cache(maxsize=1)
def countries() -> tuple[Country, ...]:
    """All countries, in the order of their codes."""
    with COUNTRIES.open(encoding="utf-8", newline="") as file:
        return tuple(
            Country(
                row["code"],
                row["name"],
                _split(row["names"]),
                _split(row["demonyms"]),
                _split(row["capitals"]),
            )
            for row in csv.DictReader(file)
        )


def country_name(code: str) -> str:
    """The usual English name of the country with this code; "" where there is none."""
    return _names().get(code, "")


@lru_cache(maxsize=1)
def _names() -> dict[str, str]:
    return {country.code: country.name for country in countries()}


def _split(names: str) -> tuple[str, ...]:
    return tuple(name for name in names.split("|") if name)
