"""The keeper: a small background process whose child a server is.

It starts the server, reaps it, and stops it when the last lease is gone, whether given back or
lost with a killed process. It lives in a session of its own, so that Ctrl-C in a terminal ends
the programs that use the server, and only then the server.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from types import FrameType

from embedded import locks, processes
from embedded.errors import EmbeddedError, told
from embedded.server import Server

POLL = 0.25  # seconds between looks at the leases
START_TIMEOUT = 110.0  # seconds
LOOKERS = 1.0  # seconds: longer than anybody looks whether a keeper is at work


def keep_detached(server: Server) -> int:
    """Fork the keeper and wait until its server answers; the exit code for the caller."""
    receiving, sending = os.pipe()
    if os.fork() == 0:
        os.close(receiving)
        os._exit(_keep(server, sending))
    os.close(sending)
    with os.fdopen(receiving) as pipe:
        message = pipe.read()
    if message == "ready":
        return 0
    sys.stderr.write(message or f"its keeper ended: see {server.log}")
    return 1


def _keep(server: Server, sending: int) -> int:
    """The keeper's life. Tells the pipe "ready", or in one line why not."""
    os.setsid()
    with os.fdopen(sending, "w") as pipe:
        try:
            with told():
                _detach_streams()
                lock = locks.opened(server.keeper_lock)
                if not locks.try_alone(lock, LOOKERS):
                    raise EmbeddedError("another keeper is at work")
                server.layout.make_data_root()
                server.end_orphan()
                with server.making_socket():
                    child = _started(server)
        except EmbeddedError as error:
            server.remove_sockets_folder()
            pipe.write(str(error))
            return 1
        pipe.write("ready")
    return _watch(server, child)


def _detach_streams() -> None:
    """Let go of the caller's terminal and pipes: it waits for their end."""
    null = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(null, stream)


def _started(server: Server) -> subprocess.Popen[bytes]:
    child = server.spawn()
    processes.wait_until(lambda: child.poll() is not None or server.ready(), START_TIMEOUT)
    if child.poll() is not None:
        raise EmbeddedError(f"it ended with code {child.returncode}: {server.log_reason()}")
    if not server.ready():
        _stop(server, child)
        raise EmbeddedError(f"it does not answer: {server.log_reason()}")
    return child


def _watch(server: Server, child: subprocess.Popen[bytes]) -> int:
    """Wait for the end of the server, of the last lease, or of the keeper's own time."""
    asked: list[int] = []

    def ask(number: int, frame: FrameType | None) -> None:
        asked.append(number)

    signal.signal(signal.SIGTERM, ask)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    lease = locks.opened(server.lease_lock)
    while child.poll() is None and not asked and not locks.try_alone(lease):
        time.sleep(POLL)
    _stop(server, child)
    server.remove_sockets_folder()
    return 0


def _stop(server: Server, child: subprocess.Popen[bytes]) -> None:
    processes.end(child.pid, server.stop_signals, lambda: child.poll() is not None)
