"""Take in documents from files, folders or standard input."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path, PurePath
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from tqdm import tqdm

from sources import bulk, reading
from sources.adapters import Defaults, RawDocument, Unreadable, read, read_here
from sources.evidence import NOT_KEPT, keep_upload, note_read
from sources.ingest import store, wake
from sources.management import arguments
from sources.models import BulkImport, Snapshot

BAR_FROM = 10  # documents: fewer are done before a bar can be read
BULK_FROM = 5_000_000  # bytes of JSON Lines, that are not held at once
MOST_TOLD = 20  # lines of a large file that gave no document
LINES = (".jsonl", ".ndjson")
QUICK = (*LINES, ".txt", ".text", ".md")  # read here: nothing in them is run or unpacked


class Command(BaseCommand):
    help = (
        "Take in text (.txt, .md), HTML, PDF, e-mail (.eml) or JSON Lines (.jsonl): files, "
        "folders, or - for standard input. A publisher's same text is kept once. Extraction "
        "follows by itself while a worker runs; `manage.py process` does it at once. When it was "
        "interrupted, repeat it: it takes in what is missing. A large JSON Lines file goes on "
        "where it was."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("sources", nargs="+", metavar="FILE|FOLDER|-")
        parser.add_argument("--publisher", default="", help="where the input does not name it")
        parser.add_argument(
            "--published", type=arguments.time, help="publication time (ISO 8601), likewise"
        )
        parser.add_argument("--conflict", default="", help="a conflict's short name, likewise")
        parser.add_argument(
            "--bulk-from",
            type=int,
            default=BULK_FROM,
            metavar="BYTES",
            help="size from which a JSON Lines file is taken in line by line, each start going on "
            "where the last was cut off (%(default)s)",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        defaults = Defaults(options["publisher"], options["published"], options["conflict"])
        large = [name for name in options["sources"] if _is_large(name, options["bulk_from"])]
        failed, of = 0, 0
        for name in large:
            row = self._bulk(Path(name), defaults)
            failed, of = failed + row.failed, of + row.lines
        others = [name for name in options["sources"] if name not in large]
        if others:
            unreadable, found = self._small(others, defaults)
            failed, of = failed + unreadable, of + found
        if failed:
            raise CommandError(f"{failed} of {of} could not be read (named above)")

    def _small(self, names: list[str], defaults: Defaults) -> tuple[int, int]:
        """Take in what can be held at once. Returns how many were unreadable, of how many."""
        files: list[Snapshot] = []

        def kept(
            ending: str, content: bytes, where: str, defaults: Defaults
        ) -> Iterable[RawDocument | Unreadable]:
            files.append(_kept(where, content))
            return _read(ending, content, where, defaults)

        found: list[RawDocument | Unreadable] = []
        documents: list[tuple[RawDocument, Snapshot]] = []
        for name in names:
            for item in read(name, defaults, kept):
                found.append(item)
                if isinstance(item, RawDocument):  # read from the file that was kept last
                    documents.append((item, files[-1]))
        new = same = 0
        for raw, file in tqdm(
            documents, unit="document", file=sys.stderr, disable=len(documents) <= BAR_FROM
        ):
            with transaction.atomic():
                result = store(raw)
                note_read(file, [result.document])
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
        return len(unreadable), len(found)

    def _bulk(self, path: Path, defaults: Defaults) -> BulkImport:
        """Take in a large file, from where it was left."""
        try:
            row = bulk.opened(path, defaults)
            if row.state == BulkImport.State.DONE:
                self.stdout.write(f"{path}: taken in on {row.finished_at:%d %B %Y} already")
            elif row.lines:
                self.stdout.write(f"{path}: goes on after line {row.lines}")
            with tqdm(
                total=row.size, initial=row.done_bytes, unit="B", unit_scale=True, file=sys.stderr
            ) as bar:
                for so_far in bulk.go_on(row, path, defaults):
                    row = so_far
                    bar.update(row.done_bytes - bar.n)
                    bar.set_postfix(new=row.created, same=row.present, failed=row.failed)
        except bulk.Busy:
            raise CommandError(f"{path}: another process takes it in") from None
        except OSError as error:
            raise CommandError(f"{path}: {error.strerror or error}") from None
        faults = row.faults.order_by("line")
        for fault in faults[:MOST_TOLD]:
            self.stderr.write(f"{path}:{fault.line}: {fault.reason}")
        if row.failed > MOST_TOLD:
            self.stderr.write(f"… and {row.failed - MOST_TOLD} more lines")
        self.stdout.write(f"{row.created} new, {row.present} already here, {row.failed} unreadable")
        return row


def _is_large(name: str, bulk_from: int) -> bool:
    path = Path(name)
    return path.suffix.lower() in LINES and path.is_file() and path.stat().st_size >= bulk_from


def _kept(where: str, content: bytes) -> Snapshot:
    try:
        return keep_upload(PurePath(where).name, content)
    except OSError as error:
        raise CommandError(NOT_KEPT) from error


def _read(
    ending: str, content: bytes, where: str, defaults: Defaults
) -> Iterable[RawDocument | Unreadable]:
    """Formats whose readers can be made to break off are read apart."""
    return (read_here if ending in QUICK else reading.read)(ending, content, where, defaults)
