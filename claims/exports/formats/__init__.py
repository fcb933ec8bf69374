"""The formats by their names, which are the endings of files' names too."""

from __future__ import annotations

from claims.exports.formats import csv, geojson, ndjson, parquet, xlsx
from claims.exports.formats.format import Format

FORMATS: dict[str, Format] = {
    one.name: one
    for one in (csv.FORMAT, ndjson.FORMAT, geojson.FORMAT, xlsx.FORMAT, parquet.FORMAT)
}

__all__ = ["FORMATS", "Format"]
