"""Exports as their readers get them."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from typing import Any

from claims.exports.formats.csv import plain
from claims.exports.writing import write

SITE = "https://claims.example.org"


def written(
    table: str,
    format: str,
    query: str = "",
    progress: Callable[[int], None] | None = None,
) -> bytes:
    out = io.BytesIO()
    write(table=table, format=format, query=query, out=out, progress=progress, site=SITE)
    return out.getvalue()


def lines(table: str, query: str = "") -> list[dict[str, str]]:
    """The rows of the CSV as a program reads them that knows of the apostrophes."""
    text = written(table, "csv", query).decode()
    rows = list(csv.DictReader(io.StringIO(text, newline=""), strict=True))
    return [{name: plain(value) for name, value in row.items()} for row in rows]


def objects(table: str, query: str = "") -> list[dict[str, Any]]:
    return [json.loads(line) for line in written(table, "ndjson", query).splitlines()]


def parts(row: dict[str, str], *names: str) -> tuple[str, ...]:
    return tuple(row[name] for name in names)
