"""Any table in any format: into a file, or as an answer that is sent while it is made."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import date
from typing import BinaryIO

from django.conf import settings
from django.utils import timezone

from claims.exports.asking import Refused, asked
from claims.exports.columns import Table
from claims.exports.content import UNSTATED, About, Content
from claims.exports.formats import FORMATS, Format
from claims.exports.tables import TABLES

__all__ = ["FORMATS", "TABLES", "Refused", "check", "count", "file_name", "stream", "write"]


def write(
    *,
    table: str,
    format: str,
    query: str,
    out: BinaryIO,
    progress: Callable[[int], None] | None = None,
    site: str,
) -> int:
    """Write what the filter `query` leaves of a table to `out`, in constant memory. Returns how
    many rows it has.

    `query` is a filter as an address has it (`conflict=ukraine&state=verified`); `site` the origin
    of the addresses of pages ("https://claims.example.org"). `progress` is told how many rows are
    done, each thousand and at the end. Raises `Refused` before anything is written.
    """
    content, chosen = _content(table, format, query, site)
    content.progress = progress
    for chunk in chosen.encode(content):
        out.write(chunk)
    return content.done


def stream(*, table: str, format: str, query: str, site: str) -> Iterator[bytes]:
    """The same as an answer's body. Raises `Refused` at once, before the first piece is asked
    for. Closing the iterator ends what the database holds for it."""
    content, chosen = _content(table, format, query, site)
    return _pieces(chosen, content)


def check(*, table: str, format: str, query: str) -> None:
    """Raises `Refused`, a ValidationError by field, where it cannot be written."""
    _content(table, format, query, site="")


def count(*, table: str, query: str) -> int:
    """How many rows the filter leaves now. Raises `Refused`."""
    found = _table(table)
    return found.count(asked(found.form, query))


def file_name(table: str, format: str, day: date) -> str:
    """What a file is called that is made on this day: "claims-2026-11-22.csv"."""
    return f"{table}-{day.isoformat()}.{format}"


def _pieces(chosen: Format, content: Content) -> Iterator[bytes]:
    with closing(chosen.encode(content)) as pieces:
        yield from pieces


def _content(table: str, format: str, query: str, site: str) -> tuple[Content, Format]:
    found, chosen = _table(table), _format(format)
    wanted = asked(found.form, query)
    if chosen.most_rows is not None and (rows := found.count(wanted)) > chosen.most_rows:
        raise Refused(
            "format",
            f"{rows:,} rows do not fit into {chosen.title}, which holds {chosen.most_rows:,}: "
            "narrow the filter, or take CSV or Parquet.",
        )
    about = About(site, query.removeprefix("?"), timezone.now(), settings.DATA_LICENCE or UNSTATED)
    return Content(found, wanted, about), chosen


def _table(name: str) -> Table:
    if name not in TABLES:
        raise Refused("table", f"There is no table “{name}”. There are: {', '.join(TABLES)}.")
    return TABLES[name]


def _format(name: str) -> Format:
    if name not in FORMATS:
        raise Refused("format", f"There is no format “{name}”. There are: {', '.join(FORMATS)}.")
    return FORMATS[name]
