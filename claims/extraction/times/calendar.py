"""Days, weekdays, months and years of the calendar.

Days and months are read by dateparser; what it gets wrong in news has rules of our own: weekdays,
and the year of a day or month that is told without one.
"""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from functools import lru_cache

import dateparser

from claims.extraction.times.moments import Context, Moment, Rule, first_of_month, monday, rule

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september",
    "october", "november", "december",
)  # fmt: skip
_SEASONS = {"spring": 3, "summer": 6, "autumn": 9, "fall": 9, "winter": 12}  # the first month
_ORDINALS = ("first", "second", "third", "fourth")
_COMING = timedelta(days=35)  # a day without a year is the next one, when that is so near


@lru_cache(maxsize=1 << 12)  # a text tells the same days again and again
def _parse(words: str, base: date, prefer: str, *parts: str) -> date | None:
    """A date in words that has all the `parts`; without a year, the one before or after `base`
    (included) by what is preferred, "past" or "future"."""
    parsed = dateparser.parse(
        words,
        languages=["en"],
        settings={
            "RELATIVE_BASE": datetime.combine(base, datetime.min.time()),
            "PREFER_DATES_FROM": prefer,
            "REQUIRE_PARTS": list(parts),
            "DATE_ORDER": "DMY",
            "PREFER_DAY_OF_MONTH": "first",
        },
    )
    return parsed.date() if parsed else None


def _date(match: re.Match[str], context: Context) -> Moment | None:
    days = [n for n in (match["first"], match["day"], match["us"], match["until"]) if n]
    number = days[-1] if match["night"] else days[0]
    words = f"{number} {(match['month'] or match['usmonth']).rstrip('.')}"
    if match["year"]:
        told = _year_of(match["year"], context)
        found = _parse(f"{words} {told}", context.today, "past", "day", "month", "year")
    else:
        found = _without_year(words, context)
    return (found, "day") if found else None


def _without_year(words: str, context: Context) -> date | None:
    """The last such day, or the next one in a clause on what is to come, or when it is near; in
    the year that the words before tell."""
    if context.year is not None:
        return _parse(words, context.year, "future", "day", "month")
    past = _parse(words, context.today, "past", "day", "month")
    coming = _parse(words, context.today, "future", "day", "month")
    if past is None or coming is None or past == context.today:
        return past
    near = coming - context.today <= _COMING and context.today - past > 4 * _COMING
    return coming if near or context.ahead else past


def _year_of(words: str, context: Context) -> int:
    """The year in ", 2029", "of last year", "that year"."""
    if digits := re.search(r"\d{4}", words):
        return int(digits.group())
    if "that" in words or "same" in words:
        return context.last.year
    return context.today.year - ("last" in words)


def _figures(match: re.Match[str], context: Context) -> Moment | None:
    words = match.group()
    if words.count(".") == 1:  # "on 12.01"
        day, month = map(int, words.split("."))
        if not 0 < month <= 12:
            return None
        found = _without_year(f"{day} {MONTHS[month - 1]}", context)
    else:
        found = _parse(words, context.today, "past", "day", "month", "year")
    return (found, "day") if found else None


def _ordinal(match: re.Match[str], context: Context) -> Moment | None:
    """ "the 16th": of the month that the paragraph tells of, else the last one."""
    number = int(match["day"])
    first = first_of_month(context.today)
    if match["that"] in ("that", "the same", "the"):
        first = first_of_month(context.last)
    elif match["that"] is None and context.month is not None:
        first = context.month
    elif number > context.today.day and not context.ahead:
        first = first_of_month(context.today, -1)
    day = first + timedelta(days=number - 1)
    return (day, "day") if day.month == first.month else None


def _edge(match: re.Match[str], context: Context) -> Moment | None:
    """ "the first of December", "the last night of the month"."""
    if match["unit"] == "year":
        first = context.today.replace(month=1, day=1)
        after = first.replace(year=first.year + 1)
    elif match["unit"]:
        that = match["which"].startswith("that")
        first = first_of_month(context.last if that else context.today)
        after = first_of_month(first, 1)
    else:
        named = _month_of(match, context)
        past_year = context.told is not None and context.last.year < context.today.year
        if past_year and not match["year"]:  # "in November 2012, … on the first day of December"
            named = _parse(match["name"].rstrip("."), context.last, "future", "month")
        if named is None:
            return None
        first, after = named, first_of_month(named, 1)
    return (after - timedelta(days=1) if match["edge"] == "last" else first), "day"


