"""What was received is stored before its row can be seen, once for the same bytes."""

from __future__ import annotations

import gzip
import hashlib
import logging
from pathlib import Path
from threading import Barrier, Thread
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import IntegrityError, connection, connections, transaction
from django.db.utils import ProgrammingError
from pytest_django import DjangoCaptureOnCommitCallbacks

from sources import evidence
from sources.evidence.folder import Folder
from sources.evidence.objects import object_name, pack, put
from sources.fetch import Fetched
from sources.models import Snapshot, StoredBytes
from tests.factories import make_article, make_document

pytestmark = pytest.mark.django_db
PAGE = b"<html><p>The Wagner Group says that its men have taken Soledar.</p></html>"
HASH = hashlib.sha256(PAGE).hexdigest()


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> Path:
    """The folder of an installation: what a test does to it, an operator's disk could."""
    settings.STORAGES = {
        **settings.STORAGES,
        "evidence": {
            "BACKEND": "sources.evidence.folder.Folder",
            "OPTIONS": {"location": str(tmp_path)},
        },
    }
    return tmp_path


def page(raw: bytes = PAGE, **fields: Any) -> Fetched:
    said: dict[str, Any] = {
        "url": "https://courier.example/soledar",
        "content": raw,
        "content_type": "text/html",
        "charset": "utf-8",
        "asked": "https://courier.example/s?id=1",
        "status": 200,
        "headers": (("Content-Type", "text/html; charset=utf-8"), ("Set-Cookie", "a=1")),
        "raw": raw,
    }
    return Fetched(**{**said, **fields})


def files(folder: Path) -> list[str]:
    return sorted(str(file.relative_to(folder)) for file in folder.rglob("*") if file.is_file())


def test_an_answer_is_kept_as_it_was_sent(folder: Path) -> None:
    article = make_article()
    sent = gzip.compress(PAGE)
    got = evidence.keep(page(content=PAGE, raw=sent), article=article)
    got.refresh_from_db()
    assert (got.way, got.asked, got.address, got.status, got.name) == (
        "fetched",
        "https://courier.example/s?id=1",
        "https://courier.example/soledar",
        200,
        "",
    )
    assert got.headers == [
        ["Content-Type", "text/html; charset=utf-8"],
        ["Set-Cookie", "a=1"],
    ]
    assert (got.article, got.document) == (article, None)
    stored = got.bytes
    assert stored.sha256 == hashlib.sha256(sent).hexdigest()
    assert stored.size == len(sent)
    assert evidence.content(stored) == sent
    assert files(folder) == [object_name(stored.sha256)]
    file = folder / object_name(stored.sha256)
    assert gzip.decompress(file.read_bytes()) == sent
    assert stored.stored_size == file.stat().st_size
    assert file.stat().st_mode & 0o777 == 0o640


def test_a_file_is_kept_under_the_name_that_it_came_with(folder: Path) -> None:
    got = evidence.keep_upload("../../a\0b\ud800.pdf" + "x" * 400, b"%PDF-1.7")
    got.refresh_from_db()
    assert (got.way, got.status, got.asked, got.address, got.headers) == (
        "uploaded",
        None,
        "",
        "",
        [],
    )
    assert got.name.startswith("../../a\ufffdb\ufffd.pdfxxx")
    assert len(got.name) == 300
    assert files(folder) == [object_name(got.bytes_id)]  # the name leads nowhere


def test_the_same_bytes_are_stored_once_and_each_answer_has_its_row(folder: Path) -> None:
    first = evidence.keep(page())
    written = (folder / object_name(HASH)).stat().st_mtime_ns
    second = evidence.keep(page(asked="https://courier.example/other"))
    uploaded = evidence.keep_upload("page.html", PAGE)
    assert {first.bytes_id, second.bytes_id, uploaded.bytes_id} == {HASH}
    assert Snapshot.objects.count() == 3
    assert (folder / object_name(HASH)).stat().st_mtime_ns == written


