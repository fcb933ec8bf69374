"""What a backup must hold: `manifest.json`, written last, so that a folder without one is none."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO

from config.backups.programs import Failed

NAME = "manifest.json"
FORM = 1
DUMP = "database.dump"
CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Kept:
    """A file of a backup: its path in the folder, bytes, SHA-256."""

    path: str
    size: int
    sha256: str


@dataclass(slots=True)
class Manifest:
    """`migrations`: those applied, as app/name; `rows` of each table, empty where the dump was
    brought along; `missing`: objects that the database speaks of and no storage has."""

    made_at: str
    postgres: str
    programs: str
    migrations: list[str]
    rows: dict[str, int] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)
    files: list[Kept] = field(default_factory=list)
    form: int = FORM

    def write(self, folder: Path) -> None:
        draft = folder / f"{NAME}.new"
        draft.write_text(json.dumps(asdict(self), indent=1) + "\n")
        draft.rename(folder / NAME)


def read(folder: Path) -> Manifest:
    """Raises Failed where there is none, or it is of another form."""
    try:
        told = json.loads((folder / NAME).read_text())
    except FileNotFoundError:
        raise Failed(f"{folder} is no whole backup: it has no {NAME}.") from None
    except ValueError:
        raise Failed(f"{folder / NAME} is no JSON.") from None
    if not isinstance(told, dict) or told.get("form") != FORM:
        raise Failed(f"{folder / NAME} is not of form {FORM}: made by another version of this.")
    return Manifest(**{**told, "files": [Kept(**one) for one in told["files"]]})


def faults(folder: Path, manifest: Manifest) -> Iterator[str]:
    """What of a backup is not as it was made, each in a line; every file is read."""
    for kept in manifest.files:
        path = folder / kept.path
        if not path.is_file():
            yield f"{kept.path}: missing"
        elif path.stat().st_size != kept.size or digest(path) != kept.sha256:
            yield f"{kept.path}: not as it was backed up"


def copied(source: IO[bytes], folder: Path, path: str) -> Kept:
    """Write what can be read into a file of the backup."""
    target = folder / path
    target.parent.mkdir(parents=True, exist_ok=True)
    found, size = hashlib.sha256(), 0
    with target.open("wb") as out:
        while piece := source.read(CHUNK):
            found.update(piece)
            size += len(piece)
            out.write(piece)
    return Kept(path, size, found.hexdigest())


def digest(path: Path) -> str:
    with path.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()
