"""Town cases: claims with their actors as JSON in, status bands as JSON out.

A file is a list of towns: `town`, `sides`, `from` and `to` (the window shown), `actors` (by
key: `side`, `official`), `publishers` (keys of those that are), and `claims` in the
codebook's terms. Dates may be shorter than a day (`2023-01`).
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any, TypedDict, get_args

from claims.extraction.records import Extent, Precision, Predicate, Stance
from claims.status.engine import derive
from claims.status.records import StatusActor, StatusClaim, TownStatus
from claims.status.rule_sets import V1, RuleSet

DATE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")


class CaseError(ValueError):
    """The input is not a case; the message names the town, where known, and the field."""


class ShownBand(TypedDict):
    """A status from a day (ISO 8601) on, and the number of the rule that gave it."""

    status: str
    rule: int


@dataclass(frozen=True, slots=True)
class Case:
    town: str
    actors: Mapping[str, StatusActor]
    claims: tuple[StatusClaim, ...]
    start: date | None
    end: date | None


class Fields:
    """A JSON object's fields, read one by one; `where` leads there, for errors."""

    def __init__(self, value: Any, where: str) -> None:
        if not isinstance(value, dict):
            raise CaseError(f"{where}: expected an object, found {_shown(value)}")
        self.value: dict[str, Any] = value
        self.where = where

    def error(self, name: str, problem: str) -> CaseError:
        return CaseError(f"{self.where}: {name}: {problem}")

    def text(self, name: str) -> str:
        value = self.value.get(name)
        if not isinstance(value, str) or not value:
            raise self.error(name, f"expected a text, found {_shown(value)}")
        return value

    def optional(self, name: str) -> str | None:
        return None if self.value.get(name) in (None, "") else self.text(name)

    def flag(self, name: str) -> bool:
        value = self.value.get(name, False)
        if not isinstance(value, bool):
            raise self.error(name, f"expected true or false, found {_shown(value)}")
        return value

    def items(self, name: str) -> list[Any]:
        value = self.value.get(name, [])
        if not isinstance(value, list):
            raise self.error(name, f"expected a list, found {_shown(value)}")
        return value

    def choice(self, name: str, vocabulary: Any, default: str | None = None) -> Any:
        """One of a Literal's words."""
        value = self.value.get(name)
        if value is None and default is not None:
            return default
        if value not in get_args(vocabulary):
            known = ", ".join(get_args(vocabulary))
            raise self.error(name, f"{_shown(value)} is none of {known}")
        return value

    def day(self, name: str) -> tuple[date, Precision]:
        """A date's first day, and the precision that its length shows."""
        text = self.text(name)
        match = DATE.fullmatch(text)
        if match is None:
            raise self.error(name, f"{_shown(text)} is no date")
        year, month, day = match.groups()
        try:
            first = date(int(year), int(month or 1), int(day or 1))
        except ValueError as error:
            raise self.error(name, f"{_shown(text)} is no date ({error})") from error
        return first, "day" if day else "month" if month else "year"

    def dated(self, name: str, precision_name: str) -> tuple[date, Precision]:
        """A date with its precision: the stated one, or what its length shows."""
        day, shown = self.day(name)
        return day, self.choice(precision_name, Precision, shown)

    def time(self, name: str) -> date | datetime:
        text = self.text(name)
        try:
            return datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)
        except ValueError as error:
            raise self.error(name, f"{_shown(text)} is no date or time") from error


def load(text: str) -> list[Case]:
    """The cases in a JSON text. Raises CaseError."""
    try:
        towns = json.loads(text)
    except json.JSONDecodeError as error:
        raise CaseError(f"line {error.lineno}: not JSON: {error.msg}") from error
    if not isinstance(towns, list):
        raise CaseError(f"expected a list of towns, found {_shown(towns)}")
    return [case(town, number) for number, town in enumerate(towns, 1)]


