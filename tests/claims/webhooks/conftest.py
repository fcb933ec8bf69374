"""A receiver on this machine, and a webhook that tells it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from claims.models import Webhook
from claims.webhooks import managing
from tests.factories import make_user
from tests.sources.site import Site, answer

THANKS = answer(b"thanks", status="204 No Content")


@pytest.fixture
def receiver(settings: Any) -> Iterator[Site]:
    """Takes all that is sent to `/in`."""
    with Site({"/in": answer(b"thanks", status="202 Accepted")}) as site:
        settings.FETCH_ALLOW_HOSTS = [site.host]
        settings.SITE_URL = "https://claims.example.org"
        yield site


@pytest.fixture
def add(receiver: Site) -> Callable[..., Webhook]:
    """A webhook of an analyst's: of all changes, unless something else is said."""

    def add_one(query: str = "", **fields: Any) -> Webhook:
        by = fields.pop("by", None) or make_user("analyst", role="analyst")
        given = {"name": "Copy", "url": f"{receiver.url}/in", "what": ["claim", "status"]}
        return managing.add(**{**given, "query": query, "by": by, **fields})

    return add_one


@pytest.fixture
def webhook(add: Callable[..., Webhook]) -> Webhook:
    return add()
