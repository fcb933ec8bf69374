"""Looking at and ending processes, zombies and reused process ids allowed for."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

POLL = 0.05  # seconds


def wait_until(condition: Callable[[], bool], timeout: float) -> bool:
    """Poll a condition for at most `timeout` seconds; whether it came true."""
    end = time.monotonic() + timeout
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(POLL)
    return True


def working_in(folder: Path) -> set[int]:
    """Ids of the processes that have a folder as their working directory, as far as visible.

    A database server's processes all have their data folder, so this finds a server however it
    was orphaned, where a pid file may name a process that has nothing to do with it.
    """
    if sys.platform == "linux":
        return _working_in_by_proc(folder.resolve())
    return _working_in_by_lsof(folder.resolve())


def _working_in_by_proc(target: Path) -> set[int]:
    found = set()
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            with suppress(OSError):  # ended meanwhile, or another user's
                if (entry / "cwd").readlink() == target:
                    found.add(int(entry.name))
    return found


def _working_in_by_lsof(target: Path) -> set[int]:
    found, pid = set(), 0
    for line in _lsof("-d", "cwd", "-F", "pn"):
        if line.startswith("p"):
            pid = int(line[1:])
        elif line.startswith("n") and Path(line[1:]) == target:
            found.add(pid)
    return found


def _lsof(*arguments: str) -> list[str]:
    path = f"{os.environ.get('PATH', '')}:/usr/sbin"
    return subprocess.run(
        ["lsof", "-n", *arguments],
        capture_output=True,
        text=True,
        check=False,  # 1 where some process could not be read
        cwd="/",  # not to be found itself
        env={**os.environ, "PATH": path},
    ).stdout.splitlines()


def holding(path: Path) -> set[int]:
    """Ids of the processes that hold a lock on a file, as far as visible.

    Where the system does not tell (macOS), of those that have the file open for writing.
    """
    if not path.exists():
        return set()
    if sys.platform == "linux":
        return _holding_by_proc(path.resolve())
    return _holding_by_lsof(path.resolve())


def _holding_by_proc(target: Path) -> set[int]:
    found = set()
    for link in Path("/proc").glob("[0-9]*/fd/*"):
        with suppress(OSError):  # ended or closed meanwhile, or another user's
            if link.readlink() == target:
                told = (link.parent.parent / "fdinfo" / link.name).read_text()
                if "FLOCK" in told:
                    found.add(int(link.parts[2]))
    return found


def _holding_by_lsof(target: Path) -> set[int]:
    found, pid = set(), 0
    for line in _lsof("-F", "pa", "--", str(target)):
        if line.startswith("p"):
            pid = int(line[1:])
        elif line in ("aw", "au"):
            found.add(pid)
    return found


def command_line(pid: int) -> str:
    """A process's command line, or nothing if it has ended."""
    if sys.platform == "linux":
        with suppress(OSError):
            words = Path(f"/proc/{pid}/cmdline").read_bytes().rstrip(b"\0").split(b"\0")
            return os.fsdecode(b" ".join(words))
        return ""
    return _ps(pid, "args=")


def leads_group(pid: int) -> bool:
    """Whether a process was started as the first of its process group."""
    with suppress(ProcessLookupError):
        return os.getpgid(pid) == pid
    return False


def program(pid: int) -> str:
    """The name of a process's program file, or nothing if the process has ended."""
    if sys.platform == "linux":
        with suppress(OSError):
            return Path(f"/proc/{pid}/comm").read_text().strip()
        return ""
    return Path(_ps(pid, "comm=")).name


def _ps(pid: int, column: str) -> str:
    command = ["ps", "-o", column, "-p", str(pid)]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()


def end(
    pid: int, signals: tuple[tuple[signal.Signals, float], ...], ended: Callable[[], bool]
) -> bool:
    """Send signals in turn, each with its patience in seconds, until `ended()`; whether it did."""
    for number, patience in signals:
        with suppress(ProcessLookupError):
            os.kill(pid, number)
        if wait_until(ended, patience):
            return True
    return ended()


def end_group(group: int, number: signal.Signals) -> None:
    """Signal a process group that may be gone already."""
    with suppress(ProcessLookupError, PermissionError):  # macOS: EPERM for a group of zombies
        os.killpg(group, number)
