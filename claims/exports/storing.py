"""Files on their way into the storage: written beside it, and moved into place whole."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from django.conf import settings
from django.core.files import File
from django.core.files.storage import default_storage


class Measured(NamedTuple):
    """A file's bytes, in number and as the digest that shows whether they are the same."""

    size: int
    sha256: str


class _Written(File):
    """What Django's storage moves rather than copies: a file that lies there already."""

    def temporary_file_path(self) -> str:
        return str(self.name)


def measured(path: Path) -> Measured:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        return Measured(file.tell(), digest)


@contextmanager
def workplace(job: str, attempt: int) -> Iterator[Path]:
    """A folder for what is not finished, on the disk of the files. It goes at the end, and what
    was left there by attempts that were cut off goes at the beginning."""
    clear(job)
    folder = _unfinished() / f"{job}.{attempt}"
    folder.mkdir(parents=True)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def clear(job: str) -> None:
    """Take away what cut off attempts at a job have left."""
    for folder in _unfinished().glob(f"{job}.*"):
        shutil.rmtree(folder, ignore_errors=True)


def put(path: Path, name: str) -> str:
    """Move a finished file into the storage under that name, in place of one that an attempt has
    left there which was cut off. Returns the name that it got."""
    with path.open("rb") as file:
        os.fsync(file.fileno())
        default_storage.delete(name)
        return default_storage.save(name, _Written(file, name=str(path)))


def _unfinished() -> Path:
    return Path(settings.MEDIA_ROOT) / "unfinished"
