"""Backs the installation up into a folder."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from config.backups.programs import Failed


class Command(BaseCommand):
    help = (
        "Back up the database, what was received from outside and the files of releases into a "
        "folder, as they stand at one moment, while everything runs. manifest.json, written last, "
        "names every file with its hash. docs/backup.md says what is not in it."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, metavar="DIR")
        parser.add_argument("--force", action="store_true", help="overwrite the backup in DIR")
        parser.add_argument(
            "--dump",
            type=Path,
            metavar="FILE",
            help="take this dump, just made by `pg_dump --format=custom`, instead of making one",
        )
        parser.add_argument(
            "--programs", type=Path, metavar="DIR", help="the folder of pg_dump and pg_restore"
        )
        parser.add_argument(
            "--without-evidence",
            action="store_true",
            help="leave out what was received: where its bucket is copied by other means",
        )

    def handle(self, *args: Any, folder: Path, **options: Any) -> None:
        from config.backups.making import back_up

        try:
            made = back_up(
                folder,
                force=options["force"],
                dump=options["dump"],
                programs=options["programs"],
                evidence=not options["without_evidence"],
            )
        except (Failed, OSError) as error:
            raise CommandError(str(error)) from error
        size = sum(kept.size for kept in made.files)
        self.stdout.write(f"{len(made.files)} files, {size:,} bytes, in {folder}")
        for name in made.missing:
            self.stderr.write(f"{name}: missing, and so not in the backup")
        if made.missing:
            raise CommandError(f"{len(made.missing)} objects are missing (named above)")
