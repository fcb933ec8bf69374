"""The record that the rules must get right: Soledar, Bakhmut, El Fasher, retold as claims."""

from __future__ import annotations

from datetime import date

import pytest

from claims.status.engine import derive
from claims.status.records import Settings, StatusActor, TownStatus, freshness
from tests.claims.status.tables import claims, known_on, lines, status

ACTORS = {
    actor.key: actor
    for actor in (
        StatusActor("Wagner", "russia"),
        StatusActor("Moscow_MoD", "russia", official=True),
        StatusActor("Kyiv", "ukraine", official=True),
        StatusActor("Kyiv_military", "ukraine", official=True),
        StatusActor("Washington"),
        StatusActor("RSF", "rsf", official=True),
        StatusActor("Army", "saf", official=True),
        StatusActor("Joint_Force", "saf"),
    )
}

SOLEDAR = """
    2023-01-10 Wagner captured russia
    2023-01-10 Wagner fighting part=centre
    2023-01-11 Kyiv denies captured russia
    2023-01-11 Kyiv fighting
    2023-01-12 Moscow_MoD fighting
    2023-01-13 Moscow_MoD captured russia event=2023-01-12
    2023-01-13 Kyiv denies captured russia
    2023-01-13 Washington unconfirmed captured russia
    2023-01-25 Kyiv_military withdrew ukraine
"""

BAKHMUT = """
    2023-03-06 Kyiv holds ukraine
    2023-03-06 Kyiv fighting
    2023-03-08 Wagner captured russia part=east
    2023-03-08 Kyiv holds ukraine
    2023-04-02 Wagner captured russia
    2023-04-03 Kyiv denies captured russia
    2023-04-03 Kyiv holds ukraine
    2023-04-06 Wagner holds ukraine
    2023-04-06 Wagner fighting
    2023-05-20 Wagner captured russia
    2023-05-20 Kyiv denies captured russia
    2023-05-21 Moscow_MoD captured russia event=2023-05-20
    2023-05-25 Wagner withdrew russia
"""

EL_FASHER = """
    2024-05-10 RSF encircled rsf
    2024-05-11 Army holds saf
    2024-05-11 Joint_Force fighting
    2025-01-20 RSF advancing rsf
    2025-06-01 Army holds saf
    2025-09-20 RSF advancing rsf
    2025-10-26 RSF captured rsf
    2025-10-26 Joint_Force denies captured rsf
    2025-10-27 Army withdrew saf
    2025-10-28 Joint_Force denies captured rsf
"""


def on(town: TownStatus, day: str) -> str:
    band = town.on(date.fromisoformat(day))
    assert band is not None
    return band.text()


def test_soledar() -> None:
    town = status(SOLEDAR, actors=ACTORS)
    assert lines(town.bands) == [
        "2023-01-10 claimed russia",
        "2023-01-11 contested",
        "2023-01-25 controlled russia",
    ]
    assert [band.rule for band in town.bands] == [4, 2, 1]
    assert town.bands[0].by_own_word is False
    assert town.bands[1].sides == ("russia", "ukraine")
    assert town.bands[2].deciding == ("1", "9")


def test_soledar_as_known_on_12_january() -> None:
    known = known_on(claims(SOLEDAR), date(2023, 1, 12))
    assert [claim.id for claim in known] == ["1", "2", "3", "4", "5"]
    town = derive(known, ACTORS)
    assert lines(town.bands) == ["2023-01-10 claimed russia", "2023-01-11 contested"]
    # Wagner: captured; the ministry in Moscow: fighting.
    assert town.divided_on(date(2023, 1, 11)) == ()
    assert town.divided_on(date(2023, 1, 12)) == ("russia",)


def test_bakhmut() -> None:
    town = status(BAKHMUT, actors=ACTORS)
    assert lines(town.bands) == [
        "2023-03-06 fought-over, holder ukraine",
        "2023-04-02 claimed russia",
        "2023-04-03 contested",
        "2023-04-06 fought-over, holder ukraine",
        "2023-05-20 contested",
    ]
    assert lines(town.parts["east"]) == ["2023-03-08 claimed russia", "2023-04-02 unknown"]
    assert town.bands[-1].end is None


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2023-06-03", "fresh"),
        ("2023-06-04", "ageing"),
        ("2023-07-19", "ageing"),
        ("2023-07-20", "stale"),
        ("2024-07-20", "stale"),
    ],
)
def test_bakhmut_stays_contested_and_ages(day: str, expected: str) -> None:
    town = status(BAKHMUT, actors=ACTORS)
    assert on(town, day) == "contested"
    assert freshness(town.bands[-1], date.fromisoformat(day), Settings()) == expected


def test_el_fasher() -> None:
    town = status(EL_FASHER, actors=ACTORS)
    assert lines(town.bands) == [
        "2024-05-10 fought-over",
        "2024-05-11 fought-over, holder saf",
        "2025-10-26 contested",
        "2025-10-27 controlled rsf",
    ]
    assert on(town, "2026-10-27") == "controlled rsf"
    assert freshness(town.bands[-1], date(2027, 10, 27)) is None
