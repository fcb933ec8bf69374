"""What was received of a document: shown to those who may export, and fetched as a WARC."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from django.core.files.storage import storages
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries
from warcio.archiveiterator import ArchiveIterator

from claims.pages import received
from sources import evidence
from sources.evidence.objects import object_name
from sources.fetch import Fetched
from sources.models import Document, Snapshot, StoredBytes
from tests.factories import make_document, make_user
from tests.reading import read

pytestmark = pytest.mark.django_db
HOSTILE = b"<script>alert(1)</script><p>The Wagner Group says that its men have taken Soledar.</p>"


@pytest.fixture
def document() -> Document:
    return make_document()


@pytest.fixture
def analyst(client: Client) -> Client:
    client.force_login(make_user("an analyst", role="analyst"))
    return client


def fetched(document: Document, raw: bytes = HOSTILE, **fields: Any) -> Snapshot:
    said: dict[str, Any] = {
        "url": "https://courier.example/soledar",
        "content": raw,
        "content_type": "text/html",
        "charset": "",
        "raw": raw,
        "asked": "https://courier.example/s?id=1",
        "headers": (("Content-Type", "text/html"), ("X-Odd", "<b>bold</b>")),
    }
    made = evidence.keep(Fetched(**{**said, **fields}))
    made.document = document
    made.save(update_fields=["document"])
    return made


def address(document: Document) -> str:
    return f"{document.get_absolute_url()}received.warc.gz"


def body(response: Any) -> bytes:
    return b"".join(response.streaming_content)


def test_the_page_shows_when_from_where_and_as_what(analyst: Client, document: Document) -> None:
    snapshot = fetched(document)
    evidence.keep_upload("not of it.html", b"x")
    page = read(analyst, document.get_absolute_url())
    for told in (
        "fetched from https://courier.example/soledar",
        "status 200",
        "Asked for was https://courier.example/s?id=1",
        f"SHA-256 {snapshot.bytes_id}",
        document.text_sha256,
        "Headers (2)",
        "<b>bold</b>",
    ):
        assert told in page.text
    assert "not of it.html" not in page.text
    assert "alert(1)" not in page.text
    assert address(document) in page.links


def test_a_file_is_shown_by_its_name_which_is_no_html(analyst: Client, document: Document) -> None:
    snapshot = evidence.keep_upload("<img src=x>.pdf", b"%PDF-1.7")
    Snapshot.objects.filter(pk=snapshot.pk).update(document=document)
    answer = analyst.get(document.get_absolute_url()).content.decode()
    assert "brought in as the file &lt;img src=x&gt;.pdf" in answer
    assert "<img" not in answer


def test_nothing_kept_is_said(analyst: Client, document: Document) -> None:
    page = read(analyst, document.get_absolute_url())
    assert "came in before this was kept" in page.text
    assert address(document) not in page.links


def test_readers_see_nothing_of_it(client: Client, document: Document) -> None:
    snapshot = fetched(document)
    for reader in (None, make_user("a reader", role="reader")):
        if reader is not None:
            client.force_login(reader)
        page = read(client, document.get_absolute_url())
        assert "What was received" not in page.text
        assert snapshot.bytes_id not in page.text


def test_of_withdrawn_bytes_the_hash_is_left(analyst: Client, document: Document) -> None:
    snapshot = fetched(document)
    StoredBytes.objects.update(withdrawn_at=timezone.now())
    page = read(analyst, document.get_absolute_url())
    assert snapshot.bytes_id in page.text
    assert "the bytes were withdrawn on" in page.text
    assert address(document) not in page.links


def test_many_times_are_counted_and_cost_no_more_queries(
    analyst: Client,
    document: Document,
    monkeypatch: pytest.MonkeyPatch,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    monkeypatch.setattr(received, "MOST", 3)
    for number in range(5):
        fetched(document, b"page %d" % number)
    page = read(analyst, document.get_absolute_url())
    assert "2 more times are in the file." in page.text
    with django_assert_num_queries(2):
        shown = received.received_of(document)
        assert [one.bytes.size for one in shown.snapshots] == [6, 6, 6]


def test_it_is_fetched_as_a_file_that_no_browser_shows(analyst: Client, document: Document) -> None:
    snapshot = fetched(document)
    answer = analyst.get(address(document))
    assert answer["Content-Type"] == "application/warc"
    assert answer["Content-Disposition"] == (
        f'attachment; filename="document-{document.pk}.warc.gz"'
    )
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert "no-store" in answer["Cache-Control"]
    found = [
        (record.rec_type, record.rec_headers["WARC-Payload-Digest"], record.raw_stream.read())
        for record in ArchiveIterator(BytesIO(body(answer)), check_digests="raise")
        if record.rec_type == "response"
    ]
    assert found == [("response", f"sha256:{snapshot.bytes_id}", HOSTILE)]


def test_it_is_for_those_who_may_export(client: Client, document: Document) -> None:
    fetched(document)
    asked = client.get(address(document))
    assert (asked.status_code, asked["Location"].split("?")[0]) == (302, "/login/")
    client.force_login(make_user("a reader", role="reader"))
    assert client.get(address(document)).status_code == 403


def test_bytes_that_are_lost_are_told_in_the_file_and_in_the_log(
    analyst: Client, document: Document, caplog: pytest.LogCaptureFixture
) -> None:
    snapshot = fetched(document, b"soon lost")
    storages["evidence"].delete(object_name(snapshot.bytes_id))
    answer = body(analyst.get(address(document)))
    kinds = [record.rec_type for record in ArchiveIterator(BytesIO(answer))]
    assert kinds == ["warcinfo", "metadata"]
    assert f"The bytes {snapshot.bytes_id}: missing" in caplog.text


def test_a_storage_that_is_down_is_said(
    analyst: Client, document: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
    fetched(document)

    def down(stored: StoredBytes) -> bytes:
        raise OSError("The bucket cannot be used")

    monkeypatch.setattr("sources.evidence.warc.content", down)
    answer = analyst.get(address(document), follow=True)
    assert answer.redirect_chain == [(document.get_absolute_url(), 302)]
    assert b"cannot be fetched from its storage now" in answer.content
