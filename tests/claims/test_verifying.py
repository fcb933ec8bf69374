"""`manage.py verify_evidence` finds whatever is not as it was kept, and names it."""

from __future__ import annotations

import hashlib
import json
import os
import time
from collections.abc import Iterator
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pgtrigger
import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from claims.models import Evidence
from claims.verifying import QUOTES
from sources import evidence
from sources.evidence import verifying
from sources.evidence.objects import object_name, pack, put
from sources.models import Document, Snapshot, StoredBytes
from tests.factories import make_claim, make_document, make_evidence, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.STORAGES = {
        **settings.STORAGES,
        "evidence": {
            "BACKEND": "sources.evidence.folder.Folder",
            "OPTIONS": {"location": str(tmp_path / "evidence")},
        },
    }
    return tmp_path / "evidence"


def keep(content: bytes) -> str:
    return evidence.keep_upload("a.html", content).bytes_id


def verify(**options: Any) -> tuple[str, list[str]]:
    """What the command tells, and the faults that it names."""
    out, err = StringIO(), StringIO()
    try:
        call_command("verify_evidence", stdout=out, stderr=err, **options)
    except CommandError as error:
        out.write(f"{error}\n")
    return out.getvalue(), err.getvalue().splitlines()


def age(file: Path) -> None:
    """Let a file be of yesterday: what was left by something that has long ended."""
    yesterday = time.time() - 86_400
    os.utime(file, (yesterday, yesterday))


def withdraw(document: Document) -> None:
    Document.objects.filter(pk=document.pk).update(
        text="", title="", withdrawn_at=timezone.now(), withdrawn_by=make_user(),
        withdrawn_because="A court ordered it.",
    )  # fmt: skip


def test_what_is_whole_is_found_so() -> None:
    keep(b"one")
    keep(b"two")
    claim = make_claim()
    assert verify() == (
        "bytes: 2 stored bytes, all as they should be\n"
        "objects: 2 objects, all as they should be\n"
        "texts: 1 texts, all as they should be\n"
        "withdrawals: 0 withdrawals, all as they should be\n"
        f"quotes: {claim.evidence.count()} passages, all as they should be\n",
        [],
    )


def test_nothing_kept_is_nothing_wrong() -> None:
    told, faults = verify()
    assert faults == []
    assert told.startswith("bytes: 0 stored bytes, all as they should be\n")


def test_missing_and_changed_bytes_are_named(folder: Path) -> None:
    lost, changed, cut, _ = keep(b"lost"), keep(b"changed"), keep(b"cut off"), keep(b"whole")
    (folder / object_name(lost)).unlink()
    (folder / object_name(changed)).write_bytes(pack(b"CHANGED"))
    (folder / object_name(cut)).write_bytes(pack(b"cut off")[:12])
    told, faults = verify(only=["bytes"])
    assert told == ("bytes: 4 stored bytes, 3 wrong\n3 wrong (each is named where it was found)\n")
    assert sorted(faults) == sorted(
        [
            f"bytes {lost}: missing from the storage",
            f"bytes {changed}: The object of the bytes {changed} holds other bytes",
            f"bytes {cut}: The object of the bytes {cut} cannot be unpacked",
        ]
    )


