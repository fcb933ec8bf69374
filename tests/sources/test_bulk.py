"""Large files: nothing of them is lost or taken in twice, wherever they are cut off."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from celery import current_app
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from sources import bulk, evidence, ingest
from sources.adapters import Defaults
from sources.bulk import Busy, go_on, opened
from sources.evidence import content
from sources.ingest import store, store_many
from sources.models import BulkFault, BulkImport, Document, Snapshot, StoredBytes, TextSample
from sources.withdrawing import withdraw_texts
from tests.factories import make_raw, make_user

pytestmark = pytest.mark.django_db

ABOUT = Defaults("Example Courier", None, "ukraine")
LONG = " ".join(f"word{n}" for n in range(300))


@pytest.fixture(autouse=True)
def woken(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    names: list[str] = []
    monkeypatch.setattr(current_app, "send_task", lambda name, **options: names.append(name))
    return names


def lines(path: Path, *texts: str, **fields: Any) -> Path:
    rows = ({"published": "2023-01-12", "text": text, **fields} for text in texts)
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def run(*arguments: str) -> tuple[str, str]:
    """What the command says, and its errors with that which ended it."""
    out, errors, ended = StringIO(), StringIO(), ""
    try:
        call_command("ingest", *arguments, "--bulk-from=1", stdout=out, stderr=errors)
    except CommandError as error:
        ended = str(error)
    return out.getvalue(), errors.getvalue() + ended


# -- many at once


def test_many_are_stored_as_each_would_be() -> None:
    there = store(make_raw("There already.")).document
    raws = [
        make_raw("One."),
        make_raw("Two.", publisher="Example Herald", title="T", url="https://herald.example/2"),
        make_raw("There  already."),
        make_raw("One."),
        make_raw("One.", publisher="Example Herald"),
    ]
    stored = store_many(raws)
    assert [one.created for one in stored] == [True, True, False, False, True]
    assert stored[2].document == there
    assert stored[3].document == stored[0].document
    assert stored[4].document.family == stored[0].document.family
    two = Document.objects.get(pk=stored[1].document.pk)
    assert (two.publisher.name, two.title, two.text) == ("Example Herald", "T", "Two.")
    assert two.text_sha256 != ""
    assert not any(one.created for one in store_many(raws))
    assert Document.objects.count() == 4


def test_near_copies_among_many_are_of_one_family() -> None:
    first = store(make_raw(LONG, publisher="Example Agency")).document
    raws = [
        make_raw(f"SOLEDAR — {LONG}", published=make_raw().published.replace(hour=23)),
        make_raw(" ".join(f"other{n}" for n in range(300))),
    ]
    copy, other = (one.document for one in store_many(raws))
    copy.refresh_from_db()
    assert copy.family == first.family
    assert copy.exact_family is not None
    assert other.family != first.family
    assert TextSample.objects.filter(family=copy.own_family_id).exists()


def test_the_number_of_queries_does_not_grow() -> None:
    store(make_raw("The publisher is there."))
    counts = []
    for number in (2, 40):
        raws = [make_raw(" ".join(f"w{number}x{n}x{k}" for k in range(60))) for n in range(number)]
        with CaptureQueriesContext(connection) as queries:
            store_many(raws)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_nor_where_texts_have_words_in_common_and_repeat_none() -> None:
    shared = " ".join(f"said{k}" for k in range(30))
    store(make_raw(f"{shared} {LONG}"))
    assert TextSample.objects.exists()
    counts = []
    for number in (2, 40):
        raws = [
            make_raw(f"{shared} " + " ".join(f"w{number}x{n}x{k}" for k in range(60)))
            for n in range(number)
        ]
        with CaptureQueriesContext(connection) as queries:
            found = store_many(raws)
        counts.append(len(queries))
        assert len({one.document.family_id for one in found}) == number
    assert counts[0] == counts[1]


def test_copies_of_each_other_among_many_are_of_one_family_and_later_ones_follow() -> None:
    day = make_raw().published
    later = day.replace(hour=23)
    raws = [
        make_raw(f"SOLEDAR — {LONG}", publisher="A", published=later),
        make_raw(LONG, publisher="B", published=day),
        make_raw(f"BAKHMUT — {LONG}", publisher="C", published=later),
    ]
    rows = [Document.objects.get(pk=one.document.pk) for one in store_many(raws)]
    assert {row.family_id for row in rows} == {rows[1].own_family_id}
    assert [row.exact_family_id is None for row in rows] == [False, True, False]


# -- files


def test_a_file_goes_on_where_it_was_cut_off(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk, "BATCH", 3)
    file = lines(tmp_path / "a.jsonl", *(f"Text {n}." for n in range(8)))
    begun = go_on(opened(file, ABOUT), file, ABOUT)
    next(begun)
    row = next(begun)
    begun.close()
    assert (row.lines, row.created, row.state) == (6, 6, "open")
    # The third batch is cut off before it is written: nothing of it is there.
    with monkeypatch.context() as patched:
        patched.setattr(BulkFault.objects, "bulk_create", lambda rows: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            list(go_on(opened(file, ABOUT), file, ABOUT))
    assert Document.objects.count() == 6
    moved = file.rename(tmp_path / "other name.jsonl")
    row = opened(moved, ABOUT)
    assert row.lines == 6
    (row,) = go_on(row, moved, ABOUT)
    assert (row.lines, row.created, row.present, row.state) == (8, 8, 0, "done")
    assert row.done_bytes == row.size == moved.stat().st_size
    assert Document.objects.count() == 8
    assert list(go_on(opened(moved, ABOUT), moved, ABOUT)) == []


def test_lines_that_give_no_document_are_kept_with_the_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk, "LONGEST_LINE", 100)
    monkeypatch.setattr(bulk, "PIECE", 7)
    file = lines(tmp_path / "a.jsonl", "A.")
    with file.open("a") as opened_file:
        opened_file.write("nonsense\n\n" + "x" * 250 + '\n{"text": "B."}\n{"published": "2023-01-')
    row = list(go_on(opened(file, ABOUT), file, ABOUT))[-1]
    assert (row.lines, row.created, row.failed, row.state) == (6, 1, 4, "done")
    assert list(row.faults.values_list("line", "reason")) == [
        (2, "not JSON: Expecting value at column 1"),
        (4, "longer than 4,000,000 bytes"),
        (5, "no publication time: give one with --published"),
        (6, "not JSON: Unterminated string starting at at column 15"),
    ]


def test_an_empty_file_and_one_that_gets_shorter(tmp_path: Path) -> None:
    empty = tmp_path / "empty.jsonl"
    empty.write_bytes(b"")
    (row,) = go_on(opened(empty, ABOUT), empty, ABOUT)
    assert (row.lines, row.state) == (0, "done")
    file = lines(tmp_path / "a.jsonl", "A.")
    row = opened(file, ABOUT)
    file.write_bytes(b"")
    with pytest.raises(OSError, match="has become shorter"):
        list(go_on(row, file, ABOUT))


def test_two_processes_do_not_take_in_the_same_lines(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk, "BATCH", 1)
    file = lines(tmp_path / "a.jsonl", "A.", "B.", "C.")
    one = go_on(opened(file, ABOUT), file, ABOUT)
    other = go_on(opened(file, ABOUT), file, ABOUT)
    next(one)
    with pytest.raises(Busy):
        next(other)
    assert [row.lines for row in one] == [2, 3]
    assert Document.objects.count() == 3


def test_other_defaults_are_another_import(tmp_path: Path) -> None:
    file = lines(tmp_path / "a.jsonl", "A.")
    assert opened(file, ABOUT) == opened(file, ABOUT)
    assert opened(file, ABOUT) != opened(file, Defaults("Example Herald"))
    one = BulkImport.objects.all()[0]
    with pytest.raises(IntegrityError), transaction.atomic():
        BulkImport.objects.filter(pk=one.pk).update(state="done")
    with pytest.raises(IntegrityError), transaction.atomic():
        BulkImport.objects.filter(pk=one.pk).update(done_bytes=one.size + 1)


def test_the_command(tmp_path: Path, woken: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk, "BATCH", 2)
    file = lines(tmp_path / "a.jsonl", *"ABCDE", publisher="Example Courier")
    told, errors = run(str(file))
    assert told == "5 new, 0 already here, 0 unreadable\n"
    assert woken == [ingest.WAKE]
    told, errors = run(str(file))
    row = BulkImport.objects.get()
    assert told == (
        f"{file}: taken in on {row.finished_at:%d %B %Y} already\n"
        "5 new, 0 already here, 0 unreadable\n"
    )
    bad = lines(tmp_path / "b.jsonl", "A.", *[""] * 22, publisher="Example Courier")
    told, errors = run(str(bad))
    assert told == "1 new, 0 already here, 22 unreadable\n"
    assert f"{bad}:2: no text in it\n" in errors
    assert errors.endswith("… and 2 more lines\n22 of 23 could not be read (named above)")


def test_the_command_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk, "BATCH", 2)
    about = Defaults()
    file = lines(tmp_path / "a.jsonl", *"ABC", publisher="Example Courier")
    next(go_on(opened(file, about), file, about))
    assert run(str(file))[0] == (
        f"{file}: goes on after line 2\n3 new, 0 already here, 0 unreadable\n"
    )


# -- the file itself


def test_the_file_is_kept_once_and_knows_what_was_read_from_it(tmp_path: Path) -> None:
    path = lines(tmp_path / "a.jsonl", "A.", "B.", publisher="Example Courier")
    run(str(path))
    run(str(path))
    snapshot = Snapshot.objects.get()
    assert (snapshot.name, snapshot.way) == ("a.jsonl", "uploaded")
    assert content(snapshot.bytes) == path.read_bytes()
    assert BulkImport.objects.get().snapshot == snapshot
    assert set(snapshot.holds.all()) == set(Document.objects.all())
    assert Document.objects.count() == 2


def test_a_file_of_which_a_text_is_withdrawn_goes_as_a_whole(
    tmp_path: Path, django_capture_on_commit_callbacks: Any
) -> None:
    path = lines(tmp_path / "a.jsonl", "A.", "B.", publisher="Example Courier")
    run(str(path))
    document = Document.objects.get(text="A.")
    with django_capture_on_commit_callbacks(execute=True):
        withdraw_texts(document=document, by=make_user(), because="law")
    assert Snapshot.objects.get().bytes.withdrawn_at is not None
    other = lines(tmp_path / "b.jsonl", "A.", "C.", publisher="Example Courier")
    with django_capture_on_commit_callbacks(execute=True):
        run(str(other))
    assert Document.objects.filter(text="C.").exists()
    assert not StoredBytes.objects.filter(withdrawn_at=None).exists()


def test_a_file_that_is_changed_while_it_is_kept_is_not_taken_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = lines(tmp_path / "a.jsonl", "A.", publisher="Example Courier")
    kept = evidence.keep_file

    def changed(path: Path) -> Snapshot:
        path.write_text("{}\n")
        return kept(path)

    monkeypatch.setattr(bulk, "keep_file", changed)
    _, errors = run(str(path))
    assert errors == f"{path}: the file has changed while it was kept"
    assert not BulkImport.objects.exists()
