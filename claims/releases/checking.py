"""Whether the files of releases are what was published."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from django.core.files.storage import default_storage

from claims.models import Release, ReleaseFile

MISSING, CHANGED = "missing", "changed"


@dataclass(frozen=True, slots=True)
class Checked:
    """`fault`: "" where the file is what it was."""

    file: ReleaseFile
    fault: str


def check(number: int | None = None) -> Iterator[Checked]:
    """Each file of that release, or of all, read from its first byte to its last."""
    files = ReleaseFile.objects.filter(release__state=Release.State.PUBLISHED)
    if number is not None:
        files = files.filter(release=number)
    for file in files.select_related("release"):
        yield Checked(file, _fault(file))


def _fault(file: ReleaseFile) -> str:
    try:
        with default_storage.open(str(file.file.name), "rb") as content:
            digest = hashlib.sha256()
            for chunk in content.chunks():
                digest.update(chunk)
    except FileNotFoundError:
        return MISSING
    return "" if digest.hexdigest() == file.sha256 else CHANGED
