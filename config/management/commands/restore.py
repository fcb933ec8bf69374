"""Puts a backup of the installation back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from config.backups.programs import Failed


class Command(BaseCommand):
    help = (
        "Put a backup back: every file of it is checked first, then the database is restored in "
        "one transaction and compared, then the files. What was withdrawn since the backup is "
        "withdrawn again. Web server, workers and beat must not run."
    )
    requires_system_checks: list[str] = []  # of a database that may be empty

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, metavar="DIR")
        parser.add_argument("--force", action="store_true", help="replace what is in the database")
        parser.add_argument(
            "--programs", type=Path, metavar="DIR", help="the folder of pg_dump and pg_restore"
        )
        parser.add_argument(
            "--without-database",
            action="store_true",
            help="only the files: pg_restore has put the dump back already",
        )

    def handle(self, *args: Any, folder: Path, **options: Any) -> None:
        from config.backups.restoring import restore, unapplied

        try:
            manifest = restore(
                folder,
                force=options["force"],
                programs=options["programs"],
                database=not options["without_database"],
            )
        except (Failed, OSError) as error:
            raise CommandError(str(error)) from error
        call_command("grant_rights", stdout=self.stdout, stderr=self.stderr)
        self.stdout.write(f"{len(manifest.files)} files of {manifest.made_at} are restored")
        if missing := unapplied(manifest):
            self.stdout.write(
                f"The backup is {len(missing)} migrations older than this version: run "
                "`manage.py prepare`, then `manage.py withdraw --again`, before anything is "
                "started."
            )
        else:  # what was withdrawn since, and has come back
            call_command("withdraw", "--again", stdout=self.stdout, stderr=self.stderr)
