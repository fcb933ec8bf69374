"""Load the demo documents and the decisions on their claims."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from claims.demo import load as demo

PASSWORD = "demo"  # noqa: S105 - of a demo user that has one only where DEBUG is on


class Command(BaseCommand):
    help = (
        "Load short documents that retell the public record, extract and decide their claims. "
        "One that was interrupted can be repeated, and goes on with what is missing."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.DEBUG:
            demo.demo_editor(PASSWORD)
        if demo.is_loaded():
            self.stdout.write("demo: there already")
        else:
            self._load()
        if settings.DEBUG:
            self.stdout.write(f"demo login: {demo.EDITOR} / {PASSWORD} (adjudicator, at /login/)")

    def _load(self) -> None:
        try:
            loaded = demo.load()
        except RuntimeError as error:
            raise CommandError(str(error)) from None
        self.stdout.write(
            f"demo: {loaded.documents} documents, {loaded.claims} claims, "
            f"{loaded.decisions} decided"
        )
        for claim in loaded.unmatched:
            self.stderr.write(f"demo: no such claim was found: {claim}")
