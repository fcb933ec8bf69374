"""Documents that scripts send to the API."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from claims.api import intake as api
from sources.evidence import content
from sources.models import Document, Intake, Snapshot, StoredBytes
from tests.factories import make_conflict, make_user
from tests.sources.test_adapters import PAGE

pytestmark = pytest.mark.django_db

ADDRESS = "/api/v1/documents/"
SENT = {
    "text": "Heavy fighting goes on in Soledar.",
    "publisher": "Example Courier",
    "published": "2023-01-11T18:05:00+02:00",
    "title": "Fighting",
    "conflict": "ukraine",
    "url": "https://courier.example/1",
    "external_id": "c1",
}


@pytest.fixture
def editor(client: Client) -> User:
    user = make_user(conflict=make_conflict())
    client.force_login(user)
    return user


def send(client: Client, code: int, data: Any, **options: Any) -> Any:
    if isinstance(data, list | dict):
        options = {"content_type": "application/json", **options}
    response = client.post(ADDRESS, data, **options)
    kind = "application/json" if code < 400 else "application/problem+json"
    assert (response.status_code, response["Content-Type"]) == (code, kind)
    return response.json()


def told_by_field(answer: Any) -> dict[str, list[str]]:
    return {fault["name"]: [fault["detail"]] for fault in answer["parameters"]}


def upload(client: Client, code: int, *files: tuple[str, bytes], **fields: str) -> Any:
    sent = [SimpleUploadedFile(name, content) for name, content in files]
    response = client.post(ADDRESS, {"file": sent, **fields})
    assert response.status_code == code
    return response.json()


def test_a_document_is_taken_once(client: Client, editor: User) -> None:
    answer = send(client, 201, SENT)
    document = Document.objects.get()
    assert answer == {
        "outcome": "created",
        "where": "",
        "document": {
            "id": str(document.id),
            "title": "Fighting",
            "publisher": "Example Courier",
            "published": "2023-01-11T18:05:00+02:00",
            "url": f"http://testserver/documents/{document.id}/",
        },
        "errors": {},
    }
    assert (document.conflict_slug, document.url) == ("ukraine", "https://courier.example/1")
    assert (document.external_id, document.published_offset) == ("c1", 120)
    again = send(client, 200, {**SENT, "title": "Another title"})
    assert (again["outcome"], again["document"]) == ("present", answer["document"])
    assert list(Intake.objects.values_list("way", "by")) == [("api", editor.pk)] * 2


@pytest.mark.parametrize(
    ("changed", "errors"),
    [
        ({"text": ""}, {"text": ["This field may not be blank."]}),
        ({"text": "\x01"}, {"text": ["no text in it"]}),
        ({"text": None}, {"text": ["This field may not be null."]}),
        ({"text": ["a"]}, {"text": ["Not a valid string."]}),
        (
            {"text": "a" * 300_001},
            {"text": ["Ensure this field has no more than 300000 characters."]},
        ),
        ({"publisher": " "}, {"publisher": ["This field may not be blank."]}),
        (
            {"published": "yesterday"},
            {"published": ["'yesterday' is not an ISO 8601 time (2023-01-11T18:00:00Z)."]},
        ),
        ({"published": "2999-01-01"}, {"published": ["This time has not come yet."]}),
        ({"url": "ftp://courier.example/"}, {"url": ["It must begin with http:// or https://."]}),
        (
            {"conflict": "nowhere"},
            {
                "conflict": [
                    "You may not bring documents into 'nowhere', or there is no such conflict."
                ]
            },
        ),
    ],
)
def test_errors_are_told_by_field(
    client: Client, editor: User, changed: dict[str, Any], errors: dict[str, list[str]]
) -> None:
    if "conflict" in changed:  # among others: alone it is a matter of roles
        (answer,) = send(client, 400, [{**SENT, **changed}])["results"]
        refused = {"outcome": "refused", "where": "", "document": None, "errors": errors}
        assert answer == refused
    else:
        answer = send(client, 400, {**SENT, **changed})
        assert told_by_field(answer) == errors
        assert answer["type"] == "/api/#problem-fields"
    assert not Intake.objects.exists()


def test_all_that_is_missing_is_told_at_once(client: Client, editor: User) -> None:
    required = ["This field is required."]
    assert told_by_field(send(client, 400, {"conflict": "ukraine"})) == {
        "text": required,
        "publisher": required,
        "published": required,
    }


def test_a_list_is_answered_one_by_one(client: Client, editor: User) -> None:
    two, bad = {**SENT, "text": "Another text."}, {**SENT, "text": ""}
    send(client, 201, SENT)
    results = send(client, 207, [bad, SENT, two, two])["results"]
    assert [one["outcome"] for one in results] == ["refused", "present", "created", "present"]
    assert [bool(one["document"]) for one in results] == [False, True, True, True]
    assert list(results[0]["errors"]) == ["text"]
    assert send(client, 201, [{**SENT, "text": "A third."}])["results"][0]["outcome"] == "created"
    assert send(client, 200, [SENT, two])["results"][1]["outcome"] == "present"
    none = send(client, 400, [bad, bad])
    assert none["results"][1]["outcome"] == "refused"
    assert list(told_by_field(none)) == ["0.text", "1.text"]
    assert Document.objects.count() == 3


@pytest.mark.parametrize("sent", [[], ["a"], [[]], [None]])
def test_lists_of_nothing(client: Client, editor: User, sent: Any) -> None:
    answer = send(client, 400, sent)
    if not sent:
        assert answer["detail"] == "The list is empty."
    else:
        told = {"non_field_errors": ["Not a JSON object."]}
        assert [one["errors"] for one in answer["results"]] == [told]


def test_files(client: Client, editor: User) -> None:
    lines = [{"text": "One."}, {"text": ""}, {"text": "Two.", "conflict": "sudan"}]
    answer = upload(
        client,
        207,
        ("a.html", PAGE.encode()),
        ("b.jsonl", "\n".join(map(json.dumps, lines)).encode()),
        ("c.doc", b""),
        conflict="ukraine",
        published="2023-01-11",
    )
    told = [(one["where"], one["outcome"], one["errors"]) for one in answer["results"]]
    required = ["This field is required."]
    assert told[:4] == [
        ("a.html", "created", {}),
        ("b.jsonl:1", "refused", {"publisher": required}),
        ("b.jsonl:2", "refused", {"text": ["no text in it"]}),
        ("b.jsonl:3", "refused", {"publisher": required}),
    ]
    assert told[4][:2] == ("c.doc", "refused")
    assert told[4][2]["text"][0].startswith("unknown kind of file")
    answer = upload(
        client,
        207,
        ("b.jsonl", json.dumps(lines[2]).encode() + b'\n{"text": "One."}'),
        conflict="ukraine",
        publisher="Example Courier",
        published="2023-01-11T18:00:00+02:00",
    )
    assert [one["outcome"] for one in answer["results"]] == ["refused", "created"]
    assert list(answer["results"][0]["errors"]) == ["conflict"]
    document = Document.objects.get(text="One.")
    assert document.published_local.isoformat() == "2023-01-11T18:00:00+02:00"
    answer = upload(client, 400, ("a.txt", b"A."), published="some day")
    why = "'some day' is not an ISO 8601 time (2023-01-11T18:00:00Z)."
    assert told_by_field(answer) == {"published": [why]}


def test_files_that_cannot_be_kept_are_to_be_sent_again(
    client: Client, editor: User, settings: Any, tmp_path: Path
) -> None:
    (tmp_path / "a-file").touch()
    kind = {"BACKEND": "sources.evidence.folder.Folder"}
    options = {"location": str(tmp_path / "a-file" / "within")}  # where nothing can be
    settings.STORAGES = {**settings.STORAGES, "evidence": {**kind, "OPTIONS": options}}
    about = {"conflict": "ukraine", "publisher": "Example Courier", "published": "2023-01-11"}
    response = client.post(ADDRESS, {"file": SimpleUploadedFile("a.txt", b"One."), **about})
    assert (response.status_code, response["Retry-After"]) == (503, "60")
    assert response.json() == {
        "type": "about:blank",
        "title": "Service Unavailable",
        "status": 503,
        "detail": "What was received cannot be kept: its storage does not answer. Nothing was "
        "taken: send it again later.",
    }
    assert not Document.objects.exists()
    assert not Snapshot.objects.exists()
    options["location"] = str(tmp_path / "storage")
    settings.STORAGES = {**settings.STORAGES, "evidence": {**kind, "OPTIONS": options}}
    assert upload(client, 201, ("a.txt", b"One."), **about)["results"][0]["outcome"] == "created"
    assert content(StoredBytes.objects.get()) == b"One."


def test_limits(client: Client, editor: User, monkeypatch: pytest.MonkeyPatch) -> None:
    answer = send(client, 400, [SENT] * 201)
    assert answer["detail"] == "More than 200 documents in one request."
    lines = b'{"text": "A."}\n' * 201
    assert upload(client, 400, ("a.jsonl", lines), conflict="ukraine") == answer
    large = b"<p>" + b"a" * 1_000_000
    (refused,) = upload(client, 400, ("a.html", large), conflict="ukraine")["results"]
    assert refused["errors"]["text"][0].startswith("larger than 1 MB")
    monkeypatch.setattr(api, "MOST_BYTES", 100)
    assert send(client, 413, SENT)["detail"].startswith("The request is larger than")
    assert upload(client, 413, ("a.txt", b"A."))["detail"].startswith("The request is larger")
    assert not Document.objects.exists()


def test_what_is_no_json_is_told(client: Client, editor: User) -> None:
    answer = send(client, 400, '"a"', content_type="application/json")
    assert told_by_field(answer) == {"body": ["Not a JSON object."]}
    for malformed in ("{", '{"text": NaN}', '{"text": "\\ud800"}', "[" * 5000):
        answer = send(client, 400, malformed, content_type="application/json")
        assert answer["detail"].startswith("Not JSON: ")
    answer = send(client, 415, "a=b", content_type="application/x-www-form-urlencoded")
    told = 'Unsupported media type "application/x-www-form-urlencoded" in request.'
    assert answer["detail"] == told


def test_who_may(client: Client, editor: User) -> None:
    make_conflict("sudan", "War in Sudan", sides=())
    for slug in ("sudan", "nowhere", ""):
        told = send(client, 403, {**SENT, "conflict": slug})["detail"]
        assert told == "This needs the role “editor”: ask an administrator."
    (refused,) = send(client, 400, [{**SENT, "conflict": "sudan"}])["results"]
    assert list(refused["errors"]) == ["conflict"]
    for role, code in (("analyst", 403), ("editor", 201), ("administrator", 200)):
        client.force_login(make_user(f"an-{role}", role=role))
        send(client, code, {**SENT, "conflict": ""})
    client.logout()
    send(client, 401, SENT)
    assert client.get(ADDRESS).status_code == 200


def test_a_session_needs_its_token(editor: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(editor)
    assert send(client, 403, SENT)["detail"] == "CSRF Failed: CSRF cookie not set."
    client.get("/admin/")  # sets the cookie
    client.cookies["csrftoken"] = "a" * 32
    send(client, 201, SENT, headers={"X-CSRFToken": "a" * 32})


def test_it_is_described(client: Client) -> None:
    page = client.get("/api/").content.decode()
    assert "<code>POST /api/v1/documents/</code>" in page
    for name in ("external_id", "outcome", "errors"):
        assert f"<code>{name}</code>" in page
    assert "Field that is sent" in page
    assert "<code>published</code></th><td>date-time, required</td>" in page
    assert "<code>title</code></th><td>text</td>" in page
