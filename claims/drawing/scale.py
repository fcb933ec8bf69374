"""Days along the plot: where a day lies, and which days the axis names."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from math import ceil
from typing import Literal

DAY = timedelta(days=1)
MOST_TICKS = 10
EDGE = 6.0  # per cent: a label that began nearer to the right edge would stick out of it


@dataclass(frozen=True, slots=True)
class Scale:
    """Days from `first` to `last`, both included, over 0 to 100 per cent of the width.

    Raises ValueError where `last` is before `first`.
    """

    first: date
    last: date
    days: int = field(init=False, compare=False)
    day_width: float = field(init=False, compare=False)

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise ValueError(f"a range that ends on {self.last} cannot start on {self.first}")
        # Asked for by everything in a drawing.
        object.__setattr__(self, "days", (self.last - self.first).days + 1)
        object.__setattr__(self, "day_width", 100 / self.days)

    def start_of(self, day: date) -> float:
        """Where `day` begins; days out of the range lie outside 0 to 100."""
        return (day - self.first).days * self.day_width

    def middle_of(self, first: date, last: date) -> float:
        """The middle of the time from `first` to the end of `last`."""
        return (self.start_of(first) + self.start_of(last) + self.day_width) / 2

    def clip(self, first: date, last: date) -> tuple[float, float] | None:
        """Start and width of the part of `first` to `last` that is in the range, if any is."""
        if last < self.first or first > self.last:
            return None
        start = self.start_of(max(first, self.first))
        return start, self.start_of(min(last, self.last)) + self.day_width - start


@dataclass(frozen=True, slots=True)
class Tick:
    """A named day: `x` where it begins, `label` to the right of that, empty where there is no
    room. `year` is set on the first tick and on a year's first. Every other tick is `minor`:
    small screens leave its label out."""

    day: date
    x: float
    label: str
    year: str
    minor: bool


Unit = Literal["day", "month", "year"]  # what ticks name
Label = Callable[[date, Unit], str]


@dataclass(frozen=True, slots=True)
class Step:
    """A way to space ticks: about how many days apart, and the days from one on."""

    days: float
    unit: Unit
    ticks: Callable[[date, date], Iterator[date]]


def _every_days(count: int) -> Step:
    def ticks(first: date, last: date) -> Iterator[date]:
        # Counted from a Monday long ago, so that the ticks stay when the range moves.
        day = first + timedelta(days=(date.min - first).days % count)
        while day <= last:
            yield day
            day += timedelta(days=count)

    return Step(count, "day", ticks)


def _every_months(count: int) -> Step:
    def ticks(first: date, last: date) -> Iterator[date]:
        month = first.year * 12 + first.month - 1 + (first.day > 1)
        month = ceil(month / count) * count
        while (day := date(month // 12, month % 12 + 1, 1)) <= last:
            yield day
            month += count

    return Step(count * 30.4, "year" if count % 12 == 0 else "month", ticks)


STEPS = (
    *(_every_days(count) for count in (1, 2, 7, 14)),
    *(_every_months(count) for count in (1, 2, 3, 6, 12, 24, 60, 120, 240, 600)),
)


def ticks(scale: Scale, label: Label, most: int = MOST_TICKS) -> tuple[Tick, ...]:
    """The finest regular ticks of which there are at most about `most`; `label` names them."""
    step = next((step for step in STEPS if scale.days / step.days <= most), STEPS[-1])
    named = list(step.ticks(scale.first, scale.last)) or [scale.first]
    found = []
    for index, day in enumerate(named):
        x = scale.start_of(day)
        new_year = index == 0 or named[index - 1].year != day.year
        room = x <= 100 - EDGE
        found.append(
            Tick(
                day=day,
                x=round(x, 3),
                label=label(day, step.unit) if room else "",
                year=str(day.year) if room and new_year and step.unit != "year" else "",
                minor=index % 2 == 1,
            )
        )
    return tuple(found)
