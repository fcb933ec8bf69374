"""Take a document's text down, for good; or again, where an older backup has brought it back."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from claims.withdrawing import withdraw, withdraw_again
from sources.models import Document
from sources.withdrawals import (
    Withdrawal,
    parsed,
    withdrawals,
    write_down_lacking,
    written_down,
)
from sources.withdrawing import taken_together


class Command(BaseCommand):
    help = (
        "Withdraw a document and the other versions of its article: text, title, what was "
        "received, and what claims quote of it. Hash, address and decisions stay. Nothing brings "
        "the text back. Or, in place of a document, do again what was done (--again, --from), as "
        "after an older backup was restored: what is withdrawn already stays as it is."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        what = parser.add_mutually_exclusive_group(required=True)
        what.add_argument(
            "document", nargs="?", type=UUID, help="Its id, as in the address of its page."
        )
        what.add_argument(
            "--again",
            action="store_true",
            help="Withdraw all that the storage of evidence knows as withdrawn.",
        )
        what.add_argument(
            "--from",
            type=Path,
            dest="file",
            metavar="FILE",
            help="Withdraw all of a list that --list has written; - is the standard input.",
        )
        what.add_argument(
            "--list",
            action="store_true",
            help="Write what is withdrawn, a JSON object a line, and withdraw nothing.",
        )
        parser.add_argument("--by", help="The administrator's name.")
        parser.add_argument("--because", help="Why, for the record.")
        parser.add_argument("--yes", action="store_true", help="Do it without asking.")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["list"]:
            for one in withdrawals():
                self.stdout.write(one.line())
        elif options["again"]:
            self._again(written_down())
        elif options["file"]:
            self._again(_listed(options["file"]))
        else:
            self._withdraw(**options)

    def _again(self, found: Iterable[Withdrawal]) -> None:
        try:
            # All are read before the first is withdrawn: a list is good or does nothing.
            done = withdraw_again(list(found))
            write_down_lacking()
        except (OSError, ValueError) as error:
            raise CommandError(str(error)) from None
        self.stdout.write(f"{done.withdrawn} withdrawn again, {done.noted} noted that are not here")

    def _withdraw(self, **options: Any) -> None:
        if not options["by"] or not options["because"]:
            raise CommandError("--by and --because say by whom and why")
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


def _listed(file: Path) -> Iterator[Withdrawal]:
    """Raises OSError, ValueError."""
    text = sys.stdin.read() if str(file) == "-" else file.read_text(encoding="utf-8")
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip():
            try:
                yield parsed(line)
            except ValueError as error:
                raise ValueError(f"{file}:{number}: {error}") from None
