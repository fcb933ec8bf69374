"""A real Chromium, the system's own, and pages that say what went wrong in them."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, sync_playwright
from pytest_django.live_server_helper import LiveServer

CHROMIUM = os.environ.get("CHROMIUM") or next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
)
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The browser. Its driver runs an event loop in this thread, which Django takes for a
    reason to refuse database work: the tests' own, which never runs inside that loop."""
    if CHROMIUM is None:
        pytest.skip("browser tests need Chromium: none is installed, and CHROMIUM is not set")
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as driver:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def visit(
    chromium: Browser, live_server: LiveServer, settings: object
) -> Iterator[Callable[..., Page]]:
    """Opens an address of the site in a context of its own. A page that wrote an error to its
    console, broke the content security policy or failed to load something fails the test."""
    wrong: list[str] = []
    contexts = []

    def open_page(address: str, **options: object) -> Page:
        context = chromium.new_context(base_url=live_server.url, **options)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda said: said.type == "error" and wrong.append(said.text))
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on(
            "response",
            lambda answer: answer.status >= 400 and wrong.append(f"{answer.status} {answer.url}"),
        )
        page.goto(address)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert wrong == []
