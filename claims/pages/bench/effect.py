"""What a decision would do to its town's status: a sentence for each change, and a small band of
the time around it, as it is and as it would be."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext

from claims.drawing.scale import DAY, Scale
from claims.pages.badges import Badge, badge
from claims.pages.colours import Fill, Patterns, fill_of, patterns_for
from claims.pages.wording import STATUS_WORDS, day_in_words, in_words
from claims.review.effects import Difference, Effect, TownEffect
from claims.status.records import Interval, TownStatus

AROUND = timedelta(days=21)  # shown before and after what changes
NONE = Interval(date.min, None, "unknown", (), 0, ())  # before a town's first word


@dataclass(frozen=True, slots=True)
class Change:
    """`when` in words, e.g. "from 11 January 2023"."""

    part: str
    before: Badge
    after: Badge
    when: str


@dataclass(frozen=True, slots=True)
class Stretch:
    """Part of a band, from `x` for `width` in per cent, as SVG has them."""

    x: str
    width: str
    fill: Fill
    words: str


@dataclass(frozen=True, slots=True)
class Band:
    name: str
    stretches: tuple[Stretch, ...]
    words: str


@dataclass(frozen=True, slots=True)
class TownShown:
    """`note`: of a town whose status does not change, what the claim would be to it. `first` and
    `last`: the days that the bands span."""

    name: str
    url: str
    changes: tuple[Change, ...]
    note: str
    bands: tuple[Band, ...]
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class EffectShown:
    towns: tuple[TownShown, ...]
    patterns: Patterns


def effect_shown(effect: Effect, day: date) -> EffectShown:
    """`day`: the one that the claim is about, or was made on, round which a band without
    changes is drawn."""
    intervals = [
        (band, {key: side.colour for key, side in town.sides.items()})
        for town in effect.towns
        for status in (town.before, town.after)
        for bands in (status.bands, *status.parts.values())
        for band in bands
    ]
    return EffectShown(
        tuple(_town(town, day) for town in effect.towns), patterns_for([*intervals, (NONE, {})])
    )


def _town(town: TownEffect, day: date) -> TownShown:
    scale = _scale(town, day)
    # Of the whole town, unless only a part of it changes.
    part = town.differences[0].part if town.differences else ""
    now, then = _bands_of(town.before, part), _bands_of(town.after, part)
    bands: tuple[Band, ...] = ()
    if now or then:
        bands = (
            _band(gettext("now"), town, now, scale),
            _band(gettext("then"), town, then, scale),
        )
    return TownShown(
        name=str(town.place),
        url=town.place.get_absolute_url(),
        changes=tuple(_change(one, town) for one in town.differences),
        note="" if town.differences else _note(town),
        bands=bands,
        first=scale.first,
        last=scale.last,
    )


def _note(town: TownEffect) -> str:
    if town.decides:
        return gettext("It would be one more word for the status that holds already.")
    if not town.after.bands:
        return gettext("No status follows from it.")
    return gettext("No status of the town would rest on it.")


def _change(one: Difference, town: TownEffect) -> Change:
    return Change(
        part=one.part,
        before=badge(one.before or NONE, town.sides),
        after=badge(one.after or NONE, town.sides),
        when=_when(one),
    )


def _when(one: Difference) -> str:
    first = day_in_words(one.first)
    if one.end is None:
        return gettext("from %(day)s") % {"day": first}
    if one.end - one.first == DAY:
        return gettext("on %(day)s") % {"day": first}
    last = day_in_words(one.end - DAY)
    return gettext("from %(first)s to %(last)s") % {"first": first, "last": last}


def _scale(town: TownEffect, day: date) -> Scale:
    """From some time before the first change to some time after the last, as far as anything is
    told by then."""
    days = [day]
    for one in town.differences:
        days += [one.first, *([one.end] if one.end else [])]
    return Scale(min(days) - AROUND, max(days) + AROUND)


def _bands_of(status: TownStatus, part: str) -> tuple[Interval, ...]:
    return status.parts.get(part, ()) if part else status.bands


def _band(name: str, town: TownEffect, bands: Sequence[Interval], scale: Scale) -> Band:
    colours = {key: side.colour for key, side in town.sides.items()}
    names = {key: side.name for key, side in town.sides.items()}
    stretches, said = [], []
    for first, last, interval in _within(bands, scale):
        x, width = scale.clip(first, last) or (0.0, 0.0)
        words = in_words(interval, names)
        told = gettext("%(status)s from %(day)s") % {"status": words, "day": day_in_words(first)}
        stretches.append(Stretch(f"{x:.2f}%", f"{width:.2f}%", fill_of(interval, colours), told))
        said.append(told)
    return Band(name, tuple(stretches), "; ".join(said) or str(STATUS_WORDS["unknown"]))


def _within(bands: Sequence[Interval], scale: Scale) -> Iterable[tuple[date, date, Interval]]:
    for band in bands:
        first = max(band.start, scale.first)
        last = min(scale.last, band.end - DAY) if band.end else scale.last
        if first <= last:
            yield first, last, band
