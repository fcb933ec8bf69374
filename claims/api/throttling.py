"""How many requests a minute the API answers: a key as many as stand on its row, a user who is
logged in and an address from which nobody is as many as the settings say.

What is left is told with each answer, in the header fields RateLimit-Policy and RateLimit of the
IETF's draft (draft-ietf-httpapi-ratelimit-headers-11), and in the three plain numbers of its
earlier versions, which are what many programs read.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from claims.access import counting
from claims.models import ApiKey

if TYPE_CHECKING:  # the settings name this module, and views read the settings on import
    from rest_framework.views import APIView

WINDOW = 60  # seconds


@dataclass(frozen=True, slots=True)
class Limit:
    """How many requests somebody has, and has left, until the window ends in `reset` seconds;
    `policy`: by what they are counted (key, user, address)."""

    policy: str
    limit: int
    remaining: int
    reset: int

    def headers(self) -> dict[str, str]:
        return {
            "RateLimit-Policy": f'"{self.policy}";q={self.limit};w={WINDOW}',
            "RateLimit": f'"{self.policy}";r={self.remaining};t={self.reset}',
            "RateLimit-Limit": str(self.limit),
            "RateLimit-Remaining": str(self.remaining),
            "RateLimit-Reset": str(self.reset),
        }


class PerMinute(BaseThrottle):
    """Counts a request before it is answered. Where the cache does not answer, the API does,
    without limits and without a word of them."""

    left = 0

    def allow_request(self, request: Request, view: APIView) -> bool:
        policy, who, limit = _whose(request)
        count = counting.if_answered(counting.count, f"requests of {policy} {who}", WINDOW)
        if count is None:
            return True
        self.left = count.left
        told = Limit(policy, limit, max(0, limit - count.number), count.left)
        view.headers |= told.headers()
        return count.number <= limit

    def wait(self) -> float:
        """Seconds, for Retry-After."""
        return self.left


class Free(BaseThrottle):
    """Tells what is left, and takes nothing of it."""

    def allow_request(self, request: Request, view: APIView) -> bool:
        if limit := limit_of(request):
            view.headers |= limit.headers()
        return True


def limit_of(request: Request) -> Limit | None:
    """Without counting. None where the cache does not answer."""
    policy, who, limit = _whose(request)
    count = counting.if_answered(counting.counted, f"requests of {policy} {who}", WINDOW)
    if count is None:
        return None
    return Limit(policy, limit, max(0, limit - count.number), count.left)


def _whose(request: Request) -> tuple[str, object, int]:
    """By what the request is counted, whose it is, and how many of his are answered a minute."""
    if isinstance(request.auth, ApiKey):
        return "key", request.auth.pk, request.auth.rate
    if request.user.is_authenticated:
        return "user", request.user.pk, settings.API_RATE_USER
    return "address", counting.address(request), settings.API_RATE_ADDRESS
