"""Where marks stand, and that they do not cover each other."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from claims.drawing.marks import PITCH, Mark, Sign, row
from claims.drawing.scale import Scale

JANUARY = Scale(date(2023, 1, 1), date(2023, 1, 31))
DAY = 100 / 31


def sign(id_: str = "a", day: int = 11, precision: str = "day", **fields: Any) -> Sign:
    return Sign(
        **{
            "id": id_,
            "predicate": "captured",
            "stance": "asserts",
            "asserted": (date(2023, 1, day), precision),
            **fields,
        }
    )


def only(drawn: Sign, scale: Scale = JANUARY) -> Mark:
    (mark,) = row([drawn], scale).marks
    return mark


def test_a_day_is_marked_in_its_middle_without_a_bar() -> None:
    mark = only(sign(day=11))
    assert mark.x == pytest.approx(10.5 * DAY, abs=0.001)
    assert (mark.y, mark.bar, mark.outside) == (PITCH / 2, None, "")


def test_a_week_is_a_bar_from_monday_to_sunday_with_the_mark_in_its_middle() -> None:
    mark = only(sign(day=9, precision="week"))
    assert mark.bar == pytest.approx((8 * DAY, 7 * DAY), abs=0.001)
    assert mark.x == pytest.approx(11.5 * DAY, abs=0.001)


def test_a_claim_stands_on_the_day_that_it_is_about() -> None:
    mark = only(sign(day=20, event=(date(2023, 1, 12), "day")))
    assert mark.x == pytest.approx(11.5 * DAY, abs=0.001)


def test_an_event_is_never_later_than_what_was_said_of_it() -> None:
    mark = only(sign(day=10, event=(date(2023, 1, 1), "month")))
    assert mark.bar == pytest.approx((0, 10 * DAY), abs=0.001)
    assert mark.x == pytest.approx(5 * DAY, abs=0.001)


def test_an_event_before_the_range_is_marked_at_its_edge() -> None:
    mark = only(sign(day=10, event=(date(2022, 8, 1), "month")))
    assert (mark.x, mark.bar, mark.outside) == (0, None, "before")


def test_claims_said_out_of_the_range_about_days_out_of_it_are_left_out() -> None:
    late = sign(asserted=(date(2023, 2, 1), "day"))
    told_late = sign("b", asserted=(date(2023, 2, 1), "day"), event=(date(2023, 1, 30), "day"))
    assert [mark.sign.id for mark in row([late, told_late], JANUARY).marks] == ["b"]


def test_marks_of_one_day_stand_below_each_other_and_the_row_grows() -> None:
    drawing = row([sign("a"), sign("b"), sign("c", day=25)], JANUARY)
    assert [(mark.sign.id, mark.y) for mark in drawing.marks] == [
        ("a", PITCH / 2),
        ("b", PITCH * 1.5),
        ("c", PITCH / 2),
    ]
    assert drawing.height == 2 * PITCH


def test_words_beside_a_mark_keep_the_next_one_away() -> None:
    plain = row([sign("a", 11), sign("b", 13)], JANUARY)
    labelled = row([sign("a", 11, part=True, part_label="outskirts"), sign("b", 13)], JANUARY)
    assert plain.height == PITCH
    assert labelled.height == 2 * PITCH


def test_an_empty_row_keeps_its_height() -> None:
    assert row([], JANUARY).height == PITCH


def test_no_two_marks_of_a_long_row_share_a_place() -> None:
    year = Scale(date(2023, 1, 1), date(2023, 12, 31))
    signs = [
        sign(str(n), asserted=(date(2023, 1, 1) + timedelta(days=n * 5), "day")) for n in range(70)
    ]
    places = [(mark.x, mark.y) for mark in row(signs, year).marks]
    assert len(places) == len(set(places)) == 70
    for n, (x, y) in enumerate(places):
        assert all(abs(x - other) >= 2.8 for other, at in places[n + 1 :] if at == y)


def test_every_predicate_has_a_shape_of_its_own() -> None:
    predicates = ("captured", "holds", "advancing", "encircled", "fighting", "withdrew")
    outlines = [only(sign(predicate=predicate)).points for predicate in predicates]
    assert len(set(outlines)) == 6
    assert outlines[3] == ""  # the circle
