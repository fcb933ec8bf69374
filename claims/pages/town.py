"""The town page: headline, drawing, and the same claims as a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from claims.derive import side_of
from claims.drawing.locator import Locator
from claims.drawing.scale import Scale
from claims.models import Claim
from claims.pages import legend
from claims.pages.around import locator
from claims.pages.badges import Badge, badge
from claims.pages.chart import Chart, chart, default_scale, sign
from claims.pages.claim_rows import ClaimRow, claim_row
from claims.pages.forms import OTHERS, TownForm
from claims.pages.headline import Headline, headline, since_when
from claims.pages.wording import day_in_words
from claims.status.records import TownStatus
from claims.timeline import Timeline, timeline
from entities.models import Place


@dataclass(frozen=True, slots=True)
class PartStatus:
    """What a named part's own claims come to."""

    label: str
    badge: Badge
    since: str


@dataclass(frozen=True, slots=True)
class Period:
    """One line of the status's history. `last` is None where it lasts."""

    badge: Badge
    first: date
    last: date | None
    rule: int
    deciding: tuple[ClaimRow, ...]


@dataclass(frozen=True, slots=True)
class TownPage:
    """`rows`: the claims that were asked for; `total`: how many there are in all.
    `pending`: the headline with pending claims, where it says something else."""

    place: Place
    other_names: tuple[str, ...]
    known_on: date | None
    verified: Headline | None
    pending: Headline | None
    parts: tuple[PartStatus, ...]
    histories: tuple[tuple[tuple[Period, ...], str], ...]
    chart: Chart | None
    rows: tuple[ClaimRow, ...]
    total: int
    locator: Locator | None
    mark_legend: tuple[legend.Entry, ...]
    status_legend: tuple[legend.StatusEntry, ...]


def town_page(place: Place, form: TownForm, *, today: date) -> TownPage:
    """The page of `place` as asked for; `today` is the day up to which statuses last."""
    ask = form.ask
    known_on = ask["known_on"]
    today = min(today, known_on or today)
    line = timeline(place, known_on=known_on)
    every = {
        str(claim.id): claim_row(claim, side_of(claim.claimant, place, claim.asserted_on))
        for claim in line.claims
    }
    scale = _scale(line.claims, ask)
    rows = tuple(row for row in every.values() if _asked_for(row, ask, scale))
    verified = headline(line.verified, line, every, today=today, include_pending=False)
    pending = headline(line.with_pending, line, every, today=today, include_pending=True)
    return TownPage(
        place=place,
        other_names=tuple(
            name.name for name in place.names.order_by("order") if name.name != place.name
        ),
        known_on=known_on,
        verified=verified,
        pending=None if _same_status(line, today) else pending,
        parts=_parts(line, today),
        histories=(
            (_history(line.verified, line, every), "From verified claims"),
            (_history(line.with_pending, line, every), "With pending claims"),
        ),
        chart=chart(line, rows, scale, today=today) if scale else None,
        rows=_in_order(rows, ask["sort"]),
        locator=locator(place),
        total=len(line.claims),
        mark_legend=legend.marks(),
        status_legend=legend.statuses(line),
    )


def _scale(claims: Sequence[Claim], ask: Mapping[str, Any]) -> Scale | None:
    whole = default_scale(claims)
    if whole is None:
        return None
    first, last = ask["from"] or whole.first, ask["to"] or whole.last
    if first > last:  # only one end was given, and it lies beyond the other
        first, last = (first, first) if ask["from"] else (last, last)
    return Scale(first, last)


def _asked_for(row: ClaimRow, ask: Mapping[str, Any], scale: Scale | None) -> bool:
    claim = row.claim
    if (ask["from"] or ask["to"]) and scale and not sign(claim, "").within(scale):
        return False
    if ask["who"] and (row.side or OTHERS) != ask["who"]:
        return False
    if ask["state"] and row.pending != (ask["state"] == Claim.State.PENDING):
        return False
    return ask["predicate"] in (None, "", claim.predicate) and ask["stance"] in (
        None,
        "",
        claim.stance,
    )


def _in_order(rows: tuple[ClaimRow, ...], sort: str) -> tuple[ClaimRow, ...]:
    """`rows`, by day, in the order that the table is asked for in."""
    if sort == "latest":
        return rows[::-1]
    if sort == "who":
        return tuple(sorted(rows, key=lambda row: row.who.casefold()))
    if sort == "state":
        return tuple(sorted(rows, key=lambda row: row.claim.state))
    return rows


def _same_status(line: Timeline, today: date) -> bool:
    """Whether pending claims change nothing about the day's status and its start."""
    verified, pending = line.verified.on(today), line.with_pending.on(today)
    if verified is None or pending is None:
        return verified is pending
    return (verified.text(), verified.start) == (pending.text(), pending.start)


def _parts(line: Timeline, today: date) -> tuple[PartStatus, ...]:
    """Named parts with their present status: verified where there is one, else pending."""
    found = []
    for label in sorted({*line.verified.parts, *line.with_pending.parts}):
        for status in (line.verified, line.with_pending):
            bands = status.parts.get(label, ())
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
            found.append(PartStatus(label, shown, day_in_words(since_when(interval, bands))))
            break
    return tuple(found)


def _history(
    status: TownStatus, line: Timeline, rows: Mapping[str, ClaimRow]
) -> tuple[Period, ...]:
    """The town's statuses, the latest first."""
    return tuple(
        Period(
            badge(band, line.sides),
            band.start,
            band.end and band.end - timedelta(days=1),
            band.rule,
            tuple(rows[id_] for id_ in band.deciding if id_ in rows),
        )
        for band in reversed(status.bands)
    )
