"""A town as known on two days side by side: what each says, and what came in between."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import NamedTuple

from claims.pages.badges import Badge, badge
from claims.pages.chart_bands import Known
from claims.pages.claim_rows import TownRow
from claims.pages.headline import Headline, headline
from claims.status.records import Interval
from claims.timeline import Timeline
from claims.town_claims import statuses_of

MOST_CLAIMS = 50  # listed of those that came in between
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class KnownThen:
    """What could be known of the town on `known_on` (None: now), from how many claims."""

    known_on: date | None
    claims: int
    verified: Headline | None
    pending: Headline | None


@dataclass(frozen=True, slots=True)
class Difference:
    """Days on which the verified statuses differ; None where one has none. `last` None: to the
    end of what both knew."""

    first: date
    last: date | None
    badges: tuple[Badge | None, Badge | None]


@dataclass(frozen=True, slots=True)
class Comparison:
    """`sides`: the page's own day, then that which it is compared with. `between`: the claims
    that only the later of the two knows; `more` of them are not listed."""

    sides: tuple[KnownThen, KnownThen]
    differences: tuple[Difference, ...]
    between: tuple[TownRow, ...]
    more: int


def as_known(line: Timeline, day: date | None) -> Timeline:
    """The same town as could be known on `day`, which is not after that of `line`."""
    if day is None or day == line.known_on:
        return line
    claims = tuple(claim for claim in line.claims if claim.document.published_local.date() <= day)
    verified, with_pending = statuses_of(claims)
    return replace(
        line,
        claims=claims,
        verified=verified,
        with_pending=with_pending,
        known_on=day,
        by_id={claim.id: claim for claim in claims},
    )


def comparison(one: Known, other: Known, every: Mapping[str, TownRow]) -> Comparison:
    """`every`: the rows of all that the later one knows."""
    later, earlier = one, other
    if len(one.line.claims) < len(other.line.claims):
        later, earlier = other, one
    came = [every[id_] for id_ in later.line.by_id if id_ not in earlier.line.by_id]
    came.sort(key=lambda row: (row.claim.document.published, row.claim.asserted_on))
    return Comparison(
        sides=(_headlines(one, every), _headlines(other, every)),
        differences=tuple(_differences(one, other)),
        between=tuple(came[:MOST_CLAIMS]),
        more=max(0, len(came) - MOST_CLAIMS),
    )


def _headlines(known: Known, rows: Mapping[str, TownRow]) -> KnownThen:
    line = known.line
    return KnownThen(
        line.known_on,
        len(line.claims),
        headline(line.verified, line, rows, today=known.today, include_pending=False),
        None
        if same_status(line, known.today)
        else headline(line.with_pending, line, rows, today=known.today, include_pending=True),
    )


def same_status(line: Timeline, today: date) -> bool:
    """Whether pending claims change nothing about the day's status and its start."""
    verified, pending = line.verified.on(today), line.with_pending.on(today)
    if verified is None or pending is None:
        return verified is pending
    return (verified.text(), verified.start) == (pending.text(), pending.start)


def _differences(one: Known, other: Known) -> Iterable[Difference]:
    """Runs of days on which the two verified bands say different things, up to the earlier of
    their last days."""
    end = min(one.today, other.today)
    found: list[Pair] = []
    cuts = {
        day
        for known in (one, other)
        for interval in known.line.verified.bands
        for day in (interval.start, interval.end)
        if day is not None and day <= end
    }
    for day in sorted(cuts):
        mine, theirs = _on(one.line.verified.bands, day), _on(other.line.verified.bands, day)
        if not found or found[-1].texts != (_text(mine), _text(theirs)):
            found.append(Pair(day, mine, theirs))
    ends = [*(pair.first - DAY for pair in found[1:]), None]
    for pair, last in zip(found, ends, strict=False):
        if pair.texts[0] != pair.texts[1]:
            yield Difference(pair.first, last, (_badge(pair.one, one), _badge(pair.other, other)))


class Pair(NamedTuple):
    """What each of two says from the day `first` on."""

    first: date
    one: Interval | None
    other: Interval | None

    @property
    def texts(self) -> tuple[tuple[str, bool] | None, tuple[str, bool] | None]:
        return _text(self.one), _text(self.other)


def _on(bands: Sequence[Interval], day: date) -> Interval | None:
    return next((band for band in bands if band.covers(day)), None)


def _text(interval: Interval | None) -> tuple[str, bool] | None:
    return None if interval is None else (interval.text(), interval.by_own_word)


def _badge(interval: Interval | None, known: Known) -> Badge | None:
    return None if interval is None else badge(interval, known.line.sides)
