"""Days along the plot, and the days that the axis names."""

from __future__ import annotations

from datetime import date

import pytest

from claims.drawing.scale import Scale, Unit, ticks


def english(day: date, unit: Unit) -> str:
    return {"day": f"{day.day} {day:%b}", "month": f"{day:%b}", "year": f"{day.year}"}[unit]


def test_a_range_of_four_days_is_cut_in_quarters() -> None:
    scale = Scale(date(2023, 1, 9), date(2023, 1, 12))
    assert scale.days == 4
    assert scale.start_of(date(2023, 1, 9)) == 0
    assert scale.start_of(date(2023, 1, 11)) == 50
    assert scale.middle_of(date(2023, 1, 11), date(2023, 1, 11)) == 62.5
    assert scale.middle_of(date(2023, 1, 9), date(2023, 1, 12)) == 50


def test_what_lies_partly_out_of_the_range_is_cut_to_it() -> None:
    scale = Scale(date(2023, 1, 9), date(2023, 1, 12))
    assert scale.clip(date(2022, 12, 1), date(2023, 1, 10)) == (0, 50)
    assert scale.clip(date(2023, 1, 12), date(2023, 2, 1)) == (75, 25)
    assert scale.clip(date(2023, 1, 13), date(2023, 2, 1)) is None
    assert scale.clip(date(2022, 1, 13), date(2023, 1, 8)) is None


def test_a_range_that_ends_before_it_starts_is_refused() -> None:
    with pytest.raises(ValueError, match="cannot start on 2023-01-02"):
        Scale(date(2023, 1, 2), date(2023, 1, 1))


@pytest.mark.parametrize(
    ("first", "last", "labels"),
    [
        (date(2023, 1, 30), date(2023, 2, 2), ["30 Jan", "31 Jan", "1 Feb", "2 Feb"]),
        (
            date(2023, 1, 8),
            date(2023, 3, 1),
            ["9 Jan", "16 Jan", "23 Jan", "30 Jan", "6 Feb", "13 Feb", "20 Feb", ""],
        ),
        (
            date(2022, 11, 15),
            date(2023, 6, 20),
            ["Dec", "Jan", "Feb", "Mar", "Apr", "May", "Jun"],
        ),
        (date(2019, 5, 1), date(2024, 7, 1), ["2020", "2021", "2022", "2023", "2024"]),
    ],
)
def test_ticks_are_as_fine_as_there_is_room_for(first: date, last: date, labels: list[str]) -> None:
    assert [tick.label for tick in ticks(Scale(first, last), english)] == labels


def test_the_year_stands_by_the_first_tick_and_by_each_new_years() -> None:
    found = ticks(Scale(date(2022, 11, 15), date(2023, 6, 20)), english)
    assert [(tick.label, tick.year) for tick in found if tick.year] == [
        ("Dec", "2022"),
        ("Jan", "2023"),
    ]
    assert [tick.minor for tick in found] == [False, True, False, True, False, True, False]


def test_a_tick_at_the_right_edge_has_no_room_for_its_label() -> None:
    *_, last = ticks(Scale(date(2023, 1, 1), date(2023, 5, 3)), english)
    assert (last.day, last.label) == (date(2023, 5, 1), "")


def test_two_hundred_years_have_a_tick_every_fifty() -> None:
    found = ticks(Scale(date(1900, 1, 1), date(2100, 12, 31)), english)
    assert [tick.day.year for tick in found] == [1900, 1950, 2000, 2050, 2100]


def test_ticks_stay_where_they_are_when_the_range_moves() -> None:
    january = {tick.day for tick in ticks(Scale(date(2023, 1, 3), date(2023, 2, 20)), english)}
    later = {tick.day for tick in ticks(Scale(date(2023, 1, 12), date(2023, 3, 1)), english)}
    assert {day for day in january if day >= date(2023, 1, 12)} == {
        day for day in later if day <= date(2023, 2, 20)
    }
