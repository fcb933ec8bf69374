"""A status band: the stretches of one look that intervals come to over a range of days."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
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
    found, other = [], _Band(verified or ())
    for interval in intervals:
        pieces = _cut(interval, scale, today, other)
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
                    only_pending=verified is not None and other.look_on(first) != _look(interval),
                    starts=first == interval.start,
                    room=round(whole, 3) if number == 0 else 0.0,
                )
            )
    return tuple(found)


def _cut(interval: Interval, scale: Scale, today: date, verified: _Band) -> list[tuple[date, date]]:
    """First and last days of the pieces of `interval`, within the range and up to today."""
    begin = max(interval.start, scale.first)
    end = min(scale.last, today)
    if interval.end is not None:
        end = min(end, interval.end - DAY)
    if begin > end:
        return []
    cuts = {begin} | {day for day in _changes(interval) if begin < day <= end}
    cuts |= {day for day in verified.changes(begin, end) if begin < day <= end}
    starts = sorted(cuts)
    merged = [starts[0]]
    for day in starts[1:]:
        before = merged[-1]
        if freshness(interval, day) != freshness(interval, before) or (
            verified.look_on(day) != verified.look_on(before)
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


class _Band:
    """Intervals in their order, looked up by day: a busy town has hundreds, for as many pieces."""

    def __init__(self, intervals: Sequence[Interval]) -> None:
        self._intervals = intervals
        self._starts = [interval.start for interval in intervals]

    def look_on(self, day: date) -> tuple[str, bool] | None:
        number = bisect_right(self._starts, day) - 1
        if number < 0 or not self._intervals[number].covers(day):
            return None
        return _look(self._intervals[number])

    def changes(self, begin: date, end: date) -> Iterator[date]:
        """The days on which those begin and end that are in force at some time from `begin` to
        `end`."""
        first = max(0, bisect_right(self._starts, begin) - 1)
        for interval in self._intervals[first : bisect_right(self._starts, end)]:
            yield interval.start
            if interval.end is not None:
                yield interval.end


def _look(interval: Interval) -> tuple[str, bool]:
    return interval.text(), interval.by_own_word
