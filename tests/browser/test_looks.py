"""Every page in light and dark, on a phone and a wide screen, in both languages: nothing sticks
out of the window, nothing is complained of. The pictures are left in `var/screens/`, to look at."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from playwright.sync_api import Page

from claims.models import Claim
from entities.models import Actor
from sources.models import Document
from tests.scenes import soledar

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SCREENS = Path(settings.BASE_DIR) / "var" / "screens"
WIDE, PHONE = {"width": 1400, "height": 900}, {"width": 390, "height": 844}


def addresses() -> dict[str, str]:
    """The pages, by the names of their pictures."""
    town = soledar()
    wagner = Actor.objects.get(name="Wagner Group")
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
        "about": "/about/",
        "keys": "/keys/",
    }


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
@pytest.mark.parametrize("locale", ["en-GB", "uk"])
def test_every_page_fits_its_window(
    visit: Callable[..., Page], scheme: str, size: dict[str, int], locale: str
) -> None:
    pages = addresses()
    page = visit("/keys/", color_scheme=scheme, viewport=size, locale=locale)
    shape = "wide" if size is WIDE else "phone"
    SCREENS.mkdir(parents=True, exist_ok=True)
    sticking_out = []
    for name, address in pages.items():
        page.goto(address, wait_until="networkidle")
        page.screenshot(path=SCREENS / f"{name}-{shape}-{scheme}-{locale}.png", full_page=True)
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            sticking_out.append(name)
    assert sticking_out == []
