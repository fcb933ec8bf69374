"""Who asks, by a key of the API: `Authorization: Bearer cck_…`."""

from __future__ import annotations

import re

import pghistory
from django.contrib.auth.models import User
from rest_framework.authentication import TokenAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed, ParseError, Throttled
from rest_framework.request import Request

from claims.access import counting, keys
from claims.models import ApiKey

WINDOW = 15 * 60  # seconds
PER_ADDRESS = 50  # keys that are none, in a window; then no key is looked at until it ends
IN_ADDRESS = re.compile(rf"{keys.START}[\w-]{{16,}}", re.ASCII)
SAID_IN_ADDRESS = (
    "A key does not belong into an address, which is written to logs: send it in the header "
    "“Authorization: Bearer …”, and exchange this one for a new one."
)


class Mistaken(AuthenticationFailed):
    """What was sent is no key at all."""


class KeyAuthentication(TokenAuthentication):
    """Keys in the header that the standard (RFC 6750) has for them. A key that is sent and opens
    nothing is refused, whoever is logged in besides."""

    keyword = "Bearer"
    model = ApiKey

    def authenticate(self, request: Request) -> tuple[User, ApiKey] | None:
        """None where no key is sent. Raises AuthenticationFailed, in words; ParseError for a key in
        the address, and Throttled where too many were sent that are none."""
        if IN_ADDRESS.search(request.META.get("QUERY_STRING", "")):
            raise ParseError(SAID_IN_ADDRESS)
        words = get_authorization_header(request).split()
        if not words or words[0].lower() != self.keyword.lower().encode():
            return None
        if len(words) != 2:
            raise AuthenticationFailed("The header must be “Authorization: Bearer ” and one key.")
        guesser = f"guessed keys of {counting.address(request)}"
        tried = counting.if_answered(counting.counted, guesser, WINDOW)
        if tried is not None and tried.number >= PER_ADDRESS:
            raise Throttled(tried.left, "Too many keys were sent from here that are none.")
        try:
            return self.authenticate_credentials(words[1].decode("latin-1"))
        except Mistaken:
            counting.if_answered(counting.count, guesser, WINDOW)
            raise

    def authenticate_credentials(self, key: str) -> tuple[User, ApiKey]:
        try:
            found = keys.authenticate(key)
        except keys.Unknown as error:
            raise Mistaken(str(error)) from None
        except keys.Refused as error:
            raise AuthenticationFailed(str(error)) from None
        pghistory.context(key=found.prefix)  # beside the user, in the history of what is written
        return found.user, found

    def authenticate_header(self, request: Request) -> str:
        sent = get_authorization_header(request).lower().startswith(self.keyword.lower().encode())
        return f'{self.keyword} realm="api"' + (', error="invalid_token"' if sent else "")
