"""Write what was received as a WARC file."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import IO, Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db.models import QuerySet
from tqdm import tqdm

from sources.evidence import warc
from sources.models import Document, Feed, Publisher, Snapshot


def _day(value: str) -> date:
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{value!r} is not a day as 2023-01-11") from None


class Command(BaseCommand):
    help = (
        "Write what was received (sites' answers with their headers, files that were brought in) "
        "as WARC 1.1, packed record by record: all of it, or that for which everything holds that "
        "is given. Ends with 1 where the storage lacks any of it, which the file then says."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("out", metavar="FILE|-", help="by custom, its name ends in .warc.gz")
        parser.add_argument("--document", type=UUID, action="append", default=[], metavar="ID")
        parser.add_argument("--feed", metavar="ADDRESS", help="what a feed announced, and itself")
        parser.add_argument("--publisher", metavar="NAME")
        parser.add_argument("--since", type=_day, metavar="DAY", help="received on it or later")
        parser.add_argument("--until", type=_day, metavar="DAY", help="received on it or earlier")

    def handle(self, *args: Any, out: str, **options: Any) -> None:
        snapshots = _chosen(**options)
        lacking = written = withdrawn = 0
        try:
            with _written(out) as file:
                for record in tqdm(
                    warc.write(snapshots, file, name=Path(out).name if out != "-" else ""),
                    total=snapshots.count(),
                    unit="snapshot",
                    file=sys.stderr,
                    disable=None,
                ):
                    written += 1
                    withdrawn += record.withdrawn
                    if record.lacks and not record.withdrawn:
                        lacking += 1
                        self.stderr.write(f"{record.snapshot.pk}: {record.lacks}")
        except OSError as error:
            raise CommandError(f"Not written: {error}") from error
        told = f"{written} snapshots, of which {withdrawn} are withdrawn"
        if lacking:
            raise CommandError(f"{told} and {lacking} lack their bytes (named above)")
        self.stderr.write(told)


def _chosen(
    *,
    document: list[UUID],
    feed: str | None,
    publisher: str | None,
    since: date | None,
    until: date | None,
    **options: Any,
) -> QuerySet[Snapshot]:
    if unknown := set(document) - set(
        Document.objects.filter(pk__in=document).values_list("pk", flat=True)
    ):
        raise CommandError(f"No document has the id {', '.join(map(str, sorted(unknown)))}")
    asked_feed = Feed.objects.filter(url=feed).first() if feed else None
    if feed and asked_feed is None:
        raise CommandError(f"No feed has the address {feed}")
    asked_publisher = Publisher.objects.filter(name=publisher).first() if publisher else None
    if publisher and asked_publisher is None:
        raise CommandError(f"No publisher has the name {publisher}")
    return warc.chosen(
        documents=document,
        feed=asked_feed,
        publisher=asked_publisher,
        since=_begins(since) if since else None,
        until=_begins(until + timedelta(days=1)) if until else None,
    )


def _begins(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


@contextmanager
def _written(out: str) -> Iterator[IO[bytes]]:
    """The file, which is there under its name once it is whole; or standard output."""
    if out == "-":
        yield sys.stdout.buffer
        return
    whole = Path(out)
    unfinished = whole.with_name(f"{whole.name}.unfinished")
    try:
        with unfinished.open("wb") as file:
            yield file
        unfinished.replace(whole)
    finally:
        unfinished.unlink(missing_ok=True)
