"""The drawing of a town as a file of its own: everything placed in pixels on one sheet, light,
with title, legend and source."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from claims.drawing.marks import LETTER
from claims.drawing.svg import Markup
from claims.pages import legend
from claims.pages.chart import Chart, chart
from claims.pages.chart_bands import Band
from claims.pages.forms import OTHERS
from claims.pages.headline import headline
from claims.pages.lanes import ChartLane, ChartRow
from claims.pages.town import Asked
from claims.pages.wording import SAID, STANCES, STATES, count, day_in_words

WIDTH, NAMES, MARGIN = 1200.0, 220.0, 20.0  # pixels
TOP, LANE_HEAD, GAP = 78.0, 24.0, 4.0
ENTRY_HEIGHT, ENTRY_COLUMNS = 20.0, 3
NOTHING = Markup("")
STYLE = (
    "text{font:12px system-ui,-apple-system,'Segoe UI',Roboto,'Noto Sans',sans-serif;fill:#1c1f22}"
    ".title{font-size:20px;font-weight:650}.quiet{fill:#5b6167}.lane{font-weight:600}"
    ".grid{stroke:#d9dad4}.rule{stroke:#8b9095}"
    ".unknown .stretch{stroke:#8b9095;stroke-width:1}"
    ".pending .stretch{stroke:#1c1f22;stroke-width:1.5;stroke-dasharray:4 3;fill-opacity:.55}"
    ".ageing{opacity:.68}.stale{opacity:.42}.start{stroke:#1c1f22;stroke-width:1.25}"
    ".stretch-words{font-size:11.5px}.halo{fill:none}.bar{fill:currentColor;fill-opacity:.32}"
    ".neutral{color:#5b6167}"
    ".sign{stroke:currentColor;stroke-width:1.75;stroke-linejoin:round;fill:#fff}"
    ".sign.asserts{fill:currentColor}.sign [transform]{stroke-width:2.75}"
    ".strike{stroke-width:1.75}.strike-ground{stroke:#fff;stroke-width:4}"
    ".mark-words{font-weight:600}"
    ".sign text,.mark text{stroke:none}"
    ".column-ground{fill:none}.column-count{font-size:9px;fill:#5b6167;text-anchor:middle}"
    ".segment{stroke:currentColor;stroke-width:1;fill:currentColor}"
    ".segment.combat{fill-opacity:.4}.segment.denies,.segment.unconfirmed{fill:#fff}"
    ".segment.unconfirmed{stroke-dasharray:2 2}.column-sign{fill:#fff;fill-opacity:1;stroke:none}"
    ".segment.combat .column-sign,.segment.denies .column-sign,"
    ".segment.unconfirmed .column-sign{fill:#1c1f22}"
    ".crosses-ground{fill:#8f9499;fill-opacity:.35}"
    ".crosses-sign{stroke:#5d6267;stroke-width:1.5;fill:none}"
    ".no-fill{stroke:#8b9095}"
)


@dataclass(frozen=True, slots=True)
class Line:
    """A band, a row or a lane's head, from `y` on."""

    name: str
    y: float
    height: float
    markup: Markup = NOTHING
    colour: str = ""
    is_lane: bool = False

    @property
    def name_y(self) -> float:
        return self.y + min(self.height, 20) / 2 + 4


@dataclass(frozen=True, slots=True)
class Entry:
    """One of the legend's, a sign (`markup`) or a status (`fill`)."""

    x: float
    y: float
    words: str
    markup: Markup = NOTHING
    fill: str = ""
    edge: str = ""

    @property
    def sign_x(self) -> float:
        return self.x + 14

    @property
    def sign_y(self) -> float:
        return self.y + 7

    @property
    def words_x(self) -> float:
        return self.x + 36

    @property
    def words_y(self) -> float:
        return self.y + 11


@dataclass(frozen=True, slots=True)
class Note:
    text: str
    y: float


@dataclass(frozen=True, slots=True)
class Sheet:
    title: str
    subtitle: str
    source: tuple[Note, ...]
    lines: tuple[Line, ...]
    entries: tuple[Entry, ...]
    chart: Chart
    axis_y: float
    height: float

    @property
    def plot_height(self) -> float:
        return self.axis_y - TOP


