"""What was received, as WARC 1.1 (ISO 28500): what archives keep the web in, and their tools read.

Each snapshot gives two records. An answer is a `response` with its status, headers and bytes as
they came; a file is a `resource`. A `metadata` record beside it tells the rest: what was asked
for, what was made of it. Bytes that are withdrawn, or that the storage does not have as they were
kept, are not in it: the metadata says so. Records have the snapshots' ids, so that the same
snapshot is the same record in every file.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from io import BytesIO
from typing import IO, Any
from uuid import UUID, uuid5

from django.conf import settings
from django.db.models import Q, QuerySet
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from sources.evidence.objects import Damaged, content
from sources.models import Document, Feed, FeedItem, IntakeItem, Publisher, Snapshot

MEDIA_TYPE = "application/warc"
# The bytes are kept as they were before they were cut into chunks for sending.
HOP_HEADERS = {"transfer-encoding": "X-Original-Transfer-Encoding"}
ABOUT = {
    "software": "Conflict claims",
    "format": "WARC File Format 1.1",
    "conformsTo": "https://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/",
    "description": "What was received, as it was sent; payload digests are SHA-256. The protocol "
    "and the reason in status lines are not what was sent: they are not kept.",
}


@dataclass(frozen=True, slots=True)
class Record:
    """A snapshot that was written. `lacks`: why its bytes are not in it, "" if they are;
    `withdrawn`: it is on purpose."""

    snapshot: Snapshot
    lacks: str = ""
    withdrawn: bool = False


class AsReceived(StatusAndHeaders):
    """Headers that are written in the bytes in which they came: the library would write what is
    not ASCII in another way."""

    def compute_headers_buffer(self, header_filter: object = None) -> None:
        self.headers_buff = self.to_str().encode("latin-1", "replace") + b"\r\n"


def chosen(
    *,
    documents: Iterable[UUID] = (),
    feed: Feed | None = None,
    publisher: Publisher | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
) -> QuerySet[Snapshot]:
    """Snapshots for which all of it holds, in the order in which they came: of one of these
    documents (what it was read from, and of its article that from which nothing was); of what a
    feed announced, and the feed itself; of a publisher; received at `since` or later, and before
    `until`."""
    found = Snapshot.objects.select_related("bytes").order_by("at", "pk")
    if documents := list(documents):
        found = found.filter(pk__in=_of(Document.objects.filter(pk__in=documents)))
    if feed is not None:
        announced = FeedItem.objects.filter(feed=feed, document__isnull=False)
        itself = Snapshot.objects.order_by().filter(asked=feed.url).values("pk")
        items = Document.objects.filter(pk__in=announced.values("document"))
        found = found.filter(pk__in=_of(items).union(itself))
    if publisher is not None:
        found = found.filter(Q(document__publisher=publisher) | Q(article__publisher=publisher))
    if since is not None:
        found = found.filter(at__gte=since)
    if until is not None:
        found = found.filter(at__lt=until)
    return found


def write(snapshots: QuerySet[Snapshot], out: IO[bytes], *, name: str) -> Iterator[Record]:
    """Write them to `out`, each record packed by itself, as `name` (a file's). Gives each once it
    is written. Raises OSError where the storage, or `out`, cannot be used."""
    writer = WARCWriter(out, gzip=True, warc_version="1.1")
    told = {**ABOUT, "isPartOf": settings.SITE_NAME}
    writer.write_record(writer.create_warcinfo_record(name, told))
    for snapshot in snapshots.iterator(chunk_size=500):
        record, received = _received(snapshot)
        if received is not None:
            _write_bytes(writer, snapshot, received)
        _write_metadata(writer, record)
        yield record


def _of(documents: QuerySet[Document]) -> QuerySet[Any]:
    """The ids of the snapshots of documents. A union, since each part of it has its index."""
    documents = documents.order_by()
    snapshots = Snapshot.objects.order_by()
    articles = documents.filter(article__isnull=False).values("article")
    brought = IntakeItem.objects.order_by().filter(snapshot__isnull=False)
    return (
        snapshots.filter(document__in=documents)
        .values("pk")
        .union(
            snapshots.filter(document=None, article__in=articles).values("pk"),
            brought.filter(document__in=documents).values("snapshot"),
            snapshots.filter(holds__in=documents).values("pk"),
        )
    )


def _received(snapshot: Snapshot) -> tuple[Record, bytes | None]:
    if snapshot.bytes.withdrawn_at is not None:
        lacks = f"withdrawn on {snapshot.bytes.withdrawn_at:%d %B %Y}"
        return Record(snapshot, lacks, withdrawn=True), None
    try:
        return Record(snapshot), content(snapshot.bytes)
    except FileNotFoundError:
        return Record(snapshot, "missing from the storage of what was received"), None
    except Damaged:
        return Record(snapshot, "damaged in the storage of what was received"), None


def _write_bytes(writer: WARCWriter, snapshot: Snapshot, received: bytes) -> None:
    fetched = snapshot.way == Snapshot.Way.FETCHED
    headers = {
        "WARC-Record-ID": f"<urn:uuid:{snapshot.pk}>",
        "WARC-Date": _date(snapshot.at),
        "WARC-Payload-Digest": f"sha256:{snapshot.bytes_id}",
    }
    writer.write_record(
        writer.create_warc_record(
            _address(snapshot),
            "response" if fetched else "resource",
            payload=BytesIO(received),
            length=len(received),
            warc_content_type="" if fetched else "application/octet-stream",
            warc_headers_dict=headers,
            http_headers=_http(snapshot) if fetched else None,
        )
    )


def _write_metadata(writer: WARCWriter, record: Record) -> None:
    snapshot = record.snapshot
    fields = {
        "via": snapshot.asked if snapshot.asked != snapshot.address else "",
        "originalName": snapshot.name,
        "way": snapshot.way,
        "status": snapshot.status,
        "document": snapshot.document_id,
        "article": snapshot.article_id,
        "sha256": snapshot.bytes_id,
        "size": snapshot.bytes.size,
        "lacks": record.lacks,
    }
    lines = [
        f"{name}: {_line(value)}\r\n" for name, value in fields.items() if value not in ("", None)
    ]
    told = "".join(lines).encode()
    headers = {
        "WARC-Record-ID": f"<urn:uuid:{uuid5(snapshot.pk, 'metadata')}>",
        "WARC-Date": _date(snapshot.at),
        **({} if record.lacks else {"WARC-Concurrent-To": f"<urn:uuid:{snapshot.pk}>"}),
    }
    writer.write_record(
        writer.create_warc_record(
            _address(snapshot),
            "metadata",
            payload=BytesIO(told),
            length=len(told),
            warc_headers_dict=headers,
        )
    )


def _address(snapshot: Snapshot) -> str:
    """A file has none: its record is named by its snapshot."""
    return snapshot.address or f"urn:uuid:{snapshot.pk}"


def _http(snapshot: Snapshot) -> AsReceived:
    status = snapshot.status or 0
    phrase = HTTPStatus(status).phrase if status in set(HTTPStatus) else ""
    headers = [(HOP_HEADERS.get(name.lower(), name), value) for name, value in snapshot.headers]
    return AsReceived(f"{status} {phrase}".strip(), headers, protocol="HTTP/1.1")


def _date(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%fZ}"


def _line(value: object) -> str:
    """In one line: names of files come from outside."""
    return " ".join("".join(char if char.isprintable() else " " for char in str(value)).split())
