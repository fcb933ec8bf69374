"""A town's timeline as a drawing: its bands, lanes and marks over a range of days."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from claims.drawing.density import bin_days
from claims.drawing.scale import Scale, Tick, ticks
from claims.pages import legend
from claims.pages.addresses import Address
from claims.pages.chart_bands import Band, Known, bands, every_interval, part_bands
from claims.pages.claim_rows import TownRow
from claims.pages.colours import Patterns, patterns_for
from claims.pages.lanes import ChartLane, Plan, lanes
from claims.pages.wording import tick_label
from claims.pages.zooms import Zoom, zooms

MOST_PARTS = 5  # the bands of more parts are folded away


@dataclass(frozen=True, slots=True)
class Chart:
    """`column_days`: how many days a column stands for, where rows are drawn as columns; 0 where
    none is. `count`: the claims that are drawn."""

    scale: Scale
    ticks: tuple[Tick, ...]
    bands: tuple[Band, ...]
    parts: tuple[Band, ...]
    more_parts: tuple[Band, ...]
    lanes: tuple[ChartLane, ...]
    zooms: tuple[Zoom, ...]
    patterns: Patterns
    column_days: int

    @property
    def count(self) -> int:
        return sum(lane.count for lane in self.lanes)


def chart(
    shown: Sequence[Known],
    rows: Mapping[str, TownRow],
    scale: Scale,
    *,
    address: Address | None,
    hrefs: Mapping[str, str],
) -> Chart:
    """`rows`: the claims that are drawn, by id; the bands are of all claims. `shown`: the town
    as asked for, and after it what it is compared with. Without an `address` nothing in the
    drawing leads anywhere, as in a file."""
    known = shown[0]
    about = {side.colour: side.name for side in known.line.sides.values()}
    drawn = lanes(known.line, Plan(scale, address, rows, hrefs, about))
    linked = address is not None
    parts = part_bands(known, scale, linked=linked)
    most = MOST_PARTS if linked else len(parts)
    return Chart(
        scale=scale,
        ticks=ticks(scale, tick_label),
        bands=tuple(band for one in shown for band in bands(one, scale, linked=linked)),
        parts=parts[:most],
        more_parts=parts[most:],
        lanes=drawn,
        zooms=tuple(zooms(known.line.claims, scale, address)) if address else (),
        patterns=_patterns(shown),
        column_days=bin_days(scale) if any(_dense(lane) for lane in drawn) else 0,
    )


def _dense(lane: ChartLane) -> bool:
    return any(row.dense for row in (*lane.rows, *lane.more))


def _patterns(shown: Sequence[Known]) -> Patterns:
    line = shown[0].line
    colours = {key: side.colour for key, side in line.sides.items()}
    found = [
        interval
        for known in shown
        for status in (known.line.verified, known.line.with_pending)
        for interval in every_interval(status)
    ]
    return patterns_for((interval, colours) for interval in (*found, *legend.examples(line)))
