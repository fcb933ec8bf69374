"""Counts per day as bars."""

from __future__ import annotations

from datetime import date, timedelta

from claims.drawing.bars import bars, gaps, silence, step_of
from claims.drawing.scale import Scale

FIRST = date(2023, 1, 1)


def day(number: int) -> date:
    return FIRST + timedelta(days=number)


def test_the_highest_bar_is_as_high_as_there_is_room() -> None:
    drawn = bars({day(0): 2, day(1): 1}, {day(1): 5}, Scale(FIRST, day(9)))
    assert drawn.up == "M0.1,18v-18h0.8v18zM1.1,18v-9h0.8v9z"
    assert drawn.down == "M1.1,18v12h0.8v-12z"
    assert (drawn.most_up, drawn.most_down, drawn.width) == (2, 5, 10)


def test_what_lies_out_of_the_range_is_not_drawn() -> None:
    drawn = bars({day(-1): 9, day(3): 1}, {}, Scale(FIRST, day(2)))
    assert (drawn.up, drawn.most_up) == ("", 0)


def test_long_ranges_have_a_bar_for_several_days() -> None:
    assert step_of(Scale(FIRST, day(99))) == 1
    assert step_of(Scale(FIRST, day(100))) == 7
    assert step_of(Scale(FIRST, day(365 * 3))) == 28
    drawn = bars({day(0): 2, day(6): 3, day(7): 1}, {}, Scale(FIRST, day(363)))
    assert (drawn.most_up, drawn.step) == (5, 7)


def test_gaps_are_the_days_between_and_after() -> None:
    assert list(gaps([day(0), day(1), day(4)], day(6))) == [
        (day(2), day(3)),
        (day(5), day(6)),
    ]
    assert list(gaps([day(0)], day(0))) == []


def test_a_silence_begins_where_the_range_does() -> None:
    found = silence(day(-5), day(1), Scale(FIRST, day(3)))
    assert found is not None
    assert (found.x, found.end, found.days) == (0.0, 50.0, 7)
    assert silence(day(-5), day(-1), Scale(FIRST, day(3))) is None
