"""Guessing passwords is made slow: attempts are counted by account and by address, and after
some of them no password is looked at for a while, the right one neither.

The counts are in the cache, which all web processes share. An attempt counts before its password
is looked at, so that many at once are no way round.
"""

from __future__ import annotations

import hashlib

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest

WINDOW = 15 * 60  # seconds from the first attempt
PER_ACCOUNT = 10
PER_ADDRESS = 50  # an office may have one address


class TooMany(Exception):
    """There were as many attempts as are allowed in WINDOW."""


def attempt(request: HttpRequest, account: str) -> None:
    """Count an attempt to log in. Raises TooMany."""
    counts = _count(_account(account)), _count(_address(request))
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


def _address(request: HttpRequest) -> str:
    """Whose the request is: by the proxy's word where there is one, whose own entry is the last."""
    forwarded = request.headers.get("X-Forwarded-For", "") if settings.HTTPS else ""
    return f"guessing:address:{forwarded.split(',')[-1].strip() or request.META['REMOTE_ADDR']}"
