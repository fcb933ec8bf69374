"""Publication times as editors type them: "11 January 2023 18:05", "yesterday 9:30 +02:00"."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from dateparser.date import DateDataParser

from sources.adapters.raw import parse_time

LONGEST = 80  # characters; no time needs more
EARLIEST = datetime(1900, 1, 1, tzinfo=UTC)
_DIGIT_OR_WORD = re.compile(r"\d|\w{3}")


def read_moment(words: str, now: datetime) -> datetime | None:
    """The time that `words` mean at `now`, with the offset that they name, else in UTC; a day
    stands for its beginning. None: they are not understood, or name no day."""
    words = " ".join(words.split())
    if not words or len(words) > LONGEST or not _DIGIT_OR_WORD.search(words):
        return None
    found: datetime | None
    try:
        found = parse_time(words)
    except ValueError:
        found = _in_words(words, now)
    if found is None or found < EARLIEST:
        return None
    offset = found.utcoffset() or timedelta()
    # Days are counted in whole minutes from UTC, and no clock on Earth is further than 14 hours.
    return found if abs(offset) <= timedelta(hours=14) and not offset.seconds % 60 else None


def _in_words(words: str, now: datetime) -> datetime | None:
    data = DateDataParser(
        languages=["en", "uk"],
        settings={
            "RELATIVE_BASE": now.astimezone(UTC).replace(tzinfo=None),
            "PREFER_DATES_FROM": "past",
            "DATE_ORDER": "DMY",
            "RETURN_TIME_AS_PERIOD": True,
        },
    ).get_date_data(words)
    if data.date_obj is None or data.period not in ("day", "time"):
        return None
    found = data.date_obj if data.date_obj.tzinfo else data.date_obj.replace(tzinfo=UTC)
    if data.period == "day":  # "today" is no time of the day
        return found.replace(hour=0, minute=0, second=0, microsecond=0)
    # What is counted from now ("two hours ago") is meant to the minute.
    return found.replace(second=0, microsecond=0)
