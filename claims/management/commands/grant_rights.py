"""Keep the database's roles from changing history."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from claims.access.rights import Unfit, let_in, protect_history


class Command(BaseCommand):
    help = (
        "Take the rights to change history from the role that owns its tables, and give the "
        "application's own role (DATABASE_APPLICATION_ROLE), where one is named, the rights that "
        "it needs. `prepare` does so after every migration."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        role = settings.APPLICATION_ROLE
        try:
            protect_history()
            if role:
                let_in(role, settings.APPLICATION_PASSWORD)
        except (Unfit, DatabaseError) as error:
            raise CommandError(str(error).strip()) from None
        if role:
            self.stdout.write(f"rights: {role} adds to history and changes nothing in it")
