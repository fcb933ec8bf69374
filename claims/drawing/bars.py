"""Counts per day as small bars: one kind upwards from a line, the other downwards."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from claims.drawing.scale import DAY, Scale

MOST_BARS = 100
UP, DOWN = 18, 12  # pixels that the highest bars have
GAP = 0.2  # of a bar's room
STEPS = (1, 7, 28, 91, 364)  # days that one bar may stand for


@dataclass(frozen=True, slots=True)
class Bars:
    """SVG paths over a width of `width` units, to be stretched: `up` and `down` from the line at
    `UP` pixels. `most_up` and `most_down` are the counts of the highest bars; `step` is how many
    days a bar stands for."""

    width: int
    up: str
    down: str
    most_up: int
    most_down: int
    step: int

    @property
    def line(self) -> int:
        return UP

    @property
    def height(self) -> int:
        return UP + DOWN


def step_of(scale: Scale) -> int:
    """The fewest days a bar may stand for with at most `MOST_BARS` of them."""
    return next((step for step in STEPS if scale.days / step <= MOST_BARS), STEPS[-1])


def bars(
    up: Mapping[date, int], down: Mapping[date, int], scale: Scale, *, part: bool = False
) -> Bars:
    """Those of the counts by day that lie in the range; each kind is scaled to its highest.
    `part`: what is counted downwards is part of the other, and scaled as that is."""
    step = step_of(scale)
    ups, downs = _binned(up, scale, step), _binned(down, scale, step)
    most_up, most_down = max(ups.values(), default=0), max(downs.values(), default=0)
    highest_down = most_up if part else most_down
    return Bars(
        width=scale.days,
        up="".join(_paths(ups, step, scale.days, UP / max(most_up, 1), -1)),
        down="".join(_paths(downs, step, scale.days, DOWN / max(highest_down, 1), 1)),
        most_up=most_up,
        most_down=most_down,
        step=step,
    )


def _binned(counts: Mapping[date, int], scale: Scale, step: int) -> dict[int, int]:
    """Sums by the number of the bar, without empty ones."""
    found: dict[int, int] = {}
    for day, count in counts.items():
        if count and scale.first <= day <= scale.last:
            number = (day - scale.first).days // step
            found[number] = found.get(number, 0) + count
    return dict(sorted(found.items()))


def _paths(
    counts: Mapping[int, int], step: int, width: int, unit: float, sign: int
) -> Iterator[str]:
    for number, count in counts.items():
        left = number * step
        room = min(step, width - left)
        height = max(1.0, count * unit) * sign
        yield f"M{left + room * GAP / 2:g},{UP}v{height:.3g}h{room * (1 - GAP):.3g}v{-height:.3g}z"


@dataclass(frozen=True, slots=True)
class Silence:
    """Days without anything, longer than usual, with its place in per cent."""

    first: date
    last: date
    x: float
    width: float

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def end(self) -> float:
        return round(self.x + self.width, 3)


def silence(first: date, last: date, scale: Scale) -> Silence | None:
    """The days from `first` to `last`, if any of them is in the range."""
    seen = scale.clip(first, last)
    return None if seen is None else Silence(first, last, round(seen[0], 3), round(seen[1], 3))


def gaps(days: list[date], last: date) -> Iterator[tuple[date, date]]:
    """First and last of the days between ascending `days`, and from the latest up to `last`."""
    for day, following in zip(days, [*days[1:], last + timedelta(days=1)], strict=True):
        if following - day > DAY:
            yield day + DAY, following - DAY
