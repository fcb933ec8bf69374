"""An installation in a folder of its own, whose programs can be killed and come back: PostgreSQL
and Valkey, a web server, workers and a beat, as docker-compose.yml has them."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

from embedded import processes
from embedded.layout import Layout
from embedded.postgres import Postgres
from embedded.server import Server
from embedded.valkey import Valkey

PROJECT = Path(__file__).resolve().parents[2]
PATIENCE = 120.0  # seconds until a server must be ready; a busy machine is slow
KEY = "of this installation alone, which is gone in an hour or so"
LEASE = 20  # seconds that a worker has for a document
SWEEP = 2  # seconds


@dataclass(slots=True)
class Program:
    """A program of the application with all its processes, as a container has them."""

    name: str
    command: list[str]
    environment: Mapping[str, str]
    log: Path
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command,
                cwd=PROJECT,
                env=dict(self.environment),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def runs(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def kill(self) -> None:
        """All its processes at once, without a chance to tidy up."""
        if self.process is not None:
            processes.end_group(self.process.pid, signal.SIGKILL)
            self.process.wait()

    def children(self) -> list[int]:
        """The processes that it has started."""
        if self.process is None:
            return []
        told = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return [int(pid) for pid in told.read_text().split()] if self.runs() else []


@dataclass(slots=True)
class Database:
    """A server with its data: PostgreSQL or Valkey."""

    server: Server
    process: subprocess.Popen[bytes] | None = None

    @property
    def name(self) -> str:
        return self.server.label

    def start(self) -> None:
        """Start it and wait until it answers, over its recovery. Raises EmbeddedError."""
        self.server.end_orphan()
        with self.server.making_socket():
            self.process = self.server.spawn()
            if not processes.wait_until(self.server.ready, PATIENCE):
                raise TimeoutError(f"{self.name}: {self.server.log_reason()}")

    def runs(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def kill(self) -> None:
        """The server with all its processes, as when its container is killed."""
        for pid in self.server.working():
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        if self.process is not None:
            self.process.wait()
        processes.wait_until(lambda: not self.server.working(), PATIENCE)

    def children(self) -> list[int]:
        """The processes of its connections and its own work."""
        first = {self.process.pid} if self.process else set()
        return sorted(self.server.working() - first)

    def lose_data(self) -> None:
        """While it does not run."""
        shutil.rmtree(self.server.data)


@dataclass(slots=True)
class Installation:
    """`application`: the module of the Celery application. `more`: of the environment."""

    folder: Path
    workers: int = 2
    application: str = "config"
    more: Mapping[str, str] = field(default_factory=dict)
    database: str = "claims"
    port: int = 0
    postgres: Database = field(init=False)
    broker: Database = field(init=False)
    programs: list[Program] = field(default_factory=list)

    def __post_init__(self) -> None:
        layout = Layout(self.folder)
        layout.make_data_root()
        layout.locks.mkdir(parents=True, exist_ok=True)
        self.postgres, self.broker = Database(Postgres(layout)), Database(Valkey(layout))
        self.port = free_port()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def database_url(self, name: str = "") -> str:
        sockets = self.postgres.server.layout.sockets
        return f"postgresql://claims@/{name or self.database}?host={sockets}"

    def environment(self) -> dict[str, str]:
        """Of its programs and commands."""
        return os.environ | {
            "DATABASE_URL": self.database_url(),
            "REDIS_URL": f"unix://{self.broker.server.socket}?db=0",
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "CLAIMS_SECRET_KEY": KEY,
            "CLAIMS_HOSTS": "127.0.0.1",
            "CLAIMS_PUBLIC_READING": "1",
            "CLAIMS_EXTRACTION_LEASE": str(LEASE),
            "CLAIMS_SWEEP_INTERVAL": str(SWEEP),
            "CLAIMS_EVIDENCE_DIR": str(self.folder / "evidence"),
            "CLAIMS_FILES_DIR": str(self.folder / "files"),
            "OMP_NUM_THREADS": "1",
            "PYTHONUNBUFFERED": "1",
            **self.more,
        }

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        """A module of Python's, or `manage.py` with its command, to its end."""
        first = ["manage.py"] if command[0] != "-m" else []
        return subprocess.run(
            [sys.executable, *first, *command],
            cwd=PROJECT,
            env=self.environment(),
            capture_output=True,
            text=True,
            check=False,
        )

    def must(self, *command: str) -> str:
        """What a command prints. Raises RuntimeError where it fails."""
        done = self.run(*command)
        if done.returncode:
            raise RuntimeError(f"{' '.join(command)}: {done.stderr or done.stdout}")
        return done.stdout

    def restore(self, dump: Path) -> None:
        """What pg_dump wrote in its custom form. Raises RuntimeError where that fails."""
        program = cast(Postgres, self.postgres.server).program("pg_restore")
        options = ["--dbname", self.database_url(), "--no-owner", "--no-acl", "--exit-on-error"]
        done = subprocess.run(
            [program, *options, dump], capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise RuntimeError(done.stderr)

    @contextmanager
    def running(self) -> Iterator[None]:
        """Its web server, workers and beat."""
        self.programs = self._programs()
        try:
            for program in self.programs:
                program.start()
            yield
        finally:
            for program in self.programs:
                program.kill()

    def find(self, name: str) -> list[Program]:
        return [one for one in self.programs if one.name.startswith(name)]

    def _programs(self) -> list[Program]:
        celery = ["celery", "-A", self.application]
        web = ["granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(self.port)]
        schedule = self.folder / "schedule"
        made: dict[str, Sequence[str]] = {
            "web": [*web, "--blocking-threads", "4", "config.wsgi:application"],
            "beat": [*celery, "beat", "--pidfile=", "--schedule", str(schedule)],
        }
        for number in range(1, self.workers + 1):
            name = f"worker-{number}"
            made[name] = [*celery, "worker", "--concurrency", "1", "--hostname", f"{name}@here"]
        environment = self.environment()
        # Static files from their folders: pages need no `collectstatic` before.
        more = {"web": {"CLAIMS_DEBUG": "1"}}
        return [
            Program(
                name,
                [sys.executable, "-m", *command],
                {**environment, **more.get(name, {})},
                self.folder / f"{name}.log",
            )
            for name, command in made.items()
        ]


@contextmanager
def servers(installation: Installation) -> Iterator[None]:
    """The installation's PostgreSQL and Valkey, and at the end nothing of them, nor their data."""
    both = (installation.postgres, installation.broker)
    try:
        for one in both:
            one.start()
        yield
    finally:
        for one in both:
            one.kill()
            one.server.end_orphan()
            one.lose_data()
            one.server.remove_sockets_folder()
        root = installation.postgres.server.layout.data_root()
        if root != installation.postgres.server.layout.var:
            shutil.rmtree(root)


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def until(what: str, condition: Callable[[], bool], patience: float) -> None:
    """Wait for a condition. Raises TimeoutError with what it was."""
    end = time.monotonic() + patience
    while not condition():
        if time.monotonic() > end:
            raise TimeoutError(what)
        time.sleep(0.2)
