"""What happens in a world, before a word of it is written: which town has how many claims, when
it is fought over, and on which day an article tells of it."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from benchmarks.worlds.cast import Town

DAYS = 1096  # three years
MOST = 2000  # claims that a town may have
BUSY = 500  # live claims of the town by which the town page is measured
BUSY_RANK = 3  # its place among the towns with claims, from 0
NOT_LIVE = 0.16  # of the busy town's live claims stand beside them in other states
CLAIMS_OF_A_STORY = ((1, 40), (2, 27), (3, 17), (4, 10), (5, 6))
COPIES_OF_A_STORY = ((0, 78), (1, 12), (2, 6), (3, 4))  # by other publishers
OF_NO_CLAIM = 0.25  # articles in which nobody claims a town, for each one with claims
IN_BURSTS = 0.75  # of the stories are told round a battle
CLAIMS_OF_A_BATTLE = 60


@dataclass(frozen=True, slots=True)
class Battle:
    """`start` is a day of the world; the capture is claimed about half way through `length`."""

    start: int
    length: int
    attacker: str
    defender: str
    falls: bool


@dataclass(frozen=True, slots=True)
class Story:
    """An article to be written: `town` by its number, `claims` in it, and in each copy."""

    day: int
    town: int
    claims: int
    copies: int


@dataclass(frozen=True)
class Plan:
    """`stories` are packed numbers in the order of their days: a million claims are half a
    million stories, and they stay in memory while the world is written."""

    towns: tuple[Town, ...]
    battles: tuple[tuple[Battle, ...], ...]
    holders: tuple[str, ...]  # at the beginning
    busy: int  # number of the town with exactly `busy_live` live claims
    busy_live: int
    busy_claims: int
    packed: tuple[int, ...]

    def stories(self) -> Iterator[Story]:
        for number in self.packed:
            yield Story(number >> 40, (number >> 8) & 0xFFFFFFFF, (number >> 4) & 0xF, number & 0xF)

    @cached_property
    def last_day(self) -> int:
        return self.packed[-1] >> 40


def towns_with_claims(claims: int) -> int:
    """How many towns a number of claims is about: 250 for 10 000, 1 000 for 100 000."""
    return max(8, round(claims**0.6))


def make_plan(
    draw: random.Random, towns: tuple[Town, ...], *, claims: int, busy_live: int = BUSY
) -> Plan:
    """`towns`: those that have claims. Raises ValueError where these are too few claims."""
    busy_claims = round(busy_live * (1 + NOT_LIVE))
    if claims < 2 * busy_claims:
        raise ValueError(f"a world needs at least {2 * busy_claims} claims")
    budgets = _budgets(len(towns), claims - busy_claims)
    budgets.insert(BUSY_RANK, busy_claims)
    holders: list[str] = []
    battles: list[tuple[Battle, ...]] = []
    packed: list[int] = []
    for number, (town, budget) in enumerate(zip(towns, budgets, strict=True)):
        holder = draw.choice(list(town.war.sides))
        fought = tuple(_battles(draw, town, holder, budget))
        holders.append(holder)
        battles.append(fought)
        packed.extend(_stories(draw, number, budget, fought))
    packed.extend(_silent(draw, len(packed), len(towns)))
    return Plan(
        towns,
        tuple(battles),
        tuple(holders),
        BUSY_RANK,
        busy_live,
        busy_claims,
        tuple(sorted(packed)),
    )


def _budgets(towns: int, claims: int) -> list[int]:
    """Claims for each town but the busy one, the most first: they fall off by Zipf's law, but
    for the first, which are held to `MOST`."""
    weights = [1 / (rank + 2) ** 0.9 for rank in range(towns - 1)]
    free, left, budgets = claims, sum(weights), []
    for weight in weights:
        budgets.append(min(MOST, round(free * min(1.0, weight / left))))
        free -= budgets[-1]
        left -= weight
    number = 0
    while free:  # what the held ones would have had
        more = min(free, MOST - budgets[number])
        budgets[number] += more
        free -= more
        number += 1
    return budgets


def _battles(draw: random.Random, town: Town, holder: str, budget: int) -> Iterator[Battle]:
    count = max(1, round(budget / CLAIMS_OF_A_BATTLE))
    for start in sorted(draw.randrange(20, DAYS - 5) for _ in range(count)):
        attacker = draw.choice([side for side in town.war.sides if side != holder])
        falls = draw.random() < 0.45
        yield Battle(start, draw.randrange(4, 50), attacker, holder, falls)
        holder = attacker if falls else holder


def _stories(
    draw: random.Random, town: int, budget: int, battles: tuple[Battle, ...]
) -> Iterator[int]:
    while budget:
        claims, copies = _drawn(draw, CLAIMS_OF_A_STORY), _drawn(draw, COPIES_OF_A_STORY)
        if claims * (1 + copies) > budget:
            claims, copies = min(claims, budget), 0
        budget -= claims * (1 + copies)
        yield _pack(_day(draw, battles), town, claims, copies)


def _day(draw: random.Random, battles: tuple[Battle, ...]) -> int:
    if draw.random() < IN_BURSTS:
        battle = draw.choice(battles)
        day = battle.start + int(draw.gammavariate(2, battle.length / 3)) - 2
        if 0 <= day < DAYS:
            return day
    return draw.randrange(DAYS)


def _silent(draw: random.Random, stories: int, towns: int) -> Iterator[int]:
    for _ in range(round(stories * OF_NO_CLAIM)):
        yield _pack(draw.randrange(DAYS), draw.randrange(towns), 0, 0)


def _drawn(draw: random.Random, table: tuple[tuple[int, int], ...]) -> int:
    values, weights = zip(*table, strict=True)
    return draw.choices(values, weights)[0]


def _pack(day: int, town: int, claims: int, copies: int) -> int:
    return day << 40 | town << 8 | claims << 4 | copies
