"""Whom and what a name may mean that somebody types, in any spelling: for choosing an actor or a
place by hand. Those of one conflict come first, whole names before beginnings of names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Generic, Literal, TypeVar
from uuid import UUID

from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q, Subquery

from entities.folding import fold
from entities.models import Actor, ActorName, Allegiance, Place, PlaceName

Kind = Literal["actor", "place"]
Row = TypeVar("Row", Actor, Place)
MOST = 8  # that are offered


@dataclass(frozen=True, slots=True)
class Known(Generic[Row]):
    """An actor or a place, and the spelling by which it was found. `side`: an actor's, in the
    conflict, as of no certain day."""

    row: Row
    spelling: str
    side: str = ""


def places(typed: str, *, conflict: UUID | None, whole: bool = False) -> list[Known[Place]]:
    """Places one of whose names begins with `typed`, or is it (`whole`): first those of
    `conflict` (None: of none), then the largest. Two queries, by the index of folded names."""
    if not (folded := fold(typed)):
        return []
    named = PlaceName.objects.filter(**_lookup(folded, whole=whole))
    rows = list(
        Place.objects.filter(pk__in=named.values("place"))
        .select_related("conflict")
        .alias(
            near=_is(Q(conflict=conflict)),
            exact=_is(Q(pk__in=PlaceName.objects.filter(folded=folded).values("place"))),
        )
        .order_by("-near", "-exact", "-population", "name", "id")[:MOST]
    )
    spellings = dict(
        named.filter(place__in=rows).order_by("place", "-order").values_list("place", "name")
    )
    return [Known(row, spellings[row.pk]) for row in rows]


def actors(typed: str, *, conflict: UUID | None, whole: bool = False) -> list[Known[Actor]]:
    """Actors one of whose names, or a word within it, begins with `typed`, or is it (`whole`):
    first those that are on a side of `conflict`. Two queries."""
    if not (folded := fold(typed)):
        return []
    condition = Q(**_lookup(folded, whole=whole))
    if not whole:  # "defence" finds the Ministry of Defence; actors are few enough to be read
        condition |= Q(folded__contains=f" {folded}")
    named = ActorName.objects.filter(condition)
    sides = Allegiance.objects.filter(actor=OuterRef("pk"), side__conflict=conflict)
    rows = list(
        Actor.objects.filter(pk__in=named.values("actor"))
        .select_related("parent")
        .annotate(side_name=Subquery(sides.order_by("-since").values("side__name")[:1]))
        .alias(
            near=Exists(sides),
            exact=_is(Q(pk__in=ActorName.objects.filter(folded=folded).values("actor"))),
            begins=_is(
                Q(pk__in=ActorName.objects.filter(folded__startswith=folded).values("actor"))
            ),
        )
        .order_by("-near", "-exact", "-begins", "provisional", "name", "id")[:MOST]
    )
    spellings = dict(
        named.filter(actor__in=rows)
        .order_by("actor", "-kind", "-order")
        .values_list("actor", "name")
    )
    return [Known(row, spellings[row.pk], row.side_name or "") for row in rows]


def meant(kind: Kind, typed: str, *, conflict: UUID | None) -> list[Known[Any]]:
    """Those that are called exactly so; of namesakes, those of `conflict` alone where it has
    any. One: that is who is meant. None: nobody is called so."""
    if kind == "place":
        towns = places(typed, conflict=conflict, whole=True)
        return list([one for one in towns if one.row.conflict_id == conflict] or towns)
    people = actors(typed, conflict=conflict, whole=True)
    return list([one for one in people if one.side] or people)


def begin_with(kind: Kind, typed: str, *, conflict: UUID | None) -> list[Known[Any]]:
    """What is offered while a name is being typed."""
    if kind == "place":
        return list(places(typed, conflict=conflict))
    return list(actors(typed, conflict=conflict))


def _lookup(folded: str, *, whole: bool) -> dict[str, str]:
    return {"folded": folded} if whole else {"folded__startswith": folded}


def _is(condition: Q) -> ExpressionWrapper:
    return ExpressionWrapper(condition, output_field=BooleanField())
