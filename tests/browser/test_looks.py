"""Every page in light and dark, on a phone and a wide screen, in both languages: nothing sticks
out of the window, nothing is complained of. With CLAIMS_TEST_PICTURES=1 pictures of them are left
in `var/screens/`, to look at."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from celery import current_app
from django.conf import settings
from django.contrib.auth.models import User
from django.test import Client
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from claims.access.keys import make as make_key
from claims.models import Claim
from claims.review.decisions import decide
from claims.review.second_reading import question, read_again
from entities.models import Actor
from sources.models import Document
from tests.factories import make_claim, make_user, make_webhook
from tests.scenes import (
    just_confirmed,
    make_announcing_feed,
    make_exports,
    make_large_import,
    make_second_factors,
    make_versions,
    soledar,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PICTURES = os.environ.get("CLAIMS_TEST_PICTURES") == "1"
SCREENS = Path(settings.BASE_DIR) / "var" / "screens"
WIDE, PHONE = {"width": 1400, "height": 900}, {"width": 390, "height": 844}


def addresses() -> dict[str, str]:
    """The pages, by the names of their pictures."""
    town = soledar()
    wagner = Actor.objects.get(name="Wagner Group")
    make_exports(by=reader())
    make_second_factors(reader())
    make_key(by=reader(), name="nightly sync", scopes=["read", "export"])
    return {
        "towns": "/",
        "town": town.get_absolute_url(),
        "two-days": f"{town.get_absolute_url()}?known_on=2023-01-12&compare=2023-01-25",
        "map": "/map/",
        "changes": "/changes/?from=2023-01-01&to=2023-01-31",
        "claims": "/claims/",
        "claim": Claim.objects.earliest("id").get_absolute_url(),
        "speakers": "/speakers/",
        "speaker": f"/speakers/{wagner.slug}/",
        "documents": "/documents/",
        "document": Document.objects.earliest("id").get_absolute_url(),
        "coverage": "/coverage/",
        "search": "/search/?q=Soledar",
        "rules": "/rules/?rules=officials",
        "verification": "/bench/next/",
        "progress": "/bench/progress/",
        "agreement": "/bench/agreement/",
        "question": f"/bench/claims/{_read_twice().pk}/question/",
        "webhooks": "/account/webhooks/",
        "operations": "/operations/",
        "webhook": f"/account/webhooks/{make_webhook().pk}/",
        "sources": "/sources/",
        "source": f"/sources/{make_announcing_feed().pk}/",
        "source-add": "/sources/add/",
        "exports": "/exports/?town=Soledar&state=verified",
        "releases": "/releases/",
        "release": "/releases/1/",
        "about": "/about/",
        "keys": "/keys/",
        "api-keys": "/account/keys/",
        "account": "/account/",
        "confirm": "/account/confirm/",
        "codes": "/account/codes/",
        "codes-new": "/account/codes/new/",
        "app-off": "/account/app/off/",
        "passkey-new": "/account/passkeys/new/",
        "version": (version := make_versions()).get_absolute_url(),
        "version-changes": f"/documents/{version.pk}/changes/",
        "withdraw": f"/documents/{version.pk}/withdraw/",
        "large-file": f"/bench/bring/large/{make_large_import(by=reader()).pk}/",
    }


def reader() -> User:
    """Whoever looks at them: somebody whose role reaches every page."""
    return make_user("chief", role="administrator")


def _read_twice() -> Claim:
    """A claim that two readers disagree on."""
    claim, first, second = make_claim(), make_user("first"), make_user("second")
    decide(claim=claim, by=first, kind="accept")
    question(claim=claim, by=first, note="Is this the mine?")
    read_again(claim=claim, by=second, kind="reject", because="place")
    return claim


def logged_in(user: User, address: str) -> dict[str, list[dict[str, str]]]:
    """The cookies of somebody who has logged in to the site, for a browser's context."""
    client = Client()
    client.force_login(user)
    just_confirmed(client)
    host = address.removeprefix("http://").partition(":")[0]
    cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value}
    return {"cookies": [{**cookie, "domain": host, "path": "/"}], "origins": []}


# What fits does not depend on colours, and Ukrainian words, which are longer, are tightest on a
# phone.
@pytest.mark.parametrize(
    ("locale", "size", "scheme"),
    [
        ("en-GB", WIDE, "light"),
        ("en-GB", PHONE, "dark"),
        ("uk", PHONE, "light"),
    ],
    ids=["en wide", "en phone", "uk phone"],
)
def test_every_page_fits_its_window(
    visit: Callable[..., Page],
    live_server: LiveServer,
    scheme: str,
    size: dict[str, int],
    locale: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(current_app, "send_task", lambda *args, **options: None)
    pages = addresses()
    options = {"color_scheme": scheme, "viewport": size, "locale": locale}
    state = logged_in(reader(), live_server.url)
    page = visit("/keys/", storage_state=state, **options)
    shape = "wide" if size is WIDE else "phone"
    sticking_out = []
    for name, address in pages.items():
        page.goto(address, wait_until="networkidle" if PICTURES else "load")
        if PICTURES:
            picture = SCREENS / f"{name}-{shape}-{scheme}-{locale}.png"
            page.screenshot(path=picture, full_page=True)
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            sticking_out.append(name)
    assert sticking_out == []
