"""Dates as news writes them, counted from Friday, 9 May 2031, and from other days where a month
or year ends."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from claims.extraction.times.dates import DateReader
from tests.claims.extraction.conftest import PUBLISHED

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONDAY = date(2031, 5, 5)


def read(words: str, published: str = PUBLISHED, *, ahead: bool = False) -> list[tuple[str, str]]:
    reader = DateReader(datetime.fromisoformat(published))
    hits = reader.read(words, 0, len(words), lambda at: ahead)
    return [(hit.day.isoformat(), hit.precision) for hit in hits]


# --- all weekdays on all days of publication ---------------------------------------------------


@pytest.mark.parametrize("published", range(7), ids=lambda n: f"printed-{WEEKDAYS[n]}")
@pytest.mark.parametrize("told", range(7), ids=lambda n: f"tells-{WEEKDAYS[n]}")
@pytest.mark.parametrize(
    ("words", "earliest"),
    [
        ("{}", 0),
        ("on {}", 0),
        ("late on {}", 0),
        ("{} night", 0),
        ("by {}", 0),
        ("early on {} morning", 0),
        ("last {}", 1),
    ],
)
def test_a_weekday_is_the_last_one(words: str, earliest: int, told: int, published: int) -> None:
    """`earliest`: how many days back at least; the day of printing counts unless "last" is said."""
    day = MONDAY + timedelta(days=published)
    back = next(n for n in range(earliest, earliest + 7) if (day.weekday() - n) % 7 == told)
    expected = day - timedelta(days=back)
    found = read(words.format(WEEKDAYS[told]), f"{day}T12:00:00+02:00")
    assert found == [(expected.isoformat(), "day")]


@pytest.mark.parametrize("published", range(7), ids=lambda n: f"printed-{WEEKDAYS[n]}")
@pytest.mark.parametrize("told", range(7), ids=lambda n: f"tells-{WEEKDAYS[n]}")
@pytest.mark.parametrize("words", ["{}", "on {}", "next {}", "by {}"])
def test_a_weekday_to_come_tells_no_past_day(words: str, told: int, published: int) -> None:
    day = MONDAY + timedelta(days=published)
    today = told == published and not words.startswith("next")
    found = read(words.format(WEEKDAYS[told]), f"{day}T12:00:00+02:00", ahead=True)
    assert found == ([(day.isoformat(), "day")] if today else [])


@pytest.mark.parametrize("published", range(7), ids=lambda n: f"printed-{WEEKDAYS[n]}")
@pytest.mark.parametrize("told", range(7), ids=lambda n: f"tells-{WEEKDAYS[n]}")
def test_a_weekday_of_last_week(told: int, published: int) -> None:
    day = MONDAY + timedelta(days=published)
    expected = MONDAY + timedelta(days=told - 7)
    assert read(f"on {WEEKDAYS[told]} last week", f"{day}T12:00:00+02:00") == [
        (expected.isoformat(), "day")
    ]


# --- expressions -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        # days of the calendar
        ("on 3 May", [("2031-05-03", "day")]),
        ("on May 3", [("2031-05-03", "day")]),
        ("on 9 May", [("2031-05-09", "day")]),
        ("on December 30", [("2030-12-30", "day")]),
        ("on 13 January 2029", [("2029-01-13", "day")]),
        ("on January 13, 2029, and", [("2029-01-13", "day")]),
        ("on Jan. 11", [("2031-01-11", "day")]),
        ("on Sept. 5", [("2030-09-05", "day")]),
        ("on the 11th of January", [("2031-01-11", "day")]),
        ("on 11th January", [("2031-01-11", "day")]),
        ("on Thursday, 8 May", [("2031-05-08", "day")]),
        ("on Thursday May 8", [("2031-05-08", "day")]),
        ("on Jan. 27, a Monday", [("2031-01-27", "day")]),
        ("THURSDAY, 8 MAY", [("2031-05-08", "day")]),
        ("on 3 May last year", [("2030-05-03", "day")]),
        ("last year, on 3 August", [("2030-01-01", "year"), ("2030-08-03", "day")]),
        ("on 29 February", [("2028-02-29", "day")]),
        ("on 31 June", []),
        ("on 12.01, the", [("2031-01-12", "day")]),
        ("on 12.01.2031", [("2031-01-12", "day")]),
        ("2031-01-12", [("2031-01-12", "day")]),
        ("on 12/01/2031", [("2031-01-12", "day")]),
        ("at 18.40", []),
        ("some 12.01 per cent", []),
        ("on the 3rd, it", [("2031-05-03", "day")]),
        ("on the 21st", [("2031-04-21", "day")]),
        ("in March; on the 16th", [("2031-03-01", "month"), ("2031-03-16", "day")]),
        ("in March; on the 16th of that month", [("2031-03-01", "month"), ("2031-03-16", "day")]),
        ("on the 5th, a Monday", [("2031-05-05", "day")]),
        ("the 47th Brigade", []),
        ("the first day of December", [("2030-12-01", "day")]),
        ("on the last night of February", [("2031-02-28", "day")]),
        ("since the first of the year", [("2031-01-01", "day")]),
        ("since Christmas Day", [("2030-12-25", "day")]),
        ("on New Year's Eve", [("2030-12-31", "day")]),
        ("the night of 4 to 5 May", [("2031-05-05", "day")]),
        ("in the night from Wednesday to Thursday", [("2031-05-08", "day")]),
        ("overnight into Thursday", [("2031-05-08", "day")]),
        ("in the small hours of 2 May", [("2031-05-02", "day")]),
        ("before dawn on Tuesday", [("2031-05-06", "day")]),
        ("a week ago, on Friday", [("2031-05-02", "day")]),
        # what is to come
        ("on 20 May", []),
        ("on 1 June", []),
        ("next Tuesday", []),
        # months, seasons, years
        ("in March", [("2031-03-01", "month")]),
        ("in August", [("2030-08-01", "month")]),
        ("in May", [("2031-05-01", "month")]),
        ("last May", [("2030-05-01", "month")]),
        ("last August", [("2030-08-01", "month")]),
        ("in May last year", [("2030-05-01", "month")]),
        ("in May of last year", [("2030-05-01", "month")]),
        ("in late April", [("2031-04-01", "month")]),
        ("in mid-March", [("2031-03-01", "month")]),
        ("early in April", [("2031-04-01", "month")]),
        ("at the end of April", [("2031-04-01", "month")]),
        ("in the last days of April", [("2031-04-01", "month")]),
        ("May 2029's battle", [("2029-05-01", "month")]),
        ("in May 2028, retaken that December", [("2028-05-01", "month"), ("2028-12-01", "month")]),
        ("in May 2028, retaken in March", [("2028-05-01", "month"), ("2031-03-01", "month")]),
        ("in May 2028, on the first day of June", [("2028-05-01", "month"), ("2028-06-01", "day")]),
        ("since the start of the month", [("2031-05-01", "month")]),
        ("in January and the following month", [("2031-01-01", "month"), ("2031-02-01", "month")]),
        ("the first week of February", [("2031-02-03", "week")]),
        ("March 2031, second week of the month", [("2031-03-01", "month"), ("2031-03-10", "week")]),
        ("in the autumn of 2028", [("2028-01-01", "year")]),
        ("last autumn", [("2030-01-01", "year")]),
        ("in 2029", [("2029-01-01", "year")]),
        ("since 2014", [("2014-01-01", "year")]),
        ("in 2000 villages", []),
        ("they may march on", []),
        ("in a second town", []),
        # counted from the day of publication
        ("today", [("2031-05-09", "day")]),
        ("this morning", [("2031-05-09", "day")]),
        ("overnight", [("2031-05-09", "day")]),
        ("Overnight", [("2031-05-09", "day")]),
        ("since dawn", [("2031-05-09", "day")]),
        ("yesterday", [("2031-05-08", "day")]),
        ("last night", [("2031-05-08", "day")]),
        ("two days ago", [("2031-05-07", "day")]),
        ("six hours ago", [("2031-05-09", "day")]),
        ("twenty-four hours", []),
        ("a week ago", [("2031-05-02", "day")]),
        ("about a week ago", [("2031-04-28", "week")]),
        ("two weeks ago", [("2031-04-21", "week")]),
        ("a fortnight ago", [("2031-04-21", "week")]),
        ("several days ago", [("2031-04-28", "week")]),
        ("a few days ago", [("2031-04-28", "week")]),
        ("days ago", [("2031-04-28", "week")]),
        ("two months ago", [("2031-03-01", "month")]),
        ("three years ago", [("2028-01-01", "year")]),
        ("earlier this week", [("2031-05-05", "week")]),
        ("all week", [("2031-05-05", "week")]),
        ("last week", [("2031-04-28", "week")]),
        ("over the weekend", [("2031-04-28", "week")]),
        ("earlier this month", [("2031-05-01", "month")]),
        ("last month", [("2031-04-01", "month")]),
        ("last year", [("2030-01-01", "year")]),
        # counted from the day told before
        ("on Tuesday, and a day later", [("2031-05-06", "day"), ("2031-05-07", "day")]),
        ("on Tuesday, two days earlier", [("2031-05-06", "day"), ("2031-05-04", "day")]),
        ("on Tuesday, as on the day before", [("2031-05-06", "day"), ("2031-05-05", "day")]),
        ("on Tuesday, the previous evening", [("2031-05-06", "day"), ("2031-05-05", "day")]),
        ("on Tuesday and the next morning", [("2031-05-06", "day"), ("2031-05-07", "day")]),
        ("on Tuesday; the same day", [("2031-05-06", "day"), ("2031-05-06", "day")]),
        ("on Tuesday; within the hour", [("2031-05-06", "day"), ("2031-05-06", "day")]),
        ("on Tuesday; by nightfall", [("2031-05-06", "day"), ("2031-05-06", "day")]),
        ("on 28 April and the following Tuesday", [("2031-04-28", "day"), ("2031-04-29", "day")]),
        ("in April, and at the time", [("2031-04-01", "month"), ("2031-04-01", "month")]),
        ("in April, and ever since", [("2031-04-01", "month"), ("2031-04-01", "month")]),
        ("on Wednesday, a day after the army left", [("2031-05-07", "day"), ("2031-05-06", "day")]),
        ("a day earlier", [("2031-05-08", "day")]),
        ("ever since", []),
        ("for three weeks", []),
        ("after two weeks of siege", []),
    ],
)  # fmt: skip
def test_expression(words: str, expected: list[tuple[str, str]]) -> None:
    assert read(words) == expected


@pytest.mark.parametrize(
    ("words", "published", "expected"),
    [
        ("on Saturday", "2031-06-02T08:00:00+02:00", ("2031-05-31", "day")),
        ("a day earlier", "2031-06-01T08:00:00+02:00", ("2031-05-31", "day")),
        ("on 31 December", "2032-01-02T08:00:00+02:00", ("2031-12-31", "day")),
        ("in late December", "2032-01-02T08:00:00+02:00", ("2031-12-01", "month")),
        ("last month", "2032-01-02T08:00:00+02:00", ("2031-12-01", "month")),
        ("earlier this week", "2032-01-02T08:00:00+02:00", ("2031-12-29", "week")),
        ("last week", "2032-01-02T08:00:00+02:00", ("2031-12-22", "week")),
        ("two weeks ago", "2032-01-02T08:00:00+02:00", ("2031-12-15", "week")),
        ("several days ago", "2032-01-02T08:00:00+02:00", ("2031-12-22", "week")),
        ("yesterday", "2032-03-01T08:00:00+02:00", ("2032-02-29", "day")),
        ("since August", "2032-01-02T08:00:00+02:00", ("2031-08-01", "month")),
        ("on the 29th", "2032-03-01T08:00:00+02:00", ("2032-02-29", "day")),
        ("six hours ago", "2031-05-09T02:00:00+02:00", ("2031-05-08", "day")),
        ("at the weekend", "2031-05-11T12:00:00+02:00", ("2031-05-05", "week")),
        # the day in the offset that the publisher gave
        ("today", "2031-05-09T23:30:00-04:00", ("2031-05-09", "day")),
        ("yesterday", "2031-05-09T00:30:00+05:30", ("2031-05-08", "day")),
        ("on Friday", "2031-05-09T23:59:00-10:00", ("2031-05-09", "day")),
    ],
)
def test_other_days(words: str, published: str, expected: tuple[str, str]) -> None:
    assert read(words, published) == [expected]


@pytest.mark.parametrize(
    ("words", "since", "bound"),
    [
        ("since Wednesday morning", True, False),
        ("ever since 2014", True, False),
        ("since last month", True, False),
        ("since at least 3 May", True, False),
        ("from March on", True, False),
        ("on Wednesday", False, False),
        ("until Wednesday", False, True),
        ("before Wednesday", False, True),
        ("ahead of last Tuesday", False, True),
    ],
)
def test_beginnings_and_ends_of_states(words: str, since: bool, bound: bool) -> None:
    reader = DateReader(datetime.fromisoformat(PUBLISHED))
    hits = reader.read(words, 0, len(words))
    assert [(hit.since, hit.bound) for hit in hits] == [(since, bound)]


def test_no_day_after_the_publication() -> None:
    words = "It fell on 6 May; the next day, in three days and on 12 May they will talk."
    assert read(words) == [("2031-05-06", "day"), ("2031-05-07", "day")]


def test_a_paragraph_has_its_own_scene() -> None:
    reader = DateReader(datetime.fromisoformat(PUBLISHED))
    first, second = "On Tuesday they left.", "They came at noon."
    reader.read(first, 0, len(first))
    same = reader.read(second, 0, len(second))
    reader.begin_paragraph()
    other = reader.read(second, 0, len(second))
    assert [hit.day.day for hit in (*same, *other)] == [6, 9]
