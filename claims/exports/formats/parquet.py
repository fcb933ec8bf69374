"""Parquet, with typed columns, a group of rows at a time."""

from __future__ import annotations

import io
from collections.abc import Generator
from typing import Any
from uuid import UUID

import pyarrow as pa
import pyarrow.parquet as pq

from claims.exports.columns import Column, Kind, Table, batched
from claims.exports.content import Content
from claims.exports.formats.format import Format

GROUP = 5_000  # rows: enough to compress well; ten times the claims take no more memory
TYPES: dict[Kind, pa.DataType] = {
    "text": pa.string(),
    "word": pa.dictionary(pa.int32(), pa.string()),
    "integer": pa.int64(),
    "number": pa.float64(),
    "flag": pa.bool_(),
    "day": pa.date32(),
    "time": pa.timestamp("us", tz="UTC"),
    "id": pa.string(),
    "texts": pa.list_(pa.string()),
}


class _Sink(io.RawIOBase):
    """A file that hands on what is written to it, and keeps nothing."""

    def __init__(self) -> None:
        self.held = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self.held += data
        return len(data)

    def taken(self) -> bytes:
        data = bytes(self.held)
        self.held.clear()
        return data


def schema(table: Table, told: dict[str, str]) -> pa.Schema:
    """The columns with their meanings; `told` goes into the file's own metadata."""
    fields = [
        pa.field(column.name, TYPES[column.kind], metadata={"description": _described(column)})
        for column in table.columns
    ]
    return pa.schema(fields, metadata=told)


def _described(column: Column) -> str:
    return " ".join(part for part in (column.meaning, column.values, column.lossy) if part)


def encode(content: Content) -> Generator[bytes, None, None]:
    columns, wanted = (
        content.table.columns,
        schema(content.table, content.about.told(content.table)),
    )
    sink = _Sink()
    with pq.ParquetWriter(sink, wanted, compression="zstd") as writer:
        for rows in batched(content.rows(), GROUP):
            arrays = [
                pa.array(_plain(values), TYPES[column.kind])
                for column, values in zip(columns, zip(*rows, strict=True), strict=True)
            ]
            writer.write_batch(pa.record_batch(arrays, schema=wanted), row_group_size=GROUP)
            yield sink.taken()
    yield sink.taken()


def _plain(values: tuple[Any, ...]) -> list[Any]:
    return [str(value) if isinstance(value, UUID) else value for value in values]


FORMAT = Format(
    name="parquet",
    title="Parquet",
    media_type="application/vnd.apache.parquet",
    meaning=f"Typed columns, zstd, a group each {GROUP:,} rows; days are date32, times timestamps "
    "in UTC, words dictionaries, several texts lists. The file's metadata has filter, source, time "
    "and licence, each column's its meaning.",
    encode=encode,
)
