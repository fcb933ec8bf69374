"""What changed, and coverage: nothing grave that axe-core finds, nothing wider than the screen."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import BrowserContext

from tests.browser.test_accessibility import faults_of
from tests.factories import make_document
from tests.scenes import soledar

ADDRESSES = (
    "/changes/?from=2023-01-01&to=2023-01-31&include_pending=on",
    "/changes/?from=2023-02-01&to=2023-01-31",
    "/changes/?from=2020-01-01&to=2020-01-31",
    "/coverage/",
    "/coverage/?publisher=Quiet%20Post",
)


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("scheme", "width"), [("light", 1440), ("dark", 390)])
def test_overviews(contexts: Callable[..., BrowserContext], scheme: str, width: int) -> None:
    soledar()
    for day in range(7):
        at = datetime(2023, 1, 9, 12, tzinfo=UTC) + timedelta(days=day)
        make_document(f"Quiet on day {day}.", publisher="Quiet Post", published=at)
    size = {"width": width, "height": 900}
    page = contexts(viewport=size, color_scheme=scheme, reduced_motion="reduce").new_page()
    assert faults_of(page, ADDRESSES) == []
    for address in ADDRESSES:
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, address
