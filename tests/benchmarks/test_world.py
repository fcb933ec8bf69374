"""Made-up worlds: what the pages are measured on must be like what they will show."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.models import Count
from pytest_django.plugin import DjangoDbBlocker

from benchmarks.worlds.making import Wanted, make_world
from benchmarks.worlds.manifest import Manifest, read
from benchmarks.worlds.sizes import sizes
from benchmarks.worlds.writing import Refused, empty
from claims.derive import derive
from claims.models import (
    Change,
    Claim,
    Decision,
    Evidence,
    ExtractionRun,
    StatusInterval,
    TrackedStatement,
)
from entities.models import Load, Place
from sources.models import Document

pytestmark = pytest.mark.django_db

SMALL = Wanted(claims=200, seed=3, until=date(2026, 11, 15), measured=(40,))


def events() -> Any:
    return Claim._meta.get_field("events").related_model._default_manager


def check_constraints() -> None:
    """Those that wait for the commit."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


@pytest.fixture(scope="module")
def made(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[dict[str, float]]:
    """One world for all tests of this module, each of which is in a transaction within its."""
    with django_db_blocker.unblock(), transaction.atomic():
        figures = make_world(SMALL)
        check_constraints()
        yield figures
        transaction.set_rollback(True)


@pytest.fixture
def world(made: dict[str, float], db: None) -> dict[str, float]:
    return made


def test_a_world_has_as_many_claims_as_asked_for(world: dict[str, float]) -> None:
    assert Claim.objects.count() == world["claims"] == 200
    assert Document.objects.count() == world["documents"]
    live = Place.objects.filter(claims__in=Claim.objects.live()).annotate(n=Count("claims"))
    assert 40 in live.values_list("n", flat=True)
    assert set(Claim.objects.values_list("state", flat=True)) == set(Claim.State.values)
    assert StatusInterval.objects.filter(include_pending=False).exists()


def test_evidence_stands_in_the_text_where_it_says(world: dict[str, float]) -> None:
    told = Evidence.objects.select_related("claim__document", "claim__place")
    assert told.values("claim").distinct().count() == 200
    for one in told:
        assert one.claim.document.text[one.start : one.end] == one.quote
        assert one.claim.place.name in one.claim.document.text
        assert "{" not in one.quote
        assert one.cue in one.claim.document.text


def test_history_tells_how_each_claim_came_to_its_state(world: dict[str, float]) -> None:
    states = defaultdict(list)
    for one in events().order_by("pgh_created_at", "pgh_id"):
        states[one.pgh_obj_id].append(one)
    told = Claim.objects.select_related("document").prefetch_related("decisions")
    for claim in told:
        first, *_, last = [states[claim.pk][0], *states[claim.pk]]
        assert (first.pgh_label, first.state) == ("insert", Claim.State.PENDING)
        assert first.pgh_created_at == claim.created_at >= claim.document.ingested_at
        assert (last.state, last.predicate, last.speaker) == (
            claim.state,
            claim.predicate,
            claim.speaker,
        )
        decided = bool(claim.decisions.all())
        assert (not decided) == (claim.state in (Claim.State.PENDING, Claim.State.SUPERSEDED))
    for decision in Decision.objects.filter(kind="correct"):
        ((name, (_, after)),) = decision.changes.items()
        assert getattr(decision.claim, name) == after


def test_claims_keep_to_the_codebook(world: dict[str, float]) -> None:
    keys = {field.name for field in Claim._meta.fields if field.is_relation}  # the database's
    for claim in Claim.objects.select_related("document"):
        claim.full_clean(exclude=keys, validate_unique=False, validate_constraints=False)
        assert claim.asserted_on <= claim.document.published_local.date()
        if claim.asserted_precision == "week":
            assert claim.asserted_on.weekday() == 0
    last = max(Document.objects.values_list("published", flat=True))
    assert last.date() <= SMALL.until
    assert SMALL.until - last.date() < timedelta(days=60)


def test_the_same_seed_gives_the_same_world(world: dict[str, float]) -> None:
    def shown() -> list[object]:
        return [
            list(Claim.objects.order_by("id").values()),
            list(Document.objects.order_by("id").values()),
            list(ExtractionRun.objects.order_by("id").values()),
            list(Evidence.objects.order_by("claim", "start").values("claim", "start", "quote")),
            list(events().order_by("id", "pgh_created_at").values("id", "state", "pgh_created_at")),
            list(StatusInterval.objects.values_list("place", "start", "status", "deciding")),
        ]

    before = shown()
    empty()
    assert not Claim.objects.exists()
    make_world(SMALL)
    assert shown() == before


def test_statuses_and_statements_are_those_that_follow_from_the_claims(
    world: dict[str, float],
) -> None:
    def shown() -> list[object]:
        return [
            list(StatusInterval.objects.order_by("id").values()),
            list(TrackedStatement.objects.order_by("id").values()),
            list(Claim.objects.filter(queued__decides=True).order_by("id").values_list("id")),
        ]

    before = shown()
    assert all(before)
    assert derive(list(Place.objects.values_list("id", flat=True))) == set()
    assert shown() == before  # a row that says something else would be another one


def test_the_feed_tells_every_change_in_order(world: dict[str, float]) -> None:
    changes = Change.objects.order_by("number")
    assert list(changes.values_list("number", flat=True)) == list(range(1, len(changes) + 1))
    days = [change.at for change in changes if change.at]
    assert len(days) == len(changes)
    assert days == sorted(days)
    of_claims = set(changes.filter(what="claim").values_list("event", flat=True))
    assert of_claims == set(events().values_list("pgh_id", flat=True))
    assert changes.filter(what="claim").count() == len(of_claims)
    assert changes.filter(what="status").count() == StatusInterval.objects.count()


def test_new_rows_are_numbered_after_the_worlds(world: dict[str, float]) -> None:
    last = max(events().values_list("pgh_id", flat=True))
    claim = Claim.objects.filter(state="pending").first()
    assert claim is not None
    claim.state = Claim.State.ACCEPTED
    claim.save()
    assert events().latest("pgh_id").pgh_id == last + 1


def test_the_database_says_which_world_it_holds(world: dict[str, float]) -> None:
    assert read() == Manifest(200, 3, SMALL.until, (40,), finished=True)


def test_sizes_are_told_by_row(world: dict[str, float]) -> None:
    found = sizes()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_total_relation_size('claims_claim') / 200.0")
        assert found["claims_claim_bytes"] == round(cursor.fetchone()[0])
    parts = ("claim", "evidence", "queuedclaim", "decision")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT sum(pg_total_relation_size(name::regclass)) / 200 FROM unnest(%s::text[]) name",
            [[f"claims_{part}" for part in parts]],
        )
        assert found["per_claim_bytes"] == round(cursor.fetchone()[0])


def test_a_world_that_something_was_loaded_into_is_one_no_more(world: dict[str, float]) -> None:
    Load.objects.create(source="demo", digest="0")
    with pytest.raises(Refused):
        empty()
