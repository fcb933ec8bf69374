"""Bringing text in by page: what is asked, what stays typed, and what became of it."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from claims.intake import take_in
from claims.models import ExtractionRun
from claims.pages.bench.moments import read_moment
from sources.models import BulkFault, BulkImport, Document, Intake, IntakeItem
from tests.factories import make_claim, make_conflict, make_user

pytestmark = pytest.mark.django_db

TYPED = {
    "text": "Heavy fighting goes on in Soledar.",
    "title": "Fighting",
    "publisher": "Example Courier",
    "published": "11 January 2023 18:05 +02:00",
    "conflict": "ukraine",
    "url": "https://courier.example/1",
}


@pytest.fixture
def editor(client: Client) -> User:
    user = make_user(conflict=make_conflict())
    client.force_login(user)
    return user


def bring(client: Client, code: int = 302, /, **fields: Any) -> Any:
    response = client.post("/bench/bring/", fields)
    assert response.status_code == code
    return response


def page(response: Any) -> str:
    found: str = response.content.decode()
    return found


def test_a_text_is_brought_in_and_its_page_tells(client: Client, editor: User) -> None:
    response = bring(client, **TYPED)
    intake, document = Intake.objects.get(), Document.objects.get()
    assert response["Location"] == f"/bench/bring/{intake.id}/"
    assert document.published_local.isoformat() == "2023-01-11T18:05:00+02:00"
    shown = page(client.get(response["Location"]))
    assert f'<a href="/documents/{document.id}/">Fighting</a>' in shown
    assert "document made; waits to be read for claims" in shown
    assert "1 became a document" in shown
    assert "data-settled" not in shown
    assert "js/jobs.js" in shown
    make_claim(document=document, quote="Heavy fighting goes on in Soledar")
    ExtractionRun.objects.create(
        document=document, extractor_version="1", state="done", finished_at=datetime.now(UTC)
    )
    shown = page(client.get(response["Location"]))
    assert "read for claims" in shown
    assert "1 claim</a>" in shown
    assert "data-settled" in shown
    assert "js/jobs.js" not in shown
    shown = page(client.get(bring(client, **TYPED)["Location"]))
    assert "1 was there already" in shown
    assert "It was there already." in shown


def test_what_was_said_the_last_time_is_remembered(client: Client, editor: User) -> None:
    make_conflict("sudan", "War in Sudan", sides=())
    shown = client.get("/bench/bring/").context["form"]
    assert shown.initial == {}
    bring(client, **TYPED)
    response = client.get("/bench/bring/")
    assert response.context["form"].initial == {
        "publisher": "Example Courier",
        "conflict": "ukraine",
    }
    assert '<option value="Example Courier"></option>' in page(response)
    assert "1 became a document" in page(response)
    # Only into the conflict that the editor may bring texts into.
    assert [slug for slug, _ in response.context["form"].fields["conflict"].choices] == ["ukraine"]


def test_the_bookmarklet_fills_the_form_and_fetches_nothing(client: Client, editor: User) -> None:
    bring(client, **TYPED)
    response = client.get(
        "/bench/bring/",
        {"url": "https://herald.example/1", "title": "<b>A</b>", "text": "Some words."},
    )
    shown = page(response)
    assert 'value="https://herald.example/1"' in shown
    assert "&lt;b&gt;A&lt;/b&gt;" in shown
    assert "Some words.</textarea>" in shown
    # Of another page, the last publisher would be a wrong one.
    assert "publisher" not in response.context["form"].initial
    assert Intake.objects.count() == 1
    assert "open(&#x27;http://testserver/bench/bring/?&#x27;+q)" in shown
    shown = page(client.get("/bench/bring/", {"url": "https://herald.example/1", "cut": "1"}))
    assert "The selected words were too many" in shown


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"text": "", "url": ""}, "Paste a text, choose files, or give an address."),
        ({"published": "some day"}, "This time is not understood."),
        ({"published": "January 2023"}, "This time is not understood."),
        ({"published": "in 3 days"}, "This time has not come yet."),
        ({"published": "2999-01-01"}, "This time has not come yet."),
        ({"conflict": "sudan"}, "Select a valid choice."),
        ({"conflict": ""}, "This field is required."),
        ({"url": "javascript:alert(1)"}, "it must begin with http:// or https://."),
        ({"text": "", "url": "http://127.0.0.1/"}, "private or special network"),
        ({"text": "", "url": "http://a:b@courier.example/"}, "user name or a password"),
        ({"text": "a" * 300_001}, "at most 300000 characters"),
        ({"title": "a" * 501}, "at most 500 characters"),
        ({"text": "\x01"}, "no text in it"),
        ({"publisher": "a\x00b"}, "Null characters are not allowed."),
    ],
)
def test_what_is_wrong_is_said_and_nothing_typed_is_lost(
    client: Client, editor: User, changed: dict[str, str], told: str
) -> None:
    make_conflict("sudan", "War in Sudan", sides=())
    response = bring(client, 400, **{**TYPED, **changed})
    assert told in page(response)
    for name, typed in {**TYPED, **changed}.items():
        assert response.context["form"].data[name] == typed
    assert not Intake.objects.exists()


def test_an_address_beside_blanks_is_fetched(client: Client, editor: User) -> None:
    bring(client, **{**TYPED, "text": " \n "})
    assert (Intake.objects.get().way, IntakeItem.objects.get().address) == (
        "address",
        "https://courier.example/1",
    )


def test_what_a_text_lacks_is_asked_for_on_its_page(client: Client, editor: User) -> None:
    typed = {**TYPED, "publisher": "", "published": ""}
    address = bring(client, **typed)["Location"]
    shown = page(client.get(address))
    assert "needs its publisher and its time" in shown
    assert "Heavy fighting goes on in Soledar." in shown
    complete = f"{address}1/complete/"
    given = {"item-1-publisher": "Example Courier", "item-1-conflict": "ukraine"}
    response = client.post(complete, {**given, "item-1-published": "some day"})
    assert response.status_code == 400
    assert "This time is not understood." in page(response)
    assert 'value="some day"' in page(response)
    response = client.post(complete, {**given, "item-1-published": "11 January 2023 18:05"})
    assert (response.status_code, response["Location"]) == (302, f"{address}#item-1")
    assert Document.objects.get().published == datetime(2023, 1, 11, 18, 5, tzinfo=UTC)
    response = client.post(complete, {**given, "item-1-published": "11 January 2023 18:05"})
    assert response.status_code == 409
    assert Document.objects.count() == 1


def test_files(client: Client, editor: User) -> None:
    lines = b"\n".join(json.dumps({"text": f"Text {n}."}).encode() for n in range(3))
    files = [
        SimpleUploadedFile("<img src=x>.txt", b"Heavy fighting."),
        SimpleUploadedFile("b.jsonl", lines),
        SimpleUploadedFile("c.doc", b"\xd0\xcf"),
    ]
    address = bring(client, uploads=files, conflict="ukraine", publisher="Example Courier")[
        "Location"
    ]
    shown = page(client.get(address))
    assert "3 are on their way" in shown
    assert "waits to be read" in shown
    assert "&lt;img src=x&gt;.txt" in shown
    for id_ in IntakeItem.objects.order_by("id").values_list("id", flat=True):
        take_in(id_)
    shown = page(client.get(address))
    assert "4 need to be completed, 1 was not taken" in shown
    assert "Files of this kind are not read" in shown
    assert "For all 4 that need it" in shown
    all_ = f"{address}complete/"
    response = client.post(all_, {"all-conflict": "ukraine", "all-published": "no day"})
    assert response.status_code == 400
    given = {"all-conflict": "ukraine", "all-published": "11 January 2023"}
    assert client.post(all_, given)["Location"] == address
    for id_ in IntakeItem.objects.filter(state="waiting").values_list("id", flat=True):
        take_in(id_)
    assert "4 became documents, 1 was not taken" in page(client.get(address))


def test_files_are_limited(client: Client, editor: User, monkeypatch: pytest.MonkeyPatch) -> None:
    from claims.pages.bench import bring_forms
    from claims.views.bench import bring as view

    many = [SimpleUploadedFile(f"{n}.txt", b"A.") for n in range(21)]
    told = page(bring(client, 400, uploads=many, conflict="ukraine"))
    assert "At most 20 files are taken at once." in told
    assert "Files have to be chosen again." in told
    empty = SimpleUploadedFile("a.txt", b"")
    assert "The submitted file is empty." in page(bring(client, 400, uploads=empty))
    both = {**TYPED, "uploads": SimpleUploadedFile("a.txt", b"A.")}
    assert "Files are brought in alone" in page(bring(client, 400, **both))
    monkeypatch.setattr(bring_forms, "MOST_BYTES", 1_000_000)
    large = SimpleUploadedFile("a.txt", bytes(1_000_001))
    told = page(bring(client, 400, uploads=large, conflict="ukraine"))
    assert "Together the files are larger than 1 MB." in told
    monkeypatch.setattr(view, "MOST_BYTES", 1_000_000)
    monkeypatch.setattr(view, "BESIDES", 0)
    large = SimpleUploadedFile("a.txt", bytes(1_000_001))
    told = page(bring(client, 413, uploads=large, conflict="ukraine"))
    assert "Together the files are larger than 1 MB. Nothing was taken" in told
    assert not Intake.objects.exists()


def test_an_address(client: Client, editor: User) -> None:
    address = bring(client, url="https://courier.example/1", conflict="ukraine")["Location"]
    shown = page(client.get(address))
    assert "waits to be fetched" in shown
    assert "https://courier.example/1" in shown
    IntakeItem.objects.update(state="failed", error="The site answered %(status)d (%(phrase)s).")
    IntakeItem.objects.update(error_values={"status": 404, "phrase": "Not Found"})
    shown = page(client.get(address))
    assert "The site answered 404 (Not Found)." in shown
    assert "/bench/bring/?url=https%3A%2F%2Fcourier.example%2F1" in shown
    assert client.post(f"{address}1/again/")["Location"] == address
    assert IntakeItem.objects.get().state == "waiting"


def test_forms_need_their_token(editor: User) -> None:
    """Also the one whose check waits until the size is known."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(editor)
    intake = Intake.objects.create(by=editor, way="pasted")
    for address in (
        "",
        f"{intake.id}/complete/",
        f"{intake.id}/1/complete/",
        f"{intake.id}/1/again/",
    ):
        assert client.post(f"/bench/bring/{address}", TYPED).status_code == 403
    assert not Document.objects.exists()


