"""What must be so of the servers before the application can work with them."""

from __future__ import annotations

from collections.abc import Collection

from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connections

POSTGRES = 15  # the first in which a unique constraint can take NULLs for equal


@register(Tags.database)
def new_enough(databases: Collection[str] | None = None, **kwargs: object) -> list[CheckMessage]:
    """Refuse an older PostgreSQL: there Django leaves such constraints out with a mere warning.
    `migrate` makes this check, and `check --database default`."""
    found = {alias: version(alias) for alias in databases or ()}
    return [
        Error(
            f"PostgreSQL {major} is too old: {POSTGRES} or newer is needed",
            obj=f"database {alias!r}",
            id="config.E001",
        )
        for alias, major in found.items()
        if major < POSTGRES
    ]


def version(alias: str) -> int:
    """The major version of a database's server."""
    with connections[alias].cursor() as cursor:
        cursor.execute("SHOW server_version_num")
        return int(cursor.fetchone()[0]) // 10_000
