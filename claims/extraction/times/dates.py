"""The dates of an article, resolved in reading order against the time of its publication."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import zip_longest

from claims.extraction.records import Precision
from claims.extraction.times import calendar, relative
from claims.extraction.times.moments import Context, Kind, Moment, Rule

_RULES = (*calendar.RULES, *relative.RULES)
# The rules' numbers by each of their words: most sentences have none.
_RULES_OF = {
    word: [number for number, rule in enumerate(_RULES) if word in rule.words]
    for word in frozenset().union(*(rule.words for rule in _RULES))
}
_WORD = re.compile(r"[A-Za-z]+|\d")
_SINCE = re.compile(
    r"\b(?:since|from)(?: at least| about| around)?(?: the)?"
    r"(?: (?:late|early|last|mid|(?:start|end|beginning|middle|(?:first|last) days) of))?[ -]$",
    re.IGNORECASE,
)
# What is told to end at a time, or to come before it, did not happen then.
_BOUND = re.compile(r"\b(?:until|till|before|ahead of|prior to)(?: late| early| the)? $", re.I)
_HOUR_OF = re.compile(r" (?:(?:of|on|into|to|from) )?")
_BESIDE = re.compile(r",? ?(?:on |a |in )?")


@dataclass(frozen=True, slots=True)
class DateHit:
    """Characters `[start, end)` that tell a time: its first day and its precision. `kind` is
    what it counts from; `since`: the beginning of a state that lasts; `bound`: the end of one."""

    start: int
    end: int
    day: date
    precision: Precision
    kind: Kind
    since: bool = False
    bound: bool = False


def _nothing_ahead(at: int) -> bool:
    return False


class DateReader:
    """Reads an article's dates in order, for "a day later" counts from the one before.

    `today` is the day that "today" means: that of publication, in the offset that the publisher
    gave, or of the heading at hand.
    """

    def __init__(self, reference_time: datetime) -> None:
        self.now = reference_time
        self.today = reference_time.date()
        self._told: Moment | None = None
        self._day: date | None = None
        self._scene: date | None = None
        self._month: date | None = None

    def begin_paragraph(self) -> None:
        """Forget the day and month that the paragraph before told of."""
        self._scene = self._month = None

    def read(
        self, text: str, start: int, end: int, ahead: Callable[[int], bool] = _nothing_ahead
    ) -> list[DateHit]:
        """The dates in the sentence `text[start:end]`, in order. `ahead` tells of a character
        whether its clause is about what is to come. Days after the publication are left out."""
        hits = list(self._hits(text, start, end, ahead))
        return [
            hit
            for hit, after in zip_longest(hits, hits[1:])
            if after is None or not _is_its_hour(text, hit, after)
        ]

    def _hits(
        self, text: str, start: int, end: int, ahead: Callable[[int], bool]
    ) -> Iterator[DateHit]:
        last: DateHit | None = None
        year: date | None = None
        for rule, match in _matches(text, start, end):
            at = match.start()
            beside = last is not None and _BESIDE.fullmatch(text, last.end, at)
            if last is not None and last.precision == "year":
                year = last.day if beside else None
            told = (self._told, self._day, self._scene, self._month, year)
            moment = rule.moment(match, Context(self.now, self.today, *told, ahead(at)))
            if moment is None or moment[0] > self.now.date():
                continue
            if beside and last is not None and _names(match.group(), last):
                continue
            day, precision = moment
            before = text[max(start, at - 30) : at]
            since = bool(_SINCE.search(before)) or "since" in match.group().lower()
            bound = rule.kind != "told" and bool(_BOUND.search(before))
            if rule.kind not in ("vague", "offset") and not since:
                self._tell(day, precision)
            last = DateHit(at, match.end(), day, precision, rule.kind, since, bound)
            yield last

    def _tell(self, day: date, precision: Precision) -> None:
        self._told = (day, precision)
        if precision == "day":
            self._day = self._scene = day
        if precision == "month":
            self._month = day


def _names(words: str, hit: DateHit) -> bool:
    """Whether a weekday only names the day before it: "on the 5th, a Wednesday"."""
    return hit.precision == "day" and words.lower() == calendar.WEEKDAYS[hit.day.weekday()]


def _is_its_hour(text: str, hit: DateHit, after: DateHit) -> bool:
    """Whether an expression only tells the hour of the next: "in the small hours of 3 May"."""
    between = text[hit.end : after.start]
    same = hit.kind in ("counted", "told") and after.kind == "calendar"
    return same and hit.precision == after.precision == "day" and bool(_HOUR_OF.fullmatch(between))


def _matches(text: str, start: int, end: int) -> Iterator[tuple[Rule, re.Match[str]]]:
    """The expressions in a sentence from left to right, the longest where several begin."""
    words = {"0" if word.isdigit() else word.lower() for word in _WORD.findall(text, start, end)}
    rules = {number for word in words & _RULES_OF.keys() for number in _RULES_OF[word]}
    found = [
        (match.start(), -match.end(), number, match)
        for number in rules
        for match in _RULES[number].pattern.finditer(text, start, end)
    ]
    covered = start
    for at, negative_end, number, match in sorted(found, key=lambda each: each[:3]):
        if at >= covered:
            covered = -negative_end
            yield _RULES[number], match
