"""The database of the tests: a copy of one to which all migrations were applied once, which is
kept until one of them changes."""

from __future__ import annotations

import hashlib
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.db import connection
from django.db.backends.base.creation import BaseDatabaseCreation
from django.test import TransactionTestCase

LOCK = 0x7E57DB  # of the server: one process makes the template
PREFIX = "tests_template_"
# Made with the database, and never changed by tests.
KEPT = {"auth_permission", "django_content_type", "django_migrations"}


def template() -> str:
    """The name of the database to copy, made where it is not there. Older ones are dropped."""
    name = PREFIX + _digest()
    with connection._nodb_cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        cursor.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [PREFIX])
        there = {row[0] for row in cursor.fetchall()}
        for old in there - {name}:
            cursor.execute(f"DROP DATABASE {old} WITH (FORCE)")
        if name not in there:
            _make(f"{PREFIX}draft")
            cursor.execute(f"ALTER DATABASE {PREFIX}draft RENAME TO {name}")
    return name


def _digest() -> str:
    """Changes with every migration of every application."""
    found = hashlib.sha256()
    for app in sorted(apps.get_app_configs(), key=lambda one: one.label):
        for path in sorted(Path(app.path).glob("migrations/*.py")):
            found.update(f"{app.label} {path.name} ".encode() + path.read_bytes())
    return found.hexdigest()[:16]


def _make(name: str) -> None:
    database = connection.settings_dict
    own, test = database["NAME"], database["TEST"]["NAME"]
    database["TEST"]["NAME"] = name
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    connection.close()
    database["TEST"]["NAME"] = test
    database["NAME"] = settings.DATABASES["default"]["NAME"] = own


def drop(creation: BaseDatabaseCreation, name: str, verbosity: int) -> None:
    """What Django does at the end, also where a thread of a live server, which ends by itself, is
    still connected."""
    creation.connection.close()
    with creation.connection._nodb_cursor() as cursor:
        cursor.execute(f"DROP DATABASE {creation.connection.ops.quote_name(name)} WITH (FORCE)")


def empty(test: TransactionTestCase) -> None:
    """What Django does after a test that commits, for the tables that have rows alone: it empties
    every table with its indexes, hundreds of files, and makes all permissions anew."""
    names = set(connection.introspection.django_table_names(only_existing=True)) - KEPT
    looked = (f"SELECT '{name}' WHERE EXISTS (SELECT FROM {name})" for name in sorted(names))
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(looked))
        filled = [row[0] for row in cursor.fetchall()]
        # Without triggers: neither foreign keys nor what forbids to delete history.
        cursor.execute("SET session_replication_role = replica")
        for name in filled:
            cursor.execute(f"DELETE FROM {name}")
        cursor.execute("RESET session_replication_role")