def test_objects_that_no_row_knows_are_named_and_removed_when_asked(folder: Path) -> None:
    kept, orphan = keep(b"kept"), hashlib.sha256(b"orphan").hexdigest()
    fresh = hashlib.sha256(b"fresh").hexdigest()
    put(orphan, pack(b"orphan"))
    put(fresh, pack(b"fresh"))  # its transaction may not have ended yet
    age(folder / object_name(orphan))
    half = folder / f"{object_name(kept)}.x1y2"
    half.write_bytes(b"half")
    age(half)
    odd = folder / kept[:2] / "notes.txt"
    odd.write_bytes(b"somebody's")
    age(odd)
    (folder / "lost+found").mkdir()
    found = {
        object_name(orphan): "no row knows it",
        f"{object_name(kept)}.x1y2": "not an object of evidence",
        f"{kept[:2]}/notes.txt": "not an object of evidence",
        "lost+found/": "not an object of evidence",
    }
    _, faults = verify(only=["objects"])
    assert sorted(faults) == sorted(f"{name}: {what}" for name, what in found.items())
    _, faults = verify(only=["objects"], remove=True)
    for name in (object_name(orphan), f"{object_name(kept)}.x1y2"):
        found[name] += "; it has been removed"
    assert sorted(faults) == sorted(f"{name}: {what}" for name, what in found.items())
    assert not (folder / object_name(orphan)).exists()
    assert not half.exists()
    assert odd.exists()
    assert (folder / object_name(fresh)).exists()
    assert (folder / object_name(kept)).exists()
    assert StoredBytes.objects.count() == 1


def test_an_object_whose_row_comes_just_then_stays(folder: Path) -> None:
    sha256 = keep(b"kept")
    assert not verifying._remove_unknown(sha256)
    assert (folder / object_name(sha256)).exists()


def test_withdrawn_bytes_that_are_still_there_are_named(folder: Path) -> None:
    sha256 = keep(b"withdrawn")
    StoredBytes.objects.update(withdrawn_at=timezone.now())
    name = object_name(sha256)
    assert verify()[1] == [f"{name}: its bytes are withdrawn"]
    assert verify(remove=True)[1] == [f"{name}: its bytes are withdrawn; it has been removed"]
    assert not (folder / name).exists()
    assert verify()[1] == []


def test_a_text_that_was_changed_in_the_database_is_named() -> None:
    document = make_document("Soledar is held by Ukraine.")
    make_document("Bakhmut is held by Ukraine.")
    with pgtrigger.ignore("sources.Document:text_never_changes"):  # as whoever owns the tables can
        Document.objects.filter(pk=document.pk).update(text="Soledar is held by Russia.")
    told, faults = verify(only=["texts"])
    assert told.startswith("texts: 2 texts, 1 wrong\n")
    assert faults == [f"document {document.pk}: its text is not what its hash says"]


def test_of_a_withdrawn_document_nothing_may_be_left() -> None:
    document = make_document()
    sha256 = keep(b"page")
    Snapshot.objects.update(document=document)
    claim = make_claim(document=document)
    claim.evidence.all().delete()
    passage = make_evidence(claim, document.text[4:16])
    withdraw(document)
    assert verify()[1] == [
        f"document {document.pk}: withdrawn, but bytes {sha256} of it are still kept",
        f"document {document.pk}: withdrawn, but not written down as such",
        f"passage {passage.pk} of claim {claim.pk} in document {document.pk}: "
        "the text is withdrawn, and its words are still here",
    ]
    StoredBytes.objects.update(withdrawn_at=timezone.now())
    Evidence.objects.update(quote="")
    assert verify(only=["texts", "quotes"])[1] == []


def test_a_file_of_which_a_document_was_withdrawn_may_not_be_left() -> None:
    document = make_document("One.")
    file = evidence.keep_upload("a.jsonl", b'{"text": "One."}')
    evidence.note_read(file, [document])
    assert verify()[1] == []
    withdraw(document)
    _, faults = verify()
    still = f"document {document.pk}: withdrawn, but bytes {file.bytes_id} of it are still kept"
    assert still in faults


