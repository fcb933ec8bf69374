"""Sides in a town of no conflict: each state and each movement is a side of its own there.

Nobody has said yet which war such a town is in, or who is whose ally in it. Once it is given a
conflict, that conflict's sides count.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import cycle
from typing import Any, NamedTuple, Protocol
from uuid import UUID

from django.db.models import F, Q

from claims.statements import Among, Given, Statement
from entities.models import Actor, Side

# Told apart by people with any colour vision; in this order.
COLOURS = ("#0072b2", "#d55e00", "#009e73", "#b3589a")
PROVISIONAL = "provisional-"  # what the slugs of actors met in texts begin with
_PARTIES = ("state", "movement")
_ALONE = ("army", "government")  # where they belong to no state that is known
_LONGEST = 50  # of a side's key


class Belonging(Protocol):
    """What `Actor` and `Known` share."""

    @property
    def slug(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def parent(self) -> Belonging | None: ...


class Known(NamedTuple):
    """An actor as plain values, with those that it belongs to."""

    slug: str
    name: str
    kind: str
    parent: Known | None = None


# Of an actor, what `known_actor` takes: its parent's parent is the last that is asked for a side.
KNOWN = tuple(
    f"{path}{name}" for path in ("", "parent__", "parent__parent__") for name in Known._fields[:3]
)


def known_actor(values: Sequence[Any]) -> Known:
    """Of the columns `KNOWN`."""
    slug, name, kind, *rest = values
    return Known(slug, name, kind, known_actor(rest) if rest and rest[0] else None)


def party_of(actor: Belonging | None) -> Belonging | None:
    """The state or movement that an actor is or belongs to; None for monitors, publishers …"""
    top = one = actor
    while one is not None and one.kind not in _PARTIES:
        top, one = one, one.parent
    if one is None and top is not None and top.kind in _ALONE:
        return top
    return one


def own_side(actor: Belonging | None) -> str | None:
    """The key of the side that an actor is on in a town of no conflict."""
    party = party_of(actor)
    return None if party is None else _key(party)


def own_sides(actors: Iterable[Belonging | None]) -> dict[str, Side]:
    """The sides of these actors by key, not saved: states first, in the order of their names,
    coloured in turn."""
    parties = {_key(party): party for actor in actors if (party := party_of(actor))}
    ordered = sorted(parties.items(), key=lambda pair: (pair[1].kind != "state", pair[1].name))
    return {
        key: Side(key=key, name=party.name[:100], colour=colour)
        for (key, party), colour in zip(ordered, cycle(COLOURS), strict=False)
    }


def parties_called(keys: Iterable[str]) -> dict[str, Known]:
    """The states and movements whose sides have these keys, in one query."""
    wanted = set(keys)
    slugs = [*wanted, *(f"{PROVISIONAL}{key}" for key in wanted)]
    return {_key(one): one for one in map(known_actor, _CALLED.rows(slugs=slugs))}


_CALLED = Statement(
    lambda: Actor.objects.filter(Among(F("slug"), Given("slugs"))).order_by().values_list(*KNOWN)
)


def sides_of_conflicts() -> dict[UUID, dict[str, Side]]:
    """The sides of each conflict by key, in their order; not to be saved. One query."""
    found: dict[UUID, dict[str, Side]] = defaultdict(dict)
    for conflict, key, name, colour in _SIDES.rows():
        found[conflict][key] = Side(conflict_id=conflict, key=key, name=name, colour=colour)
    return found


_SIDES = Statement(
    lambda: Side.objects.order_by("order").values_list("conflict_id", "key", "name", "colour")
)


def on_own_side(side: str, who: str = "claimant") -> Q:
    """Claims about towns of no conflict by claimants (or with subjects) whose own side this is."""
    slugs = [side, f"{PROVISIONAL}{side}"]
    actor = Q()
    for path in (who, f"{who}__parent", f"{who}__parent__parent"):
        actor |= Q(**{f"{path}__slug__in": slugs})
    return Q(place__conflict__isnull=True) & actor


def _key(party: Belonging) -> str:
    return party.slug.removeprefix(PROVISIONAL)[:_LONGEST]
