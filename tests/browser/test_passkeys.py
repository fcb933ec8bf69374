"""Passkeys, with Chromium's own virtual authenticator in place of a device."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from allauth.mfa.models import Authenticator
from playwright.sync_api import Page, expect

from tests.factories import PASSWORD, make_user

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def give_a_device(page: Page) -> None:
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})


def press(page: Page, name: str) -> None:
    page.get_by_role("main").get_by_role("button", name=name, exact=True).click()


def log_in_by_password(page: Page) -> None:
    page.get_by_label("Username").fill("ann")
    page.get_by_label("Password").fill(PASSWORD)
    press(page, "Log in")


def log_out(page: Page) -> None:
    page.get_by_role("button", name="Log out").click()
    page.wait_for_url("**/login/")


def test_a_passkey_is_added_and_opens_the_account(visit: Callable[..., Page]) -> None:
    make_user("ann")
    page = visit("/login/?next=/account/passkeys/new/")
    give_a_device(page)
    log_in_by_password(page)
    page.get_by_label("Password").fill(PASSWORD)  # again, before the account is changed
    press(page, "Go on")
    page.get_by_label("Its name, for you").fill("this laptop")
    page.get_by_label("Log in by it alone").check()
    press(page, "Add it")
    page.wait_for_url("**/account/codes/")
    expect(page.get_by_text("The passkey is added.")).to_be_visible()
    expect(page.locator(".codes li")).to_have_count(10)
    page.goto("/account/")
    expect(page.get_by_text("also without password")).to_be_visible()
    log_out(page)

    press(page, "Use a passkey")  # alone: no name, no password, no second step
    expect(page.get_by_role("link", name="ann", exact=True)).to_be_visible()
    log_out(page)

    log_in_by_password(page)
    page.wait_for_url("**/login/second/")
    press(page, "Use a passkey")
    expect(page.get_by_role("link", name="ann", exact=True)).to_be_visible()

    page.goto("/account/")
    page.get_by_role("link", name="Remove this laptop").click()
    page.get_by_label("Password").fill(PASSWORD)
    press(page, "Go on")
    press(page, "Remove it")
    page.wait_for_url("**/account/")
    assert not Authenticator.objects.exists()


def test_a_device_that_refuses_is_told(visit: Callable[..., Page]) -> None:
    page = visit("/login/")
    page.evaluate(
        """() => {
            const refused = new DOMException("", "NotAllowedError");
            navigator.credentials.get = () => Promise.reject(refused);
        }"""
    )
    press(page, "Use a passkey")
    expect(page.get_by_text("The passkey was not used")).to_be_visible()


def test_without_script_there_is_the_password(visit: Callable[..., Page]) -> None:
    make_user("ann")
    page = visit("/login/", java_script_enabled=False)
    expect(page.get_by_role("button", name="Use a passkey")).to_be_hidden()
    log_in_by_password(page)
    expect(page.get_by_role("link", name="ann", exact=True)).to_be_visible()
