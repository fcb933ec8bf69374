"""JSON in and out by orjson: quick, and strict about what JSON cannot hold."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import orjson
from django.utils.functional import Promise
from rest_framework import status
from rest_framework.exceptions import APIException, ParseError
from rest_framework.parsers import BaseParser
from rest_framework.renderers import BaseRenderer

MOST_BYTES = 1_000_000  # of a request, unless its view takes more
_OPTIONS = orjson.OPT_UTC_Z | orjson.OPT_NAIVE_UTC | orjson.OPT_NON_STR_KEYS


class TooLarge(APIException):
    status_code = status.HTTP_413_REQUEST_ENTITY_TOO_LARGE

    def __init__(self, most: int) -> None:
        super().__init__(f"The request is larger than {most // 1_000_000} MB.")


class JSONRenderer(BaseRenderer):
    """Times in UTC end in Z (RFC 3339)."""

    media_type = "application/json"
    format = "json"
    charset = None  # JSON is UTF-8 by definition
    render_style = "binary"

    def render(
        self,
        data: Any,
        accepted_media_type: str | None = None,
        renderer_context: Mapping[str, Any] | None = None,
    ) -> bytes:
        return b"" if data is None else orjson.dumps(data, default=_plain, option=_OPTIONS)


class JSONParser(BaseParser):
    """Refuses what no database can hold (halves of surrogate pairs) and what is nested without
    end, too. A view's `most_bytes` is what it takes."""

    media_type = "application/json"

    def parse(
        self,
        stream: Any,
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        most = getattr((parser_context or {}).get("view"), "most_bytes", MOST_BYTES)
        content = stream.read(most + 1)
        if len(content) > most:
            raise TooLarge(most)
        try:
            return orjson.loads(content)
        except orjson.JSONDecodeError as error:
            raise ParseError(f"Not JSON: {error}.") from None


def _plain(value: Any) -> Any:
    if isinstance(value, Promise):
        return str(value)
    if isinstance(value, Decimal):
        return float(value)
    raise TypeError(f"{type(value).__name__} is not JSON")
