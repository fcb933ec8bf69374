"""What could be known of a town on a day, counted where its publishers are."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from claims.models import Claim
from claims.timeline import known
from tests.factories import make_claim, make_document

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
