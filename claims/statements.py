"""Queries whose SQL is made once.

To make a statement from expressions takes Django longer than PostgreSQL to answer it: up to two
milliseconds, for the ten of a page as much as all the rest of it. What is asked again and again
and differs in values alone is a `Statement`: a query of plain values with `Given` in their places.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import DateTimeField, Expression, Func, Lookup, QuerySet

Row = tuple[Any, ...]
Sql = tuple[str, Sequence[Any]]


class Given(Expression):
    """In the place of a value that is given by this name when a statement is asked."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        return "%s", [self]


class Among(Lookup):
    """`Among(F("id"), ids)`: as `IN` has it, with one parameter. Hundreds took longer to write
    than rows to fetch."""

    lookup_name = "among"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        left, of_left = self.process_lhs(compiler, connection)
        right = [self.rhs] if self.rhs_is_direct_value() else compiler.compile(self.rhs)[1]
        return f"{left} = ANY(%s)", [*of_left, *right]


class Utc(Func):
    """A time in UTC, without its zone: to read one with a zone takes ten times as long."""

    function = "timezone"
    template = "%(function)s('UTC', %(expressions)s)"
    output_field = DateTimeField()


class Statement:
    """`query` gives a `values_list`, which is asked for once: what differs from one time to the
    next is `Given` in it. Where no ids are given there is nothing to ask, as with `IN`."""

    def __init__(self, query: Callable[[], QuerySet[Any, Any]]) -> None:
        self._query = query

    def rows(self, **given: Any) -> list[Row]:
        """What it finds with these values."""
        if any(value == [] for value in given.values()):
            return []
        return self._ask(self._sql[0], given)

    def count(self, **given: Any) -> int:
        """How many rows it finds with these values."""
        sql = f"SELECT count(*) FROM ({self._sql[0]}) found"  # noqa: S608 - of a query of ours
        (row,) = self._ask(sql, given)
        return int(row[0])

    def _ask(self, sql: str, given: dict[str, Any]) -> list[Row]:
        values = [given[one.name] if isinstance(one, Given) else one for one in self._sql[1]]
        with connection.cursor() as cursor:
            cursor.execute(sql, values)
            return cursor.fetchall()

    @cached_property
    def _sql(self) -> Sql:
        compiler = self._query().query.get_compiler(DEFAULT_DB_ALIAS)
        sql, values = compiler.as_sql()
        # Rows are given as the driver gives them: no columns that Django's fields convert.
        for column, _, _ in compiler.select:
            if column.output_field.get_db_converters(compiler.connection):
                raise TypeError(f"Django would convert {column}")
        return sql, values
