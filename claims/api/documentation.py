"""The API's description for people: the end points of its schema as a plain page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from claims.api.describing import REFUSALS
from claims.api.describing import description as described
from claims.api.examples import SITE

LONGEST_QUERY = 100  # characters


@dataclass(frozen=True, slots=True)
class Parameter:
    name: str
    type: str
    description: str
    values: tuple[str, ...]
    several: bool


@dataclass(frozen=True, slots=True)
class Field:
    """A field of an answer; `type` in words, with the name of a nested record."""

    name: str
    type: str
    description: str


@dataclass(frozen=True, slots=True)
class Example:
    title: str
    source: str


@dataclass(frozen=True, slots=True)
class Answer:
    """Of a status that is an operation's own: in which forms, and of what type."""

    status: str
    description: str
    forms: tuple[str, ...]
    type: str


@dataclass(frozen=True, slots=True)
class EndPoint:
    """`taken`: the fields of what is sent to it, if anything is. `words`: what a search for it
    goes through."""

    id: str
    tag: str
    method: str
    path: str
    summary: str
    description: str
    parameters: tuple[Parameter, ...]
    taken: tuple[Field, ...]
    fields: tuple[Field, ...]
    paged: bool
    answers: tuple[Answer, ...]
    examples: tuple[Example, ...]
    words: str


@dataclass(frozen=True, slots=True)
class Record:
    """What fields of answers hold, under the name that their types have."""

    name: str
    description: str
    fields: tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class Description:
    end_points: tuple[EndPoint, ...]
    records: tuple[Record, ...]


@require_safe
def documentation(request: HttpRequest) -> HttpResponse:
    asked = request.GET.get("q", "")[:LONGEST_QUERY]
    whole = description(request.build_absolute_uri("/")[:-1])
    words = asked.casefold().split()
    found = [one for one in whole.end_points if all(word in one.words for word in words)]
    shared = [(status, told) for status, (_, told) in REFUSALS.items()]
    context = {"api": whole, "found": found, "asked": asked, "refusals": shared}
    return render(request, "api/documentation.html", context)


@lru_cache(maxsize=4)
def description(site: str) -> Description:
    """The schema in words; it does not change while the process runs. `site`: where examples
    ask."""
    content = described().content
    schemas = content["components"]["schemas"]
    return Description(
        tuple(
            _end_point(method, path, operation, schemas, site)
            for path, methods in content["paths"].items()
            for method, operation in sorted(methods.items())
        ),
        tuple(
            Record(name, record.get("description", ""), tuple(_fields(record)))
            for name, record in schemas.items()
            if "properties" in record and not name.startswith("Paginated")
        ),
    )


def _end_point(
    method: str, path: str, operation: dict[str, Any], schemas: dict[str, Any], site: str
) -> EndPoint:
    answers = tuple(_answers(operation["responses"]))
    record = _answered(operation["responses"], schemas)
    results = record.get("properties", {}).get("results", {})
    paged = set(record.get("properties", ())) == {"next", "previous", "results"}
    if paged:
        record = _resolved(results["items"], schemas)
    sent = operation.get("requestBody")
    taken = _taken(_content(sent), schemas) if sent else ()
    parameters = tuple(
        _parameter(item) for item in operation.get("parameters", ()) if item["in"] == "query"
    )
    fields = tuple(_fields(record))
    summary, told = operation.get("summary", ""), operation.get("description", "")
    named: list[Parameter | Field] = [*parameters, *taken, *fields]
    words = [path, method, summary, told, *(f"{one.name} {one.description}" for one in named)]
    return EndPoint(
        id=operation["operationId"],
        tag=operation["tags"][0],
        method=method.upper(),
        path=path,
        summary=summary,
        description=told or record.get("description", ""),
        parameters=parameters,
        taken=taken,
        fields=fields,
        paged=paged,
        answers=answers,
        examples=tuple(
            Example(one["label"], one["source"].replace(SITE, site))
            for one in operation.get("x-codeSamples", ())
        ),
        words=" ".join(words).casefold(),
    )


def _answers(responses: dict[str, Any]) -> Iterator[Answer]:
    """Those that are the operation's own: what all have in common is told once."""
    for status, response in responses.items():
        if "$ref" not in response and status != "304":
            content = response.get("content", {})
            kinds = dict.fromkeys(_type(one["schema"]) for one in content.values())
            told = response.get("description", "")
            yield Answer(status, told, tuple(content), " or ".join(kinds))


def _answered(responses: dict[str, Any], schemas: dict[str, Any]) -> dict[str, Any]:
    """The record that the first good answer holds, if it holds one."""
    good = [responses[code] for code in sorted(responses) if code[0] == "2"]
    found = [_content(one) for one in good if "application/json" in one.get("content", {})]
    return _resolved(found[0], schemas) if found else {}


def _content(body: dict[str, Any]) -> dict[str, Any]:
    content = body["content"]
    schema: dict[str, Any] = content.get("application/json", next(iter(content.values())))["schema"]
    return schema


def _resolved(schema: dict[str, Any], schemas: dict[str, Any]) -> dict[str, Any]:
    """The record that a schema names; of several, the first."""
    while "properties" not in schema:
        parts = [
            schema,
            *schema.get("allOf", ()),
            *schema.get("oneOf", ()),
            *schema.get("anyOf", ()),
        ]
        named = [part for part in parts if "$ref" in part]
        if not named:
            return schema
        schema = schemas[_name(named[0])]
    return schema


def _taken(schema: dict[str, Any], schemas: dict[str, Any]) -> tuple[Field, ...]:
    """Fields that are sent; those that must be say so."""
    record = _resolved(schema, schemas)
    required = record.get("required", ())
    return tuple(
        replace(field, type=f"{field.type}, required") if field.name in required else field
        for field in _fields(record)
    )


def _parameter(item: dict[str, Any]) -> Parameter:
    schema = item["schema"]
    kind = schema.get("items", schema)
    values = tuple(map(str, kind.get("enum", ())))
    told = item.get("description", "").partition("\n\n* ")[0].strip()
    return Parameter(item["name"], _type(kind), told, values, schema.get("type") == "array")


def _fields(record: dict[str, Any]) -> Iterator[Field]:
    for name, item in record.get("properties", {}).items():
        told = item.get("description", "").partition("\n\n* ")[0].strip()
        values = [f"`{value}`" for value in item.get("enum", ()) if value not in (None, "")]
        if values:
            told = f"{told} One of {', '.join(values)}.".strip()
        yield Field(name, _type(item), told)


def _type(item: dict[str, Any]) -> str:
    """In words: `text`, `list of Band`, `Actor or null` …"""
    if "$ref" in item:
        return _name(item)
    for several in ("oneOf", "anyOf", "allOf"):
        if several in item:
            return " or ".join(dict.fromkeys(map(_type, item[several])))
    kinds = item.get("type", "any")
    kinds = kinds if isinstance(kinds, list) else [kinds]
    return " or ".join(_kind(kind, item) for kind in kinds)


def _kind(kind: str, item: dict[str, Any]) -> str:
    if kind == "array":
        return f"list of {_type(item.get('items', {}))}"
    if kind == "string":
        return str(item.get("format", "text"))
    return kind


def _name(reference: dict[str, Any]) -> str:
    return str(reference["$ref"]).rpartition("/")[2]
