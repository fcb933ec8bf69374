"""A town's timeline as a drawing: its bands, lanes and marks over a range of days."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from claims.derive import side_of
from claims.drawing.bands import Stretch, stretches
from claims.drawing.marks import LETTER, NARROWEST, Mark, RowDrawing, Sign, row
from claims.drawing.scale import Scale, Tick, ticks
from claims.models import Claim
from claims.pages import legend
from claims.pages.claim_rows import ClaimRow
from claims.pages.colours import Fill, Patterns, fill_of, patterns_for
from claims.pages.forms import FIRST_DAY, LAST_DAY
from claims.pages.wording import in_words
from claims.status.days import span
from claims.timeline import Timeline

PADDING = 0.03  # of the range, at either end
LAST_DAYS = timedelta(days=89)


@dataclass(frozen=True, slots=True)
class BandStretch:
    """`words` say the status in full, `caption` as far as there is room above the band."""

    stretch: Stretch
    fill: Fill
    words: str
    caption: str


@dataclass(frozen=True, slots=True)
class Band:
    """One status band."""

    name: str
    stretches: tuple[BandStretch, ...]


@dataclass(frozen=True, slots=True)
class ChartRow:
    """One claimant's marks, each with its claim's words."""

    name: str
    height: float
    marks: tuple[tuple[Mark, ClaimRow], ...]


@dataclass(frozen=True, slots=True)
class ChartLane:
    name: str
    colour: str
    rows: tuple[ChartRow, ...]


@dataclass(frozen=True, slots=True)
class Zoom:
    """A way to another range; both days None: the default one."""

    label: str
    first: date | None
    last: date | None


@dataclass(frozen=True, slots=True)
class Chart:
    scale: Scale
    ticks: tuple[Tick, ...]
    bands: tuple[Band, ...]
    lanes: tuple[ChartLane, ...]
    zooms: tuple[Zoom, ...]
    patterns: Patterns


def chart(timeline: Timeline, rows: Sequence[ClaimRow], scale: Scale, *, today: date) -> Chart:
    """`rows`: the claims that are shown, by day. The bands are of all claims, up to `today`."""
    return Chart(
        scale=scale,
        ticks=ticks(scale),
        bands=_bands(timeline, scale, today),
        lanes=tuple(_lanes(timeline, rows, scale)),
        zooms=tuple(_zooms(timeline.claims, scale)),
        patterns=_patterns(timeline),
    )


def default_scale(claims: Iterable[Claim]) -> Scale | None:
    """From the first to the last day on which something was said, with some room."""
    said = [span(claim.asserted_on, claim.asserted_precision) for claim in claims]
    if not said:
        return None
    first, last = min(days[0] for days in said), max(days[1] for days in said)
    room = timedelta(days=max(1, round(((last - first).days + 1) * PADDING)))
    return Scale(first - room, last + room)


def sign(claim: Claim, colour: str) -> Sign:
    event, precision = claim.event_date, claim.event_precision
    return Sign(
        id=str(claim.id),
        predicate=claim.predicate,
        stance=claim.stance,
        asserted=(claim.asserted_on, claim.asserted_precision),
        event=None if event is None else (event, precision or "day"),
        part=claim.extent == "part",
        part_label=claim.part_label,
        pending=claim.state == Claim.State.PENDING,
        colour=colour,
    )


def _colours(timeline: Timeline) -> Mapping[str, str]:
    return {key: side.colour for key, side in timeline.sides.items()}


def _patterns(timeline: Timeline) -> Patterns:
    shown = [
        interval
        for status in (timeline.verified, timeline.with_pending)
        for intervals in (status.bands, *status.parts.values())
        for interval in intervals
    ]
    colours = _colours(timeline)
    return patterns_for((interval, colours) for interval in (*shown, *legend.examples(timeline)))


def _bands(timeline: Timeline, scale: Scale, today: date) -> tuple[Band, ...]:
    verified, pending = timeline.verified.bands, timeline.with_pending.bands
    return tuple(
        Band(
            name,
            tuple(_band_stretch(stretch, timeline) for stretch in band),
        )
        for name, band in (
            ("Status, verified", stretches(verified, scale, today=today)),
            (
                "Status, with pending",
                stretches(pending, scale, today=today, verified=verified),
            ),
        )
    )


def _band_stretch(stretch: Stretch, timeline: Timeline) -> BandStretch:
    names = {key: side.name for key, side in timeline.sides.items()}
    words = in_words(stretch.interval, names)
    letters = stretch.room / 100 * NARROWEST / LETTER
    short = "held" if stretch.interval.by_own_word else stretch.interval.status
    captions = (text for text in (words, short) if len(text) < letters)
    return BandStretch(
        stretch, fill_of(stretch.interval, _colours(timeline)), words, next(captions, "")
    )


def _lanes(timeline: Timeline, rows: Sequence[ClaimRow], scale: Scale) -> Iterable[ChartLane]:
    shown = {item.claim.id: item for item in rows}
    for lane in timeline.lanes():
        drawn = []
        for claimant in lane.rows:
            claims = [claim for claim in claimant.claims if claim.id in shown]
            if claims:
                drawing = row([sign(claim, _about(claim, timeline)) for claim in claims], scale)
                drawn.append(_chart_row(claimant.name, drawing, shown))
        if drawn:
            yield ChartLane(lane.name, lane.side.colour if lane.side else "", tuple(drawn))


def _chart_row(name: str, drawing: RowDrawing, rows: Mapping[UUID, ClaimRow]) -> ChartRow:
    by_id = {str(id_): item for id_, item in rows.items()}
    return ChartRow(
        name, drawing.height, tuple((mark, by_id[mark.sign.id]) for mark in drawing.marks)
    )


def _about(claim: Claim, timeline: Timeline) -> str:
    """The colour of the side that the claim is about; "" for none."""
    side = timeline.sides.get(side_of(claim.subject, timeline.place, claim.asserted_on) or "")
    return side.colour if side else ""


def _zooms(claims: Sequence[Claim], scale: Scale) -> Iterable[Zoom]:
    """Ranges that are close at hand."""
    yield Zoom("all claims", None, None)
    if scale.days > LAST_DAYS.days + 1 and claims:
        last = max(span(claim.asserted_on, claim.asserted_precision)[1] for claim in claims)
        yield Zoom("last 90 days of claims", last - LAST_DAYS, last)
    quarter = timedelta(days=scale.days // 4)
    half = timedelta(days=max(1, scale.days // 2))
    if quarter:
        yield Zoom("closer", scale.first + quarter, scale.last - quarter)
    for label, first, last in (
        ("wider", scale.first - half, scale.last + half),
        ("earlier", scale.first - half, scale.last - half),
        ("later", scale.first + half, scale.last + half),
    ):
        if first >= FIRST_DAY and last <= LAST_DAY:
            yield Zoom(label, first, last)