def test_nothing_is_something_to_keep() -> None:
    got = evidence.keep(page(b""))
    assert got.bytes.size == 0
    assert evidence.content(got.bytes) == b""


def test_an_answer_without_bytes_is_none() -> None:
    with pytest.raises(ValueError, match="has not changed"):
        evidence.keep(page(b"", changed=False))
    assert not Snapshot.objects.exists()


def test_headers_that_no_database_takes_are_kept_with_a_sign() -> None:
    got = evidence.keep(page(headers=(("X-Odd", "a\0b"), ("X-Latin", "caf\xe9"))))
    got.refresh_from_db()
    assert got.headers == [["X-Odd", "a\ufffdb"], ["X-Latin", "caf\xe9"]]


def test_what_cannot_be_stored_has_no_row(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="No space left"):
        evidence.keep(page())
    assert not StoredBytes.objects.exists()
    assert not Snapshot.objects.exists()
    assert files(folder) == []


def test_a_transaction_that_is_undone_leaves_an_object_that_is_written_again(folder: Path) -> None:
    with transaction.atomic():
        evidence.keep(page())
        transaction.set_rollback(True)
    assert not StoredBytes.objects.exists()
    orphan = folder / object_name(HASH)
    orphan.write_bytes(orphan.read_bytes()[:10])  # and its end is lost
    assert evidence.content(evidence.keep(page()).bytes) == PAGE


