"""Bands: the days' verdicts as intervals, with equal neighbours merged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from claims.status.records import Division, Interval, status_text
from claims.status.rules import Verdict


@dataclass(frozen=True, slots=True)
class Day:
    """What holds from `day` on, until the next one."""

    day: date
    verdict: Verdict
    divided: frozenset[str]

    @property
    def look(self) -> tuple[str, int, bool]:
        """What tells one band from the next."""
        verdict = self.verdict
        return status_text(verdict.status, verdict.sides), verdict.rule, verdict.by_own_word


def intervals(
    days: Sequence[Day], said_on: Mapping[str, date], version: str
) -> tuple[Interval, ...]:
    """The bands of these days (in order). `said_on`: the claims' first days, by id, which
    the deciding claims are put in order by. `version`: the rule set's name."""
    groups: list[list[Day]] = []
    for day in days:
        if groups and groups[-1][-1].look == day.look:
            groups[-1].append(day)
        else:
            groups.append([day])
    ends: list[date | None] = [*(group[0].day for group in groups[1:]), None]
    return tuple(
        _interval(group, end, said_on, version)
        for group, end in zip(groups, ends[: len(groups)], strict=True)
    )


def _interval(
    group: Sequence[Day], end: date | None, said_on: Mapping[str, date], version: str
) -> Interval:
    verdict = group[0].verdict
    deciding = {claim for day in group for claim in day.verdict.deciding}
    return Interval(
        start=group[0].day,
        end=end,
        status=verdict.status,
        sides=_sides(group),
        rule=verdict.rule,
        deciding=tuple(sorted(deciding, key=lambda claim: (said_on[claim], claim))),
        divided=tuple(sorted(frozenset[str]().union(*(day.divided for day in group)))),
        by_own_word=verdict.by_own_word,
        word_days=_word_days(group),
        version=version,
    )


def _sides(group: Sequence[Day]) -> tuple[str, ...]:
    """The one side that all of the group's days share, or all that contest the town."""
    if group[0].verdict.status != "contested":
        return group[0].verdict.sides
    return tuple(sorted({side for day in group for side in day.verdict.sides}))


def _word_days(group: Sequence[Day]) -> tuple[tuple[date, date], ...]:
    days: list[tuple[date, date]] = []
    for day in group:
        last = day.verdict.last_word_on
        if last is not None and (not days or days[-1][1] != last):
            days.append((day.day, last))
    return tuple(days)


def divisions(days: Sequence[Day]) -> tuple[Division, ...]:
    """When which side was divided, in the order of the starts."""
    open_: dict[str, date] = {}
    found: list[Division] = []
    for day in days:
        for side in sorted(open_.keys() - day.divided):
            found.append(Division(side, open_.pop(side), day.day))
        for side in day.divided - open_.keys():
            open_[side] = day.day
    found += [Division(side, start, None) for side, start in open_.items()]
    return tuple(sorted(found, key=lambda division: (division.start, division.side)))
