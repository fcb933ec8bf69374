import os

from django.core.management.base import BaseCommand, CommandError


class Command(BaseCommand):
    def handle(self, *args: object, **options: object) -> None:
        if os.environ.get("REFUSE") == "packs":
            raise CommandError("packs.toml, line 3: no such place")
        self.stdout.write("packs: nothing changed")
