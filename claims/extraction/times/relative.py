"""Times that count from the day of publication, or from a day told before."""

from __future__ import annotations

import re
from datetime import date, timedelta

from claims.extraction.times.moments import (
    NUMBERS,
    Context,
    Moment,
    Rule,
    first_of_month,
    monday,
    rule,
)

_SEVERAL = {"day": 5, "week": 3}  # taken for "several"


def _shifted(base: date, unit: str, count: int | None, sign: int) -> Moment | None:
    """The moment that lies a number of units (None: several) before or after a day."""
    if unit == "hour":
        return base, "day"
    if unit == "fortnight":
        unit, count = "week", 2 * (count or 1)
    if unit in _SEVERAL:
        many = (_SEVERAL[unit] if count is None else count) * (7 if unit == "week" else 1)
        day = base + sign * timedelta(days=many)
        exact = count is not None and (unit == "day" or count == 1)
        return (day, "day") if exact else (monday(day), "week")
    if count is None:
        return None
    if unit == "month":
        return first_of_month(base, sign * count), "month"
    return date(base.year + sign * count, 1, 1), "year"


def _count(words: str | None) -> int | None:
    """A number in words or figures; None for "several" and the like."""
    lowered = (words or "").lower()
    return int(lowered) if lowered.isdigit() else NUMBERS.get(lowered)


# --- from the day of publication --------------------------------------------------------------


def _ago(match: re.Match[str], context: Context) -> Moment | None:
    count, unit = _count(match["count"]), match["unit"].lower()
    if unit == "hour":
        return (context.now - timedelta(hours=count or 0)).date(), "day"
    found = _shifted(context.today, unit, count, -1)
    inexact = match["about"] and unit == "week" and found is not None
    return (monday(found[0]), "week") if inexact and found else found


def _period(match: re.Match[str], context: Context) -> Moment | None:
    """ "last week", "this month", "at the weekend"."""
    unit = match["unit"].lower()
    back = match["which"].lower() in ("last", "previous")
    if unit == "weekend":  # the last one, told by its week
        return monday(context.today - timedelta(days=(context.today.weekday() - 5) % 7)), "week"
    if unit == "week":
        return monday(context.today) - timedelta(weeks=back), "week"
    if unit == "month":
        return first_of_month(context.today, -back), "month"
    return date(context.today.year - back, 1, 1), "year"


def _this_week(_match: re.Match[str], context: Context) -> Moment | None:
    return monday(context.today), "week"


def _yesterday(_match: re.Match[str], context: Context) -> Moment | None:
    return context.today - timedelta(days=1), "day"


def _today(_match: re.Match[str], context: Context) -> Moment | None:
    return context.today, "day"


# --- from a day told before -------------------------------------------------------------------


def _later(match: re.Match[str], context: Context) -> Moment | None:
    """ "two days earlier", "a week later"."""
    sign = -1 if match["way"].lower() in ("earlier", "before") else 1
    unit = match["unit"].lower()
    base = context.last if unit in ("month", "year") else context.anchor or context.today
    return _shifted(base, unit, _count(match["count"]), sign)


def _offset(match: re.Match[str], context: Context) -> Moment | None:
    """ "two days after": the day of what that clause tells, the main one's being known."""
    sign = -1 if match["way"].lower() == "after" else 1
    count = 1 if match["the"] else _count(match["count"])
    return _shifted(context.anchor or context.today, match["unit"].lower(), count, sign)


def _neighbour(match: re.Match[str], context: Context) -> Moment | None:
    """ "the previous evening", "the next day", "the following month"."""
    sign = 1 if re.search("following|next|after", match.group(), re.IGNORECASE) else -1
    unit = match["unit"].lower()
    if unit == "week":
        return monday(context.anchor or context.today) + timedelta(weeks=sign), "week"
    if unit in ("month", "year"):
        return _shifted(context.last, unit, 1, sign)
    return (context.anchor or context.today) + timedelta(days=sign), "day"


def _same_day(_match: re.Match[str], context: Context) -> Moment | None:
    return context.anchor or context.today, "day"


def _then(_match: re.Match[str], context: Context) -> Moment | None:
    """ "since then", "at the time": when what was told last was."""
    return context.told


def _within_days(_match: re.Match[str], context: Context) -> Moment | None:
    """In the month told last; of a day none can be told."""
    return context.told if context.told and context.told[1] in ("month", "year") else None


