"""What is brought in: what becomes of it, and that none of it is lost."""

from __future__ import annotations

import json
import re
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from celery import current_app
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone as clock

from claims import intake as service
from claims import tasks
from claims.intake import (
    Upload,
    bring_address,
    bring_documents,
    bring_files,
    bring_text,
    complete,
    complete_all,
    due,
    take_in,
    try_again,
)
from sources.adapters import Defaults
from sources.ingest import WAKE, ingest
from sources.models import Document, Intake, IntakeItem
from tests.factories import make_conflict, make_raw, make_user
from tests.sources.site import Site, answer, led_to
from tests.sources.test_adapters import PAGE

pytestmark = pytest.mark.django_db

KYIV = timezone(timedelta(hours=2))
SIX = datetime(2023, 1, 11, 18, tzinfo=KYIV)
ABOUT = Defaults("Example Courier", SIX, "ukraine")


@pytest.fixture
def editor() -> User:
    """May bring texts into the one conflict there is, and into no other."""
    return make_user(conflict=make_conflict())


@pytest.fixture
def woken(monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any) -> Any:
    """Runs what waits for the commit, and returns the names of the tasks woken by it."""
    names: list[str] = []
    monkeypatch.setattr(current_app, "send_task", lambda name, **_: names.append(name))
    return names


def only(intake: Intake) -> IntakeItem:
    return intake.items.get()


def states(intake: Intake) -> list[tuple[str, str]]:
    return list(intake.items.order_by("number").values_list("name", "state"))


# -- pasted


