"""Lists by pages."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.functional import cached_property

PAGE_SIZE = 50
COUNTED = 10_000  # rows of a list of claims: to count all of a million took seconds


@dataclass(frozen=True, slots=True)
class Counted:
    """A number of rows. `more`: there are more, which nobody has counted."""

    number: int
    more: bool = False


class Parts(Protocol):
    """What can be read part by part."""

    def __getitem__(self, part: slice, /) -> Any: ...


class CountedParts(Parts, Protocol):
    """And how many rows there are in all."""

    def count(self) -> int: ...


class _Known(Paginator):
    """Of rows whose number is known already."""

    def __init__(self, rows: Any, counted: Counted) -> None:
        super().__init__(rows, PAGE_SIZE)
        self.counted = counted

    @cached_property
    def count(self) -> int:
        return self.counted.number

    @property
    def more(self) -> bool:
        return self.counted.more


def page_of(request: HttpRequest, found: QuerySet | Sequence[Any] | CountedParts) -> Page:
    """The page of a list that the address asks for; the nearest one where there is none."""
    rows: Any = found  # Django's paginator asks for no more than parts and their number
    return Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))


def count_up_to(most: int, rows: QuerySet) -> Counted:
    """How many rows there are, counted no further than `most`."""
    number = rows.order_by().values("pk")[: most + 1].count()
    return Counted(min(number, most), more=number > most)


def page_up_to(request: HttpRequest, rows: Parts, counted: Counted) -> Page:
    """The same of a list whose rows are counted (`count_up_to`), which ends with the last of
    them; its paginator says whether there are `more`."""
    return _Known(rows, counted).get_page(request.GET.get("page"))


class OfAll(Protocol):
    """A row of a list that knows how many there are."""

    @property
    def of_all(self) -> int: ...


def page_with_count(request: HttpRequest, read: Callable[[slice], Sequence[OfAll]]) -> Page:
    """The same of a list that is read and counted at once, part by part: one statement. Only a
    page that there is not takes others, for the nearest."""
    asked = request.GET.get("page", "")
    number = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 7 else 1
    number = max(number, 1)
    listed = read(_part(number))
    if not listed and number > 1:
        listed, number = read(_part(1)), 1
        last = -(-listed[0].of_all // PAGE_SIZE) if listed else 1
        if last > 1:
            listed, number = read(_part(last)), last
    counted = Counted(listed[0].of_all if listed else 0)
    return Page(listed, number, _Known(listed, counted))


def _part(page: int) -> slice:
    return slice((page - 1) * PAGE_SIZE, page * PAGE_SIZE)
