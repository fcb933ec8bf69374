"""Take a document's text down, for good."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from claims.withdrawing import withdraw
from sources.models import Document
from sources.withdrawing import taken_together


class Command(BaseCommand):
    help = (
        "Withdraw a document and the other versions of its article: text, title, what was "
        "received, and what claims quote of it. Hash, address and decisions stay. Nothing brings "
        "the text back."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("document", type=UUID, help="Its id, as in the address of its page.")
        parser.add_argument("--by", required=True, help="The administrator's name.")
        parser.add_argument("--because", required=True, help="Why, for the record.")
        parser.add_argument("--yes", action="store_true", help="Do it without asking.")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            document = Document.objects.get(pk=options["document"])
            by = User.objects.get(username=options["by"], is_active=True)
        except Document.DoesNotExist:
            raise CommandError(f"there is no document {options['document']}") from None
        except User.DoesNotExist:
            raise CommandError(f"there is no active user {options['by']!r}") from None
        for one in taken_together(document):
            self.stdout.write(f"{one.pk}  version {one.version}  {one}")
        if not options["yes"] and not self._sure():
            raise CommandError("nothing was withdrawn")
        try:
            found = withdraw(document=document, by=by, because=options["because"])
        except (PermissionDenied, ValidationError) as error:
            said = error.messages if isinstance(error, ValidationError) else [str(error)]
            raise CommandError(" ".join(said)) from None
        self.stdout.write(f"{len(found)} withdrawn")

    def _sure(self) -> bool:
        self.stdout.write("Nothing brings these texts back. Withdraw them? [y/N] ", ending="")
        self.stdout.flush()
        try:
            return input().strip().lower() in ("y", "yes")
        except EOFError:
            return False
