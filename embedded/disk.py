"""Sizes of folders on the disk, as a person reads them."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

BLOCK = 512  # bytes, the unit of `st_blocks` everywhere


def used(paths: Iterable[Path]) -> int:
    """Bytes that files and folders take up on the disk; links are not followed."""
    return sum(_used(path) for path in paths)


def _used(path: Path) -> int:
    with suppress(FileNotFoundError):  # a running server removes files
        size = path.lstat().st_blocks * BLOCK
        if path.is_dir() and not path.is_symlink():
            size += used(path.iterdir())
        return size
    return 0


def readable(size: int) -> str:
    """A number of bytes with its unit, in powers of 1000."""
    if size < 1_000_000:
        return f"{size / 1000:.0f} kB"
    if size < 1_000_000_000:
        return f"{size / 1_000_000:.1f} MB"
    return f"{size / 1_000_000_000:.1f} GB"
