"""The list of claims is taken away as files by those who may."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest
from django.test import Client

from claims.exports.formats import FORMATS
from tests.factories import make_user
from tests.scenes import soledar

pytestmark = pytest.mark.django_db
ASKED = "/claims/?stance=denies&stance=asserts&town=Soledar&publisher=&actor=Nobody&page=1&x=1"


def links(client: Client, address: str) -> list[str]:
    page = client.get(address).content.decode()
    found = re.search(r'<p class="downloads">(.*?)</p>', page, re.DOTALL)
    return re.findall(r'href="([^"]+)"', unescape(found[1])) if found else []


def test_analysts_download_what_they_see(client: Client) -> None:
    soledar()
    assert links(client, "/claims/") == []
    client.force_login(make_user("reader", role="reader", is_staff=False))
    assert links(client, "/claims/") == []
    client.force_login(make_user("analyst", role="analyst", is_staff=False))
    asked = "stance=denies&stance=asserts&town=Soledar"
    found = links(client, ASKED)
    assert found == [
        *(f"/api/v1/exports/claims.{name}?{asked}" for name in FORMATS),
        f"/exports/?{asked}",
    ]
    assert links(client, "/claims/")[0] == "/api/v1/exports/claims.csv"
    answer = client.get(found[1])
    assert b"".join(answer).count(b"\n") == 7


def test_what_is_too_long_to_wait_for_is_made(client: Client, settings: Any) -> None:
    settings.EXPORT_ROWS = 7
    soledar()
    client.force_login(make_user("analyst", role="analyst", is_staff=False))
    assert links(client, "/claims/?conflict=ukraine") == ["/exports/?conflict=ukraine"]
    assert len(links(client, "/claims/?stance=denies")) == len(FORMATS) + 1
