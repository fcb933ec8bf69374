"""A pack's TOML text with typed access to its fields; every mistake has file and line."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, get_args

from entities.lexicon import ActorKind

_KEY = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_COLOUR = re.compile(r"#[0-9a-f]{6}")


class PackError(ValueError):
    """A mistake in a pack, said as "ukraine.toml:12: reason"."""

    def __init__(self, path: Path, line: int, reason: str) -> None:
        super().__init__(f"{path}:{line}: {reason}")
        self.path = path
        self.line = line
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Table:
    """One TOML table. `first` and `last` are the text's lines (from 1) that it lies in: the
    parser does not keep positions, so a field's line is searched for between them."""

    path: Path
    lines: tuple[str, ...]
    first: int
    last: int
    values: dict[str, Any]
    label: str

    def error(self, field: str | None, reason: str, entry: str | None = None) -> PackError:
        """A mistake in `field` (or in the whole table), in its list's last `entry` if given."""
        return PackError(self.path, self.line(field, entry), f"{self.label}: {reason}")

    def has(self, field: str) -> bool:
        return field in self.values

    def only(self, *fields: str) -> None:
        """Refuse any field that is not among these."""
        for field in self.values:
            if field not in fields:
                raise self.error(field, f"unknown field {field!r}")

    def text(self, field: str) -> str:
        if field not in self.values:
            raise self.error(None, f"{field!r} is missing")
        value = self.values[field]
        if not isinstance(value, str) or not value.strip():
            raise self.error(field, f"{field!r} must be a text")
        self._no_stray_spaces(field, value)
        return value

    def key(self, field: str) -> str:
        """A key: small letters and digits, with hyphens between."""
        value = self.text(field)
        if not _KEY.fullmatch(value):
            raise self.error(field, f"{value!r} is no key (small letters, digits, hyphens)")
        return value

    def colour(self, field: str) -> str:
        value = self.text(field)
        if not _COLOUR.fullmatch(value):
            raise self.error(field, f'{value!r} is no colour such as "#1f77b4"')
        return value

    def choice(self, field: str, choices: Collection[str]) -> str:
        value = self.text(field)
        if value not in choices:
            raise self.error(field, f"{value!r} is none of {', '.join(sorted(choices))}")
        return value

    def kind(self, field: str) -> ActorKind:
        value: ActorKind
        value = self.choice(field, get_args(ActorKind))  # type: ignore[assignment]
        return value

    def flag(self, field: str) -> bool:
        value = self.values.get(field, False)
        if not isinstance(value, bool):
            raise self.error(field, f"{field!r} must be true or false")
        return value

    def texts(self, field: str) -> tuple[str, ...]:
        value = self.values.get(field, [])
        if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
            raise self.error(field, f"{field!r} must be a list of texts")
        for one in value:
            if not one:
                raise self.error(field, f"{field!r} has an empty text")
            self._no_stray_spaces(field, one)
        return tuple(value)

    def distinct_texts(self, field: str, first: str | None = None) -> tuple[str, ...]:
        """The list's texts, led by `first`; none may be there twice."""
        texts = (*(() if first is None else (first,)), *self.texts(field))
        for index, text in enumerate(texts):
            if text in texts[:index]:
                raise self.error(field, f"{text!r} is there twice", text)
        return texts

    def period(self) -> tuple[date | None, date | None]:
        """The days `since` and `until`, either of which may be left open."""
        since, until = self._day("since"), self._day("until")
        if since and until and until < since:
            raise self.error("until", f"ends on {until}, before it starts on {since}")
        return since, until

    def inner(self, field: str) -> list[Table]:
        """A list of inline tables."""
        value = self.values.get(field, [])
        if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
            raise self.error(field, f"{field!r} must be a list of tables")
        first = self.line(field)
        return [Table(self.path, self.lines, first, self.last, one, self.label) for one in value]

    def _day(self, field: str) -> date | None:
        value = self.values.get(field)
        if value is None:
            return None
        if not isinstance(value, date) or isinstance(value, datetime):
            raise self.error(field, f"{field!r} must be a day such as 2023-01-11")
        return value

    def _no_stray_spaces(self, field: str, text: str) -> None:
        if text != " ".join(text.split()):
            raise self.error(field, f"{text!r} has stray spaces", text)

    def line(self, field: str | None, entry: str | None = None) -> int:
        """The line of `field` (or of the whole table), of its list's last `entry` if given."""
        if field is None:
            return self.first
        assignment = re.compile(rf'(^|[{{,])\s*"?{re.escape(field)}"?\s*=')
        for number in range(self.first, self.last + 1):
            if assignment.search(self.lines[number - 1]):
                return self._entry_line(number, entry) if entry else number
        return self.first

    def line_of(self, text: str) -> int:
        """The first line of the table that has this very text, or else the table's own."""
        numbers = range(self.first, self.last + 1)
        return next((n for n in numbers if text in self.lines[n - 1]), self.first)

    def _entry_line(self, start: int, entry: str) -> int:
        numbers = range(start, self.last + 1)
        return max((n for n in numbers if f'"{entry}"' in self.lines[n - 1]), default=start)


@dataclass(frozen=True, slots=True)
class PackFile:
    """A pack's text, parsed but not yet checked."""

    path: Path
    lines: tuple[str, ...]
    values: dict[str, Any]

    @classmethod
    def read(cls, path: Path) -> PackFile:
        """Raises PackError where the text is no TOML, OSError where there is no file."""
        content = path.read_bytes()
        try:
            text = content.decode("utf-8")
            values = tomllib.loads(text)
        except UnicodeDecodeError as error:
            line = content[: error.start].count(b"\n") + 1
            raise PackError(path, line, "is not UTF-8 text") from None
        except tomllib.TOMLDecodeError as error:
            place = re.search(r"\(at line (\d+)", str(error))
            line = int(place.group(1)) if place else text.count("\n") + 1
            raise PackError(path, line, f"is not TOML: {error}") from None
        return cls(path, tuple(text.split("\n")), values)

    @property
    def top(self) -> Table:
        """The fields above the first table."""
        return Table(self.path, self.lines, 1, len(self.lines), self.values, "pack")

    @property
    def key(self) -> str:
        return self.top.key("key")

    def tables(self, name: str) -> list[Table]:
        """The tables `[[name]]`, each with the lines that it lies in."""
        values = self.values.get(name, [])
        if not isinstance(values, list) or not all(isinstance(one, dict) for one in values):
            raise self.top.error(name, f"{name!r} must be written as [[{name}]]")
        headers = [number for number, line in enumerate(self.lines, 1) if line.startswith("[[")]
        starts = [n for n in headers if self.lines[n - 1].split("#")[0].strip() == f"[[{name}]]"]
        if len(starts) != len(values):
            raise self.top.error(None, f"every {name} needs a line [[{name}]] of its own")
        ends = dict(zip(headers, [*(n - 1 for n in headers[1:]), len(self.lines)], strict=True))
        return [
            Table(
                self.path,
                self.lines,
                start,
                ends[start],
                value,
                f"{name} {value.get('key', value.get('actor', index))!r}",
            )
            for index, (start, value) in enumerate(zip(starts, values, strict=True), 1)
        ]

    def keys(self, name: str) -> frozenset[str]:
        """The keys of the tables `[[name]]`, of those too that are wrong otherwise."""
        values = self.values.get(name, [])
        tables = values if isinstance(values, list) else []
        found = (table.get("key") for table in tables if isinstance(table, dict))
        return frozenset(key for key in found if isinstance(key, str))