def _hour(_match: re.Match[str], context: Context) -> Moment | None:
    """ "at noon", "in the morning": of the day that the paragraph tells of."""
    return context.scene or context.today, "day"


_N = rf"(?:{'|'.join(NUMBERS)}|\d{{1,3}}|several|some|many|a few|a couple of|a number of)"
_UNIT = r"(?P<unit>hour|day|week|fortnight|month|year)"
_DAYTIME = r"(?:day|night|evening|afternoon|morning)"
_POINT = r"(?:dawn|daybreak|sunrise|noon|midday|dusk|nightfall|sunset|midnight)"
_ENDS = r"(?=[.,;:!”’\"]|$| (?:and|but|in|on|at|near|from|when|while|that)\b)"
_GOES_ON = r"(?= (?!(?:and|but|or|in|on|at|when|while|as|to|from|near|that)\b)[\w'’“\"])"
_I = re.IGNORECASE

RULES: tuple[Rule, ...] = (
    rule(
        "counted",
        "ago",
        rf"\b(?P<about>(?:about|around|almost|nearly|over|more than|roughly) )?"
        rf"(?:\b(?P<count>{_N}) )?\b{_UNIT}s? ago\b",
        _ago,
        _I,
    ),
    rule(
        "counted",
        "last this previous",
        r"\b(?P<which>last|this|previous) (?P<unit>weekend|week|month|year)\b",
        _period,
        _I,
    ),
    rule("counted", "weekend", r"\b(?P<which>at|over|since) the (?P<unit>weekend)\b", _period, _I),
    rule(
        "counted",
        "start beginning",
        r"\b(?:start|beginning) of (?P<which>the|this) (?P<unit>week|month|year)\b",
        _period,
        _I,
    ),
    rule("counted", "week", r"\b(?:all|(?:during|through(?:out)?) the) week\b", _this_week, _I),
    rule("vague", "recent past", r"\bin (?:recent|the past (?:few )?)(?:days|weeks)\b", _today, _I),
    rule("counted", "yesterday last", r"\byesterday\b|\blast (?:night|evening)\b", _yesterday, _I),
    rule(
        "counted",
        "today tonight overnight this since",
        r"\b(?:today|tonight|overnight|this (?:morning|afternoon|evening)"
        rf"|since (?:{_POINT}|(?:this|the) morning|morning))\b",
        _today,
        _I,
    ),
    rule(
        "told",
        "later earlier before after afterward afterwards",
        rf"\b(?P<count>{_N}) {_UNIT}s? (?P<way>later|earlier|afterwards?|(?:before|after){_ENDS})",
        _later,
        _I,
    ),
    rule(
        "offset",
        "after before",
        rf"\b(?:(?P<count>{_N}) |(?P<the>the ))?\b{_UNIT}s? (?P<way>after|before)\b{_GOES_ON}",
        _offset,
        _I,
    ),
    rule(
        "told",
        "previous preceding following next",
        r"\b(?:previous|preceding|following|next) "
        r"(?P<unit>day|night|evening|afternoon|morning|week|month|year)\b",
        _neighbour,
        _I,
    ),
    rule(
        "told",
        "before after",
        rf"\bthe (?P<unit>day|night|evening|morning|week|month|year) (?:before|after)\b{_ENDS}",
        _neighbour,
        _I,
    ),
    rule(
        "told",
        "that same within hours minutes shortly occasion",
        rf"\b(?:that(?: same| very)?|the (?:very )?same) {_DAYTIME}\b"
        r"|\bwithin (?:hours|minutes|the hour|an hour)\b"
        r"|\b(?:hours|minutes|shortly) (?:later|afterwards?)\b"
        r"|\bon that occasion\b",
        _same_day,
        _I,
    ),
    rule("told", "since time", rf"\b(?:ever )?since(?: then|{_ENDS})|\bat the time\b", _then, _I),
    rule("told", "within", r"\bwithin (?:days|weeks)\b", _within_days, _I),
    rule(
        "told",
        "in by at around after before",
        r"\b(?:earlier|later|early|late) in the day\b"
        r"|\bin the (?:(?:early|small|late) )?(?:morning|afternoon|evening|night|hours)\b"
        r"(?! (?:from|between) )"
        rf"|\b(?:by|at|around|after|before) (?:{_POINT}|night|evening|dark)\b",
        _hour,
        _I,
    ),
)
