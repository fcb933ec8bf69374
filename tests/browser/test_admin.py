"""The admin and the API's description in a real browser, under the content security policy."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.factories import PASSWORD, make_claim, make_user

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_an_administrator_finds_a_claim_and_the_way_to_the_bench(
    visit: Callable[..., Page],
) -> None:
    claim = make_claim(quote="its men have taken Soledar")
    make_user("chief", role="administrator", is_staff=False)
    page = visit(f"/admin/claims/claim/{claim.pk}/change/")
    page.get_by_label("Username").fill("chief")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Log in").click()
    assert page.locator("mark").inner_text() == "its men have taken Soledar"
    page.get_by_role("link", name="at the bench").click()
    page.wait_for_url(f"**/bench/claims/{claim.pk}/")


def test_the_api_is_described(visit: Callable[..., Page]) -> None:
    page = visit("/api/")
    page.get_by_role("link", name="/api/v1/towns/{id}/timeline/").click()
    section = page.get_by_role("region", name="/api/v1/towns/{id}/timeline/")
    assert section.get_by_role("rowheader", name="known_on").count() == 2
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
