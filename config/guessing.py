"""Guessing passwords is made slow: attempts are counted by account and by address, and after
some of them no password is looked at for a while, the right one neither.

The counts are in the cache, which all web processes share. An attempt counts before its password
is looked at, so that many at once are no way round.
"""

from __future__ import annotations

import hashlib

from django.core.cache import cache
from django.http import HttpRequest

from claims.access import counting

WINDOW = 15 * 60  # seconds from the first attempt
PER_ACCOUNT = 10
PER_ADDRESS = 50  # an office may have one address


class TooMany(Exception):
    """There were as many attempts as are allowed in WINDOW."""


def attempt(request: HttpRequest, account: str) -> None:
    """Count an attempt to log in. Raises TooMany."""
    address = f"guessing:address:{counting.address(request)}"
    counts = _count(_account(account)), _count(address)
    if counts[0] > PER_ACCOUNT or counts[1] > PER_ADDRESS:
        raise TooMany


def succeeded(account: str) -> None:
    """Forget the account's attempts; those of the address stay, for it may know one password
    and guess others."""
    cache.delete(_account(account))


def _count(key: str) -> int:
    cache.add(key, 0, WINDOW)
    try:
        return cache.incr(key)
    except ValueError:  # it ran out in between
        cache.set(key, 1, WINDOW)
        return 1


def _account(name: str) -> str:
    digest = hashlib.sha256(name.casefold().encode()).hexdigest()
    return f"guessing:account:{digest}"
