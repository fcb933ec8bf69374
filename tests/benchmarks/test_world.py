"""Made-up worlds: what the pages are measured on must be like what they will show."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.models import Count

from benchmarks.worlds.making import Wanted, make_world
from benchmarks.worlds.telling import Passage, read_marks
from benchmarks.worlds.writing import Refused, empty
from claims.models import Claim, Decision, Evidence, StatusInterval
from entities.models import Load, Place
from sources.models import Document
from tests.factories import make_claim

pytestmark = pytest.mark.django_db

SMALL = Wanted(claims=200, seed=3, until=date(2026, 11, 15), busy=40)


def events() -> Any:
    return Claim._meta.get_field("events").related_model._default_manager


def check_constraints() -> None:
    """Those that wait for the commit."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


@pytest.fixture
def world() -> dict[str, float]:
    figures = make_world(SMALL)
    check_constraints()
    return figures


def test_a_world_has_as_many_claims_as_asked_for(world: dict[str, float]) -> None:
    assert Claim.objects.count() == world["claims"] == 200
    assert Document.objects.count() == world["documents"]
    busy = Place.objects.filter(claims__in=Claim.objects.live()).annotate(n=Count("claims"))
    assert 40 in busy.values_list("n", flat=True)
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
    for claim in Claim.objects.all():
        states = events().filter(pgh_obj_id=claim.pk).order_by("pgh_created_at", "pgh_id")
        first, last = states[0], list(states)[-1]
        assert (first.pgh_label, first.state) == ("insert", Claim.State.PENDING)
        assert first.pgh_created_at == claim.created_at >= claim.document.ingested_at
        assert (last.state, last.predicate, last.speaker) == (
            claim.state,
            claim.predicate,
            claim.speaker,
        )
        decided = claim.decisions.order_by("at").last()
        assert (decided is None) == (claim.state in (Claim.State.PENDING, Claim.State.SUPERSEDED))
    for decision in Decision.objects.filter(kind="correct"):
        ((name, (_, after)),) = decision.changes.items()
        assert getattr(decision.claim, name) == after


def test_claims_keep_to_the_codebook(world: dict[str, float]) -> None:
    for claim in Claim.objects.select_related("document"):
        claim.full_clean(validate_unique=False)
        assert claim.asserted_on <= claim.document.published_local.date()
        if claim.asserted_precision == "week":
            assert claim.asserted_on.weekday() == 0
    last = max(Document.objects.values_list("published", flat=True))
    assert last.date() <= SMALL.until
    assert SMALL.until - last.date() < timedelta(days=30)


def test_the_same_seed_gives_the_same_world(world: dict[str, float]) -> None:
    def shown() -> list[object]:
        return [
            list(Claim.objects.order_by("id").values()),
            list(Document.objects.order_by("id").values()),
            list(Evidence.objects.order_by("claim", "start").values("claim", "start", "quote")),
            list(events().order_by("id", "pgh_created_at").values("id", "state", "pgh_created_at")),
            list(StatusInterval.objects.values_list("place", "start", "status", "deciding")),
        ]

    before = shown()
    empty()
    assert not Claim.objects.exists()
    make_world(SMALL)
    assert shown() == before


def test_a_database_that_holds_anything_else_is_refused() -> None:
    claim = make_claim()
    check_constraints()
    with pytest.raises(Refused):
        empty()
    assert Claim.objects.get() == claim
    empty(force=True)
    assert not Place.objects.exists()


def test_a_world_that_something_was_loaded_into_is_one_no_more(world: dict[str, float]) -> None:
    Load.objects.create(source="demo", digest="0")
    with pytest.raises(Refused):
        empty()


def test_marks_of_a_template_become_passages() -> None:
    text, passages = read_marks("So it was: [men <took> X] and [left].")
    assert text == "So it was: men took X and left."
    assert passages == (Passage(11, 21, "took"), Passage(26, 30, ""))
