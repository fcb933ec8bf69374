"""Print the part of docs/exports.md that is made of the tables themselves."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from claims.exports.describing import markdown


class Command(BaseCommand):
    help = "Print the columns of the exports' tables, as docs/exports.md ends with them."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(markdown())
