"""The same questions over HTTP on loopback: of the web server as production runs it, and of
Datasette, each with as many processes; requests a second, and the memory of the processes."""

from __future__ import annotations

import http.client
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Thread
from typing import Any

import psycopg

from benchmarks.breaking.installation import PROJECT, free_port
from benchmarks.databases import beside
from benchmarks.memory import Memory, descendants, memory

PATIENCE = 120.0  # seconds until a server must answer
CONNECTIONS = 4  # that ask at once, each again as soon as it has its answer
KEY = "of servers for measuring alone, which are gone in some minutes"
# Its page is spared what it would do besides: look for facets; nothing is cut off for its length.
DATASETTE = {
    "suggest_facets": "off",
    "max_returned_rows": "1000000",
    "sql_time_limit_ms": "60000",
    "max_csv_mb": "0",
    "num_sql_threads": "4",
}


@dataclass(slots=True)
class Served:
    """`ports`: of one server each, that share the connections."""

    ports: list[int]
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def memory(self) -> Memory:
        """Of all of its processes."""
        return memory(pid for process in self.processes for pid in descendants(process.pid))


@dataclass(frozen=True, slots=True)
class Rate:
    """Answers a second, and the 95th percentile of their seconds."""

    a_second: float
    p95: float
    bytes: int


@contextmanager
def ours(database: str, processes: int, log: Path) -> Iterator[Served]:
    """The web server on a database beside the one that DATABASE_URL names."""
    port = free_port()
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1"]
    command += ["--port", str(port), "--workers", str(processes), "--blocking-threads", "4"]
    environment = {
        "DATABASE_URL": beside(os.environ["DATABASE_URL"], database),
        "DJANGO_SETTINGS_MODULE": "benchmarks.readings.settings",
        "CLAIMS_SECRET_KEY": KEY,
        "CLAIMS_HOSTS": "127.0.0.1",
        "CLAIMS_HTTPS": "0",
        "CLAIMS_DEBUG": "0",
    }
    with _started([*command, "config.wsgi:application"], environment, log) as process:
        yield _answering(Served([port], [process]), "/healthz")


@contextmanager
def datasette(program: str, file: Path, processes: int, log: Path) -> Iterator[Served]:
    """Datasette, which has one process a server, over a file that does not change."""
    counts = file.with_suffix(".json")
    subprocess.run([program, "inspect", file, "--inspect-file", counts], check=True)
    settings = [word for name, value in DATASETTE.items() for word in ("--setting", name, value)]
    with ExitStack() as stack:
        served = Served([])
        for _ in range(processes):
            port = free_port()
            command = [program, "serve", "-i", str(file), "--inspect-file", str(counts)]
            command += ["--host", "127.0.0.1", "--port", str(port), *settings]
            served.processes.append(stack.enter_context(_started(command, {}, log)))
            served.ports.append(port)
        yield _answering(served, "/-/versions.json")


@contextmanager
def commits(database: psycopg.Connection[Any], a_second: float) -> Iterator[None]:
    """Meanwhile, something is committed in the database so often."""
    over = Event()

    def commit() -> None:
        while a_second and not over.wait(1 / a_second):
            database.execute("SELECT pg_current_xact_id()")

    thread = Thread(target=commit)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def rate(served: Served, address: str, seconds: float, headers: Mapping[str, str]) -> Rate:
    """Ask for the address for so long. Raises RuntimeError for an answer that is none."""
    _ask(served.ports[0], address, headers)  # what is made once is there
    end = time.perf_counter() + seconds
    taken: list[float] = []
    wrong: list[Exception] = []
    sizes: set[int] = set()

    def client(port: int) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
        try:
            while time.perf_counter() < end:
                begun = time.perf_counter()
                sizes.add(_ask(port, address, headers, connection))
                taken.append(time.perf_counter() - begun)
        except (OSError, RuntimeError, http.client.HTTPException) as error:
            wrong.append(error)
        finally:
            connection.close()

    ports = [served.ports[number % len(served.ports)] for number in range(CONNECTIONS)]
    threads = [Thread(target=client, args=[port]) for port in ports]
    begun = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    spent = time.perf_counter() - begun
    if wrong:
        raise RuntimeError(f"{address}: {wrong[0]}")
    taken.sort()
    return Rate(len(taken) / spent, taken[min(len(taken) - 1, int(0.95 * len(taken)))], max(sizes))


def _ask(
    port: int,
    address: str,
    headers: Mapping[str, str],
    connection: http.client.HTTPConnection | None = None,
) -> int:
    """The size of the answer's body as it is sent."""
    asked = connection or http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    asked.request("GET", address, headers={"Accept-Encoding": "gzip", **headers})
    answer = asked.getresponse()
    body = answer.read()
    if connection is None:
        asked.close()
    if answer.status != 200:
        raise RuntimeError(f"{address}: {answer.status} {body[:300]!r}")
    return len(body)


def _answering(served: Served, address: str) -> Served:
    end = time.monotonic() + PATIENCE
    for port in served.ports:
        while True:
            try:
                _ask(port, address, {})
                break
            except (OSError, RuntimeError, http.client.HTTPException):
                if time.monotonic() > end:
                    raise
                time.sleep(0.2)
    return served


@contextmanager
def _started(
    command: Sequence[str], environment: Mapping[str, str], log: Path
) -> Iterator[subprocess.Popen[bytes]]:
    with log.open("ab") as out:
        process = subprocess.Popen(
            command, cwd=PROJECT, env={**os.environ, **environment}, stdout=out, stderr=out
        )
    try:
        yield process
    finally:
        process.terminate()
        process.wait(PATIENCE)
