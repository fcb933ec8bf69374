"""How long to wait before asking again: as the server says, else ever longer."""

from __future__ import annotations

import random
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

SHORTEST, LONGEST = 0.5, 60.0  # seconds
_PAIR = re.compile(r";\s*([rt])\s*=\s*(\d+)")


def backoff(attempt: int) -> float:
    """Seconds after the given attempt (from 1): doubled each time, up to a minute, of which up
    to a half is left to chance, so that clients which failed together do not return together."""
    whole = min(LONGEST, SHORTEST * 2.0 ** min(attempt - 1, 16))
    return whole * random.uniform(0.5, 1)  # noqa: S311 - no secret


def retry_after(headers: Mapping[str, str], now: datetime) -> float | None:
    """Seconds that `Retry-After` asks for, which is a number or a date; None: nothing."""
    value = headers.get("Retry-After", "").strip()
    if not value:
        return None
    if value.isdecimal():
        return float(value)
    try:
        at = parsedate_to_datetime(value)
    except ValueError:
        return None
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    return max(0.0, (at - now).total_seconds())


def until_more(headers: Mapping[str, str]) -> float | None:
    """Seconds until more requests are allowed, if none is left; None: some are, or it is not
    said. Reads `RateLimit: "…";r=0;t=12`, and the three headers that came before it."""
    waits = []
    for item in headers.get("RateLimit", "").split(","):
        given = dict(_PAIR.findall(item))
        if given.get("r") == "0" and "t" in given:
            waits.append(float(given["t"]))
    reset = headers.get("RateLimit-Reset", "")
    if headers.get("RateLimit-Remaining") == "0" and reset.isdecimal():
        waits.append(float(reset))
    return max(waits, default=None)
