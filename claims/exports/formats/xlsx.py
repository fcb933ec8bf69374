"""A workbook for a spreadsheet. All texts are written as texts, so none of them is a formula."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable, Generator
from datetime import UTC, date, datetime
from typing import Any, BinaryIO

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from claims.exports.columns import Column, Kind
from claims.exports.content import Content
from claims.exports.formats.format import PIECE, Format

MOST_ROWS = 1_048_575  # of a sheet, without its heading
LONGEST = 32_767  # characters of a cell
FIRST_YEAR = 1900  # before which a spreadsheet knows no days
WIDTHS: dict[Kind, int] = {"text": 32, "texts": 48, "id": 38, "day": 11, "time": 19}
# What XML cannot carry even as a number.
_UNWRITABLE = re.compile("[\ufffe\uffff\ud800-\udfff]")

Write = Callable[[Worksheet, int, int, Any], object]


def encode(content: Content) -> Generator[bytes, None, None]:
    """A workbook is packed when it is complete: its bytes come at the end, out of a file."""
    with tempfile.TemporaryFile() as file:
        _write(content, file)
        file.seek(0)
        while piece := file.read(PIECE):
            yield piece


def _write(content: Content, file: BinaryIO) -> None:
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(file, options) as book:
        head = book.add_format({"bold": True})
        writes = _writes(
            book.add_format({"num_format": "yyyy-mm-dd"}),
            book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"}),
        )
        columns = content.table.columns
        sheet = book.add_worksheet(content.table.name)
        sheet.freeze_panes(1, 0)
        for at, column in enumerate(columns):
            sheet.set_column(at, at, WIDTHS.get(column.kind, 14))
            sheet.write_string(0, at, column.name, head)
        by_column = [writes[column.kind] for column in columns]
        for line, row in enumerate(content.rows(), 1):
            for at, (write, value) in enumerate(zip(by_column, row, strict=True)):
                if value is not None and value != "":
                    write(sheet, line, at, value)
        _about(book.add_worksheet("about"), content, head)


def _writes(days: Any, times: Any) -> dict[Kind, Write]:
    """How each kind goes into a cell."""

    def day(sheet: Worksheet, line: int, at: int, value: date) -> object:
        if value.year < FIRST_YEAR:
            return sheet.write_string(line, at, value.isoformat())
        return sheet.write_datetime(line, at, datetime(value.year, value.month, value.day), days)

    def time(sheet: Worksheet, line: int, at: int, value: datetime) -> object:
        there = value.astimezone(UTC).replace(tzinfo=None)
        return sheet.write_datetime(line, at, there, times)

    return {
        "text": _text,
        "word": _text,
        "id": lambda sheet, line, at, value: sheet.write_string(line, at, str(value)),
        "texts": lambda sheet, line, at, value: _text(sheet, line, at, "\n".join(value)),
        "integer": lambda sheet, line, at, value: sheet.write_number(line, at, value),
        "number": lambda sheet, line, at, value: sheet.write_number(line, at, value),
        "flag": lambda sheet, line, at, value: sheet.write_boolean(line, at, value),
        "day": day,
        "time": time,
    }


def _text(sheet: Worksheet, line: int, at: int, value: str) -> object:
    written = _UNWRITABLE.sub("\ufffd", value)
    if len(written) > LONGEST:
        written = f"{written[: LONGEST - 1]}…"
    return sheet.write_string(line, at, written)


def _about(sheet: Worksheet, content: Content, head: Any) -> None:
    """What the file is and what its columns mean, so that it still says so when it is alone."""
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 3, 60)
    lines: list[tuple[str, ...]] = list(content.about.told(content.table).items())
    lines += [(), ("column", "meaning", "vocabulary or unit", "what is lost")]
    lines += [_told(column) for column in content.table.columns]
    for line, cells in enumerate(lines):
        for at, cell in enumerate(cells):
            form = head if at == 0 or cells[0] == "column" else None
            sheet.write_string(line, at, cell, form)


def _told(column: Column) -> tuple[str, ...]:
    return column.name, column.meaning, column.values, column.lossy


FORMAT = Format(
    name="xlsx",
    title="XLSX",
    media_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    meaning="A workbook: the rows in a first sheet, what they are in a second. Several texts stand "
    "in a cell, a line each; a cell ends after 32,767 characters, with …, and times lose their "
    "fractions of a second.",
    encode=encode,
    most_rows=MOST_ROWS,
)
