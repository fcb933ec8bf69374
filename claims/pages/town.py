"""The town page: headline, drawing, and the same claims as a table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import QueryDict

from claims.drawing import svg
from claims.drawing.scale import Scale
from claims.drawing.svg import Markup
from claims.models import Claim
from claims.pages import legend
from claims.pages.addresses import Address
from claims.pages.chart import Chart, chart
from claims.pages.chart_bands import Known
from claims.pages.claim_rows import TownRow, town_rows
from claims.pages.claim_table import ClaimTable, claim_table
from claims.pages.comparison import Comparison, as_known, comparison, same_status
from claims.pages.forms import OTHERS, TownDaysForm, TownForm
from claims.pages.headline import Headline, headline
from claims.pages.history import History, PartStatus, histories, part_statuses
from claims.pages.lanes import sign
from claims.pages.wording import day_in_words
from claims.pages.zooms import scale_of
from claims.recorded import end_of
from claims.timeline import Timeline, timeline
from claims.town_claims import TownClaim
from entities.models import Place

FILTERS = ("who", "predicate", "stance", "state", "from_", "to")


@dataclass(frozen=True, slots=True)
class Asked:
    """What a town's address asks for, read: the town as known on the day (`one`) and on the day
    that it is compared with, if any. `rows`: all claims of the later, by id; `chosen`: those to
    show."""

    place: Place
    form: TownForm
    ask: Mapping[str, Any]
    address: Address
    number: str | None
    one: Known
    other: Known | None
    rows: Mapping[str, TownRow]
    chosen: tuple[TownRow, ...]
    scale: Scale | None

    @property
    def shown(self) -> list[Known]:
        return [self.one, self.other] if self.other else [self.one]


@dataclass(frozen=True, slots=True)
class Timetable:
    """The part of the page that another range of days changes: drawing and table. `total`: how
    many claims there are in all."""

    place: Place
    known_on: date | None
    all_href: str
    view_href: str
    svg_href: str
    chart: Chart | None
    table: ClaimTable
    total: int
    definitions: Markup
    mark_legend: tuple[legend.Entry, ...]
    status_legend: tuple[legend.StatusEntry, ...]


@dataclass(frozen=True, slots=True)
class TownPage:
    """`pending`: the headline with pending claims, where it says something else."""

    place: Place
    known_on: date | None
    as_of: date | None
    verified: Headline | None
    pending: Headline | None
    comparison: Comparison | None
    swap: str
    parts: tuple[PartStatus, ...]
    histories: tuple[History, ...]
    timetable: Timetable

    @property
    def total(self) -> int:
        return self.timetable.total


def asked(place: Place, query: QueryDict, *, today: date) -> Asked:
    """Read what `query` asks of `place`; `today` is the day up to which statuses last."""
    days = TownDaysForm(query).ask
    known_on, compare = days["known_on"], days["compare"]
    latest = max(known_on, compare) if known_on and compare else None
    newest = timeline(
        place,
        known_on=known_on if compare is None else latest,
        as_of=end_of(days["as_of"]) if days["as_of"] else None,
    )
    today = newest.last_day(today) if days["as_of"] else today
    form = TownForm(query, sides={key: side.name for key, side in newest.sides.items()})
    ask = form.ask
    rows = town_rows(newest.claims)
    comparing = compare is not None
    one = _known(newest, known_on, today, rows, comparing=comparing)
    scale = scale_of(newest.claims, ask["from"], ask["to"])
    return Asked(
        place=place,
        form=form,
        ask=ask,
        address=Address({name: query.get(name, "") for name in query}),
        number=query.get("page"),
        one=one,
        other=_known(newest, compare, today, rows, comparing=True) if comparing else None,
        rows=rows,
        chosen=tuple(rows[claim.id] for claim in one.line.claims if _fits(claim, ask, scale)),
        scale=scale,
    )


def town_page(asked: Asked, *, history: bool) -> TownPage:
    """`history`: with all statuses there have been, not only the latest."""
    place, known, line = asked.place, asked.one, asked.one.line
    verified = headline(line.verified, line, asked.rows, today=known.today, include_pending=False)
    pending = None
    if not same_status(line, known.today):
        pending = headline(
            line.with_pending, line, asked.rows, today=known.today, include_pending=True
        )
    return TownPage(
        place=place,
        known_on=line.known_on,
        as_of=asked.ask["as_of"],
        verified=verified,
        pending=pending,
        comparison=comparison(known, asked.other, asked.rows) if asked.other else None,
        swap=_swap(asked),
        parts=part_statuses(line, known.today),
        histories=histories(line, asked.rows, whole=history),
        timetable=timetable(asked),
    )


def timetable(asked: Asked) -> Timetable:
    line, own = asked.one.line, asked.place.get_absolute_url()
    table = claim_table(asked.chosen, asked.ask["sort"], asked.number, asked.address)
    hrefs = {row.id: f"#{row.anchor}" for row in table.rows}
    drawing = None
    if asked.scale is not None:
        chosen = {row.id: row for row in asked.chosen}
        drawing = chart(asked.shown, chosen, asked.scale, address=asked.address, hrefs=hrefs)
    return Timetable(
        place=asked.place,
        known_on=line.known_on,
        all_href=asked.address.but(**dict.fromkeys(FILTERS)),
        view_href=asked.address.of(own),
        svg_href=asked.address.of(own + "timeline.svg"),
        chart=drawing,
        table=table,
        total=len(line.claims),
        definitions=svg.definitions(),
        mark_legend=legend.marks(),
        status_legend=legend.statuses(line),
    )


def _known(
    newest: Timeline,
    day: date | None,
    today: date,
    rows: Mapping[str, TownRow],
    *,
    comparing: bool,
) -> Known:
    name = day_in_words(day) if comparing and day else ""
    return Known(as_known(newest, day), min(today, day or today), rows, name)


def _swap(asked: Asked) -> str:
    """The address that shows the two days the other way round."""
    if asked.other is None:
        return ""
    return asked.address.but(
        known_on=asked.other.line.known_on, compare=asked.one.line.known_on or asked.one.today
    )


def _fits(claim: TownClaim, ask: Mapping[str, Any], scale: Scale | None) -> bool:
    if (ask["from"] or ask["to"]) and scale and not sign(claim, "").within(scale):
        return False
    if ask["who"] and (claim.side or OTHERS) != ask["who"]:
        return False
    if ask["state"] and (claim.state == Claim.State.PENDING) != (
        ask["state"] == Claim.State.PENDING
    ):
        return False
    return all(ask[name] in (None, "", getattr(claim, name)) for name in ("predicate", "stance"))
