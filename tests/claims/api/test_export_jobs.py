"""Exports through the API: asked for, watched, fetched in parts, cancelled."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from claims.access import keys
from claims.exports import jobs
from claims.models import Export
from config.ids import new_id
from tests.factories import make_claim, make_user

ASK = {"table": "claims", "format": "csv", "query": "predicate=fighting"}


@pytest.fixture
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = str(tmp_path)
    return tmp_path


@pytest.fixture
def analyst(db: None, folder: Path) -> User:
    return make_user("analyst", role="analyst", is_staff=False)


@pytest.fixture
def asked(client: Client, analyst: User) -> Client:
    client.force_login(analyst)
    return client


def ask(client: Client, **fields: Any) -> Any:
    return client.post("/api/v1/exports/", {**ASK, **fields}, content_type="application/json")


def done(by: User, folder: Path, content: bytes = b"id\r\n1\r\n") -> Export:
    """One with a file, as a worker leaves it."""
    key, now = new_id(), timezone.now()
    (folder / "exports").mkdir(exist_ok=True)
    (folder / "exports" / f"{key}.csv").write_bytes(content)
    return Export.objects.create(
        **ASK,
        id=key,
        by=by,
        state="done",
        file=f"exports/{key}.csv",
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        rows_done=1,
        rows_in_all=1,
        finished_at=now,
        expires_at=now,
    )


def test_asked_for_and_watched(asked: Client, analyst: User) -> None:
    answer = ask(asked)
    export = Export.objects.get()
    assert answer.status_code == 202
    assert answer["Location"] == f"http://testserver/api/v1/exports/{export.pk}/"
    told = answer.json()
    assert told == asked.get(answer["Location"]).json()
    assert {name: told[name] for name in told.keys() - {"at"}} == {
        "id": str(export.pk),
        "url": answer["Location"],
        **ASK,
        "by": "analyst",
        "state": "waiting",
        "rows_done": 0,
        "rows_in_all": None,
        "file": None,
        "size": None,
        "sha256": "",
        "finished_at": None,
        "expires_at": None,
        "error": "",
    }
    assert [one["id"] for one in asked.get("/api/v1/exports/").json()["results"]] == [told["id"]]


@pytest.mark.django_db(transaction=True)
def test_made_and_fetched_in_two_parts(asked: Client) -> None:
    made = [make_claim("fighting"), make_claim("holds")]
    address = ask(asked)["Location"]
    jobs.make(Export.objects.get().pk)
    told = asked.get(address).json()
    assert (told["state"], told["rows_done"], told["rows_in_all"]) == ("done", 1, 1)
    assert told["file"] == f"{address}file/"
    first = asked.get(told["file"], headers={"Range": "bytes=0-99"})
    etag, rest = first["ETag"], {"Range": "bytes=100-", "If-Range": first["ETag"]}
    second = asked.get(told["file"], headers=rest)
    assert (first.status_code, second.status_code) == (206, 206)
    whole = b"".join([*first.streaming_content, *second.streaming_content])  # type: ignore[attr-defined]
    first.close()
    second.close()
    assert hashlib.sha256(whole).hexdigest() == told["sha256"] == etag.strip('"')
    assert len(whole) == told["size"]
    assert str(made[0].pk).encode() in whole
    assert str(made[1].pk).encode() not in whole
    head = asked.head(told["file"], headers={"Accept": "text/csv", "Accept-Encoding": "gzip"})
    assert (head.status_code, head["Content-Length"]) == (200, str(len(whole)))
    assert head["Content-Disposition"].startswith('attachment; filename="claims-')
    beyond = asked.get(told["file"], headers={"Range": f"bytes={len(whole)}-"})
    assert (beyond.status_code, beyond["Content-Range"]) == (416, f"bytes */{len(whole)}")


def test_bytes_are_sent_as_they_are(asked: Client, analyst: User, folder: Path) -> None:
    """Compressed, the parts would not fit together."""
    export = done(analyst, folder, b"a,b\r\n" * 1000)
    answer = asked.get(f"/api/v1/exports/{export.pk}/file/", headers={"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in answer.headers
    assert answer["Content-Type"].startswith("text/csv")
    assert answer["ETag"] == f'"{export.sha256}"'
    assert b"".join(answer.streaming_content) == b"a,b\r\n" * 1000  # type: ignore[attr-defined]
    answer.close()


@pytest.mark.parametrize(
    ("wrong", "field", "told"),
    [
        ({"table": "nothing"}, "table", '"nothing" is not a valid choice.'),
        ({"format": "doc"}, "format", '"doc" is not a valid choice.'),
        ({"query": "town=Nowhere"}, "query", "town: No place is called “Nowhere”."),
        ({"query": "x" * 4001}, "query", "Ensure this field has no more than 4000 characters."),
    ],
)
def test_what_cannot_be_made_is_refused(
    asked: Client, wrong: dict[str, str], field: str, told: str
) -> None:
    answer = ask(asked, **wrong)
    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"
    [fault] = answer.json()["parameters"]
    assert (fault["name"], fault["detail"]) == (field, told)
    assert not Export.objects.exists()


def test_a_fourth_waits(asked: Client) -> None:
    assert [ask(asked).status_code for _ in range(4)] == [202, 202, 202, 409]
    assert Export.objects.count() == 3


def test_cancelled(asked: Client) -> None:
    address = ask(asked)["Location"]
    answer = asked.delete(address)
    assert (answer.status_code, answer.content) == (204, b"")
    assert asked.get(address).status_code == 404
    assert not Export.objects.exists()


def test_a_file_that_is_not_there(asked: Client, analyst: User, folder: Path) -> None:
    address = ask(asked)["Location"]
    answer = asked.get(f"{address}file/")
    assert (answer.status_code, answer.json()["detail"]) == (404, "There is no file yet.")
    Export.objects.update(state="expired")
    answer = asked.get(f"{address}file/")
    assert answer.status_code == 404
    assert answer.json()["detail"] == "The file has expired: have it made again."


def test_of_others_only_who_manages_gets_anything(
    analyst: User, folder: Path, client: Client
) -> None:
    export = done(analyst, folder)
    addresses = [f"/api/v1/exports/{export.pk}/", f"/api/v1/exports/{export.pk}/file/"]
    adjudicator, admin = (
        make_user(role, role=role, is_staff=False) for role in ("adjudicator", "administrator")
    )
    reader = make_user("reader", role="reader", is_staff=False)
    for user, status in ((None, 401), (reader, 403), (adjudicator, 404), (admin, 200)):
        client.logout()
        if user:
            client.force_login(user)
        found = [client.get(address) for address in addresses]
        answers = [answer.status_code for answer in found]
        found[1].close()
        assert answers == [status, status], user
        removed = Client()
        if user:
            removed.force_login(user)
        if status != 200:
            assert removed.delete(addresses[0]).status_code == status
    assert len(client.get("/api/v1/exports/").json()["results"]) == 1
    assert client.delete(addresses[0]).status_code == 204
    assert not (folder / str(export.file)).exists()


def test_a_key_needs_the_scope(analyst: User, client: Client) -> None:
    found = {}
    for scope in ("read", "export"):
        key = keys.make(by=analyst, name=scope, scopes=[scope])[1]
        headers = {"Authorization": f"Bearer {key}"}
        post = client.post(
            "/api/v1/exports/", ASK, content_type="application/json", headers=headers
        )
        found[scope] = post.status_code, client.get("/api/v1/exports/", headers=headers).status_code
    assert found == {"read": (403, 403), "export": (202, 200)}


def test_the_list_takes_two_queries_more_for_none(
    asked: Client, analyst: User, folder: Path, django_assert_num_queries: Any
) -> None:
    done(analyst, folder)
    with django_assert_num_queries(4):  # session, user, roles, exports
        asked.get("/api/v1/exports/")
    for _ in range(5):
        done(analyst, folder)
    with django_assert_num_queries(4):
        assert len(asked.get("/api/v1/exports/").json()["results"]) == 6
