"""What the system said at a time: rows and decisions recorded by then, whatever came after."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pgtrigger
import pytest

from claims.models import Claim
from claims.recorded import as_they_stood, end_of, recorded
from claims.review.decisions import decide
from claims.timeline import timeline
from entities.models import Place
from tests.factories import make_claim, make_place, make_user

pytestmark = pytest.mark.django_db
ARMY = "Armed Forces of Ukraine"


def march(day: int) -> datetime:
    return datetime(2024, 3, day, 12, tzinfo=UTC)


def history() -> Any:
    return Claim._meta.get_field("events").related_model._default_manager


def dated(day: int) -> None:
    """Let what was written since the last call have been written on this day of March 2024."""
    with pgtrigger.ignore("claims.ClaimEvent:append_only"):
        history().filter(pgh_created_at__gt=march(28)).update(pgh_created_at=march(day))


@pytest.fixture
def soledar() -> Place:
    """A town whose claims were found on 1 March 2024, decided on the 3rd and 5th, and moved
    elsewhere on the 9th."""
    editor = make_user()
    captured = make_claim(asserted_on=date(2023, 1, 10))
    left = make_claim("withdrew", claimant=ARMY, asserted_on=date(2023, 1, 25))
    dated(1)
    decide(claim=captured, kind="accept", by=editor)
    dated(3)
    decide(claim=left, kind="correct", by=editor, values={"speaker": "a soldier"})
    dated(5)
    decide(claim=left, kind="correct", by=editor, values={"speaker": "Serhii Cherevatyi"})
    dated(7)
    decide(claim=captured, kind="correct", by=editor, values={"place": make_place("Bakhmut")})
    dated(9)
    return captured.place


def said(place: Place, as_of: datetime, **asked: Any) -> tuple[list[str], list[str]]:
    """Verified statuses, and those with pending claims."""
    line = timeline(place, as_of=as_of, **asked)
    return (
        [band.text() for band in line.verified.bands],
        [band.text() for band in line.with_pending.bands],
    )


def test_what_was_said_at_each_time(soledar: Place) -> None:
    captured, both = ["claimed russia"], ["claimed russia", "controlled russia"]
    place = make_place()
    assert said(place, march(1) - timedelta(seconds=1)) == ([], [])
    assert said(place, march(1)) == ([], both)
    assert said(place, march(3)) == (captured, both)
    assert said(place, march(5)) == (captured, captured)
    assert said(place, march(7)) == (both, both)
    assert said(place, march(9)) == (["unknown"], ["unknown"])


def test_a_claim_moved_to_another_town_is_there_only_since(soledar: Place) -> None:
    bakhmut = make_place("Bakhmut")
    assert said(bakhmut, march(7)) == ([], [])
    assert said(bakhmut, march(9)) == (["claimed russia"], ["claimed russia"])


def test_now_is_what_the_rows_say(soledar: Place) -> None:
    for place in (make_place(), make_place("Bakhmut")):
        then, now = timeline(place, as_of=march(9)), timeline(place)
        assert (then.verified, then.with_pending) == (now.verified, now.with_pending)
        assert then.claims == now.claims
        assert then.lanes() == now.lanes()


def test_claims_are_shown_as_they_stood(soledar: Place) -> None:
    claims = timeline(make_place(), as_of=march(5)).claims
    assert [(claim.label, claim.state, claim.speaker) for claim in claims] == [
        ("Wagner Group: Soledar captured", "accepted", ""),
        (f"{ARMY}: withdrawal from Soledar", "corrected", "a soldier"),
    ]
    assert [len(claim.passages) for claim in claims] == [1, 1]


def test_rejected_and_superseded_claims_stood_until_then() -> None:
    claim = make_claim()
    dated(1)
    Claim.objects.update(state="superseded")
    dated(3)
    place = claim.place
    assert [row.state for row in as_they_stood(recorded(place, as_of=march(2)))] == ["pending"]
    assert list(recorded(place, as_of=march(2), include_pending=False)) == []
    assert list(recorded(place, as_of=march(3))) == []


def test_both_times_together(soledar: Place) -> None:
    """Of what was recorded by a time, what was published by a day."""
    place = make_place()
    assert said(place, march(7), known_on=date(2023, 1, 24)) == (
        ["claimed russia"],
        ["claimed russia"],
    )
    assert said(place, march(7), known_on=date(2023, 1, 9)) == ([], [])


def test_a_day_ends_just_before_midnight() -> None:
    assert end_of(date(2024, 3, 1)) == datetime(2024, 3, 1, 23, 59, 59, 999_999, tzinfo=UTC)


def test_the_number_of_queries_does_not_grow_with_the_claims(
    soledar: Place, django_assert_num_queries: Any
) -> None:
    place = make_place()
    with django_assert_num_queries(3):
        timeline(place, as_of=march(7))
    for day in range(1, 6):
        make_claim(
            "holds", claimant=f"Unit {day}", subject="Russia", asserted_on=date(2023, 2, day)
        )
        make_claim("holds", claimant=ARMY, asserted_on=date(2023, 2, day))
    dated(6)
    with django_assert_num_queries(3):
        line = timeline(place, as_of=march(7))
    assert len(line.claims) == 12
