"""Reads the Compose files as Compose does: tags, interpolation, merging of several files."""

from __future__ import annotations

import re
import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parent.parent.parent
BASE, ENVIRONMENT = ROOT / "docker-compose.yml", ROOT / "docker" / "environment.yml"
EXAMPLE = ROOT / "docker" / "example.env"

VARIABLE = re.compile(r"\$(?:\$|\{(?P<name>\w+)(?:(?P<how>:?[-?+])(?P<rest>[^}]*))?\})")
RESET = object()  # what `!reset` stands for: take the value of an earlier file away


class Refused(Exception):
    """A variable that must be set is not: Compose goes no further, and prints this."""


class Loader(yaml.SafeLoader):
    """YAML with Compose's own tag."""


Loader.add_constructor("!reset", lambda loader, node: RESET)


def load(variables: Mapping[str, str], *files: Path) -> dict[str, Any]:
    """The project that the files make together, with `variables` put in. Raises Refused."""
    project: dict[str, Any] = {}
    for file in files or (BASE,):
        content = yaml.load(file.read_text(), Loader)
        project = merged(project, interpolated(content, variables))
    for service in project["services"].values():
        service["environment"] = {
            name: variables.get(name) if value is None else value
            for name, value in service.get("environment", {}).items()
            if value is not None or name in variables
        }
    return {name: part for name, part in project.items() if not name.startswith("x-")}


def interpolated(value: Any, variables: Mapping[str, str]) -> Any:
    """`value` with the variables of its texts replaced. Raises Refused."""
    match value:
        case str():
            return VARIABLE.sub(lambda match: _replaced(match, variables), value)
        case dict():
            return {name: interpolated(part, variables) for name, part in value.items()}
        case list():
            return [interpolated(part, variables) for part in value]
    return value


def _replaced(match: re.Match[str], variables: Mapping[str, str]) -> str:
    name, how, rest = match["name"], match["how"] or "", match["rest"] or ""
    if name is None:
        return "$"
    value = variables.get(name)
    given = bool(value) if how.startswith(":") else value is not None
    match how[-1:]:
        case "+":
            return rest if given else ""
        case "?" if not given:
            raise Refused(f"required variable {name} is missing a value: {rest}")
        case "-" if not given:
            return rest
    return value or ""


def merged(first: Any, second: Any) -> Any:
    """What a later file makes of an earlier one's value: mappings are joined, lists appended."""
    if isinstance(first, dict) and isinstance(second, dict):
        joined = {name: part for name, part in first.items() if second.get(name) is not RESET}
        for name, part in second.items():
            if part is not RESET:
                joined[name] = merged(joined[name], part) if name in joined else part
        return joined
    if isinstance(first, list) and isinstance(second, list):
        return first + second
    return second


def command(service: Mapping[str, Any]) -> list[str] | None:
    """A service's command as Compose runs it, None where it is the image's own."""
    given = service.get("command")
    return shlex.split(given) if isinstance(given, str) else given


def check(test: list[str]) -> list[str]:
    """A health check's command."""
    kind, *rest = test
    return ["sh", "-c", *rest] if kind == "CMD-SHELL" else rest


def seconds(duration: str) -> float:
    """A duration as Compose writes it: `5m`, `1m30s`, `10s`."""
    units = {"h": 3600, "m": 60, "s": 1}
    return float(sum(int(n) * units[unit] for n, unit in re.findall(r"(\d+)([hms])", duration)))


def variables_of(file: Path, *, commented: bool = False) -> dict[str, str]:
    """The variables of a file in `.env` form; with `commented` those behind a # as well."""
    pattern = re.compile(r"^#?(\w+)=(.*)$" if commented else r"^(\w+)=(.*)$", re.MULTILINE)
    return dict(pattern.findall(file.read_text()))
