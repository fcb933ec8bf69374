"""Extract claims from documents, without a database."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TextIO

from django.core.management.base import BaseCommand, CommandError

from claims.extraction.jsonl import InputError, prediction, read_articles
from claims.extraction.model import load_model
from claims.extraction.pipeline import Extractor
from claims.extraction.records import Article
from entities.packs import PackError, lexicon_from_packs


class Command(BaseCommand):
    help = (
        "Reads documents (JSON Lines) and writes the claims that they carry, a line for each "
        "document as it is read: what is there when it is interrupted is whole lines."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("documents", metavar="DOCS.jsonl", help="- for standard input")
        parser.add_argument("-o", "--output", default="-", help="- for standard output")
        parser.add_argument("--conflict", help="where a document names none; by default any")
        parser.add_argument("--lexicon", type=Path, help="a pack file to use besides the bundled")

    def handle(self, *args: Any, **options: Any) -> None:
        extractor = packs_extractor(options["lexicon"])
        if options["conflict"] and options["conflict"] not in extractor.conflicts:
            raise CommandError(f"no pack for the conflict {options['conflict']}")
        articles = articles_of(options["documents"], options["conflict"])
        with opened(options["output"], "w") as target:
            for extraction in extractor.extract(articles):
                target.write(json.dumps(prediction(extraction), ensure_ascii=False) + "\n")


def packs_extractor(pack: Path | None) -> Extractor:
    """With the bundled packs' names, and one pack file's where it is given."""
    try:
        return Extractor(load_model(), lexicon_from_packs(packs=[pack] if pack else []))
    except PackError as error:
        raise CommandError(str(error)) from error
    except OSError as error:
        raise CommandError(f"no parsing model: {error}") from error


def articles_of(name: str, conflict: str | None = None) -> list[Article]:
    """The articles of a JSON Lines file, "-" for standard input. Raises CommandError."""
    try:
        with opened(name, "r") as source:
            return list(read_articles(source, conflict))
    except InputError as error:
        raise CommandError(f"{name}: {error}") from error
    except UnicodeDecodeError as error:
        raise CommandError(f"{name}: not UTF-8 text: {error}") from error


@contextmanager
def opened(name: str, mode: str) -> Iterator[TextIO]:
    """A text file by its name, or a standard stream for "-"."""
    if name == "-":
        yield sys.stdout if mode == "w" else sys.stdin
        return
    try:
        file = Path(name).open(mode, encoding="utf-8")  # noqa: SIM115 - closed below
    except OSError as error:
        raise CommandError(f"{name}: {error.strerror}") from error
    with file:
        yield file  # type: ignore[misc]
