"""The form of a correction: names in any spelling, days in words, the codebook's rules."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.utils import translation
from pytest_django import DjangoAssertNumQueries

from claims.models import Claim
from claims.pages.bench.correction import CorrectionForm, as_typed
from claims.review.decisions import CORRECTABLE, decide
from tests.factories import (
    make_actor,
    make_claim,
    make_conflict,
    make_document,
    make_place,
    make_user,
)

pytestmark = pytest.mark.django_db
WHO_ELSE = ("Ukraine", "Russia", "United States")


@pytest.fixture
def editor() -> User:
    return make_user()


@pytest.fixture
def claim() -> Claim:
    for name in WHO_ELSE:
        make_actor(name)
    document = make_document(published=datetime(2023, 1, 18, 12, tzinfo=UTC))
    return make_claim(
        document=document,
        asserted_on=date(2023, 1, 11),
        event_date=date(2023, 1, 1),
        event_precision="month",
        speaker="a spokesman",
    )


def filled(claim: Claim, **changes: str) -> CorrectionForm:
    """The form as it stands, with what was typed into it."""
    return CorrectionForm({**as_typed(claim), **changes}, claim=claim)


def wrong(form: CorrectionForm) -> dict[str, list[str]]:
    form.is_valid()
    return {name: [str(error) for error in errors] for name, errors in form.errors.items()}


def test_the_form_as_it_stands_changes_nothing(claim: Claim) -> None:
    assert as_typed(claim) == {
        "claimant": "Wagner Group",
        "speaker": "a spokesman",
        "stance": "asserts",
        "predicate": "captured",
        "subject": "Wagner Group",
        "place": "Soledar",
        "extent": "whole",
        "part_words": "",
        "part_label": "",
        "asserted_on": "11 January 2023",
        "event_date": "January 2023",
    }
    form = filled(claim)
    assert wrong(form) == {"__all__": ["Nothing is changed: accept the claim instead."]}
    assert form.values == {}


@pytest.mark.parametrize(
    ("typed", "values"),
    [
        ({"speaker": " Yevgeny Prigozhin "}, {"speaker": "Yevgeny Prigozhin"}),
        ({"predicate": "advancing"}, {"predicate": "advancing"}),
        ({"predicate": "fighting", "subject": ""}, {"predicate": "fighting", "subject": None}),
        ({"claimant": ""}, {"claimant": None}),
        ({"claimant": "united  states"}, {"claimant": "United States"}),
        ({"subject": "RUSSIA"}, {"subject": "Russia"}),
        ({"place": "Бахмут"}, {"place": "Bakhmut"}),
        ({"place": "artemivsk"}, {"place": "Bakhmut"}),
        ({"stance": "denies", "event_date": ""}, {"stance": "denies", "event_date": None}),
        (
            {"extent": "part", "part_words": "the centre", "part_label": "centre"},
            {"extent": "part", "part_words": "the centre", "part_label": "centre"},
        ),
        ({"asserted_on": "last Friday"}, {"asserted_on": date(2023, 1, 13)}),
        (
            {"asserted_on": "January 2023"},
            {"asserted_on": date(2023, 1, 1), "asserted_precision": "month"},
        ),
        (
            {"asserted_on": "11 Jan", "asserted_precision": "week"},
            {"asserted_on": date(2023, 1, 9), "asserted_precision": "week"},
        ),
        ({"asserted_precision": "year"}, {"asserted_on": date(2023, 1, 1)}),
        ({"event_date": "9 Jan"}, {"event_date": date(2023, 1, 9), "event_precision": "day"}),
        ({"event_date": ""}, {"event_date": None, "event_precision": ""}),
    ],
)
def test_what_is_corrected(
    claim: Claim, editor: User, typed: dict[str, str], values: dict[str, Any]
) -> None:
    make_place("Bakhmut")
    form = filled(claim, **typed)
    assert wrong(form) == {}
    found = form.values
    shown = {
        name: str(value) if name in ("place", "claimant", "subject") and value else value
        for name, value in found.items()
    }
    assert values.items() <= shown.items()
    assert found.keys() - values.keys() <= {"asserted_precision", "event_precision"}
    decide(claim=claim, kind="correct", by=editor, values=found)
    assert {name: getattr(claim, name) for name in found} == found


@pytest.mark.parametrize(
    ("typed", "errors"),
    [
        ({"place": ""}, {"place": ["Every claim is about a town."]}),
        ({"place": "Nowhere"}, {"place": ["No place is called “Nowhere”."]}),
        ({"claimant": "Nobody"}, {"claimant": ["Nobody is called “Nobody”."]}),
        (
            {"predicate": "fighting"},
            {"subject": ["Fighting has no subject: leave it empty."]},
        ),
        (
            {"stance": "denies"},
            {"event_date": ["Only what is asserted has a day that it is about: leave this empty."]},
        ),
        (
            {"part_label": "east"},
            {"part_label": ["The whole town has no part: choose a part of it, or empty this."]},
        ),
        (
            {"asserted_on": "soon"},
            {
                "asserted_on": [
                    "“soon” is not understood as a day. Try “11 January”, “last Friday” or"
                    " “January 2023”."
                ]
            },
        ),
        ({"asserted_on": ""}, {"asserted_on": ["Every claim was said at some time."]}),
        (
            {"asserted_on": "19 January 2023"},
            {"asserted_on": ["That is 19 January 2023, after the publication on 18 January 2023."]},
        ),
        (
            {"event_date": "12 January"},
            {
                "event_date": [
                    "It is about a time before it was said: that is after 11 January 2023."
                ]
            },
        ),
        (
            {"stance": "shouts"},
            {"stance": ["Select a valid choice. shouts is not one of the available choices."]},
        ),
        (
            {"speaker": "x" * 201},
            {"speaker": ["Ensure this value has at most 200 characters (it has 201)."]},
        ),
    ],
)
def test_what_is_wrong_is_said_at_its_field(
    claim: Claim, typed: dict[str, str], errors: dict[str, list[str]]
) -> None:
    form = filled(claim, **typed)
    assert wrong(form) == errors
    assert form["speaker"].value() == typed.get("speaker", "a spokesman")


def test_an_event_within_the_week_in_which_it_was_told(claim: Claim) -> None:
    typed = {"asserted_on": "week of 9 January", "event_date": "12 January"}
    assert wrong(filled(claim, **typed)) == {}


def test_of_namesakes_the_conflicts_own_is_meant(claim: Claim) -> None:
    other = make_conflict("sudan", "War in Sudan", sides=[])
    make_place("Krasne", key="far", conflict=other, population=900_000)
    near = make_place("Krasne", key="near")
    form = filled(claim, place="krasne")
    assert wrong(form) == {}
    assert form.values == {"place": near}


def test_namesakes_are_told_apart_by_choosing(claim: Claim) -> None:
    small = make_place("Krasne", key="small", population=100)
    large = make_place("Krasne", key="large", population=5000, admin1="Kharkiv Oblast")
    form = filled(claim, place="Krasne")
    assert wrong(form) == {"place": ["“Krasne” may mean any of these:"]}
    assert [one.row for one in form.candidates["place"]] == [large, small]
    chosen = filled(claim, place="Krasne", place_id=str(small.pk), place_for="Krasne")
    assert wrong(chosen) == {}
    assert chosen.values == {"place": small}
    # What was chosen for another name does not count.
    typed_on = filled(claim, place="Krasn", place_id=str(small.pk), place_for="Krasne")
    assert wrong(typed_on) == {"place": ["No place is called “Krasn”."]}
    assert [one.row for one in typed_on.candidates["place"]] == [large, small]


@pytest.mark.parametrize("id_", ["nonsense", "01890000-0000-7000-8000-000000000000"])
def test_an_id_that_nothing_has_does_not_count(claim: Claim, id_: str) -> None:
    bakhmut = make_place("Bakhmut")
    form = filled(claim, place="Bakhmut", place_id=id_, place_for="Bakhmut")
    assert wrong(form) == {}
    assert form.values == {"place": bakhmut}


def test_in_another_language_days_come_back_as_they_were(claim: Claim) -> None:
    with translation.override("uk"):
        form = CorrectionForm({**as_typed(claim), "speaker": "речник"}, claim=claim)
        assert form.is_valid()
        assert form.values == {"speaker": "речник"}


def test_the_form_has_all_that_can_be_corrected(claim: Claim) -> None:
    assert set(CORRECTABLE) <= set(CorrectionForm(claim=claim).fields)


def test_names_take_two_queries_each(
    claim: Claim, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    make_place("Bakhmut")
    form = filled(claim, place="Bakhmut", claimant="Russia")
    with django_assert_num_queries(4):
        assert form.is_valid()
