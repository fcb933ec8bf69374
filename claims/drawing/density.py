"""Density: how many claims fall on a stretch of days, as small stacked columns, where marks
would cover each other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil
from typing import NamedTuple

from claims.drawing.marks import OUTLINES, Sign
from claims.drawing.scale import Scale
from claims.extraction.records import Predicate, Stance

BINS = 40  # columns across the plot at most, about: each wide enough to be pointed at
TALLEST, THICKEST = 40.0, 7.0  # pixels: the highest column, and the height of one claim
ROOM = 14.0  # pixels above the columns, for their numbers
ORDER = {predicate: number for number, predicate in enumerate(OUTLINES)}
# How often what is said by the number of the bin; of whom by the colour of their side.
Bins = dict[int, dict[tuple[Predicate, Stance, str], int]]
STANCES: tuple[Stance, ...] = ("asserts", "denies", "unconfirmed")


@dataclass(frozen=True, slots=True)
class Segment:
    """The claims of a column that say the same: `colour` is that of the side that they are
    about, "" for none."""

    predicate: Predicate
    stance: Stance
    colour: str
    count: int


class Column(NamedTuple):
    """The claims of the days from `first` to `last`, `total` of them; `x` and `width` in per cent.
    Segments from the bottom up."""

    first: date
    last: date
    x: float
    width: float
    segments: tuple[Segment, ...]
    total: int


def bin_days(scale: Scale) -> int:
    """How many days a column stands for."""
    return ceil(scale.days / BINS)


def binned(signs: Iterable[Sign], scale: Scale) -> Bins:
    """The signs in the range, counted by their days. The days are cut at the same places wherever
    the range begins, so that columns stay as they are when it moves."""
    size = bin_days(scale)
    bins: Bins = {}
    for sign in signs:
        if sign.within(scale):
            number = _day(sign, scale).toordinal() // size
            counts = bins.setdefault(number, {})
            key = sign.predicate, sign.stance, sign.colour
            counts[key] = counts.get(key, 0) + 1
    return bins


def merged(all_bins: Iterable[Bins]) -> Bins:
    """The counts of all of them together."""
    found: Bins = {}
    for bins in all_bins:
        for number, counts in bins.items():
            into = found.setdefault(number, {})
            for key, count in counts.items():
                into[key] = into.get(key, 0) + count
    return found


def columns(bins: Bins, scale: Scale) -> tuple[Column, ...]:
    """From left to right."""
    size = bin_days(scale)
    return tuple(_column(number * size, size, bins[number], scale) for number in sorted(bins))


def unit(drawn: Iterable[Column]) -> float:
    """Pixels for one claim, the same in all rows of a drawing, so that they compare."""
    most = max((column.total for column in drawn), default=1)
    return round(min(THICKEST, TALLEST / most), 3)


def height(drawn: Iterable[Column], per_claim: float) -> float:
    """Of a row of columns, in pixels."""
    return round(ROOM + per_claim * max((column.total for column in drawn), default=1) + 2, 1)


def _day(sign: Sign, scale: Scale) -> date:
    """The one day that a sign is counted on: the middle of those it may be about, else that on
    which it was said."""
    first, last = sign.days()
    middle = first if first == last else first + (last - first) / 2
    day = middle if scale.first <= middle <= scale.last else sign.asserted[0]
    return min(max(day, scale.first), scale.last)


def _column(
    start: int, size: int, counts: Mapping[tuple[Predicate, Stance, str], int], scale: Scale
) -> Column:
    begin = date.fromordinal(max(start, 1))
    first, last = max(begin, scale.first), min(begin + timedelta(days=size - 1), scale.last)
    x = scale.start_of(first)
    said = sorted(counts, key=_rank) if len(counts) > 1 else counts
    return Column(
        first,
        last,
        round(x, 3),
        round(scale.start_of(last) + scale.day_width - x, 3),
        tuple(Segment(*key, counts[key]) for key in said),
        sum(counts.values()),
    )


def _rank(said: tuple[Predicate, Stance, str]) -> tuple[int, int, str]:
    predicate, stance, colour = said
    return ORDER[predicate], STANCES.index(stance), colour
