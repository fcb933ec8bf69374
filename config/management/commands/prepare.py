"""Brings the database up to date."""

from __future__ import annotations

from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand

# The packs say which places the gazetteer needs.
STEPS = ("migrate", "grant_rights", "load_packs", "load_gazetteer")


class Command(BaseCommand):
    help = (
        "Bring the database up to date: migrations, rights, conflict packs, gazetteer. Where "
        "nothing is new it changes nothing; what an editor has changed it leaves alone."
    )
    requires_system_checks: list[str] = []  # `migrate` makes them, those of the database as well

    def handle(self, *args: Any, verbosity: int, **options: Any) -> None:
        for step in STEPS:
            more = {"interactive": False, "skip_checks": False} if step == "migrate" else {}
            call_command(step, verbosity=verbosity, stdout=self.stdout, stderr=self.stderr, **more)
