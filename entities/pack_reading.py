"""From a pack's tables to its records, with every mistake that reading meets."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import TypeVar

from entities.catalogue import War
from entities.lexicon import Actor, Allegiance, Side, Speaker
from entities.pack_file import PackError, PackFile, Table

Record = TypeVar("Record")


@dataclass(frozen=True, slots=True)
class Pack:
    """One pack's content. `war` is None for a pack without sides (the common one).

    `actors` are those it defines; `allegiances` are (actor's key, allegiance) in this
    pack's conflict, of its own actors and of others' (its allies).
    """

    key: str
    path: Path
    war: War | None
    actors: tuple[Actor, ...]
    allegiances: tuple[tuple[str, Allegiance], ...]


@dataclass(frozen=True, slots=True)
class Draft:
    """A pack as far as it could be read, and the mistakes that kept the rest out of it.

    `sides`, `actors` and `allies` are the tables of what was read, in the pack's order.
    """

    file: PackFile
    pack: Pack
    sides: tuple[Table, ...]
    actors: tuple[Table, ...]
    allies: tuple[Table, ...]
    mistakes: tuple[PackError, ...]


def read_draft(file: PackFile) -> Draft:
    """One pack, each table by itself.

    Raises:
        PackError: where the fields above the tables are wrong.
    """
    file.top.only("key", "name", "regions", "side", "actor", "ally")
    key, name, regions = file.key, file.top.text("name"), file.top.texts("regions")
    reading = _Reading(file)
    sides = reading.tables("side", _read_side)
    side_keys = frozenset(side.key for side, _ in sides)
    actors = reading.tables("actor", lambda table: _read_actor(table, side_keys))
    allies = reading.tables("ally", lambda table: _read_ally(table, side_keys))
    war = War(key, name, regions, tuple(side for side, _ in sides)) if sides else None
    allegiances = [(actor.key, one) for (actor, own), _ in actors for one in own]
    return Draft(
        file=file,
        pack=Pack(
            key=key,
            path=file.path,
            war=war,
            actors=tuple(actor for (actor, _), _ in actors),
            allegiances=(*allegiances, *(ally for ally, _ in allies)),
        ),
        sides=tuple(table for _, table in sides),
        actors=tuple(table for _, table in actors),
        allies=tuple(table for _, table in allies),
        mistakes=tuple(sorted(reading.mistakes, key=lambda mistake: mistake.line)),
    )


def mistakes_between(drafts: Sequence[Draft]) -> Iterator[PackError]:
    """What is wrong between packs: an actor in two of them, a reference to none."""
    for index, draft in enumerate(drafts):
        yield from _actors_of_others(draft, drafts[:index])
        yield from _lost_references(draft, drafts)


@dataclass(slots=True)
class _Reading:
    """Collects the mistakes of a pack's tables."""

    file: PackFile
    mistakes: list[PackError] = field(default_factory=list)

    def tables(self, name: str, read: Callable[[Table], Record]) -> list[tuple[Record, Table]]:
        """The records of the tables `[[name]]` that can be read, each with its table."""
        found: list[tuple[Record, Table]] = []
        keys: set[object] = set()
        try:
            tables = self.file.tables(name)
        except PackError as mistake:
            self.mistakes.append(mistake)
            return found
        for table in tables:
            try:
                record = read(table)
                if (key := table.values.get("key")) is not None and key in keys:
                    raise table.error("key", f"this {name} is there twice")
            except PackError as mistake:
                self.mistakes.append(mistake)
            else:
                keys.add(key)
                found.append((record, table))
        return found


def _read_side(table: Table) -> Side:
    table.only("key", "name", "colour")
    return Side(table.key("key"), table.text("name"), table.colour("colour"))


def _read_actor(table: Table, sides: frozenset[str]) -> tuple[Actor, list[Allegiance]]:
    table.only(
        *("key", "name", "kind", "official", "parent", "names", "demonyms", "metonyms"),
        *("side", "since", "until", "allegiances", "third_party", "speakers"),
    )
    name = table.text("name")
    actor = Actor(
        key=table.key("key"),
        name=name,
        kind=table.kind("kind"),
        names=table.distinct_texts("names", first=name),
        demonyms=table.distinct_texts("demonyms"),
        metonyms=table.distinct_texts("metonyms"),
        parent=table.key("parent") if table.has("parent") else None,
        official=table.flag("official"),
        speakers=tuple(_read_speaker(speaker) for speaker in table.inner("speakers")),
    )
    return actor, _read_allegiances(table, sides)


def _read_speaker(table: Table) -> Speaker:
    table.only("names", "role", "since", "until")
    names = table.distinct_texts("names")
    if not names:
        raise table.error("names", "a speaker needs at least one name")
    return Speaker(names, table.text("role") if table.has("role") else "", *table.period())


def _read_allegiances(table: Table, sides: frozenset[str]) -> list[Allegiance]:
    """Either `side` with `since` and `until`, or a list of such, in time."""
    if table.flag("third_party") and (table.has("side") or table.has("allegiances")):
        raise table.error("third_party", "a third party is on no side")
    if table.has("side") and table.has("allegiances"):
        raise table.error("allegiances", "give either side or allegiances, not both")
    if table.has("side"):
        return [Allegiance(table.choice("side", sides), *table.period())]
    for day in ("since", "until"):
        if table.has(day):
            raise table.error(day, f"{day!r} needs a side beside it")
    found = []
    for inner in table.inner("allegiances"):
        inner.only("side", "since", "until")
        found.append(Allegiance(inner.choice("side", sides), *inner.period()))
    for earlier, later in pairwise(found):
        if earlier.until is None or later.since is None or later.since <= earlier.until:
            raise table.error("allegiances", "allegiances must follow each other in time")
    return found


def _read_ally(table: Table, sides: frozenset[str]) -> tuple[str, Allegiance]:
    table.only("actor", "side", "since", "until")
    return table.key("actor"), Allegiance(table.choice("side", sides), *table.period())


def _actors_of_others(draft: Draft, earlier: Sequence[Draft]) -> Iterator[PackError]:
    """An actor's key belongs to one pack."""
    known = {actor.key: other.file.path.name for other in earlier for actor in other.pack.actors}
    for actor, table in zip(draft.pack.actors, draft.actors, strict=True):
        if actor.key in known:
            yield table.error("key", f"actor {actor.key!r} is in {known[actor.key]} too")


def _lost_references(draft: Draft, drafts: Sequence[Draft]) -> Iterator[PackError]:
    """Parents and allies must be actors of some pack, though one that could not be read."""
    named = {key for other in drafts for key in other.file.keys("actor")}
    parents = {actor.key: actor.parent for other in drafts for actor in other.pack.actors}
    for actor, table in zip(draft.pack.actors, draft.actors, strict=True):
        ancestors = {actor.key}
        parent = actor.parent
        while parent is not None:
            if parent not in named:
                yield table.error("parent", f"no pack has an actor {parent!r}")
                break
            if parent in ancestors:
                yield table.error("parent", f"actor {actor.key!r} is its own ancestor")
                break
            ancestors.add(parent)
            parent = parents.get(parent)
    for (key, _), table in zip(_ally_allegiances(draft), draft.allies, strict=True):
        if key not in named:
            yield table.error("actor", f"no pack has an actor {key!r}")


def _ally_allegiances(draft: Draft) -> Sequence[tuple[str, Allegiance]]:
    return draft.pack.allegiances[len(draft.pack.allegiances) - len(draft.allies) :]
