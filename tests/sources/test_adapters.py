"""Readers of outside formats: what they give, and how they say what they cannot read."""

from __future__ import annotations

import io
import json
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from sources import adapters
from sources.adapters import Defaults, Incomplete, RawDocument, Unreadable, read
from sources.adapters.raw import MAX_CHARACTERS

NOON = datetime(2023, 1, 11, 12, tzinfo=UTC)
GIVEN = Defaults(publisher="Example Courier", published=NOON)
PAGE = """<!doctype html><html lang="en"><head><title>Soledar is held | Example Herald</title>
<meta property="og:site_name" content="Example Herald">
<meta property="article:published_time" content="2023-01-12T08:00:00+02:00">
<link rel="canonical" href="https://herald.example/soledar"></head><body>
<nav><a href="/">Home</a> <a href="/world">World</a></nav>
<article><h1>Soledar is held</h1>
<p>Ukrainian troops still hold Soledar, an army spokesman said on Thursday morning. He said that
fighting went on in the west of the town, and that the road to the south was open.</p>
<p>The Wagner Group had said two days before that its men had taken the whole of the town.
Neither account could be checked by reporters, who cannot go there.</p></article>
<footer>Subscribe to our newsletter</footer></body></html>"""


def one(source: Path | str, defaults: Defaults = GIVEN) -> RawDocument | Unreadable:
    (found,) = read(str(source), defaults)
    return found


