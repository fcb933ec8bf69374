"""Dates as news texts write them, resolved against the day of publication.

Weekdays, relative and vague expressions have rules of our own, for news counts them from the
day on which it is printed; dates with a month's name are read by dateparser.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import dateparser

from claims.extraction.records import Precision

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september",
    "october", "november", "december",
)  # fmt: skip
_NUMBERS = {
    "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6,
    "seven": 7, "eight": 8, "nine": 9, "ten": 10,
}  # fmt: skip
_SHORT = r"Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec"
_MONTH = rf"(?:{'|'.join(m.title() for m in MONTHS)}|(?:{_SHORT})\.?)"
_DAY = r"\d{1,2}(?:st|nd|rd|th)?"
_PATTERN = re.compile(
    "|".join(
        (
            rf"(?P<full>\b{_DAY} {_MONTH}(?:,? \d{{4}})?\b"
            rf"|\b{_MONTH} {_DAY}(?:, \d{{4}})?\b(?!,\d))",
            rf"(?P<month>\b{_MONTH},? (?:of )?(?:\d{{4}}|last year|this year)\b"
            rf"|(?:(?<=\bin )|(?<=\bsince )|(?<=\bof )|(?<=\blast )|(?<=\bearly )|(?<=\blate )"
            rf"|(?<=\bmid-)|(?<=\bby )|(?<=\buntil )){_MONTH}\b)",
            r"(?P<year>(?:(?<=\bin )|(?<=\bsince ))(?:19|20)\d{2}\b)",
            rf"(?P<weekday>\b(?:last )?(?:{'|'.join(d.title() for d in WEEKDAYS)})\b)",
            r"(?P<ago>\b(?:a|an|one|two|three|four|five|six|seven|eight|nine|ten|\d+)"
            r" (?:day|week|month|year)s? (?:ago|earlier|before|later)\b)",
            r"(?P<vague>\b(?:several|some|a few|many) (?:days|weeks)"
            r" (?:ago|earlier|before|after))\b",
            r"(?P<thisweek>\b(?:earlier |late |later |early )?this (?:week)\b|\bin recent days\b)",
            r"(?P<last>\b(?:last|this|the previous) (?:week|weekend|month|year)\b"
            r"|\bat the weekend\b)",
            r"(?P<following>\b(?:the )?(?:following|next) (?:day|week|month|morning|evening)\b)",
            r"(?P<before>\b(?:the )?(?:day|night|evening) before\b(?! (?:the|he|she|it|they)\b)"
            r"|\b(?:the )?previous (?:day|night|evening|afternoon|morning)\b)",
            r"(?P<that>\b(?:that|the same) (?:day|night|evening|morning|afternoon)\b"
            r"|\b(?:within|hours|minutes|an hour) (?:the hour|later|after)\b)",
            r"(?P<yesterday>\b[Yy]esterday\b|\blast night\b)",
            r"(?P<today>\b[Tt]oday\b|\b[Tt]onight\b|\b[Tt]his (?:morning|afternoon|evening)\b"
            r"|\bovernight\b|\bearlier in the day\b|\bsince dawn\b|\bat dawn\b|\bshortly after"
            r" (?:dawn|noon|midnight)\b|\bby (?:noon|dawn|midday)\b|\bin the night\b)",
        )
    )
)


@dataclass(frozen=True, slots=True)
class DateHit:
    """Characters `[start, end)` that tell a time: its first day and its precision. `kind` is
    the rule's name; `since`: the beginning of a state that lasts."""

    start: int
    end: int
    day: date
    precision: Precision
    kind: str
    since: bool = False


