"""Intervals as stretches of one look."""

from __future__ import annotations

from datetime import date
from typing import Any

from claims.drawing.bands import Stretch, stretches
from claims.drawing.scale import Scale
from claims.status.records import Interval

LONG_AFTER = date(2026, 1, 1)


def interval(start: date, end: date | None = None, **fields: Any) -> Interval:
    return Interval(
        **{
            "start": start,
            "end": end,
            "status": "controlled",
            "sides": ("russia",),
            "rule": 1,
            "deciding": (),
            **fields,
        }
    )


def days(found: tuple[Stretch, ...]) -> list[tuple[date, date]]:
    return [(stretch.first, stretch.last) for stretch in found]


def test_an_end_is_the_first_day_that_no_longer_belongs() -> None:
    scale = Scale(date(2023, 1, 1), date(2023, 1, 10))
    first = interval(date(2023, 1, 3), date(2023, 1, 6), status="contested", rule=2)
    found = stretches([first, interval(date(2023, 1, 6))], scale, today=LONG_AFTER)
    assert days(found) == [
        (date(2023, 1, 3), date(2023, 1, 5)),
        (date(2023, 1, 6), date(2023, 1, 10)),
    ]
    assert [(stretch.x, stretch.width) for stretch in found] == [(20, 30), (50, 50)]
    assert [stretch.starts for stretch in found] == [True, True]


def test_nothing_is_drawn_after_today() -> None:
    scale = Scale(date(2023, 1, 1), date(2023, 1, 10))
    found = stretches([interval(date(2022, 1, 1))], scale, today=date(2023, 1, 4))
    assert days(found) == [(date(2023, 1, 1), date(2023, 1, 4))]
    assert not found[0].starts
    assert stretches([interval(date(2023, 1, 6))], scale, today=date(2023, 1, 4)) == ()


def test_a_status_fades_after_fourteen_and_after_sixty_days() -> None:
    scale = Scale(date(2023, 1, 1), date(2023, 4, 30))
    start = date(2023, 1, 1)
    claimed = interval(start, status="claimed", rule=4, word_days=((start, start),))
    found = stretches([claimed], scale, today=LONG_AFTER)
    assert [(stretch.first, stretch.freshness) for stretch in found] == [
        (date(2023, 1, 1), "fresh"),
        (date(2023, 1, 16), "ageing"),
        (date(2023, 3, 3), "stale"),
    ]
    # The words of the whole interval stand at its beginning.
    assert [stretch.room for stretch in found] == [100, 0, 0]


def test_a_word_said_again_is_fresh_again() -> None:
    scale = Scale(date(2023, 1, 1), date(2023, 2, 28))
    said = (date(2023, 1, 1), date(2023, 2, 1))
    words = tuple((day, day) for day in said)
    found = stretches(
        [interval(said[0], status="claimed", rule=4, word_days=words)], scale, today=LONG_AFTER
    )
    assert [(stretch.first, stretch.freshness) for stretch in found] == [
        (date(2023, 1, 1), "fresh"),
        (date(2023, 1, 16), "ageing"),
        (date(2023, 2, 1), "fresh"),
        (date(2023, 2, 16), "ageing"),
    ]


def test_days_on_which_only_pending_claims_say_so_are_told_apart() -> None:
    scale = Scale(date(2023, 1, 1), date(2023, 1, 10))
    verified = [interval(date(2023, 1, 5))]
    found = stretches([interval(date(2023, 1, 2))], scale, today=LONG_AFTER, verified=verified)
    assert [(stretch.first, stretch.only_pending) for stretch in found] == [
        (date(2023, 1, 2), True),
        (date(2023, 1, 5), False),
    ]


def test_words_have_the_room_of_their_interval() -> None:
    scale = Scale(date(2023, 1, 1), date(2023, 4, 10))
    narrow = interval(date(2022, 1, 2), date(2023, 1, 4))
    found = stretches([narrow, interval(date(2023, 1, 4))], scale, today=date(2023, 3, 31))
    assert [stretch.room for stretch in found] == [3, 87]
