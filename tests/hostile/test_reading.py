"""Each of the hostile documents is stored or refused in words, and within limits; who reads them
lives on."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from sources.adapters import Defaults, RawDocument, Unreadable
from sources.reading import ReadLimits, read_file
from tests.hostile.corpus import CORPUS, SAID, Hostile

GIVEN = Defaults("Example Courier", datetime(2023, 1, 12, tzinfo=UTC))
LIMITS = ReadLimits(seconds=10, memory=600_000_000)


def test_there_are_enough_of_them() -> None:
    assert len({hostile.name for hostile in CORPUS}) == len(CORPUS) == 53


@pytest.mark.parametrize("hostile", CORPUS, ids=lambda one: one.name.rpartition("/")[2])
def test_it_is_stored_or_refused(hostile: Hostile) -> None:
    found = read_file(hostile.name, hostile.make(), GIVEN, limits=LIMITS)
    assert found
    for one in found:
        if isinstance(one, RawDocument):
            assert one.text in hostile.stored
            shown = (one.title, one.author, one.url, one.publisher)
            assert not any(sign in part for part in shown for sign in "\0\r\n\u202e")
            assert not one.url.startswith("javascript")
        else:
            assert isinstance(one, Unreadable)
            assert one.reason.startswith(hostile.refused or "it is to be stored")
    if hostile.stored and not hostile.refused:
        assert {type(one) for one in found} == {RawDocument}
    (after,) = read_file("after.txt", SAID.encode(), GIVEN, limits=LIMITS)
    assert isinstance(after, RawDocument)


def test_fifty_megabytes_are_refused_for_what_they_are() -> None:
    page = b"<html><body>" + b"<p>Heavy fighting goes on.</p>" * 1_670_000
    assert len(page) > 50_000_000
    told = [
        read_file(name, page, GIVEN, limits=LIMITS)[0] for name in ("a.html", "a.txt", "a.jsonl")
    ]
    assert [one.reason for one in told if isinstance(one, Unreadable)] == [
        "page larger than 20 MB",
        "text longer than 300,000 characters",
        "not JSON: Expecting value at column 1",
    ]
