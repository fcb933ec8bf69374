"""Whether the files of releases are what was published."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from claims.releases.checking import check


class Command(BaseCommand):
    help = (
        "Read every file of published releases and compare it with the checksum that the "
        "database has of it. Ends with 1 where one is missing or has changed."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("number", nargs="?", type=int, help="one release; by default all")

    def handle(self, *args: Any, number: int | None = None, **options: Any) -> None:
        faults = files = 0
        for one in check(number):
            files += 1
            if one.fault:
                faults += 1
                self.stderr.write(f"release {one.file.release_id}: {one.file.name}: {one.fault}")
        if faults:
            raise CommandError(f"{faults} of {files} files are not what was published")
        self.stdout.write(f"{files} files, all as published")
