"""All statuses that a town and its parts have had."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _

from claims.pages.badges import Badge, badge
from claims.pages.chart_bands import anchor
from claims.pages.claim_rows import TownRow
from claims.pages.headline import since_when
from claims.pages.wording import day_in_words
from claims.status.records import Interval
from claims.timeline import Timeline

MOST_PERIODS = 25  # of one band, the latest; the others are for whoever asks
MOST_DECIDING = 6  # claims named beside a period


@dataclass(frozen=True, slots=True)
class PartStatus:
    """What a named part's own claims come to."""

    label: str
    badge: Badge
    since: str


@dataclass(frozen=True, slots=True)
class Period:
    """One line of the status's history. `last` is None where it lasts; `more` deciding claims
    are not named."""

    anchor: str
    badge: Badge
    first: date
    last: date | None
    rule: int
    deciding: tuple[TownRow, ...]
    more: int


@dataclass(frozen=True, slots=True)
class History:
    """`count`: how many statuses there are in all."""

    name: str
    periods: tuple[Period, ...]
    count: int


def histories(line: Timeline, rows: Mapping[str, TownRow], *, whole: bool) -> tuple[History, ...]:
    """Of the town, then of its labelled parts; the latest statuses only, or the `whole`."""
    sources = (
        ("verified", line.verified, _("From verified claims")),
        ("pending", line.with_pending, _("With pending claims")),
    )
    town = [(name, kind, "", status.bands) for kind, status, name in sources]
    parts = [
        (f"{label}: {name}", kind, label, status.parts[label])
        for label in sorted({*line.verified.parts, *line.with_pending.parts})
        for kind, status, name in sources
        if label in status.parts
    ]
    return tuple(
        History(
            name,
            tuple(
                _period(band, kind, part, line, rows)
                for band in list(reversed(bands))[: None if whole else MOST_PERIODS]
            ),
            len(bands),
        )
        for name, kind, part, bands in (*town, *parts)
    )


def _period(
    band: Interval, kind: str, part: str, line: Timeline, rows: Mapping[str, TownRow]
) -> Period:
    deciding = [rows[id_] for id_ in band.deciding if id_ in rows]
    return Period(
        anchor(kind, part, band),
        badge(band, line.sides),
        band.start,
        band.end and band.end - timedelta(days=1),
        band.rule,
        tuple(deciding[:MOST_DECIDING]),
        max(0, len(deciding) - MOST_DECIDING),
    )


def part_statuses(line: Timeline, today: date) -> tuple[PartStatus, ...]:
    """Named parts with their present status: verified where there is one, else pending."""
    labels = sorted({*line.verified.parts, *line.with_pending.parts})
    return tuple(found for label in labels if (found := _part(label, line, today)))


def _part(label: str, line: Timeline, today: date) -> PartStatus | None:
    for status in (line.verified, line.with_pending):
        bands: Iterable[Interval] = status.parts.get(label, ())
        interval = next((band for band in bands if band.covers(today)), None)
        if interval is None or interval.status == "unknown":
            continue
        shown = badge(
            interval,
            line.sides,
            pending=status is not line.verified,
            last_word_on=interval.last_word_by(today),
            today=today,
        )
        return PartStatus(label, shown, day_in_words(since_when(interval, tuple(bands))))
    return None
