"""Releases through the API."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from claims.models import Release, ReleaseFile
from tests.factories import make_user

CONTENT = b"id\r\n1\r\n"


@pytest.fixture
def release(db: None, settings: Any, tmp_path: Path) -> Release:
    """Published, with one file, as a worker leaves it."""
    settings.MEDIA_ROOT = str(tmp_path)
    folder = tmp_path / "releases" / "1"
    folder.mkdir(parents=True)
    (folder / "claims.csv").write_bytes(CONTENT)
    release = Release.objects.create(
        number=1, title="Spring", licence="CC BY 4.0", by=make_user("admin")
    )
    ReleaseFile.objects.create(
        release=release,
        name="claims.csv",
        file="releases/1/claims.csv",
        size=len(CONTENT),
        sha256=hashlib.sha256(CONTENT).hexdigest(),
        rows=1,
    )
    Release.objects.filter(pk=1).update(
        state="published", citation="A, 2026", published_at=timezone.now(), change=7
    )
    Release.objects.create(number=2, title="Summer", licence="CC0", by=release.by)
    return Release.objects.get(pk=1)


def test_listed_and_shown_once_it_is_published(release: Release, client: Client) -> None:
    listed = client.get("/api/v1/releases/").json()["results"]
    shown = client.get("/api/v1/releases/1/").json()
    assert listed == [shown]
    published = shown.pop("published_at")
    assert published.endswith("Z")
    assert shown == {
        "number": 1,
        "url": "http://testserver/releases/1/",
        "title": "Spring",
        "notes": "",
        "change": 7,
        "citation": "A, 2026",
        "licence": "CC BY 4.0",
        "files": [
            {
                "name": "claims.csv",
                "url": "http://testserver/api/v1/releases/1/files/claims.csv/",
                "size": len(CONTENT),
                "sha256": hashlib.sha256(CONTENT).hexdigest(),
                "rows": 1,
            }
        ],
    }
    for address in ("2/", "9/", f"{10**30}/", "2/files/claims.csv/", "1/files/other.csv/"):
        assert client.get(f"/api/v1/releases/{address}").status_code == 404, address


def test_its_files_are_fetched_in_parts(release: Release, client: Client) -> None:
    address = "/api/v1/releases/1/files/claims.csv/"
    whole = client.get(address)
    assert whole["Content-Disposition"] == 'attachment; filename="release-1-claims.csv"'
    assert b"".join(whole.streaming_content) == CONTENT  # type: ignore[attr-defined]
    whole.close()
    part = client.get(address, headers={"Range": "bytes=4-"})
    assert (part.status_code, part["Content-Range"]) == (206, "bytes 4-6/7")
    assert b"".join(part.streaming_content) == CONTENT[4:]  # type: ignore[attr-defined]
    part.close()
    same = client.get(address, headers={"If-None-Match": whole["ETag"]})
    assert same.status_code == 304


def test_for_readers_alone_where_reading_is_not_open(
    release: Release, client: Client, settings: Any
) -> None:
    settings.PUBLIC_READING = False
    addresses = ("/api/v1/releases/", "/api/v1/releases/1/", "/api/v1/releases/1/files/claims.csv/")
    assert [client.get(address).status_code for address in addresses] == [401] * 3
    client.force_login(make_user("reader", role="reader", is_staff=False))
    answers = [client.get(address) for address in addresses]
    assert [answer.status_code for answer in answers] == [200] * 3
    answers[2].close()
