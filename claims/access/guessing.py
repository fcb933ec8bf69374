"""Guessing passwords is made slow: attempts are counted by account and by address, and after
some of them no password is looked at for a while, the right one neither.

The counts are in the cache, which all web processes share. An attempt counts before its password
is looked at, so that many at once are no way round.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Collection

from django.core.cache import cache
from django.http import HttpRequest

from claims.access import counting

log = logging.getLogger(__name__)
WINDOW = 15 * 60  # seconds from the first attempt
PER_ACCOUNT = 10
PER_ADDRESS = 50  # an office may have one address


class TooMany(Exception):
    """There were as many attempts as are allowed in WINDOW."""


def attempt(request: HttpRequest, account: str) -> None:
    """Count an attempt to log in. Raises TooMany."""
    address = f"guessing:address:{counting.address(request)}"
    counts = _count(_account(account)), _count(address)
    if counts[0] == PER_ACCOUNT + 1 or counts[1] == PER_ADDRESS + 1:  # told once a window
        where = counting.address(request)
        log.warning("Too many attempts to log in, the last as %r from %s", account, where)
    if counts[0] > PER_ACCOUNT or counts[1] > PER_ADDRESS:
        raise TooMany


def locked(accounts: Collection[str]) -> set[str]:
    """Those of the accounts at whose passwords nobody looks for a while."""
    keys = {_account(account): account for account in accounts}
    counts = cache.get_many(keys)
    return {keys[key] for key, count in counts.items() if count > PER_ACCOUNT}


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
