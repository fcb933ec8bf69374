"""What the database's roles may do: nobody but a superuser changes or deletes history.

History are the tables that have the trigger `append_only`: it refuses UPDATE and DELETE to
everybody, superusers too. But who owns a table can switch its triggers off. So the owner gives
up the rights as well, and the application can have a role of its own, which owns nothing.
"""

from __future__ import annotations

import psycopg
from django.db import connection, transaction
from psycopg import sql

# A foreign key to a table locks the row that it names with its owner's rights, and the
# application locks rows before it undoes them: for both the right to change one column is
# enough. It is that of the key, which the trigger keeps.
LOCKED = ("claims_batch", "claims_namedecision")
TABLES = """
SELECT DISTINCT c.relname, r.rolname, r.rolsuper, a.attname
FROM pg_trigger t
JOIN pg_class c ON c.oid = t.tgrelid
JOIN pg_roles r ON r.oid = c.relowner
JOIN pg_index i ON i.indrelid = c.oid AND i.indisprimary
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = i.indkey[0]
WHERE t.tgname LIKE 'pgtrigger_append_only_%' AND pg_table_is_visible(c.oid)
ORDER BY c.relname
"""
# pgtrigger lets a session name triggers that are not to fire, by a setting that every role may
# set: with it, changes would leave no history. Migrations that add triggers bring it back.
IGNORE_NOTHING = """
CREATE OR REPLACE FUNCTION public._pgtrigger_should_ignore(trigger_name name) RETURNS boolean
AS 'BEGIN RETURN FALSE; END' LANGUAGE plpgsql
"""
Row = tuple[str, str, bool, str]


class Unfit(Exception):
    """The role cannot be the application's; the message says why."""


def history_tables() -> list[str]:
    return [table for table, *_ in _tables()]


@transaction.atomic
def protect_history() -> None:
    """Take from the owners of history the rights to change it, where they are no superusers."""
    for table, owner, is_superuser, key in _tables():
        if not is_superuser:
            names = {"table": sql.Identifier(table), "role": sql.Identifier(owner)}
            _run("REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM {role}", **names)
            _run("GRANT UPDATE ({key}) ON {table} TO {role}", key=sql.Identifier(key), **names)


@transaction.atomic
def let_in(role: str, password: str = "") -> None:
    """Make `role` the application's, and make it where it is not there: it reads and writes all
    tables, adds to history without changing it, and makes, alters and switches off nothing.

    Run by a superuser, or by the owner of database and tables, who may make roles if there is
    none. Without a password the role keeps its own. Raises Unfit where the role is a superuser
    or owns what it is to be kept from.
    """
    name, database = sql.Identifier(role), sql.Identifier(connection.settings_dict["NAME"])
    _refuse_unfit(role)
    if password:
        _run("ALTER ROLE {role} LOGIN PASSWORD {secret}", role=name, secret=_scram(role, password))
    # In a table of its own by the same name, a session would catch what triggers write.
    _run("REVOKE TEMPORARY, CREATE ON DATABASE {database} FROM PUBLIC", database=database)
    _run("REVOKE CREATE ON SCHEMA public FROM PUBLIC")
    _run("GRANT CONNECT ON DATABASE {database} TO {role}", database=database, role=name)
    _run("GRANT USAGE ON SCHEMA public TO {role}", role=name)
    everything = "SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public"
    _run(f"GRANT {everything} TO {{role}}", role=name)
    _run("GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {role}", role=name)
    _run("REVOKE INSERT, UPDATE, DELETE ON django_migrations FROM {role}", role=name)
    for table, _, _, key in _tables():
        names = {"table": sql.Identifier(table), "role": name}
        _run("REVOKE UPDATE, DELETE ON {table} FROM {role}", **names)
        if table in LOCKED:
            _run("GRANT UPDATE ({key}) ON {table} TO {role}", key=sql.Identifier(key), **names)
    _run(IGNORE_NOTHING)


def _refuse_unfit(role: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = %s", [role])
        found = cursor.fetchone()
    if found is None:
        _run("CREATE ROLE {role}", role=sql.Identifier(role))
    elif found[0]:
        raise Unfit(f"The role {role} is a superuser: it could change history all the same.")
    elif role in {owner for _, owner, _, _ in _tables()}:
        raise Unfit(f"The role {role} owns the tables: it could switch their triggers off.")


def _tables() -> list[Row]:
    """Each with its owner, whether that is a superuser, and its key's column."""
    with connection.cursor() as cursor:
        cursor.execute(TABLES)
        return cursor.fetchall()


def _scram(role: str, password: str) -> sql.Literal:
    """What the server keeps of a password, so that no log of statements holds the password."""
    connection.ensure_connection()
    raw: psycopg.Connection = connection.connection
    return sql.Literal(
        raw.pgconn.encrypt_password(password.encode(), role.encode(), b"scram-sha-256").decode()
    )


def _run(statement: str, **names: sql.Composable) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL(statement).format(**names))
