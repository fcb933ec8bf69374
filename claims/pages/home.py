"""The list of towns: their statuses, what changed last, and how many claims there are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, cast

from django.db.models import F, OrderBy, Prefetch, QuerySet

from claims.models import StatusInterval
from claims.own_sides import own_sides, parties_called
from claims.pages.badges import Badge, badge
from claims.pages.colours import Patterns, patterns_for
from claims.pages.forms import ONLY_PENDING
from claims.pages.wording import in_words
from claims.timeline import named, towns
from entities.models import Actor, Place, Side

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

    from claims.timeline import Present

    class Listed(Present):
        """What `town_list` adds to a place, besides."""

        latest: list[StatusInterval]
        latest_with_pending: list[StatusInterval]
        parties: list[Actor]

    ListedTown = WithAnnotations[Place, Listed]
else:
    ListedTown = Place

SORTS: dict[str, tuple[str | OrderBy, ...]] = {
    "changed": (F("status_since").desc(nulls_last=True), "name", "id"),
    "claims": ("-live_claims", "name", "id"),
    "name": ("name", "id"),
}


@dataclass(frozen=True, slots=True)
class TownRow:
    """One town of the list. `since` and `before` (in words) are its latest change."""

    place: Place
    badge: Badge | None
    since: date | None
    before: str


def town_list(ask: Mapping[str, Any]) -> QuerySet[ListedTown]:
    """The towns that are asked for, in order, each with what `town_row` reads."""
    include_pending = ask["include_pending"]
    found = towns(include_pending=include_pending)
    if ask["q"]:
        found = named(found, ask["q"])
    if ask["conflict"]:
        found = found.filter(conflict__slug=ask["conflict"])
    if ask["status"] == ONLY_PENDING:
        found = found.filter(status_now=None)
    elif ask["status"]:
        found = found.filter(status_now=ask["status"])
    found = found.order_by(*SORTS[ask["sort"]]).prefetch_related(
        _latest_two(include_pending, "latest"), _latest_two(True, "latest_with_pending")
    )
    return cast("QuerySet[ListedTown]", found)


def _latest_two(include_pending: bool, name: str) -> Prefetch:
    intervals = StatusInterval.objects.filter(include_pending=include_pending, part_label="")
    return Prefetch("intervals", intervals.order_by("-start")[:2], to_attr=name)


def town_row(place: ListedTown, today: date) -> TownRow:
    """A town of `town_list`. One without a verified status shows what pending claims say."""
    pending = not place.latest or place.pending_claims == place.live_claims
    intervals = place.latest or place.latest_with_pending
    if not intervals:
        return TownRow(place, None, None, "")
    now, *earlier = intervals
    sides = sides_of(place)
    names = {key: side.name for key, side in sides.items()}
    return TownRow(
        place,
        badge(now, sides, pending=pending, last_word_on=now.last_word_on, today=today),
        now.start,
        in_words(earlier[0], names) if earlier else "",
    )


def patterns_of(places: Iterable[ListedTown]) -> Patterns:
    return patterns_for(
        (interval, {key: side.colour for key, side in sides_of(place).items()})
        for place in places
        for interval in [*place.latest, *place.latest_with_pending]
    )


def sides_of(place: ListedTown) -> dict[str, Side]:
    """The sides of the place's conflict, prefetched, by key; in none, as `give_own_sides` has
    given them."""
    if place.conflict is None:
        return own_sides(place.parties)
    return {side.key: side for side in place.conflict.sides.all()}


def give_own_sides(places: Iterable[ListedTown]) -> None:
    """Give those of `places` that are in no conflict the `parties` of their statuses, all in
    one query."""
    alone = [place for place in places if place.conflict is None]
    keys = {place.id: _sides_shown(place) for place in alone}
    called = parties_called(set().union(*keys.values())) if alone else {}
    for place in alone:
        place.parties = [called[key] for key in keys[place.id] if key in called]


def _sides_shown(place: ListedTown) -> set[str]:
    intervals = [*place.latest, *place.latest_with_pending]
    return {key for interval in intervals for key in interval.sides}
