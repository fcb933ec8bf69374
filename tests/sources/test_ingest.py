"""Ingest: kept once, woken on commit, and its command."""

from __future__ import annotations

import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta, timezone
from io import BytesIO, StringIO, TextIOWrapper
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import pytest
from celery import current_app
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from kombu.exceptions import OperationalError

from sources.adapters import RawDocument
from sources.evidence import Withdrawn, content
from sources.ingest import ingest, store, store_many, text_hash
from sources.models import Document, Snapshot, TextFamily
from sources.withdrawing import withdraw_texts
from tests.factories import make_raw, make_user

pytestmark = pytest.mark.django_db


def test_a_document_is_kept_as_it_came() -> None:
    there = timezone(timedelta(hours=3))
    raw = make_raw(
        "A text.",
        published=datetime(2023, 1, 12, 1, tzinfo=there),
        title="A title",
        url="https://courier.example/1",
        external_id="x1",
        conflict="ukraine",
    )
    document = ingest(raw).document
    document.refresh_from_db()
    assert (document.publisher.name, document.text) == ("Example Courier", "A text.")
    assert document.published_local.isoformat() == "2023-01-12T01:00:00+03:00"
    assert (document.title, document.url) == ("A title", "https://courier.example/1")
    assert (document.external_id, document.conflict_slug) == ("x1", "ukraine")
    assert document.provenance == "article"
    assert ingest(make_raw("Retold.", retold=True)).document.provenance == "retold"


def test_the_same_text_of_a_publisher_is_kept_once() -> None:
    first, again = ingest(make_raw("One  text.")), ingest(make_raw("One\ntext.", title="New"))
    assert (first.created, again.created) == (True, False)
    assert again.document == first.document
    assert Document.objects.get().title == ""


def test_copies_by_two_publishers_are_one_family() -> None:
    first, copy = ingest(make_raw()), ingest(make_raw(publisher="Example Herald"))
    assert copy.created
    assert copy.document.family == first.document.family
    assert ingest(make_raw("Another text.")).document.family != first.document.family
    assert TextFamily.objects.count() == 2


def test_white_space_makes_no_other_text() -> None:
    assert text_hash("a b\n\nc") == text_hash(" a\tb c ")
    assert text_hash("ab") != text_hash("a b")


