"""What decisions on many claims would do to the statuses of their towns, before they are taken:
the rules run once for a town with all of its claims as they are, and once with them decided on.
Nothing is written."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q

from claims.derive import for_many_statuses, town_status
from claims.models import Claim
from claims.own_sides import own_sides
from claims.review.effects import TownEffect, differences
from entities.models import Place, Side

MOST_TOWNS = 30  # whose statuses are compared: some hundredths of a second each


@dataclass(frozen=True, slots=True)
class Consequence:
    """What happens to a town: its verified status, and that with pending claims."""

    verified: TownEffect
    with_pending: TownEffect

    @property
    def changes(self) -> bool:
        return bool(self.verified.differences or self.with_pending.differences)


def consequences(
    claims: Collection[UUID], *, state: str, towns: Sequence[UUID]
) -> list[Consequence]:
    """For each of `towns`, in their order, what follows if all of `claims` get `state`. A
    constant number of queries."""
    places = Place.objects.select_related("conflict").in_bulk(towns)
    sides = _sides(places.values())
    asked = Q(state__in=Claim.counting(include_pending=True)) | Q(pk__in=claims)
    by_town: dict[UUID, list[Claim]] = defaultdict(list)
    for row in for_many_statuses().filter(asked, place__in=towns).order_by("id"):
        by_town[row.place_id].append(row)
    decided = frozenset(claims)
    return [
        _consequence(places[id_], by_town[id_], decided, state, sides)
        for id_ in towns
        if id_ in places
    ]


def _consequence(
    place: Place,
    rows: Sequence[Claim],
    decided: Collection[UUID],
    state: str,
    sides: dict[UUID, dict[str, Side]],
) -> Consequence:
    def effect(*, include_pending: bool) -> TownEffect:
        counting = Claim.counting(include_pending=include_pending)
        before = town_status(row for row in rows if row.state in counting)
        after = town_status(
            row for row in rows if (state if row.pk in decided else row.state) in counting
        )
        named = sides.get(place.conflict_id) if place.conflict_id else None
        if named is None:
            named = own_sides(actor for row in rows for actor in (row.claimant, row.subject))
        return TownEffect(
            place, named, before, after, tuple(differences(before, after)), decides=False
        )

    return Consequence(effect(include_pending=False), effect(include_pending=True))


def _sides(places: Iterable[Place]) -> dict[UUID, dict[str, Side]]:
    """The sides by key of each conflict that a place belongs to. One query."""
    found: dict[UUID, dict[str, Side]] = {
        place.conflict_id: {} for place in places if place.conflict_id
    }
    for side in Side.objects.filter(conflict__in=found):
        found[side.conflict_id][side.key] = side
    return found
