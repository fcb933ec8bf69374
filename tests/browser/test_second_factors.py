"""The pages by which an account is opened with more than a password, as they are met on the way:
on a phone and wide, in light and dark nothing sticks out, and the picture of the key can be read.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import (
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.conf import settings
from playwright.sync_api import Page, expect

from tests.browser.test_passkeys import give_a_device
from tests.factories import PASSWORD, make_user

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PICTURES = os.environ.get("CLAIMS_TEST_PICTURES") == "1"
SCREENS = Path(settings.BASE_DIR) / "var" / "screens"
SIZES = {"phone": {"width": 390, "height": 844}, "wide": {"width": 1280, "height": 900}}
NAME = "the laptop of the newsroom in Kharkiv, the one with the green sticker"


def look(page: Page, name: str) -> None:
    """That the page which is open fits its window, in each size, light and dark."""
    for shape, size in SIZES.items():
        page.set_viewport_size(size)  # type: ignore[arg-type]  # a width and a height
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            if PICTURES:
                page.screenshot(path=SCREENS / f"{name}-{shape}-{scheme}.png", full_page=True)
        assert not page.evaluate("document.documentElement.scrollWidth > innerWidth"), name


def own(page: Page, selector: str) -> None:
    """Press a button of the page, whatever its language."""
    page.locator(f".account {selector}").first.click()


@pytest.mark.parametrize("locale", ["en-GB", "uk"])
def test_pages_of_second_factors_fit(visit: Callable[..., Page], locale: str) -> None:
    user = make_user("ann")
    page = visit("/login/?next=/account/app/", locale=locale)
    give_a_device(page)
    page.locator("[name=username]").fill("ann")
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("main form:has([name=password]) button").click()
    look(page, f"confirm-{locale}")
    page.locator("[name=password]").fill(PASSWORD)
    own(page, "form button")
    look(page, f"app-{locale}")
    expect(page.locator(".qr")).to_be_visible()
    assert page.locator(".account a[href^='otpauth://totp/']").count() == 1
    assert page.locator("[name=code]").get_attribute("inputmode") == "numeric"
    secret = page.locator(".key").inner_text().split()
    page.locator("[name=code]").fill("000000")
    own(page, "form button")
    expect(page.locator(".error, .banner.failed").first).to_be_visible()
    look(page, f"app-wrong-{locale}")
    # What the app was told goes on to hold.
    assert page.locator(".key").inner_text().split() == secret
    assert {len(four) for four in secret} == {4}
    code = format_hotp_value(hotp_value("".join(secret), next(yield_hotp_counters_from_time())))
    page.locator("[name=code]").fill(code)
    own(page, "form button")
    page.wait_for_url("**/account/codes/")
    look(page, f"codes-new-{locale}")

    page.goto("/account/passkeys/new/")
    page.locator("[name=name]").fill(NAME)
    page.locator("[name=passwordless]").check()
    look(page, f"passkey-{locale}")
    own(page, "form button")
    expect(page.get_by_text(NAME)).to_be_visible()  # on the page of the account
    look(page, f"security-{locale}")
    key = Authenticator.objects.get(type="webauthn")
    page.goto(f"/account/passkeys/{key.pk}/off/")
    look(page, f"passkey-off-{locale}")
    page.goto("/account/app/off/")
    look(page, f"app-off-{locale}")
    for way in ("code", "passkey"):
        page.goto(f"/account/confirm/{way}/")
        look(page, f"confirm-{way}-{locale}")
    codes = Authenticator.objects.get(user=user, type="recovery_codes")
    assert len(RecoveryCodes(codes).get_unused_codes()) == 10

    page.goto("/account/")
    page.locator("form[action='/logout/'] button").first.click()
    page.wait_for_url("**/login/")
    page.locator("[name=username]").fill("ann")
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("main form:has([name=password]) button").click()
    page.wait_for_url("**/login/second/**")
    assert page.locator("[name=code]").get_attribute("inputmode") == "numeric"
    look(page, f"second-{locale}")
    page.locator("[name=code]").fill("000000")
    page.locator("form:has([name=code]) button").click()
    expect(page.locator(".error")).to_be_visible()
    look(page, f"second-wrong-{locale}")
