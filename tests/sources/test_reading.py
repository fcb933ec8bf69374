"""Reading in another process: what it gives is what the reader gives, and what its limits end."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from sources import adapters, reading
from sources.adapters import Defaults, Incomplete, RawDocument, Unreadable, child
from sources.fetch import Fetched
from sources.reading import ReadLimits, read, read_file, read_page
from tests.sources.test_adapters import PAGE

NOON = datetime(2023, 1, 11, 12, tzinfo=UTC)
GIVEN = Defaults("Example Courier", NOON)


@pytest.fixture(autouse=True)
def _own_processes(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """None that tests before this one read with."""
    monkeypatch.setattr(reading, "_idle", [])
    yield
    reading._end_all()


def test_what_is_read_apart_is_what_the_reader_gives() -> None:
    lines = '{"text": "A."}\n{"text": "B.", "publisher": "P", "published": "2023-01-12"}\n!\n'
    for name, content in (("a.html", PAGE.encode()), ("a.jsonl", lines.encode())):
        there = list(adapters.READERS[f".{name.partition('.')[2]}"](content, name, Defaults()))
        assert read_file(name, content, Defaults()) == there
    kinds = [type(found) for found in read_file("a.jsonl", lines.encode(), Defaults())]
    assert kinds == [Incomplete, RawDocument, Unreadable]


def test_a_page_is_where_it_was_fetched_from() -> None:
    content = "<html><body><p>У Соледарі тривають бої, повідомили військові.</p></body></html>"
    page = Fetched(
        "https://courier.example/a", content.encode("cp1251"), "text/html", "windows-1251"
    )
    (found,) = read_page(page, GIVEN)
    assert isinstance(found, RawDocument)
    assert found.url == "https://courier.example/a"
    assert found.text == "У Соледарі тривають бої, повідомили військові."
    plain = Fetched("https://courier.example/b", b"A text.", "text/plain", "no-such-coding")
    assert read_page(plain, GIVEN) == [
        RawDocument(plain.url, "Example Courier", NOON, "A text.", url=plain.url)
    ]


def test_one_process_reads_one_input_after_another() -> None:
    read(".txt", b"A.", "a.txt", GIVEN)
    (process,) = reading._idle
    before = process.inputs
    for _ in range(3):
        read(".txt", b"A.", "a.txt", GIVEN)
    assert (reading._idle, process.inputs) == ([process], before + 3)


def test_no_more_documents_than_are_wanted() -> None:
    content = b'{"text": "A."}\n' * 5
    found = read(".jsonl", content, "a.jsonl", GIVEN, limits=ReadLimits(most=2))
    assert [one.where for one in found] == ["a.jsonl:1", "a.jsonl:2"]


def test_what_is_found_has_a_limit_and_what_was_read_before_it_is_kept() -> None:
    content = json.dumps({"text": "A" * 1000}).encode() + b"\n"
    found = read(".jsonl", content * 9, "a.jsonl", GIVEN, limits=ReadLimits(answer=3500))
    assert [type(one) for one in found] == [RawDocument, RawDocument, Unreadable]
    assert found[-1] == Unreadable("a.jsonl", reading.MUCH)


def test_time_has_a_limit() -> None:
    page = b"<html><body>" + b"<p>Some words are here, many of them.</p>" * 100_000
    found = read(".html", page, "a.html", GIVEN, limits=ReadLimits(seconds=0.2))
    assert found == [Unreadable("a.html", reading.SLOW)]
    assert len(read(".txt", b"A.", "a.txt", GIVEN)) == 1


def test_memory_has_a_limit() -> None:
    lists = b"[" + b"[],[],[],[]," * 1_200_000 + b"[]]"  # each of which becomes an object
    limits = ReadLimits(memory=450_000_000)
    assert read(".jsonl", lists, "a.jsonl", GIVEN, limits=limits) == [
        Unreadable("a.jsonl", reading.LARGE)
    ]


def test_a_reader_that_breaks_off_is_told_and_another_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A process that answers nothing and ends, in the place of the readers'.
    broken = tmp_path / "broken"
    broken.write_text("#!/bin/sh\nexit 3\n")
    broken.chmod(0o755)
    with monkeypatch.context() as patched:
        patched.setattr(reading, "_idle", [])
        patched.setattr(sys, "executable", str(broken))
        content = b"A." * 99_999  # more than a pipe takes
        assert read(".txt", content, "a.txt", GIVEN) == [Unreadable("a.txt", reading.BROKE)]
    assert isinstance(read(".txt", b"A.", "a.txt", GIVEN)[0], RawDocument)


def test_a_process_that_was_killed_meanwhile_is_replaced() -> None:
    read(".txt", b"A.", "a.txt", GIVEN)
    (process,) = reading._idle
    process._process.kill()
    process._process.wait()
    (found,) = read(".txt", b"A.", "a.txt", GIVEN)
    assert isinstance(found, RawDocument)


def test_the_process_has_no_secrets_and_may_open_little(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLAIMS_SECRET_KEY", "of the parent alone")
    process = reading.Reader(1_100_000_000)
    proc = Path(f"/proc/{process._process.pid}")
    if not proc.exists():
        pytest.skip("the system does not show a process's environment")
    names = {part.split(b"=")[0] for part in (proc / "environ").read_bytes().split(b"\0") if part}
    limits = (proc / "limits").read_text()
    process.end()
    assert names == {b"PYTHONPATH", b"LC_ALL"}
    told = {line[:26].strip(): line[26:].split()[0] for line in limits.splitlines()}
    assert told["Max address space"] == "1100000000"
    assert told["Max file size"] == told["Max processes"] == told["Max core file size"] == "0"
    assert int(told["Max open files"]) == child.FILES


def test_a_forked_process_does_not_use_the_readers_of_its_parent() -> None:
    read(".txt", b"A.", "a.txt", GIVEN)
    (process,) = reading._idle
    process.parent = os.getpid() + 1
    read(".txt", b"A.", "a.txt", GIVEN)
    assert process not in reading._idle
    process._process.wait(60)  # nobody has its pipes any more
