"""Where the embedded servers of a project folder keep their files, and as whom they run."""

from __future__ import annotations

import hashlib
import os
import pwd
import stat
import subprocess
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TypedDict

from embedded.errors import EmbeddedError

SOCKET_ROOT = Path("/tmp")  # noqa: S108 - short, on every system, and the folder made in it is 0700
ELSEWHERE_ROOT = Path("/var/lib")  # only root comes here; nothing cleans up there
FORMER_ROOT = Path("/var/tmp")  # noqa: S108 - systems remove what is old there; records of it count
SOCKET_LIMIT = 103  # bytes: macOS has 104 with the closing NUL, Linux 108
UNPRIVILEGED = "nobody"


class Identity(TypedDict, total=False):
    """Arguments of `subprocess` that start a child as another user."""

    user: int
    group: int
    extra_groups: list[int]


@dataclass(frozen=True)
class Layout:
    """Paths of one project folder. Nothing is created until it is needed."""

    project: Path
    socket_root: Path = SOCKET_ROOT

    @cached_property
    def digest(self) -> str:
        """Tells project folders, and the users who run them, apart; 12 hexadecimal digits."""
        identity = f"{self.project.resolve()}\0{os.geteuid()}"
        return hashlib.sha256(identity.encode(errors="surrogateescape")).hexdigest()[:12]

    @property
    def sockets(self) -> Path:
        """The folder of the unix sockets: short however deep the project lies."""
        return self.socket_root / f"claims-{self.digest}"

    @property
    def var(self) -> Path:
        return self.project / "var"

    @property
    def locks(self) -> Path:
        return self.var / "run"

    @property
    def sockets_lock(self) -> Path:
        """Shared while a server makes its socket; held alone to remove the sockets' folder."""
        return self.locks / "sockets"

    @property
    def launcher_lock(self) -> Path:
        """Held alone by the launcher, which notes in it what it runs."""
        return self.locks / "launcher"

    @property
    def logs(self) -> Path:
        return self.var / "log"

    def program_log(self, name: str) -> Path:
        """The log of one of the launcher's programs; its processes share a lock on it."""
        return self.logs / f"{name}.log"

    @cached_property
    def user(self) -> pwd.struct_passwd | None:
        """Whom the servers run as: None is the user at hand, root drops to an unprivileged one."""
        if os.geteuid() != 0:
            return None
        try:
            return pwd.getpwnam(UNPRIVILEGED)
        except KeyError:
            raise EmbeddedError(
                f"PostgreSQL does not run as root, and there is no user {UNPRIVILEGED!r}"
                " to run it as: start as another user, or set DATABASE_URL and REDIS_URL"
            ) from None

    def data_root(self) -> Path:
        """The folder of the data folders: `var`, or one that the servers' user can enter.

        The latter is recorded in `var/data-root`, and the record is kept to. Creates nothing.
        Raises EmbeddedError where the record names data that are not this folder's.
        """
        record = self.var / "data-root"
        if record.exists():
            return self._recorded(record)
        return self.var if not self.var.exists() or self._var_reachable else self._elsewhere()[0]

    def make_data_root(self) -> Path:
        """Make the folder of the data folders. Raises EmbeddedError, OSError."""
        self.var.mkdir(parents=True, exist_ok=True)
        root = self.data_root()
        if root != self.var:
            record = self.var / "data-root"
            if not record.exists():
                self._refuse_to_leave_data(root)
                record.write_text(f"{root}\n")
            own_folder(root, mode=0o711)
        return root

    def _elsewhere(self) -> list[Path]:
        """Where data may lie outside of the project; new data go to the first."""
        return [root / f"claims-{self.digest}" for root in (ELSEWHERE_ROOT, FORMER_ROOT)]

    def _recorded(self, record: Path) -> Path:
        recorded, ours = Path(record.read_text().strip()), self._elsewhere()
        if recorded not in ours:
            raise EmbeddedError(
                f"{record} names {recorded}, data of another project folder or user:"
                f" move them to {ours[0]} and name that there, or remove {record} to begin anew"
            )
        if recorded.is_symlink() or recorded.exists():
            refuse_foreign(recorded, {os.geteuid()})
        return recorded

    def _refuse_to_leave_data(self, root: Path) -> None:
        for data in (self.var / "postgres", self.var / "valkey"):
            if data.exists():
                raise EmbeddedError(
                    f"{data} holds data, but user {UNPRIVILEGED!r} cannot enter {self.var}:"
                    f" let others enter the folders above it (chmod a+x), or move it to {root}"
                )

    @cached_property
    def _var_reachable(self) -> bool:
        return self.reachable(self.var)

    def reachable(self, path: Path) -> bool:
        """Whether the servers' user can enter a folder or execute a file."""
        if self.user is None:
            return os.access(path, os.X_OK)
        probe = ["/bin/sh", "-c", 'test -x "$1"', "sh", str(path)]
        return subprocess.run(probe, check=False, cwd="/", **self.identity()).returncode == 0

    def identity(self) -> Identity:
        """What makes `subprocess` start a child as the servers' user."""
        if self.user is None:
            return {}
        return {"user": self.user.pw_uid, "group": self.user.pw_gid, "extra_groups": []}

    def server_folder(self, path: Path) -> Path:
        """Make a folder (mode 0700) that belongs to the servers' user."""
        own_folder(path, mode=0o700, user=self.user)
        return path

    def socket(self, name: str) -> Path:
        """The path of a socket. Raises EmbeddedError where it is too long to be bound."""
        path = self.sockets / name
        size = len(os.fsencode(path))
        if size > SOCKET_LIMIT:
            raise EmbeddedError(f"{path}: {size} bytes, a socket's path can have {SOCKET_LIMIT}")
        return path


def own_folder(path: Path, *, mode: int, user: pwd.struct_passwd | None = None) -> None:
    """Make a folder, or take over one that is ours already.

    Raises EmbeddedError where something else is there: in a folder that everybody writes to,
    another user may have made it first.
    """
    path.mkdir(mode=mode, parents=True, exist_ok=True)
    owner = refuse_foreign(path, {os.geteuid()} | ({user.pw_uid} if user else set()))
    path.chmod(mode)
    if user is not None and owner != user.pw_uid:
        os.chown(path, user.pw_uid, user.pw_gid)


def refuse_foreign(path: Path, ours: set[int]) -> int:
    """The user id that owns a folder. Raises EmbeddedError where that is not one of `ours`."""
    found = path.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid not in ours:
        raise EmbeddedError(
            f"{path} belongs to user {found.st_uid}: remove it, or ask its owner to"
        )
    return found.st_uid
