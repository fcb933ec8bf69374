"""The storage of evidence in a folder."""

from __future__ import annotations

import os
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from django.core.files.storage import FileSystemStorage


class Folder(FileSystemStorage):
    """A folder in which a file is there whole or not at all: it is written beside its place, and
    moved there once it is on the disk, so that neither a killed process nor a power cut leaves
    half of it. What those leave is beside it, under a name that is no hash's."""

    def __init__(self, location: str) -> None:
        super().__init__(
            location=location,
            file_permissions_mode=0o640,
            directory_permissions_mode=0o750,
            allow_overwrite=True,
        )

    def _save(self, name: str, content: Any) -> str:
        place = Path(self.path(name))
        place.parent.mkdir(
            mode=self.directory_permissions_mode or 0o750, parents=True, exist_ok=True
        )
        with NamedTemporaryFile(dir=place.parent, prefix=f"{place.name}.", delete=False) as file:
            try:
                for chunk in content.chunks():
                    file.write(chunk)
                file.flush()
                os.fchmod(file.fileno(), self.file_permissions_mode or 0o640)
                os.fsync(file.fileno())
            except BaseException:
                Path(file.name).unlink()
                raise
        Path(file.name).replace(place)
        _to_disk(place.parent)
        return name


def _to_disk(folder: Path) -> None:
    """The names in a folder, too, outlive a power cut."""
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
