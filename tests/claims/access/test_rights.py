"""History resists the role that the application has in the database: by triggers, and by rights
where the triggers are off."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import product
from typing import Any

import pghistory
import pytest
from django.core.management import CommandError, call_command
from django.db import ProgrammingError, connection, transaction
from pghistory.models import Context
from psycopg import sql

from claims.access import keys
from claims.access.rights import Unfit, history_tables, let_in, protect_history
from claims.models import Claim, Decision, NameDecision
from claims.names import ruling as naming
from claims.names.undoing import undo as undo_ruling
from claims.review import bulk
from claims.review.decisions import decide, restore, undo
from config.ids import new_id
from entities.models import Actor
from tests.factories import make_actor, make_claim, make_user

pytestmark = pytest.mark.django_db
ROLE = "an application"  # a name that must be quoted
HISTORY = [
    "claims_apikeyevent",
    "claims_batch",
    "claims_claimevent",
    "claims_decision",
    "claims_membershipevent",
    "claims_namedecision",
    "claims_reviewpolicyevent",
    "entities_actorevent",
    "entities_placeevent",
    "pghistory_context",
]


ATTEMPTS = (
    "UPDATE {table} SET {column} = {column}",
    "DELETE FROM {table}",
    "TRUNCATE {table}",
    "TRUNCATE {table} CASCADE",
    "ALTER TABLE {table} DISABLE TRIGGER ALL",
    "ALTER TABLE {table} DISABLE TRIGGER USER",
    "DROP TRIGGER {trigger} ON {table}",
    "DROP TABLE {table}",
    "ALTER TABLE {table} ADD more text",
    "CREATE RULE nothing AS ON INSERT TO {table} DO INSTEAD NOTHING",
    "CREATE TRIGGER mine BEFORE INSERT ON {table} FOR EACH ROW "
    "EXECUTE FUNCTION suppress_redundant_updates_trigger()",
)


def run(statement: str, *parameters: Any, **names: str) -> Any:
    with connection.cursor() as cursor:
        quoted = {key: sql.Identifier(name) for key, name in names.items()}
        cursor.execute(sql.SQL(statement).format(**quoted), parameters or None)
        return cursor.fetchall() if cursor.description else None


def attempted(attempt: str, table: str) -> None:
    [(trigger,)] = run(
        "SELECT tgname FROM pg_trigger WHERE tgrelid = %s::regclass "
        "AND tgname LIKE 'pgtrigger_append_only_%%'",
        table,
    )
    columns = run("SELECT column_name FROM information_schema.columns WHERE table_name = %s", table)
    other = sorted({name for (name,) in columns} - {"id", "pgh_id"})[0]
    names = {"table": table, "column": other, "trigger": trigger}
    run(attempt, **{key: name for key, name in names.items() if f"{{{key}}}" in attempt})


@contextmanager
def acting_as(role: str) -> Iterator[None]:
    """What a connection that logged in as `role` may do; what foreign keys put off to the end
    is checked as that role too."""
    run("SET LOCAL ROLE {role}", role=role)
    yield
    run("SET CONSTRAINTS ALL IMMEDIATE")
    run("RESET ROLE")


@contextmanager
def refused(words: str) -> Iterator[None]:
    with pytest.raises(ProgrammingError, match=words), transaction.atomic():
        yield


@pytest.fixture
def history() -> None:
    """A row in every table of history."""
    ordinary_work()
    make_user("member", role="editor").memberships.update(role="reader")
    keys.make(by=make_user(), name="nightly", scopes=["read"])
    run("INSERT INTO claims_reviewpolicy (second_reading, share) VALUES ('none', 10)")
    for table in HISTORY:
        assert run("SELECT count(*) > 0 FROM {table}", table=table) == [(True,)], table


@pytest.fixture
def application() -> str:
    let_in(ROLE)
    return ROLE


@pytest.fixture
def owner() -> str:
    """A role that is no superuser, and owns all tables."""
    run("SET CONSTRAINTS ALL IMMEDIATE")
    run("CREATE ROLE {role}", role=ROLE)
    run("GRANT ALL ON SCHEMA public TO {role}", role=ROLE)
    for (table,) in run("SELECT tablename FROM pg_tables WHERE schemaname = 'public'"):
        run("ALTER TABLE {table} OWNER TO {role}", table=table, role=ROLE)
    protect_history()
    return ROLE


def ordinary_work() -> None:
    """Review, correction, undoing, decisions on a set, rulings on names, names edited."""
    user, claim = make_user(), make_claim()
    decide(claim=claim, kind="accept", by=user)
    correction = decide(claim=claim, kind="correct", by=user, values={"predicate": "holds"})
    undo(decision=correction, by=user)
    first = claim.events.order_by("pgh_id").first()  # type: ignore[attr-defined]  # pghistory's
    restore(claim=claim, event_id=first.pgh_id, by=user, reason="As it was.")
    other = make_claim("fighting")
    batch = bulk.start(id=new_id(), kind="accept", versions={other.pk: other.version}, by=user)
    assert bulk.go_on(batch) == 0
    bulk.go_on(bulk.start_undoing(batch=batch, by=user))
    undo_ruling(
        decision=naming.ignore(kind="actor", name="Nobody's Guard", by=user).decision, by=user
    )
    actor = make_actor()
    actor.name = "Wagner"
    actor.save()
    place = claim.place
    place.population = 9_000
    place.save()


def test_all_of_history_has_the_trigger() -> None:
    assert history_tables() == HISTORY


@pytest.mark.usefixtures("history")
def test_superusers_are_refused_by_the_trigger() -> None:
    for table, attempt in product(HISTORY, ATTEMPTS[:2]):
        with refused(f"Cannot update or delete rows from {table}"):
            attempted(attempt, table)


@pytest.mark.usefixtures("application")
def test_the_application_works_with_its_rights() -> None:
    with acting_as(ROLE):
        ordinary_work()
    assert Decision.objects.count() == 6
    assert NameDecision.objects.count() == 2
    assert Actor.objects.get(slug="wagner-group").name == "Wagner"


@pytest.mark.usefixtures("application", "history")
def test_the_applications_role_cannot_change_history() -> None:
    before = [run("SELECT count(*) FROM {table}", table=table) for table in HISTORY]
    with acting_as(ROLE):
        for table, attempt in product(HISTORY, ATTEMPTS):
            with refused("permission denied|must be owner"):
                attempted(attempt, table)
        assert [run("SELECT count(*) FROM {table}", table=table) for table in HISTORY] == before


@pytest.mark.usefixtures("application")
def test_it_cannot_give_itself_rights() -> None:
    """The server only warns."""
    with acting_as(ROLE):
        for table, right in product(HISTORY, ("DELETE", "TRUNCATE", "TRIGGER", "REFERENCES")):
            run("GRANT ALL ON {table} TO CURRENT_USER", table=table)
            assert run("SELECT has_table_privilege(%s, %s)", table, right) == [(False,)]


@pytest.mark.usefixtures("application", "history")
@pytest.mark.parametrize("table", ["claims_batch", "claims_namedecision"])
def test_what_it_may_lock_it_may_not_change(table: str) -> None:
    with acting_as(ROLE):
        run("SELECT 1 FROM {table} FOR UPDATE", table=table)
        with refused("Cannot update or delete rows"):
            run("UPDATE {table} SET id = id", table=table)


@pytest.mark.usefixtures("application")
@pytest.mark.parametrize(
    ("attempt", "error"),
    [
        ("SET session_replication_role = replica", "permission denied"),
        ("CREATE TEMPORARY TABLE claims_claimevent (LIKE public.claims_claimevent)", "permission"),
        ("CREATE TABLE mine (id int)", "permission denied"),
        ("CREATE ROLE another", "permission denied"),
        ("CREATE OR REPLACE FUNCTION _pgh_attach_context() RETURNS uuid AS 'SELECT NULL::uuid' "
         "LANGUAGE sql", "permission denied|must be owner"),
        ("ALTER TABLE claims_claim DISABLE TRIGGER ALL", "must be owner"),
        ("TRUNCATE claims_claim CASCADE", "permission denied"),
        ("DELETE FROM django_migrations", "permission denied"),
    ],
)  # fmt: skip
def test_it_can_do_nothing_to_the_database_itself(attempt: str, error: str) -> None:
    with acting_as(ROLE), refused(error):
        run(attempt)


@pytest.mark.usefixtures("application")
def test_no_session_leaves_history_out() -> None:
    """Nor keeps a trigger from refusing: pgtrigger would let it."""
    claim = make_claim()
    naming.ignore(kind="actor", name="Nobody's Guard", by=make_user())
    triggers = run(
        "SELECT string_agg(tgname, ',') FROM pg_trigger WHERE tgname LIKE 'pgtrigger_%%'"
    )
    with acting_as(ROLE):
        run("SELECT set_config('pgtrigger.ignore', %s, true)", f"{{{triggers[0][0]}}}")
        run("UPDATE claims_claim SET confidence = 0.25")
        with refused("Cannot update or delete rows"):
            run("UPDATE claims_namedecision SET id = id")
    events: Any = claim.events  # type: ignore[attr-defined]  # pghistory's
    assert events.order_by("-pgh_id").first().confidence == 0.25


def test_an_owner_who_is_no_superuser_works_with_what_is_left(owner: str) -> None:
    with acting_as(owner):
        ordinary_work()
    assert Decision.objects.count() == 6


def test_an_owner_lets_another_role_in(owner: str) -> None:
    run("ALTER ROLE {role} CREATEROLE", role=owner)
    database = connection.settings_dict["NAME"]
    run("ALTER DATABASE {database} OWNER TO {role}", database=database, role=owner)
    run("ALTER FUNCTION _pgtrigger_should_ignore OWNER TO {role}", role=owner)
    with acting_as(owner):
        let_in("web", "correct-horse")
    with acting_as("web"):
        ordinary_work()
        for attempt in ATTEMPTS:
            with refused("permission denied|must be owner"):
                attempted(attempt, "claims_claimevent")


@pytest.mark.usefixtures("history")
def test_an_owner_is_refused_with_the_triggers_off(request: Any) -> None:
    owner = request.getfixturevalue("owner")
    with acting_as(owner):
        for table in HISTORY:
            run("ALTER TABLE {table} DISABLE TRIGGER USER", table=table)
            for attempt in ATTEMPTS[:3]:
                with refused(f"permission denied for table {table}"):
                    attempted(attempt, table)


def test_each_reason_stays_with_its_change_within_one_request() -> None:
    """pghistory's own function would give both the second one."""
    user, one, other = make_user(), make_claim(), make_claim()
    with pghistory.context(user=user.pk, url="/bench/"):
        decide(claim=one, kind="reject", by=user, reason="Of the mine.")
        decide(claim=other, kind="reject", by=user, reason="Of another town.")

    def why(claim: Claim) -> str:
        events: Any = claim.events  # type: ignore[attr-defined]  # pghistory's
        return str(events.order_by("-pgh_id").first().pgh_context.metadata["reason"])

    assert (why(one), why(other)) == ("Of the mine.", "Of another town.")


