"""When a claim counts."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from claims.status.days import effective_days, published_at, published_day, span
from tests.claims.status.tables import claims, day


def days(line: str) -> list[str]:
    (claim,) = claims(line)
    return [on.isoformat() for on in effective_days(claim)]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("05-10 RedArmy captured red", ["2030-05-10"]),
        ("05-10 RedArmy captured red event=05-08", ["2030-05-08"]),
        # A week and a month are over when they end.
        ("05-30 RedArmy captured red event=05-06/week", ["2030-05-12"]),
        ("05-10 RedArmy captured red event=04-01/month", ["2030-04-30"]),
        ("05-10 RedArmy withdrew red event=2029-01-01/year", ["2029-12-31"]),
        # ... but not after the day on which it was said.
        ("05-10 RedArmy captured red event=05-01/month", ["2030-05-10"]),
        ("05-10 RedArmy captured red event=05-12", ["2030-05-10"]),
        # Said some time in May: an assertion from its start, a denial only at its end.
        ("05-01/month RedArmy captured red published=06-20", ["2030-05-01"]),
        ("05-01/month RedArmy denies captured blue published=06-20", ["2030-05-31"]),
        ("05-06/week RedArmy denies captured blue published=06-20", ["2030-05-12"]),
        ("05-01/month RedArmy denies captured blue published=05-20", ["2030-05-20"]),
        ("05-10 RedArmy holds red published=05-09", ["2030-05-09"]),
        # A state since March: from its first day, and again when it is said.
        ("05-10 RedArmy holds red event=03-01/month", ["2030-03-01", "2030-05-10"]),
        ("05-10 Observer fighting event=2029-01-01/year", ["2029-01-01", "2030-05-10"]),
        ("05-10 RedArmy advancing red event=05-01/month", ["2030-05-01", "2030-05-10"]),
        ("05-10 RedArmy encircled red event=05-10", ["2030-05-10"]),
        ("05-10 RedArmy holds red event=04-29/week", ["2030-05-05"]),
        ("05-01 RedArmy holds red event=05-01/month", ["2030-05-01"]),
    ],
)
def test_effective_days(line: str, expected: list[str]) -> None:
    assert days(line) == expected


def test_span_reaches_the_ends_of_the_calendar() -> None:
    assert span(date.max, "week") == (date(9999, 12, 27), date.max)
    assert span(date.min, "week") == (date.min, date(1, 1, 7))
    assert span(date(2028, 2, 10), "month") == (date(2028, 2, 1), date(2028, 2, 29))


def test_publication_day_is_that_of_its_own_offset() -> None:
    late = datetime(2030, 5, 10, 0, 30, tzinfo=timezone(timedelta(hours=3)))
    (claim,) = claims("05-10 RedArmy holds red")
    assert published_day(replace(claim, published=late)) == day("05-10")
    assert published_day(replace(claim, published=late.astimezone(UTC))) == day("05-09")


def test_publications_of_every_kind_can_be_put_in_order() -> None:
    (claim,) = claims("05-10 RedArmy holds red")
    times = [
        day("05-10"),
        datetime(2030, 5, 10, 1),
        datetime(2030, 5, 10, 2, tzinfo=UTC),
    ]
    assert [published_at(replace(claim, published=time)).hour for time in times] == [0, 1, 2]
