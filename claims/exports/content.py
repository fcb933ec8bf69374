"""What goes into one file: a table's rows by a filter, counted as they pass, and what is said of
them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

from claims.exports.columns import BATCH, Asked, Row, Table

T = TypeVar("T")
# Where the installation states no terms.
UNSTATED = (
    "Quotations belong to their publishers. Names and coordinates of towns: GeoNames, CC BY 4.0. "
    "For the rest, ask whoever runs the site named as source; a release comes with its licence."
)


@dataclass(frozen=True, slots=True)
class About:
    """Where the rows come from. `query` is the filter, `licence` the terms of the data."""

    site: str
    query: str
    at: datetime
    licence: str

    def told(self, table: Table) -> dict[str, str]:
        """In the words that files carry."""
        return {
            "title": table.name,
            "description": table.meaning,
            "source": self.site,
            "filter": self.query,
            "generated_at": self.at.isoformat(timespec="seconds").replace("+00:00", "Z"),
            "licence": self.licence,
        }


@dataclass(slots=True)
class Content:
    """`done`: how many rows have been taken so far; `progress` is called with it each batch."""

    table: Table
    asked: Asked
    about: About
    progress: Callable[[int], None] | None = None
    done: int = field(default=0, init=False)

    def rows(self) -> Iterator[Row]:
        """Values by column."""
        return self._counted(self.table.rows(self.asked, self.about.site))

    def records(self) -> Iterator[dict[str, Any]]:
        """As the API shows the rows; where it shows none such, the values by column."""
        if self.table.records:
            return self._counted(self.table.records(self.asked, self.about.site))
        names = self.table.names
        return (dict(zip(names, row, strict=True)) for row in self.rows())

    def _counted(self, rows: Iterator[T]) -> Iterator[T]:
        for row in rows:
            self.done += 1
            yield row
            if self.progress and self.done % BATCH == 0:
                self.progress(self.done)
        if self.progress:
            self.progress(self.done)