def sheet(asked: Asked, address: str, today: date) -> Sheet | None:
    """The drawing that is asked for, with `address` as its source; None where the town has no
    claims. All lanes and parts are unfolded."""
    if asked.scale is None:
        return None
    chosen = {str(row.claim.id): row for row in asked.chosen}
    drawn = chart(asked.shown, chosen, asked.scale, address=None, hrefs={})
    lines = tuple(_lines(drawn))
    axis_y = (lines[-1].y + lines[-1].height if lines else TOP) + 2
    entries = tuple(_entries(asked, axis_y + 60))
    source_y = (entries[-1].y if entries else axis_y) + 40
    notes = (
        _("Conflict claims, %(address)s, drawn on %(day)s")
        % {"address": address, "day": day_in_words(today)},
        _(
            "A claim is what somebody said, never a finding that it is true. Places: GeoNames,"
            " CC BY 4.0."
        ),
    )
    return Sheet(
        title=_title(asked),
        subtitle=_subtitle(asked, drawn),
        source=tuple(Note(text, source_y + 18 * n) for n, text in enumerate(notes)),
        lines=lines,
        entries=entries,
        chart=drawn,
        axis_y=axis_y,
        height=source_y + 40,
    )


def _title(asked: Asked) -> str:
    line, today = asked.one.line, asked.one.today
    found = headline(line.verified, line, asked.rows, today=today, include_pending=False)
    if found is None:
        return str(asked.place)
    return _("%(town)s: %(status)s since %(day)s") % {
        "town": asked.place,
        "status": found.badge.words,
        "day": found.since,
    }


def _subtitle(asked: Asked, drawn: Chart) -> str:
    parts = [
        _("%(first)s to %(last)s")
        % {"first": day_in_words(drawn.scale.first), "last": day_in_words(drawn.scale.last)},
        count(drawn.count, "claim"),
    ]
    if asked.one.line.known_on:
        parts.append(_("as known on %(day)s") % {"day": day_in_words(asked.one.line.known_on)})
    if asked.other and asked.other.line.known_on:
        other = day_in_words(asked.other.line.known_on)
        parts.append(_("compared with what was known on %(day)s") % {"day": other})
    sides = {key: side.name for key, side in asked.one.line.sides.items()}
    vocabularies: dict[str, Mapping[Any, str | Promise]] = {
        "who": {**sides, OTHERS: _("others")},
        "predicate": SAID,
        "stance": STANCES,
        "state": STATES,
    }
    parts += [
        str(words[asked.ask[name]]) for name, words in vocabularies.items() if asked.ask[name]
    ]
    return " · ".join(parts)


def _lines(drawn: Chart) -> Iterable[Line]:
    y = TOP
    for band in (*drawn.bands, *drawn.parts):
        yield _line(band, y)
        y += band.height + GAP
    for lane in drawn.lanes:
        yield Line(_lane_name(lane), y, LANE_HEAD, colour=lane.colour, is_lane=True)
        y += LANE_HEAD
        for row in (*lane.rows, *lane.more):
            yield _line(row, y)
            y += row.height + GAP


def _line(row: Band | ChartRow, y: float) -> Line:
    return Line(_cut(row.name), y, row.height, row.markup)


def _lane_name(lane: ChartLane) -> str:
    return f"{lane.name} · {count(lane.count, 'claim')}"


def _cut(name: str) -> str:
    """As much of a name as there is room for."""
    most = int((NAMES - MARGIN) / LETTER)
    return name if len(name) <= most else name[: most - 1].rstrip() + "…"


def _entries(asked: Asked, y: float) -> Iterable[Entry]:
    column = (WIDTH - 2 * MARGIN) / ENTRY_COLUMNS
    statuses = legend.statuses(asked.one.line)
    signs = legend.marks()
    entries = [
        *((str(item.badge.words), NOTHING, item.badge.fill) for item in statuses),
        *((str(item.words), item.markup, None) for item in signs),
    ]
    for number, (words, markup, fill) in enumerate(entries):
        yield Entry(
            x=MARGIN + number % ENTRY_COLUMNS * column,
            y=y + number // ENTRY_COLUMNS * ENTRY_HEIGHT,
            words=words,
            markup=markup,
            fill=fill.fill if fill else "",
            edge=fill.edge if fill else "",
        )
