"""Conflict packs: the TOML files in `entities/packs`, read, checked and made into records.

A pack names one conflict, the regions where it is fought, its sides and its actors
(`README.md` beside the packs describes the form). `common.toml` names the actors that are
on no side anywhere.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from pathlib import Path

from entities.catalogue import CataloguedActor, War, build_lexicon, conflict_of
from entities.lexicon import Allegiance, Lexicon, Place
from entities.pack_file import PackError, PackFile
from entities.pack_reading import Pack, mistakes_between, read_draft
from entities.places import read_places

PACKS = Path(__file__).parent / "packs"

__all__ = ["PACKS", "Pack", "PackError", "lexicon_from_packs", "pack_paths", "read_packs"]


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
    drafts = [read_draft(PackFile.read(path)) for path in paths]
    mistakes = [mistake for draft in drafts for mistake in draft.mistakes]
    mistakes += mistakes_between(drafts)
    if mistakes:
        raise mistakes[0]
    return [draft.pack for draft in drafts]


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


def _places(wars: Sequence[War]) -> dict[str | None, list[Place]]:
    by_conflict: dict[str | None, list[Place]] = {}
    for entry in read_places():
        conflict = conflict_of(entry.place.country, entry.region, wars)
        by_conflict.setdefault(conflict, []).append(entry.place)
    return by_conflict
