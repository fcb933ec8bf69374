"""What is said in a town on a day, as the course of its battles has it."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import date, timedelta

from benchmarks.worlds.cast import Town, Voice, War
from benchmarks.worlds.plan import Battle
from benchmarks.worlds.telling import PARTS, Statement, monday, state_of
from claims.extraction.records import Precision, Predicate, Stance

# Phase of a battle → what is said: by whom, stance, predicate, of whom, how often.
Move = tuple[str, Stance, Predicate, str, int]
QUIET: tuple[Move, ...] = (
    ("holder", "asserts", "holds", "holder", 5),
    ("holder", "denies", "captured", "enemy", 1),
    ("enemy", "asserts", "advancing", "enemy", 2),
    ("enemy", "asserts", "fighting", "", 2),
    ("third", "asserts", "holds", "holder", 3),
    ("third", "asserts", "fighting", "", 2),
    ("paper", "asserts", "holds", "holder", 2),
    ("paper", "asserts", "fighting", "", 2),
)
ATTACK: tuple[Move, ...] = (
    ("enemy", "asserts", "advancing", "enemy", 6),
    ("enemy", "asserts", "encircled", "enemy", 2),
    ("enemy", "asserts", "fighting", "", 3),
    ("holder", "asserts", "holds", "holder", 5),
    ("holder", "asserts", "fighting", "", 5),
    ("holder", "denies", "encircled", "enemy", 1),
    ("holder", "denies", "captured", "enemy", 1),
    ("third", "asserts", "advancing", "enemy", 2),
    ("third", "asserts", "fighting", "", 3),
    ("paper", "asserts", "fighting", "", 3),
)
CAPTURE: tuple[Move, ...] = (
    ("enemy", "asserts", "captured", "enemy", 9),
    ("enemy", "asserts", "holds", "enemy", 2),
    ("holder", "denies", "captured", "enemy", 6),
    ("holder", "asserts", "fighting", "", 4),
    ("holder", "asserts", "holds", "holder", 2),
    ("third", "unconfirmed", "captured", "enemy", 4),
    ("third", "asserts", "fighting", "", 2),
    ("third", "asserts", "captured", "enemy", 1),
    ("paper", "asserts", "fighting", "", 2),
    ("paper", "asserts", "captured", "enemy", 1),
)
FALLEN: tuple[Move, ...] = (
    ("enemy", "asserts", "holds", "enemy", 6),
    ("enemy", "asserts", "captured", "enemy", 3),
    ("holder", "asserts", "withdrew", "holder", 4),
    ("holder", "denies", "withdrew", "holder", 1),
    ("holder", "asserts", "fighting", "", 2),
    ("third", "asserts", "holds", "enemy", 3),
    ("paper", "asserts", "holds", "enemy", 2),
)
BEATEN: tuple[Move, ...] = (
    ("holder", "asserts", "holds", "holder", 6),
    ("holder", "asserts", "withdrew", "enemy", 2),
    ("enemy", "asserts", "withdrew", "enemy", 1),
    ("enemy", "asserts", "fighting", "", 2),
    ("third", "asserts", "holds", "holder", 3),
    ("third", "unconfirmed", "withdrew", "enemy", 1),
    ("paper", "asserts", "holds", "holder", 2),
)
OF_A_PART = 0.14
EARLIER = 0.18  # of the assertions tell of an earlier day
AFTERMATH = 25  # days


def moves(battles: Sequence[Battle], holder: str, day: int) -> tuple[tuple[Move, ...], str, str]:
    """What may be said on `day`, who holds the town and who would like to."""
    enemy = ""
    for battle in battles:
        if day < battle.start - 2:
            break
        holder, enemy = battle.defender, battle.attacker
        gone = (day - battle.start) / battle.length
        if gone < 0.45:
            return ATTACK, holder, enemy
        if gone < 1:
            return CAPTURE, holder, enemy
        if day < battle.start + battle.length + AFTERMATH:
            return (FALLEN if battle.falls else BEATEN), holder, enemy
        if battle.falls:
            holder, enemy = enemy, holder
    return QUIET, holder, enemy or (battles[0].attacker if battles else "")


def statement(
    draw: random.Random,
    town: Town,
    said: tuple[tuple[Move, ...], str, str],
    third: Sequence[Voice],
    published: date,
) -> Statement:
    """One that fits, in an article published on this day."""
    found, holder, enemy = said
    who, stance, predicate, about, _ = draw.choices(found, [move[4] for move in found])[0]
    sides = {"holder": holder, "enemy": enemy}
    claimant = _voice(draw, town.war, sides, who, third)
    on, precision = _said_on(draw, published)
    return Statement(
        town,
        claimant,
        stance,
        predicate,
        _about(draw, town.war, sides, about, claimant),
        draw.choice(PARTS) if draw.random() < OF_A_PART else ("", ""),
        on,
        precision,
        _event(draw, stance, predicate, on, precision),
    )


def _voice(
    draw: random.Random, war: War, sides: dict[str, str], who: str, third: Sequence[Voice]
) -> Voice | None:
    if who == "paper":
        return None
    return draw.choice(third if who == "third" else war.sides[sides[who]])


def _about(
    draw: random.Random, war: War, sides: dict[str, str], about: str, claimant: Voice | None
) -> Voice | None:
    if not about:
        return None
    if claimant is not None and claimant.side == sides[about] and draw.random() < 0.7:
        return claimant
    return state_of(war, sides[about])


def _said_on(draw: random.Random, published: date) -> tuple[date, Precision]:
    chance = draw.random()
    if chance < 0.02:
        return monday(published), "week"
    if chance < 0.03:
        return published.replace(day=1), "month"
    return published - timedelta(days=chance > 0.7), "day"


def _event(
    draw: random.Random, stance: Stance, predicate: Predicate, on: date, precision: Precision
) -> tuple[date, Precision] | None:
    """A day before the one on which it is said, more or less exact."""
    if stance != "asserts" or predicate not in ("captured", "withdrew") or precision != "day":
        return None
    if draw.random() >= EARLIER:
        return None
    days: dict[Precision, date] = {
        "day": on - timedelta(days=draw.randrange(1, 4)),
        "week": monday(on),
        "month": on.replace(day=1),
        "year": on.replace(month=1, day=1),
    }
    kind = draw.choices(list(days), (14, 3, 2, 1))[0]
    return days[kind], kind
