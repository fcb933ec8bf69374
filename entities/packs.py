"""Conflict packs: the TOML files in `entities/packs`, read, checked and made into records.

A pack names one conflict, the regions where it is fought, its sides and its actors
(`README.md` beside the packs describes the form). `common.toml` names the actors that are
on no side anywhere.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from entities.catalogue import CataloguedActor, War, build_lexicon, conflict_of
from entities.lexicon import Actor, Allegiance, Lexicon, Place, Side, Speaker
from entities.pack_file import PackError, PackFile, Table
from entities.places import read_places

PACKS = Path(__file__).parent / "packs"

__all__ = ["PACKS", "Pack", "PackError", "lexicon_from_packs", "pack_paths", "read_packs"]


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


def pack_paths(packs: Sequence[Path] = ()) -> list[Path]:
    """The packs that come with the project and `packs`, of which one of a bundled pack's key
    takes its place.

    Raises:
        PackError, OSError: where one of `packs` cannot be read.
    """
    own = {PackFile.read(path).key for path in packs}
    return [*(path for path in sorted(PACKS.glob("*.toml")) if path.stem not in own), *packs]


def read_packs(paths: Iterable[Path]) -> list[Pack]:
    """Packs read and checked, each by itself and together.

    Raises:
        PackError: for the first mistake, with file, line and reason.
        OSError: where a file cannot be read.
    """
    files = [PackFile.read(path) for path in paths]
    packs = [_read_pack(file) for file in files]
    for index, (pack, file) in enumerate(zip(packs, files, strict=True)):
        _check_unique(pack, file, packs[:index])
        _check_references(pack, file, packs)
    return packs


def lexicon_from_packs(
    conflicts: Collection[str] | None = None, packs: Sequence[Path] = ()
) -> Lexicon:
    """The names of some conflicts, or of all, from packs and the bundled gazetteer.

    `packs` are further pack files; one of a bundled pack's key takes its place.

    Raises:
        PackError: where a pack is wrong.
        OSError: where a file cannot be read.
        KeyError: where a conflict that is asked for has no pack.
    """
    read = read_packs(pack_paths(packs))
    wars = [pack.war for pack in read if pack.war]
    missing = set(conflicts or ()) - {war.key for war in wars}
    if missing:
        raise KeyError(f"no pack for the conflict {', '.join(sorted(missing))}")
    return build_lexicon(wars, catalogued_actors(read), _places(wars), conflicts)


def catalogued_actors(packs: Sequence[Pack]) -> list[CataloguedActor]:
    """The actors of all packs, each with its allegiances in every conflict."""
    allegiances: dict[str, list[tuple[str, Allegiance]]] = {}
    for pack in packs:
        for key, allegiance in pack.allegiances:
            allegiances.setdefault(key, []).append((pack.key, allegiance))
    return [
        CataloguedActor(actor, tuple(allegiances.get(actor.key, ())))
        for pack in packs
        for actor in pack.actors
    ]


def _places(wars: Sequence[War]) -> dict[str, list[Place]]:
    by_conflict: dict[str, list[Place]] = {}
    for entry in read_places():
        conflict = conflict_of(entry.place.country, entry.region, wars)
        if conflict:
            by_conflict.setdefault(conflict, []).append(entry.place)
    return by_conflict


def _read_pack(file: PackFile) -> Pack:
    file.top.only("key", "name", "regions", "side", "actor", "ally")
    sides = tuple(_read_side(table) for table in file.tables("side"))
    file.distinct("side", [side.key for side in sides], "side")
    side_keys = frozenset(side.key for side in sides)
    actors = []
    allegiances: list[tuple[str, Allegiance]] = []
    for table in file.tables("actor"):
        actor = _read_actor(table)
        actors.append(actor)
        allegiances += [(actor.key, one) for one in _read_allegiances(table, side_keys)]
    file.distinct("actor", [actor.key for actor in actors], "actor")
    for table in file.tables("ally"):
        table.only("actor", "side", "since", "until")
        side = table.choice("side", side_keys)
        allegiances.append((table.key("actor"), Allegiance(side, *table.period())))
    name = file.top.text("name")
    war = War(file.key, name, file.top.texts("regions"), sides) if sides else None
    return Pack(file.key, file.path, war, tuple(actors), tuple(allegiances))


def _read_side(table: Table) -> Side:
    table.only("key", "name", "colour")
    return Side(table.key("key"), table.text("name"), table.colour("colour"))


def _read_actor(table: Table) -> Actor:
    table.only(
        *("key", "name", "kind", "official", "parent", "names", "demonyms", "metonyms"),
        *("side", "since", "until", "allegiances", "speakers"),
    )
    name = table.text("name")
    return Actor(
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


def _read_speaker(table: Table) -> Speaker:
    table.only("names", "role", "since", "until")
    names = table.distinct_texts("names")
    if not names:
        raise table.error("names", "a speaker needs at least one name")
    return Speaker(names, table.text("role") if table.has("role") else "", *table.period())


def _read_allegiances(table: Table, sides: frozenset[str]) -> list[Allegiance]:
    """Either `side` with `since` and `until`, or a list of such, in time."""
    if table.has("side") and table.has("allegiances"):
        raise table.error("allegiances", "give either side or allegiances, not both")
    if table.has("side"):
        return [Allegiance(table.choice("side", sides), *table.period())]
    found = []
    for inner in table.inner("allegiances"):
        inner.only("side", "since", "until")
        found.append(Allegiance(inner.choice("side", sides), *inner.period()))
    for earlier, later in pairwise(found):
        if earlier.until is None or later.since is None or later.since <= earlier.until:
            raise table.error("allegiances", "allegiances must follow each other in time")
    return found


def _check_unique(pack: Pack, file: PackFile, earlier: Sequence[Pack]) -> None:
    """An actor's key belongs to one pack."""
    known = {actor.key: other.path.name for other in earlier for actor in other.actors}
    for actor, table in zip(pack.actors, file.tables("actor"), strict=True):
        if actor.key in known:
            raise table.error("key", f"actor {actor.key!r} is in {known[actor.key]} too")


def _check_references(pack: Pack, file: PackFile, packs: Sequence[Pack]) -> None:
    """Parents and allies must be actors of some pack."""
    defined = {actor.key: actor for other in packs for actor in other.actors}
    for actor, table in zip(pack.actors, file.tables("actor"), strict=True):
        ancestors = {actor.key}
        parent = actor.parent
        while parent is not None:
            if parent not in defined:
                raise table.error("parent", f"no pack has an actor {parent!r}")
            if parent in ancestors:
                raise table.error("parent", f"actor {actor.key!r} is its own ancestor")
            ancestors.add(parent)
            parent = defined[parent].parent
    for table in file.tables("ally"):
        if table.text("actor") not in defined:
            raise table.error("actor", f"no pack has an actor {table.text('actor')!r}")
