"""Tell how a document is read: sentence by sentence, what fired and what was left out."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError

from claims import runs
from claims.management.commands.extract import articles_of, packs_extractor
from sources.models import Document


class Command(BaseCommand):
    help = (
        "Tells how a document is read, sentence by sentence: who speaks, which dates were seen, "
        "what fired, and what was left out by which words. Writes nothing."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "document",
            metavar="DOC",
            help="a document's id, as in its page's address, read with the database's names; or a "
            "JSON Lines file, read with the packs' names and without a database",
        )
        parser.add_argument("--only", metavar="ID", help="of a file, the one with this id")
        parser.add_argument("--lexicon", type=Path, help="for a file: a pack to use besides")

    def handle(self, *args: Any, **options: Any) -> None:
        if Path(options["document"]).exists():
            self._file(options["document"], options["only"], options["lexicon"])
        else:
            self._document(options["document"])

    def _document(self, id_: str) -> None:
        try:
            document = Document.objects.select_related("publisher").get(id=UUID(id_))
        except ValueError:
            raise CommandError(f"{id_} is neither a file nor a document's id") from None
        except Document.DoesNotExist:
            raise CommandError(f"no document has the id {id_}") from None
        self.stdout.write("\n".join(runs.extractor().explain(runs.article(document))))

    def _file(self, name: str, only: str | None, pack: Path | None) -> None:
        chosen = [one for one in articles_of(name) if only in (None, one.id)]
        if not chosen:
            raise CommandError(f"{name} has no document {only}" if only else f"{name} is empty")
        extractor = packs_extractor(pack)
        for article in chosen:
            self.stdout.write(f"{article.id}: {article.title}")
            self.stdout.write("\n".join(extractor.explain(article)))
