"""Tables without indexes and foreign keys, and as they were after it."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import IntegrityError, connection

from benchmarks.worlds import making
from benchmarks.worlds.bare import SAVED, bare, take_off
from benchmarks.worlds.making import Wanted, make_world
from benchmarks.worlds.writing import empty, written_to
from claims.models import Evidence
from tests.factories import make_claim

pytestmark = pytest.mark.django_db

SMALL = Wanted(claims=100, seed=3, until=date(2026, 11, 15), measured=(20,))


def schema() -> list[tuple[object, ...]]:
    found: list[tuple[object, ...]] = []
    with connection.cursor() as cursor:
        for asked in (
            "SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'",
            "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid), condeferrable, "
            "condeferred, convalidated FROM pg_constraint "
            "WHERE connamespace = 'public'::regnamespace",
            "SELECT tgrelid::regclass::text, tgname, tgenabled, pg_get_triggerdef(oid) "
            "FROM pg_trigger WHERE NOT tgisinternal",
        ):
            cursor.execute(asked)
            found += cursor.fetchall()
    return sorted(found)


def test_indexes_and_keys_are_as_before_once_a_large_world_is_written(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    before = schema()
    monkeypatch.setattr(making, "WORTH_IT", 0)
    make_world(SMALL)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    assert schema() == before
    take_off(written_to())  # as if it was killed then
    assert len(schema()) < len(before)
    empty()
    assert schema() == before
    assert SAVED not in connection.introspection.table_names()


def test_rows_that_break_a_key_are_found_when_it_is_made_again() -> None:
    make_claim()
    with pytest.raises(IntegrityError), bare([Evidence]), connection.cursor() as cursor:
        cursor.execute(
            'INSERT INTO claims_evidence (claim_id, start, "end", quote, cue) '
            "VALUES (gen_random_uuid(), 0, 1, 'x', 'x')"
        )
