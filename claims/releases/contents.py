"""The files of a release: every table in three formats, and what is to be known of them."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import Max

from claims.exports import leasing, storing, writing
from claims.exports.columns import Column, Kind, Table
from claims.exports.leasing import Progress
from claims.models import Change, Release
from claims.releases import texts

FORMATS = ("csv", "ndjson", "parquet")
# The kinds of columns in the words of the Table Schema (https://datapackage.org/).
TYPES: dict[Kind, str] = {
    "text": "string",
    "word": "string",
    "integer": "integer",
    "number": "number",
    "flag": "boolean",
    "day": "date",
    "time": "datetime",
    "id": "string",
    "texts": "list",
}


@dataclass(frozen=True, slots=True)
class Item:
    """A file that is written; `rows` where it is of a table."""

    path: Path
    size: int
    sha256: str
    rows: int | None = None
    table: str = ""

    @property
    def name(self) -> str:
        return self.path.name


@dataclass(frozen=True, slots=True)
class Contents:
    """`change`: the feed's last number that is in it."""

    items: list[Item]
    change: int
    citation: str


def write_all(release: Release, folder: Path, at: datetime, progress: Progress) -> Contents:
    """Write all files of the release that is to be published at that time into `folder`. Raises
    `leasing.Lost`."""
    with leasing.snapshot():
        change = Change.objects.aggregate(last=Max("number"))["last"] or 0
        items = [
            _table(folder, table, format, progress)
            for table in writing.TABLES.values()
            for format in FORMATS
        ]
    day = at.date()
    cited = texts.citation(release, day)
    told = texts.readme(release, cited=cited, published=day, change=change, tables=_in_lines(items))
    items += [
        _text(folder, "README.txt", told),
        _text(folder, "LICENSE.txt", release.licence.strip() + "\n"),
        _text(folder, "datapackage.json", _package(release, at, items)),
    ]
    items.append(_text(folder, "checksums.txt", checksums(items)))
    return Contents(items, change, cited)


def checksums(items: Iterable[Item]) -> str:
    """As `sha256sum` writes them and reads them back."""
    return "".join(f"{item.sha256}  {item.name}\n" for item in sorted(items, key=_name))


def _name(item: Item) -> str:
    return item.name


def _table(folder: Path, table: Table, format: str, progress: Progress) -> Item:
    path = folder / f"{table.name}.{format}"
    with path.open("wb") as out:
        rows = writing.write(
            table=table.name,
            format=format,
            query="",
            out=out,
            progress=progress,
            site=settings.SITE_URL,
        )
    progress.before += rows
    progress.tell(0)
    return Item(path, *storing.measured(path), rows=rows, table=table.name)


def _text(folder: Path, name: str, text: str) -> Item:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return Item(path, *storing.measured(path))


def _in_lines(items: Iterable[Item]) -> list[str]:
    rows = {item.table: item.rows or 0 for item in items}
    return [
        f"- {table.name} ({rows[table.name]:,} rows): {table.meaning}"
        for table in writing.TABLES.values()
    ]


def _package(release: Release, at: datetime, items: Iterable[Item]) -> str:
    """A description that programs read, after the Data Package standard."""
    described = {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": f"release-{release.number}",
        "title": release.title,
        "version": str(release.number),
        "homepage": texts.address(release),
        "created": at.isoformat(timespec="seconds"),
        "licenses": [{"path": "LICENSE.txt", "title": "See LICENSE.txt"}],
        "contributors": [{"title": settings.SITE_NAME, "roles": ["author"]}],
        "resources": [_resource(item) for item in items],
    }
    return json.dumps(described, ensure_ascii=False, indent=2) + "\n"


def _resource(item: Item) -> dict[str, Any]:
    table, format = writing.TABLES[item.table], item.path.suffix.removeprefix(".")
    found: dict[str, Any] = {
        "name": f"{table.name}-{format}",
        "path": item.name,
        "description": table.meaning,
        "format": format,
        "mediatype": writing.FORMATS[format].media_type.partition(";")[0],
        "bytes": item.size,
        "hash": f"sha256:{item.sha256}",
        "rows": item.rows,
    }
    # A line of NDJSON is a row as the API shows it, which the API's description describes.
    if format == "ndjson" and table.records:
        return found
    schema: dict[str, Any] = {"fields": [_field(column) for column in table.columns]}
    if table.key:
        schema["primaryKey"] = [table.key]
    return (
        {**found, "encoding": "utf-8", "schema": schema}
        if format == "csv"
        else {
            **found,
            "schema": schema,
        }
    )


def _field(column: Column) -> dict[str, str]:
    told = [column.meaning, column.values and f"Values: {column.values}.", column.lossy]
    return {
        "name": column.name,
        "type": TYPES[column.kind],
        "description": " ".join(part for part in told if part),
    }
