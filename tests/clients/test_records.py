"""The client's types are the API's: written from its description, and never behind it."""

from __future__ import annotations

import ast
import sys
from pathlib import Path
from typing import Any

import pytest
import records_from_schema
from drf_spectacular.generators import SchemaGenerator

PACKAGE = Path(records_from_schema.__file__).with_name("conflict_claims")


@pytest.fixture(scope="module")
def schema() -> dict[str, Any]:
    found: dict[str, Any] = SchemaGenerator().get_schema(request=None, public=True)
    return found


def test_the_records_are_those_of_the_description(schema: dict[str, Any]) -> None:
    written = records_from_schema.TARGET.read_text(encoding="utf-8")

    assert written == records_from_schema.module(schema), (
        "The API's description has changed: make client"
    )


def test_every_list_and_record_of_the_api_has_a_method(schema: dict[str, Any]) -> None:
    """Addresses that answer with JSON, and what the client's methods ask for, in words alone."""
    described = {
        tuple(part for part in path.split("/")[3:] if part and not part.startswith("{"))
        for path, methods in schema["paths"].items()
        if set(methods.get("get", {}).get("responses", {}).get("200", {}).get("content", ()))
        == {"application/json"}
    }
    trees = [
        ast.parse((PACKAGE / name).read_text(encoding="utf-8"))
        for name in ("reading.py", "fetching.py")
    ]
    asked = {words for tree in trees for node in ast.walk(tree) if (words := _asked(node))}

    assert described - {("changes",)} == asked  # that one is what `sync` reads


def _asked(node: ast.AST) -> tuple[str, ...]:
    if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute | ast.Name)):
        return ()
    name = node.func.attr if isinstance(node.func, ast.Attribute) else node.func.id
    if name not in ("_one", "_all", "_path"):
        return ()
    words = [str(one.value) for one in node.args if isinstance(one, ast.Constant)]
    return tuple(part for word in words for part in word.strip("/").split("/"))


def test_fields_that_are_words_of_python_or_may_be_null_or_missing() -> None:
    components = {
        "Band": {
            "required": ["from", "to"],
            "properties": {
                "from": {"type": "string"},
                "to": {"type": ["string", "null"], "format": "date"},
                "parts": {"type": "array", "items": {"$ref": "#/components/schemas/Part"}},
            },
        },
        "Part": {
            "description": "A part.",
            "required": ["label", "word", "more"],
            "properties": {
                "label": {"oneOf": [{"enum": ["north", ""]}, {"type": "null"}]},
                "word": {"allOf": [{"$ref": "#/components/schemas/Word"}], "nullable": True},
                "more": {"type": "object", "additionalProperties": {"type": "integer"}},
                "any": {},
            },
        },
        "Word": {"enum": ["a", None]},
        "Unused": {"properties": {}},
    }
    content = {"application/json": {"schema": {"$ref": "#/components/schemas/Band"}}}
    parameters = [
        {"in": "query", "name": "day", "schema": {"type": "string", "format": "date"}},
        {"in": "query", "name": "many", "schema": {"type": "array", "items": {"enum": ["x"]}}},
        {"in": "query", "name": "cursor", "schema": {"type": "string"}},
        {"in": "path", "name": "id", "schema": {"type": "string"}},
    ]
    operation = {
        "operationId": "bands_list",
        "parameters": parameters,
        "responses": {"200": {"content": content}},
    }
    text = records_from_schema.module(
        {"paths": {"/api/v1/bands/": {"get": operation}}, "components": {"schemas": components}}
    )

    assert (
        text
        == records_from_schema.HEAD
        + '''

class Part(TypedDict):
    """A part."""

    label: Literal["north", ""] | None
    word: Word | None
    more: dict[str, int]
    any: NotRequired[Any]

Band = TypedDict(
    "Band",
    {
        "from": str,
        "to": str | None,
        "parts": NotRequired[list[Part]],
    },
)

class BandsListParameters(TypedDict, total=False):
    day: date | str
    many: Literal["x"] | Sequence[Literal["x"]]
'''
    )


def test_the_package_stands_alone() -> None:
    """It imports the standard library, urllib3, itself, and pandas where a frame is asked for."""
    imported = {
        module.partition(".")[0]
        for file in PACKAGE.glob("*.py")
        for module in _imported(ast.parse(file.read_text(encoding="utf-8")))
    }

    assert imported - sys.stdlib_module_names == {"conflict_claims", "urllib3", "pandas"}


def _imported(tree: ast.AST) -> list[str]:
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found += [name.name for name in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert not node.level
            found.append(str(node.module))
    return found