def test_who_may_see_it(client: Client, editor: User) -> None:
    address = bring(client, **TYPED)["Location"]
    colleague = make_user("colleague", conflict=make_conflict())
    sudan = make_conflict("sudan", "War in Sudan", sides=())
    elsewhere = make_user("elsewhere", conflict=sudan)
    analyst = make_user("analyst", role="analyst")
    for user, code, lists in ((colleague, 200, 1), (elsewhere, 403, 0), (analyst, 403, None)):
        client.force_login(user)
        assert client.get(address).status_code == code
        assert client.post(f"{address}1/again/").status_code == (302 if code == 200 else 403)
        response = client.get("/bench/bring/")
        assert response.status_code == (200 if lists is not None else 403)
        if lists is not None:
            assert len(response.context["latest"]) == lists
    client.logout()
    for there in ("/bench/bring/", address):
        response = client.get(there)
        assert response.status_code == 302
        assert "login" in response["Location"]
    assert client.post("/bench/bring/", TYPED).status_code == 302
    assert Intake.objects.count() == 1


def test_queries_do_not_grow_with_items(
    client: Client, editor: User, django_assert_num_queries: Any
) -> None:
    for texts in (2, 12):
        lines = [{"text": f"Text {n} of {texts}."} for n in range(texts)]
        lines += [
            {"text": f"Text {n} of {texts}, incomplete.", "publisher": ""} for n in range(texts)
        ]
        for line in lines[:texts]:
            line["published"] = "2023-01-11"
        content = b"\n".join(json.dumps(line).encode() for line in lines)
        uploaded = SimpleUploadedFile("a.jsonl", content)
        address = bring(client, uploads=uploaded, conflict="ukraine", publisher="A")["Location"]
        take_in(IntakeItem.objects.latest("id").id)
        with django_assert_num_queries(10):
            client.get(address)
        with django_assert_num_queries(9):
            client.get("/bench/bring/")


