"""What was received, as a WARC that other tools read back byte for byte."""

from __future__ import annotations

import gzip
import hashlib
import sys
from datetime import UTC, datetime
from io import BytesIO, StringIO, TextIOWrapper
from pathlib import Path
from typing import Any
from unittest.mock import patch
from uuid import uuid4

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.core.management import CommandError, call_command
from django.db.models import QuerySet
from django.utils import timezone
from warcio.archiveiterator import ArchiveIterator

from sources import evidence
from sources.evidence import warc
from sources.evidence.objects import object_name, pack
from sources.fetch import Fetched
from sources.models import FeedItem, Intake, IntakeItem, Snapshot, StoredBytes
from tests.factories import make_article, make_document, make_feed, make_user

pytestmark = pytest.mark.django_db
PAGE = b"<p>The Wagner Group says that its men have taken Soledar.</p>"


def fetched(raw: bytes = PAGE, **fields: Any) -> Snapshot:
    said: dict[str, Any] = {
        "url": "https://courier.example/soledar",
        "content": raw,
        "content_type": "text/html",
        "charset": "",
        "raw": raw,
        "asked": "https://courier.example/s?id=1",
        "headers": (("Content-Type", "text/html"),),
    }
    links = {name: fields.pop(name) for name in ("document", "article") if name in fields}
    at = fields.pop("at", None) or timezone.now()
    with patch("django.utils.timezone.now", return_value=at):
        made = evidence.keep(Fetched(**{**said, **fields}))
    Snapshot.objects.filter(pk=made.pk).update(**links)
    return made


def records(written: bytes) -> list[dict[str, Any]]:
    """Headers, HTTP headers and bytes of each record; its digests must be right."""
    found = []
    for record in ArchiveIterator(BytesIO(written), no_record_parse=False, check_digests="raise"):
        http = record.http_headers
        found.append(
            {
                **dict(record.rec_headers.headers),
                "version": record.rec_headers.protocol,
                "type": record.rec_type,
                "status": http and f"{http.protocol} {http.statusline}",
                "http": http and http.headers,
                "bytes": record.raw_stream.read(),
            }
        )
    return found


def written(snapshots: QuerySet[Snapshot] | None = None) -> list[dict[str, Any]]:
    out = BytesIO()
    list(warc.write(warc.chosen() if snapshots is None else snapshots, out, name="a.warc.gz"))
    return records(out.getvalue())


def test_an_answer_is_read_back_as_it_was_sent() -> None:
    sent = gzip.compress(PAGE)
    document = make_document()
    snapshot = fetched(
        raw=sent,
        content=PAGE,
        document=document,
        headers=(
            ("Content-Type", "text/html"),
            ("Content-Encoding", "gzip"),
            ("Transfer-Encoding", "chunked"),
            ("Set-Cookie", "a=1"),
            ("Set-Cookie", "b=2"),
            ("X-Title", "Sol\xe9dar"),
        ),
    )
    info, response, metadata = written()
    assert info["type"] == "warcinfo"
    assert info["WARC-Filename"] == "a.warc.gz"
    assert b"format: WARC File Format 1.1\r\n" in info["bytes"]
    assert {record["version"] for record in (info, response, metadata)} == {"WARC/1.1"}
    assert response["bytes"] == sent
    assert response["type"] == "response"
    assert response["WARC-Record-ID"] == f"<urn:uuid:{snapshot.pk}>"
    assert response["WARC-Target-URI"] == "https://courier.example/soledar"
    assert response["WARC-Date"] == snapshot.at.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    assert response["WARC-Payload-Digest"] == f"sha256:{hashlib.sha256(sent).hexdigest()}"
    assert response["status"] == "HTTP/1.1 200 OK"
    assert response["http"] == [
        ("Content-Type", "text/html"),
        ("Content-Encoding", "gzip"),
        ("X-Original-Transfer-Encoding", "chunked"),
        ("Set-Cookie", "a=1"),
        ("Set-Cookie", "b=2"),
        ("X-Title", "Sol\xe9dar"),
    ]
    assert metadata["type"] == "metadata"
    assert metadata["WARC-Concurrent-To"] == response["WARC-Record-ID"]
    assert metadata["bytes"].decode().splitlines() == [
        "via: https://courier.example/s?id=1",
        "way: fetched",
        "status: 200",
        f"document: {document.pk}",
        f"sha256: {snapshot.bytes_id}",
        f"size: {len(sent)}",
    ]


def test_readers_unpack_what_was_sent_packed() -> None:
    packed = gzip.compress(PAGE)
    fetched(raw=packed, content=PAGE, headers=(("Content-Encoding", "gzip"),))
    out = BytesIO()
    list(warc.write(warc.chosen(), out, name=""))
    pages = [
        record.content_stream().read()
        for record in ArchiveIterator(BytesIO(out.getvalue()))
        if record.rec_type == "response"
    ]
    assert pages == [PAGE]


def test_each_record_is_packed_by_itself() -> None:
    fetched()
    out = BytesIO()
    list(warc.write(warc.chosen(), out, name=""))
    reader = ArchiveIterator(BytesIO(out.getvalue()))
    starts = []
    for record in reader:
        record.raw_stream.read()
        starts.append(reader.get_record_offset())
    assert [out.getvalue()[start : start + 2] for start in starts] == [b"\x1f\x8b"] * 3


def test_a_file_is_a_resource_whose_name_cannot_write_lines() -> None:
    snapshot = evidence.keep_upload("a\r\nway: fetched\nb.pdf", b"%PDF-1.7")
    _, resource, metadata = written()
    assert resource["type"] == "resource"
    assert resource["WARC-Target-URI"] == f"urn:uuid:{snapshot.pk}"
    assert resource["Content-Type"] == "application/octet-stream"
    assert resource["bytes"] == b"%PDF-1.7"
    assert metadata["bytes"].decode().splitlines() == [
        "originalName: a way: fetched b.pdf",
        "way: uploaded",
        f"sha256: {snapshot.bytes_id}",
        "size: 8",
    ]