def test_a_passage_counts_characters_of_any_kind() -> None:
    text = "🕊️ Солéдар — «утримується»: Soledar is held, он сказал."
    document = make_document(text)
    claim = make_claim(document=document)
    claim.evidence.all().delete()
    start = text.index("Soledar")
    quote = "Soledar is held"
    right = Evidence.objects.create(claim=claim, start=start, end=start + len(quote), quote=quote)
    assert verify(only=["quotes"])[1] == []
    moved = Evidence.objects.create(
        claim=claim, start=start + 1, end=start + 1 + len(quote), quote=quote
    )
    beyond = Evidence.objects.create(
        claim=claim, start=len(text) + 5, end=len(text) + 9, quote="said"
    )
    told, faults = verify(only=["quotes"])
    assert told.startswith("quotes: 3 passages, 2 wrong\n")
    assert [fault.split(" of ")[0] for fault in faults] == [
        f"passage {moved.pk}",
        f"passage {beyond.pk}",
    ]
    assert right.pk not in (moved.pk, beyond.pk)


def test_since_leaves_out_what_is_older() -> None:
    keep(b"old")
    StoredBytes.objects.update(kept_at=timezone.now() - timedelta(days=3))
    keep(b"new")
    old = make_document("Old.")
    Document.objects.filter(pk=old.pk).update(ingested_at=timezone.now() - timedelta(days=3))
    make_document("New.")
    told, _ = verify(since=timezone.now() - timedelta(days=1))
    assert told.splitlines()[0] == "bytes: 1 stored bytes, all as they should be"
    assert told.splitlines()[2] == "texts: 1 texts, all as they should be"


def test_what_was_cut_off_goes_on_where_it_was(
    tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = sorted(keep(f"page {number}".encode()) for number in range(5))
    (folder / object_name(kept[0])).unlink()
    monkeypatch.setattr(verifying, "BATCH", 2)
    read: list[str] = []
    fault = verifying._fault

    def cut_off_at_the_fourth(stored: StoredBytes) -> str:
        if len(read) == 3:
            raise KeyboardInterrupt
        read.append(stored.pk)
        return fault(stored)

    monkeypatch.setattr(verifying, "_fault", cut_off_at_the_fourth)
    state = tmp_path / "state.json"
    told, faults = verify(only=["bytes"], state=state)
    assert told == "Interrupted; the same command goes on from here\n"
    assert faults == [f"bytes {kept[0]}: missing from the storage"]
    assert json.loads(state.read_text())["at"]["bytes"] == {
        "count": 2,
        "faults": 1,
        "upto": kept[1],
        "whole": False,
    }
    read.clear()

    def fault_of_none(stored: StoredBytes) -> str:
        read.append(stored.pk)
        return ""

    monkeypatch.setattr(verifying, "_fault", fault_of_none)
    told, faults = verify(only=["bytes"], state=state)
    assert read == kept[2:]
    assert faults == []  # it was named the first time, and counts
    assert told == ("bytes: 5 stored bytes, 1 wrong\n1 wrong (each is named where it was found)\n")
    assert not state.exists()


def test_a_state_holds_for_what_was_asked_alone(tmp_path: Path) -> None:
    state = tmp_path / "state.json"
    state.write_text(json.dumps({"asked": {"only": ["bytes"]}, "at": {}}))
    assert "is of another check" in verify(only=["texts"], state=state)[0]
    state.write_text("[]")
    assert "holds no state of this command" in verify(state=state)[0]


def test_a_storage_that_cannot_be_read_is_no_fault_of_the_bytes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    keep(b"one")

    def broken(stored: StoredBytes) -> Iterator[bytes]:
        raise OSError("The bucket cannot be used")

    monkeypatch.setattr(verifying, "pieces", broken)
    assert verify() == ("Cannot go on: The bucket cannot be used\n", [])


def test_many_passages_are_checked_in_few_queries(django_assert_num_queries: Any) -> None:
    claim = make_claim()
    claim.evidence.all().delete()
    for start in range(40):
        Evidence.objects.create(
            claim=claim, start=start, end=start + 3, quote=claim.document.text[start : start + 3]
        )
    with django_assert_num_queries(3):  # ids, what is wrong among them, and no more ids
        batches = list(QUOTES.run("", None))
    assert [(batch.count, batch.faults) for batch in batches] == [(40, ())]
