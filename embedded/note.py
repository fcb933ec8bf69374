"""The launcher's lock, and in the same file what it tells others: its address, what it runs."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime

from embedded import locks, processes
from embedded.errors import EmbeddedError
from embedded.layout import Layout

LOOKERS = 1.0  # seconds: longer than anybody looks whether a launcher is at work
READINGS = 5  # of a note that is just being written


@dataclass(frozen=True)
class Running:
    """What a running launcher has noted."""

    since: datetime
    address: str = ""  # empty until it serves
    programs: dict[str, int | None] = field(default_factory=dict)  # process ids; None while down


class Note:
    """The launcher's side: the locked file."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._since = datetime.now(UTC).isoformat(timespec="seconds")

    def write(self, *, address: str, programs: dict[str, int | None]) -> None:
        """Replace what is noted. A disk that is full must not end what runs."""
        note = {"since": self._since, "address": address, "programs": programs}
        text = json.dumps(note).encode()
        with suppress(OSError):
            os.pwrite(self._descriptor, text, 0)
            os.ftruncate(self._descriptor, len(text))


@contextmanager
def only_one(layout: Layout) -> Iterator[Note]:
    """Refuse a second launcher in the same folder; yields what the first may write."""
    descriptor = locks.opened(layout.launcher_lock)
    try:
        if not locks.try_alone(descriptor, LOOKERS):
            running = read(layout)
            raise EmbeddedError(f"already running here: {running.address or 'it is starting'}")
        note = Note(descriptor)
        note.write(address="", programs={})
        yield note
    finally:
        os.close(descriptor)


def runs(layout: Layout) -> bool:
    """Whether a launcher is at work in the folder."""
    return locks.is_held(layout.launcher_lock)


def launchers(layout: Layout) -> set[int]:
    """The process id of the launcher, as far as visible: who holds its lock and is one.

    A number in a file does not count, since it may have become another process's.
    """
    return {
        pid
        for pid in processes.holding(layout.launcher_lock)
        if processes.command_line(pid).endswith("-m embedded run")
    }


def read(layout: Layout) -> Running:
    """What the launcher at work has noted."""
    for _ in range(READINGS):
        with suppress(ValueError, KeyError):
            noted = json.loads(layout.launcher_lock.read_text())
            since = datetime.fromisoformat(noted["since"])
            return Running(since, noted["address"], noted["programs"])
        time.sleep(0.05)
    began = layout.launcher_lock.stat().st_mtime
    return Running(datetime.fromtimestamp(began, UTC))