def _holiday(match: re.Match[str], context: Context) -> Moment | None:
    words = "25 December" if match["holiday"] == "Christmas" else "1 January"
    back = timedelta(days=match["day"] == "Eve")
    found = _parse(words, context.today + back, "past", "day", "month")
    return (found - back, "day") if found else None


def _month_of(match: re.Match[str], context: Context) -> date | None:
    """The first day of the month that an expression names."""
    name = match["name"].rstrip(".")
    if match["year"]:
        told = _year_of(match["year"], context)
        return _parse(f"{name} {told}", context.today, "past", "month", "year")
    which = (match["which"] or "").strip().lower()
    told = which in ("that", "the following", "the same")
    after = context.last if told else context.year
    if which == "last":  # in May, "last May" is a year ago
        return _parse(name, first_of_month(context.today) - timedelta(days=1), "past", "month")
    if after is not None:
        return _parse(name, after, "future", "month")
    ahead = context.ahead or which == "next"
    return _parse(name, context.today, "future" if ahead else "past", "month")


def _month(match: re.Match[str], context: Context) -> Moment | None:
    found = _month_of(match, context)
    return (found, "month") if found else None


def _week_of_month(match: re.Match[str], context: Context) -> Moment | None:
    first = first_of_month(context.last) if match["unit"] else _month_of(match, context)
    if first is None:
        return None
    if match["week"] == "last":
        return monday(first_of_month(first, 1) - timedelta(days=4)), "week"
    weeks = _ORDINALS.index(match["week"])
    return monday(first + timedelta(days=3)) + timedelta(weeks=weeks), "week"


def _season(match: re.Match[str], context: Context) -> Moment | None:
    if match["year"]:
        return date(int(match["year"]), 1, 1), "year"
    ends = _SEASONS[match["season"]] + (3 if match["which"].lower() == "last" else 0)
    return date(context.today.year - (ends > context.today.month), 1, 1), "year"


def _year(match: re.Match[str], context: Context) -> Moment | None:
    return date(int(match.group()), 1, 1), "year"


def _weekday(match: re.Match[str], context: Context) -> Moment | None:
    """The last such day, today's included; the next one in a clause on what is to come."""
    wanted = WEEKDAYS.index(match["weekday"].lower())
    which = (match["which"] or "").lower()
    day = context.today
    if match["week"]:
        return monday(day) + timedelta(days=wanted - 7), "day"
    if which in ("the following", "the next"):
        return _upcoming((context.anchor or day) + timedelta(days=1), wanted), "day"
    if which == "next" or (context.ahead and which != "last"):
        return _upcoming(day + timedelta(days=which == "next"), wanted), "day"
    if which in ("the previous", "the preceding") or match["before"]:
        day = (context.anchor or day) - timedelta(days=1)
    elif which == "last":
        day -= timedelta(days=1)
    return day - timedelta(days=(day.weekday() - wanted) % 7), "day"


def _upcoming(day: date, weekday: int) -> date:
    """The first such weekday from `day` on."""
    return day + timedelta(days=(weekday - day.weekday()) % 7)


def _both(names: tuple[str, ...]) -> str:
    return "|".join(form for name in names for form in (name.title(), name.upper()))


_M = rf"(?:(?:{_both(MONTHS)})\b|(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\b\.?)"
_W = rf"(?:{_both(WEEKDAYS)})\b"
_PREFIX = rf"(?:(?:{_W}|(?:Mon|Tues?|Wed|Thu(?:rs?)?|Fri|Sat|Sun)\b\.?),? (?:the )?)?"
_Y = r"(?:,? (?:of )?\d{4}\b| (?:of )?(?:last|this|that|the same) year\b)"
_NAMED = rf"(?P<name>{_M})(?P<year>{_Y})?"
_D = r"\d{1,2}"
_TH = r"(?:st|nd|rd|th)?"
_RANGE = r" ?[-–/] ?| (?:to|and|into) "
_BEFORE_MONTH = "|".join(
    rf"(?<=\b{word} )"
    for word in ("in", "In", "since", "Since", "of", "early", "late", "by", "until", "from", "From",
                 "during", "During", "through", "throughout")
) + r"|(?<=\b[Mm]id-)|(?<=\bearly-)|(?<=\blate-)"  # fmt: skip
_BEFORE_YEAR = "|".join(
    rf"(?<=\b{word} )"
    for word in ("in", "In", "since", "Since", "during", "During", "from", "until", "by")
)
_MONTH_WORDS = " ".join(MONTHS) + " jan feb mar apr jun jul aug sep sept oct nov dec"

