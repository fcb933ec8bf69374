"""`make reset`: an installation as on the first day, with the way back kept for one time.

The data are moved aside, within their file system, and not deleted: only the next reset deletes
what the one before had moved. The secret key goes with the databases, whose sessions it signs.
Logs, locks and the trained parsing model stay.
"""

from __future__ import annotations

import os
import shutil
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from itertools import count
from pathlib import Path

from embedded import disk, locks, processes
from embedded.child import PROGRAMS
from embedded.console import say
from embedded.errors import EmbeddedError, told
from embedded.layout import Layout
from embedded.postgres import Postgres
from embedded.server import Server
from embedded.valkey import Valkey

PREFIX = "removed-"
IN_DATA_ROOT = ("postgres", "valkey")
IN_VAR = ("secret-key", "celerybeat-schedule*")


def reset(layout: Layout, *, confirmed: bool) -> int:
    """Move all data aside; 1 when the person does not want it. Raises EmbeddedError."""
    with told():
        with _nothing_running(layout) as anything:
            found = _data(layout) if anything else []
            earlier = removed(layout) if anything else []
        if not found:
            say("There are no data here.")
            _listed(earlier, "Set aside by `make reset`, to be deleted when not wanted back:")
            return 0
        size = disk.readable(disk.used(found))
        say(f"The databases, queued work and secret key of this installation ({size}):")
        _listed(found)
        say("are moved aside; `make reset UNDO=1` brings them back.")
        if earlier:
            say(f"What was moved aside before ({disk.readable(disk.used(earlier))}) is deleted:")
            _listed(earlier)
        if not confirmed and not _agreed():
            say("Nothing was changed.")
            return 1
        with _nothing_running(layout):
            asides = _move_aside(found)
        for folder in earlier:
            shutil.rmtree(folder)
        _listed(asides, f"Removed {size}. To have the space, delete:")
    return 0


def undo(layout: Layout) -> int:
    """Bring back what the reset moved aside; new data take its place there, so nothing is lost.

    Raises EmbeddedError.
    """
    with told(), _nothing_running(layout) as anything:
        earlier = removed(layout) if anything else []
        if not earlier:
            raise EmbeddedError("no reset has set anything aside here")
        _listed(_move_aside(_data(layout)), "What was here now is in:")
        for folder in {path.parent: path for path in earlier}.values():  # the newest in each
            for path in sorted(folder.iterdir()):
                path.rename(folder.parent / path.name)
                say(f"Brought back {folder.parent / path.name}")
            folder.rmdir()
    return 0


def _listed(paths: list[Path], before: str = "") -> None:
    if before and paths:
        say(before)
    for path in paths:
        say(f"  {path}")


def removed(layout: Layout) -> list[Path]:
    """Folders that earlier resets moved data into."""
    return [
        path
        for root in dict.fromkeys((layout.data_root(), layout.var))
        for path in sorted(root.glob(f"{PREFIX}*"))
        if path.is_dir() and not path.is_symlink()
    ]


def _data(layout: Layout) -> list[Path]:
    """What there is to move. Raises EmbeddedError where the data root is not this folder's."""
    paths = [layout.data_root() / name for name in IN_DATA_ROOT]
    paths += [path for pattern in IN_VAR for path in sorted(layout.var.glob(pattern))]
    return [path for path in paths if path.is_symlink() or path.exists()]


def _move_aside(paths: list[Path]) -> list[Path]:
    """Move each into a new folder beside it; those folders."""
    stamp = time.strftime("%Y-%m-%d-%H%M%S")
    names = (f"{PREFIX}{stamp}-{number}" for number in count(1))
    name = next(n for n in names if not any(path.with_name(n).exists() for path in paths))
    asides = dict.fromkeys(path.with_name(name) for path in paths)
    for folder in asides:
        folder.mkdir(mode=0o700)
    for path in paths:
        path.rename(path.with_name(name) / path.name)
    return list(asides)


def _agreed() -> bool:
    if not sys.stdin.isatty():
        raise EmbeddedError("there is no terminal to ask on: `make reset YES=1` does it unasked")
    sys.stdout.write("Type yes to do so: ")
    sys.stdout.flush()
    return sys.stdin.readline().strip() == "yes"


@contextmanager
def _nothing_running(layout: Layout) -> Iterator[bool]:
    """Hold what launchers and servers start by; yields whether anything was ever started.

    Raises EmbeddedError while something runs.
    """
    if not layout.var.exists():
        yield False
        return
    with ExitStack() as stack:
        servers: list[Server] = [Postgres(layout), Valkey(layout)]
        for path in (layout.launcher_lock, *(server.change_lock for server in servers)):
            descriptor = locks.opened(path)
            stack.callback(os.close, descriptor)
            if not locks.try_alone(descriptor, 1.0):
                raise EmbeddedError("the application runs here: `make stop` first")
        for server in servers:
            held = locks.is_held(server.lease_lock) or locks.is_held(server.keeper_lock)
            if held or server.working():
                raise EmbeddedError(f"{server.label} runs here: `make stop` first")
        if any(processes.holding(layout.program_log(name)) for name in PROGRAMS):
            raise EmbeddedError("programs of a killed launcher run here: `make stop` first")
        yield True