def test_what_is_said_twice_in_a_request_is_one_row() -> None:
    with pghistory.context(reason="tidied up"):
        make_actor("Town Guard", kind="unit")
        make_actor("Harbour Guard", kind="unit")
    assert Context.objects.filter(metadata__reason="tidied up").count() == 1


def test_a_superuser_is_no_fit_role() -> None:
    [(me,)] = run("SELECT current_user")
    with pytest.raises(Unfit, match="is a superuser"):
        let_in(me)


def test_an_owner_is_no_fit_role(owner: str) -> None:
    with pytest.raises(Unfit, match="owns the tables"):
        let_in(owner)


def test_the_command_says_what_it_did(settings: Any) -> None:
    out = io.StringIO()
    settings.APPLICATION_ROLE, settings.APPLICATION_PASSWORD = "", ""
    call_command("grant_rights", stdout=out)
    assert out.getvalue() == ""
    settings.APPLICATION_ROLE, settings.APPLICATION_PASSWORD = ROLE, "correct-horse"
    call_command("grant_rights", stdout=out)
    assert out.getvalue() == "rights: an application adds to history and changes nothing in it\n"
    [(kept,)] = run("SELECT rolpassword FROM pg_authid WHERE rolname = %s", ROLE)
    assert kept.startswith("SCRAM-SHA-256$")


def test_the_command_fails_in_one_line(settings: Any) -> None:
    [(settings.APPLICATION_ROLE,)] = run("SELECT current_user")
    with pytest.raises(CommandError, match="is a superuser: it could change history all the same"):
        call_command("grant_rights")