class DateReader:
    """Reads an article's dates in order, for "a day later" counts from the one before."""

    def __init__(self, reference_time: datetime) -> None:
        self.reference_time = reference_time
        self.today = reference_time.date()
        self.anchor: date | None = None

    def read(self, text: str, start: int, end: int) -> list[DateHit]:
        """The dates in `text[start:end]`, in order; moves the anchor along."""
        return list(self._hits(text, start, end))

    def _hits(self, text: str, start: int, end: int) -> Iterator[DateHit]:
        for match in _PATTERN.finditer(text, start, end):
            kind = str(match.lastgroup)
            resolved = self._resolve(kind, match.group())
            if resolved is None or resolved[0] > self.today + timedelta(days=1):
                continue
            day, precision = resolved
            before = text[max(start, match.start() - 12) : match.start()].lower()
            since = bool(re.search(r"\b(since|from)( the)?( late| early| last)?\s*$", before))
            if kind not in ("that", "today", "thisweek", "vague"):
                self.anchor = day
            yield DateHit(match.start(), match.end(), day, precision, kind, since)

    def _resolve(self, kind: str, words: str) -> tuple[date, Precision] | None:
        rule = getattr(self, f"_{kind}")
        found: tuple[date, Precision] | None = rule(words)
        return found

    def _full(self, words: str) -> tuple[date, Precision] | None:
        parsed = dateparser.parse(
            words,
            languages=["en"],
            settings={
                "RELATIVE_BASE": datetime.combine(self.today, datetime.max.time()),
                "PREFER_DATES_FROM": "past",
                "REQUIRE_PARTS": ["day", "month"],
            },
        )
        return (parsed.date(), "day") if parsed else None

    def _month(self, words: str) -> tuple[date, Precision] | None:
        number = next((i for i, m in enumerate(MONTHS, 1) if words.lower().startswith(m[:3])), 0)
        if not number:
            return None
        if year := re.search(r"\d{4}", words):
            return date(int(year.group()), number, 1), "month"
        if "last year" in words:
            return date(self.today.year - 1, number, 1), "month"
        latest = self.today.year if number <= self.today.month else self.today.year - 1
        return date(latest, number, 1), "month"

    def _year(self, words: str) -> tuple[date, Precision] | None:
        return date(int(words), 1, 1), "year"

    def _weekday(self, words: str) -> tuple[date, Precision]:
        wanted = WEEKDAYS.index(words.lower().split()[-1])
        back = (self.today.weekday() - wanted) % 7
        return self.today - timedelta(days=back), "day"

    def _ago(self, words: str) -> tuple[date, Precision]:
        amount, unit, direction = words.lower().split()
        count = int(amount) if amount.isdigit() else _NUMBERS[amount]
        base = self.today if direction == "ago" else self.anchor or self.today
        sign = 1 if direction == "later" else -1
        if unit.startswith("day"):
            return base + sign * timedelta(days=count), "day"
        if unit.startswith("week"):
            day = base + sign * timedelta(weeks=count)
            return (day, "day") if count == 1 else (_monday(day), "week")
        if unit.startswith("month"):
            return _months(base, sign * count), "month"
        return date(base.year + sign * count, 1, 1), "year"

    def _vague(self, words: str) -> tuple[date, Precision]:
        days = 5 if "days" in words else 21
        return _monday(self.today - timedelta(days=days)), "week"

    def _thisweek(self, words: str) -> tuple[date, Precision]:
        return _monday(self.today), "week"

    def _last(self, words: str) -> tuple[date, Precision]:
        lowered = words.lower()
        back = 0 if lowered.startswith("this") else 1
        if "weekend" in lowered:
            return self.today - timedelta(days=(self.today.weekday() - 5) % 7), "day"
        if "week" in lowered:
            return _monday(self.today) - timedelta(weeks=back), "week"
        if "month" in lowered:
            return _months(self.today, -back), "month"
        return date(self.today.year - back, 1, 1), "year"

    def _following(self, words: str) -> tuple[date, Precision]:
        base = self.anchor or self.today
        if "month" in words:
            return _months(base, 1), "month"
        if "week" in words:
            return _monday(base) + timedelta(weeks=1), "week"
        return base + timedelta(days=1), "day"

    def _before(self, words: str) -> tuple[date, Precision]:
        return (self.anchor or self.today) - timedelta(days=1), "day"

    def _that(self, words: str) -> tuple[date, Precision]:
        return self.anchor or self.today, "day"

    def _yesterday(self, words: str) -> tuple[date, Precision]:
        return self.today - timedelta(days=1), "day"

    def _today(self, words: str) -> tuple[date, Precision]:
        return self.today, "day"


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _months(day: date, count: int) -> date:
    """The first day of the month that lies `count` months from `day`'s."""
    index = day.year * 12 + day.month - 1 + count
    return date(index // 12, index % 12 + 1, 1)
