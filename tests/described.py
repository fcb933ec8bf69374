"""Whether the API's answers are what its description says: all of it, and nothing else."""

from __future__ import annotations

import copy
import gzip
import json
from functools import lru_cache
from typing import Any

from django.http.response import HttpResponseBase
from jsonschema import (  # type: ignore[import-untyped]  # comes without types
    Draft202012Validator,
    FormatChecker,
)
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from claims.api import problems
from claims.api.describing import Operation, description

HERE = "urn:described"
# What servers say of any answer, whatever it is.
COMMON = {
    *("Content-Type", "Content-Length", "Content-Encoding", "Content-Language", "Vary", "Allow"),
    *("Cache-Control", "Content-Security-Policy", "Cross-Origin-Opener-Policy", "Referrer-Policy"),
    *("X-Content-Type-Options", "X-Frame-Options", "Strict-Transport-Security", "Location"),
    *(
        "Accept-Ranges",
        "Content-Range",
        "Content-Disposition",
        "Permissions-Policy",
        "X-Request-ID",
    ),
}


def check(method: str, response: Any) -> None:
    """Raises AssertionError where the answer is another than the one described."""
    found = response.wsgi_request.resolver_match
    operation = description().operation(method, found.route) if found else None
    status = str(response.status_code)
    where = f"{method} {response.wsgi_request.get_full_path()}: {status}"
    if operation is None:
        # Who may not come in is told so whatever the method.
        assert status in ("400", "401", "403", "404", "405"), f"{where} of what is not described"
        assert form(response) == problems.CONTENT_TYPE, where
        _check_json(["components", "schemas", "Problem"], response, where)
        return
    assert status in operation["responses"], f"{where} is not described"
    described, path = _response(operation, status)
    _check_headers(described, response, where)
    if not described.get("content"):
        assert not _body(response), f"{where} has content"
        return
    kind = form(response)
    assert kind in described["content"], f"{where} as {kind} is not described"
    if kind.endswith(("/json", "+json")) and not response.streaming:
        _check_json([*path, "content", kind, "schema"], response, where)


def form(response: HttpResponseBase) -> str:
    """The media type without its parameters."""
    return response.get("Content-Type", "").partition(";")[0]


def _response(operation: Operation, status: str) -> tuple[dict[str, Any], list[str]]:
    """What is described, and where in the description it stands."""
    content = description().content
    described: dict[str, Any] = operation["responses"][status]
    if "$ref" in described:
        name = described["$ref"].rpartition("/")[2]
        return content["components"]["responses"][name], ["components", "responses", name]
    for path, methods in content["paths"].items():
        for method, one in methods.items():
            if one is operation:
                return described, ["paths", path, method, "responses", status]
    raise AssertionError("an operation of another description")


def _check_headers(described: dict[str, Any], response: Any, where: str) -> None:
    known = COMMON | set(described.get("headers", ()))
    unknown = sorted(name for name in response.headers if name not in known)
    assert not unknown, f"{where} has headers that are not described: {unknown}"


def _body(response: Any) -> bool:
    return response.streaming or bool(response.content)


def _check_json(path: list[str], response: Any, where: str) -> None:
    pointer = "/".join(part.replace("~", "~0").replace("/", "~1") for part in path)
    validator = _validator(id(description()), pointer)
    content = response.content
    if response.get("Content-Encoding") == "gzip":
        content = gzip.decompress(content)
    errors = sorted(validator.iter_errors(json.loads(content)), key=str)
    told = "\n".join(f"{error.json_path}: {error.message}" for error in errors[:5])
    assert not errors, f"{where} is not as described:\n{told}"


@lru_cache(maxsize=1024)
def _validator(described: int, pointer: str) -> Draft202012Validator:
    """Of what stands at a place in the description."""
    return Draft202012Validator(
        {"$ref": f"{HERE}#/{pointer}"},
        registry=_registry(described),
        format_checker=FormatChecker(),
    )


@lru_cache(maxsize=4)
def _registry(_: int) -> Registry:
    closed = copy.deepcopy(description().content)
    _close(closed)
    return Registry().with_resource(HERE, Resource.from_contents(closed, DRAFT202012)).crawl()


def _close(schema: Any) -> None:
    """No record has a field more than it says, except where it says so."""
    if isinstance(schema, list):
        for one in schema:
            _close(one)
    elif isinstance(schema, dict):
        if schema.get("type") == "object" and isinstance(schema.get("properties"), dict):
            schema.setdefault("additionalProperties", False)
        for one in schema.values():
            _close(one)
