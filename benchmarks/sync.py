"""Torture of the feed: many writers, copies whose programs are killed, and a comparison.

    DATABASE_URL=postgresql://USER@HOST/ANY .venv/bin/python -m benchmarks.sync
        [--changes 20000] [--writers 8] [--clients 3] [--seed 1] [--json]

In a database of its own, which it makes on that server and drops at the end (without DATABASE_URL:
on the embedded one), writers decide, add claims with passages, supersede, delete, move, roll back,
hold transactions open and derive, until there are so many changes. Meanwhile copies follow
through a web server as in production (granian), by the Python client, whose processes are killed
at random and resume from their files. At the end each copy is compared with the database, row by
row. Exit code 1 where one differs.
"""

from __future__ import annotations

import argparse
import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from random import Random
from urllib.request import urlopen

import django

import embedded
from benchmarks.databases import own_database
from benchmarks.syncing.copies import PROJECT, Copy, database_claims, database_statuses

PATIENCE = 60  # seconds for the web server to start
Figures = dict[str, float]


@contextmanager
def web_server(folder: Path) -> Iterator[str]:
    """The address of a web server on the environment's database, as in production."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = ["granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port)]
    options = ["--blocking-threads", "4", "--log-level", "warning", "config.wsgi:application"]
    url = f"http://127.0.0.1:{port}"
    with (folder / "web.log").open("wb") as log:
        process = subprocess.Popen(
            [str(Path(sys.executable).parent / command[0]), *command[1:], *options],
            cwd=PROJECT,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    try:
        _wait_for(url, process)
        yield url
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait()


def _wait_for(url: str, process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + PATIENCE
    while True:
        try:
            with urlopen(f"{url}/healthz", timeout=5):  # noqa: S310 - of this machine
                return
        except OSError:
            if process.poll() is not None or time.monotonic() > end:
                raise
            time.sleep(0.2)


def torture(
    folder: Path, *, key: str, changes: int, writers: int, clients: int, seed: int
) -> tuple[Figures, list[str]]:
    """On the environment's database, which has `benchmarks.syncing.scene`. Returns what it took,
    and the differences between copies and database."""
    with web_server(folder) as url:
        copies = [
            Copy(folder / f"copy-{number}.sqlite", url, key, Random(seed + number))  # noqa: S311
            for number in range(clients)
        ]
        began = time.monotonic()
        done = _write(copies, changes, writers, seed)
        written = time.monotonic() - began
        _settle()
        for copy in copies:
            copy.finish()
        took = time.monotonic() - began
        claims, statuses = database_claims(url), database_statuses()
        differences = [line for copy in copies for line in copy.differences(claims, statuses)]
    noted = _noted()
    figures = {
        "changes": noted,
        "writing_seconds": round(written, 1),
        "changes_per_second": round(noted / written, 1),
        "seconds": round(took, 1),
        "kills": sum(copy.kills for copy in copies),
        "reads": sum(copy.reads for copy in copies),
        "claims": len(claims),
        "statuses": len(statuses),
        "copies": len(copies),
        "differences": len(differences),
    }
    return {**figures, **{f"writers_{name}": count for name, count in done.items()}}, differences


def _write(copies: list[Copy], changes: int, writers: int, seed: int) -> Counter[str]:
    """Let writers write until there are so many changes, and copies follow meanwhile."""
    command = [sys.executable, "-m", "benchmarks.syncing.writer", "--changes", str(changes)]
    running = [
        subprocess.Popen(
            [*command, "--seed", str(seed * writers + number)],
            cwd=PROJECT,
            stdout=subprocess.PIPE,
            text=True,
        )
        for number in range(writers)
    ]
    try:
        while any(writer.poll() is None for writer in running):
            for copy in copies:
                copy.go_on()
            time.sleep(0.05)
    finally:
        for writer in running:
            writer.kill()
    done: Counter[str] = Counter()
    for writer in running:
        out, _ = writer.communicate()
        if writer.returncode != 0:
            raise RuntimeError("A writer failed: see above.")
        for line in out.splitlines():
            name, count = line.split()
            done[name] += int(count)
    return done


def _settle() -> None:
    """Statuses as the last claims have them."""
    from claims.derive import derive_due

    while derive_due():
        pass


def _noted() -> int:
    """How many changes there are, all of them numbered. Raises RuntimeError for a gap."""
    from django.db.models import Count, Max

    from claims.models import Change

    found = Change.objects.aggregate(all=Count("id"), last=Max("number"))
    if found["all"] != found["last"]:
        raise RuntimeError(f"{found['all']} changes, and the last has the number {found['last']}")
    return int(found["all"])


def main() -> int:
    parser = argparse.ArgumentParser(description="Torture the feed of changes.")
    parser.add_argument("--changes", type=int, default=20_000)
    parser.add_argument("--writers", type=int, default=8)
    parser.add_argument("--clients", type=int, default=3)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--json", action="store_true", help="one flat JSON object")
    given = parser.parse_args()
    own = not (os.environ.get("DATABASE_URL") and os.environ.get("REDIS_URL"))
    with embedded.servers() if own else nullcontext():
        server = os.environ.get("DATABASE_URL") or embedded.database_url()
        with own_database(server) as database, tempfile.TemporaryDirectory() as folder:
            os.environ |= {
                "DATABASE_URL": database,
                "REDIS_URL": os.environ.get("REDIS_URL") or embedded.broker_url(),
                "CLAIMS_SECRET_KEY": secrets.token_urlsafe(50),
                "DJANGO_SETTINGS_MODULE": "config.settings",
            }
            figures, differences = _in(Path(folder), given)
    if given.json:
        sys.stdout.write(f"{json.dumps(figures)}\n")
    else:
        for name, figure in figures.items():
            sys.stdout.write(f"{name:24} {figure:>12,}\n")
    for line in differences[:20]:
        sys.stderr.write(f"{line[:500]}\n")
    return 1 if differences else 0


def _in(folder: Path, given: argparse.Namespace) -> tuple[Figures, list[str]]:
    django.setup()
    from django.core.management import call_command
    from django.db import connection

    from benchmarks.syncing.scene import make_scene

    call_command("migrate", verbosity=0)
    try:
        return torture(
            folder,
            key=make_scene(),
            changes=given.changes,
            writers=given.writers,
            clients=given.clients,
            seed=given.seed,
        )
    finally:
        connection.close()


if __name__ == "__main__":
    sys.exit(main())
