"""Counting in the cache, which all processes share: requests, and attempts to guess.

A window begins at the same second for all processes, and for each thing that is counted at another
one: else all that were too many would come back at once.
"""

from __future__ import annotations

import hashlib
import ipaddress
import logging
import math
import time
from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from redis.exceptions import RedisError

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Count:
    """How many there were in the window that goes on, and in how many whole seconds it ends."""

    number: int
    left: int


def count(what: str, seconds: int) -> Count:
    """One more of `what`, in windows of that length. Of those at the same time, in any process,
    each gets a number of its own. Raises RedisError where the cache does not answer."""
    key, left = _window(what, seconds)
    for _ in range(2):
        try:
            return Count(cache.incr(key), left)
        except ValueError:  # the first of a window, or a full cache gave the others up
            if cache.add(key, 1, 2 * seconds):
                break
    return Count(1, left)


def counted(what: str, seconds: int) -> Count:
    """How many there were, without another one. Raises RedisError as `count` does."""
    key, left = _window(what, seconds)
    return Count(cache.get(key, 0), left)


def if_answered(how: Callable[[str, int], Count], what: str, seconds: int) -> Count | None:
    """`count` or `counted`; None, with a warning in the log, where the cache does not answer: for
    what is better uncounted than refused."""
    try:
        return how(what, seconds)
    except RedisError as error:
        log.warning("Not counted, since the cache does not answer: %s", error)
        return None


def address(request: HttpRequest) -> str:
    """Whose the request is: by the proxy's word where there is one, whose own entry is the last.
    Of IPv6 the network, of whose addresses everybody has more than can be counted."""
    forwarded = request.headers.get("X-Forwarded-For", "") if settings.HTTPS else ""
    said = forwarded.split(",")[-1].strip() or request.META["REMOTE_ADDR"]
    try:
        known = ipaddress.ip_address(said)
    except ValueError:  # of a socket, which has none
        return said
    return said if known.version == 4 else str(ipaddress.ip_network((known, 64), strict=False))


def _window(what: str, seconds: int) -> tuple[str, int]:
    """The cache's key of the window that goes on, and the whole seconds until it ends."""
    digest = hashlib.sha256(what.encode()).digest()
    shift = int.from_bytes(digest[:4], "big") % seconds
    window, gone = divmod(time.time() + shift, seconds)
    return f"count:{digest.hex()}:{window:.0f}", math.ceil(seconds - gone)
