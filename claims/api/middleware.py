"""What holds for every address of the API, whoever answers there: what is not described is
refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse

from claims.api import problems
from claims.api.problems import EMPTY, Fault

API = "/api/v1/"
KEY = "cck_"  # how keys begin
NO_SUCH = "There is no such parameter."
ONCE = "It is given more than once."


class StrictParameters:
    """Refuses parameters that the description of the operation does not have, and those given
    twice that have one value: a typing error must not be answered with all there is."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        if not (request.GET and request.path.startswith(API) and request.resolver_match):
            return None
        # Only here: the settings name this module, and the description reads the settings.
        from claims.api.describing import description

        if KEY in request.META["QUERY_STRING"]:
            return None  # a key in an address: refused, with a warning, by who reads keys
        operation = description().operation(request.method, request.resolver_match.route)
        if operation is None:
            return None  # not an address, or not a method of it: the view says so
        faults = _faults(request, operation)
        if not faults:
            return None
        return problems.answer(problems.problem(400, kind=problems.PARAMETERS, faults=faults))


def _faults(request: HttpRequest, operation: dict[str, Any]) -> list[Fault]:
    described = {
        item["name"]: item for item in operation.get("parameters", ()) if item["in"] == "query"
    }
    faults = []
    for name, values in request.GET.lists():
        if name not in described:
            faults.append(Fault(name[:100], NO_SUCH, tuple(sorted(described))))
            continue
        schema = described[name]["schema"]
        if len(values) > 1 and schema.get("type") != "array":
            faults.append(Fault(name, ONCE))
        elif "" in values and not _may_be_empty(schema.get("items", schema)):
            faults.append(Fault(name, EMPTY))
    return faults


def _may_be_empty(schema: dict[str, Any]) -> bool:
    """Whether its values are words of any kind. Forms take an empty field for one left out."""
    return schema.get("type", "string") == "string" and not schema.keys() & {"format", "enum"}