RULES: tuple[Rule, ...] = (
    rule(
        "calendar",
        _MONTH_WORDS,
        rf"(?P<night>\b[Nn]ight (?:of |from |between )(?:the )?)?\b{_PREFIX}"
        rf"(?:(?:(?P<first>{_D}){_TH}(?:{_RANGE}))?(?P<day>{_D}){_TH}(?: of)? (?P<month>{_M})"
        rf"|(?P<usmonth>{_M}) (?:the )?(?P<us>{_D}){_TH}(?:(?:{_RANGE})(?P<until>{_D})\b)?)"
        rf"(?!\w|[.,:]\d)(?P<year>{_Y})?",
        _date,
    ),
    rule(
        "calendar",
        "0",
        r"\b\d{4}-\d{2}-\d{2}\b|\b\d{1,2}[./]\d{1,2}[./](?:\d{4}|\d{2})\b"
        r"|(?:(?<=\b[Oo]n )|(?<=\b[Ss]ince )|(?<=\b[Aa]s of ))\d{1,2}\.\d{2}\b(?!\.?\d| ?[%ap])",
        _figures,
    ),
    rule(
        "calendar",
        "0",
        r"\bthe (?P<day>\d{1,2})(?:st|nd|rd|th)\b(?: of (?P<that>that|this|the same|the) month\b"
        r"|(?=[.,;:]|$| (?:and|but|that|the|it|he|she|they|when|after|before|to)\b))",
        _ordinal,
    ),
    rule(
        "calendar",
        "first last",
        rf"\b[Tt]he (?P<edge>first|last) (?:(?:day|night) )?of "
        rf"(?P<which>the |this |that |last )?(?:(?P<unit>month|year)\b|{_NAMED})",
        _edge,
    ),
    rule(
        "calendar",
        "christmas new",
        r"\b(?P<holiday>Christmas|New Year['’]s) (?P<day>Eve|Day)\b",
        _holiday,
    ),
    rule(
        "calendar",
        "week",
        rf"\b(?P<week>first|second|third|fourth|last) week of "
        rf"(?:(?P<unit>(?:the|this|that) month\b)|(?P<which>that |last )?{_NAMED})",
        _week_of_month,
    ),
    rule(
        "calendar",
        _MONTH_WORDS,
        rf"(?:\b(?P<which>[Ll]ast|[Tt]his|[Tt]hat|[Nn]ext|[Tt]he (?:same|following)) "
        rf"|{_BEFORE_MONTH}){_NAMED}(?! \d)",
        _month,
    ),
    rule("calendar", _MONTH_WORDS, rf"\b(?P<which>)(?P<name>{_M})(?P<year>{_Y})", _month),
    rule(
        "calendar",
        " ".join(_SEASONS),
        r"\b(?:(?P<which>[Tt]he|[Ll]ast|[Tt]his|[Ii]n) (?P<season>spring|summer|autumn|winter|"
        r"(?<=ast )fall)\b(?:(?: of| in|,)? (?P<year>(?:19|20)\d{2})\b)?)",
        _season,
    ),
    rule("calendar", "0", rf"(?:{_BEFORE_YEAR})(?:19|20)\d{{2}}\b(?![-/.]\d| [a-z]+s\b)", _year),
    rule(
        "calendar",
        " ".join(WEEKDAYS),
        rf"(?:\b[Nn]ight (?:of|from|between) {_W} (?:to|and|into) )?\b"
        rf"(?:(?P<which>[Ll]ast|[Tt]his|[Nn]ext|[Tt]he (?:previous|preceding|following|next)) )?"
        rf"(?P<weekday>{_W})(?:(?P<week>,? (?:of )?last week\b)|(?P<before> before\b(?! \w)))?",
        _weekday,
    ),
)
