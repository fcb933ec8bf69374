"""PostgreSQL and Redis of the system's packages, as the Compose file wants them, for the length
of a test: their own folders, a free port of 127.0.0.1 each, never the system's services."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.production import compose

PATIENCE = 60.0  # seconds until a server must be healthy
UNPRIVILEGED = "nobody"  # who runs the servers where the tests are root: PostgreSQL refuses it


def postgres_programs() -> Path | None:
    """The folder of the newest PostgreSQL server here, None where there is none."""
    debian = Path("/usr/lib/postgresql").glob("*/bin/postgres")
    found = sorted((path.parent for path in debian), key=lambda path: int(path.parent.name))
    on_path = shutil.which("postgres")
    return found[-1] if found else Path(on_path).parent if on_path else None


def missing() -> list[str]:
    """Which servers are not installed."""
    redis = shutil.which("redis-server") and shutil.which("redis-cli")
    found = {"PostgreSQL": postgres_programs(), "Redis": redis}
    return [name for name, program in found.items() if not program]


def free_port() -> int:
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        return int(server.getsockname()[1])


@contextmanager
def postgres(
    service: Mapping[str, Any], folder: Path, password_file: Path
) -> Iterator[dict[str, str]]:
    """The Compose file's PostgreSQL under `folder`; yields the environment of its own programs
    (PGPORT, …), as they would have in its container."""
    programs = postgres_programs()
    assert programs, "missing() tells"
    settings, data, port = service["environment"], folder / "data", free_port()
    version = subprocess.run([programs / "postgres", "--version"], capture_output=True, text=True)
    major = int(version.stdout.split()[2].partition(".")[0])
    user, name = settings["POSTGRES_USER"], settings["POSTGRES_DB"]
    locale = settings["POSTGRES_INITDB_ARGS"].split()
    if major < 17:  # without the builtin locale: one that sorts quite differently shows more
        locale = ["--encoding=UTF8", "--locale=C", "--locale-provider=icu", "--icu-locale=en-US"]
    password = password_file.read_text().strip()
    nobody = _as_nobody(folder)
    readable = folder / "password"
    shutil.copy(password_file, readable)
    options = ["--username", user, "--pwfile", str(readable), "--auth=scram-sha-256"]
    initdb = [str(programs / "initdb"), "-D", str(data), "--no-sync", *options, *locale]
    made = subprocess.run(initdb, capture_output=True, text=True, **nobody)
    assert made.returncode == 0, made.stderr
    values = {"port": port, "listen_addresses": "127.0.0.1", "unix_socket_directories": ""}
    arguments = [f"--{key}={value}" for key, value in values.items()]
    environment = {
        "PATH": f"{programs}:/usr/bin:/bin",
        "PGPORT": str(port),
        "PGHOST": "127.0.0.1",
        "PGUSER": user,
        "PGPASSWORD": password,
    }
    command = [str(programs / "postgres"), "-D", str(data), *arguments]
    check = compose.check(service["healthcheck"]["test"])
    with _running(command, folder, signal.SIGINT, lambda: _passes(check, environment)):
        create = [str(programs / "createdb"), name]
        subprocess.run(create, env=environment, check=True)
        yield environment


@contextmanager
def redis(service: Mapping[str, Any], folder: Path) -> Iterator[int]:
    """The Compose file's Redis under `folder`; yields its port."""
    port = free_port()
    given = compose.command(service)
    assert given
    ours = ["--port", str(port), "--bind", "127.0.0.1", "--dir", str(folder)]
    check = [
        word.replace("redis-cli", f"redis-cli -p {port}")
        for word in compose.check(service["healthcheck"]["test"])
    ]
    environment = {"PATH": os.defpath + ":/usr/local/bin:/opt/homebrew/bin"}
    with _running([*given, *ours], folder, signal.SIGTERM, lambda: _passes(check, environment)):
        yield port


def _passes(check: list[str], environment: Mapping[str, str]) -> bool:
    return subprocess.run(check, env=environment, capture_output=True).returncode == 0


@contextmanager
def _running(
    command: list[str], folder: Path, stop: signal.Signals, healthy: Callable[[], bool]
) -> Iterator[None]:
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, **_as_nobody(folder))
    try:
        end = time.monotonic() + PATIENCE
        while not healthy():
            assert process.poll() is None, (folder / "log").read_text()
            assert time.monotonic() < end, f"{command[0]} is not healthy"
            time.sleep(0.1)
        yield
    finally:
        process.send_signal(stop)
        process.wait(PATIENCE)


def _as_nobody(folder: Path) -> dict[str, Any]:
    """How to start a server in its folder: by an unprivileged user where the tests are root."""
    if os.geteuid() != 0:
        return {"cwd": folder}
    shutil.chown(folder, UNPRIVILEGED)
    return {"cwd": folder, "user": UNPRIVILEGED, "extra_groups": []}
