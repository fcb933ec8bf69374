"""Addresses of the same page that ask for something else, and of many rows at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from urllib.parse import urlencode
from uuid import UUID

from django.urls import get_script_prefix, reverse

NOBODY = UUID(int=0)


@dataclass(frozen=True, slots=True)
class Address:
    """What a page was asked for, by the names in its address."""

    asked: Mapping[str, str]

    def but(self, **changes: str | date | None) -> str:
        """The same view but for `changes`, as a relative address; None leaves a name out, and
        `from_` stands for `from`. Which page of a list it was is left out too."""
        told = {name.rstrip("_"): value for name, value in changes.items()}
        asked = {name: value for name, value in self.asked.items() if name != "page"}
        asked |= {name: _text(value) for name, value in told.items()}
        return f"?{urlencode({name: value for name, value in asked.items() if value})}"

    def between(self) -> str:
        """As `but` from `%(first)s` to `%(last)s`: what else is asked is encoded once for all."""
        days = {"from": "%(first)s", "to": "%(last)s"}
        asked = {name: value for name, value in self.asked.items() if name != "page"} | days
        return "?" + "&".join(
            f"{name}={value}" if name in days else urlencode({name: value}).replace("%", "%%")
            for name, value in asked.items()
            if value
        )

    def of(self, path: str) -> str:
        """The same view at `path`."""
        query = self.but()
        return path if query == "?" else path + query


def address_of(name: str, id_: UUID | str) -> str:
    """What `reverse` gives for a page that is named by an id alone: quicker, for hundreds."""
    return _pattern(name, get_script_prefix()) % id_


@lru_cache(maxsize=16)
def _pattern(name: str, prefix: str) -> str:
    return reverse(name, args=[NOBODY]).replace("%", "%%").replace(str(NOBODY), "%s")


def _text(value: str | date | None) -> str:
    return value.isoformat() if isinstance(value, date) else value or ""
