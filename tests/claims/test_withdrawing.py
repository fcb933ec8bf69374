"""Taking a text down: its words are gone everywhere, what was decided stands."""

from __future__ import annotations

import json
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pgtrigger
import pytest
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from claims.feed.reasons import reasons
from claims.intake import Upload, bring_documents, bring_files, bring_text, take_in
from claims.models import (
    Change,
    Claim,
    Delivery,
    Export,
    ExtractionRun,
    QueuedClaim,
    Suggestion,
)
from claims.runs import extract, open_runs
from claims.withdrawing import withdraw
from sources import evidence
from sources.adapters import Defaults
from sources.articles import record
from sources.fetch import Fetched
from sources.ingest import ingest
from sources.models import (
    Article,
    Document,
    DocumentWords,
    IntakeItem,
    Snapshot,
    StoredBytes,
    TextSample,
)
from tests.factories import (
    make_claim,
    make_evidence,
    make_raw,
    make_user,
    make_webhook,
)

pytestmark = pytest.mark.django_db

URL = "https://courier.example/soledar"
SECRET = "Vasyl the baker saw them in Soledar."
TEXT = SECRET + " ".join(f" He counted {n} of them on the road to Bakhmut." for n in range(40))
LATER = f"{TEXT} Updated."


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.STORAGES = {
        **settings.STORAGES,
        "evidence": {
            "BACKEND": "sources.evidence.folder.Folder",
            "OPTIONS": {"location": str(tmp_path)},
        },
    }
    return tmp_path


def seen(text: str) -> Document:
    content = f"<p>{text}</p>".encode()
    page = Fetched(URL, content, "text/html", "utf-8", asked=URL, raw=content)
    raw = make_raw(text, title="The baker Vasyl speaks", author="A. Reporter")
    return record(raw, snapshot=evidence.keep(page), url=URL).document


def take_down(document: Document, **fields: Any) -> list[Document]:
    by = fields.pop("by", None) or make_user("chief", superuser=True)
    return withdraw(document=document, by=by, because=fields.pop("because", "A court says so."))


def told_by(document: Document, **fields: Any) -> Claim:
    claim = make_claim(document=document, **fields)
    claim.evidence.all().delete()
    make_evidence(claim, SECRET, cue="saw them")
    return claim


