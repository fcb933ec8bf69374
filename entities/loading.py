"""Packs and gazetteers into the database, by upsert.

A row that an editor has changed (`edited`) is never touched, nor are its names, speakers
and allegiances; a row that no source names any more stays. Loading the same again changes
nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import transaction

from entities.catalogue import CataloguedActor, War
from entities.folding import fold
from entities.lexicon import Actor as ActorRecord
from entities.lexicon import Side as SideRecord
from entities.models import Actor, ActorName, Allegiance, Conflict, Load, Side, Speaker
from entities.names import stored_actors
from entities.packs import Pack, catalogued_actors


@dataclass(slots=True)
class Changes:
    """What a load did to rows of one kind; `kept` are those that an editor has changed."""

    added: int = 0
    changed: int = 0
    kept: int = 0
    unchanged: int = 0

    def __str__(self) -> str:
        return (
            f"{self.added} added, {self.changed} changed, {self.unchanged} unchanged, "
            f"{self.kept} kept as edited"
        )


def is_loaded(source: str, digest: str) -> bool:
    """Whether this very content was loaded last from `source`."""
    return Load.objects.filter(source=source, digest=digest).exists()


def remember_load(source: str, digest: str) -> None:
    Load.objects.update_or_create(source=source, defaults={"digest": digest})


@transaction.atomic
def load_packs(packs: Sequence[Pack]) -> Changes:
    """Conflicts, sides and actors of the packs into the database; what happened to actors."""
    wars = [pack.war for pack in packs if pack.war]
    for war in wars:
        _load_war(war)
    return _load_actors(catalogued_actors(packs), frozenset(war.key for war in wars))


def _load_war(war: War) -> None:
    conflict, _ = Conflict.objects.get_or_create(
        slug=war.key, defaults={"name": war.name, "regions": list(war.regions)}
    )
    wanted = (war.name, list(war.regions))
    if not conflict.edited and (conflict.name, conflict.regions) != wanted:
        conflict.name, conflict.regions = wanted
        conflict.save(update_fields=["name", "regions"])
    sides = {side.key: side for side in conflict.sides.all()}
    for order, record in enumerate(war.sides):
        _load_side(conflict, record, order, sides.get(record.key))


def _load_side(conflict: Conflict, record: SideRecord, order: int, side: Side | None) -> None:
    wanted = (record.name, record.colour, order)
    if side is None:
        side = Side(conflict=conflict, key=record.key)
    elif side.edited or (side.name, side.colour, side.order) == wanted:
        return
    side.name, side.colour, side.order = wanted
    side.save()


def _load_actors(entries: Sequence[CataloguedActor], conflicts: frozenset[str]) -> Changes:
    """The actors, with their allegiances in these conflicts; others they have are kept."""
    changes = Changes()
    rows = {row.slug: row for row in Actor.objects.all()}
    stored = {entry.actor.key: entry for entry in stored_actors()}
    sides = {
        (side.conflict.slug, side.key): side for side in Side.objects.select_related("conflict")
    }
    to_fill: list[tuple[Actor, CataloguedActor]] = []
    for entry in entries:
        row = rows.get(entry.actor.key)
        if row is None:
            row = rows[entry.actor.key] = Actor(slug=entry.actor.key)
            changes.added += 1
        elif row.edited:
            changes.kept += 1
            continue
        elif not row.provisional and _same(stored[row.slug], entry, conflicts):
            changes.unchanged += 1
            continue
        else:
            changes.changed += 1
        row.name, row.kind, row.official = entry.actor.name, entry.actor.kind, entry.actor.official
        row.provisional = False
        row.save()
        to_fill.append((row, entry))
    for row, entry in to_fill:
        parent = rows[entry.actor.parent] if entry.actor.parent else None
        if row.parent != parent:
            row.parent = parent
            row.save(update_fields=["parent"])
    _fill(to_fill, sides, conflicts)
    return changes


def _same(stored: CataloguedActor, entry: CataloguedActor, conflicts: frozenset[str]) -> bool:
    return stored.actor == entry.actor and {
        one for one in stored.allegiances if one[0] in conflicts
    } == set(entry.allegiances)


def _fill(
    to_fill: Iterable[tuple[Actor, CataloguedActor]],
    sides: dict[tuple[str, str], Side],
    conflicts: frozenset[str],
) -> None:
    """Put names, speakers and allegiances of the given actors in the place of the old ones."""
    rows = [row for row, _ in to_fill]
    ActorName.objects.filter(actor__in=rows).delete()
    Speaker.objects.filter(actor__in=rows).delete()
    Allegiance.objects.filter(actor__in=rows, side__conflict__slug__in=conflicts).delete()
    ActorName.objects.bulk_create(
        name for row, entry in to_fill for name in _names(row, entry.actor)
    )
    Speaker.objects.bulk_create(
        Speaker(
            actor=row,
            names=list(one.names),
            role=one.role,
            since=one.since,
            until=one.until,
            order=order,
        )
        for row, entry in to_fill
        for order, one in enumerate(entry.actor.speakers)
    )
    Allegiance.objects.bulk_create(
        Allegiance(actor=row, side=sides[conflict, one.side], since=one.since, until=one.until)
        for row, entry in to_fill
        for conflict, one in entry.allegiances
    )


def _names(row: Actor, record: ActorRecord) -> list[ActorName]:
    kinds = (
        (ActorName.Kind.NAME, record.names),
        (ActorName.Kind.DEMONYM, record.demonyms),
        (ActorName.Kind.METONYM, record.metonyms),
    )
    return [
        ActorName(actor=row, name=name, folded=fold(name), kind=kind, order=order)
        for kind, names in kinds
        for order, name in enumerate(names)
    ]
