"""Refusals as RFC 9457 has them: `application/problem+json`.

`type` is about:blank where the status says it all, else an address in the API's page, which
tells what to do. `detail` is a sentence for people; `parameters` names what is to blame.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import orjson
from django.http import HttpResponse

CONTENT_TYPE = "application/problem+json"
PARAMETERS = "/api/#problem-parameters"
FIELDS = "/api/#problem-fields"
OUTDATED = "/api/#problem-outdated"
FAILURE = "/api/#problem-failure"
EMPTY = "must not be empty."
TITLES = {
    PARAMETERS: "The address's parameters are not valid",
    FIELDS: "What was sent is not valid",
    OUTDATED: "Changed since it was read",
    FAILURE: "Something failed on our side",
}


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a parameter, or with a field of what was sent (nested ones with dots).
    `valid`: what it could be, where that can be counted."""

    name: str
    detail: str
    valid: tuple[str, ...] = ()

    def __str__(self) -> str:
        one_of = f" Valid: {', '.join(self.valid)}." if self.valid else ""
        return f"{self.name}: {self.detail}{one_of}"

    def shown(self) -> dict[str, Any]:
        told: dict[str, Any] = {"name": self.name, "detail": self.detail}
        return {**told, "valid": list(self.valid)} if self.valid else told


def problem(
    status: int,
    detail: str = "",
    *,
    kind: str = "about:blank",
    faults: Iterable[Fault] = (),
    **more: Any,
) -> dict[str, Any]:
    """What a refusal says. `detail` is by default made of the faults; `more`: further members."""
    found = tuple(faults)
    content: dict[str, Any] = {
        "type": kind,
        "title": TITLES.get(kind) or HTTPStatus(status).phrase,
        "status": status,
        "detail": detail or " ".join(map(str, found)),
    }
    if found:
        content["parameters"] = [fault.shown() for fault in found]
    return {**content, **more}


def answer(content: dict[str, Any]) -> HttpResponse:
    """A problem as a response, whatever else the address answers with."""
    body = orjson.dumps(content, default=str)
    return HttpResponse(body, status=content["status"], content_type=CONTENT_TYPE)
