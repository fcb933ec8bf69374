"""A program that the launcher keeps running: web server, worker, beat."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from embedded import locks, processes
from embedded.console import step
from embedded.layout import Layout
from embedded.watchdog import Watchdog

PROGRAMS = ("web", "worker", "beat")
LOG_LIMIT = 5_000_000  # bytes; a longer log is put aside at the start
RESTARTS = 3  # in a row; one that ran for STEADY seconds counts as new
STEADY = 60.0
PATIENCE = 10.0  # seconds between asking a program to end and killing it


@dataclass
class Child:
    """One program in a process group of its own, its output in a log of its own."""

    name: str
    command: list[str]
    folder: Path  # to run in
    log: Path
    watchdog: Watchdog
    process: subprocess.Popen[bytes] | None = None
    began: float = 0.0
    failures: int = 0
    pause: float = 1.0  # seconds before the first restart; it doubles with each
    due: float = 0.0  # when to start again, monotonic seconds

    def start(self) -> None:
        self.log.parent.mkdir(parents=True, exist_ok=True)
        if self.log.exists() and self.log.stat().st_size > LOG_LIMIT:
            self.log.replace(self.log.with_suffix(".log.old"))
        with self.log.open("ab") as log:
            locks.share(log.fileno())  # held as long as anything that it started writes here
            self.process = subprocess.Popen(
                self.command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                cwd=self.folder,
            )
        self.watchdog.started(self.process.pid)
        self.began = time.monotonic()

    def pid(self) -> int | None:
        return self.process.pid if self.process is not None and self.running() else None

    def running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def check(self) -> str:
        """Start the program again after an unasked end, each time a little later.

        Returns what there is to say, or nothing. Raises GivenUp after RESTARTS failures in a row.
        """
        if self.process is None:
            if time.monotonic() < self.due:
                return ""
            self.start()
            return f"{self.name}: started again"
        if self.running():
            return ""
        ending = self._ending()
        if time.monotonic() - self.began > STEADY:
            self.failures = 0
        self.failures += 1
        self._clear()
        if self.failures > RESTARTS:
            raise GivenUp(f"{ending}; it does not stay up\n{self.log_tail()}")
        delay = self.pause * 2 ** (self.failures - 1)
        self.due = time.monotonic() + delay
        return f"{ending}; starting it again in {delay:g} s\n{self.log_tail()}"

    def ask_to_end(self) -> None:
        """Ask the program alone: it ends its own children, a worker after their tasks."""
        if self.process is not None and self.running():
            self.process.send_signal(signal.SIGTERM)

    def end(self, deadline: float) -> None:
        """Wait until the deadline (monotonic seconds), then kill what is left of the group."""
        if self.process is not None:
            processes.wait_until(lambda: not self.running(), max(0.0, deadline - time.monotonic()))
            self._clear()

    def log_tail(self, lines: int = 15) -> str:
        """The last lines of the log, indented, since the program's output is not on the screen."""
        with self.log.open("rb") as file:
            file.seek(max(0, self.log.stat().st_size - 8000))
            text = file.read().decode(errors="replace")
        tail = "\n".join(f"    {line}" for line in text.splitlines()[-lines:])
        return f"  end of {self.log}:\n{tail}"

    def _ending(self) -> str:
        code = self.process.returncode if self.process else 0
        how = (
            f"was killed by {signal.Signals(-code).name}" if code < 0 else f"ended with code {code}"
        )
        return f"{self.name} {how}"

    def _clear(self) -> None:
        """Kill the group, whose leader may have left children, and forget it."""
        if self.process is not None:
            processes.end_group(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self.watchdog.ended(self.process.pid)
            self.process = None


class GivenUp(Exception):
    """A program ended again and again; the message says which, how, and its last lines."""


def end_orphans(layout: Layout) -> bool:
    """End programs whose launcher and watchdog were both killed; whether there were any.

    Call it only while no launcher is at work. They are known by the lock on their log.
    """
    found = False
    for name in PROGRAMS:
        log = layout.program_log(name)
        if processes.holding(log):
            found = True
            with step(f"Ending the {name} of a launcher that was killed"):
                _end_holders(log)
    return found


def _end_holders(log: Path) -> None:
    """Ask the program alone at first, as the launcher does; then kill whoever is left."""
    leaders = {pid for pid in processes.holding(log) if processes.leads_group(pid)}
    for pid in leaders:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGTERM)
    processes.wait_until(lambda: not processes.holding(log), PATIENCE if leaders else 0.0)
    for pid in processes.holding(log):
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    processes.wait_until(lambda: not processes.holding(log), PATIENCE)