def case(town: Any, number: int) -> Case:
    """One town; `number` is its place in the list, for one without a name."""
    name = Fields(town, f"town {number}").text("town")
    fields = Fields(town, name)
    sides = frozenset(str(side) for side in fields.items("sides"))
    actors = _actors(fields, sides)
    claims = tuple(
        _claim(Fields(value, f"{name}: claims[{index}]"), f"{index:06d}", actors, sides)
        for index, value in enumerate(fields.items("claims"))
    )
    return Case(
        town=name,
        actors=actors,
        claims=claims,
        start=fields.day("from")[0] if fields.optional("from") else None,
        end=fields.day("to")[0] if fields.optional("to") else None,
    )


def status_of(case: Case, rules: RuleSet = V1) -> TownStatus:
    """The case's status, up to the end of its window."""
    return derive(case.claims, case.actors, rules, until=case.end)


def shown(case: Case, rules: RuleSet = V1) -> dict[str, Any]:
    """`{"town": …, "bands": [{"from": day, "status": text, "rule": number}]}` in the case's
    window: each band differs from the one before, and holds until the next."""
    bands = status_of(case, rules).bands
    rows: list[tuple[date, ShownBand]] = [
        (band.start, {"status": band.text(), "rule": band.rule}) for band in bands
    ]
    if case.start is not None:
        # What holds when the window opens is shown from then on: unknown before any word.
        before = [band for start, band in rows if start <= case.start]
        opening: ShownBand = before[-1] if before else {"status": "unknown", "rule": 5}
        rows = [(case.start, opening), *(row for row in rows if row[0] > case.start)]
    merged = [next(group) for _, group in groupby(rows, key=lambda row: row[1])]
    return {
        "town": case.town,
        "bands": [{"from": start.isoformat(), **band} for start, band in merged],
    }


def _actors(fields: Fields, sides: frozenset[str]) -> dict[str, StatusActor]:
    publishers = frozenset(str(key) for key in fields.items("publishers"))
    listed = Fields(fields.value.get("actors", {}), f"{fields.where}: actors").value
    actors = {key: StatusActor(key, is_publisher=True) for key in publishers}
    for key, value in listed.items():
        actor = Fields(value, f"{fields.where}: actors.{key}")
        actors[key] = StatusActor(
            key=key,
            side=_side(actor, "side", sides),
            official=actor.flag("official"),
            is_publisher=key in publishers,
        )
    return actors


def _claim(
    fields: Fields, id_: str, actors: Mapping[str, StatusActor], sides: frozenset[str]
) -> StatusClaim:
    claimant = fields.optional("claimant")
    if claimant is not None and claimant not in actors:
        raise fields.error("claimant", f"{_shown(claimant)} is not among the actors")
    asserted_on, asserted_precision = fields.dated("asserted_on", "asserted_precision")
    event_date, event_precision = (
        fields.dated("event_date", "event_precision")
        if fields.optional("event_date")
        else (None, None)
    )
    return StatusClaim(
        id=fields.optional("id") or id_,
        claimant=claimant,
        claimant_side=_side(fields, "claimant_side", sides),
        speaker=fields.optional("speaker") or "",
        stance=fields.choice("stance", Stance),
        predicate=fields.choice("predicate", Predicate),
        subject_side=_side(fields, "subject_side", sides),
        extent=fields.choice("extent", Extent, "whole"),
        part_label=fields.optional("part_label") or "",
        asserted_on=asserted_on,
        asserted_precision=asserted_precision,
        event_date=event_date,
        event_precision=event_precision,
        published=fields.time("published"),
        family=fields.optional("family"),
        document=fields.optional("document") or "",
    )


def _side(fields: Fields, name: str, sides: frozenset[str]) -> str | None:
    side = fields.optional(name)
    if side is not None and side not in sides:
        raise fields.error(name, f"{_shown(side)} is not among the sides")
    return side


def _shown(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 60 else f"{text[:60]}…"
