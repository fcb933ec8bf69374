"""Writing: what it returns and tells on the way, and what it refuses before it begins."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date

import pytest

from claims.exports import columns, content
from claims.exports.asking import Refused
from claims.exports.formats import FORMATS
from claims.exports.tables import TABLES
from claims.exports.writing import check, count, file_name, stream, write
from tests.claims.exports.reading import SITE, written
from tests.factories import make_claim
from tests.scenes import soledar

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("format", FORMATS)
def test_rows_are_counted_as_they_pass(format: str, monkeypatch: pytest.MonkeyPatch) -> None:
    soledar()
    monkeypatch.setattr(content, "BATCH", 3)
    told: list[int] = []
    out = io.BytesIO()
    rows = write(table="claims", format=format, query="", out=out, progress=told.append, site=SITE)
    assert rows == count(table="claims", query="") == 8
    assert told == [3, 6, 8]
    assert out.getvalue()


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("table", TABLES)
def test_of_nothing_a_file_is_made_all_the_same(table: str, format: str) -> None:
    out = io.BytesIO()
    assert write(table=table, format=format, query="", out=out, site=SITE) == 0
    assert bool(out.getvalue()) is (format != "ndjson")


@pytest.mark.parametrize(
    ("table", "format", "query", "field", "why"),
    [
        ("secrets", "csv", "", "table", "There is no table “secrets”. There are: claims, "),
        ("claims", "pdf", "", "format", "There is no format “pdf”. There are: csv, "),
        ("claims", "csv", "a=1", "query", "a: there is no such parameter. Valid are: actor, "),
        ("claims", "csv", "bbox=1", "query", "bbox: "),
    ],
)
def test_what_cannot_be_written_is_refused_at_once(
    table: str, format: str, query: str, field: str, why: str
) -> None:
    out = io.BytesIO()
    for attempt in (
        lambda: write(table=table, format=format, query=query, out=out, site=SITE),
        lambda: stream(table=table, format=format, query=query, site=SITE),
        lambda: check(table=table, format=format, query=query),
    ):
        with pytest.raises(Refused) as refused:
            attempt()
        assert str(refused.value).startswith(why)
        assert list(refused.value.message_dict) == [field]
    assert out.getvalue() == b""


def test_more_rows_than_fit_are_refused_before_the_first(monkeypatch: pytest.MonkeyPatch) -> None:
    make_claim()
    make_claim()
    monkeypatch.setitem(FORMATS, "xlsx", replace(FORMATS["xlsx"], most_rows=1))
    with pytest.raises(Refused, match="2 rows do not fit into XLSX, which holds 1: narrow"):
        check(table="claims", format="xlsx", query="")
    check(table="claims", format="csv", query="")


def test_a_stream_is_the_file() -> None:
    soledar()
    pieces = stream(table="statuses", format="csv", query="conflict=ukraine", site=SITE)
    assert b"".join(pieces) == written("statuses", "csv", "?conflict=ukraine")


def test_a_file_is_called_by_its_day() -> None:
    assert file_name("town-days", "csv", date(2026, 11, 22)) == "town-days-2026-11-22.csv"


def test_batches_are_as_long_as_wanted() -> None:
    assert list(columns.batched("abcde", 2)) == [["a", "b"], ["c", "d"], ["e"]]
    assert list(columns.batched("", 2)) == []
