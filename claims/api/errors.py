"""What the API answers to a request that it cannot serve."""

from __future__ import annotations

from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

from django.http import HttpResponse
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.permissions import SAFE_METHODS
from rest_framework.settings import api_settings
from rest_framework.views import exception_handler

from claims.api import problems
from claims.api.problems import Fault


class InvalidParameters(ValidationError):
    """Query parameters that are not understood."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__({fault.name: [fault.detail] for fault in faults})
        self.faults = faults


def handler(error: Exception, context: dict[str, Any]) -> HttpResponse | None:
    """The statuses and headers of Django REST framework, as problems. None: not one of the
    API's own errors, but a failure."""
    found = exception_handler(error, context)
    if found is None:
        return None
    response = problems.answer(_problem(error, found.status_code, found.data, context))
    for name, value in found.items():
        if name != "Content-Type":
            response[name] = value
    return response


def _problem(error: Exception, status: int, data: Any, context: dict[str, Any]) -> dict[str, Any]:
    if isinstance(error, InvalidParameters):
        return problems.problem(status, kind=problems.PARAMETERS, faults=error.faults)
    if isinstance(error, ValidationError):
        reading = context["request"].method in SAFE_METHODS
        kind = problems.PARAMETERS if reading else problems.FIELDS
        return problems.problem(status, kind=kind, faults=faults_of(error.detail))
    said = data.get("detail") if isinstance(data, dict) else None
    return problems.problem(status, str(said or HTTPStatus(status).phrase))


def faults_of(detail: Any) -> list[Fault]:
    """What serializers say is wrong, flat: a nested field's name has dots, what no field is to
    blame for the name of what holds it, or `body`."""
    return [
        Fault(name or "body", " ".join(str(one) for one in told))
        for name, told in _flat(detail, ())
    ]


def _flat(detail: Any, path: tuple[str, ...]) -> Iterator[tuple[str, list[ErrorDetail]]]:
    if isinstance(detail, dict):
        for key, told in detail.items():
            within = key == api_settings.NON_FIELD_ERRORS_KEY
            yield from _flat(told, path if within else (*path, str(key)))
        return
    messages = detail if isinstance(detail, list) else [detail]
    plain = [one for one in messages if not isinstance(one, dict | list)]
    if plain:
        yield ".".join(path), plain
    for number, one in enumerate(messages):
        if isinstance(one, dict | list) and one:
            yield from _flat(one, (*path, str(number)))
