"""Ends a launcher's children when the launcher was killed and could not do it itself.

It reads the launcher's messages from a pipe: `+GROUP` for a process group that was started,
`-GROUP` for one that has ended. The pipe's end means that the launcher is gone; in whatever way
it went, the groups still open are ended. Works wherever there are pipes.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from embedded import processes

PATIENCE = 5.0  # seconds between asking and killing


def watch() -> int:
    """Read messages until the launcher is gone, then end what it left."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)  # those end the launcher, and so the pipe
    groups: set[int] = set()
    for line in sys.stdin:
        group = int(line[1:])
        if line[0] == "+":
            groups.add(group)
        else:
            groups.discard(group)
    for group in groups:
        processes.end_group(group, signal.SIGTERM)
    end = time.monotonic() + PATIENCE
    while any(map(_lives, groups)) and time.monotonic() < end:
        time.sleep(processes.POLL)
    for group in groups:
        processes.end_group(group, signal.SIGKILL)
    return 0


def _lives(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except (ProcessLookupError, PermissionError):
        return False
    return True


class Watchdog:
    """The launcher's side of the pipe."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "embedded", "watch"],
            stdin=subprocess.PIPE,
            text=True,
            bufsize=1,
            start_new_session=True,
            cwd=Path(__file__).resolve().parent.parent,
        )

    def started(self, group: int) -> None:
        self._tell(f"+{group}")

    def ended(self, group: int) -> None:
        self._tell(f"-{group}")

    def close(self) -> None:
        """End the watchdog; it ends every group not reported as ended."""
        self._process.communicate()

    def _tell(self, message: str) -> None:
        if self._process.stdin is not None:
            self._process.stdin.write(f"{message}\n")