def test_a_pasted_text_is_stored_at_once(
    editor: User, woken: list[str], django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        brought = bring_text(
            by=editor,
            about=ABOUT,
            text=" Heavy\r\nfighting. ",
            title="A",
            url="https://c.example/a",
        )
    item = only(brought)
    assert (item.state, item.text, item.error) == ("created", "", "")
    assert item.document is not None
    assert (item.document.text, item.document.title) == ("Heavy\nfighting.", "A")
    assert item.document.published_local.isoformat() == "2023-01-11T18:00:00+02:00"
    assert (item.document.conflict_slug, item.document.url) == ("ukraine", "https://c.example/a")
    assert (brought.by, brought.way, brought.publisher) == (editor, "pasted", "Example Courier")
    assert woken == [WAKE]


def test_what_was_there_already_is_linked(editor: User) -> None:
    there = ingest(make_raw("Heavy fighting.")).document
    item = only(bring_text(by=editor, about=ABOUT, text="Heavy  fighting."))
    assert (item.state, item.document) == ("present", there)


@pytest.mark.parametrize(
    ("about", "lacks"),
    [
        (Defaults("", SIX, "ukraine"), ["publisher"]),
        (Defaults("Example Courier", None, "ukraine"), ["published"]),
        (Defaults("", None, "ukraine"), ["publisher", "published"]),
    ],
)
def test_what_a_text_lacks_is_asked_for(editor: User, about: Defaults, lacks: list[str]) -> None:
    item = only(bring_text(by=editor, about=about, text="Heavy fighting."))
    assert (item.state, item.text, item.document) == ("incomplete", "Heavy fighting.", None)
    done = complete(item=item, by=editor, about=ABOUT, title="A")
    assert done.state == "created"
    assert done.document is not None
    assert (done.document.publisher.name, done.document.title) == ("Example Courier", "A")
    assert done.document.published == SIX
    with pytest.raises(ValidationError, match="Somebody else has completed"):
        complete(item=item, by=editor, about=ABOUT)
    assert Document.objects.count() == 1


def test_a_text_that_is_still_incomplete_waits_on(editor: User) -> None:
    item = only(bring_text(by=editor, about=Defaults(conflict="ukraine"), text="Heavy fighting."))
    half = complete(item=item, by=editor, about=Defaults("Example Courier", None, "ukraine"))
    assert (half.state, half.publisher, half.text) == (
        "incomplete",
        "Example Courier",
        "Heavy fighting.",
    )


@pytest.mark.parametrize(
    ("text", "reason"),
    [(" \n", "no text in it"), ("a" * 300_001, "text longer than 300,000 characters")],
)
def test_what_is_no_text_is_refused(editor: User, text: str, reason: str) -> None:
    with pytest.raises(ValidationError) as refused:
        bring_text(by=editor, about=ABOUT, text=text)
    assert refused.value.message_dict == {"text": [reason]}
    assert not Intake.objects.exists()


# -- roles


def test_who_may_not_bring_in_is_refused(editor: User) -> None:
    make_conflict("sudan", "War in Sudan", sides=())
    reader = make_user("reader", role="analyst")
    for user, slug in ((reader, "ukraine"), (editor, "sudan"), (editor, ""), (editor, "nowhere")):
        about = Defaults("Example Courier", SIX, slug)
        with pytest.raises(PermissionDenied):
            bring_text(by=user, about=about, text="A.")
        with pytest.raises(PermissionDenied):
            bring_files(by=user, about=about, files=[])
        with pytest.raises(PermissionDenied):
            bring_address(by=user, about=about, address="https://c.example/")
    with pytest.raises(PermissionDenied):
        bring_documents(by=reader, documents=[make_raw()])
    assert not Intake.objects.exists()


@pytest.mark.parametrize("slug", ["sudan", "nowhere"])
def test_a_text_that_names_another_conflict_waits_for_one_that_it_may_be_brought_into(
    editor: User, slug: str
) -> None:
    make_conflict("sudan", "War in Sudan", sides=())
    line = json.dumps({"text": "Heavy fighting.", "conflict": slug})
    brought = bring_files(by=editor, about=ABOUT, files=[Upload("a.jsonl", line.encode())])
    take_in(only(brought).id)
    item = only(brought)
    assert (item.state, item.text) == ("incomplete", "Heavy fighting.")
    assert item.error_in_words == (
        f"You may not bring texts into the conflict “{slug}”, or there is none such."
    )
    with pytest.raises(PermissionDenied):
        complete(item=item, by=editor, about=Defaults(conflict=slug))
    assert complete(item=item, by=editor, about=Defaults(conflict="ukraine")).state == "created"
    assert Document.objects.get().conflict_slug == "ukraine"


def test_a_superuser_brings_in_without_a_conflict() -> None:
    admin = make_user("admin", superuser=True)
    item = only(bring_text(by=admin, about=Defaults("Example Courier", SIX), text="A."))
    assert item.state == "created"


# -- files


def test_files_wait_for_a_worker_and_are_read(
    editor: User, woken: list[str], django_capture_on_commit_callbacks: Any
) -> None:
    lines = [{"text": "One."}, {"text": ""}, {"text": "Two.", "publisher": "Example Herald"}]
    files = [
        Upload("a.txt", b"Heavy fighting."),
        Upload("b.HTML", PAGE.encode()),
        Upload("c.jsonl", "\n".join(map(json.dumps, lines)).encode()),
        Upload("d.doc", b"%PDF"),
        Upload("e.txt", b"\xff\xfe"),
        Upload("f.jsonl", b"\n\n"),
    ]
    with django_capture_on_commit_callbacks(execute=True):
        brought = bring_files(by=editor, about=ABOUT, files=files)
    assert woken == [WAKE]
    assert {state for _, state in states(brought)} == {"waiting"}
    for id_ in due():
        take_in(id_)
    assert states(brought) == [
        ("a.txt", "created"),
        ("b.HTML", "created"),
        ("c.jsonl:1", "created"),
        ("d.doc", "failed"),
        ("e.txt", "failed"),
        ("f.jsonl", "failed"),
        ("c.jsonl:2", "failed"),
        ("c.jsonl:3", "created"),
    ]
    errors = [item.error_in_words for item in brought.items.filter(state="failed")]
    assert errors == [
        "Files of this kind are not read; those that are end in .eml, .htm, .html, .jsonl, "
        ".md, .ndjson, .pdf, .text, .txt.",
        "not UTF-8 text (byte 0)",
        "Nothing is in it.",
        "no text in it",
    ]
    assert not brought.items.exclude(upload=None).exists()
    assert set(Document.objects.values_list("publisher__name", flat=True)) == {
        "Example Courier",
        "Example Herald",
    }
    assert due() == []


def test_a_page_without_a_time_waits_with_what_it_says(editor: User) -> None:
    page = re.sub(r'<meta property="article:published_time"[^>]*>', "", PAGE)
    about = Defaults(conflict="ukraine")
    brought = bring_files(by=editor, about=about, files=[Upload("a.html", page.encode())])
    take_in(only(brought).id)
    item = only(brought)
    assert (item.state, item.publisher, item.title) == (
        "incomplete",
        "Example Herald",
        "Soledar is held",
    )
    assert item.text.startswith("Soledar is held\nUkrainian troops still hold Soledar")


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\news\\a.txt", "a.txt"),
        ("a\u202etxt.exe", "atxt.exe"),
        ("a\x00\r\nb.txt", "ab.txt"),
        ("<script>alert(1)<", "<script>alert(1)<"),
        ("a" * 500 + ".txt", "a" * 196 + ".txt"),
        ("..", ".."),
        ("", "?"),
    ],
)
def test_names_of_files_are_harmless(editor: User, sent: str, kept: str) -> None:
    assert only(bring_files(by=editor, about=ABOUT, files=[Upload(sent, b"A.")])).name == kept


