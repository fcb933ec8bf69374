"""Backups are made, restored into another database, and compared; damaged ones are refused."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection

from claims.intake import bring_documents
from claims.models import Claim, Evidence
from claims.withdrawing import withdraw
from config.backups.making import back_up, migrations, rows
from config.backups.programs import Failed, find
from config.backups.restoring import restore
from sources.evidence import content, keep_upload
from sources.evidence.objects import evidence, object_name
from sources.ingest import ingest
from sources.models import Document, Publisher, Snapshot, StoredBytes
from tests.factories import make_claim, make_raw, make_user

QUIET, LATER = "Soledar is quiet.", "Bakhmut is quiet."
RECEIVED = b"%PDF-1.7 of a report, as it came"

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def storage(settings: Any) -> None:
    """One of the test's own."""
    settings.STORAGES = dict(settings.STORAGES)


@pytest.fixture
def claim() -> Claim:
    return make_claim()


@pytest.fixture
def snapshot() -> Snapshot:
    return keep_upload("report.pdf", RECEIVED)


@pytest.fixture
def other_database() -> Iterator[None]:
    """For the length of a test, an empty database in the place of the tests' own, from when
    `go_there` is called."""
    name, other = connection.settings_dict["NAME"], f"{connection.settings_dict['NAME']}_other"
    with connection.cursor() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{other}"')
        cursor.execute(f'CREATE DATABASE "{other}"')
    yield
    go_to(name)
    with connection.cursor() as cursor:
        cursor.execute(f'DROP DATABASE "{other}" WITH (FORCE)')


def go_to(name: str) -> None:
    connection.close()
    connection.settings_dict["NAME"] = name


def go_there() -> None:
    go_to(f"{connection.settings_dict['NAME']}_other")


def empty_storages() -> None:
    for stored in StoredBytes.objects.all():
        evidence().delete(object_name(stored.sha256))


def test_what_is_restored_is_what_was_backed_up(
    claim: Claim, snapshot: Snapshot, other_database: None, tmp_path: Path
) -> None:
    folder = tmp_path / "backup"
    out = StringIO()
    call_command("backup", folder, stdout=out)
    kept = sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())
    name = object_name(snapshot.bytes_id)
    assert kept == ["database.dump", f"evidence/{name}", "manifest.json"]
    assert out.getvalue().startswith("2 files, ")
    had, of = rows(), migrations()
    assert had["claims_claim"] == 1
    empty_storages()

    go_there()
    out = StringIO()
    call_command("restore", folder, stdout=out)
    assert out.getvalue().startswith("2 files of 20")
    assert "older" not in out.getvalue()
    assert (rows(), migrations()) == (had, of)
    again = Claim.objects.get()
    assert (again.pk, again.label, again.version) == (claim.pk, claim.label, claim.version)
    assert again.document.text == claim.document.text
    assert [one.quote for one in Evidence.objects.order_by("id")] == [
        one.quote for one in claim.evidence.order_by("id")
    ]
    assert content(StoredBytes.objects.get()) == RECEIVED


def test_what_was_withdrawn_since_does_not_come_back(
    claim: Claim, other_database: None, tmp_path: Path
) -> None:
    chief, raws = make_user("chief", superuser=True), (make_raw(QUIET), make_raw(LATER))
    file = keep_upload("quiet.txt", QUIET.encode())
    sent = bring_documents(by=chief, documents=raws[:1], files=[file])
    quiet, stays = sent.items.get().document, claim.document
    assert quiet is not None
    back_up(tmp_path / "older")
    withdraw(document=quiet, by=chief, because="A court says so.")
    clerk = make_user("clerk", superuser=True)
    later = ingest(raws[1]).document
    withdraw(document=later, by=clerk, because="Its author asks.")
    withdrawn_at = Document.objects.in_bulk([quiet.pk, later.pk])
    go_there()
    out = StringIO()
    call_command("restore", tmp_path / "older", stdout=out)
    assert out.getvalue().endswith("1 withdrawn again, 1 noted that are not here\n")
    at = withdrawn_at[later.pk].withdrawn_at
    for one, raw, why, by in (
        (quiet, raws[0], "A court says so.", "chief"),
        (later, raws[1], f"Its author asks. (clerk, {at:%-d %B %Y})", "withdrawn-again"),
    ):
        row = Document.objects.select_related("withdrawn_by").get(pk=one.pk)
        assert (row.text, row.title) == ("", "")
        assert row.text_sha256 == hashlib.sha256(raw.text.encode()).hexdigest()
        assert row.withdrawn_at == withdrawn_at[one.pk].withdrawn_at
        assert row.withdrawn_by is not None
        assert (row.withdrawn_because, row.withdrawn_by.get_username()) == (why, by)
        again = ingest(raw)
        assert (again.created, again.document.pk) == (False, one.pk)
    assert Document.objects.get(pk=stays.pk).text == stays.text
    assert StoredBytes.objects.get().withdrawn_at is not None
    assert not evidence().exists(object_name(StoredBytes.objects.get().pk))
    call_command("verify_evidence", stdout=StringIO())
    # What is withdrawn stays as it is.
    call_command("withdraw", "--again", stdout=(out := StringIO()))
    assert out.getvalue() == "0 withdrawn again, 0 noted that are not here\n"


