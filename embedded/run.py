"""The launcher behind `make run`: servers, database, web, worker and beat on this machine."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

import embedded
from embedded import locks, processes
from embedded.child import PATIENCE, Child, GivenUp
from embedded.console import say, step
from embedded.errors import EmbeddedError, told
from embedded.layout import Layout
from embedded.lease import Lease
from embedded.watchdog import Watchdog

HOST = "127.0.0.1"
PORT = 8000
PORTS_TRIED = 100
WEB_TIMEOUT = 90.0  # seconds until the web server answers
LOOK = 0.2  # seconds between looks at signals and children


def run(layout: Layout) -> int:
    """Run the application until a signal ends it; the exit code. Raises EmbeddedError."""
    os.environ.setdefault("CLAIMS_DEBUG", "1")
    with told(), only_one(layout) as note, kept_servers(layout) as leases:
        launcher = Launcher(layout, leases)
        try:
            return launcher.serve(note)
        finally:
            launcher.end()


class Launcher:
    """Starts the programs, watches them, and ends all of them, in whatever way it is left."""

    def __init__(self, layout: Layout, leases: list[Lease]) -> None:
        self.layout = layout
        self.leases = leases
        self.began = time.monotonic()
        self.parent = os.getppid()
        self.asked_to_stop = False
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._ask)
        self.watchdog = Watchdog()
        self.children: list[Child] = []

    def serve(self, note: int) -> int:
        """Prepare the database, serve until stopped; `note` is a file that gets the address."""
        code = self._prepare()
        if code != 0 or self._stopping():
            return code
        port = free_port(wished_port())
        address = f"http://{HOST}:{port}"
        self.children = self._programs(port)
        web, *others = self.children
        try:
            with step("Starting the web server"):
                web.start()
                self._wait_for_web(web, port)
            with step("Starting worker and beat"):  # after it, not to slow its start
                for child in others:
                    child.start()
            if not self._stopping():
                os.write(note, f"{address}\n".encode())
                say(f"Ready after {time.monotonic() - self.began:.1f} s; Ctrl-C stops everything.")
                say(f"  {address}")
            while not self._stopping():
                self._look_after()
                time.sleep(LOOK)
        except GivenUp as error:
            sys.stderr.write(f"{error}\n")
            return 1
        return 0

    def end(self) -> None:
        """End what was started and nothing else."""
        if self.children:
            with step("Stopping web server, worker and beat"):
                for child in self.children:
                    child.ask_to_end()
                deadline = time.monotonic() + PATIENCE
                for child in self.children:
                    child.end(deadline)
        self.watchdog.close()

    def _ask(self, number: int, frame: FrameType | None) -> None:
        self.asked_to_stop = True

    def _stopping(self) -> bool:
        """Asked to, or make, which had started this, is gone."""
        orphaned = "MAKELEVEL" in os.environ and os.getppid() != self.parent
        return self.asked_to_stop or orphaned

    def _prepare(self) -> int:
        """Bring the database up to date in a process that gives its memory back; the exit code."""
        process = subprocess.Popen(
            [sys.executable, "-m", "embedded.prepare"],
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            cwd=self.layout.project,
        )
        self.watchdog.started(process.pid)
        while process.poll() is None:
            if self._stopping():
                process.terminate()
            time.sleep(LOOK)
        processes.end_group(process.pid, signal.SIGKILL)
        self.watchdog.ended(process.pid)
        return 0 if self._stopping() else process.returncode

    def _programs(self, port: int) -> list[Child]:
        web = ["granian", "--interface", "wsgi", "--host", HOST, "--port", str(port)]
        celery = ["celery", "-A", "config"]
        commands = {
            "web": [*web, "--blocking-threads", "4", "config.wsgi:application"],
            "worker": [*celery, "worker", "--concurrency", "2", "--loglevel", "INFO"],
            "beat": [*celery, "beat", "--pidfile=", "--loglevel", "INFO"],
        }
        return [
            Child(
                name=name,
                command=[sys.executable, "-m", *command],
                folder=self.layout.project,
                log=self.layout.logs / f"{name}.log",
                watchdog=self.watchdog,
            )
            for name, command in commands.items()
        ]

    def _wait_for_web(self, web: Child, port: int) -> None:
        end = time.monotonic() + WEB_TIMEOUT
        while not self._stopping() and not answers(port):
            if news := web.check():
                say(news)
            if time.monotonic() > end:
                raise GivenUp(f"the web server does not answer\n{web.log_tail()}")
            time.sleep(LOOK)

    def _look_after(self) -> None:
        """Start again what has ended, and say so."""
        for lease in self.leases:
            if lease.renew():
                say(f"{lease.server.label} had ended; it runs again")
        for child in self.children:
            if news := child.check():
                say(news)


@contextmanager
def kept_servers(layout: Layout) -> Iterator[list[Lease]]:
    """The embedded servers, their start and stop told with durations."""
    labels = " and ".join(server.label for server in embedded.wanted(layout.project))
    servers = embedded.servers(layout.project)
    with step(f"Starting {labels or 'nothing: DATABASE_URL and REDIS_URL are set'}"):
        leases = servers.__enter__()
    try:
        yield leases
    finally:
        with step(f"Leaving {labels or 'the servers'}"):
            servers.__exit__(None, None, None)


@contextmanager
def only_one(layout: Layout) -> Iterator[int]:
    """Refuse a second launcher in the same folder; yields the file that gets the address."""
    path = layout.locks / "launcher"
    descriptor = locks.opened(path)
    try:
        if not locks.try_alone(descriptor):
            raise EmbeddedError(f"already running here: {path.read_text().strip() or 'starting'}")
        os.ftruncate(descriptor, 0)
        yield descriptor
    finally:
        os.close(descriptor)


def wished_port() -> int:
    """PORT from the environment. Raises EmbeddedError where it is no port."""
    value = os.environ.get("PORT") or str(PORT)
    if not value.isdecimal() or not 0 < int(value) < 65536:
        raise EmbeddedError(f"PORT={value!r}: must be a number from 1 to 65535")
    return int(value)


def free_port(wished: int) -> int:
    """The wished port, or the next free one, which is then said. Raises EmbeddedError."""
    for port in range(wished, min(wished + PORTS_TRIED, 65536)):
        if is_free(port):
            if port != wished:
                say(f"Port {wished} is taken; {port} is used instead.")
            return port
    raise EmbeddedError(f"no free port from {wished} on: set PORT")


def is_free(port: int) -> bool:
    """Whether nobody listens there. Tried both ways: each system hides some listeners from one."""
    with socket.socket() as client:
        client.settimeout(1)
        if client.connect_ex((HOST, port)) == 0:
            return False
    with socket.socket() as server:
        server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            server.bind((HOST, port))
        except OSError:
            return False
    return True


def answers(port: int) -> bool:
    """Whether the web server answers, with whatever status."""
    connection = http.client.HTTPConnection(HOST, port, timeout=5)
    try:
        connection.request("GET", "/")
        connection.getresponse()
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
    return True
