"""CSV as RFC 4180 has it, in UTF-8, safe to open in a spreadsheet.

A spreadsheet takes a cell that begins with = + - or @ for a formula and runs it. Texts here come
from anybody's articles, so an apostrophe goes before such a beginning, wherever a cell can begin:
at the text's start, and after whatever separates cells in some country's settings. `plain` takes
exactly these apostrophes away again.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Generator
from datetime import date, datetime
from typing import Any

import orjson

from claims.exports.columns import Kind
from claims.exports.content import Content
from claims.exports.formats.format import PIECE, Format, utc

_SEPARATORS = r";,|\t\r\n"
# What begins a formula in some spreadsheet, in wide letters as well; and our own apostrophe, so
# that one that was there already is told from one that was put there.
_BEGINNINGS = r"=+\-@\t\r\n＝＋－＠'"
_DANGER = re.compile(f"(^|[{_SEPARATORS}])(?=[{_BEGINNINGS}])")
_GUARD = re.compile(f"(^|(?<=[{_SEPARATORS}]))'(?=[{_BEGINNINGS}])")


def guarded(text: str) -> str:
    """The text with an apostrophe before whatever could begin a formula."""
    return _DANGER.sub(r"\1'", text)


def plain(text: str) -> str:
    """The text as it was before it was `guarded`."""
    return _GUARD.sub("", text)


def _day(value: date) -> str:
    return value.isoformat()


def _texts(value: list[str]) -> str:
    return guarded(orjson.dumps(value).decode())


def _flag(value: bool) -> str:
    return "true" if value else "false"


def _moment(value: datetime) -> str:
    return utc(value)


_WRITTEN: dict[Kind, Callable[[Any], Any]] = {
    "text": guarded,
    "word": guarded,
    "texts": _texts,
    "flag": _flag,
    "day": _day,
    "time": _moment,
    "id": str,
    "integer": str,
    "number": repr,
}


def encode(content: Content) -> Generator[bytes, None, None]:
    written = [_WRITTEN[column.kind] for column in content.table.columns]
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow(content.table.names)
    for row in content.rows():
        writer.writerow(
            ["" if value is None else as_text(value) for as_text, value in zip(written, row)]  # noqa: B905 - a hot loop over tuples of one length
        )
        if buffer.tell() >= PIECE:
            yield buffer.getvalue().encode()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue().encode()


FORMAT = Format(
    name="csv",
    title="CSV",
    media_type="text/csv; charset=utf-8; header=present",
    meaning="RFC 4180 in UTF-8, lines ended by CR LF, the names of columns first. Nothing and an "
    "empty text are both an empty cell; flags are true and false, several texts a JSON array.",
    encode=encode,
)
