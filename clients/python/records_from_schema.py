"""Writes conflict_claims/records.py from the API's description, an OpenAPI document as
JSON on standard input; `make client` gives it that.

Records are TypedDicts: what the API answers is returned as it is, so that a field which is added
there is there at once.
"""

from __future__ import annotations

import json
import keyword
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any

TARGET = Path(__file__).with_name("conflict_claims") / "records.py"
WIDTH = 100
HEAD = '''"""What the API answers and which parameters it takes, written by records_from_schema.py.

Days are `YYYY-MM-DD` and times RFC 3339, both as text; ids are UUIDs as text.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Literal, NotRequired, TypedDict
from uuid import UUID
'''
_PLAIN = {"string": "str", "integer": "int", "number": "float", "boolean": "bool", "null": "None"}
# What may be given for a parameter besides its text.
_GIVEN = {"date": "date | str", "date-time": "datetime | date | str", "uuid": "UUID | str"}
_OF_PAGING = ("cursor",)  # which iterators see to
# Pages, which they go through, and records with the fields that were asked for alone: the types
# of whole ones serve for these.
_LEFT_OUT = ("Paginated", "SomeOf")

Schema = dict[str, Any]


def module(schema: Schema) -> str:
    """The text of the module: records that GET answers with, each after those that it is made
    of, then the parameters of lists and of what else takes any."""
    components: Schema = schema["components"]["schemas"]
    operations = list(_operations(schema))
    parts = [_record(name, components[name]) for name in _used(operations, components)]
    parts += [text for operation in operations if (text := _filters(operation))]
    return "\n\n".join([HEAD, *parts]) + "\n"


def _operations(schema: Schema) -> Iterator[Schema]:
    """Those that read, and answer with JSON alone: files may be of that type, too."""
    for _, methods in sorted(schema["paths"].items()):
        answers = methods.get("get", {}).get("responses", {}).get("200", {})
        if set(answers.get("content", ())) == {"application/json"}:
            yield methods["get"]


def _used(operations: list[Schema], components: Schema) -> list[str]:
    """Names of components, those within others first."""
    found: dict[str, None] = {}

    def visit(name: str) -> None:
        if name in found:
            return
        for inner in sorted(set(_references(components[name])) - {name}):
            visit(inner)
        found[name] = None

    for operation in operations:
        answer = operation["responses"].get("200", {}).get("content", {})
        for name in _references(answer.get("application/json", {})):
            visit(name)
    return [
        name
        for name in found
        if "properties" in components[name] and not name.startswith(_LEFT_OUT)
    ]


def _references(item: Any) -> Iterator[str]:
    if isinstance(item, dict):
        if "$ref" in item:
            yield item["$ref"].rpartition("/")[2]
        for value in item.values():
            yield from _references(value)
    elif isinstance(item, list):
        for value in item:
            yield from _references(value)


def _record(name: str, component: Schema) -> str:
    required = component.get("required", ())
    fields = {
        field: _type(item) if field in required else f"NotRequired[{_type(item)}]"
        for field, item in component["properties"].items()
    }
    return _typed_dict(name, component.get("description", ""), fields)


def _filters(operation: Schema) -> str:
    asked = [
        item
        for item in operation.get("parameters", ())
        if item["in"] == "query" and item["name"] not in _OF_PAGING
    ]
    if not asked:
        return ""
    name = "".join(word.title() for word in operation["operationId"].split("_"))
    fields = {item["name"]: _given(item["schema"]) for item in asked}
    return _typed_dict(f"{name}Parameters", "", fields, total=False)


def _typed_dict(name: str, told: str, fields: dict[str, str], *, total: bool = True) -> str:
    """As a class; where a field's name is a word of Python, as a call."""
    partial = "" if total else ", total=False"
    if any(keyword.iskeyword(field) or not field.isidentifier() for field in fields):
        rows = "".join(f'        "{field}": {kind},\n' for field, kind in fields.items())
        return f'{name} = TypedDict(\n    "{name}",\n    {{\n{rows}    }}{partial},\n)'
    lines = [f"class {name}(TypedDict{partial}):"]
    if told:
        lines += [textwrap.indent(_docstring(told), "    "), ""]
    return "\n".join([*lines, *(f"    {field}: {kind}" for field, kind in fields.items())])


def _docstring(told: str) -> str:
    text = " ".join(told.split()).replace("\\", "\\\\")
    if len(text) <= WIDTH - 10:
        return f'"""{text}"""'
    return '"""' + textwrap.fill(text, WIDTH - 7) + '\n"""'


def _type(item: Schema) -> str:
    """The type that a value of this schema has in Python."""
    kinds = list(dict.fromkeys(_kinds(item)))
    return "Any" if "Any" in kinds else " | ".join(sorted(kinds, key=lambda kind: kind == "None"))


def _kinds(item: Schema) -> Iterator[str]:
    """The types of which its values have one."""
    if item.get("nullable"):  # as OpenAPI 3.0 says it
        yield "None"
    if "$ref" in item:
        yield item["$ref"].rpartition("/")[2]
    elif choices := item.get("oneOf") or item.get("anyOf") or item.get("allOf"):
        for choice in choices:
            yield from _kinds(choice)
    elif values := item.get("enum") or [item[name] for name in ("const",) if name in item]:
        words = [json.dumps(value) for value in values if value is not None]
        yield f"Literal[{', '.join(words)}]" if words else "None"
        if None in values:
            yield "None"
    else:
        types = item.get("type", "any")
        for name in types if isinstance(types, list) else [types]:
            yield _of_type(name, item)


def _of_type(name: str, item: Schema) -> str:
    if name == "array":
        return f"list[{_type(item.get('items', {}))}]"
    if name == "object":
        inner = item.get("additionalProperties")
        return f"dict[str, {_type(inner)}]" if isinstance(inner, dict) else "dict[str, Any]"
    return _PLAIN.get(name, "Any")


def _given(item: Schema) -> str:
    """The type that a parameter takes: days and times may be Python's own."""
    if item.get("type") == "array":
        inner = _given(item["items"])
        return f"{inner} | Sequence[{inner}]"
    if "enum" not in item and item.get("format") in _GIVEN:
        return _GIVEN[item["format"]]
    return _type(item)


def main() -> int:
    TARGET.write_text(module(json.load(sys.stdin)), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
