"""One row a status: a town's over some days, with the claims that brought it about."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, get_args

from django.db.models import Q, QuerySet

from claims.exports.columns import Asked, Column, Table, streamed
from claims.exports.tables.towns import TownsForm, town_columns, towns_of
from claims.models import StatusInterval
from claims.records import as_interval
from claims.status.records import Interval, Status
from entities.models import Place


@dataclass(slots=True)
class TownStatus:
    row: StatusInterval
    interval: Interval

    @property
    def place(self) -> Place:
        return self.row.place


def chosen(asked: Asked) -> QuerySet[StatusInterval]:
    rows = StatusInterval.objects.filter(place__in=towns_of(asked).order_by().values("pk"))
    if asked.get("include_pending") is False:
        rows = rows.filter(include_pending=False)
    if first := asked.get("from"):
        rows = rows.filter(Q(end__isnull=True) | Q(end__gt=first))
    if last := asked.get("to"):
        rows = rows.filter(start__lte=last)
    return rows


def items(asked: Asked, site: str) -> Iterator[TownStatus]:
    """Town by town. One query."""
    order = ("place__name", "place", "include_pending", "part_label", "start")
    with closing(
        streamed(chosen(asked).select_related("place__conflict").order_by(*order))
    ) as rows:
        for row in rows:
            yield TownStatus(row, as_interval(row))


def _of(name: str) -> Callable[[TownStatus], Any]:
    return lambda item: getattr(item.interval, name)


def _several(name: str) -> Callable[[TownStatus], list[str]]:
    return lambda item: list(getattr(item.interval, name))


COLUMNS = (
    *town_columns(lambda item: item.place),
    Column(
        *("geonameid", "integer", "The town's number in GeoNames, if it has one."),
        lambda item: item.place.geonameid,
    ),
    Column(
        *("include_pending", "flag", "Whether claims that nobody verified yet count as well."),
        lambda item: item.row.include_pending,
    ),
    Column(
        *("part", "word", "The part of the town it is of; empty: the town's own."),
        lambda item: item.row.part_label,
    ),
    Column("from", "day", "Its first day.", _of("start")),
    Column(
        *("to", "day", "Its last day; none: it lasts until further claims."),
        lambda item: item.interval.end and item.interval.end - timedelta(days=1),
    ),
    Column("kind", "word", "What it is.", _of("status"), ", ".join(get_args(Status))),
    Column(
        *("status", "text", "The same with whose it is, in words."),
        lambda item: item.interval.text(),
    ),
    Column("sides", "texts", "Who holds or claims it, or contest it.", _several("sides")),
    Column("holder", "word", "Whose town it is or is said to be, if anybody's.", _of("holder")),
    Column("divided", "texts", "Sides whose actors differed in that time.", _several("divided")),
    Column(
        *("by_own_word", "flag", "Held by its own word: claimed without a capture."),
        _of("by_own_word"),
    ),
    Column("rule", "integer", "The rule that it follows from.", _of("rule")),
    Column("rules_version", "word", "The version of the rules.", _of("version")),
    Column(
        *("last_word_on", "day", "When the deciding word was last said; none: it does not age."),
        _of("last_word_on"),
    ),
    Column(
        *("deciding", "texts", "Ids of the claims that brought it about."), _several("deciding")
    ),
)

TABLE = Table(
    name="statuses",
    meaning="One row a status of a town or of a part of it, over some days, from verified claims "
    "and with pending ones: of the towns of the claims that the filter leaves.",
    columns=COLUMNS,
    form=TownsForm,
    items=items,
    count=lambda asked: chosen(asked).count(),
    key="",
)
