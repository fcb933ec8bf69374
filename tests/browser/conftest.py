"""A real Chromium, the system's own, and pages that say what went wrong in them."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Response,
    expect,
    sync_playwright,
)
from pytest_django.live_server_helper import LiveServer

# The first is Chromium without its windows, which take most of the time to open.
PROGRAMS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
CHROMIUM = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, PROGRAMS)), None)
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # Not a look-up either leaves this machine.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
]
HERE = Path(__file__).parent
PATIENCE = 30_000  # milliseconds: pages beside other tests, on few processors, take their time


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """In the gate a test that drives a browser has a second try, of which the summary tells: the
    machine may be too busy for it. One that fails on a quiet machine fails twice."""
    if os.environ.get("CI") == "true":
        for item in items:
            if HERE in item.path.parents:
                item.add_marker(pytest.mark.flaky(reruns=1))


@pytest.fixture(autouse=True, scope="session")
def _patient() -> None:
    expect.set_options(timeout=PATIENCE)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """The browser. Its driver runs an event loop in this thread, which Django takes for a
    reason to refuse database work: the tests' own, which never runs inside that loop. Not for
    longer than a module: other tests start programs that are given the environment."""
    if CHROMIUM is None:
        pytest.skip("browser tests need Chromium: none is installed, and CHROMIUM is not set")
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as driver:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def contexts(chromium: Browser, live_server: LiveServer) -> Iterator[Callable[..., BrowserContext]]:
    """Makes browser contexts at the site's address, closed after the test."""
    made: list[BrowserContext] = []

    def make(**options: Any) -> BrowserContext:
        made.append(chromium.new_context(base_url=live_server.url, **options))
        return made[-1]

    yield make
    for context in made:
        context.close()


@pytest.fixture
def visit(contexts: Callable[..., BrowserContext]) -> Iterator[Callable[..., Page]]:
    """Opens an address of the site in a context of its own. A page that wrote an error to its
    console, broke the content security policy or failed to load something fails the test."""
    wrong: list[str] = []

    def heard(said: ConsoleMessage) -> None:
        if said.type == "error":
            wrong.append(said.text)

    def answered(answer: Response) -> None:
        if answer.status >= 400:
            wrong.append(f"{answer.status} {answer.url}")

    def open_page(address: str, **options: Any) -> Page:
        page = contexts(**options).new_page()
        page.on("console", heard)
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("response", answered)
        page.goto(address)
        return page

    yield open_page
    assert wrong == []
