"""Loads conflict packs: conflicts, sides and actors."""

from __future__ import annotations

import hashlib
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from entities.loading import is_loaded, load_packs, remember_load
from entities.packs import PackError, pack_paths, read_packs

SOURCE = "packs"


class Command(BaseCommand):
    help = (
        "Loads conflict packs, those that come with the project and FILEs beside or, where the "
        "key is the same, instead of them. Rows that an editor has changed are left alone."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="*", type=Path, metavar="FILE", help="a pack (TOML)")

    def handle(self, *args: Any, files: list[Path], **options: Any) -> None:
        try:
            paths = pack_paths(files)
            digest = hashlib.sha256(b"\0".join(path.read_bytes() for path in paths)).hexdigest()
            if is_loaded(SOURCE, digest):
                self.stdout.write(f"Packs: {len(paths)}, unchanged")
                return
            packs = read_packs(paths)
        except PackError as error:
            raise CommandError(str(error)) from None
        except OSError as error:
            raise CommandError(f"{error.filename}: {error.strerror}") from None
        changes = load_packs(packs)
        remember_load(SOURCE, digest)
        self.stdout.write(f"Packs: {len(paths)}; actors: {changes}")