def test_a_file_with_too_many_documents(editor: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "MOST_DOCUMENTS", 2)
    brought = bring_files(by=editor, about=ABOUT, files=[Upload("a.jsonl", b'{"text": "A"}\n' * 3)])
    take_in(only(brought).id)
    assert only(brought).error_in_words.startswith("More than 2 documents are in it")
    assert not Document.objects.exists()


def test_gaps_of_many_are_filled_at_once(editor: User) -> None:
    lines = [{"text": "One."}, {"text": "Two.", "publisher": "Example Herald"}]
    content = "\n".join(map(json.dumps, lines)).encode()
    about = Defaults(conflict="ukraine")
    brought = bring_files(by=editor, about=about, files=[Upload("a.jsonl", content)])
    take_in(only(brought).id)
    assert [state for _, state in states(brought)] == ["incomplete", "incomplete"]
    assert complete_all(intake=brought, by=editor, about=ABOUT) == 2
    for id_ in due():
        take_in(id_)
    found = brought.items.values_list("document__publisher__name", "state")
    assert list(found) == [("Example Courier", "created"), ("Example Herald", "created")]
    assert complete_all(intake=brought, by=editor, about=ABOUT) == 0


# -- addresses


@pytest.fixture
def site(settings: Any) -> Any:
    with Site() as found:
        settings.FETCH_ALLOW_HOSTS = [found.host]
        yield found


def test_an_address_is_fetched_by_a_worker(editor: User, site: Site) -> None:
    site.answers = {"/a": led_to("/b"), "/b": answer(PAGE.encode())}
    about = Defaults(conflict="ukraine")
    brought = bring_address(by=editor, about=about, address=f"{site.url}/a", title="Given")
    assert (only(brought).state, site.asked) == ("waiting", [])
    tasks.take_in(only(brought).id)
    item = only(brought)
    assert item.state == "created"
    assert item.document is not None
    assert (item.document.publisher.name, item.document.title) == (
        "Example Herald",
        "Soledar is held",
    )
    # Not the address that the page gives for itself.
    assert item.document.url == f"{site.url}/b"
    tasks.take_in(item.id)
    assert len(site.asked) == 2


def test_an_address_that_was_moved_for_good_brings_the_articles_next_version(
    editor: User, site: Site
) -> None:
    site.answers = {"/2023/a": answer(PAGE.encode())}
    tasks.take_in(only(bring_address(by=editor, about=ABOUT, address=f"{site.url}/2023/a")).id)
    site.answers = {
        "/2023/a": led_to("/b", "301 Moved Permanently"),
        "/b": answer(PAGE.replace("Soledar", "Bakhmut").encode()),
    }
    moved = bring_address(by=editor, about=ABOUT, address=f"{site.url}/2023/a")
    tasks.take_in(only(moved).id)
    document = only(moved).document
    assert document is not None
    assert document.article is not None
    assert (document.version, document.article.url) == (2, f"{site.url}/b")


def test_a_page_that_gives_a_known_address_as_its_own_brings_that_articles_next_version(
    editor: User, site: Site
) -> None:
    page = re.sub(r'(rel="canonical" href=")[^"]*', rf"\g<1>{site.url}/2023/a", PAGE)
    site.answers = {
        "/2023/a": answer(page.encode()),
        "/amp/a": answer(page.replace("Soledar", "Bakhmut").encode()),
    }
    tasks.take_in(only(bring_address(by=editor, about=ABOUT, address=f"{site.url}/2023/a")).id)
    other = bring_address(by=editor, about=ABOUT, address=f"{site.url}/amp/a")
    tasks.take_in(only(other).id)
    document = only(other).document
    assert document is not None
    assert document.article is not None
    assert (document.version, document.article.url) == (2, f"{site.url}/2023/a")


@pytest.mark.parametrize(
    ("kind", "body", "text"),
    [
        ("text/plain; charset=windows-1251", "Бої тривають.".encode("cp1251"), "Бої тривають."),
        ("text/plain", "Бої тривають.".encode(), "Бої тривають."),
        ("text/plain; charset=nonsense", b"Fighting.", "Fighting."),
    ],
)
def test_the_characters_are_those_that_the_site_names(
    editor: User, site: Site, kind: str, body: bytes, text: str
) -> None:
    site.answers = {"/": answer(body, f"Content-Type: {kind}")}
    brought = bring_address(by=editor, about=ABOUT, address=f"{site.url}/", title="Given")
    take_in(only(brought).id)
    assert only(brought).document.text == text  # type: ignore[union-attr]
    assert only(brought).document.title == "Given"  # type: ignore[union-attr]


