"""A lease on a server: whoever needs it holds one; the first starts it, the last stops it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from types import TracebackType

from embedded import locks, processes
from embedded.errors import EmbeddedError, told
from embedded.server import Server

START_TIMEOUT = 120.0  # seconds; recovery after a crash can take long
STOP_TIMEOUT = 60.0  # seconds


class Lease:
    """Keeps a server running while the block runs, together with other holders of leases.

    A lease is a shared file lock, so it ends with its process however that ends. The server is
    the child of a keeper (`embedded.keeper`) that stops it when no lease is left.
    """

    def __init__(self, server: Server) -> None:
        self.server = server
        self._descriptor: int | None = None
        self._owner = 0

    def __enter__(self) -> Lease:
        with told():
            self._descriptor = locks.opened(self.server.lease_lock)
            self._owner = os.getpid()
            try:
                with locks.alone(self.server.change_lock):
                    locks.share(self._descriptor)  # waits for a keeper that is stopping
                    self._ensure()
            except BaseException:
                self._close()
                raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._descriptor is None or os.getpid() != self._owner:
            return  # a forked child shares the lock, but it is its parent's to give back
        with told(), locks.alone(self.server.change_lock):
            last = locks.try_alone(self._descriptor)
            self._close()
            if last:
                wait_for_keeper(self.server)
                self.server.end_orphan()  # its keeper may have been killed

    def renew(self) -> bool:
        """Start the server again if it has ended; whether that was so. Raises EmbeddedError."""
        if locks.is_held(self.server.keeper_lock):
            return False
        with told(), locks.alone(self.server.change_lock):
            return self._ensure()

    def keep_over_exec(self) -> None:
        """Let the lease pass to the program that this process turns into."""
        if self._descriptor is not None:
            os.set_inheritable(self._descriptor, True)

    def _close(self) -> None:
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def _unkept(self) -> bool:
        return not locks.is_held(self.server.keeper_lock)

    def _ensure(self) -> bool:
        """Wait for a running server, or start one; whether it had to be started."""
        processes.wait_until(lambda: self._unkept() or self.server.ready(), START_TIMEOUT)
        if not self._unkept():
            if self.server.ready():
                return False
            raise EmbeddedError(f"{self.server.label} does not answer: see {self.server.log}")
        command = [sys.executable, "-m", "embedded", "keep", self.server.name]
        keeper = subprocess.run(
            [*command, str(self.server.layout.project)],
            cwd=Path(__file__).resolve().parent.parent,
            capture_output=True,
            text=True,
            check=False,
            start_new_session=True,  # Ctrl-C is for the programs that use the server
        )
        if keeper.returncode != 0:
            lines = keeper.stderr.strip().splitlines() or ["its keeper ended without a word"]
            raise EmbeddedError(f"{self.server.label} did not start: {lines[-1]}")
        return True


def wait_for_keeper(server: Server) -> None:
    """Wait until a server without leases has been stopped. Raises EmbeddedError."""
    if not processes.wait_until(lambda: not locks.is_held(server.keeper_lock), STOP_TIMEOUT):
        raise EmbeddedError(f"{server.label} does not stop: see {server.log}")
