"""What a decision would do to a town's status, before it is taken."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from claims.derive import derive
from claims.models import Claim, Decision, StatusInterval
from claims.review.effects import Effect, effect
from tests.factories import make_actor, make_claim, make_conflict, make_place
from tests.scenes import soledar

pytestmark = pytest.mark.django_db

Told = list[tuple[str, date, date | None, str | None, str | None, str]]
CORRECTED, REJECTED, ACCEPTED = Claim.State.CORRECTED, Claim.State.REJECTED, Claim.State.ACCEPTED


def told(found: Effect) -> Told:
    return [
        (
            town.place.name,
            one.first,
            one.end,
            one.before.text() if one.before else None,
            one.after.text() if one.after else None,
            one.part,
        )
        for town in found.towns
        for one in town.differences
    ]


def by_quote(quote: str) -> Claim:
    return Claim.objects.select_related("place").get(evidence__quote=quote)


def test_accepting_a_claim_on_a_new_town() -> None:
    claim = make_claim(asserted_on=date(2023, 1, 10))
    found = effect(claim, state=ACCEPTED)
    assert told(found) == [("Soledar", date(2023, 1, 10), None, None, "claimed russia", "")]
    assert found.changes
    assert found.towns[0].decides


def test_accepting_what_changes_nothing() -> None:
    soledar()
    found = effect(by_quote("Kyiv called that untrue"), state=ACCEPTED)
    assert told(found) == []
    assert not found.changes


def test_a_status_of_a_part() -> None:
    soledar()
    found = effect(by_quote("fighting went on in its centre"), state=ACCEPTED)
    parts = [line for line in told(found) if line[5]]
    assert parts[0][1:] == (date(2023, 1, 10), None, None, "fought-over", "centre")


def test_rejecting_a_verified_claim_says_what_would_be_without_it() -> None:
    soledar()
    claim = by_quote("its troops have left Soledar")
    assert told(effect(claim, state=REJECTED)) == [
        ("Soledar", date(2023, 1, 22), None, "controlled russia", "contested", "")
    ]
    assert told(effect(claim, state=ACCEPTED)) == []
    # For a second reader, who must not see what the first has decided.
    assert told(effect(claim, state=ACCEPTED, now=Claim.State.PENDING)) == [
        ("Soledar", date(2023, 1, 22), None, "contested", "controlled russia", "")
    ]


def test_a_correction_of_the_place_tells_of_both_towns() -> None:
    claim = make_claim(asserted_on=date(2023, 1, 10), state=ACCEPTED)
    bakhmut = make_place("Bakhmut")
    assert told(effect(claim, state=CORRECTED, values={"place": bakhmut})) == [
        ("Soledar", date(2023, 1, 10), None, "claimed russia", None, ""),
        ("Bakhmut", date(2023, 1, 10), None, None, "claimed russia", ""),
    ]


@pytest.mark.parametrize(
    ("values", "after"),
    [
        ({"predicate": "fighting", "subject": None}, "fought-over"),
        ({"claimant": "Ukraine", "subject": "Ukraine"}, "claimed ukraine"),
        ({"asserted_on": date(2023, 1, 5)}, "claimed russia"),
    ],
)
def test_corrected_values(values: dict[str, Any], after: str) -> None:
    claim = make_claim(asserted_on=date(2023, 1, 10))
    ukraine = make_actor("Ukraine")
    values = {name: ukraine if value == "Ukraine" else value for name, value in values.items()}
    first = values.get("asserted_on", date(2023, 1, 10))
    assert told(effect(claim, state=CORRECTED, values=values)) == [
        ("Soledar", first, None, None, after, "")
    ]


def test_before_the_first_word_a_status_is_unknown_too() -> None:
    found = effect(make_claim(stance="denies"), state=ACCEPTED)
    assert [band.text() for band in found.towns[0].after.bands] == ["unknown"]
    assert told(found) == []


def test_a_town_of_no_conflict_has_the_sides_that_claims_name() -> None:
    place = make_place("Kushka", conflict=None)
    place.conflict = None
    place.save()
    claim = make_claim(place=place, claimant="Ukraine", subject="Ukraine", predicate="holds")
    (town,) = effect(claim, state=ACCEPTED).towns
    assert [side.name for side in town.sides.values()] == ["Ukraine"]
    assert [one.after and one.after.text() for one in town.differences] == ["claimed ukraine"]


def test_it_is_what_follows_once_it_is_decided() -> None:
    place = soledar()
    for claim in Claim.objects.filter(state="pending").select_related("place"):
        then = effect(claim, state=ACCEPTED).towns[0].after
        Claim.objects.filter(pk=claim.pk).update(state=ACCEPTED)
        derive([place.pk])
        kept = StatusInterval.objects.filter(place=place, include_pending=False, part_label="")
        assert [(row.start, row.status) for row in kept.order_by("start")] == [
            (band.start, band.status) for band in then.bands
        ]


def test_nothing_is_written_in_a_constant_number_of_queries(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    soledar()
    claim = by_quote("Kyiv called that untrue")
    values = {"place": make_place("Bakhmut"), "claimant": make_actor("United States")}
    before = list(Claim.objects.order_by("id").values())
    make_conflict()
    with django_assert_num_queries(11):
        effect(claim, state=CORRECTED, values=values)
    with django_assert_num_queries(8):
        effect(claim, state=ACCEPTED)
    for day in range(1, 9):
        make_claim(asserted_on=date(2023, 2, day), state=ACCEPTED)
    with django_assert_num_queries(8):
        effect(claim, state=ACCEPTED)
    Claim.objects.filter(asserted_on__month=2).update(state=REJECTED)
    assert list(Claim.objects.filter(asserted_on__month=1).order_by("id").values()) == before
    assert not Decision.objects.exists()