NOW = datetime(2023, 1, 13, 16, 40, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        ("11 January 2023 18:05", "2023-01-11T18:05:00+00:00"),
        (" 11 Jan  2023, 6pm ", "2023-01-11T18:00:00+00:00"),
        ("January 11, 2023 at 6:05 p.m. -05:00", "2023-01-11T18:05:00-05:00"),
        ("11 January 2023", "2023-01-11T00:00:00+00:00"),
        ("11/01/2023 18:00", "2023-01-11T18:00:00+00:00"),
        ("11.01.2023", "2023-01-11T00:00:00+00:00"),
        ("11 січня 2023 18:05 +02:00", "2023-01-11T18:05:00+02:00"),
        ("вчора о 18:00", "2023-01-12T18:00:00+00:00"),
        ("yesterday 9:30", "2023-01-12T09:30:00+00:00"),
        ("yesterday", "2023-01-12T00:00:00+00:00"),
        ("today", "2023-01-13T00:00:00+00:00"),
        ("2 hours ago", "2023-01-13T14:40:00+00:00"),
        ("Wednesday 18:00", "2023-01-11T18:00:00+00:00"),
        ("11 January 18:05", "2023-01-11T18:05:00+00:00"),
        ("2023-01-11T18:05:00+02:00", "2023-01-11T18:05:00+02:00"),
        ("2023-01-11 18:05", "2023-01-11T18:05:00+00:00"),
        ("2023-01-11", "2023-01-11T00:00:00+00:00"),
        ("Wed, 11 Jan 2023 18:05:00 GMT", "2023-01-11T18:05:00+00:00"),
    ],
)
def test_times_in_words(words: str, meant: str) -> None:
    found = read_moment(words, NOW)
    assert found is not None
    assert found.isoformat() == meant


