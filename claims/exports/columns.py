"""What a table is: columns, each with its meaning, and rows that are read as they are wanted."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any, Literal, TypeVar

from django.db.models import QuerySet

from claims.asking import ClaimsForm

# text: whatever somebody wrote; word: of a vocabulary, or a name that many rows share; day: a
# date; time: an instant, in UTC; texts: any number of texts, in their order.
Kind = Literal["text", "word", "integer", "number", "flag", "day", "time", "id", "texts"]
Row = tuple[Any, ...]  # values by column; None: there is none
Asked = Mapping[str, Any]  # what a filter's form understood

BATCH = 1000  # rows that are read, and kept in memory, at once
LATITUDE, LONGITUDE = "latitude", "longitude"  # what each table calls its place's coordinates

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Column:
    """`value` takes it from what the table makes its rows of. `values`: its vocabulary or unit.
    `lossy`: what of what is known here does not fit into it."""

    name: str
    kind: Kind
    meaning: str
    value: Callable[[Any], Any]
    values: str = ""
    lossy: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """`items` yields what the columns take their values from, by a filter and the site's origin
    (no slash at its end); `count` says how many there will be. `records`: the rows as the API
    shows them, where that is more than the columns by name."""

    name: str
    meaning: str
    columns: tuple[Column, ...]
    form: type[ClaimsForm]
    items: Callable[[Asked, str], Iterator[Any]]
    count: Callable[[Asked], int]
    key: str  # the column that tells rows apart; empty: several do
    records: Callable[[Asked, str], Iterator[dict[str, Any]]] | None = None

    def rows(self, asked: Asked, site: str) -> Iterator[Row]:
        values = [column.value for column in self.columns]
        for item in self.items(asked, site):
            yield tuple([value(item) for value in values])

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns)


def streamed(rows: QuerySet[Any, T]) -> Generator[T, None, None]:
    """The rows, a batch at a time, by a cursor in the database. It is closed with the iterator,
    by whoever has had enough."""
    found = rows.iterator(chunk_size=BATCH)
    try:
        yield from found
    finally:
        found.close()  # type: ignore[attr-defined]  # it is a generator


def batched(rows: Iterable[T], size: int) -> Iterator[list[T]]:
    """Lists of `size`, and a shorter last one."""
    left = iter(rows)
    while batch := list(islice(left, size)):
        yield batch
