"""The admin and the API's description in a real browser, under the content security policy."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from claims.models import Claim
from tests.factories import PASSWORD, make_claim, make_user

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_an_editor_rejects_a_claim_with_a_reason(visit: Callable[..., Page]) -> None:
    claim = make_claim(quote="its men have taken Soledar")
    make_user("chief", superuser=True)
    page = visit(f"/admin/login/?next=/admin/claims/claim/{claim.pk}/change/")
    page.fill("#id_username", "chief")
    page.fill("#id_password", PASSWORD)
    page.click("input[type=submit]")
    assert page.locator("mark").inner_text() == "its men have taken Soledar"
    page.get_by_label("Reason").fill("Said of the mine.")
    page.get_by_role("button", name="Reject").click()
    assert page.locator(".messagelist").inner_text() == "Reject: 1 claim"
    claim = Claim.objects.get()
    assert (claim.state, claim.decisions.get().reason) == ("rejected", "Said of the mine.")


def test_the_api_is_described(visit: Callable[..., Page]) -> None:
    page = visit("/api/")
    page.get_by_role("link", name="/api/v1/towns/{id}/timeline/").click()
    section = page.get_by_role("region", name="/api/v1/towns/{id}/timeline/")
    assert section.get_by_role("rowheader", name="known_on").count() == 2
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
