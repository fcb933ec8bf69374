"""Signatures by the Standard Webhooks specification, version 1: HMAC-SHA256 of id, time and body.

The time is that of the attempt, so that a receiver who looks at it takes nothing that somebody
has kept and sends again; the id is the same at every attempt, by which he knows what he has.
"""

from __future__ import annotations

import hmac
from base64 import b64decode, b64encode
from collections.abc import Iterable
from secrets import token_bytes

PREFIX = "whsec_"
BYTES = 32  # of a secret; the specification wants 24 to 64


def new_secret() -> str:
    return PREFIX + b64encode(token_bytes(BYTES)).decode()


def signature(secret: str, id_: str, at: int, body: bytes) -> str:
    """E.g. "v1,K5oZfzN95Z9UVu1E…"; `at` in seconds since 1970."""
    key = b64decode(secret.removeprefix(PREFIX), validate=True)
    signed = b"%s.%d.%s" % (id_.encode(), at, body)
    return f"v1,{b64encode(hmac.digest(key, signed, 'sha256')).decode()}"


def headers(secrets: Iterable[str], id_: str, at: int, body: bytes) -> dict[str, str]:
    """With a signature by each secret: while one takes another's place, either will do."""
    return {
        "webhook-id": id_,
        "webhook-timestamp": str(at),
        "webhook-signature": " ".join(signature(secret, id_, at, body) for secret in secrets),
    }
