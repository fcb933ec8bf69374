"""What the API answers to a request that it cannot serve."""

from __future__ import annotations

from typing import Any

from rest_framework.exceptions import ValidationError
from rest_framework.response import Response
from rest_framework.views import exception_handler


def handler(error: Exception, context: dict[str, Any]) -> Response | None:
    """As Django REST framework does it, with malformed parameters named in one `detail`."""
    response = exception_handler(error, context)
    if response is not None and isinstance(error, ValidationError):
        response.data = {"detail": " ".join(_messages(error.detail))}
    return response


def _messages(detail: Any, name: str = "") -> list[str]:
    if isinstance(detail, dict):
        return [text for key, value in detail.items() for text in _messages(value, key)]
    if isinstance(detail, list):
        return [text for value in detail for text in _messages(value, name)]
    return [f"{name}: {detail}" if name else str(detail)]
