"""Databases beside the one that an address names, on the same server."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql


def beside(url: str, name: str) -> str:
    """The address of another database."""
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))


def exists(url: str, name: str) -> bool:
    with psycopg.connect(url, autocommit=True) as server:
        asked = server.execute("SELECT FROM pg_database WHERE datname = %s", [name])
        return asked.fetchone() is not None


def create(url: str, name: str, template: str = "template1") -> None:
    """`template`: the database that it is a copy of, to which nobody is connected."""
    statement = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
    with psycopg.connect(url, autocommit=True) as server:
        server.execute(statement.format(sql.Identifier(name), sql.Identifier(template)))


def drop(url: str, name: str) -> None:
    """Whoever is connected, and whether it is there or not."""
    statement = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)")
    with psycopg.connect(url, autocommit=True) as server:
        server.execute(statement.format(sql.Identifier(name)))


@contextmanager
def own_database(url: str, template: str = "template1", name: str = "") -> Iterator[str]:
    """The address of a new database, which is gone at the end. One of a `name` that a run which
    was killed has left is replaced."""
    if name:
        drop(url, name)
    name = name or f"bench_{secrets.token_hex(8)}"
    create(url, name, template)
    try:
        yield beside(url, name)
    finally:
        drop(url, name)
