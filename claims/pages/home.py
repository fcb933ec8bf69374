"""The list of towns as of a day: their statuses, what changed last, and how many claims there
are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from django.db.models import F, OrderBy, QuerySet
from django.utils.translation import get_language, gettext

from claims.on_day import ListedTown, ToldInterval, TownList, newest_day, towns_on
from claims.own_sides import own_sides, parties_called, sides_of_conflicts
from claims.pages.badges import Badge, badge
from claims.pages.colours import Patterns, patterns_for
from claims.pages.forms import ONLY_PENDING
from claims.pages.wording import HasStatus, day_in_words, in_words
from claims.timeline import named

Coloured = tuple[HasStatus, Mapping[str, str]]  # with its sides' colours by key

NARROWING = ("q", "conflict", "status")
SORTS: dict[str, tuple[str | OrderBy, ...]] = {
    "changed": (F("status_since").desc(nulls_last=True), "name", "id"),
    "claims": ("-live_claims", "name", "id"),
    "name": ("name", "id"),
}


@dataclass(frozen=True, slots=True)
class AsOf:
    """The day that a list of towns is of. `newest`: that of the newest claim, in `conflict` if
    one is chosen; None where there is no claim."""

    day: date
    newest: date | None
    chosen: bool

    @property
    def words(self) -> str:
        """E.g. "As of 25 January 2023, the day of the newest claim"."""
        day = {"day": day_in_words(self.day)}
        if self.day == self.newest:
            return gettext("As of %(day)s, the day of the newest claim") % day
        return gettext("As of %(day)s, with all that is known now") % day


def as_of(ask: Mapping[str, Any], today: date) -> AsOf:
    """The day that is asked for, else that of the newest claim; `today` without any. One query."""
    newest = newest_day(ask["conflict"])
    return AsOf(ask["on"] or newest or today, newest, chosen=ask["on"] is not None)


@dataclass(frozen=True, slots=True)
class TownRow:
    """One town of the list. `since` and `before` (in words) are its latest change."""

    place: ListedTown
    badge: Badge | None
    since: date | None
    before: str


def town_list(ask: Mapping[str, Any], day: date) -> TownList:
    """The towns that are asked for as of `day`, in order, each with what `town_row` reads."""
    return TownList(
        partial(_asked_towns, ask, day),
        day,
        include_pending=ask["include_pending"],
        by_change=ask["sort"] == "changed" and not any(ask[name] for name in NARROWING),
    )


def _asked_towns(ask: Mapping[str, Any], day: date) -> QuerySet[Any]:
    found = towns_on(day, include_pending=ask["include_pending"])
    if ask["q"]:
        found = named(found, ask["q"])
    if ask["conflict"]:
        found = found.filter(conflict__slug=ask["conflict"])
    if ask["status"] == ONLY_PENDING:
        found = found.filter(verified_now=None)
    elif ask["status"]:
        found = found.filter(status_now=ask["status"])
    return found.order_by(*SORTS[ask["sort"]])


def town_row(place: ListedTown, day: date, *, include_pending: bool) -> TownRow:
    """A town of `town_list`. One without a verified status shows what pending claims say."""
    intervals, changes = shown(place, include_pending=include_pending)
    if not intervals:
        return TownRow(place, None, None, "")
    now, language = intervals[0], get_language()
    since, *before = changes
    names = {key: side.name for key, side in place.sides.items()}
    return TownRow(
        place,
        badge(
            now,
            place.sides,
            pending=not place.now,
            last_word_on=now.last_word_by(day),
            today=day,
            language=language,
        ),
        since.start,
        in_words(before[0], names, language) if before else "",
    )


def shown(
    place: ListedTown, *, include_pending: bool
) -> tuple[list[ToldInterval], list[ToldInterval]]:
    """The interval in force, if any, and the latest changes."""
    if include_pending or not place.now:
        return place.now_with_pending, place.changes_with_pending
    return place.now, place.changes


def patterns_of(places: Iterable[ListedTown], also: Iterable[Coloured] = ()) -> Patterns:
    """What the towns' badges refer to, and the statuses in `also` with their colours."""
    coloured: list[Coloured] = [
        (interval, {key: side.colour for key, side in place.sides.items()})
        for place in places
        for interval in [*place.now, *place.now_with_pending]
    ]
    return patterns_for([*coloured, *also])


def give_sides(places: Sequence[ListedTown]) -> None:
    """Give places the `sides` of their conflict; in none, the parties of their statuses. At most
    two queries."""
    by_conflict = sides_of_conflicts() if places else {}
    alone = {place.id: _sides_shown(place) for place in places if place.conflict_id is None}
    called = parties_called(set().union(*alone.values()))
    for place in places:
        if place.conflict_id is None:
            place.sides = own_sides(called[key] for key in alone[place.id] if key in called)
        else:
            place.sides = by_conflict.get(place.conflict_id, {})


def _sides_shown(place: ListedTown) -> set[str]:
    intervals = [*place.now, *place.now_with_pending, *place.changes, *place.changes_with_pending]
    return {key for interval in intervals for key in interval.sides}
