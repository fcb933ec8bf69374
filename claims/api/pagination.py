"""Pages of lists: by cursor, so that rows which come in between neither repeat nor hide any."""

from __future__ import annotations

import base64
import binascii
from typing import TYPE_CHECKING, Any

import orjson
from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db import DataError
from django.db.models import Q, QuerySet
from django.db.models.constants import LOOKUP_SEP
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import remove_query_param, replace_query_param

from claims.api.errors import InvalidParameters
from claims.api.problems import Fault

if TYPE_CHECKING:  # the settings name this module, and views read the settings on import
    from rest_framework.views import APIView

PAGE, MOST_A_PAGE = 50, 500  # results
LONGEST_CURSOR = 2000  # characters
Position = list[Any]


class Cursor(BasePagination):
    """`results` with `next` and `previous`. A page begins after the values that the last row of
    the one before has in the view's `ordering`, all of them: ties are told apart by the id."""

    ordering: str | tuple[str, ...] = "-id"

    def paginate_queryset(
        self, queryset: Any, request: Request, view: APIView | None = None
    ) -> list[Any]:
        """Raises InvalidParameters for a cursor that this list has not given out."""
        self.address = request.build_absolute_uri()
        self.order = self._ordering(view, queryset.model._meta.pk.name)
        size = _size(request.query_params.get("page_size"))
        token = request.query_params.get("cursor")
        backwards, position = _read(token, self.order) if token is not None else (False, None)
        order = tuple(map(_turned, self.order)) if backwards else self.order
        try:
            rows = (
                queryset if position is None else queryset.filter(_after(queryset, order, position))
            )
            found = list(rows.order_by(*order)[: size + 1])
        except (ValidationError, ValueError, TypeError, DataError):
            raise _not_given_out() from None
        self.page, more = found[:size], len(found) > size
        if backwards:
            self.page.reverse()
        self.has_next = backwards if backwards else more
        self.has_previous = more if backwards else position is not None
        return self.page

    def get_paginated_response(self, data: Any) -> Response:
        return Response(
            {
                "next": self._link(self.has_next, -1, backwards=False),
                "previous": self._link(self.has_previous, 0, backwards=True),
                "results": data,
            }
        )

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        address = {"type": ["string", "null"], "format": "uri"}
        return {
            "type": "object",
            "required": ["next", "previous", "results"],
            "properties": {
                "next": {**address, "description": "The next page's address."},
                "previous": {**address, "description": "The previous page's address."},
                "results": schema,
            },
        }

    def get_schema_operation_parameters(self, view: APIView) -> list[dict[str, Any]]:
        text = {"type": "string", "maxLength": LONGEST_CURSOR}
        number = {"type": "integer", "minimum": 1, "maximum": MOST_A_PAGE, "default": PAGE}
        return [
            _parameter("cursor", text, "As the next page's address has it."),
            _parameter("page_size", number, "Results a page."),
        ]

    def _ordering(self, view: APIView | None, key: str) -> tuple[str, ...]:
        wanted = getattr(view, "ordering", self.ordering)
        order = (wanted,) if isinstance(wanted, str) else tuple(wanted)
        return order if order[-1].lstrip("-") in ("id", "pk", key) else (*order, "pk")

    def _link(self, there: bool, place: int, *, backwards: bool) -> str | None:
        if not there or not self.page:
            return None
        values = [_value(self.page[place], name.lstrip("-")) for name in self.order]
        content = orjson.dumps([backwards, ",".join(self.order), values])
        token = base64.urlsafe_b64encode(content).decode().rstrip("=")
        return replace_query_param(remove_query_param(self.address, "cursor"), "cursor", token)


def _parameter(name: str, schema: dict[str, Any], description: str) -> dict[str, Any]:
    return {
        "name": name,
        "in": "query",
        "required": False,
        "description": description,
        "schema": schema,
    }


def _size(given: str | None) -> int:
    if given is None:
        return PAGE
    # Not all that int() takes: signs, spaces, digits of other scripts.
    if not (given.isascii() and given.isdigit() and 1 <= int(given[:9]) <= MOST_A_PAGE):
        raise InvalidParameters([Fault("page_size", f"must be a number from 1 to {MOST_A_PAGE}.")])
    return int(given)


def _read(token: str, order: tuple[str, ...]) -> tuple[bool, Position]:
    if len(token) > LONGEST_CURSOR:
        raise _not_given_out()
    try:
        content = orjson.loads(base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)))
    except (binascii.Error, orjson.JSONDecodeError, ValueError):
        raise _not_given_out() from None
    match content:
        case [bool() as backwards, str() as ordered, list() as values]:
            plain = all(value is None or isinstance(value, str | int | float) for value in values)
            if plain and ordered == ",".join(order) and len(values) == len(order):
                return backwards, values
    raise _not_given_out()


def _not_given_out() -> InvalidParameters:
    return InvalidParameters([Fault("cursor", "not one that this list has given out.")])


def _turned(name: str) -> str:
    return name[1:] if name.startswith("-") else f"-{name}"


def _value(row: Any, path: str) -> Any:
    if isinstance(row, dict):
        return row[path]  # of `values()`, which names columns by their paths
    for name in path.split(LOOKUP_SEP):
        row = getattr(row, name, None)
    return row


def _after(rows: QuerySet, order: tuple[str, ...], position: Position) -> Q:
    """What comes after a position. PostgreSQL takes null for larger than all values."""
    found, same = Q(pk__in=[]), Q()
    for name, value in zip(order, position, strict=True):
        path = name.lstrip("-")
        found |= same & _beyond(rows, path, value, larger=not name.startswith("-"))
        same &= Q(**{f"{path}__isnull": True}) if value is None else Q(**{path: value})
    return found


def _beyond(rows: QuerySet, path: str, value: Any, *, larger: bool) -> Q:
    if value is None:
        return Q(pk__in=[]) if larger else Q(**{f"{path}__isnull": False})
    if not larger:
        return Q(**{f"{path}__lt": value})
    beyond = Q(**{f"{path}__gt": value})
    return beyond | Q(**{f"{path}__isnull": True}) if _may_be_null(rows, path) else beyond


def _may_be_null(rows: QuerySet, path: str) -> bool:
    model: Any = rows.model
    for name in path.split(LOOKUP_SEP):
        try:
            field = model._meta.get_field(name)
        except FieldDoesNotExist:  # an annotation
            return name != "pk"
        if field.null:
            return True
        model = field.related_model
    return False
