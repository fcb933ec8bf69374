"""The API's description (OpenAPI 3.1), and what every operation has in common in it.

What is described is what is answered: the tests compare each answer with it, and a parameter
that is not in it is refused (`claims.api.middleware`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from http import HTTPStatus
from typing import Any

from django.conf import settings
from drf_spectacular.extensions import (
    OpenApiAuthenticationExtension,
    OpenApiSerializerFieldExtension,
)
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import ComponentRegistry
from rest_framework import serializers

from claims.api import examples, problems

Operation = dict[str, Any]

REFUSALS = {
    400: ("BadRequest", "A parameter, or what was sent, is not valid: `parameters` tells which."),
    401: ("Unauthorized", "A login or a key is needed, or the key that was sent opens nothing."),
    403: ("Forbidden", "Your role or your key's scopes do not reach."),
    404: ("NotFound", "Nothing has this address."),
    406: ("NotAcceptable", "What `Accept` asks for is not given here."),
    413: ("TooLarge", "The request is larger than this address takes."),
    415: ("UnsupportedMediaType", "What was sent is of a kind that this address does not take."),
    429: ("TooManyRequests", "More requests than the key or the address may send."),
    500: ("Failure", "Something failed on our side; `error_id` finds it in our log."),
}
HEADERS: dict[str, tuple[dict[str, Any], str]] = {
    "ETag": (
        {"type": "string"},
        "Of this content; weak where it comes compressed. Sent back as `If-None-Match`, it is "
        "answered with 304 while the content is the same.",
    ),
    "Last-Modified": (
        {"type": "string"},
        "Since when the content is known to have been the same. Sent back as `If-Modified-Since`.",
    ),
    "Cache-Control": ({"type": "string"}, "`private, no-cache`: keep it, and ask each time."),
    "Vary": ({"type": "string"}, "The request's headers that the answer depends on."),
    "RateLimit-Policy": ({"type": "string"}, "How many requests there are (q) in w seconds."),
    "RateLimit": ({"type": "string"}, "How many of them are left (r), for t more seconds."),
    "RateLimit-Limit": ({"type": "integer"}, "Requests a minute."),
    "RateLimit-Remaining": ({"type": "integer"}, "Those that are left."),
    "RateLimit-Reset": ({"type": "integer"}, "In how many seconds there are as many again."),
    "Retry-After": ({"type": "integer"}, "Seconds to wait."),
    "WWW-Authenticate": ({"type": "string"}, "How to show who asks."),
}
_OF_CONTENT = ("ETag", "Last-Modified", "Cache-Control", "Vary")
_OF_LIMITS = tuple(name for name in HEADERS if name.startswith("RateLimit"))
_OF_REFUSALS = {
    401: ("WWW-Authenticate",),
    403: ("WWW-Authenticate",),
    429: ("Retry-After",),
    503: ("Retry-After",),
}


class FaultSerializer(serializers.Serializer):
    """What is wrong with one parameter, or one field of what was sent."""

    name = serializers.CharField(help_text="Of a nested field with dots.")
    detail = serializers.CharField(help_text="What is wrong, in words.")
    valid = serializers.ListField(
        child=serializers.CharField(), required=False, help_text="What it could be."
    )


class ProblemSerializer(serializers.Serializer):
    """Why a request was not served (RFC 9457)."""

    type = serializers.CharField(help_text="An address that tells more, or about:blank.")
    title = serializers.CharField(help_text="What kind of problem it is.")
    status = serializers.IntegerField()
    detail = serializers.CharField(help_text="What is wrong, in a sentence.")
    instance = serializers.CharField(required=False, help_text="This one time that it happened.")
    error_id = serializers.CharField(required=False, help_text="Of a failure, as our log has it.")
    parameters = FaultSerializer(many=True, required=False)


class Schema(AutoSchema):
    """Adds to each operation what all of them answer, and remembers its route."""

    def get_operation(
        self, path: str, path_regex: str, path_prefix: str, method: str, registry: ComponentRegistry
    ) -> Operation | None:
        operation = super().get_operation(path, path_regex, path_prefix, method, registry)
        if operation is None:
            return None
        self.resolve_serializer(ProblemSerializer, "response")
        _add_answers(operation, self.method, in_rows="{" in path)
        operation["x-route"] = re.sub(r"/\^", "/", path_regex)
        return operation

    def get_tags(self) -> list[str]:
        """The first word of the path."""
        return [self.path.removeprefix(self.path_prefix.lstrip("^")).strip("/").split("/")[0]]


class AddressField(OpenApiSerializerFieldExtension):
    """An address that a row may lack is the empty text, which is no address."""

    target_class = "rest_framework.serializers.URLField"

    def map_serializer_field(self, auto_schema: AutoSchema, direction: str) -> dict[str, Any]:
        if not self.target.allow_blank:
            return {"type": "string", "format": "uri"}
        return {"type": "string", "anyOf": [{"format": "uri"}, {"const": ""}]}


class KeyScheme(OpenApiAuthenticationExtension):
    target_class = "claims.api.authentication.KeyAuthentication"
    name = "key"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, Any]:
        return {
            "type": "http",
            "scheme": "bearer",
            "bearerFormat": "cck_…",
            "description": "A key, as a user makes them at /account/keys/.",
        }


class SessionScheme(OpenApiAuthenticationExtension):
    target_class = "rest_framework.authentication.SessionAuthentication"
    name = "session"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, Any]:
        return {
            "type": "apiKey",
            "in": "cookie",
            "name": settings.SESSION_COOKIE_NAME,
            "description": "A login in a browser. What writes sends its token as `X-CSRFToken`.",
        }


@dataclass(frozen=True, slots=True)
class Description:
    """`content`: the OpenAPI document. `operations`: those of it by method and route, the latter
    as Django's `resolver_match` names it."""

    content: dict[str, Any]
    operations: dict[tuple[str, str], Operation]

    def operation(self, method: str | None, route: str) -> Operation | None:
        return self.operations.get(("GET" if method == "HEAD" else str(method), route))


