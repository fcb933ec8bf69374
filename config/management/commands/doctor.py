"""Looks at the whole installation."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from config.doctor import Level, examine


class Command(BaseCommand):
    help = (
        "Look at the whole installation: servers, rights, storage, model, disk, clock, workers, "
        "what is stuck. One line a check. Ends with 1 where something failed."
    )
    requires_system_checks: list[str] = []  # they are among the checks, each with its line

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--strict", action="store_true", help="end with 1 where there is a warning as well"
        )

    def handle(self, *args: Any, strict: bool, **options: Any) -> None:
        styles = {Level.WARNING: self.style.WARNING, Level.FAILED: self.style.ERROR}
        count = dict.fromkeys(Level, 0)
        for found in examine():
            count[found.level] += 1
            line = f"{found.level:8}{found.check:12}{found.said}"
            self.stdout.write(styles.get(found.level, str)(line))
        failed, warned = count[Level.FAILED], count[Level.WARNING]
        if failed or (strict and warned):
            raise CommandError(f"{failed} failed, {warned} warned")