def anywhere(words: str) -> list[str]:
    """The tables that hold the words, in any column."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            quoted = connection.ops.quote_name(table)
            cursor.execute(
                f"SELECT count(*) FROM {quoted} AS row WHERE row::text ILIKE %s",
                [f"%{words}%"],
            )
            if cursor.fetchone()[0]:
                found.append(table)
    return found


def test_its_words_are_nowhere_in_the_database(django_capture_on_commit_callbacks: Any) -> None:
    seen(TEXT)
    document = seen(LATER)
    told_by(document, state="accepted")
    run = ExtractionRun.objects.create(
        document=document, extractor_version="1", state="done", finished_at=timezone.now()
    )
    Suggestion.objects.create(
        run=run,
        kind="actor",
        name="Vasyl",
        folded="vasyl",
        start=0,
        end=5,
        sentence=SECRET,
        taken_for="claimant",
    )
    assert "sources_document" in anywhere("Vasyl")
    with django_capture_on_commit_callbacks(execute=True):
        assert len(take_down(document)) == 2
    assert anywhere("Vasyl") == []
    assert anywhere("baker") == []


def test_what_was_received_is_gone_and_its_hash_stays(
    folder: Path, django_capture_on_commit_callbacks: Any
) -> None:
    document = seen(TEXT)
    stored = StoredBytes.objects.get()
    with django_capture_on_commit_callbacks(execute=True):
        take_down(document)
    stored.refresh_from_db()
    assert stored.withdrawn_at is not None
    assert not list(folder.rglob("??/*.gz"))
    with pytest.raises(evidence.Withdrawn):
        evidence.content(stored)


def test_hash_address_and_who_did_it_why_stay() -> None:
    document = seen(TEXT)
    hashed, by = (
        document.text_sha256 or Document.objects.get().text_sha256,
        make_user("chief", superuser=True),
    )
    take_down(document, by=by)
    document = Document.objects.get()
    assert (document.text, document.title, document.author) == ("", "", "")
    assert (document.text_sha256, document.url) == (hashed, URL)
    assert (document.withdrawn_by, document.withdrawn_because) == (by, "A court says so.")
    assert document.article is not None
    assert document.article.next_visit_at is None
    assert not TextSample.objects.exists()
    assert DocumentWords.objects.get().words == ""


def test_what_was_decided_stands_and_the_rest_is_superseded() -> None:
    document = seen(TEXT)
    accepted = told_by(document, state="accepted")
    pending = told_by(document, place="Bakhmut")
    Change.objects.all().delete()
    take_down(document)
    accepted.refresh_from_db()
    pending.refresh_from_db()
    assert (accepted.state, pending.state) == ("accepted", "superseded")
    assert [(one.quote, one.cue) for one in accepted.evidence.all()] == [("", "")]
    assert accepted.evidence.get().end == len(SECRET)
    assert not QueuedClaim.objects.exists()
    told = {change.claim: change for change in Change.objects.filter(what="claim")}
    for number, change in enumerate(told.values(), 1):
        change.number = number
    kinds = reasons(told.values())
    assert kinds[told[accepted.pk].number or 0]["kind"] == "passages"
    assert kinds[told[pending.pk].number or 0]["kind"] == "withdrawn"


def test_the_same_text_does_not_bring_it_back(django_capture_on_commit_callbacks: Any) -> None:
    document = seen(TEXT)
    take_down(document)
    assert ingest(make_raw(TEXT)).document == document
    with django_capture_on_commit_callbacks(execute=True):
        assert seen(f"{TEXT} In other words.") == document
    assert Document.objects.get().text == ""
    assert not StoredBytes.objects.filter(withdrawn_at=None).exists()


@pytest.mark.parametrize("way", ["pasted", "a file", "by a script", "another address"])
def test_nothing_is_kept_of_what_brings_it_again(
    way: str, folder: Path, django_capture_on_commit_callbacks: Any
) -> None:
    document = ingest(make_raw(TEXT)).document
    with django_capture_on_commit_callbacks(execute=True):
        take_down(document)
    document.refresh_from_db()
    raw = make_raw(TEXT, title="The baker Vasyl speaks", author="A. Reporter")
    by = make_user("desk", superuser=True)
    about = Defaults(raw.publisher, raw.published)
    with django_capture_on_commit_callbacks(execute=True):
        if way == "pasted":
            bring_text(by=by, about=about, text=TEXT, title=raw.title)
        elif way == "a file":
            bring_files(by=by, about=about, files=[Upload("report.txt", TEXT.encode())])
            take_in(IntakeItem.objects.get().pk)
        elif way == "by a script":
            file = evidence.keep_upload("report.txt", TEXT.encode())
            bring_documents(by=by, documents=[raw], files=[file])
        else:
            assert seen(TEXT) == document
    assert list(Document.objects.all()) == [document]
    for item in IntakeItem.objects.all():
        assert (item.state, item.document, item.title, item.author, item.upload) == (
            "present",
            document,
            "",
            "",
            None,
        )
    assert anywhere("baker") == []
    assert not StoredBytes.objects.filter(withdrawn_at=None).exists()
    assert StoredBytes.objects.count() == (way != "pasted")
    assert not list(folder.rglob("??/*.gz"))


def test_it_is_read_no_more() -> None:
    document = seen(TEXT)
    open_runs()
    run = ExtractionRun.objects.get()
    take_down(document)
    run.refresh_from_db()
    assert (run.state, run.skipped) == ("done", "withdrawn")
    ExtractionRun.objects.all().delete()
    assert open_runs() == 0


def test_a_run_that_waits_again_is_set_aside(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("claims.runs.extractor", lambda: None)
    document = seen(TEXT)
    open_runs()
    take_down(document)
    ExtractionRun.objects.all().wait_again()
    run = extract(ExtractionRun.objects.get().pk)
    assert run is not None
    assert (run.state, run.skipped) == ("done", "withdrawn")


def test_only_an_administrator_with_a_reason_and_only_once() -> None:
    document = seen(TEXT)
    with pytest.raises(PermissionDenied):
        take_down(document, by=make_user("editor"))
    with pytest.raises(ValidationError, match="Say why"):
        take_down(document, because="  ")
    assert Document.objects.get().text == TEXT
    take_down(document)
    with pytest.raises(ValidationError, match="already"):
        take_down(document)


def test_another_publishers_copy_is_its_own() -> None:
    document = seen(TEXT)
    assert TextSample.objects.exists()
    copy = ingest(make_raw(TEXT, publisher="Example Gazette")).document
    take_down(document)
    copy.refresh_from_db()
    assert copy.text == TEXT
    assert TextSample.objects.filter(family=copy.own_family_id).exists()


def test_exports_are_made_anew_and_deliveries_lose_the_words() -> None:
    document = seen(TEXT)
    by = make_user("chief", superuser=True)
    later = timezone.now() + timedelta(days=1)
    done = Export.objects.create(
        by=by,
        table="claims",
        format="csv",
        state="done",
        file="x.csv",
        size=1,
        sha256="0" * 64,
        expires_at=later,
        finished_at=timezone.now(),
    )
    making = Export.objects.create(
        by=by, table="claims", format="csv", state="running", leased_until=later
    )
    claim = {"document": {"id": str(document.pk), "title": "The baker"}}
    passage = {"start": 0, "end": 5, "quote": SECRET, "cue": "saw"}
    body = json.dumps({"data": {"claim": {**claim, "evidence": [passage]}}})
    other = json.dumps({"data": {"claim": {"document": {"id": "1", "title": "Another"}}}})
    webhook = make_webhook()
    mine, theirs = (
        Delivery.objects.create(webhook=webhook, change=number, body=one)
        for number, one in enumerate((body, other), 101)
    )
    take_down(document, by=by)
    done.refresh_from_db()
    making.refresh_from_db()
    assert done.expires_at is not None
    assert done.expires_at <= timezone.now()
    assert (making.state, making.leased_until) == ("waiting", None)
    mine.refresh_from_db()
    theirs.refresh_from_db()
    sent = json.loads(mine.body)["data"]["claim"]
    assert sent["document"] == {"id": str(document.pk), "title": ""}
    assert sent["evidence"] == [{**passage, "quote": "", "cue": ""}]
    assert theirs.body == other


def lists(**options: Any) -> str:
    call_command("withdraw", **options, stdout=(out := StringIO()))
    return out.getvalue()


def test_it_is_written_down_and_done_again_from_a_list(
    folder: Path, tmp_path_factory: pytest.TempPathFactory, django_capture_on_commit_callbacks: Any
) -> None:
    seen(TEXT)
    document = seen(LATER)
    received = StoredBytes.objects.count()
    with django_capture_on_commit_callbacks(execute=True):
        take_down(document)
    listed = lists(list=True)
    told = [json.loads(line) for line in listed.splitlines()]
    assert [one["version"] for one in told] == [1, 2]
    assert {(one["publisher"], one["article"], one["by"], one["because"]) for one in told} == {
        ("Example Courier", URL, "chief", "A court says so.")
    }
    assert [len(one["received"]) for one in told] == [1, 1]
    assert "baker" not in listed
    written = sorted(one.stem for one in (folder / "withdrawn").iterdir())
    assert written == sorted(f"{one['document']}.json" for one in told)

    # A database that has never heard of it, nor of who did it.
    with pgtrigger.ignore("sources.Snapshot:never_changes"):
        for rows in (Snapshot, Document, Article, StoredBytes):
            rows.objects.all().delete()
    User.objects.all().delete()
    (file := tmp_path_factory.mktemp("lists") / "withdrawals.jsonl").write_text(listed)
    assert lists(file=file) == "0 withdrawn again, 2 noted that are not here\n"
    again = [json.loads(line) for line in lists(list=True).splitlines()]
    kept = ("document", "publisher", "text_hash", "text_sha256", "published", "url", "at")
    assert [{name: one[name] for name in kept} for one in again] == [
        {name: one[name] for name in kept} for one in told
    ]
    assert StoredBytes.objects.exclude(withdrawn_at=None).count() == received
    with django_capture_on_commit_callbacks(execute=True):
        assert seen(f"{TEXT} In other words.").text == ""
    assert not StoredBytes.objects.filter(withdrawn_at=None).exists()
    assert lists(file=file) == "0 withdrawn again, 0 noted that are not here\n"


@pytest.mark.parametrize("line", ["no JSON", "{}", '["a"]', '"a"', '{"document": "1"}'])
def test_a_list_is_good_or_does_nothing(line: str, tmp_path: Path) -> None:
    document = seen(TEXT)
    take_down(document)
    (file := tmp_path / "list").write_text(f"{lists(list=True)}{line}\n")
    with pytest.raises(CommandError, match="list:2: "):
        lists(file=file)


def test_what_was_not_written_down_is_named_and_made_good(
    folder: Path, django_capture_on_commit_callbacks: Any, caplog: pytest.LogCaptureFixture
) -> None:
    document = seen(TEXT)
    (folder / "withdrawn").touch()  # no folder can be there
    with django_capture_on_commit_callbacks(execute=True):
        take_down(document)
    assert "not written down in the storage" in caplog.text
    (folder / "withdrawn").unlink()
    err = StringIO()
    with pytest.raises(CommandError, match="1 wrong"):
        call_command("verify_evidence", only=["withdrawals"], stdout=StringIO(), stderr=err)
    assert err.getvalue() == f"document {document.pk}: withdrawn, but not written down as such\n"
    lists(again=True)
    call_command("verify_evidence", stdout=StringIO())


def test_the_command_asks_first(monkeypatch: pytest.MonkeyPatch) -> None:
    document = seen(TEXT)
    by = make_user("chief", superuser=True).get_username()
    options = {"by": by, "because": "Law.", "stdout": (out := StringIO())}
    monkeypatch.setattr("builtins.input", lambda: "n")
    with pytest.raises(CommandError, match="nothing was withdrawn"):
        call_command("withdraw", str(document.pk), **options)
    assert Document.objects.get().text == TEXT
    call_command("withdraw", str(document.pk), yes=True, **options)
    assert Document.objects.get().text == ""
    assert out.getvalue().endswith("1 withdrawn\n")
    for wrong in ({"by": "nobody"}, {"by": make_user("reader").get_username()}):
        with pytest.raises(CommandError):
            call_command("withdraw", str(document.pk), yes=True, **{**options, **wrong})
