"""`make stop`: ends the launcher of a project folder, and what killed processes left running.

Nothing is signalled because a file names its number: the launcher is who holds the launcher's
lock, a left program who holds the lock on its log, a left server who works in its data folder.
"""

from __future__ import annotations

import os
import signal
import time
from contextlib import suppress

from embedded import locks, note, processes
from embedded.child import end_orphans
from embedded.console import say, step
from embedded.errors import EmbeddedError, told
from embedded.layout import Layout
from embedded.lease import wait_for_keeper
from embedded.postgres import Postgres
from embedded.server import Server
from embedded.status import described
from embedded.valkey import Valkey

LAUNCHER_TIMEOUT = 180.0  # seconds: its programs end their work, then the servers
NEWS = 5.0  # seconds between signs of life


def stop(layout: Layout) -> int:
    """Stop what runs; 1 when somebody else still uses a server. Raises EmbeddedError."""
    with told():
        if not layout.locks.exists():  # nothing ever ran
            say("Nothing runs here.")
            return 0
        found = _end_launcher(layout)
        found |= end_orphans(layout)
        used = False
        for server in (Postgres(layout), Valkey(layout)):
            with locks.alone(server.change_lock):
                if locks.is_held(server.lease_lock):
                    used = True
                    _say_users(server)
                else:
                    found |= _end_server(server)
        if used:
            return 1
        say("Everything is stopped." if found else "Nothing runs here.")
    return 0


def _end_launcher(layout: Layout) -> bool:
    """Ask the launcher to end, and wait; whether there was one."""
    if not note.runs(layout):
        return False
    pids = note.launchers(layout)
    if not pids:
        raise EmbeddedError(
            "the application runs here, but its launcher cannot be seen from here:"
            " stop it where it was started, or as that user"
        )
    numbers = " ".join(map(str, sorted(pids)))
    with step(f"Stopping the application (process {numbers})"):
        for pid in pids:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGTERM)
        _wait_for_launcher(layout, numbers)
    return True


def _wait_for_launcher(layout: Layout, numbers: str) -> None:
    began = time.monotonic()
    while not processes.wait_until(lambda: not note.runs(layout), NEWS):
        waited = time.monotonic() - began
        if waited > LAUNCHER_TIMEOUT:
            raise EmbeddedError(
                f"process {numbers} has not ended in {waited:.0f} s: `kill -9 {numbers}` ends it"
                " at once, and `make stop` again what it leaves; stored data stay whole"
            )
        say(f"  {waited:.0f} s: its programs end what they are doing")


def _end_server(server: Server) -> bool:
    """Wait for a keeper that is stopping the server, end a server without one; whether it ran."""
    found = locks.is_held(server.keeper_lock) or bool(server.working())
    if found:
        with step(f"Stopping {server.label}"):
            wait_for_keeper(server)
            server.end_orphan()
    server.remove_sockets_folder()
    return found


def _say_users(server: Server) -> None:
    users = described(processes.holding(server.lease_lock)) or "a process that you cannot see"
    say(f"{server.label} is still used by {users}; it stops when that ends.")
