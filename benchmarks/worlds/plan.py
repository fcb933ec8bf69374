"""What happens in a world, before a word of it is written: which town has how many claims, when
it is fought over, and on which day an article tells of it."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import count

from benchmarks.worlds.cast import Town

DAYS = 1096  # three years
MOST = 2000  # claims that a town may have, but for the measured ones
MEASURED = (50, 500, 5000)  # live claims of the towns by which the pages about a town are measured
NOT_LIVE = 0.16  # of a measured town's live claims stand beside them in other states
LARGEST = 2 / 3  # of a world's claims that the measured towns may have
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
    """An article to be written: `town` by its number, `number` among the town's stories,
    `claims` in it, and in each copy."""

    day: int
    town: int
    number: int
    claims: int
    copies: int


@dataclass(frozen=True, slots=True)
class Share:
    """Stories from `start` up to and without `stop`, to be told at once. `told`: how many claims
    each measured town (by its number) has by the earlier ones."""

    number: int
    start: int
    stop: int
    told: dict[int, int]


@dataclass(frozen=True)
class Plan:
    """`measured`: live claims of the first towns, which have exactly so many. `stories` are
    packed numbers in the order of their days: a million claims are half a million stories, and
    they stay in memory while the world is written."""

    seed: int
    towns: tuple[Town, ...]
    battles: tuple[tuple[Battle, ...], ...]
    holders: tuple[str, ...]  # at the beginning
    measured: tuple[int, ...]
    packed: tuple[int, ...]

    def story(self, number: int) -> Story:
        packed = self.packed[number]
        return Story(
            day=packed >> 52,
            town=(packed >> 28) & 0xFFFFFF,
            number=(packed >> 8) & 0xFFFFF,
            claims=(packed >> 4) & 0xF,
            copies=packed & 0xF,
        )

    def shares(self, claims: int) -> Iterator[Share]:
        """All stories, in shares of about so many claims."""
        told: Counter[int] = Counter()
        start = number = 0
        here: Counter[int] = Counter()
        for stop in range(1, len(self.packed) + 1):
            story = self.story(stop - 1)
            here[story.town] += story.claims * (1 + story.copies)
            if here.total() >= claims or stop == len(self.packed):
                yield Share(number, start, stop, {town: told[town] for town in self._measured})
                told.update({town: here[town] for town in self._measured})
                start, number = stop, number + 1
                here.clear()

    @cached_property
    def live(self) -> dict[int, list[bool]]:
        """Of the measured towns, by number, whether each of their claims is live."""
        found = {}
        for number, live in enumerate(self.measured):
            flags = [place < live for place in range(with_others(live))]
            draw_for(self.seed, "live", number).shuffle(flags)
            found[number] = flags
        return found

    @property
    def _measured(self) -> range:
        return range(len(self.measured))


def draw_for(seed: int, *what: object) -> random.Random:
    """Chances of their own for one thing in a world: they are the same however large the world
    is, in whatever order, and by whichever process it is made."""
    return random.Random(" ".join(map(str, (seed, *what))))  # noqa: S311 - made-up data, no secret


def towns_with_claims(claims: int) -> int:
    """How many towns a number of claims is about: 250 for 10 000, 1 000 for 100 000."""
    return max(8, round(claims**0.6))


def with_others(live: int) -> int:
    """The claims of a measured town: the live ones, and those beside them."""
    return round(live * (1 + NOT_LIVE))


def that_fit(claims: int, measured: Sequence[int]) -> tuple[int, ...]:
    """The measured towns, the smallest first, that a world of so many claims has room for.
    Raises ValueError where this is none."""
    found: list[int] = []
    for live in sorted(measured):
        if sum(map(with_others, [*found, live])) <= LARGEST * claims:
            found.append(live)
    if not found:
        raise ValueError(f"{claims} claims are too few for a town with {min(measured)} live ones")
    return tuple(found)


def make_plan(
    seed: int, towns: tuple[Town, ...], *, claims: int, measured: Sequence[int] = MEASURED
) -> Plan:
    """`towns`: those that have claims. Raises ValueError where these are too few claims."""
    exact = that_fit(claims, measured)
    own = [with_others(live) for live in exact]
    budgets = [*own, *_budgets(len(towns) - len(own), claims - sum(own))]
    holders: list[str] = []
    battles: list[tuple[Battle, ...]] = []
    packed: list[int] = []
    for number, (town, budget) in enumerate(zip(towns, budgets, strict=True)):
        draw = draw_for(seed, "plan", number)
        holder = draw.choice(list(town.war.sides))
        fought = tuple(_battles(draw, town, holder, budget))
        holders.append(holder)
        battles.append(fought)
        packed.extend(_stories(draw, number, budget, fought))
    packed.extend(_silent(draw_for(seed, "silent"), len(packed), len(towns)))
    return Plan(seed, towns, tuple(battles), tuple(holders), exact, tuple(sorted(packed)))


def _budgets(towns: int, claims: int) -> list[int]:
    """Claims for each town but the measured ones, the most first: they fall off by Zipf's law,
    but for the first, which are held to `MOST`."""
    weights = [1 / (rank + 2) ** 0.9 for rank in range(towns)]
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
    wanted = max(1, round(budget / CLAIMS_OF_A_BATTLE))
    for start in sorted(draw.randrange(20, DAYS - 5) for _ in range(wanted)):
        attacker = draw.choice([side for side in town.war.sides if side != holder])
        falls = draw.random() < 0.45
        yield Battle(start, draw.randrange(4, 50), attacker, holder, falls)
        holder = attacker if falls else holder


def _stories(
    draw: random.Random, town: int, budget: int, battles: tuple[Battle, ...]
) -> Iterator[int]:
    for number in count():
        if not budget:
            return
        claims, copies = _drawn(draw, CLAIMS_OF_A_STORY), _drawn(draw, COPIES_OF_A_STORY)
        if claims * (1 + copies) > budget:
            claims, copies = min(claims, budget), 0
        budget -= claims * (1 + copies)
        yield _pack(Story(_day(draw, battles), town, number, claims, copies))


def _day(draw: random.Random, battles: tuple[Battle, ...]) -> int:
    if draw.random() < IN_BURSTS:
        battle = draw.choice(battles)
        day = battle.start + int(draw.gammavariate(2, battle.length / 3)) - 2
        if 0 <= day < DAYS:
            return day
    return draw.randrange(DAYS)


def _silent(draw: random.Random, stories: int, towns: int) -> Iterator[int]:
    for number in range(round(stories * OF_NO_CLAIM)):
        yield _pack(Story(draw.randrange(DAYS), draw.randrange(towns), number, 0, 0))


def _drawn(draw: random.Random, table: tuple[tuple[int, int], ...]) -> int:
    values, weights = zip(*table, strict=True)
    return draw.choices(values, weights)[0]


def _pack(story: Story) -> int:
    return story.day << 52 | story.town << 28 | story.number << 8 | story.claims << 4 | story.copies
