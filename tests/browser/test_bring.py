"""Bringing text in, in a real browser: dropped files, progress that comes by itself, the
bookmarklet; and all of it without script."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.auth.models import User
from django.test import Client
from playwright.sync_api import Page, expect

from claims.intake import take_in
from sources.models import Document, Intake, IntakeItem
from tests.factories import make_conflict, make_user

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

DROP = """([selector, names]) => {
  const data = new DataTransfer();
  for (const name of names) data.items.add(new File([`The text of ${name}.`], name));
  for (const kind of ["dragenter", "dragover", "drop"]) {
    const target = document.querySelector(selector);
    target.dispatchEvent(
      new DragEvent(kind, {dataTransfer: data, bubbles: true, cancelable: true}));
  }
}"""


@pytest.fixture
def editor() -> User:
    return make_user(conflict=make_conflict())


@pytest.fixture
def desk(visit: Callable[..., Page], editor: User, live_server: Any) -> Callable[..., Page]:
    """Opens the page on which texts are brought in, logged in."""
    client = Client()
    client.force_login(editor)
    cookie = client.cookies["sessionid"].value

    def open_page(address: str = "/bench/bring/", **options: Any) -> Page:
        state = {
            "cookies": [
                {
                    "name": "sessionid",
                    "value": cookie,
                    "domain": "localhost",
                    "path": "/",
                    "expires": -1,
                    "httpOnly": True,
                    "secure": False,
                    "sameSite": "Lax",
                }
            ],
            "origins": [],
        }
        return visit(address, storage_state=state, **options)

    return open_page


def work() -> None:
    """What a worker does."""
    for id_ in IntakeItem.objects.filter(state="waiting").values_list("id", flat=True):
        take_in(id_)


def test_files_are_dropped_and_their_progress_comes_by_itself(
    desk: Callable[..., Page],
) -> None:
    page = desk()
    page.evaluate(DROP, ["textarea", ["a.txt", "b.txt"]])
    expect(page.get_by_role("list", name="Chosen files").get_by_role("listitem")).to_have_text(
        ["a.txt", "b.txt"]
    )
    page.get_by_label("Publisher").fill("Example Courier")
    page.get_by_role("button", name="Bring in").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("2 texts brought in")
    expect(page.get_by_text("waits to be read")).to_have_count(2)
    address = page.url
    work()
    expect(page.get_by_text("needs its time")).to_have_count(2)
    expect(page.get_by_role("status")).to_contain_text("2 need to be completed")
    first = page.get_by_role("form", name="Complete text 1")
    first.get_by_label("Published").fill("11 January 2023 18:05")
    first.get_by_role("button").click()
    expect(page.get_by_text("document made; waits to be read for claims")).to_have_count(1)
    assert page.url == f"{address}#item-1"
    document = Document.objects.get()
    assert (document.text, document.publisher.name) == ("The text of a.txt.", "Example Courier")


def test_a_row_in_which_somebody_types_is_left_alone(desk: Callable[..., Page]) -> None:
    page = desk()
    page.evaluate(DROP, ["textarea", ["a.txt", "b.txt"]])
    page.get_by_role("button", name="Bring in").click()
    expect(page.get_by_text("waits to be read")).to_have_count(2)
    take_in(IntakeItem.objects.get(name="a.txt").id)
    words = page.get_by_role("form", name="Complete text 1").get_by_label("Published")
    words.fill("11 Jan")
    IntakeItem.objects.filter(name="a.txt").update(title="Another title")
    take_in(IntakeItem.objects.get(name="b.txt").id)
    expect(page.get_by_text("needs its publisher and its time")).to_have_count(2)
    expect(words).to_have_value("11 Jan")
    expect(words).to_be_focused()


def test_too_many_files_are_refused_before_they_are_sent(desk: Callable[..., Page]) -> None:
    page = desk()
    page.evaluate(DROP, ["textarea", [f"{n}.txt" for n in range(21)]])
    expect(page.get_by_role("alert")).to_have_text("At most 20 files are taken at once.")
    page.get_by_role("button", name="Bring in").click()
    assert page.url.endswith("/bench/bring/")
    assert not Intake.objects.exists()


def test_the_bookmarklet(desk: Callable[..., Page]) -> None:
    page = desk()
    link = page.get_by_role("link", name="Bring in", exact=True)
    code = (link.get_attribute("href") or "").removeprefix("javascript:")
    link.click()
    expect(page.get_by_text("Drag this to the bookmarks bar")).to_be_visible()
    page.goto("/about/")
    page.evaluate("getSelection().selectAllChildren(document.querySelector('h1'))")
    words = page.evaluate("String(getSelection())")
    with page.context.expect_page() as opened:
        page.evaluate(code)
    form = opened.value
    expect(form.get_by_label("Text")).to_have_value(words)
    expect(form.get_by_label("Address")).to_have_value(page.url)
    expect(form.get_by_label("Title")).to_have_value(page.title())
    page.evaluate(
        """document.body.append('word '.repeat(3000));
        getSelection().selectAllChildren(document.body)"""
    )
    with page.context.expect_page() as opened:
        page.evaluate(code)
    expect(opened.value.get_by_role("status").first).to_contain_text("were too many")
    expect(opened.value.get_by_label("Text")).to_have_value("")
    assert not Intake.objects.exists()


def test_without_script(desk: Callable[..., Page]) -> None:
    page = desk(java_script_enabled=False)
    page.get_by_label("Text").fill("Heavy fighting.")
    page.get_by_role("button", name="Bring in").click()
    page.get_by_label("Publisher").fill("Example Courier")
    page.get_by_label("Published").fill("yesterday 9:30")
    page.get_by_role("button", name="Complete").click()
    expect(page.get_by_text("document made; waits to be read for claims")).to_be_visible()
    page.get_by_role("link", name="Look again").click()
    page.get_by_role("link", name="Example Courier").click()
    assert page.url.endswith(Document.objects.get().get_absolute_url())


@pytest.mark.parametrize(("scheme", "width", "height"), [("light", 1440, 900), ("dark", 390, 844)])
def test_the_pages_have_no_grave_fault(
    desk: Callable[..., Page], scheme: str, width: int, height: int
) -> None:
    page = desk(viewport={"width": width, "height": height}, color_scheme=scheme)
    faults = []
    for step in ("empty", "brought"):
        if step == "brought":
            page.evaluate(DROP, ["textarea", ["a.txt", "b.txt", "c.pdf"]])
            page.get_by_role("button", name="Bring in").click()
            work()
            page.reload()
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        answer = Axe().run(page, options={"resultTypes": ["violations"]}).response
        faults += [
            (one["id"], node["html"])
            for one in answer["violations"]
            if one["impact"] in ("serious", "critical")
            for node in one["nodes"]
        ]
    assert faults == []
