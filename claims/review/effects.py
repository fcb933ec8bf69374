"""What a decision on a claim would do to its town's verified status, before it is taken: the
rules run twice, with the claim as it is and as it would be. Nothing is written."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Prefetch, Q

from claims.derive import for_many_statuses, town_status
from claims.models import Claim
from claims.status.records import Interval, TownStatus, status_text
from claims.timeline import sides_of
from entities.models import Actor, Allegiance, Place, Side


@dataclass(frozen=True, slots=True)
class Difference:
    """A time, from `first` up to and without `end` (None: it lasts), in which the status would
    be another one. None before the town's first word. `part`: the part's label, "" for the
    whole town."""

    first: date
    end: date | None
    before: Interval | None
    after: Interval | None
    part: str = ""


@dataclass(frozen=True, slots=True)
class TownEffect:
    """A town's verified status now and then. `decides`: the claim would be among those that
    decide a status of it, other than unknown."""

    place: Place
    sides: Mapping[str, Side]
    before: TownStatus
    after: TownStatus
    differences: tuple[Difference, ...]
    decides: bool


@dataclass(frozen=True, slots=True)
class Effect:
    """The claim's town first; where a correction moves it, the town that it goes to second."""

    towns: tuple[TownEffect, ...]

    @property
    def changes(self) -> bool:
        return any(town.differences for town in self.towns)


def effect(
    claim: Claim,
    *,
    state: str,
    values: Mapping[str, Any] | None = None,
    now: str | None = None,
) -> Effect:
    """What it does to the verified status that `claim` gets `state`, with the corrected
    `values` by field (rows for those that name rows). `now`: the state that is taken for its
    present one, for readers who must not see it. A constant number of queries."""
    values = values or {}
    places = {place.pk: place for place in (claim.place, values.get("place", claim.place))}
    verified = Q(state__in=Claim.VERIFIED, place__in=places)
    rows = list(for_many_statuses().filter(verified | Q(pk=claim.pk)).order_by("id"))
    current = next(row for row in rows if row.pk == claim.pk)
    others = [row for row in rows if row.pk != claim.pk]
    changed = _changed(current, values)
    before = [current] if (now or current.state) in Claim.VERIFIED else []
    after = [changed] if state in Claim.VERIFIED else []
    return Effect(
        tuple(
            _town(place, others, before, after, claim.pk)
            for place in sorted(places.values(), key=lambda place: place.pk != claim.place_id)
        )
    )


def _changed(row: Claim, values: Mapping[str, Any]) -> Claim:
    """A copy of the claim with `values`, never saved, and what a status needs of their rows."""
    changed = copy.copy(row)
    for name, value in values.items():
        setattr(changed, name, value)
    named = {name: values[name] for name in ("claimant", "subject") if values.get(name)}
    if named:
        allegiances = Prefetch("allegiances", Allegiance.objects.select_related("side"))
        actors = Actor.objects.select_related("parent__parent").prefetch_related(allegiances)
        by_id = actors.in_bulk({actor.pk for actor in named.values()})
        for name, actor in named.items():
            setattr(changed, name, by_id[actor.pk])
    return changed


def _town(
    place: Place,
    others: Sequence[Claim],
    before: Sequence[Claim],
    after: Sequence[Claim],
    claim_id: UUID,
) -> TownEffect:
    here = [row for row in others if row.place_id == place.pk]
    with_now = [*here, *(row for row in before if row.place_id == place.pk)]
    with_then = [*here, *(row for row in after if row.place_id == place.pk)]
    now, then = town_status(with_now), town_status(with_then)
    key = str(claim_id)
    return TownEffect(
        place=place,
        sides=sides_of(place, {*with_now, *with_then}),
        before=now,
        after=then,
        differences=tuple(differences(now, then)),
        decides=any(key in band.deciding and band.status != "unknown" for band in _all(then)),
    )


def _all(status: TownStatus) -> Iterator[Interval]:
    for bands in (status.bands, *status.parts.values()):
        yield from bands


def differences(before: TownStatus, after: TownStatus) -> Iterator[Difference]:
    """The times in which two statuses of a town say something else, the whole town's first,
    each in the order of the days."""
    yield from _between(before.bands, after.bands, "")
    for part in sorted({*before.parts, *after.parts}):
        yield from _between(before.parts.get(part, ()), after.parts.get(part, ()), part)


def _between(
    before: Sequence[Interval], after: Sequence[Interval], part: str
) -> Iterator[Difference]:
    days = sorted({band.start for band in (*before, *after)})
    ends: list[date | None] = [*days[1:], None][: len(days)]
    found: Difference | None = None
    for day, end in zip(days, ends, strict=True):
        now, then = _on(before, day), _on(after, day)
        if _look(now) == _look(then):
            if found:
                yield found
            found = None
        elif found and (_look(found.before), _look(found.after)) == (_look(now), _look(then)):
            found = Difference(found.first, end, found.before, found.after, part)
        else:
            if found:
                yield found
            found = Difference(day, end, now, then, part)
    if found:
        yield found


def _on(bands: Sequence[Interval], day: date) -> Interval | None:
    return next((band for band in bands if band.covers(day)), None)


def _look(interval: Interval | None) -> tuple[str, bool]:
    """What a status says; before a town's first word it is unknown too."""
    return (
        (interval.text(), interval.by_own_word) if interval else (status_text("unknown", ()), False)
    )
