"""Readers of outside formats: bytes in, `RawDocument`s and `Unreadable`s out. No Django.

Each reader is lazy and never raises for bad content: what cannot be read is returned as an
`Unreadable` that says where and why, and the rest goes on.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from sources.adapters import html, jsonl, mail, pdf, text
from sources.adapters.raw import Defaults, Incomplete, RawDocument, Unreadable

MAX_BYTES = 50_000_000  # of one file; JSON Lines may hold many documents
READERS = {
    ".txt": text.read,
    ".text": text.read,
    ".md": text.read,
    ".html": html.read,
    ".htm": html.read,
    ".pdf": pdf.read,
    ".eml": mail.read,
    ".jsonl": jsonl.read,
    ".ndjson": jsonl.read,
}

__all__ = ["Defaults", "Incomplete", "RawDocument", "Unreadable", "read", "read_here"]

# Reads bytes of the kind that a file's ending says; with where they are from, for messages.
ReadBytes = Callable[[str, bytes, str, Defaults], Iterable["RawDocument | Unreadable"]]


def read_here(
    ending: str, content: bytes, where: str, defaults: Defaults
) -> Iterator[RawDocument | Unreadable]:
    """In this process: of what nobody means harm with."""
    return READERS[ending](content, where, defaults)


def read(
    source: str, defaults: Defaults, read_bytes: ReadBytes = read_here
) -> Iterator[RawDocument | Unreadable]:
    """Read a file, every readable file below a folder, or standard input (`-`, JSON Lines or,
    where that is not what it holds, plain text)."""
    if source == "-":
        content = sys.stdin.buffer.read()
        ending = ".jsonl" if content.lstrip()[:1] == b"{" else ".txt"
        yield from read_bytes(ending, content, "standard input", defaults)
        return
    path = Path(source)
    if path.is_dir():
        yield from _read_folder(path, defaults, read_bytes)
    else:
        yield from _read_file(path, defaults, read_bytes)


def _read_folder(
    folder: Path, defaults: Defaults, read_bytes: ReadBytes
) -> Iterator[RawDocument | Unreadable]:
    files = sorted(
        path for path in folder.rglob("*") if path.suffix.lower() in READERS and path.is_file()
    )
    if not files:
        kinds = ", ".join(sorted(READERS))
        yield Unreadable(str(folder), f"the folder holds no file of a known kind ({kinds})")
    for path in files:
        yield from _read_file(path, defaults, read_bytes)


def _read_file(
    path: Path, defaults: Defaults, read_bytes: ReadBytes
) -> Iterator[RawDocument | Unreadable]:
    if not path.exists():
        yield Unreadable(str(path), "No such file or directory")
        return
    if path.suffix.lower() not in READERS:
        kinds = ", ".join(sorted(READERS))
        yield Unreadable(str(path), f"unknown kind of file: must be one of {kinds}")
        return
    try:
        if path.stat().st_size > MAX_BYTES:
            yield Unreadable(str(path), f"larger than {MAX_BYTES // 1_000_000} MB")
            return
        content = path.read_bytes()
    except OSError as error:
        yield Unreadable(str(path), error.strerror or str(error))
        return
    yield from read_bytes(path.suffix.lower(), content, str(path), defaults)
