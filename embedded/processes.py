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
    path = f"{os.environ.get('PATH', '')}:/usr/sbin"
    listing = subprocess.run(
        ["lsof", "-n", "-d", "cwd", "-F", "pn"],
        capture_output=True,
        text=True,
        check=False,  # 1 where some process could not be read
        cwd="/",  # not to be found itself
        env={**os.environ, "PATH": path},
    ).stdout
    found, pid = set(), 0
    for line in listing.splitlines():
        if line.startswith("p"):
            pid = int(line[1:])
        elif line.startswith("n") and Path(line[1:]) == target:
            found.add(pid)
    return found


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
