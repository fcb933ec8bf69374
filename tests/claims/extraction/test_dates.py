"""Dates as news writes them, counted from Friday, 9 May 2031."""

from __future__ import annotations

from datetime import datetime

import pytest

from claims.extraction.times.dates import DateReader
from tests.claims.extraction.conftest import PUBLISHED, Read


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("on Friday", [("2031-05-09", "day")]),
        ("late on Tuesday", [("2031-05-06", "day")]),
        ("on 3 May", [("2031-05-03", "day")]),
        ("on May 3", [("2031-05-03", "day")]),
        ("on December 30", [("2030-12-30", "day")]),
        ("on 13 January 2029", [("2029-01-13", "day")]),
        ("in March", [("2031-03-01", "month")]),
        ("in August", [("2030-08-01", "month")]),
        ("in May last year", [("2030-05-01", "month")]),
        ("in 2029", [("2029-01-01", "year")]),
        ("earlier this week", [("2031-05-05", "week")]),
        ("last week", [("2031-04-28", "week")]),
        ("last month", [("2031-04-01", "month")]),
        ("several days ago", [("2031-04-28", "week")]),
        ("a week ago", [("2031-05-02", "day")]),
        ("two days ago", [("2031-05-07", "day")]),
        ("overnight", [("2031-05-09", "day")]),
        ("yesterday", [("2031-05-08", "day")]),
        ("on Tuesday, and a day later", [("2031-05-06", "day"), ("2031-05-07", "day")]),
        ("on Tuesday, as on the day before", [("2031-05-06", "day"), ("2031-05-05", "day")]),
        ("they may march on", []),
        ("in a second town", []),
    ],
)
def test_expression(words: str, expected: list[tuple[str, str]]) -> None:
    reader = DateReader(datetime.fromisoformat(PUBLISHED))
    hits = reader.read(words, 0, len(words))
    assert [(hit.day.isoformat(), hit.precision) for hit in hits] == expected


def test_the_publisher_s_offset_tells_the_day() -> None:
    late = DateReader(datetime.fromisoformat("2031-05-09T23:30:00-04:00"))
    assert late.read("today", 0, 5)[0].day.isoformat() == "2031-05-09"


@pytest.mark.parametrize(
    ("text", "asserted", "event"),
    [
        (
            "The Redmark Front said on Thursday that it had captured Varnholm in March.",
            "2031-05-08",
            "2031-03-01",
        ),
        (
            "On Wednesday the Redmark Front said that it had captured Varnholm the previous day.",
            "2031-05-07",
            "2031-05-06",
        ),
        ("Redmark fighters captured Varnholm on Tuesday.", "2031-05-09", "2031-05-06"),
        (
            "“We have captured Varnholm,” Ilsa Brandt said late on Thursday.",
            "2031-05-08",
            None,
        ),
    ],
)
def test_what_a_date_belongs_to(text: str, asserted: str, event: str | None, read: Read) -> None:
    (claim,) = read(text)
    found = claim.event_date.isoformat() if claim.event_date else None
    assert (claim.asserted_on.isoformat(), found) == (asserted, event)
