"""What of the feed somebody keeps a copy of."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from claims.models import Change
from entities.models import Place


@dataclass(frozen=True, slots=True)
class Within:
    """`what`: claims, statuses, or both where it is empty; `towns` (ids) and `conflict` (its short
    name) where not everything is asked for."""

    what: str = ""
    towns: frozenset[UUID] | None = None
    conflict: str = ""

    def choose(self, rows: QuerySet[Change]) -> QuerySet[Change]:
        """Changes that somebody who keeps a copy needs: also of claims that are no longer about
        one of these towns."""
        if self.what:
            rows = rows.filter(what=self.what)
        if self.towns is not None:
            rows = rows.filter(_in(self.towns))
        if self.conflict:
            # A list of ids: the planner then reads the index by town and number.
            places = Place.objects.filter(conflict__slug=self.conflict)
            rows = rows.filter(_in(places.values("id")))
        return rows

    def holds(self, town: UUID, conflict: str | None) -> bool:
        """Whether a claim about this town belongs in the copy, as far as the filters go."""
        return (self.towns is None or town in self.towns) and self.conflict in ("", conflict)


def _in(places: Collection[UUID] | QuerySet[Place, Any]) -> Q:
    return Q(place__in=places) | Q(place_before__in=places)


EVERYTHING = Within()
