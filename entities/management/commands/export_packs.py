"""Writes the database's names back into packs."""

from __future__ import annotations

import tempfile
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from entities.exporting import COMMON, pack_text, packs_of
from entities.names import stored_actors, stored_wars
from entities.pack_file import PackError, PackFile
from entities.pack_reading import Pack, read_draft
from entities.packs import pack_paths, read_packs


class Command(BaseCommand):
    help = (
        "Writes conflicts, sides and actors of the database, editors' changes included, into "
        "packs: one TOML file for each CONFLICT (all and the common pack, where none is named). "
        "The comments of the packs that they were loaded from are lost. Provisional actors are "
        "left out. Existing files are kept unless --force is given."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "conflicts",
            nargs="*",
            metavar="CONFLICT",
            help="its key, or common",
        )
        parser.add_argument("--to", type=Path, required=True, metavar="FOLDER")
        parser.add_argument("--force", action="store_true", help="replace existing files")

    def handle(
        self, *args: Any, conflicts: list[str], to: Path, force: bool, **options: Any
    ) -> None:
        packs = _chosen(conflicts)
        paths = [to / pack.path for pack in packs]
        there = [str(path) for path in paths if path.exists()]
        if there and not force:
            raise CommandError(f"{', '.join(there)}: exists; --force replaces it")
        try:
            to.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryDirectory(dir=to, prefix=".export-") as folder:
                written = [_written(pack, Path(folder)) for pack in packs]
                for draft, path in zip(written, paths, strict=True):
                    draft.replace(path)
        except OSError as error:
            raise CommandError(f"{error.filename}: {error.strerror}") from None
        actors = sum(len(pack.actors) for pack in packs)
        self.stdout.write(f"{to}: {len(packs)} packs, {actors} actors")


def _chosen(conflicts: list[str]) -> list[Pack]:
    packs = packs_of(stored_wars(), stored_actors(), read_packs(pack_paths()))
    unknown = set(conflicts) - {pack.key for pack in packs}
    if unknown:
        raise CommandError(f"the database has no conflict {', '.join(sorted(unknown))}")
    chosen = conflicts or [pack.key for pack in packs if pack.war or pack.actors]
    return [pack for pack in packs if pack.key in chosen and (pack.war or pack.key == COMMON)]


def _written(pack: Pack, folder: Path) -> Path:
    """The pack's file, which reads again.

    Raises:
        CommandError: where an editor has entered what no pack can say.
    """
    path = folder / pack.path
    path.write_text(pack_text(pack), encoding="utf-8")
    try:
        mistakes = read_draft(PackFile.read(path)).mistakes
    except PackError as mistake:
        mistakes = (mistake,)
    if mistakes:
        raise CommandError(f"{pack.key}: {mistakes[0].reason}: mend it in the admin first")
    return path
