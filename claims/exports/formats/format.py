"""What a format is, and how values are written that several of them write alike."""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass
from datetime import UTC, datetime

from claims.exports.content import Content

PIECE = 64 * 1024  # bytes, about, of what is handed on at once


@dataclass(frozen=True, slots=True)
class Format:
    """`encode` yields a file's bytes while it reads the rows. `most_rows`: how many fit."""

    name: str
    title: str
    media_type: str
    meaning: str
    encode: Callable[[Content], Generator[bytes, None, None]]
    most_rows: int | None = None


def utc(moment: datetime) -> str:
    """RFC 3339, in UTC: 2023-01-11T18:00:00Z."""
    return f"{moment.astimezone(UTC).isoformat()[: -len('+00:00')]}Z"
