"""The launcher behind `make run`: servers, database, web, worker and beat on this machine."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

import embedded
from embedded import processes
from embedded.child import PATIENCE, PROGRAMS, Child, GivenUp, end_orphans
from embedded.console import say, step
from embedded.errors import told
from embedded.layout import Layout
from embedded.lease import Lease
from embedded.note import Note, only_one
from embedded.ports import HOST, answers, free_port, wished_port
from embedded.watchdog import Watchdog

WEB_TIMEOUT = 90.0  # seconds until the web server answers
LOOK = 0.2  # seconds between looks at signals and children


def run(layout: Layout) -> int:
    """Run the application until a signal ends it; the exit code. Raises EmbeddedError."""
    os.environ.setdefault("CLAIMS_DEBUG", "1")
    with told(), only_one(layout) as note:
        end_orphans(layout)
        with kept_servers(layout) as leases:
            return _served(Launcher(layout, leases, note))


def _served(launcher: Launcher) -> int:
    try:
        return launcher.serve()
    finally:
        launcher.end()


class Launcher:
    """Starts the programs, watches them, and ends all of them, in whatever way it is left."""

    def __init__(self, layout: Layout, leases: list[Lease], note: Note) -> None:
        self.layout = layout
        self.leases = leases
        self.note = note
        self.began = time.monotonic()
        self.parent = os.getppid()
        self.asked_to_stop = False
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._ask)
        self.watchdog = Watchdog()
        self.children: list[Child] = []

    def serve(self) -> int:
        """Prepare the database, serve until stopped; the exit code."""
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
                self._tell(address)
                say(f"Ready after {time.monotonic() - self.began:.1f} s; Ctrl-C stops everything.")
                say(f"  {address}")
            while not self._stopping():
                if self._look_after():
                    self._tell(address)
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
        commands = [
            [*web, "--blocking-threads", "4", "config.wsgi:application"],
            [*celery, "worker", "--concurrency", "2", "--loglevel", "INFO"],
            [*celery, "beat", "--pidfile=", "--loglevel", "INFO"],
        ]
        return [
            Child(
                name=name,
                command=[sys.executable, "-m", *command],
                folder=self.layout.project,
                log=self.layout.program_log(name),
                watchdog=self.watchdog,
            )
            for name, command in zip(PROGRAMS, commands, strict=True)
        ]

    def _wait_for_web(self, web: Child, port: int) -> None:
        end = time.monotonic() + WEB_TIMEOUT
        while not self._stopping() and not answers(port):
            if news := web.check():
                say(news)
            if time.monotonic() > end:
                raise GivenUp(f"the web server does not answer\n{web.log_tail()}")
            time.sleep(LOOK)

    def _look_after(self) -> bool:
        """Start again what has ended, and say so; whether there was anything to say."""
        news = [child.check() for child in self.children]
        news += [
            f"{lease.server.label} had ended; it runs again"
            for lease in self.leases
            if lease.renew()
        ]
        for line in filter(None, news):
            say(line)
        return any(news)

    def _tell(self, address: str) -> None:
        """Note what runs, for `make status`."""
        programs = {child.name: child.pid() for child in self.children}
        self.note.write(address=address, programs=programs)


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
