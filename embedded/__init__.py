"""The embedded servers: PostgreSQL and Valkey from wheels, for machines that have neither.

Addresses follow from the project folder alone, so that settings can be read without starting
anything; `servers()` starts what is needed and shares it with every other process of the project:

    with embedded.servers():
        ...  # database_settings() and broker_url() answer here
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from embedded.errors import EmbeddedError, told
from embedded.layout import Layout
from embedded.lease import Lease
from embedded.postgres import DATABASE, ROLE, Postgres
from embedded.server import Server
from embedded.valkey import Valkey

__all__ = [
    "EmbeddedError",
    "broker_url",
    "cache_url",
    "database_settings",
    "database_url",
    "local_secret",
    "servers",
]

PROJECT = Path(__file__).resolve().parent.parent


def database_settings(project: Path = PROJECT) -> dict[str, str]:
    """NAME, USER and HOST (a folder) of the embedded PostgreSQL, as Django takes them."""
    return {"NAME": DATABASE, "USER": ROLE, "HOST": str(Layout(project).sockets)}


def database_url(project: Path = PROJECT) -> str:
    """The embedded PostgreSQL as a libpq address."""
    return f"postgresql://{ROLE}@/{DATABASE}?host={Layout(project).sockets}"


def broker_url(project: Path = PROJECT) -> str:
    """The embedded Valkey as Celery (kombu) takes it."""
    return f"redis+socket://{Valkey(Layout(project)).socket}?virtual_host=0"


def cache_url(project: Path = PROJECT) -> str:
    """The embedded Valkey as redis-py and Django's cache take it."""
    return f"unix://{Valkey(Layout(project)).socket}?db=0"


def local_secret(project: Path = PROJECT) -> str:
    """A secret key drawn once for this project folder and kept in `var/secret-key` (mode 0600).

    Raises EmbeddedError where `var/` cannot be written.
    """
    path = Layout(project).var / "secret-key"
    with told():
        if not path.exists():
            _draw_secret(path)
        return path.read_text()


def _draw_secret(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(secrets.token_urlsafe(50))
    with suppress(FileExistsError):  # another process was quicker: its key counts
        os.link(draft, path)
    draft.unlink()


def wanted(project: Path = PROJECT) -> list[Server]:
    """The servers that the environment does not name: what `servers()` keeps running."""
    layout = Layout(project)
    both: list[Server] = [Postgres(layout), Valkey(layout)]
    return [server for server in both if not server.named_elsewhere()]


@contextmanager
def servers(project: Path = PROJECT) -> Iterator[list[Lease]]:
    """Keep the embedded servers running for the length of the block.

    The first process starts them, the last to leave stops them. One for which DATABASE_URL or
    REDIS_URL is set is not started. Yields the leases held. Raises EmbeddedError, one line.
    """
    with ExitStack() as stack:
        yield [stack.enter_context(Lease(server)) for server in wanted(project)]
