"""What a rule for a time expression takes and gives, and the arithmetic that rules share."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from claims.extraction.records import Precision

# What an expression counts from: the calendar ("on 3 May", "on Friday"), the day of publication
# ("two days ago"), the day told before ("a day later"), that day for the clause that follows ("a
# day after the army left"); "in recent days" tells none that an event could have.
Kind = Literal["calendar", "counted", "told", "offset", "vague"]
Moment = tuple[date, Precision]

NUMBERS = {
    word: number
    for number, words in enumerate(
        ("a an one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
         "eleven", "twelve"), 1
    )
    for word in words.split()
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Context:
    """What an expression counts from.

    `now` is the time of publication, `today` its day or the one in a heading. Before it were told:
    `told` last of all, `anchor` the last day, `scene` and `month` the last day and month of its
    paragraph, `year` the year right before it. `ahead`: the clause tells what
    is to come.
    """

    now: datetime
    today: date
    told: Moment | None = None
    anchor: date | None = None
    scene: date | None = None
    month: date | None = None
    year: date | None = None
    ahead: bool = False

    @property
    def last(self) -> date:
        """The day or first day of what was told last, else today."""
        return self.told[0] if self.told is not None else self.today


@dataclass(frozen=True, slots=True)
class Rule:
    """An expression. Its `pattern` is tried only on sentences with one of its `words` (in lower
    case; "0" stands for figures); `moment` tells what a match means, None for nothing."""

    kind: Kind
    words: frozenset[str]
    pattern: re.Pattern[str]
    moment: Callable[[re.Match[str], Context], Moment | None]


def rule(
    kind: Kind,
    words: str,
    pattern: str,
    moment: Callable[[re.Match[str], Context], Moment | None],
    flags: re.RegexFlag = re.NOFLAG,
) -> Rule:
    """A rule from its words, separated by blanks, and its pattern."""
    return Rule(kind, frozenset(words.lower().split()), re.compile(pattern, flags), moment)


def monday(day: date) -> date:
    """The Monday of a day's week."""
    return day - timedelta(days=day.weekday())


def first_of_month(day: date, count: int = 0) -> date:
    """The first day of the month that lies `count` months from `day`'s."""
    index = day.year * 12 + day.month - 1 + count
    return date(index // 12, index % 12 + 1, 1)
