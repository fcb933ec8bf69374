"""Marks: one sign for each claim, and their places in a row without covering each other."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from math import floor
from typing import NamedTuple, overload

from claims.drawing.scale import Scale
from claims.extraction.records import Precision, Predicate, Stance
from claims.status.days import span

# Points in pixels round a mark's middle. A circle has none.
OUTLINES: dict[Predicate, tuple[tuple[float, float], ...]] = {
    "captured": ((0, -7), (7.5, 6), (-7.5, 6)),
    "holds": ((-6, -6), (6, -6), (6, 6), (-6, 6)),
    "advancing": ((-6, -7.5), (7, 0), (-6, 7.5)),
    "encircled": (),  # a circle, which the template draws
    "fighting": (
        *((-6.5, -4), (-4, -6.5), (0, -2.5), (4, -6.5), (6.5, -4), (2.5, 0)),
        *((6.5, 4), (4, 6.5), (0, 2.5), (-4, 6.5), (-6.5, 4), (-2.5, 0)),
    ),
    "withdrew": ((-7.5, -6), (7.5, -6), (0, 7)),
}
SIGN, SMALL = 16.0, 8.0  # a mark's width for the town, and for a part of it
LETTER = 6.2  # about a small letter's width
GAP = 3.0
PITCH = 20.0  # between the levels of a row
NARROWEST = 560.0  # the plot's least width, at which marks must not cover each other


# The smallest marks beside each other, from the left edge of the plot to the right.
MOST_ON_A_LEVEL = floor(NARROWEST / (SMALL + 2 * GAP)) + 1


class Sign(NamedTuple):
    """What a claim shows of itself. `asserted` and `event` are days with their precision."""

    id: str
    predicate: Predicate
    stance: Stance
    asserted: tuple[date, Precision]
    event: tuple[date, Precision] | None = None
    part: bool = False
    part_label: str = ""
    pending: bool = False
    colour: str = ""  # of the side that the claim is about

    def days(self) -> tuple[date, date]:
        """The first and last day on which what is said may have been: of the event, else of
        the assertion; never after what was said of it."""
        said = span(*self.asserted)
        if self.event is None:
            return said
        first, last = span(*self.event)
        return first, max(first, min(last, said[1]))

    def within(self, scale: Scale) -> bool:
        """Whether it was said, or is about days, in the range."""
        said = span(*self.asserted)
        if said[0] <= scale.last and scale.first <= said[1]:
            return True
        first, last = self.days()
        return first <= scale.last and scale.first <= last


@dataclass(frozen=True, slots=True)
class Mark:
    """A sign with its place: `x` per cent, `y` pixels, both of its middle. `bar`: start and
    width, per cent, of the days it may be about, None for a single day. `outside`: these
    days lie "before" or "after" the range, at whose edge it stands."""

    sign: Sign
    x: float
    y: float
    bar: tuple[float, float] | None
    outside: str = ""

    @property
    def points(self) -> str:
        return " ".join(f"{x:g},{y:g}" for x, y in OUTLINES[self.sign.predicate])


class Spot(NamedTuple):
    """Where a mark stands across: the fields of `Mark`."""

    x: float
    bar: tuple[float, float] | None
    outside: str


@dataclass(frozen=True, slots=True)
class RowDrawing:
    """The marks of one row, and its height in pixels."""

    marks: tuple[Mark, ...]
    height: float

    @property
    def levels(self) -> int:
        """How many marks stand below each other at most."""
        return round(self.height / PITCH)


@overload
def row(signs: Iterable[Sign], scale: Scale) -> RowDrawing: ...
@overload
def row(signs: Iterable[Sign], scale: Scale, deepest: int | None) -> RowDrawing | None: ...
def row(signs: Iterable[Sign], scale: Scale, deepest: int | None = None) -> RowDrawing | None:
    """Place the signs that are in the range, from left to right, each on the first level on
    which it covers no other. None where they need more levels than `deepest`."""
    within = [sign for sign in signs if sign.within(scale)]
    if deepest is not None and len(within) > deepest * MOST_ON_A_LEVEL:
        return None
    placed = sorted(
        _spread([(_place(sign, scale), sign) for sign in within], scale),
        key=lambda item: (item[0].x, item[1].asserted[0], item[1].id),
    )
    levels: list[float] = []  # the right end of what stands on each, in per cent
    marks = []
    for at, sign in placed:
        left, right = _extent(sign, at.x, at.bar)
        level = next((n for n, end in enumerate(levels) if end <= left), len(levels))
        if level == deepest:
            return None
        levels[level : level + 1] = [right]
        marks.append(Mark(sign, round(at.x, 3), PITCH / 2 + PITCH * level, at.bar, at.outside))
    return RowDrawing(tuple(marks), PITCH * max(1, len(levels)))


def _place(sign: Sign, scale: Scale) -> Spot:
    first, last = sign.days()
    if last < scale.first:
        return Spot(0.0, None, "before")
    if first > scale.last:
        return Spot(100.0, None, "after")
    middle = min(max(scale.middle_of(first, last), 0.0), 100.0)
    seen = None if first == last else scale.clip(first, last)
    return Spot(middle, seen and (round(seen[0], 3), round(seen[1], 3)), "")


def _spread(placed: Sequence[tuple[Spot, Sign]], scale: Scale) -> list[tuple[Spot, Sign]]:
    """The same, where a day is wide enough for several marks with those of one day side by
    side in it, in the order given: anywhere in a day means that day."""
    slots = int(scale.day_width / 100 * NARROWEST // (SIGN + 2 * GAP))
    if slots < 2:
        return list(placed)
    by_day: dict[float, list[int]] = {}
    for index, (spot, _) in enumerate(placed):
        if spot.bar is None and not spot.outside:
            by_day.setdefault(spot.x, []).append(index)
    spread = list(placed)
    for middle, indexes in by_day.items():
        columns = min(slots, len(indexes))
        for number, index in enumerate(indexes):
            shift = (number % columns + 0.5) / columns - 0.5
            spread[index] = (Spot(middle + shift * scale.day_width, None, ""), placed[index][1])
    return spread


def _extent(sign: Sign, x: float, bar: tuple[float, float] | None) -> tuple[float, float]:
    """What the mark with its words covers, in per cent of the narrowest plot."""
    half = (SMALL if sign.part else SIGN) / 2
    words = len(sign.part_label) * LETTER + (LETTER * 1.4 if sign.stance == "unconfirmed" else 0)
    left = x - (half + GAP) * 100 / NARROWEST
    right = x + (half + GAP + words) * 100 / NARROWEST
    if bar is None:
        return left, right
    return min(left, bar[0]), max(right, bar[0] + bar[1])
