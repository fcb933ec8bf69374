"""What a town's drawing on its page has dozens of, as markup round that of `claims.drawing.svg`:
rows, bands, ticks and the signs of the legend.

Built as text rather than by templates, as a town's table is (`claims.pages.town_markup`). What came
from outside is escaped.
"""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from claims.drawing.scale import Tick
from claims.drawing.svg import Markup
from claims.pages.badges import markup as badge
from claims.pages.chart_bands import Band
from claims.pages.lanes import ChartRow
from claims.pages.legend import Entry, StatusEntry
from claims.pages.wording import count


def rows(found: Iterable[ChartRow]) -> Markup:
    """Each named, with how many claims it has."""
    return Markup("\n".join(map(row, found)))


def row(shown: ChartRow) -> Markup:
    """A claimant's, or a whole lane's in one."""
    look = "chart-row dense" if shown.dense else "chart-row"
    return _line(shown.name, look, count(shown.count, "claim"), shown.height, shown.markup)


def bands(found: Iterable[Band]) -> Markup:
    return Markup("\n".join(map(_band, found)))


def _band(band: Band) -> Markup:
    look = "chart-row band part" if band.part else "chart-row band"
    return _line(band.name, look, band.words, band.height, band.markup)


def _line(name: str, look: str, words: str, height: float, drawn: Markup) -> Markup:
    shown = escape(name)
    return Markup(
        f'<div class="{look}"><span class="row-name">{shown}</span>'
        f'<svg class="plot" width="100%" height="{height}" role="group"'
        f' aria-label="{shown}: {escape(words)}">{drawn}</svg></div>'
    )


def grid(ticks: Iterable[Tick]) -> Markup:
    """A line down the whole drawing at each tick."""
    return Markup(
        "".join(f'<line x1="{tick.x}%" x2="{tick.x}%" y1="0" y2="100%"/>' for tick in ticks)
    )


def axis(ticks: Iterable[Tick]) -> Markup:
    """Their days, and below them the years."""
    return Markup("".join(map(_tick, ticks)))


def _tick(tick: Tick) -> str:
    look = "minor" if tick.minor else ""
    day = f'<text class="{look}" x="{tick.x}%" y="14" dx="3">{escape(tick.label)}</text>'
    if not tick.year:
        return day
    return f'{day}<text class="year" x="{tick.x}%" y="29" dx="3">{tick.year}</text>'


def signs(entries: Iterable[Entry]) -> Markup:
    """What marks mean."""
    return Markup("".join(map(_sign, entries)))


def _sign(entry: Entry) -> str:
    return (
        '<li><svg width="26" height="20" aria-hidden="true" focusable="false">'
        '<svg x="13" y="10" width="1" height="1" overflow="visible">'
        f"{entry.markup}</svg></svg> {escape(str(entry.words))}</li>"
    )


def statuses(entries: Iterable[StatusEntry]) -> Markup:
    """What statuses mean."""
    return Markup(
        "".join(
            f'<li>{badge(entry.badge)} <span class="quiet">{escape(str(entry.words))}</span></li>'
            for entry in entries
        )
    )