@pytest.fixture
def woken(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    names: list[str] = []
    monkeypatch.setattr(current_app, "send_task", lambda name, **options: names.append(name))
    return names


def test_a_new_document_wakes_the_sweep_on_commit(
    woken: list[str], django_capture_on_commit_callbacks: Any
) -> None:
    from claims.tasks import sweep

    with django_capture_on_commit_callbacks(execute=True):
        ingest(make_raw())
        assert woken == []
    assert woken == [sweep.name]
    with django_capture_on_commit_callbacks(execute=True):
        ingest(make_raw())
    assert woken == [sweep.name]


@pytest.mark.django_db(transaction=True)
def test_a_rollback_wakes_nobody_and_leaves_nothing(woken: list[str]) -> None:
    with transaction.atomic():
        ingest(make_raw())
        transaction.set_rollback(True)
    assert woken == []
    assert not Document.objects.exists()


def test_without_a_broker_the_document_is_kept_and_waits(
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    django_capture_on_commit_callbacks: Any,
) -> None:
    def unreachable(name: str, **options: Any) -> None:
        raise OperationalError("Connection refused")

    monkeypatch.setattr(current_app, "send_task", unreachable)
    with django_capture_on_commit_callbacks(execute=True):
        ingest(make_raw())
    assert Document.objects.count() == 1
    assert caplog.messages == [
        "No broker (Connection refused): what waits is found by the next sweep"
    ]


def run(*sources: str, **options: Any) -> tuple[str, str, int]:
    """Standard output, standard error and exit code."""
    out, errors = StringIO(), StringIO()
    options = {"publisher": "Example Courier", "published": "2023-01-11T18:00:00Z"} | options
    arguments = [f"--{name}={value}" for name, value in options.items()]
    try:
        call_command("ingest", *sources, *arguments, stdout=out, stderr=errors)
    except CommandError as error:
        return out.getvalue(), f"{errors.getvalue()}{error}", error.returncode
    return out.getvalue(), errors.getvalue(), 0


def test_command_takes_in_and_says_what_was_there(tmp_path: Path, woken: list[str]) -> None:
    (tmp_path / "a.txt").write_text("A.")
    (tmp_path / "b.txt").write_text("B.")
    assert run(str(tmp_path)) == ("2 new, 0 already here, 0 unreadable\n", "", 0)
    assert len(woken) == 1
    document = Document.objects.get(text="B.")
    assert document.published.isoformat() == "2023-01-11T18:00:00+00:00"
    again = str(tmp_path / "b.txt")
    assert run(again) == (
        f"{again}: already here as /documents/{document.id}/\n"
        "0 new, 1 already here, 0 unreadable\n",
        "",
        0,
    )
    assert len(woken) == 1


def test_command_says_what_it_cannot_read_and_takes_the_rest(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"caf\xe9")
    (tmp_path / "b.txt").write_text("B.")
    missing = tmp_path / "c.txt"
    assert run(str(tmp_path), str(missing)) == (
        "1 new, 0 already here, 2 unreadable\n",
        f"{tmp_path / 'a.txt'}: not UTF-8 text (byte 3)\n"
        f"{missing}: No such file or directory\n"
        "2 of 3 could not be read (named above)",
        1,
    )
    assert Document.objects.get().text == "B."


def test_command_refuses_a_malformed_time(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("A.")
    _, errors, code = run(str(tmp_path), published="yesterday")
    assert errors == (
        "Error: argument --published: 'yesterday' is not an ISO 8601 time (2023-01-11T18:00:00Z)"
    )
    assert code == 1
    assert not Document.objects.exists()


@pytest.mark.parametrize(("count", "shown"), [(10, False), (11, True)])
def test_command_shows_a_bar_for_more_than_ten(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], count: int, shown: bool
) -> None:
    (tmp_path / "a.jsonl").write_text(
        "\n".join(f'{{"text": "Text {number}."}}' for number in range(count))
    )
    assert run(str(tmp_path))[0] == f"{count} new, 0 already here, 0 unreadable\n"
    assert ("11/11" in capsys.readouterr().err) is shown


def test_command_keeps_each_file_as_it_came(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"A.\r\n")
    (tmp_path / "b.jsonl").write_text('{"text": "B."}\n{"text": "C."}\n')
    (tmp_path / "broken.txt").write_bytes(b"caf\xe9")
    run(str(tmp_path))
    files = {row.name: row for row in Snapshot.objects.select_related("bytes")}
    assert sorted(files) == ["a.txt", "b.jsonl", "broken.txt"]
    assert content(files["a.txt"].bytes) == b"A.\r\n"
    assert content(files["broken.txt"].bytes) == b"caf\xe9"
    held = {name: sorted(one.text for one in row.holds.all()) for name, row in files.items()}
    assert held == {"a.txt": ["A."], "b.jsonl": ["B.", "C."], "broken.txt": []}
    assert {row.way for row in files.values()} == {"uploaded"}


def test_command_keeps_what_standard_input_gave(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", TextIOWrapper(BytesIO(b"A.\n")))
    run("-")
    row = Snapshot.objects.get()
    assert (row.name, content(row.bytes)) == ("standard input", b"A.\n")


def test_command_takes_nothing_in_that_cannot_be_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("sources.evidence.keeping.put", full)
    (tmp_path / "a.txt").write_text("A.")
    _, errors, code = run(str(tmp_path))
    assert errors == "What was received cannot be kept: its storage does not answer."
    assert code == 1
    assert not Document.objects.exists()


def test_a_withdrawn_document_takes_its_files_along(
    tmp_path: Path, django_capture_on_commit_callbacks: Any
) -> None:
    (tmp_path / "a.jsonl").write_text('{"text": "A."}\n{"text": "B."}\n')
    (tmp_path / "b.txt").write_text("B.")
    run(str(tmp_path))
    by = make_user()
    with django_capture_on_commit_callbacks(execute=True):
        withdraw_texts(document=Document.objects.get(text="A."), by=by, because="law")
    gone = {row.name: row.bytes.withdrawn_at is not None for row in Snapshot.objects.all()}
    assert gone == {"a.jsonl": True, "b.txt": False}
    # Brought in again, it is not kept either.
    (tmp_path / "again.txt").write_text("A.\n")
    with django_capture_on_commit_callbacks(execute=True):
        run(str(tmp_path / "again.txt"))
    again = Snapshot.objects.get(name="again.txt")
    assert again.bytes.withdrawn_at is not None
    with pytest.raises(Withdrawn):
        content(again.bytes)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("storing", [lambda raw: store(raw), lambda raw: store_many([raw])])
def test_two_who_store_texts_of_a_new_publisher_never_wait_for_each_other(
    storing: Callable[[RawDocument], object],
) -> None:
    """One is at its first text, the other between two: what the first had written of the
    publisher before it waited, the other would wait for in turn."""

    def at_once() -> None:
        storing(make_raw("Theirs.", publisher="New Herald"))
        connection.close()

    with ThreadPoolExecutor(1) as other:
        with transaction.atomic():
            ingest(make_raw("Ours.", publisher="Courier"))
            theirs = other.submit(at_once)
            until_somebody_waits()
            ingest(make_raw("Ours, too.", publisher="New Herald"))
        theirs.result(timeout=30)
    told = Document.objects.values_list("text", "publisher__name")
    assert sorted(told) == [
        ("Ours, too.", "New Herald"),
        ("Ours.", "Courier"),
        ("Theirs.", "New Herald"),
    ]


def until_somebody_waits() -> None:
    """Until another connection waits for a lock in this database."""
    end = monotonic() + 30
    waiting = """
        SELECT count(*) FROM pg_stat_activity
        WHERE datname = current_database() AND wait_event_type = 'Lock'
    """
    with connection.cursor() as cursor:
        while monotonic() < end:
            cursor.execute("SELECT pg_stat_clear_snapshot()")
            cursor.execute(waiting)
            if cursor.fetchone() != (0,):
                return
            sleep(0.02)
    raise TimeoutError("nobody waits")
