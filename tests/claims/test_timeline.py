"""What could be known of a town on a day, counted where its publishers are; and its statuses, as
they are kept."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from claims.derive import derive
from claims.models import Claim, StatusInterval
from claims.status.records import TownStatus
from claims.timeline import KeptStatus, known, timeline
from entities.models import Place
from tests.factories import make_claim, make_document
from tests.scenes import soledar

pytestmark = pytest.mark.django_db


def published(day: int, hour: int, offset: int) -> Claim:
    """A claim in an article of January 2023: day and hour in UTC, the offset in minutes."""
    at = datetime(2023, 1, day, hour, 30, tzinfo=UTC)
    text = f"Wagner said that it had captured Soledar. {day} {hour} {offset}"
    return make_claim(document=make_document(text, published=at, published_offset=offset))


def test_days_of_publication_are_the_publishers_own() -> None:
    already_the_13th = published(12, 22, offset=120)
    still_the_12th = published(13, 3, offset=-300)
    the_12th = published(12, 22, offset=0)
    town = the_12th.place
    assert set(known(town, known_on=date(2023, 1, 12))) == {still_the_12th, the_12th}
    assert set(known(town, known_on=date(2023, 1, 13))) == {
        still_the_12th,
        the_12th,
        already_the_13th,
    }


def test_claims_that_no_longer_count_are_not_known() -> None:
    claim = make_claim(state="rejected")
    assert list(known(claim.place)) == []


def by_rules(place: Place) -> tuple[TownStatus, TownStatus]:
    """Derived anew: of no past day is anything kept."""
    line = timeline(place, known_on=date(2100, 1, 1))
    assert not isinstance(line.verified, KeptStatus)
    return line.verified, line.with_pending


class TestKeptStatus:
    @pytest.fixture
    def place(self) -> Place:
        """A side differs in itself for some days, and a part of the town has a status."""
        place = soledar()
        ministry = "Russian Ministry of Defence"
        for day, stance in ((14, "denies"), (17, "asserts")):
            make_claim(
                claimant=ministry,
                subject="Russia",
                stance=stance,
                asserted_on=date(2023, 1, day),
                state="accepted",
            )
        make_claim("holds", extent="part", part_label="east", asserted_on=date(2023, 1, 15))
        derive([place.id])
        return place

    def test_it_says_what_the_rules_say(self, place: Place) -> None:
        line = timeline(place)
        for kept, derived in zip((line.verified, line.with_pending), by_rules(place), strict=True):
            assert isinstance(kept, KeptStatus)
            assert (kept.bands, kept.parts) == (derived.bands, derived.parts)
            days = [date(2023, 1, 1) + timedelta(days=number) for number in range(40)]
            told = [kept.divided_on(day) for day in days]
            assert told == [derived.divided_on(day) for day in days]
            assert {(), ("russia",)} == set(told)
        assert list(line.with_pending.parts) == ["centre", "east"]

    def test_a_change_that_waits_to_be_derived_shows_at_once(self, place: Place) -> None:
        Claim.objects.filter(predicate="captured", stance="asserts").update(state="rejected")
        line = timeline(place)
        assert (line.verified, line.with_pending) == by_rules(place)

    def test_what_follows_by_other_rules_is_derived_anew(self, place: Place) -> None:
        StatusInterval.objects.filter(start=date(2023, 1, 10)).update(version="v0")
        line = timeline(place)
        assert (line.verified, line.with_pending) == by_rules(place)

    def test_where_nothing_is_kept_it_is_derived(self, place: Place) -> None:
        StatusInterval.objects.all().delete()
        line = timeline(place)
        assert (line.verified, line.with_pending) == by_rules(place)
