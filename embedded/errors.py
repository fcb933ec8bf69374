"""The one error of this package, and how errors of the system become it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager


class EmbeddedError(Exception):
    """A server cannot be started or stopped; the message is one line for the person at hand."""


@contextmanager
def told() -> Iterator[None]:
    """Turn an error of the file system (full disk, read-only folder) into an EmbeddedError."""
    try:
        yield
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        raise EmbeddedError(f"{where}{error.strerror or error}") from error