def description() -> Description:
    """It does not change while the process runs, and its settings stay."""
    return _description(settings.PUBLIC_READING)


@lru_cache(maxsize=2)
def _description(public: bool) -> Description:
    content = SchemaGenerator().get_schema(request=None, public=True)
    operations = {}
    for methods in content["paths"].values():
        for method, operation in methods.items():
            operations[method.upper(), operation.pop("x-route")] = operation
    return Description(content, operations)


def finish(result: dict[str, Any], **_: Any) -> dict[str, Any]:
    """Drf-spectacular's hook: the components that all operations name, and the examples."""
    components = result["components"]
    components["headers"] = {
        name: {"description": told, "schema": schema} for name, (schema, told) in HEADERS.items()
    }
    components["responses"] = {
        name: _refusal(status, told) for status, (name, told) in REFUSALS.items()
    }
    for path, methods in result["paths"].items():
        for method, operation in methods.items():
            if method == "get" and settings.PUBLIC_READING:
                operation["security"] = [{}, *operation.get("security", ())]
            if shown := examples.of(operation["operationId"], path):
                operation["x-codeSamples"] = shown
    _mend_addresses(components["schemas"])
    return result


def _mend_addresses(schema: Any) -> None:
    """Of a field that takes the empty text, too, the validator's format was added once more."""
    if isinstance(schema, list):
        for one in schema:
            _mend_addresses(one)
    elif isinstance(schema, dict):
        first: Any = next(iter(schema.get("oneOf", ())), {})
        if isinstance(first, dict) and "anyOf" in first and first.get("format") == "uri":
            del schema["oneOf"]
            schema |= first
        if "anyOf" in schema and schema.get("format") == "uri":
            del schema["format"]
        for one in schema.values():
            _mend_addresses(one)


def _refusal(status: int, told: str) -> dict[str, Any]:
    schema = {"$ref": "#/components/schemas/Problem"}
    return {
        "description": told,
        "content": {problems.CONTENT_TYPE: {"schema": schema}},
        "headers": _headers(*_OF_LIMITS, *_OF_REFUSALS.get(status, ())),
    }


def _headers(*names: str) -> dict[str, Any]:
    return {name: {"$ref": f"#/components/headers/{name}"} for name in names}


def _add_answers(operation: Operation, method: str, *, in_rows: bool) -> None:
    responses = operation["responses"]
    statuses = set(REFUSALS)
    if not in_rows:
        statuses -= {404}
    if "requestBody" not in operation:
        statuses -= {413, 415}
    for status in statuses:
        own = responses.get(str(status))
        if not (own and own.get("content")):
            reference = f"#/components/responses/{REFUSALS[status][0]}"
            responses[str(status)] = {"$ref": reference}
    for status, response in responses.items():
        if "$ref" not in response:
            response["description"] = response.get("description") or HTTPStatus(int(status)).phrase
            kept = _OF_CONTENT if method == "GET" and status == "200" else ()
            refused = _OF_REFUSALS.get(int(status), ())
            named = _headers(*_OF_LIMITS, *kept, *refused)
            response["headers"] = {**named, **response.get("headers", {})}
    if method == "GET" and "200" in responses:
        responses["304"] = {
            "description": "The content is what `If-None-Match` or `If-Modified-Since` say.",
            "headers": _headers(*_OF_LIMITS, *_OF_CONTENT),
        }
    operation["responses"] = dict(sorted(responses.items()))
