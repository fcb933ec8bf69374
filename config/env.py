"""Typed settings from the environment, each declared once, where it is used.

A declaration reads the variable, keeps a record of it for `manage.py settings`, and refuses a
malformed value by name in one line. A variable that is set but empty counts as not set.
Secrets can also come from the file that NAME_FILE names, and no message holds their value.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum
from pathlib import Path
from typing import NoReturn, TypeVar

from django.core.exceptions import ImproperlyConfigured

PREFIX = "CLAIMS_"  # of the variables that are all ours, so that an unknown one is a mistake
TILE_PARTS = ("{z}", "{x}", "{y}")
# Nothing that would end a source in the content security policy.
TILES = re.compile(r"https?://[A-Za-z0-9.-]+(:\d+)?/[^\s;,'\"<>]+")
TRUE, FALSE = {"1", "true", "yes", "on"}, {"0", "false", "no", "off"}

T = TypeVar("T")


class Source(StrEnum):
    """Where a setting's value comes from."""

    ENVIRONMENT = "environment"
    FILE = "file"
    DEFAULT = "default"
    DERIVED = "derived"  # from this installation itself: its folder, its embedded servers
    NOT_SET = "not set"


@dataclass(frozen=True, slots=True)
class Setting:
    """What was declared, and what it came to; values are as they are written in the environment.

    `default` may be words ("the embedded PostgreSQL") where it is derived; `file` is what
    NAME_FILE says, `reader` the program that reads it where that is not the application.
    """

    name: str
    kind: str
    default: str
    meaning: str
    source: Source
    value: str
    unit: str = ""
    secret: bool = False
    file: str = ""
    reader: str = ""


_declared: dict[str, Setting] = {}


def declared() -> list[Setting]:
    """All settings declared so far, in that order."""
    return list(_declared.values())


def refuse(name: str, why: str) -> NoReturn:
    """Raises ImproperlyConfigured, one line that names the setting."""
    raise ImproperlyConfigured(f"{name} {why}")


def text(
    name: str,
    default: str = "",
    *,
    meaning: str,
    derived: str = "",
    choices: Collection[str] = (),
) -> str:
    """A text; `derived` says what stands in its place where it is empty."""
    kind = f"one of {', '.join(choices)}" if choices else "text"

    def read(value: str) -> str:
        if choices and value not in choices:
            raise ValueError(f"must be one of {', '.join(choices)}")
        return value

    shown = derived or default
    unset = Source.DERIVED if derived else _unset(default)
    return _read(name, default, read, kind=kind, shown=shown, meaning=meaning, unset=unset)


def flag(name: str, default: bool, *, meaning: str, derived: str = "") -> bool:
    """A switch; `derived` says on what the default depends, where it is not the same for all."""

    def read(value: str) -> bool:
        if value.lower() not in TRUE | FALSE:
            raise ValueError("must be 1 or 0")
        return value.lower() in TRUE

    shown, unset = derived or str(int(default)), Source.DERIVED if derived else Source.DEFAULT
    return _read(name, default, read, kind="1 or 0", shown=shown, meaning=meaning, unset=unset)


def integer(name: str, default: int, *, meaning: str, minimum: int = 0, unit: str = "") -> int:
    def read(value: str) -> int:
        if not (value.isascii() and value.isdecimal()) or int(value) < minimum:
            raise ValueError(f"must be a whole number from {minimum}")
        return int(value)

    kind = f"whole number from {minimum}"
    return _read(name, default, read, kind=kind, shown=str(default), meaning=meaning, unit=unit)


def words(
    name: str, default: Collection[str] = (), *, meaning: str, choices: Collection[str] = ()
) -> list[str]:
    """A comma-separated list, of `choices` alone where there are any."""

    def read(value: str) -> list[str]:
        found = [word for word in (part.strip() for part in value.split(",")) if word]
        if choices and set(found) - set(choices):
            raise ValueError(f"must be of {', '.join(choices)}")
        return found

    shown, unset = ",".join(default), _unset(",".join(default))
    kind = f"list, with commas, of {', '.join(choices)}" if choices else "list, with commas"
    return _read(name, list(default), read, kind=kind, shown=shown, meaning=meaning, unset=unset)


def tiles(name: str, *, meaning: str) -> str:
    """The address of a map's tiles, with {z}, {x} and {y} for zoom and place; "" for none."""

    def read(value: str) -> str:
        if not TILES.fullmatch(value) or any(value.count(part) != 1 for part in TILE_PARTS):
            raise ValueError("must be https://HOST/PATH with {z}, {x} and {y} in the path")
        return value

    kind = "address with {z}, {x} and {y}"
    return _read(name, "", read, kind=kind, shown="", meaning=meaning, unset=Source.NOT_SET)


def secret(name: str, *, meaning: str, derived: str = "") -> str:
    """A text that is never shown, from NAME or from the file that NAME_FILE names; "" if neither.

    `derived` says what stands in its place where it is not set.
    """
    value, file = os.environ.get(name, ""), os.environ.get(f"{name}_FILE", "")
    if value and file:
        refuse(name, f"and {name}_FILE are both set: one of them must go")
    source = Source.ENVIRONMENT
    if file:
        value, source = _content(f"{name}_FILE", file), Source.FILE
    if not value:
        source = Source.DERIVED if derived else Source.NOT_SET
    _declared[name] = Setting(
        name, "secret", derived, meaning, source, "set" if value else "", secret=True, file=file
    )
    return value


def elsewhere(name: str, *, reader: str, kind: str, meaning: str, default: str = "") -> None:
    """Make known a variable that another program of the project reads by itself."""
    value = os.environ.get(name, "")
    source = Source.ENVIRONMENT if value else _unset(default)
    _declared[name] = Setting(name, kind, default, meaning, source, value or default, reader=reader)


def refuse_unknown() -> None:
    """Raises ImproperlyConfigured where a variable with our prefix is no declared setting:
    called when all have been declared."""
    known = set(_declared) | {f"{s.name}_FILE" for s in _declared.values() if s.secret}
    for name in sorted(os.environ):
        if name.startswith(PREFIX) and name not in known:
            near = get_close_matches(name, sorted(known), n=1)
            hint = f"did you mean {near[0]}?" if near else "`manage.py settings` lists all"
            refuse(name, f"is no setting: {hint}")


def _read(
    name: str,
    default: T,
    read: Callable[[str], T],
    *,
    kind: str,
    shown: str,
    meaning: str,
    unit: str = "",
    unset: Source = Source.DEFAULT,
) -> T:
    given = os.environ.get(name, "")
    try:
        value = read(given) if given else default
    except ValueError as error:
        refuse(name, f"is {given!r}: {error}")
    source = Source.ENVIRONMENT if given else unset
    _declared[name] = Setting(name, kind, shown, meaning, source, given or shown, unit)
    return value


def _unset(default: str) -> Source:
    return Source.DEFAULT if default else Source.NOT_SET


def _content(name: str, path: str) -> str:
    """What a secret's file holds, without the white space round it. Never empty."""
    try:
        content = Path(path).read_text(encoding="utf-8").strip()
    except OSError as error:
        refuse(name, f"is {path!r}: {error.strerror or error}")
    except UnicodeDecodeError:
        refuse(name, f"is {path!r}: not UTF-8 text")
    return content or refuse(name, f"is {path!r}: the file is empty")