def test_nothing_is_a_record_too() -> None:
    fetched(raw=b"")
    _, response, _ = written()
    assert response["bytes"] == b""
    assert response["WARC-Payload-Digest"] == f"sha256:{hashlib.sha256(b'').hexdigest()}"


def test_what_is_not_there_as_it_was_kept_is_told_and_never_made_up() -> None:
    for raw in (b"withdrawn", b"lost", b"damaged"):
        fetched(raw=raw)
    day = datetime(2023, 2, 3, tzinfo=UTC)
    StoredBytes.objects.filter(pk=digest(b"withdrawn")).update(withdrawn_at=day)
    storage = storages["evidence"]
    for raw in (b"lost", b"damaged"):
        storage.delete(object_name(digest(raw)))
    storage.save(object_name(digest(b"damaged")), ContentFile(pack(b"other")))
    found = written()
    assert [record["type"] for record in found] == ["warcinfo", *["metadata"] * 3]
    assert [record["bytes"].decode().splitlines()[-1] for record in found[1:]] == [
        "lacks: withdrawn on 03 February 2023",
        "lacks: missing from the storage of what was received",
        "lacks: damaged in the storage of what was received",
    ]
    assert all("WARC-Concurrent-To" not in record for record in found)
    storage.delete(object_name(digest(b"damaged")))


def digest(raw: bytes) -> str:
    return hashlib.sha256(raw).hexdigest()


def test_of_a_document_comes_all_that_it_was_read_from_once() -> None:
    article = make_article()
    document = make_document(article=article)
    read = fetched(b"read", document=document, article=article)
    unread = fetched(b"nothing was read", article=article)
    file = evidence.keep_upload("many.jsonl", b"{}")
    intake = Intake.objects.create(way="files", by=make_user())
    for number in (1, 2):
        IntakeItem.objects.create(
            intake=intake, number=number, snapshot=file, state="created", document=document
        )
    fetched(b"another's", document=make_document("Another text."))
    fetched(b"nobody's")
    assert list(warc.chosen(documents=[document.pk])) == [read, unread, file]


def test_what_is_asked_for_is_what_comes() -> None:
    feed = make_feed()
    announced = make_document("Announced.", article=make_article())
    FeedItem.objects.create(
        feed=feed, key="k", url="https://courier.example/a", host="courier.example:443",
        state="created", document=announced,
    )  # fmt: skip
    of_item = fetched(b"item", document=announced, at=datetime(2023, 2, 3, 12, tzinfo=UTC))
    of_feed = fetched(b"feed", asked=feed.url)
    other = make_document("Other.", publisher="Example Herald")
    of_other = fetched(b"other", document=other)
    assert set(warc.chosen(feed=feed)) == {of_item, of_feed}
    assert set(warc.chosen(publisher=announced.publisher)) == {of_item}
    assert set(warc.chosen(since=datetime(2023, 2, 4, tzinfo=UTC))) >= {of_feed, of_other}
    assert of_item not in warc.chosen(since=datetime(2023, 2, 4, tzinfo=UTC))
    assert list(warc.chosen(until=datetime(2023, 2, 4, tzinfo=UTC))) == [of_item]
    assert not warc.chosen(feed=feed, publisher=other.publisher)


def test_the_command_writes_a_whole_file(tmp_path: Path) -> None:
    document = make_document()
    fetched(document=document)
    fetched(b"another's")
    out, told = tmp_path / "soledar.warc.gz", StringIO()
    call_command("export_warc", str(out), document=[document.pk], stderr=told)
    assert [record["bytes"] for record in records(out.read_bytes())][1] == PAGE
    assert told.getvalue() == "1 snapshots, of which 0 are withdrawn\n"
    assert [file.name for file in tmp_path.iterdir()] == ["soledar.warc.gz"]


def test_the_command_says_what_is_missing_and_ends_with_an_error(tmp_path: Path) -> None:
    snapshot = fetched(b"soon lost")
    storages["evidence"].delete(object_name(snapshot.bytes_id))
    told = StringIO()
    with pytest.raises(CommandError, match="1 lack their bytes"):
        call_command("export_warc", str(tmp_path / "all.warc.gz"), stderr=told)
    assert told.getvalue() == f"{snapshot.pk}: missing from the storage of what was received\n"
    assert len(records((tmp_path / "all.warc.gz").read_bytes())) == 2


def test_the_command_writes_to_standard_output(monkeypatch: pytest.MonkeyPatch) -> None:
    fetched()
    out = BytesIO()
    monkeypatch.setattr(sys, "stdout", TextIOWrapper(out))
    today = timezone.now().date().isoformat()
    call_command("export_warc", "-", f"--since={today}", f"--until={today}", stderr=StringIO())
    assert len(records(out.getvalue())) == 3


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"document": [uuid4()]}, "No document has the id"),
        ({"feed": "https://none.example/"}, "No feed has the address https://none.example/"),
        ({"publisher": "Nobody"}, "No publisher has the name Nobody"),
    ],
)
def test_what_is_not_known_is_said(tmp_path: Path, asked: dict[str, Any], said: str) -> None:
    with pytest.raises(CommandError, match=said):
        call_command("export_warc", str(tmp_path / "a.warc.gz"), **asked)
    assert not list(tmp_path.iterdir())


def test_a_file_that_cannot_be_written_is_said_and_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"Not written: .*No such file"):
        call_command("export_warc", str(tmp_path / "none" / "a.warc.gz"))
