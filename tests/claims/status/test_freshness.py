"""How old a status is, read off its band."""

from __future__ import annotations

import pytest

from claims.status.records import Settings, freshness
from tests.claims.status.tables import day, status


@pytest.mark.parametrize(
    ("today", "age", "expected"),
    [
        ("03-01", 0, "fresh"),
        ("03-15", 14, "fresh"),
        ("03-16", 15, "ageing"),
        ("04-30", 60, "ageing"),
        ("05-01", 61, "stale"),
    ],
)
def test_days_since_the_last_claim_with_the_deciding_word(
    today: str, age: int, expected: str
) -> None:
    (band,) = status("03-01 RedArmy captured red").bands
    assert band.age(day(today)) == age
    assert freshness(band, day(today)) == expected


def test_the_limits_are_settings() -> None:
    (band,) = status("03-01 RedArmy captured red").bands
    strict = Settings(fresh=1, ageing=2)
    assert [freshness(band, day(f"03-0{number}"), strict) for number in (2, 3, 4)] == [
        "fresh",
        "ageing",
        "stale",
    ]


def test_a_repeated_word_renews_it_from_that_day_on() -> None:
    (band,) = status("03-01 RedArmy captured red\n04-01 RedArmy holds red").bands
    assert band.age(day("03-31")) == 30
    assert band.age(day("04-02")) == 1
    assert band.last_word_on == day("04-01")


def test_other_words_do_not_renew_it() -> None:
    (band,) = status("03-01 RedArmy captured red\n04-01 RedArmy advancing red").bands
    assert band.last_word_on == day("03-01")


def test_contested_is_as_old_as_the_older_sides_word() -> None:
    band = status("""
        03-01 RedArmy captured red
        03-02 BlueArmy denies captured red
        04-20 RedArmy holds red
        04-25 RedMilitia holds red
    """).bands[-1]
    assert band.text() == "contested"
    assert band.last_word_by(day("03-02")) == day("03-01")
    assert band.last_word_on == day("03-02")


def test_fought_over_is_as_old_as_the_last_combat() -> None:
    band = status("""
        03-01 BlueArmy holds blue
        03-02 RedArmy advancing red
        03-09 Observer fighting
        04-20 BlueArmy holds blue
    """).bands[-1]
    assert band.last_word_on == day("03-09")


@pytest.mark.parametrize(
    "table",
    ["03-01 RedArmy captured red\n03-01 BlueArmy withdrew blue", "03-01 RedMilitia withdrew red"],
)
def test_conceded_control_and_unknown_do_not_age(table: str) -> None:
    (band,) = status(table).bands
    assert (band.last_word_on, band.age(day("12-01"))) == (None, None)
    assert freshness(band, day("12-01")) is None


def test_before_its_first_word_a_band_has_no_age() -> None:
    (band,) = status("03-01 RedArmy captured red").bands
    assert freshness(band, day("02-28")) is None