def test_text(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_bytes("\ufeff  Café\r\nCafe\u0301\x07 \n".encode())
    assert one(file) == RawDocument(
        where=str(file), publisher="Example Courier", published=NOON, text="Café\nCafé"
    )


def test_web_page(tmp_path: Path) -> None:
    file = tmp_path / "a.html"
    file.write_text(PAGE)
    found = one(file, Defaults())
    assert isinstance(found, RawDocument)
    assert (found.publisher, found.title) == ("Example Herald", "Soledar is held")
    assert found.url == "https://herald.example/soledar"
    assert found.published.date().isoformat() == "2023-01-12"
    assert "fighting went on in the west of the town" in found.text
    assert "newsletter" not in found.text
    assert "World" not in found.text


def test_what_is_given_goes_before_what_a_page_says(tmp_path: Path) -> None:
    file = tmp_path / "a.htm"
    file.write_text(PAGE)
    found = one(file)
    assert isinstance(found, RawDocument)
    assert (found.publisher, found.published) == ("Example Courier", NOON)


def test_json_lines(tmp_path: Path) -> None:
    row = {
        "id": "x1",
        "publisher": "Example Herald",
        "published": "2023-01-12T01:00:00+03:00",
        "title": "A title",
        "text": "A text.",
        "conflict": "ukraine",
        "url": "https://herald.example/x1",
    }
    file = tmp_path / "a.jsonl"
    file.write_text(json.dumps(row) + "\n\n" + json.dumps({"text": "Another.", "url": "ftp:x"}))
    assert list(read(str(file), GIVEN)) == [
        RawDocument(
            where=f"{file}:1",
            publisher="Example Herald",
            published=datetime(2023, 1, 12, 1, tzinfo=timezone(timedelta(hours=3))),
            text="A text.",
            title="A title",
            url="https://herald.example/x1",
            external_id="x1",
            conflict="ukraine",
        ),
        RawDocument(
            where=f"{file}:3", publisher="Example Courier", published=NOON, text="Another."
        ),
    ]


def test_no_field_keeps_what_the_database_cannot_hold(tmp_path: Path) -> None:
    file = tmp_path / "a.jsonl"
    row = {"id": "x\0\ud8001", "title": "\0", "text": "A\ud800.", "url": "https://x.example/\0"}
    file.write_text(json.dumps(row))
    found = one(file)
    assert isinstance(found, RawDocument)
    assert (found.external_id, found.title, found.text) == ("x1", "", "A.")
    assert found.url == "https://x.example/"


def test_text_with_a_line_separator_is_one_line_of_json(tmp_path: Path) -> None:
    file = tmp_path / "a.jsonl"
    file.write_text(json.dumps({"text": "One.\u2028Two.\x85Three."}, ensure_ascii=False))
    found = one(file)
    assert isinstance(found, RawDocument)
    assert found.text == "One.\u2028Two.Three."


def test_folder_is_read_to_its_depth_in_order(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "two.TXT").write_text("Two.")
    (tmp_path / "a.md").write_text("One.")
    (tmp_path / "c.doc").write_text("not looked at")
    found = list(read(str(tmp_path), GIVEN))
    assert [item.text for item in found if isinstance(item, RawDocument)] == ["One.", "Two."]
    assert len(found) == 2


@pytest.mark.parametrize(
    ("content", "where"), [(b'{"text": "A."}', "standard input:1"), (b"A.", "standard input")]
)
def test_standard_input(monkeypatch: pytest.MonkeyPatch, content: bytes, where: str) -> None:
    class Input:
        buffer = io.BytesIO(content)

    monkeypatch.setattr("sys.stdin", Input())
    assert one("-") == RawDocument(
        where=where, publisher="Example Courier", published=NOON, text="A."
    )


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.txt", b" \n ", "no text in it"),
        ("a.txt", b"a\0b", "not text: it holds NUL bytes"),
        ("a.txt", b"caf\xe9", "not UTF-8 text (byte 3)"),
        ("a.txt", b"x" * (MAX_CHARACTERS + 1), "text longer than 300,000 characters"),
        ("a.html", b"<html><body></body></html>", "no article text found in the page"),
        ("a.html", b"", "no article text found in the page"),
        ("a.jsonl", b"[1]", "not a JSON object"),
        ("a.jsonl", b'{"text": }', "not JSON: Expecting value at column 10"),
        ("a.jsonl", b'{"text": 1}', '"text" must be text'),
        ("a.jsonl", b'{"text": ["A."]}', '"text" must be text'),
        ("a.jsonl", b'{"text": "A.", "id": 0}', '"id" must be text'),
        ("a.jsonl", b'{"title": "A"}', "no text in it"),
        ("a.jsonl", b'{"text": "caf\xe9"}', "not UTF-8 text (byte 13)"),
        (
            "a.jsonl",
            b'{"text": "A.", "published": "12.1.2023"}',
            "'12.1.2023' is not an ISO 8601 time (2023-01-11T18:00:00Z)",
        ),
        ("a.jsonl", b'{"text": "\\ud800\\u0000"}', "no text in it"),
        (
            "a.jsonl",
            b'{"text": "A.", "published": "2023-01-12T01:00:00+15:00"}',
            "'2023-01-12T01:00:00+15:00' is more than 14 hours from UTC",
        ),
        (
            "a.jsonl",
            b'{"text": "A.", "published": "0001-01-01T00:00:00+01:00"}',
            "'0001-01-01T00:00:00+01:00' is not an ISO 8601 time (2023-01-11T18:00:00Z)",
        ),
        (
            "a.jsonl",
            b'{"text": "A.", "conflict": "the war"}',
            "'the war' is no conflict's short name",
        ),
        ("a.doc", b"", "unknown kind of file: must be one of .eml, .htm, .html, .jsonl, .md, "
                       ".ndjson, .pdf, .text, .txt"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_says_why(
    tmp_path: Path, name: str, content: bytes, reason: str
) -> None:
    file = tmp_path / name
    file.write_bytes(content)
    where = f"{file}:1" if name == "a.jsonl" else str(file)
    assert one(file) == Unreadable(where, reason)


@pytest.mark.parametrize(
    ("defaults", "reason"),
    [
        (Defaults(published=NOON), "no publisher: give one with --publisher"),
        (Defaults(publisher="Example"), "no publication time: give one with --published"),
    ],
)
def test_what_is_missing_is_said_and_the_rest_kept(
    tmp_path: Path, defaults: Defaults, reason: str
) -> None:
    file = tmp_path / "a.jsonl"
    file.write_text('{"text": "A.", "title": "B", "url": "https://courier.example/a", "id": "1"}')
    assert one(file, defaults) == Incomplete(
        f"{file}:1",
        reason,
        text="A.",
        publisher=defaults.publisher,
        published=defaults.published,
        title="B",
        url="https://courier.example/a",
        external_id="1",
        conflict="",
        retold=False,
    )


def test_a_publishers_name_that_is_too_long(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_text("A.")
    found = one(file, Defaults(publisher="x" * 201, published=NOON))
    assert found == Unreadable(str(file), "publisher's name longer than 200 characters")


def test_files_that_are_not_there_or_too_large(tmp_path: Path, monkeypatch: Any) -> None:
    missing = tmp_path / "a.txt"
    assert one(missing) == Unreadable(str(missing), "No such file or directory")
    missing.write_text("A long text.")
    monkeypatch.setattr(adapters, "MAX_BYTES", 3)
    assert one(missing) == Unreadable(str(missing), "larger than 0 MB")


def test_a_missing_file_without_a_known_ending_is_said_to_be_missing(tmp_path: Path) -> None:
    missing = tmp_path / "nothing"
    assert one(missing) == Unreadable(str(missing), "No such file or directory")


def test_folder_without_readable_files(tmp_path: Path) -> None:
    assert one(tmp_path) == Unreadable(
        str(tmp_path),
        "the folder holds no file of a known kind "
        "(.eml, .htm, .html, .jsonl, .md, .ndjson, .pdf, .text, .txt)",
    )


def test_one_bad_line_leaves_the_others(tmp_path: Path) -> None:
    file = tmp_path / "a.jsonl"
    file.write_text('{"text": "A."}\nnonsense\n{"text": "B."}\n')
    kinds = [type(item).__name__ for item in read(str(file), GIVEN)]
    assert kinds == ["RawDocument", "Unreadable", "RawDocument"]
