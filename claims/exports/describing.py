"""The tables and formats in words, for docs/exports.md."""

from __future__ import annotations

from collections.abc import Iterator

from claims.exports.columns import Column, Table
from claims.exports.formats import FORMATS
from claims.exports.tables import TABLES


def markdown() -> str:
    """The part of the page that is made of the tables themselves."""
    return "\n".join([*_formats(), *(line for one in TABLES.values() for line in _table(one))])


def _formats() -> Iterator[str]:
    yield from ("## Formats", "", "| ending | media type | what it is |", "| --- | --- | --- |")
    for one in FORMATS.values():
        media_type = one.media_type.partition(";")[0]
        yield f"| `{one.name}` | `{media_type}` | {one.meaning} |"
    yield ""


def _table(table: Table) -> Iterator[str]:
    yield from (f"## Table `{table.name}`", "", table.meaning, "")
    yield from (
        "| column | type | meaning | vocabulary or unit | what is lost |",
        "| --- | --- | --- | --- | --- |",
    )
    for column in table.columns:
        yield f"| {' | '.join(_cells(column))} |"
    yield ""


def _cells(column: Column) -> tuple[str, ...]:
    return f"`{column.name}`", column.kind, column.meaning, column.values, column.lossy
