"""CSV as RFC 4180 has it, in UTF-8, safe to open in a spreadsheet.

A spreadsheet takes a cell that begins with = + - or @ for a formula and runs it. Texts here come
from anybody's articles, so an apostrophe goes before such a beginning, wherever a cell can begin:
at the text's start, and after whatever separates cells in some country's settings. `plain` takes
exactly these apostrophes away again.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Generator, Iterable, Sequence
from typing import Any

import orjson

from claims.exports.columns import Kind, batched
from claims.exports.content import Content
from claims.exports.formats.format import Format, utc

Cells = Sequence[Any]  # a column's, of some rows; None: nothing

ROWS = 100  # that are written at once, a column at a time
_SEPARATORS = r";,|\t\r\n"
# What begins a formula in some spreadsheet, in wide letters as well; and our own apostrophe, so
# that one that was there already is told from one that was put there.
_BEGINNINGS = r"=+\-@\t\r\n＝＋－＠'"
_DANGER = re.compile(f"(^|[{_SEPARATORS}])(?=[{_BEGINNINGS}])")
_ANY_DANGER = re.compile(f"[{_SEPARATORS}][{_BEGINNINGS}]")  # in texts joined by one of the former
_SPECIAL = re.compile('[",\r\n]')  # what only stands in a cell that is quoted
_GUARD = re.compile(f"(^|(?<=[{_SEPARATORS}]))'(?=[{_BEGINNINGS}])")


def guarded(text: str) -> str:
    """The text with an apostrophe before whatever could begin a formula."""
    return _DANGER.sub(r"\1'", text)


def plain(text: str) -> str:
    """The text as it was before it was `guarded`."""
    return _GUARD.sub("", text)


def _texts(cells: Cells) -> list[str]:
    """What there may be to guard or to quote is looked for in all cells at once."""
    told = "|".join(filter(None, set(cells)))
    done = [cell or "" for cell in cells]
    if _ANY_DANGER.search(f"|{told}"):
        done = [guarded(text) for text in done]
    return [_quoted(text) for text in done] if _SPECIAL.search(told) else done


def _quoted(text: str) -> str:
    if not _SPECIAL.search(text):
        return text
    escaped = text.replace('"', '""')
    return f'"{escaped}"'


def _lists(cells: Cells) -> list[str]:
    return _texts([None if cell is None else orjson.dumps(cell).decode() for cell in cells])


def _days(cells: Cells) -> list[str]:
    written = {day: "" if day is None else day.isoformat() for day in set(cells)}
    return [written[day] for day in cells]


def _by(as_text: Callable[[Any], str]) -> Callable[[Cells], list[str]]:
    return lambda cells: ["" if cell is None else as_text(cell) for cell in cells]


# What writes a column's cells. Nothing is written as an empty text.
_WRITTEN: dict[Kind, Callable[[Cells], list[str]]] = {
    "text": _texts,
    "word": _texts,
    "texts": _lists,
    "flag": _by(lambda flag: "true" if flag else "false"),
    "day": _days,
    "time": _by(utc),
    "id": _by(str),
    "integer": _by(str),
    "number": _by(repr),
}


def encode(content: Content) -> Generator[bytes, None, None]:
    written = [_WRITTEN[column.kind] for column in content.table.columns]
    piece = _line(content.table.names)
    for rows in batched(content.rows(), ROWS):
        columns = [
            write(cells) for write, cells in zip(written, zip(*rows, strict=True), strict=True)
        ]
        piece += "".join(map(_line, zip(*columns, strict=True)))
        yield piece.encode()
        piece = ""
    if piece:  # there are no rows
        yield piece.encode()


def _line(cells: Iterable[str]) -> str:
    return f"{','.join(cells)}\r\n"


FORMAT = Format(
    name="csv",
    title="CSV",
    media_type="text/csv; charset=utf-8; header=present",
    meaning="RFC 4180 in UTF-8, lines ended by CR LF, the names of columns first. Nothing and an "
    "empty text are both an empty cell; flags are true and false, several texts a JSON array.",
    encode=encode,
)
