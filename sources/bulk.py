"""Large files of JSON Lines, taken in batch by batch: what is done of a file is written with the
documents that came of it, so that whoever is cut off goes on where it was, and nothing is done
twice. A file is known by its hash, not by its name.
"""

from __future__ import annotations

import hashlib
from collections.abc import Generator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from django.contrib.auth.models import User
from django.db import OperationalError, transaction
from django.db.models import F
from django.utils import timezone

from sources import ingest
from sources.adapters import Defaults, RawDocument
from sources.adapters.jsonl import read_line
from sources.evidence import keep_file, note_read
from sources.models import BulkFault, BulkImport

BATCH = 500  # lines
MOST_OF_A_BATCH = 8_000_000  # bytes
LONGEST_LINE = 4_000_000  # bytes: a text of the longest kind, escaped
PIECE = 1 << 20
WAKE_AFTER = 20  # batches: what reads documents need not wait for all of them

CHANGED = "the file has become shorter while it was read"
OTHER = "the file has changed while it was kept"
TOO_LONG = f"longer than {LONGEST_LINE:,} bytes"


class Busy(Exception):
    """Another process takes the file in."""


@dataclass(slots=True)
class Batch:
    """Lines that are stored at once. `lines` are read, blank ones too; `end` is where the next
    begins, in bytes."""

    end: int
    lines: int = 0
    documents: list[RawDocument] = field(default_factory=list)
    faults: list[tuple[int, str]] = field(default_factory=list)  # line from 1, and why


def opened(path: Path, defaults: Defaults, *, by: User | None = None) -> BulkImport:
    """The import of the file with these defaults: the one that was begun, or a new one, for which
    the file is kept as it is. Raises OSError."""
    with path.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    told = {
        "sha256": sha256,
        "publisher": defaults.publisher,
        "published": defaults.published.isoformat() if defaults.published else "",
        "conflict_slug": defaults.conflict,
    }
    if found := BulkImport.objects.filter(**told).first():
        return found
    kept = keep_file(path)
    if kept.bytes_id != sha256:
        raise OSError(OTHER)
    about = {"name": path.name[-300:], "size": kept.bytes.size, "by": by, "snapshot": kept}
    return BulkImport.objects.get_or_create(**told, defaults=about)[0]


def go_on(row: BulkImport, path: Path, defaults: Defaults) -> Generator[BulkImport, None, None]:
    """Take in what is left of the file; `row` is given back after each batch, up to date. Raises
    Busy where another process takes it in, OSError where the file cannot be read."""
    with path.open("rb") as file:
        file.seek(row.done_bytes)
        batches = 0
        while row.state == BulkImport.State.OPEN:
            batch = _next(file, row, defaults)
            row = _store(row, batch)
            batches += 1
            if batches % WAKE_AFTER == 0 or row.state == BulkImport.State.DONE:
                ingest.wake()
            yield row


def _next(file: IO[bytes], row: BulkImport, defaults: Defaults) -> Batch:
    """The next lines of the file, read."""
    batch = Batch(row.done_bytes)
    until = min(row.size, row.done_bytes + MOST_OF_A_BATCH)
    while batch.lines < BATCH and batch.end < until:
        line = file.readline(min(LONGEST_LINE + 1, row.size - batch.end))
        if not line:
            raise OSError(CHANGED)
        batch.end += len(line)
        batch.lines += 1
        number = row.lines + batch.lines
        if len(line) > LONGEST_LINE:
            batch.end += _skip_line(file, line, row.size - batch.end)
            batch.faults.append((number, TOO_LONG))
        elif line.strip():
            found = read_line(line, f"{row.name}:{number}", defaults)
            if isinstance(found, RawDocument):
                batch.documents.append(found)
            else:
                batch.faults.append((number, found.reason))
    return batch


def _skip_line(file: IO[bytes], beginning: bytes, left: int) -> int:
    """Read on to the end of a line that is too long to be held, of the `left` bytes. Returns how
    many they are."""
    skipped, piece = 0, beginning
    while piece and not piece.endswith(b"\n"):
        piece = file.readline(min(PIECE, left - skipped))
        skipped += len(piece)
    return skipped


@transaction.atomic
def _store(before: BulkImport, batch: Batch) -> BulkImport:
    """Store what a batch holds and that it is done, both or none. Raises Busy."""
    rows = BulkImport.objects.select_for_update(nowait=True)
    try:
        row = rows.get(pk=before.pk)
    except OperationalError:
        raise Busy from None
    if row.done_bytes != before.done_bytes or row.state != before.state:
        raise Busy
    stored = ingest.store_many(batch.documents)
    if row.snapshot is not None:
        note_read(row.snapshot, [one.document for one in stored])
    created = sum(one.created for one in stored)
    BulkFault.objects.bulk_create(
        BulkFault(bulk_import=row, line=line, reason=reason) for line, reason in batch.faults
    )
    row.done_bytes = batch.end
    row.lines = F("lines") + batch.lines
    row.created = F("created") + created
    row.present = F("present") + len(stored) - created
    row.failed = F("failed") + len(batch.faults)
    if batch.end >= row.size:
        row.state, row.finished_at = BulkImport.State.DONE, timezone.now()
    row.save()
    row.refresh_from_db()
    return row
