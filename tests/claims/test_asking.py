"""What of the claims is asked for, by everything that the codebook knows of one."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.http import QueryDict

from claims.asking import ClaimsForm, choose
from claims.models import Claim
from tests.factories import make_actor, make_claim, make_place

pytestmark = pytest.mark.django_db


def found(address: str) -> set[Claim]:
    form = ClaimsForm(QueryDict(address))
    assert form.is_valid(), form.errors
    return set(choose(Claim.objects.all(), form.asked))


@pytest.fixture
def claims() -> dict[str, Claim]:
    return {
        "whole": make_claim(asserted_on=date(2023, 1, 10), confidence=0.9),
        "part": make_claim(
            "holds",
            claimant="Ukraine",
            subject="Ukraine",
            extent="part",
            part_words="the east of the town",
            part_label="east",
            speaker="Hanna Maliar",
            asserted_on=date(2023, 1, 1),
            asserted_precision="month",
            confidence=0.4,
            place_ambiguous=True,
        ),
        "publisher": make_claim(
            "fighting", claimant=None, asserted_on=date(2023, 2, 3), event_date=date(2023, 1, 30),
            event_precision="week", state="accepted", no_longer_found=True, confidence=0,
        ),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("address", "names"),
    [
        ("extent=part", {"part"}),
        ("extent=whole&extent=part", {"whole", "part", "publisher"}),
        ("part_label=East", {"part"}),
        ("speaker=maliar", {"part"}),
        ("claimant_kind=movement", {"whole"}),
        ("claimant_kind=publisher", {"publisher"}),
        ("claimant_kind=publisher&claimant_kind=state", {"publisher", "part"}),
        ("subject_side=ukraine", {"part"}),
        ("subject_side=russia", {"whole"}),
        ("asserted_precision=month", {"part"}),
        ("event_precision=week", {"publisher"}),
        ("confidence_from=0.4&confidence_to=0.5", {"part"}),
        ("confidence_to=0", {"publisher"}),
        ("confidence_from=0", {"whole", "part", "publisher"}),
        ("place_ambiguous=true", {"part"}),
        ("place_ambiguous=false", {"whole", "publisher"}),
        ("no_longer_found=true", {"publisher"}),
        ("provenance=retold", set()),
        ("provenance=article", {"whole", "part", "publisher"}),
        ("datetime=2023-01-10", {"whole", "part"}),
        ("datetime=2023-01-10/2023-01-12", {"whole", "part"}),
        ("datetime=2023-01-11/2023-01-12", {"part"}),
        ("datetime=../2023-01-09", {"part"}),
        ("datetime=/2022-12-31", set()),
        ("datetime=2023-02-01/..", {"publisher"}),
        ("datetime=2023-01-31T23:59:59Z/2023-02-03T00:00:00%2B01:00", {"part"}),
        ("datetime=2023-01-31T23:59:59Z/2023-02-03T00:00:00Z", {"part", "publisher"}),
        ("bbox=38,48,39,49", {"whole", "part", "publisher"}),
        ("bbox=38.09,48.68,38.09,48.68", {"whole", "part", "publisher"}),
        ("bbox=39,48,40,49", set()),
        ("bbox=38,48,0,39,49,9", {"whole", "part", "publisher"}),
    ],
)
def test_what_is_asked_for(claims: dict[str, Claim], address: str, names: set[str]) -> None:
    assert found(address) == {claims[name] for name in names}


def test_a_box_goes_over_the_antimeridian() -> None:
    suva = make_claim(place=make_place("Suva", latitude=-18.14, longitude=178.44))
    apia = make_claim(place=make_place("Apia", latitude=-13.83, longitude=-171.77))
    make_claim()
    assert found("bbox=170,-30,-170,0") == {suva, apia}
    assert found("bbox=170,-30,180,0") == {suva}


def test_a_subject_of_a_town_in_no_war_is_on_its_own_side() -> None:
    place = make_place("Nowhere")
    place.conflict = None
    place.save()
    claim = make_claim(place=place, subject=make_actor("Russia"))
    assert found("subject_side=russia") == {claim}


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("bbox", "1,2,3", "not a box (west,south,east,north in degrees)."),
        ("bbox", "1,2,3,x", "not a box (west,south,east,north in degrees)."),
        ("bbox", "1,50,3,40", "not a box (west,south,east,north in degrees)."),
        ("bbox", "nan,2,3,4", "not a box (west,south,east,north in degrees)."),
        ("bbox", "-181,2,3,4", "not a box (west,south,east,north in degrees)."),
        ("datetime", "2023-01-12/2023-01-10", "The range must not end before it starts."),
        ("datetime", "../..", None),
        ("datetime", "2023-01-10/2023-01-11/2023-01-12", None),
        ("datetime", "2023-02-30", None),
        ("datetime", "2023-W02-01", None),
        ("datetime", "0001-01-01T00:00:00+02:00", None),
        ("confidence_from", "1.1", "Ensure this value is less than or equal to 1."),
        ("confidence_from", "nan", "Enter a number."),
        ("extent", "half", '"half" is not a valid choice.'),
        ("no_longer_found", "maybe", "must be true or false."),
    ],
)
def test_what_is_not_understood(name: str, value: str, message: str | None) -> None:
    asked = QueryDict(mutable=True)
    asked[name] = value
    form = ClaimsForm(asked)
    span = "not a day, a time, or two of them (2023-01-10/2023-01-12, ../2023-01-12)."
    assert form.errors == {name: [message or span]}
    assert form.asked == {}


def test_a_range_of_confidence_does_not_end_before_it_starts() -> None:
    form = ClaimsForm(QueryDict("confidence_from=0.5&confidence_to=0"))
    told: dict[str, Any] = form.errors
    assert told == {"confidence_to": ["The range must not end before it starts."]}
