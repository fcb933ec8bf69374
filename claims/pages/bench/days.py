"""Days as editors type them: "11 Jan", "last Friday", "January 2023", "week of 9 January".

They are read as extraction reads an article's dates, against the time of publication, so that
editor and extractor mean the same by the same words; what articles do not write (a bare year,
small letters, Ukrainian), dateparser reads.
"""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from functools import lru_cache

from dateparser.date import DateDataParser

from claims.extraction.records import Precision
from claims.extraction.times.calendar import MONTHS, WEEKDAYS
from claims.extraction.times.dates import DateReader
from claims.extraction.times.moments import first_of_month, monday

Day = tuple[date, Precision]

LONGEST = 60  # characters; no day needs more
_EARLIEST = date(1900, 1, 1)
_WEEK_OF = re.compile(r"(?:the )?week (?:of|from)(?: the)? |тиждень (?:від |з )?", re.IGNORECASE)
_WEEK_DAYS = re.compile(r"\b(mon|tues?|wed|thu(?:rs?)?|fri|sat|sun)\b\.?", re.IGNORECASE)
_NAMES = frozenset({*MONTHS, *(month[:3] for month in MONTHS), "sept", *WEEKDAYS})
_OPENINGS = ("", "on ", "in ", "the ")  # without which extraction takes no bare name for a day
_FIGURES = re.compile(r"(\d{4})(?:-(\d{1,2}))?(?: ?р\.?| рік)?")
# What makes more than one day of it, or only tells its edge.
_BOUND = re.compile(r"\b(?:after|before|until|till|by|or|and|between|до|після|або)\b", re.I)
# What may stand beside a day without changing it.
_BESIDE = re.compile(
    r"(?:\b(?:on|in|at|the|of|since|late|later|early|earlier|around|about|morning|afternoon|evening|night)\b|[\s,.])*",
    re.IGNORECASE,
)


def read_day(words: str, published: datetime) -> Day | None:
    """The day that `words` mean to somebody who reads what was published then (in the
    publisher's own offset), and how precise it is: a week by its Monday, a month or year by its
    first day. None: they are not understood. It may lie after the publication."""
    text = " ".join(words.replace("’", "'").split()).strip(" .,")
    if not text or len(text) > LONGEST:
        return None
    if opening := _WEEK_OF.match(text):
        day = read_day(text[opening.end() :], published)
        return (monday(day[0]), "week") if day else None
    if figures := _FIGURES.fullmatch(text):
        found = _figures(int(figures[1]), int(figures[2]) if figures[2] else None)
    elif _BOUND.search(text):
        found = None
    else:
        found = _as_in_articles(text, published) or _as_typed(text, published)
    return found if found and found[0] >= _EARLIEST else None


def first_day(day: date, precision: Precision) -> date:
    """The day by which a time is written that is known so precisely."""
    if precision == "week":
        return monday(day)
    if precision == "year":
        return day.replace(month=1, day=1)
    return first_of_month(day) if precision == "month" else day


def last_day(day: date, precision: Precision) -> date:
    """The last day of the time that `day` begins."""
    if precision == "week":
        return monday(day) + timedelta(days=6)
    if precision == "year":
        return day.replace(month=12, day=31)
    return first_of_month(day, 1) - timedelta(days=1) if precision == "month" else day


def _figures(year: int, month: int | None) -> Day | None:
    """ "2023-01" and "2023"."""
    if not (1 <= year <= 9998 and 1 <= (month or 1) <= 12):
        return None
    return date(year, month or 1, 1), "month" if month is not None else "year"


def _as_in_articles(text: str, published: datetime) -> Day | None:
    """One day, with nothing beside it that could mean more."""
    text = _WEEK_DAYS.sub(_whole_name, text)
    text = " ".join(w.title() if w.lower().strip(",.") in _NAMES else w for w in text.split())
    for opening in _OPENINGS:
        told = f"{opening}{text}"
        hits = DateReader(published).read(told, 0, len(told))
        if len(hits) == 1 and _BESIDE.fullmatch(told[: hits[0].start] + told[hits[0].end :]):
            return hits[0].day, hits[0].precision
    return None


def _whole_name(match: re.Match[str]) -> str:
    start = match[1][:3].lower()
    return next(day.title() for day in WEEKDAYS if day.startswith(start))


def _as_typed(text: str, published: datetime) -> Day | None:
    if not re.search(r"\d|\w{3}", text):
        return None  # dateparser takes "a" for a day
    data = _parser(published.replace(tzinfo=None)).get_date_data(text)
    precisions: dict[str, Precision] = {"week": "week", "month": "month", "year": "year"}
    if data.date_obj is None:
        return None
    precision = precisions.get(data.period or "", "day")
    return first_day(data.date_obj.date(), precision), precision


@lru_cache(maxsize=16)  # it is slow to make, and a screen asks again and again
def _parser(published: datetime) -> DateDataParser:
    return DateDataParser(
        languages=["en", "uk"],
        settings={
            "RELATIVE_BASE": published,
            "PREFER_DATES_FROM": "past",
            "DATE_ORDER": "DMY",
            "PREFER_DAY_OF_MONTH": "first",
            "PREFER_MONTH_OF_YEAR": "first",
        },
    )
