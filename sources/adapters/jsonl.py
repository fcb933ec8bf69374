"""JSON Lines: a document a line, {"id", "publisher", "published", "title", "text",
"conflict", "url"}; only "text" is needed where the rest has defaults."""

from __future__ import annotations

import json
from collections.abc import Iterator
from io import BytesIO

from sources.adapters.raw import Defaults, RawDocument, Unreadable, build, decode, parse_time

FIELDS = ("id", "publisher", "published", "title", "text", "conflict", "url")


def read(content: bytes, where: str, defaults: Defaults) -> Iterator[RawDocument | Unreadable]:
    for number, line in enumerate(BytesIO(content), 1):
        if line.strip():
            yield read_line(line, f"{where}:{number}", defaults)


def read_line(line: bytes, where: str, defaults: Defaults) -> RawDocument | Unreadable:
    """The document of one line. Nothing in it raises."""
    try:
        row = json.loads(decode(line))
        if not isinstance(row, dict):
            raise ValueError("not a JSON object")
        for field in FIELDS:
            if not isinstance(row.get(field), str | None):
                raise ValueError(f'"{field}" must be text')
        published = parse_time(row["published"]) if row.get("published") else None
    except json.JSONDecodeError as error:
        return Unreadable(where, f"not JSON: {error.msg} at column {error.colno}")
    except ValueError as error:
        return Unreadable(where, str(error))
    except RecursionError:
        return Unreadable(where, "not JSON that can be read: nested too deeply")
    return build(
        where,
        defaults,
        text=row.get("text") or "",
        publisher=row.get("publisher") or "",
        published=published,
        title=row.get("title") or "",
        conflict=row.get("conflict") or "",
        external_id=row.get("id") or "",
        url=row.get("url") or "",
        retold=row.get("provenance") == "retold",
    )