@pytest.mark.parametrize(
    "words", ["", "a", "...", "some day", "January 2023", "2023", "31 February 2023", "x" * 81]
)
def test_times_that_are_none(words: str) -> None:
    assert read_moment(words, NOW) is None


def test_times_are_not_told_by_the_seconds_of_a_clock() -> None:
    assert read_moment("1 hour ago", NOW) == NOW.replace(second=0) - timedelta(hours=1)


def test_large_files_and_their_lines_that_gave_nothing(client: Client, editor: User) -> None:
    row = BulkImport.objects.create(
        name="<b>large</b>.jsonl", sha256="0" * 64, size=2000, done_bytes=500, lines=1200,
        created=1100, present=40, failed=60,
    )  # fmt: skip
    BulkFault.objects.bulk_create(
        BulkFault(bulk_import=row, line=line, reason=f"not JSON: {line}") for line in range(1, 61)
    )
    told = "under way after 1,200 lines: 1,100 new, 40 already here, 60 not taken"
    shown = page(client.get("/bench/bring/"))
    address = f"/bench/bring/large/{row.id}/"
    assert f'<a href="{address}">&lt;b&gt;large&lt;/b&gt;.jsonl</a>' in shown
    assert told in shown
    shown = page(client.get(address))
    assert told in shown
    assert "25 %" in shown
    assert "<td>not JSON: 50</td>" in shown
    assert "not JSON: 51" not in shown
    assert "<td>not JSON: 51</td>" in page(client.get(f"{address}?page=2"))
    BulkFault.objects.all().delete()
    BulkImport.objects.update(
        state="done", done_bytes=2000, failed=0, finished_at=datetime.now(UTC)
    )
    shown = page(client.get(address))
    assert "1,100 new, 40 already here, 0 not taken" in shown
    assert "Each of its lines gave a document." in shown
    assert "<progress" not in shown
    client.force_login(make_user("reader", role="reader"))
    assert client.get(address).status_code == 403