def test_what_the_storage_has_lost_is_put_back_when_it_comes_again(
    folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    stored = evidence.keep(page()).bytes
    (folder / object_name(HASH)).unlink()
    with pytest.raises(FileNotFoundError):
        evidence.content(stored)
    with caplog.at_level(logging.WARNING):
        evidence.keep(page())
    assert f"The bytes {HASH} were missing" in caplog.text
    assert evidence.content(stored) == PAGE


@pytest.mark.parametrize(
    "put_there",
    [b"", b"no gzip at all", pack(PAGE)[:-9], pack(PAGE + b"x"), pack(b"x" * 10_000_000)],
    ids=["empty", "other", "cut off", "longer", "bomb"],
)
def test_what_is_not_what_was_kept_is_never_given(folder: Path, put_there: bytes) -> None:
    stored = evidence.keep(page()).bytes
    (folder / object_name(HASH)).write_bytes(put_there)
    with pytest.raises(evidence.Damaged, match=HASH):
        evidence.content(stored)


def test_a_storage_that_does_not_write_over_what_is_there_keeps_one(settings: Any) -> None:
    settings.STORAGES = {
        **settings.STORAGES,
        "evidence": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    }
    put(HASH, pack(PAGE))
    put(HASH, pack(PAGE))
    assert storages["evidence"].listdir(HASH[:2]) == ([], [f"{HASH}.gz"])


def test_withdrawn_bytes_are_gone_and_do_not_come_back(
    folder: Path, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    article = make_article()
    document = make_document()
    read_from = evidence.keep(page())
    read_from.document = document
    read_from.save(update_fields=["document"])
    evidence.keep(page(b"never read"), article=article)
    other = evidence.keep(page(b"another article's")).bytes
    with django_capture_on_commit_callbacks(execute=True):
        withdrawn = evidence.withdraw_bytes(document)
        assert object_name(HASH) in files(folder)  # it may be undone yet
    assert [stored.sha256 for stored in withdrawn] == [HASH]
    assert files(folder) == sorted(
        [object_name(other.sha256), object_name(hashlib.sha256(b"never read").hexdigest())]
    )
    stored = StoredBytes.objects.get(pk=HASH)
    assert stored.withdrawn_at is not None
    with pytest.raises(evidence.Withdrawn):
        evidence.content(stored)
    again = evidence.keep(page())  # that they came again is on record, and they stay away
    assert again.bytes == stored
    assert object_name(HASH) not in files(folder)
    since = stored.withdrawn_at
    assert [one.withdrawn_at for one in evidence.withdraw_bytes(document)] == [since]


def test_what_nothing_was_read_from_goes_with_its_article(
    folder: Path, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    article = make_article()
    document = make_document(article=article)
    evidence.keep(page(b"never read"), article=article)
    with django_capture_on_commit_callbacks(execute=True):
        evidence.withdraw_bytes(document)
    assert files(folder) == []


def test_bytes_that_the_storage_does_not_let_go_are_logged_and_go_the_next_time(
    folder: Path,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
    caplog: pytest.LogCaptureFixture,
) -> None:
    document = make_document()
    Snapshot.objects.filter(pk=evidence.keep(page()).pk).update(document=document)

    def stuck(self: Folder, name: str) -> None:
        raise OSError("Read-only file system")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Folder, "delete", stuck)
        with django_capture_on_commit_callbacks(execute=True):
            evidence.withdraw_bytes(document)
    assert StoredBytes.objects.get(pk=HASH).withdrawn_at is not None
    assert f"The withdrawn bytes {HASH} are still in the storage" in caplog.text
    assert files(folder) == [object_name(HASH)]
    with django_capture_on_commit_callbacks(execute=True):
        evidence.withdraw_bytes(document)
    assert files(folder) == []


def test_a_withdrawal_that_is_undone_takes_nothing(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    document = make_document()
    Snapshot.objects.filter(pk=evidence.keep(page()).pk).update(document=document)
    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        evidence.withdraw_bytes(document)
        transaction.set_rollback(True)
    assert evidence.content(StoredBytes.objects.get(pk=HASH)) == PAGE


@pytest.mark.django_db(transaction=True)
def test_the_same_bytes_at_the_same_time_are_stored_once(folder: Path) -> None:
    together, made = Barrier(4), list[Snapshot]()

    def receive() -> None:
        together.wait(60)
        made.append(evidence.keep(page()))
        connections.close_all()

    threads = [Thread(target=receive) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert [one.bytes_id for one in made] == [HASH] * 4
    assert StoredBytes.objects.count() == 1
    assert files(folder) == [object_name(HASH)]
    assert evidence.content(made[0].bytes) == PAGE


@pytest.mark.django_db(transaction=True)
def test_nobody_sees_a_row_before_its_bytes_are_stored(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = list[int]()

    def look() -> None:
        seen.append(StoredBytes.objects.count())
        connections.close_all()

    def put_slowly(sha256: str, packed: bytes) -> None:
        other = Thread(target=look)
        other.start()
        other.join(60)
        put(sha256, packed)

    monkeypatch.setattr("sources.evidence.keeping.put", put_slowly)
    evidence.keep(page())
    assert seen == [0]


def test_what_was_received_never_changes() -> None:
    got = evidence.keep(page())
    changes: tuple[dict[str, Any], ...] = (
        {"address": "https://b.example/"},
        {"headers": []},
        {"status": 404},
    )
    for change in changes:
        with pytest.raises(ProgrammingError, match="Cannot update"), transaction.atomic():
            Snapshot.objects.filter(pk=got.pk).update(**change)
    with pytest.raises(ProgrammingError, match="Cannot delete"), transaction.atomic():
        Snapshot.objects.filter(pk=got.pk).delete()


def test_rows_of_bytes_are_by_their_hash() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        StoredBytes.objects.create(sha256=HASH.upper(), size=1, stored_size=1)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO sources_storedbytes (sha256, size, stored_size, kept_at)"
            " VALUES (%s, -1, 1, now())",
            [HASH],
        )


def test_a_folder_keeps_only_what_was_written_whole(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(HASH, pack(PAGE))

    def cut_off(self: Path, target: Path) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "replace", cut_off)
    with pytest.raises(KeyboardInterrupt):
        storages["evidence"].save(object_name(HASH), ContentFile(b"half"))
    assert (folder / object_name(HASH)).read_bytes() == pack(PAGE)
