"""A status band: the stretches of one look that intervals come to over a range of days."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from claims.drawing.scale import DAY, Scale
from claims.status.records import DEFAULTS, Freshness, Interval, freshness


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of an interval that looks the same throughout, from `x` for `width` per cent.

    `starts`: the interval itself begins here, not only the range or another freshness.
    `room`: how much of the width its words may take, 0 where an earlier stretch of the
    interval has them. `only_pending`: verified claims alone give another status on these days.
    """

    interval: Interval
    first: date
    last: date
    x: float
    width: float
    freshness: Freshness | None
    only_pending: bool
    starts: bool
    room: float


def stretches(
    intervals: Sequence[Interval],
    scale: Scale,
    *,
    today: date,
    verified: Sequence[Interval] | None = None,
) -> tuple[Stretch, ...]:
    """The band of `intervals` up to `today`. With `verified`, these are the intervals with
    pending claims, and what the verified ones do not say is marked."""
    found = []
    for interval in intervals:
        pieces = _cut(interval, scale, today, verified or ())
        for number, (first, last) in enumerate(pieces):
            x, width = scale.clip(first, last) or (0.0, 0.0)
            _, whole = scale.clip(first, pieces[-1][1]) or (0.0, 0.0)
            found.append(
                Stretch(
                    interval=interval,
                    first=first,
                    last=last,
                    x=round(x, 3),
                    width=round(width, 3),
                    freshness=freshness(interval, first),
                    only_pending=verified is not None
                    and _look(_on(verified, first)) != _look(interval),
                    starts=first == interval.start,
                    room=round(whole, 3) if number == 0 else 0.0,
                )
            )
    return tuple(found)


def _cut(
    interval: Interval, scale: Scale, today: date, verified: Iterable[Interval]
) -> list[tuple[date, date]]:
    """First and last days of the pieces of `interval`, within the range and up to today."""
    begin = max(interval.start, scale.first)
    end = min(scale.last, today)
    if interval.end is not None:
        end = min(end, interval.end - DAY)
    if begin > end:
        return []
    cuts = {begin} | {day for day in _changes(interval) if begin < day <= end}
    for other in verified:
        cuts |= {day for day in (other.start, other.end) if day and begin < day <= end}
    starts = sorted(cuts)
    merged = [starts[0]]
    for day in starts[1:]:
        before = merged[-1]
        if freshness(interval, day) != freshness(interval, before) or (
            _look(_on(verified, day)) != _look(_on(verified, before))
        ):
            merged.append(day)
    return list(zip(merged, [*(day - DAY for day in merged[1:]), end], strict=True))


def _changes(interval: Interval) -> set[date]:
    """Days on which the interval's freshness may change."""
    days = {since for since, _ in interval.word_days}
    for _, last in interval.word_days:
        days |= {
            date.fromordinal(min(last.toordinal() + after + 1, date.max.toordinal()))
            for after in (DEFAULTS.fresh, DEFAULTS.ageing)
        }
    return days


def _on(intervals: Iterable[Interval], day: date) -> Interval | None:
    return next((interval for interval in intervals if interval.covers(day)), None)


def _look(interval: Interval | None) -> tuple[str, bool] | None:
    return None if interval is None else (interval.text(), interval.by_own_word)
