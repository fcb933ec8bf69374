"""One thing that is wrong, and how a pack says that it is meant so."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from entities.checking.codes import CODES
from entities.pack_file import PackError, Table

_ALLOWED = re.compile(r"#\s*allow:\s*([a-z, -]+)")


@dataclass(frozen=True, slots=True)
class Finding:
    """`line` counts from 1. `code` is one of `CODES`, which says how grave it is."""

    path: Path
    line: int
    code: str
    reason: str

    @property
    def is_error(self) -> bool:
        return CODES[self.code].is_error

    def __str__(self) -> str:
        word = "error" if self.is_error else "warning"
        return f"{self.path}:{self.line}: {word}: {self.reason} [{self.code}]"

    @classmethod
    def at(
        cls, table: Table, field: str | None, code: str, reason: str, entry: str | None = None
    ) -> Finding:
        """In a table's field, or at its list's entry; the table's label leads the reason."""
        return cls(table.path, table.line(field, entry), code, f"{table.label}: {reason}")

    @classmethod
    def of_mistake(cls, mistake: PackError) -> Finding:
        return cls(mistake.path, mistake.line, "unreadable", mistake.reason)


def is_allowed(finding: Finding, lines: Sequence[str]) -> bool:
    """Whether the finding is a warning, and its line or the one above says that it is meant:
    "# allow: name-is-place"."""
    if finding.is_error:
        return False
    for line in lines[max(finding.line - 2, 0) : finding.line]:
        allowed = _ALLOWED.search(line)
        if allowed and finding.code in re.split(r"[\s,]+", allowed.group(1)):
            return True
    return False
