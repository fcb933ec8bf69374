"""The API's description for people: the end points of its schema as a plain page."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from drf_spectacular.generators import SchemaGenerator


@dataclass(frozen=True, slots=True)
class Parameter:
    name: str
    description: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Field:
    """A field of an answer; `type` in words, with the name of a nested record."""

    name: str
    type: str
    description: str


@dataclass(frozen=True, slots=True)
class EndPoint:
    """`taken`: the fields of what is sent to it, if anything is."""

    method: str
    path: str
    summary: str
    description: str
    parameters: tuple[Parameter, ...]
    taken: tuple[Field, ...]
    fields: tuple[Field, ...]
    paged: bool


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
    return render(request, "api/documentation.html", {"api": description()})


@lru_cache(maxsize=1)
def description() -> Description:
    """The schema in words; it does not change while the process runs."""
    schema = SchemaGenerator().get_schema(request=None, public=True)
    records = schema["components"]["schemas"]
    return Description(
        tuple(
            _end_point(method, path, methods[method], records)
            for path, methods in schema["paths"].items()
            for method in ("get", "post")
            if method in methods
        ),
        tuple(
            Record(name, record.get("description", ""), _fields(record))
            for name, record in records.items()
            if not name.startswith("Paginated")
        ),
    )


def _end_point(
    method: str, path: str, operation: dict[str, Any], records: dict[str, Any]
) -> EndPoint:
    answers = (operation["responses"].get(code) for code in ("200", "201"))
    record = _record(next(filter(None, answers)), records)
    results = record["properties"].get("results")
    paged = results is not None and set(record["properties"]) == {"next", "previous", "results"}
    if paged:
        record = records[_name(results["items"])]
    sent = operation.get("requestBody")
    return EndPoint(
        method=method.upper(),
        path=path,
        summary=operation.get("summary", ""),
        description=operation.get("description", "") if sent else record.get("description", ""),
        parameters=tuple(
            _parameter(item) for item in operation.get("parameters", ()) if item["in"] == "query"
        ),
        taken=_taken(_record(sent, records)) if sent else (),
        fields=_fields(record),
        paged=paged,
    )


def _record(body: dict[str, Any], records: dict[str, Any]) -> dict[str, Any]:
    """What the JSON of a request or an answer holds."""
    record: dict[str, Any] = records[_name(body["content"]["application/json"]["schema"])]
    return record


def _taken(record: dict[str, Any]) -> tuple[Field, ...]:
    """Fields that are sent; those that must be say so."""
    required = record.get("required", ())
    return tuple(
        replace(field, type=f"{field.type}, required") if field.name in required else field
        for field in _fields(record)
    )


def _parameter(item: dict[str, Any]) -> Parameter:
    kind = item["schema"].get("items", item["schema"])
    return Parameter(item["name"], item.get("description", ""), tuple(kind.get("enum", ())))


def _fields(record: dict[str, Any]) -> tuple[Field, ...]:
    return tuple(_field(name, item) for name, item in record["properties"].items())


def _field(name: str, item: dict[str, Any]) -> Field:
    description = item.get("description", "").partition("\n\n* ")[0].strip()
    return Field(name, _type(item), description)


def _type(item: dict[str, Any]) -> str:
    """In words: `text`, `list of Band`, `Actor or null` …"""
    references = [part for part in (item, *item.get("allOf", ())) if "$ref" in part]
    if references:
        word = _name(references[0])
    elif item.get("type") == "array":
        word = f"list of {_type(item['items'])}"
    elif item.get("type") == "string":
        word = item.get("format", "text")
    else:
        word = item.get("type", "text")
    return f"{word} or null" if item.get("nullable") else word


def _name(reference: dict[str, Any]) -> str:
    return str(reference["$ref"]).rpartition("/")[2]
