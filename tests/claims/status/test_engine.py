"""What holds for any town whatever its claims."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from typing import get_args

import pytest

from claims.extraction.records import Precision, Predicate, Stance
from claims.status.engine import derive
from claims.status.records import Interval, StatusClaim, TownStatus
from tests.claims.status.tables import ACTORS, claims, day, known_on, lines, status, story

PREDICATES = get_args(Predicate)


def town_of(seed: int, size: int, days: int) -> list[StatusClaim]:
    """Claims drawn at random from all that can be said by the made-up actors."""
    draw = random.Random(seed)
    return [_drawn(draw, number, days) for number in range(size)]


def _drawn(draw: random.Random, number: int, days: int) -> StatusClaim:
    asserted_on = date(2030, 1, 1) + timedelta(days=draw.randrange(days))
    event = draw.random() < 0.3
    part = draw.random() < 0.25
    return StatusClaim(
        id=f"{number:05d}",
        claimant=draw.choice([*ACTORS, None, "Stranger"]),
        stance=draw.choice(("asserts", "asserts", "asserts", *get_args(Stance))),
        predicate=draw.choice(PREDICATES),
        subject_side=draw.choice(("red", "blue", "green", None)),
        asserted_on=asserted_on,
        asserted_precision=draw.choice(("day", *get_args(Precision))),
        event_date=asserted_on - timedelta(days=draw.randrange(20)) if event else None,
        event_precision=draw.choice(get_args(Precision)) if event else None,
        published=asserted_on + timedelta(days=draw.randrange(3)),
        extent="part" if part else "whole",
        part_label=draw.choice(("north", "centre", "most", "")) if part else "",
        family=draw.choice((None, None, "wire", "desk")),
        document=draw.choice(("a", "b")),
    )


SEEDS = range(40)


@pytest.mark.parametrize("seed", SEEDS)
def test_order_and_repeated_rows_make_no_difference(seed: int) -> None:
    rows = town_of(seed, size=40, days=60)
    expected = derive(rows, ACTORS)
    draw = random.Random(seed + 1000)
    shuffled = rows + draw.choices(rows, k=20)
    draw.shuffle(shuffled)
    assert derive(shuffled, ACTORS) == expected


@pytest.mark.parametrize("seed", SEEDS)
def test_bands_are_without_gaps_and_neighbours_differ(seed: int) -> None:
    town = derive(town_of(seed, size=60, days=400), ACTORS)
    for bands in (town.bands, *town.parts.values()):
        assert bands[-1].end is None
        for band, following in pairwise(bands):
            assert band.end == following.start
            assert band.start < following.start
            assert _look(band) != _look(following)


def _look(band: Interval) -> tuple[str, int, bool]:
    return band.text(), band.rule, band.by_own_word


@pytest.mark.parametrize("seed", SEEDS)
def test_every_band_names_its_rule_version_and_deciding_claims(seed: int) -> None:
    town = derive(town_of(seed, size=60, days=400), ACTORS)
    statuses = {1: "controlled", 2: "contested", 3: "fought-over", 4: "claimed", 5: "unknown"}
    for band in _every(town):
        assert band.version == "v1"
        assert band.status == statuses[band.rule]
        assert len(set(band.deciding)) == len(band.deciding)
        assert bool(band.deciding) or band.status == "unknown"
        assert bool(band.word_days) == (band.status not in ("controlled", "unknown"))


def _every(town: TownStatus) -> Iterator[Interval]:
    for bands in (town.bands, *town.parts.values()):
        yield from bands


@pytest.mark.parametrize("seed", SEEDS)
def test_claims_that_decide_nothing_change_nothing(seed: int) -> None:
    rows = town_of(seed, size=40, days=300)
    rows = [replace(row, family=None) for row in rows]
    idle = [
        replace(row, id=f"idle-{row.id}", stance="unconfirmed")
        for row in town_of(seed + 500, size=20, days=600)
    ]
    idle = [replace(row, family=None) for row in idle]
    assert derive(rows + idle, ACTORS) == derive(rows, ACTORS)


@pytest.mark.parametrize("seed", SEEDS)
def test_later_claims_leave_earlier_bands_as_they_are(seed: int) -> None:
    rows = [replace(row, family=None) for row in town_of(seed, size=60, days=200)]
    until = date(2030, 4, 1)
    whole, cut = derive(rows, ACTORS), derive(rows, ACTORS, until=until)
    for offset in range((until - date(2030, 1, 1)).days + 1):
        on = date(2030, 1, 1) + timedelta(days=offset)
        before, after = cut.on(on), whole.on(on)
        assert (before and before.text()) == (after and after.text())
        assert cut.divided_on(on) == whole.divided_on(on)


def test_no_claims_no_bands() -> None:
    assert derive([], ACTORS) == TownStatus(())
    assert status("03-01 Observer unconfirmed captured red").bands == ()
    assert status("03-05 RedArmy holds red", until="03-04").bands == ()


def test_a_capture_reported_late_holds_from_its_day() -> None:
    table = "03-01 BlueArmy holds blue\n03-09 RedArmy captured red event=03-05"
    assert story(table) == ["03-01 claimed blue", "03-05 claimed red"]
    assert lines(derive(known_on(claims(table), day("03-08")), ACTORS).bands) == [
        "03-01 claimed blue"
    ]


def test_a_state_dated_by_month_counts_on_both_its_days() -> None:
    town = status("05-20 RedArmy holds red event=03-01/month\n04-10 BlueArmy denies holds red")
    assert lines(town.bands) == ["03-01 claimed red", "04-10 contested"]
    assert town.bands[1].last_word_by(day("05-19")) == day("03-01")
    assert town.bands[1].last_word_by(day("05-20")) == day("04-10")