def test_triggers_and_constraints_are_restored_too(
    claim: Claim, other_database: None, tmp_path: Path
) -> None:
    back_up(tmp_path / "backup")
    go_there()
    restore(tmp_path / "backup")
    with pytest.raises(IntegrityError, match="never changes"):
        Document.objects.update(text="Other words.")
    Claim.objects.update(speaker="a spokesman")
    assert Claim.objects.get().version == claim.version + 1


def test_database_that_is_not_empty_is_replaced_only_by_force(
    claim: Claim, other_database: None, tmp_path: Path
) -> None:
    back_up(tmp_path / "backup")
    go_there()
    restore(tmp_path / "backup")
    Publisher.objects.create(name="Of later")
    with pytest.raises(CommandError, match="not empty: --force replaces"):
        call_command("restore", tmp_path / "backup")
    assert Publisher.objects.filter(name="Of later").exists()
    call_command("restore", tmp_path / "backup", "--force", stdout=StringIO())
    assert not Publisher.objects.filter(name="Of later").exists()
    assert Claim.objects.get().pk == claim.pk


def test_failed_restore_leaves_what_was_there(
    claim: Claim, other_database: None, tmp_path: Path
) -> None:
    folder = tmp_path / "backup"
    back_up(folder)
    told = json.loads((folder / "manifest.json").read_text())
    told["rows"]["claims_claim"] = 7
    (folder / "manifest.json").write_text(json.dumps(told))
    go_there()
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE mine (word text)")
        cursor.execute("INSERT INTO mine VALUES ('kept')")
    with pytest.raises(Failed, match="not what was backed up: claims_claim"):
        restore(folder, force=True)
    assert rows() == {"mine": 1}


def test_damaged_backup_is_refused_before_anything_is_touched(
    claim: Claim, snapshot: Snapshot, other_database: None, tmp_path: Path
) -> None:
    folder = tmp_path / "backup"
    back_up(folder)
    object_ = folder / "evidence" / object_name(snapshot.bytes_id)
    object_.write_bytes(object_.read_bytes()[:-1])
    with pytest.raises(CommandError, match=r"damaged: evidence/.*: not as it was backed up"):
        call_command("restore", folder, "--force")
    object_.unlink()
    with pytest.raises(Failed, match=r"damaged: evidence/.*: missing"):
        restore(folder, force=True)
    (folder / "manifest.json").unlink()
    with pytest.raises(Failed, match="is no whole backup"):
        restore(folder, force=True)
    assert Claim.objects.count() == 1


def test_backup_of_a_newer_version_is_refused(claim: Claim, tmp_path: Path) -> None:
    folder = tmp_path / "backup"
    back_up(folder)
    told = json.loads((folder / "manifest.json").read_text())
    told["migrations"].append("claims/9999_of_next_year")
    (folder / "manifest.json").write_text(json.dumps(told))
    with pytest.raises(Failed, match=r"newer version.*claims/9999_of_next_year"):
        restore(folder, force=True)


def test_folder_is_overwritten_only_where_it_holds_a_backup(claim: Claim, tmp_path: Path) -> None:
    folder = tmp_path / "backup"
    back_up(folder)
    with pytest.raises(CommandError, match="not empty: --force overwrites it"):
        call_command("backup", folder)
    (folder / "evidence").mkdir()
    (folder / "evidence" / "of-the-last-time").touch()
    call_command("backup", folder, "--force", stdout=StringIO())
    assert sorted(path.name for path in folder.iterdir()) == ["database.dump", "manifest.json"]
    other = tmp_path / "letters"
    other.mkdir()
    (other / "letter").touch()
    with pytest.raises(Failed, match="not empty: name another one"):
        back_up(other, force=True)
    assert (other / "letter").exists()


def test_withdrawn_bytes_are_not_looked_for_and_missing_ones_are_named(
    claim: Claim, snapshot: Snapshot, tmp_path: Path
) -> None:
    empty_storages()
    err = StringIO()
    with pytest.raises(CommandError, match="1 objects are missing"):
        call_command("backup", tmp_path / "first", stdout=StringIO(), stderr=err)
    assert err.getvalue() == (
        f"evidence/{object_name(snapshot.bytes_id)}: missing, and so not in the backup\n"
    )
    StoredBytes.objects.update(withdrawn_at="2026-01-01T00:00Z")
    assert back_up(tmp_path / "second").missing == []


def test_dump_that_was_made_elsewhere_is_taken(claim: Claim, tmp_path: Path) -> None:
    back_up(tmp_path / "first")
    dump = tmp_path / "first" / "database.dump"
    made = back_up(tmp_path / "second", dump=dump)
    assert [kept.path for kept in made.files] == ["database.dump"]
    assert (tmp_path / "second" / "database.dump").read_bytes() == dump.read_bytes()
    assert made.rows == {}


def test_files_alone_can_be_restored(claim: Claim, snapshot: Snapshot, tmp_path: Path) -> None:
    back_up(tmp_path / "backup")
    evidence().delete(object_name(snapshot.bytes_id))
    storages["evidence"].save(object_name(snapshot.bytes_id), ContentFile(b"of somebody else"))
    restore(tmp_path / "backup", database=False)
    assert content(StoredBytes.objects.get()) == RECEIVED


def test_programs_that_are_not_there_are_asked_for(tmp_path: Path) -> None:
    with pytest.raises(Failed, match=r"found: none\. Name their folder by --programs"):
        find(tmp_path)
