"""Which sides are divided on a day, without what holds on the days before."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date

from claims.status import words
from claims.status.engine import Track
from claims.status.records import StatusActor, StatusClaim
from claims.status.rule_sets import V1, RuleSet
from claims.status.rules import judge


def divided_on(
    claims: Iterable[StatusClaim],
    actors: Mapping[str, StatusActor],
    day: date,
    rules: RuleSet = V1,
) -> tuple[str, ...]:
    """As `engine.derive` has it (`TownStatus.divided_on`). To hear what is said day by day takes
    little; to judge it, most of the time: that is done for the last day alone."""
    by_day: dict[date, list[words.Saying]] = defaultdict(list)
    for saying in words.of_town(words.sayings(claims, actors, rules)):
        if saying.day <= day:
            by_day[saying.day].append(saying)
    if not by_day:
        return ()
    town = Track(rules.settings)
    for said_on in sorted(by_day):
        town.hear(said_on, by_day[said_on])
    _, divided = judge(town.ledger, town.concessions.in_force(town.ledger.controlled()))
    return tuple(sorted(divided))
