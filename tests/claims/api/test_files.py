"""Files in parts: what a client that was cut off asks for, and what it must never get."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.http.response import HttpResponseBase
from django.test import RequestFactory
from rest_framework.exceptions import NotFound

from claims.api.files import Kept, answer_with

CONTENT = bytes(range(256)) * 40  # 10,240 bytes, more than one block of an answer
DIGEST = hashlib.sha256(CONTENT).hexdigest()
MODIFIED = datetime(2026, 3, 1, 12, 30, 15, 500_000, tzinfo=UTC)
DATE = "Sun, 01 Mar 2026 12:30:15 GMT"
SIZE = len(CONTENT)


@pytest.fixture
def kept(settings: Any, tmp_path: Path) -> Kept:
    settings.MEDIA_ROOT = str(tmp_path)
    (tmp_path / "exports").mkdir()
    (tmp_path / "exports" / "a.csv").write_bytes(CONTENT)
    return Kept("exports/a.csv", "claims Солéдар.csv", "text/csv", SIZE, DIGEST, MODIFIED)


def ask(kept: Kept, method: str = "get", **headers: str) -> HttpResponseBase:
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    return answer_with(getattr(RequestFactory(), method)("/", headers=names), kept)


def content(response: Any) -> bytes:
    found = b"".join(response) if response.streaming else response.content
    response.close()
    return bytes(found)


def test_the_whole_file(kept: Kept) -> None:
    response = ask(kept)
    assert response.status_code == 200
    assert content(response) == CONTENT
    assert dict(response.headers) == {
        "Accept-Ranges": "bytes",
        "Cache-Control": "private, no-cache, no-transform",
        "Content-Disposition": "attachment; filename*=utf-8''"
        "claims%20%D0%A1%D0%BE%D0%BB%C3%A9%D0%B4%D0%B0%D1%80.csv",
        "Content-Length": "10240",
        "Content-Type": "text/csv",
        "ETag": f'"{DIGEST}"',
        "Last-Modified": DATE,
    }


@pytest.mark.parametrize(
    ("asked", "first", "last"),
    [
        ("bytes=0-0", 0, 0),
        ("bytes=100-199", 100, 199),
        ("bytes=9000-", 9000, 10239),
        ("bytes=9000-99999", 9000, 10239),
        ("bytes=10239-", 10239, 10239),
        ("bytes=-10", 10230, 10239),
        ("Bytes= 5-6 ", 5, 6),
        ("bytes=0-10238", 0, 10238),
    ],
)
def test_a_part(kept: Kept, asked: str, first: int, last: int) -> None:
    response = ask(kept, Range=asked)
    assert response.status_code == 206
    assert response["Content-Range"] == f"bytes {first}-{last}/10240"
    assert response["Content-Length"] == str(last - first + 1)
    assert response["ETag"] == f'"{DIGEST}"'
    assert content(response) == CONTENT[first : last + 1]


@pytest.mark.parametrize(
    "asked",
    [
        "bytes=0-",
        "bytes=-10240",
        "bytes=-99999",
        "bytes=0-4,6-9",  # several: the whole file is as good an answer
        "bytes=9-3",
        "bytes=-",
        "bytes=a-b",
        "bytes=-5-9",
        "bytes=٣-٤",
        "lines=0-4",
        "bytes",
        "",
        "bytes=" + "9" * 5000 + "-",
    ],
)
def test_what_is_no_part_is_answered_with_all(kept: Kept, asked: str) -> None:
    response = ask(kept, Range=asked)
    assert response.status_code == 200
    assert "Content-Range" not in response.headers
    assert content(response) == CONTENT


@pytest.mark.parametrize("asked", ["bytes=10240-", "bytes=99999-100000", "bytes=-0"])
def test_a_part_that_is_not_there(kept: Kept, asked: str) -> None:
    response = ask(kept, Range=asked)
    assert response.status_code == 416
    assert response["Content-Range"] == "bytes */10240"
    assert content(response) == b""


@pytest.mark.parametrize(
    ("condition", "status"),
    [
        (f'"{DIGEST}"', 206),
        (f'W/"{DIGEST}"', 200),
        ('"another"', 200),
        (DATE, 206),
        ("Sun, 01 Mar 2026 12:30:16 GMT", 200),
        ("nonsense", 200),
    ],
)
def test_a_part_of_the_same_file_alone(kept: Kept, condition: str, status: int) -> None:
    response = ask(kept, Range="bytes=10-19", If_Range=condition)
    assert response.status_code == status
    assert content(response) == (CONTENT[10:20] if status == 206 else CONTENT)


def test_head_is_of_the_whole_file(kept: Kept) -> None:
    response = ask(kept, "head", Range="bytes=0-9")
    assert response.status_code == 200
    assert response["Content-Length"] == "10240"
    assert response["Accept-Ranges"] == "bytes"
    assert content(response) == b""


def test_who_has_it_is_sent_nothing(kept: Kept) -> None:
    response = ask(kept, If_None_Match=f'"{DIGEST}"', Range="bytes=0-9")
    assert (response.status_code, content(response)) == (304, b"")
    assert response["ETag"] == f'"{DIGEST}"'
    assert ask(kept, If_Modified_Since=DATE).status_code == 304
    assert ask(kept, If_Match='"another"').status_code == 412


def test_parts_make_the_whole_again(kept: Kept) -> None:
    """As a client does that is cut off every 999 bytes."""
    got = b""
    while len(got) < SIZE:
        end = min(len(got) + 998, SIZE - 1)
        got += content(ask(kept, Range=f"bytes={len(got)}-{end}", If_Range=f'"{DIGEST}"'))
    assert hashlib.sha256(got).hexdigest() == DIGEST


def test_a_file_that_is_gone_or_cut_is_not_given_out(
    kept: Kept, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "exports" / "a.csv").write_bytes(CONTENT[:-1])
    with pytest.raises(NotFound, match=r"^The file is damaged: it is not given out\.$"):
        ask(kept)
    (tmp_path / "exports" / "a.csv").unlink()
    with pytest.raises(NotFound, match=r"^The file is no longer there\.$"):
        ask(kept)
    assert [each.message for each in caplog.records] == [
        "The file exports/a.csv has 10239 bytes, not 10240",
        "The file exports/a.csv is gone from the storage",
    ]
