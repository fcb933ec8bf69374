"""Signatures, by the specification's own example, and by the recipe in the documentation."""

from __future__ import annotations

import re
import time
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from claims.webhooks.signing import headers, new_secret, signature

# What the specification's libraries test themselves with.
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
ID, AT, BODY = "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}'
SIGNED = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_the_example_of_the_specification() -> None:
    assert signature(SECRET, ID, AT, BODY) == SIGNED


def test_a_secret_is_256_bits_and_like_no_other() -> None:
    secrets = {new_secret() for _ in range(20)}
    assert len(secrets) == 20
    assert all(re.fullmatch(r"whsec_[A-Za-z0-9+/]{43}=", secret) for secret in secrets)


def recipe() -> Any:
    """The function that the documentation gives receivers."""
    text = (Path(settings.BASE_DIR) / "docs" / "webhooks.md").read_text()
    [code] = re.findall(r"```python\n(.*?def verified.*?)```", text, re.S)
    found: dict[str, Any] = {}
    exec(code, found)
    return found["verified"]


def test_the_recipe_takes_what_is_signed() -> None:
    secret, verified = new_secret(), recipe()
    now = int(time.time())
    sent = headers([secret], "one", now, BODY)
    assert verified(secret, sent, BODY) is True
    both = headers([new_secret(), secret], "one", now, BODY)
    assert verified(secret, both, BODY) is True


@pytest.mark.parametrize(
    "change",
    [
        {"webhook-id": "two"},
        {"webhook-timestamp": str(int(time.time()) + 1)},
        {"webhook-signature": "v1,AAAA"},
        {"webhook-signature": ""},
        {"webhook-timestamp": "soon"},
    ],
)
def test_the_recipe_refuses_what_was_changed(change: dict[str, str]) -> None:
    secret = new_secret()
    sent = headers([secret], "one", int(time.time()), BODY)
    assert recipe()(secret, {**sent, **change}, BODY) is False


def test_the_recipe_refuses_another_body_and_secret() -> None:
    secret = new_secret()
    sent = headers([secret], "one", int(time.time()), BODY)
    assert recipe()(secret, sent, BODY + b" ") is False
    assert recipe()(new_secret(), sent, BODY) is False


@pytest.mark.parametrize("seconds", [-301, 301])
def test_the_recipe_refuses_what_is_old_or_of_the_future(seconds: int) -> None:
    secret = new_secret()
    sent = headers([secret], "one", int(time.time()) + seconds, BODY)
    assert recipe()(secret, sent, BODY) is False
