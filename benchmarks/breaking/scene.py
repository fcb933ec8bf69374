"""In the environment's database: somebody who brings texts in, by a key and by a session; prints
both as JSON. With --feed he adds a feed, unless it is there.

    python -m benchmarks.breaking.scene [--feed URL]
"""

from __future__ import annotations

import json
import secrets
import sys

import django


def make_scene() -> dict[str, str]:
    from django.conf import settings
    from django.contrib.auth.models import User
    from django.test import Client

    from claims.access import keys
    from claims.models import Membership

    user, _ = User.objects.get_or_create(username="bringer")
    Membership.objects.get_or_create(user=user, conflict=None, role="editor")
    name = f"scripts {secrets.token_hex(4)}"
    _, key = keys.make(by=user, name=name, scopes=["read", "write"], rate=1_000_000)
    client = Client()
    client.force_login(user)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    return {"key": key, "cookie": f"{cookie.key}={cookie.value}"}


def add_feed(url: str) -> None:
    from django.contrib.auth.models import User

    from sources.feeds import managing
    from sources.models import Feed

    if not Feed.objects.filter(url=url).exists():
        managing.add(by=User.objects.get(username="bringer"), url=url)


if __name__ == "__main__":
    django.setup()
    match sys.argv[1:]:
        case ["--feed", address]:
            add_feed(address)
        case _:
            sys.stdout.write(json.dumps(make_scene()))
