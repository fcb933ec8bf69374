"""Searching, choosing claims and reading speakers' records, with a keyboard; and for axe-core."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from entities.models import Place
from tests.browser.test_accessibility import faults_of
from tests.scenes import soledar

Visit = Callable[..., Page]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def town(visit: Visit) -> Place:
    return soledar()


def test_from_any_page_by_another_spelling_to_the_town(visit: Visit, town: Place) -> None:
    page = visit("/about/")
    page.keyboard.press("/")
    page.keyboard.type("Соледар")
    page.keyboard.press("Enter")
    expect(page).to_have_url("/search/?q=%D0%A1%D0%BE%D0%BB%D0%B5%D0%B4%D0%B0%D1%80")
    page.locator(".hit").get_by_role("link").click()
    expect(page).to_have_url(town.get_absolute_url())


def test_claims_are_chosen_and_what_was_asked_for_is_taken_away(visit: Visit, town: Place) -> None:
    page = visit("/claims/")
    page.get_by_label("Town", exact=True).fill("Соледар")
    page.get_by_text("More to choose by").click()
    page.get_by_label("denies").check()
    page.get_by_role("button", name="Show", exact=True).click()
    expect(page.get_by_text("2 claims as asked")).to_be_visible()
    page.get_by_role("link", name="Stance: denies").click()
    expect(page.get_by_text("8 claims as asked")).to_be_visible()


def test_a_number_leads_to_its_statements(visit: Visit, town: Place) -> None:
    page = visit("/speakers/")
    page.get_by_role("link", name="Wagner Group").click()
    page.get_by_role("link", name="1 later conceded by the other side").click()
    expect(page.get_by_text("conceded on 25 January 2023, 15 days later:")).to_be_in_viewport()


@pytest.mark.parametrize(("scheme", "width", "height"), [("light", 1440, 900), ("dark", 390, 844)])
def test_no_grave_fault(
    contexts: Callable[..., BrowserContext], town: Place, scheme: str, width: int, height: int
) -> None:
    size = {"width": width, "height": height}
    page = contexts(viewport=size, color_scheme=scheme, reduced_motion="reduce").new_page()
    addresses = [
        "/claims/",
        "/claims/?town=nowhere&stance=denies&asserted_from=x&q=captured",
        "/search/",
        "/search/?q=Soledar",
        "/search/?q=nothing+is+called+this",
        "/speakers/",
        "/speakers/?q=nobody",
        "/speakers/wagner-group/?show=gains-conceded",
        "/speakers/armed-forces-of-ukraine/?include_pending=on",
    ]
    assert faults_of(page, addresses) == []
    for address in addresses:
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), address
