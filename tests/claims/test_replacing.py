"""Claims found in the place of decided ones, and decisions that are taken over."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction

from claims.extraction.records import ExtractedClaim, Extraction, Passage, PlaceRef
from claims.models import Claim
from claims.reconcile import Reconciled, reconcile
from claims.replacing import earlier_decision, take_over
from claims.review.decisions import Outdated, decide
from claims.run_changes import together
from claims.runs import article
from sources.models import Document
from tests.claims.test_reconcile import found
from tests.factories import make_actor, make_document, make_place, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def document() -> Document:
    make_place()
    make_place("Bakhmut")
    make_actor()
    return make_document()


def write(document: Document, *claims: ExtractedClaim, version: str = "2") -> Reconciled:
    with transaction.atomic():
        return reconcile(document, Extraction(article(document), claims), version)


def only(**fields: Any) -> Claim:
    return Claim.objects.get(**fields)


def decided(document: Document, kind: str = "accept", **values: Any) -> Claim:
    """The claim that `found()` is, decided on."""
    write(document, found())
    claim = only()
    decide(claim=claim, kind=kind, by=make_user("first"), **values)
    return claim


def test_a_run_says_what_it_changed(document: Document) -> None:
    new = write(document, found(), found(predicate="holds"))
    ids = {claim.predicate: str(claim.id) for claim in Claim.objects.all()}
    assert new.changes == {"added": [ids["captured"], ids["holds"]]}
    assert write(document, found(), found(predicate="holds")).changes == {}
    decide(claim=only(predicate="holds"), kind="reject", because="who", by=make_user())
    assert write(document).changes == {
        "superseded": [ids["captured"]],
        "no_longer_found": [ids["holds"]],
    }
    assert write(document).changes == {}
    again = write(document, found(), found(predicate="holds")).changes
    assert again == {"found_again": [ids["captured"], ids["holds"]]}


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        ("accept", {}),
        ("correct", {"values": {"speaker": "Somebody"}}),
        ("reject", {"because": "date"}),
        ("unverifiable", {}),
    ],
)
def test_a_claim_in_a_decided_ones_place_says_so(
    document: Document, kind: str, values: dict[str, Any]
) -> None:
    old = decided(document, kind, **values)
    state = old.state
    done = write(document, found(event_date=None, event_precision=None))
    new = only(state="pending")
    assert new.replaces == old
    assert done.changes == {
        "added": [str(new.id)],
        "no_longer_found": [str(old.id)],
        "replaced": [[str(old.id), str(new.id)]],
    }
    old.refresh_from_db()
    assert (old.state, old.no_longer_found) == (state, True)


def test_a_pending_claim_has_none_in_its_place(document: Document) -> None:
    write(document, found())
    write(document, found(event_date=None, event_precision=None))
    assert Claim.objects.filter(replaces__isnull=False).count() == 0


@pytest.mark.parametrize(
    ("fields", "replaces"),
    [
        ({"passages": (Passage(60, 80, "x"),), "speaker": "", "predicate": "captured"}, False),
        ({"predicate": "holds"}, True),
        ({"stance": "denies", "event_date": None, "event_precision": None}, True),
        ({"place": PlaceRef("Bakhmut", "test-bakhmut", "ukraine")}, True),
        ({"place": PlaceRef("Bakhmut", "test-bakhmut", "ukraine"), "predicate": "holds"}, False),
    ],
)
def test_what_stands_in_its_place(
    document: Document, fields: dict[str, Any], replaces: bool
) -> None:
    """Passages overlap, and it says the same or is about the same town."""
    old = decided(document)
    write(document, found(**{"asserted_precision": "week", **fields}))
    assert (only(state="pending").replaces == old) is replaces


def test_of_several_the_likeliest_stands_in_its_place(document: Document) -> None:
    old = decided(document)
    bakhmut = PlaceRef("Bakhmut", "test-bakhmut", "ukraine")
    write(
        document,
        found(predicate="holds"),
        found(place=bakhmut),
        found(asserted_precision="week", event_date=None, event_precision=None),
        found(asserted_precision="week"),
    )
    new = only(replaces=old)
    assert (new.predicate, new.place.name, new.asserted_precision) == (
        "captured", "Soledar", "week",
    )  # fmt: skip
    assert new.event_date == old.event_date


def test_each_stands_in_one_place(document: Document) -> None:
    write(document, found(), found(predicate="holds"))
    for claim in Claim.objects.all():
        decide(claim=claim, kind="accept", by=make_user())
    write(document, found(asserted_precision="week"))
    new = only(state="pending")
    assert new.replaces is not None
    assert new.replaces.predicate == "captured"
    assert Claim.objects.filter(no_longer_found=True, replaced_by__isnull=True).count() == 1


def test_found_again_nothing_stands_in_its_place(document: Document) -> None:
    old = decided(document)
    week = found(asserted_precision="week")
    write(document, week)
    write(document, week, found())
    old.refresh_from_db()
    assert not old.no_longer_found
    assert only(state="pending").replaces is None


def test_a_later_run_finds_what_stands_in_its_place(document: Document) -> None:
    old = decided(document)
    write(document)
    done = write(document, found(asserted_precision="week"))
    new = only(state="pending")
    assert done.changes == {"added": [str(new.id)], "replaced": [[str(old.id), str(new.id)]]}


def replaced(document: Document, kind: str, **values: Any) -> tuple[Claim, Claim]:
    old = decided(document, kind, **values)
    write(document, found(asserted_precision="week"))
    return old, only(replaces=old)


def test_an_acceptance_is_taken_over(document: Document) -> None:
    old, new = replaced(document, "accept", reason="clear")
    earlier = earlier_decision(new)
    assert earlier is not None
    assert (earlier.kind, earlier.by.username) == ("accept", "first")
    decision = take_over(claim=new, by=make_user("second"))
    assert (new.state, decision.by.username) == ("accepted", "second")
    assert decision.reason == "clear (as decided by first before the text was read again)"
    old.refresh_from_db()
    assert (old.state, old.duplicate_of) == ("rejected", new)
    assert old.decisions.count() == 2


def test_a_correction_is_made_again(document: Document) -> None:
    values = {"predicate": "holds", "speaker": "Somebody"}
    _old, new = replaced(document, "correct", values=values)
    decision = take_over(claim=new, by=make_user("second"))
    assert (new.state, new.predicate, new.speaker) == ("corrected", "holds", "Somebody")
    assert decision.changes["predicate"] == ["captured", "holds"]
    assert new.asserted_precision == "week"


def test_a_correction_that_the_new_one_has_is_an_acceptance(document: Document) -> None:
    old = decided(document, "correct", values={"predicate": "holds"})
    write(document, found(predicate="holds"))
    new = only(replaces=old)
    assert take_over(claim=new, by=make_user("second")).kind == "accept"
    assert (new.state, new.predicate) == ("accepted", "holds")


@pytest.mark.parametrize(
    ("kind", "values", "state"),
    [("reject", {"because": "place"}, "rejected"), ("unverifiable", {}, "unverifiable")],
)
def test_a_refusal_is_taken_over(
    document: Document, kind: str, values: dict[str, Any], state: str
) -> None:
    old, new = replaced(document, kind, **values)
    decision = take_over(claim=new, by=make_user("second"))
    assert (new.state, decision.because) == (state, values.get("because", ""))
    old.refresh_from_db()
    assert (old.state, old.duplicate_of) == (state, None)
    assert old.decisions.count() == 1


def test_what_cannot_be_taken_over(document: Document) -> None:
    old, new = replaced(document, "accept")
    with pytest.raises(Outdated):
        take_over(claim=new, by=make_user(), version=new.version + 1)
    with pytest.raises(ValidationError, match="in no other’s place"):
        take_over(claim=old, by=make_user())
    decide(claim=old, kind="reopen", by=make_user())
    with pytest.raises(ValidationError, match="No decision stands"):
        take_over(claim=new, by=make_user())
    assert only(pk=new.pk).state == "pending"


@pytest.mark.parametrize(
    ("earlier", "later", "expected"),
    [
        ({}, {"added": ["a"]}, {"added": ["a"]}),
        ({"added": ["a", "b"]}, {"superseded": ["a"]}, {"added": ["b"]}),
        ({"superseded": ["a"]}, {"found_again": ["a"]}, {}),
        ({"no_longer_found": ["a"]}, {"found_again": ["a"]}, {}),
        ({"found_again": ["a"]}, {"no_longer_found": ["a"]}, {}),
        ({"added": ["a"]}, {"no_longer_found": ["a"]}, {"added": ["a"], "no_longer_found": ["a"]}),
        ({"renamed": ["a"]}, {"renamed": ["a", "b"]}, {"renamed": ["a", "b"]}),
        (
            {"no_longer_found": ["a"], "added": ["b"], "replaced": [["a", "b"]]},
            {"found_again": ["a"], "superseded": ["b"]},
            {},
        ),
    ],
)
def test_runs_of_one_version_together(
    earlier: dict[str, list[Any]], later: dict[str, list[Any]], expected: dict[str, list[Any]]
) -> None:
    assert together(earlier, later) == expected
