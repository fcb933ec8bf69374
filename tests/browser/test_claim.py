"""A claim's page in a real browser: also that its block of data breaks no policy (`visit`)."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from claims.models import Claim
from tests.scenes import soledar

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_its_address_is_copied(visit: Callable[..., Page]) -> None:
    soledar()
    claim = Claim.objects.get(evidence__quote="Soledar has not fallen")
    page = visit(claim.get_absolute_url(), permissions=["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="copy").click()
    expect(page.get_by_text("copied")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == page.url
    assert page.locator('script[type="application/ld+json"]').count() == 1


def test_without_script_the_address_is_a_link(visit: Callable[..., Page]) -> None:
    soledar()
    claim = Claim.objects.get(evidence__quote="Soledar has not fallen")
    page = visit(claim.get_absolute_url(), java_script_enabled=False)
    expect(page.get_by_role("button", name="copy")).to_be_hidden()
    page.get_by_role("link", name="Permanent address").click()
    expect(page).to_have_url(claim.get_absolute_url())
