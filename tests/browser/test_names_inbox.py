"""The names inbox in a real browser: worked by keys alone."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from claims.models import NameDecision
from tests.browser.test_bench import bench, log_in  # noqa: F401 - fixtures
from tests.claims.bench.test_names_inbox import provisional, suggest
from tests.factories import make_actor, make_place, make_user

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def editor() -> User:
    return make_user()


@pytest.fixture
def names(db: None) -> None:
    """Soledr in three documents, Sumy Guard in two, Ada Lund, Velm and Zorn in one each."""
    make_place()
    make_actor("Armed Forces of Ukraine")
    provisional("Soledr")
    for name in ("Soledr", "Soledr"):
        suggest(name)
    for _ in range(2):
        suggest("Sumy Guard", "actor", "claimant")
    suggest("Ada Lund", "actor", "claimant")
    suggest("Velm")
    suggest("Zorn")


def ruled() -> list[tuple[str, str, str]]:
    rows = NameDecision.objects.select_related("actor", "place").order_by("id")
    return [(one.name, one.outcome, str(one.actor or one.place or "")) for one in rows]


def at(page: Page, name: str) -> None:
    """Wait for the name's page, with the script that hears keys: the heading is there before it."""
    expect(page.locator("#name-heading")).to_have_text(name)
    page.wait_for_load_state()


def test_five_names_by_keys_alone(names: None, bench: Callable[..., Page]) -> None:  # noqa: F811
    page = bench("/bench/names-inbox/")
    at(page, "Soledr")
    page.keyboard.press("1")
    at(page, "Sumy Guard")
    page.keyboard.press("n")
    shown_as = page.get_by_label("Shown as")
    expect(shown_as).to_be_focused()
    expect(shown_as).to_have_value("Sumy Guard")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Kind")).to_be_focused()
    page.keyboard.type("part of")
    page.keyboard.press("Tab")
    page.get_by_label("Shown as").press("Enter")
    at(page, "Ada Lund")
    page.keyboard.press("s")
    page.keyboard.type("armed for")
    expect(page.locator(".offers [role=option]")).to_have_count(1)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Speaks for")).to_have_value("Armed Forces of Ukraine")
    page.keyboard.press("Enter")
    at(page, "Velm")
    page.keyboard.press("j")
    at(page, "Zorn")
    page.keyboard.press("k")
    at(page, "Velm")
    page.keyboard.press("i")
    at(page, "Zorn")
    page.keyboard.press("u")
    at(page, "Velm")
    assert ruled() == [
        ("Soledr", "alias", "Soledar"),
        ("Sumy Guard", "new", "Sumy Guard"),
        ("Ada Lund", "speaker", "Armed Forces of Ukraine"),
        ("Velm", "ignore", ""),
        ("Velm", "undo", ""),
    ]


def test_escape_closes_an_answer(names: None, bench: Callable[..., Page]) -> None:  # noqa: F811
    page = bench("/bench/names-inbox/")
    page.keyboard.press("a")
    field = page.get_by_label("Another name of", exact=True)
    expect(field).to_be_focused()
    page.keyboard.type("j")
    expect(field).to_have_value("j")
    page.keyboard.press("Escape")
    expect(field).to_be_hidden()
    expect(page.locator("#name-heading")).to_have_text("Soledr")


def test_without_a_script(
    names: None,
    contexts: Callable[..., BrowserContext],
    live_server: LiveServer,
    editor: User,
) -> None:
    context = contexts(java_script_enabled=False)
    log_in(context, editor, live_server.url)
    page = context.new_page()
    page.goto("/bench/names-inbox/?kind=place")
    page.get_by_role("link", name="Velm").click()
    page.get_by_text("Another name of …").click()
    page.get_by_label("Another name of", exact=True).fill("soledar")
    page.get_by_role("button", name="Accept as another name").click()
    expect(page.locator("#name-heading")).to_have_text("Zorn")
    assert ruled() == [("Velm", "alias", "Soledar")]