def test_an_address_that_is_refused_says_why(editor: User) -> None:
    brought = bring_address(by=editor, about=ABOUT, address="http://169.254.169.254/latest/")
    take_in(only(brought).id)
    assert (only(brought).state, only(brought).attempts) == ("failed", 1)
    assert only(brought).error_in_words == (
        "The address leads into a private or special network: nothing is fetched there."
    )


def test_a_site_that_is_busy_is_asked_again(editor: User, site: Site) -> None:
    site.answers = {"/": answer(status="503 Busy")}
    brought = bring_address(by=editor, about=ABOUT, address=f"{site.url}/")
    take_in(only(brought).id)
    item = only(brought)
    assert (item.state, item.error_in_words) == (
        "waiting",
        "The site answered 503 (Service Unavailable).",
    )
    assert item.leased_until is not None
    assert timedelta(seconds=25) < item.leased_until - clock.now() < timedelta(seconds=31)
    assert due() == []
    IntakeItem.objects.update(leased_until=clock.now())
    assert due() == [item.id]
    take_in(item.id)
    take_in(item.id)
    assert (only(brought).state, len(site.asked)) == ("failed", 3)
    try_again(item=item, by=editor)
    site.answers = {"/": answer(PAGE.encode())}
    assert (only(brought).state, only(brought).error) == ("waiting", "")
    take_in(item.id)
    assert only(brought).state == "created"


# -- workers


def test_two_workers_do_not_take_the_same(editor: User) -> None:
    item = only(bring_files(by=editor, about=ABOUT, files=[Upload("a.txt", b"A.")]))
    assert service._take(item.id) is not None
    assert service._take(item.id) is None
    take_in(item.id)
    assert not Document.objects.exists()


def test_what_a_killed_worker_had_comes_back_and_is_given_up_in_the_end(editor: User) -> None:
    item = only(bring_files(by=editor, about=ABOUT, files=[Upload("a.txt", b"A.")]))
    for _ in range(3):
        assert service._take(item.id) is not None
        assert due() == []
        IntakeItem.objects.update(leased_until=clock.now() - timedelta(seconds=1))
        assert due() == [item.id]
    take_in(item.id)
    item.refresh_from_db()
    assert (item.state, item.error) == ("failed", "Given up: each attempt at it was cut off.")


def test_a_worker_is_stopped_before_its_lease_ends() -> None:
    """Some pages are made so that reading them takes hours."""
    assert tasks.take_in.time_limit == service.SECONDS
    assert timedelta(seconds=service.SECONDS) < service.LEASE


def test_a_worker_that_took_too_long_writes_nothing(editor: User) -> None:
    item = only(bring_files(by=editor, about=ABOUT, files=[Upload("a.txt", b"A.")]))
    late = service._take(item.id)
    assert late is not None
    IntakeItem.objects.update(leased_until=clock.now() - timedelta(seconds=1))
    take_in(item.id)
    assert service._spread(late, [make_raw("B.")]) == []
    service._fail(late, "late")
    item.refresh_from_db()
    assert (item.state, Document.objects.get().text) == ("created", "A.")


def test_the_sweep_wakes_a_task_for_each(editor: User, monkeypatch: pytest.MonkeyPatch) -> None:
    item = only(bring_files(by=editor, about=ABOUT, files=[Upload("a.txt", b"A.")]))
    sent: list[int] = []
    monkeypatch.setattr(tasks.take_in, "delay", sent.append)
    tasks.sweep()
    tasks.sweep()
    assert sent == [item.id]


# -- what must always hold


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("intake_item_becomes_a_document", {"state": "created"}),
        ("intake_item_becomes_a_document", {"state": "present"}),
        ("intake_item_failed_says_why", {"state": "failed"}),
        ("intake_item_running_is_leased", {"state": "running"}),
        ("intake_item_incomplete_has_text", {"state": "incomplete", "text": ""}),
        ("intake_item_number", {"number": 2}),
    ],
)
def test_broken_items_are_refused(editor: User, name: str, fields: dict[str, Any]) -> None:
    files = [Upload("a.txt", b"A."), Upload("b.txt", b"B.")]
    brought = bring_files(by=editor, about=ABOUT, files=files)
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        brought.items.filter(number=1).update(**fields)


def test_a_broken_intake_is_refused(editor: User) -> None:
    with pytest.raises(IntegrityError, match="intake_way_known"), transaction.atomic():
        Intake.objects.create(by=editor, way="fax")
