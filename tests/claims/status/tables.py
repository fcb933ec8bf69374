"""Claims as compact tables, and what follows from them as lines.

A line is `DAY CLAIMANT [denies|unconfirmed] PREDICATE [SIDE] [key=value …]`. A day of the
form `03-01` is of the year 2030. Keys: `part`, `event`, `asserted` (a precision), `published`,
`family`, `document`, `speaker` (underscores are spaces). `event` and `DAY` may be followed by
`/week`, `/month` or `/year`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, get_args

from claims.extraction.records import Precision, Stance
from claims.status.days import published_day
from claims.status.engine import derive
from claims.status.records import Interval, StatusActor, StatusClaim, TownStatus
from claims.status.rule_sets import V1, RuleSet

# Made up: two sides and a third, with actors who can and cannot concede, and outsiders.
ACTORS = {
    actor.key: actor
    for actor in (
        StatusActor("RedArmy", "red", official=True),
        StatusActor("RedMinistry", "red", official=True),
        StatusActor("RedMilitia", "red"),
        StatusActor("BlueArmy", "blue", official=True),
        StatusActor("BlueMinistry", "blue", official=True),
        StatusActor("BlueMayor", "blue"),
        StatusActor("GreenArmy", "green", official=True),
        StatusActor("Observer"),
        StatusActor("Monitor"),
        StatusActor("Gazette", is_publisher=True),
        StatusActor("Herald", is_publisher=True),
    )
}


def known_on(rows: Iterable[StatusClaim], day: date) -> list[StatusClaim]:
    """What could be known on `day`, as callers choose it for the rules."""
    return [row for row in rows if published_day(row) <= day]


def day(text: str) -> date:
    return date.fromisoformat(text if len(text) == 10 else f"2030-{text}")


def claims(table: str) -> list[StatusClaim]:
    """The table's claims; a claim's id is its line's number, from 1."""
    lines = [line.split() for line in table.strip().splitlines() if line.strip()]
    return [_claim(str(number), *line) for number, line in enumerate(lines, 1)]


def status(
    table: str,
    actors: Mapping[str, StatusActor] = ACTORS,
    rules: RuleSet = V1,
    until: str | None = None,
) -> TownStatus:
    return derive(claims(table), actors, rules, until=day(until) if until else None)


def story(table: str, **options: Any) -> list[str]:
    """The bands as lines: day of the year 2030 (or whole day), then the status in words."""
    return lines(status(table, **options).bands)


def lines(bands: tuple[Interval, ...]) -> list[str]:
    return [f"{band.start.isoformat().removeprefix('2030-')} {band.text()}" for band in bands]


def _dated(text: str) -> tuple[date, Precision]:
    on, _, precision = text.partition("/")
    precisions: dict[str, Precision] = {name: name for name in get_args(Precision)}
    return day(on), precisions[precision or "day"]


def _claim(id_: str, on: str, claimant: str, *words: str) -> StatusClaim:
    plain = [word for word in words if "=" not in word]
    keys = dict(word.split("=", 1) for word in words if "=" in word)
    stance: Any = plain.pop(0) if plain[0] in get_args(Stance) else "asserts"
    predicate: Any = plain.pop(0)
    asserted_on, asserted_precision = _dated(on)
    event_date, event_precision = _dated(keys.pop("event")) if "event" in keys else (None, None)
    label = keys.pop("part", None)
    return StatusClaim(
        id=id_,
        claimant=None if claimant == "-" else claimant,
        stance=stance,
        predicate=predicate,
        subject_side=plain.pop(0) if plain else None,
        asserted_on=asserted_on,
        asserted_precision=asserted_precision,
        event_date=event_date,
        event_precision=event_precision,
        published=day(keys.pop("published")) if "published" in keys else asserted_on,
        extent="whole" if label is None else "part",
        part_label=(label or "").replace("_", " "),
        speaker=keys.pop("speaker", "").replace("_", " "),
        family=keys.pop("family", None),
        document=keys.pop("document", ""),
    )
