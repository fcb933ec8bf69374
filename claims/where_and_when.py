"""Boxes and spans of time as addresses have them, after OGC API Features: `bbox=` and
`datetime=`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext_lazy as _

FIRST_DAY, LAST_DAY = date(1800, 1, 1), date(2999, 12, 31)
_OPEN = ("", "..")
_ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_NOT_A_BOX = _("not a box (west,south,east,north in degrees).")
_NOT_A_SPAN = _("not a day, a time, or two of them (2023-01-10/2023-01-12, ../2023-01-12).")


@dataclass(frozen=True, slots=True)
class Box:
    """Degrees; `west` is greater than `east` where the box goes over the antimeridian."""

    west: float
    south: float
    east: float
    north: float

    def __str__(self) -> str:
        return ",".join(f"{value:g}" for value in (self.west, self.south, self.east, self.north))

    def within(self, path: str = "") -> Q:
        """Rows whose place, at the end of `path` ("place__"), is in it or on its edge."""
        rows = Q(**{f"{path}latitude__range": (self.south, self.north)})
        if self.west <= self.east:
            return rows & Q(**{f"{path}longitude__range": (self.west, self.east)})
        return rows & (
            Q(**{f"{path}longitude__gte": self.west}) | Q(**{f"{path}longitude__lte": self.east})
        )


@dataclass(frozen=True, slots=True)
class Span:
    """From `first` up to and with `last`, in UTC; None: open."""

    first: datetime | None
    last: datetime | None
    typed: str

    def __str__(self) -> str:
        return self.typed

    def of_time(self, field: str) -> Q:
        """Rows whose time is in it."""
        found = Q()
        if self.first:
            found &= Q(**{f"{field}__gte": self.first})
        if self.last:
            found &= Q(**{f"{field}__lte": self.last})
        return found

    def of_day(self, field: str, precision: str) -> Q:
        """Rows whose day, week, month or year (given by its first day) it meets."""
        found = Q()
        if self.first:
            day = self.first.date()
            begun = {
                "week": day - timedelta(days=day.weekday()),
                "month": day.replace(day=1),
                "year": day.replace(month=1, day=1),
            }
            meets = Q(**{f"{field}__gte": day})
            for word, first in begun.items():
                meets |= Q(**{precision: word, f"{field}__gte": first})
            found &= Q(**{f"{field}__gte": begun["year"]}) & meets
        if self.last:
            found &= Q(**{f"{field}__lte": self.last.date()})
        return found


def read_box(typed: str) -> Box:
    """Raises ValidationError. The heights of a box with six numbers mean nothing here."""
    try:
        values = [float(word) for word in typed.split(",")]
    except ValueError:
        raise ValidationError(_NOT_A_BOX) from None
    if len(values) == 6:
        values = [*values[0:2], *values[3:5]]
    if len(values) != 4:
        raise ValidationError(_NOT_A_BOX)
    west, south, east, north = values
    # Written so that nan, which is in no order, is refused.
    if not (-180 <= west <= 180 and -180 <= east <= 180 and -90 <= south <= north <= 90):
        raise ValidationError(_NOT_A_BOX)
    return Box(west, south, east, north)


def read_span(typed: str) -> Span:
    """Raises ValidationError. A time without an offset is in UTC."""
    words = typed.split("/")
    if len(words) == 1:
        words *= 2
    if len(words) != 2 or all(word in _OPEN for word in words):
        raise ValidationError(_NOT_A_SPAN)
    first, last = _moment(words[0], time.min), _moment(words[1], time.max)
    if first and last and last < first:
        raise ValidationError(_("The range must not end before it starts."))
    return Span(first, last, typed)


def _moment(word: str, of_a_day: time) -> datetime | None:
    """A time, or a day's first or last moment; None where it is open."""
    if word in _OPEN:
        return None
    try:
        if _ISO_DAY.fullmatch(word) and (day := parse_date(word)):
            found: datetime | None = datetime.combine(day, of_a_day, UTC)
        else:
            # An address has a plus sign only as %2B; bare, it arrives as a space.
            found = parse_datetime(word.replace(" ", "+")) if "T" in word.upper() else None
        found = found and found.replace(tzinfo=found.tzinfo or UTC).astimezone(UTC)
    except (ValueError, OverflowError):
        raise ValidationError(_NOT_A_SPAN) from None
    if found is None or not FIRST_DAY <= found.date() <= LAST_DAY:
        raise ValidationError(_NOT_A_SPAN)
    return found
