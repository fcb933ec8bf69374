"""File locks (flock): the system releases them however a process ends."""

from __future__ import annotations

import errno
import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def opened(path: Path) -> int:
    """A descriptor to lock by, not inherited by programs that are started."""
    path.parent.mkdir(parents=True, exist_ok=True)
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)


def share(descriptor: int) -> None:
    """Take a shared lock; waits for whoever holds it alone."""
    fcntl.flock(descriptor, fcntl.LOCK_SH)


def try_alone(descriptor: int, patience: float = 0.0) -> bool:
    """Take the lock alone if nobody else has it (a shared lock held by us is given up for it).

    With `patience`, in seconds, whoever only looks (`is_held`) is not taken for a holder.
    """
    end = time.monotonic() + patience
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= end:
                return False
            time.sleep(0.01)
        else:
            return True


def is_held(path: Path) -> bool:
    """Whether some process holds the lock. Looks for a moment; creates nothing."""
    descriptor = _opened_to_look(path)
    if descriptor is None:
        return False
    try:
        return not try_alone(descriptor)
    finally:
        os.close(descriptor)


def _opened_to_look(path: Path) -> int | None:
    """A descriptor of what is there; for writing if it may be, since NFS locks by that."""
    try:
        return os.open(path, os.O_RDWR | os.O_CLOEXEC)
    except FileNotFoundError:
        return None
    except OSError as error:
        if error.errno != errno.EROFS:
            raise
        return os.open(path, os.O_RDONLY | os.O_CLOEXEC)


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """Hold the lock alone; waits for it."""
    descriptor = opened(path)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
