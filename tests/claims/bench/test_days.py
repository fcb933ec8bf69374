"""Days as editors type them, read on Wednesday, 18 January 2023."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from django.utils import translation

from claims.extraction.records import Precision
from claims.pages.bench.days import first_day, last_day, read_day
from claims.pages.wording import day_in_words

PUBLISHED = datetime(2023, 1, 18, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("words", "day", "precision"),
    [
        ("11 Jan", "2023-01-11", "day"),
        ("11 jan", "2023-01-11", "day"),
        ("11 January", "2023-01-11", "day"),
        ("Jan 11", "2023-01-11", "day"),
        ("January 11, 2023", "2023-01-11", "day"),
        ("11 January 2023.", "2023-01-11", "day"),
        ("2023-01-11", "2023-01-11", "day"),
        ("11.01", "2023-01-11", "day"),
        ("11.1.2023", "2023-01-11", "day"),
        ("11/01/2023", "2023-01-11", "day"),
        ("the 11th", "2023-01-11", "day"),
        ("11th", "2023-01-11", "day"),
        ("11", "2023-01-11", "day"),
        ("11 December", "2022-12-11", "day"),
        ("30 January", "2022-01-30", "day"),
        ("Wednesday", "2023-01-18", "day"),
        ("friday", "2023-01-13", "day"),
        ("Fri", "2023-01-13", "day"),
        ("last Friday", "2023-01-13", "day"),
        ("on friday evening", "2023-01-13", "day"),
        ("late on Friday", "2023-01-13", "day"),
        ("Monday 9 January", "2023-01-09", "day"),
        ("today", "2023-01-18", "day"),
        ("Yesterday", "2023-01-17", "day"),
        ("overnight", "2023-01-18", "day"),
        ("3 days ago", "2023-01-15", "day"),
        ("three days ago", "2023-01-15", "day"),
        ("tomorrow", "2023-01-19", "day"),
        ("1 February 2023", "2023-02-01", "day"),
        ("this week", "2023-01-16", "week"),
        ("earlier this week", "2023-01-16", "week"),
        ("last week", "2023-01-09", "week"),
        ("week of 12 January", "2023-01-09", "week"),
        ("second week of January", "2023-01-09", "week"),
        ("January", "2023-01-01", "month"),
        ("in january", "2023-01-01", "month"),
        ("January 2023", "2023-01-01", "month"),
        ("early January", "2023-01-01", "month"),
        ("2023-01", "2023-01-01", "month"),
        ("May", "2022-05-01", "month"),
        ("last month", "2022-12-01", "month"),
        ("2022", "2022-01-01", "year"),
        ("in 2022", "2022-01-01", "year"),
        ("11 січня 2023", "2023-01-11", "day"),
        ("11 січня", "2023-01-11", "day"),
        ("вчора", "2023-01-17", "day"),
        ("п’ятниця", "2023-01-13", "day"),
        ("січень 2023", "2023-01-01", "month"),
        ("2022 рік", "2022-01-01", "year"),
        ("тиждень від 12 січня 2023", "2023-01-09", "week"),
    ],
)
def test_what_is_meant(words: str, day: str, precision: str) -> None:
    assert read_day(words, PUBLISHED) == (date.fromisoformat(day), precision)


@pytest.mark.parametrize(
    "words",
    [
        "",
        " ",
        "a",
        "soon",
        "31 February 2023",
        "13.13.2023",
        "2023-13",
        "0000",
        "11 or 12 January",
        "after 11 January",
        "11 January 2023 " * 9,
        "1 January 1066",
    ],
)
def test_what_is_not_understood(words: str) -> None:
    assert read_day(words, PUBLISHED) is None


@pytest.mark.parametrize("language", ["en-gb", "uk"])
@pytest.mark.parametrize("precision", ["day", "week", "month", "year"])
def test_what_the_pages_write_is_read_as_what_it_was(language: str, precision: Precision) -> None:
    with translation.override(language):
        for count in range(0, 700, 13):
            day = first_day(date(2021, 2, 3) + timedelta(days=count), precision)
            assert read_day(day_in_words(day, precision), PUBLISHED) == (day, precision)


def test_days_are_those_of_the_publishers_own_offset() -> None:
    late = datetime(2023, 1, 18, 1, tzinfo=timezone(timedelta(hours=3)))
    assert read_day("yesterday", late) == (date(2023, 1, 17), "day")


@pytest.mark.parametrize(
    ("precision", "first", "last"),
    [
        ("day", date(2024, 2, 14), date(2024, 2, 14)),
        ("week", date(2024, 2, 12), date(2024, 2, 18)),
        ("month", date(2024, 2, 1), date(2024, 2, 29)),
        ("year", date(2024, 1, 1), date(2024, 12, 31)),
    ],
)
def test_the_bounds_of_a_time(precision: Precision, first: date, last: date) -> None:
    assert first_day(date(2024, 2, 14), precision) == first
    assert last_day(first, precision) == last
