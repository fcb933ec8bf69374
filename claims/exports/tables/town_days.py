"""One row a town and day, in the form of VIINA's files of territorial control.

VIINA (Zhukov and Ayers, Violent Incident Information from News Articles, 2022 and 2023,
https://github.com/zhukovyuri/VIINA) has a row for each populated place, by its number in GeoNames,
and day, with the status by each of its sources and the one that they come to. Only that form is
taken from there, and none of its data.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from typing import Any, get_args
from uuid import UUID

from django.db.models import Q

from claims.exports.columns import Asked, Column, Table, batched, streamed
from claims.exports.tables.towns import Span, TownsForm, code_of, span_of, town_columns, towns_of
from claims.models import StatusInterval
from claims.status.records import Status
from entities.models import Place

TOWNS = 200  # whose intervals are read at once
CONTESTED = "CONTESTED"


@dataclass(slots=True)
class TownDay:
    """A town on a day, with the status from verified claims and that with pending ones."""

    place: Place
    day: date
    verified: StatusInterval | None
    with_pending: StatusInterval | None


def items(asked: Asked, site: str) -> Iterator[TownDay]:
    """Town by town, each from its first day to its last. Two queries for each 200 towns."""
    span = span_of(asked)
    if span is None:
        return
    with closing(streamed(towns_of(asked).select_related("conflict"))) as towns:
        for batch in batched(towns, TOWNS):
            intervals = _intervals(batch, span)
            for place in batch:
                yield from _days(place, span, intervals)


def count(asked: Asked) -> int:
    span = span_of(asked)
    return span.days * towns_of(asked).count() if span else 0


Slot = tuple[UUID, bool]  # a town, and whether pending claims count


def _intervals(places: list[Place], span: Span) -> dict[Slot, list[StatusInterval]]:
    """The towns' own intervals in these days, in their order."""
    found: dict[Slot, list[StatusInterval]] = defaultdict(list)
    rows = StatusInterval.objects.filter(
        Q(end__isnull=True) | Q(end__gt=span.first),
        place__in=places,
        part_label="",
        start__lte=span.last,
    )
    for row in rows.order_by("start").defer("word_days", "deciding"):
        found[row.place_id, row.include_pending].append(row)
    return found


def _days(
    place: Place, span: Span, intervals: dict[Slot, list[StatusInterval]]
) -> Iterator[TownDay]:
    verified = _by_day(intervals.get((place.pk, False), []), span)
    with_pending = _by_day(intervals.get((place.pk, True), []), span)
    for number, (one, other) in enumerate(zip(verified, with_pending, strict=True)):
        yield TownDay(place, span.day(number), one, other)


def _by_day(intervals: list[StatusInterval], span: Span) -> Iterator[StatusInterval | None]:
    """The interval in force on each day of the span; None before the first."""
    left = iter(intervals)
    now, following = None, next(left, None)
    for number in range(span.days):
        day = span.day(number)
        while following is not None and following.start <= day:
            now, following = following, next(left, None)
        yield now if now is not None and (now.end is None or day < now.end) else None


def status(interval: StatusInterval | None) -> str:
    """In VIINA's words: whose it is, or CONTESTED; empty where nothing follows."""
    if interval is None or interval.status == "unknown":
        return ""
    if interval.status in ("contested", "fought-over"):
        return CONTESTED
    return code_of(interval.sides[0])


Which = Callable[[TownDay], StatusInterval | None]


def _verified(item: TownDay) -> StatusInterval | None:
    return item.verified


def _with_pending(item: TownDay) -> StatusInterval | None:
    return item.with_pending


def _of(which: Which, name: str) -> Callable[[TownDay], Any]:
    def value(item: TownDay) -> Any:
        interval = which(item)
        return None if interval is None else getattr(interval, name)

    return value


_CODES = "a country's code (UA, RU), else a side's key in capitals (SAF, RSF); CONTESTED; empty"
_WHOSE = (
    "Whether a side only claims the town or the other has conceded it is in `kind`; who holds a "
    "town that is fought over, and who contests it, in `sides`."
)
_KINDS = ", ".join(get_args(Status))
COLUMNS = (
    Column(
        *("geonameid", "integer", "The town's number in GeoNames, as in VIINA."),
        lambda item: item.place.geonameid,
        lossy="None for towns that no gazetteer has; VIINA has none of these. See `town_id`.",
    ),
    Column(
        *("date", "integer", "The day, as VIINA writes it."),
        lambda item: item.day.year * 10_000 + item.day.month * 100 + item.day.day,
        "YYYYMMDD",
    ),
    Column(
        *("status_verified", "word", "Whose the town is, by claims that editors verified."),
        lambda item: status(item.verified),
        *(_CODES, _WHOSE),
    ),
    Column(
        *("status_with_pending", "word", "The same with claims that nobody verified yet."),
        lambda item: status(item.with_pending),
        *(_CODES, _WHOSE),
    ),
    Column(
        *("status", "word", "What the columns before come to: the same as `status_verified`."),
        lambda item: status(item.verified),
        *(_CODES, "VIINA's is what most of its sources say."),
    ),
    Column("day", "day", "The day.", lambda item: item.day),
    Column("kind", "word", "The status in the codebook's words.", _of(_verified, "status"), _KINDS),
    Column(
        *("kind_with_pending", "word", "The same with pending claims."),
        *(_of(_with_pending, "status"), _KINDS),
    ),
    Column(
        *("sides", "texts", "Who holds or claims it, or contest it: sides' keys."),
        lambda item: item.verified.sides if item.verified else [],
    ),
    Column(
        *("sides_with_pending", "texts", "The same with pending claims."),
        lambda item: item.with_pending.sides if item.with_pending else [],
    ),
    Column("rule", "integer", "The rule that the status follows from.", _of(_verified, "rule")),
    Column("rules_version", "word", "The version of the rules.", _of(_verified, "version")),
    *town_columns(lambda item: item.place),
)

TABLE = Table(
    name="town-days",
    meaning="One row a town and day, in the form of VIINA's files of territorial control: the "
    "towns of the claims that the filter leaves, from the day `from` to the day `to`, by default "
    "those of the first and last of these claims.",
    columns=COLUMNS,
    form=TownsForm,
    items=items,
    count=count,
    key="",
)
