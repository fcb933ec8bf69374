"""Take in documents from files, folders or standard input."""

from __future__ import annotations

import argparse
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from tqdm import tqdm

from sources.adapters import Defaults, RawDocument, Unreadable, read
from sources.adapters.raw import parse_time
from sources.ingest import store, wake

BAR_FROM = 10  # documents: fewer are done before a bar can be read


def _time(value: str) -> Any:
    try:
        return parse_time(value)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


class Command(BaseCommand):
    help = (
        "Take in text (.txt, .md), HTML or JSON Lines (.jsonl): files, folders, or - for "
        "standard input. A publisher's same text is kept once. Extraction follows by itself "
        "while a worker runs; `manage.py process` does it at once. Each document is stored by "
        "itself: when it was interrupted, repeat it, and it takes in what is missing."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("sources", nargs="+", metavar="FILE|FOLDER|-")
        parser.add_argument("--publisher", default="", help="where the input does not name it")
        parser.add_argument("--published", type=_time, help="publication time (ISO 8601), likewise")
        parser.add_argument("--conflict", default="", help="a conflict's short name, likewise")

    def handle(self, *args: Any, **options: Any) -> None:
        defaults = Defaults(options["publisher"], options["published"], options["conflict"])
        found = [item for source in options["sources"] for item in read(source, defaults)]
        documents = [item for item in found if isinstance(item, RawDocument)]
        new = same = 0
        for raw in tqdm(
            documents, unit="document", file=sys.stderr, disable=len(documents) <= BAR_FROM
        ):
            result = store(raw)
            if result.created:
                new += 1
            else:
                same += 1
                self.stdout.write(
                    f"{raw.where}: already here as {result.document.get_absolute_url()}"
                )
        if new:
            wake()
        unreadable = [item for item in found if isinstance(item, Unreadable)]
        for item in unreadable:
            self.stderr.write(f"{item.where}: {item.reason}")
        self.stdout.write(f"{new} new, {same} already here, {len(unreadable)} unreadable")
        if unreadable:
            raise CommandError(f"{len(unreadable)} of {len(found)} could not be read (named above)")
