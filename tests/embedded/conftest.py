"""Project folders of their own for the servers under test, cleared away with all they left."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import psycopg
import pytest
import redis

import embedded
from embedded.layout import ELSEWHERE_ROOT, Layout
from embedded.postgres import Postgres
from embedded.processes import wait_until, working_in
from embedded.server import Server
from embedded.valkey import Valkey

ADDRESS = re.compile(r"^\s*http://127\.0\.0\.1:(\d+)$", re.MULTILINE)
HOLDER = """
import sys
from pathlib import Path
import embedded
with embedded.servers(Path(sys.argv[1])) as leases:
    print(*(lease.server.pid() for lease in leases), flush=True)
    sys.stdin.readline()
"""


def _idle(server: Server) -> bool:
    return not server.working()


def cleared(project: Path) -> None:
    layout = Layout(project)
    for kind in (Postgres, Valkey):
        server = kind(layout)
        assert wait_until(partial(_idle, server), 20), server.working()
    for folder in (layout.sockets, ELSEWHERE_ROOT / f"claims-{layout.digest}", project):
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(autouse=True)
def no_servers_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.delenv("REDIS_URL", raising=False)


@pytest.fixture(scope="module")
def project() -> Iterator[Path]:
    """A folder that every user can enter, as a checkout usually is; one for a test module."""
    folder = Path(tempfile.mkdtemp(prefix="claims-test-"))
    folder.chmod(0o755)
    yield folder
    cleared(folder)


@pytest.fixture
def fresh_project() -> Iterator[Path]:
    """A folder in which nothing was ever started."""
    folder = Path(tempfile.mkdtemp(prefix="claims-test-"))
    folder.chmod(0o755)
    yield folder
    cleared(folder)


@pytest.fixture
def closed_project() -> Iterator[Path]:
    """A folder below one that only its owner can enter, as under a home."""
    home = Path(tempfile.mkdtemp(prefix="claims-home-"))
    folder = home / "project"
    folder.mkdir()
    yield folder
    cleared(folder)
    home.rmdir()


@pytest.fixture
def deep_project(project: Path) -> Iterator[Path]:
    """A folder whose own path is longer than a socket's may be."""
    deep = project / ("deep" * 20) / ("deeper" * 20)
    deep.mkdir(parents=True)
    yield deep
    cleared(deep)


Hold = Callable[[Path], "Holder"]


class Holder:
    """Another process that holds leases on both servers until told to leave."""

    def __init__(self, project: Path) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", HOLDER, str(project)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=embedded.PROJECT,
        )

    def server_pids(self) -> list[int]:
        """Ids of the PostgreSQL and Valkey processes, once they answer."""
        assert self.process.stdout is not None
        return [int(word) for word in self.process.stdout.readline().split()]

    def leave(self) -> int:
        self.process.communicate("\n", timeout=60)
        return self.process.returncode

    def kill(self) -> None:
        self.process.kill()
        self.process.communicate()


@pytest.fixture
def hold() -> Iterator[Hold]:
    """Start a holder of leases for a project."""
    holders: list[Holder] = []

    def start(project: Path) -> Holder:
        holders.append(Holder(project))
        return holders[-1]

    yield start
    for holder in holders:
        if holder.process.poll() is None:
            holder.kill()


@pytest.fixture(scope="module")
def miniature() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="claims-test-")) / "project"
    shutil.copytree(Path(__file__).parent / "miniature", folder)
    code = shutil.ignore_patterns("__pycache__")
    shutil.copytree(embedded.PROJECT / "embedded", folder / "embedded", ignore=code)
    folder.parent.chmod(0o755)
    yield folder
    cleared(folder)
    folder.parent.rmdir()


class Run:
    """A launcher and what it has printed so far."""

    def __init__(self, project: Path, **environment: str) -> None:
        self.project = project
        self.output = project / "launcher.out"
        kept = {k: v for k, v in os.environ.items() if k not in ("MAKELEVEL", "CLAIMS_DEBUG")}
        with self.output.open("w") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "embedded", "run"],
                cwd=project,
                stdout=output,
                stderr=output,
                env={**kept, "PORT": str(unused_port()), **environment},
            )

    def text(self) -> str:
        return self.output.read_text()

    def until(self, words: str, timeout: float = 60) -> str:
        found = wait_until(lambda: words in self.text() or self.process.poll() is not None, timeout)
        assert found, self.text()
        assert words in self.text(), self.text()
        return self.text()

    def port(self) -> int:
        found = ADDRESS.search(self.until("http://127.0.0.1:"))
        assert found, self.text()
        return int(found[1])

    def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        self.process.send_signal(number)
        return self.process.wait(60)


@pytest.fixture
def launch(miniature: Path) -> Iterator[Callable[..., Run]]:
    runs: list[Run] = []

    def start(**environment: str) -> Run:
        runs.append(Run(miniature, **environment))
        return runs[-1]

    yield start
    for run in runs:
        if run.process.poll() is None:
            run.stop()


def unused_port() -> int:
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        return server.getsockname()[1]


def front(port: int) -> str:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=10) as answer:
        return answer.read().decode()


def nothing_runs(project: Path) -> bool:
    layout = Layout(project)
    folders = [project, layout.data_root() / "postgres", layout.data_root() / "valkey"]
    return not any(working_in(folder) for folder in folders)


def answers(port: int) -> bool:
    try:
        return front(port) == "1 content types"
    except OSError:
        return False


def one(project: Path, query: str) -> object:
    with psycopg.connect(embedded.database_url(project)) as connection:
        row = connection.execute(query).fetchone()
    return row[0] if row else None


def broker(project: Path) -> redis.Redis:
    return redis.Redis.from_url(embedded.cache_url(project), decode_responses=True)


def down(project: Path) -> bool:
    layout = Layout(project)
    return not Postgres(layout).working() and not Valkey(layout).working()


def parent_of(pid: int) -> int:
    found = subprocess.run(
        ["ps", "-o", "ppid=", "-p", str(pid)], capture_output=True, text=True, check=True
    )
    return int(found.stdout)
