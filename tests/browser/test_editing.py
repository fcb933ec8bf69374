"""Words that are selected in a document's text, in a real browser, lead to adding a claim that
exactly these characters carry."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from claims.models import Claim
from claims.review import bulk
from config.ids import new_id
from sources.models import Document
from tests.browser.test_accessibility import faults
from tests.factories import make_actor, make_claim, make_document, make_place, make_user

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
# Characters beyond the basic plane, combining ones, and marks that overlap.
TEXT = (
    "🚩 Wagner says that its men have taken Солéдар.\n\n"
    "Kyiv denies it: 🛡 fighting in Soledar goes on, a spokesman said.\n\nNobody else spoke."
)


@pytest.fixture
def document() -> Document:
    document = make_document(TEXT)
    make_claim(document=document, quote="Wagner says that its men have taken Солéдар")
    make_claim("holds", document=document, quote="taken Солéдар")
    make_claim("fighting", claimant=None, document=document, quote="fighting in Soledar")
    make_actor("Ukraine")
    return document


@pytest.fixture
def page(visit: Callable[..., Page], live_server: LiveServer, document: Document) -> Page:
    """The document's page as an editor sees it."""
    client = Client()
    client.force_login(make_user())
    page = visit("/about/")
    page.context.add_cookies(
        [
            {
                "name": settings.SESSION_COOKIE_NAME,
                "value": client.cookies[settings.SESSION_COOKIE_NAME].value,
                "url": live_server.url,
            }
        ]
    )
    page.goto(document.get_absolute_url())
    return page


SELECT = """([first, last]) => {
  const article = document.querySelector("[data-passages]");
  const nodes = [];
  const walker = document.createTreeWalker(article, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    if (!walker.currentNode.parentElement.closest("sup")) nodes.push(walker.currentNode);
  }
  const whole = nodes.map((node) => node.data).join("");
  const place = (at) => {
    for (const node of nodes) {
      if (at <= node.length) return [node, at];
      at -= node.length;
    }
  };
  const range = document.createRange();
  range.setStart(...place(whole.indexOf(first)));
  range.setEnd(...place(whole.indexOf(last) + last.length));
  getSelection().removeAllRanges();
  getSelection().addRange(range);
}"""


def selected(page: Page) -> str:
    """The characters that the offered link names, by the text as the server has it."""
    link = page.get_by_role("link", name="Add a claim")
    expect(link).to_be_visible()
    start, end = map(int, (link.get_attribute("href") or "").partition("span=")[2].split("-"))
    return TEXT[start:end]


@pytest.mark.parametrize(
    ("first", "last", "quote"),
    [
        ("Wagner", "taken", "Wagner says that its men have taken"),
        ("men have", "Kyiv", "men have taken Солéдар.\n\nKyiv"),
        ("Солéдар", "Солéдар", "Солéдар"),
        ("🚩", "🚩", "🚩"),
        ("it: 🛡", "in Soledar", "it: 🛡 fighting in Soledar"),
        ("fighting in Soledar", "goes on,", "fighting in Soledar goes on,"),
        (".\n\nNobody", "spoke.", ".\n\nNobody else spoke."),
        ("\n\nNobody", "Nobody ", "Nobody"),
    ],
)
def test_marks_and_numbers_do_not_shift_what_is_selected(
    page: Page, first: str, last: str, quote: str
) -> None:
    page.evaluate(SELECT, [first, last])
    expect(page.locator("[data-selected]")).to_have_text(" ".join(quote.split()))
    assert selected(page) == quote


def test_a_selection_ends_with_the_text(page: Page) -> None:
    page.evaluate("getSelection().selectAllChildren(document.body)")
    assert selected(page) == TEXT
    page.evaluate("getSelection().selectAllChildren(document.querySelector('h1'))")
    expect(page.get_by_role("link", name="Add a claim")).to_be_hidden()
    page.evaluate("getSelection().selectAllChildren(document.querySelector('article sup'))")
    page.wait_for_timeout(200)
    expect(page.get_by_role("link", name="Add a claim")).to_be_hidden()


def test_by_mouse_and_keys_alone(page: Page, document: Document) -> None:
    """A double click selects a word, Shift and an arrow key widen it, one key leads on."""
    box = page.evaluate(
        """() => {
          const marks = [...document.querySelectorAll("mark")];
          const mark = marks.find((one) => one.textContent === "fighting in Soledar");
          const { left, top, height } = mark.getBoundingClientRect();
          return [left + 12, top + height / 2];
        }"""
    )
    page.mouse.dblclick(*box)
    for _ in range(3):
        page.keyboard.press("Control+Shift+ArrowRight")
    expect(page.locator("[data-selected]")).to_have_text("fighting in Soledar goes")
    page.keyboard.press("a")
    page.wait_for_url("**/add/?span=*")
    expect(page.locator("blockquote mark")).to_have_text("fighting in Soledar goes")
    page.get_by_label("Claimant", exact=True).fill("Ukr")
    page.get_by_role("option", name="Ukraine").first.click()
    page.get_by_label("Predicate").select_option("holds")
    page.get_by_label("Subject").fill("Ukraine")
    page.get_by_label("Town", exact=True).fill("Soledar")
    page.get_by_role("button", name="Add the claim").click()
    page.wait_for_url(f"**{document.get_absolute_url()}#claim-*")
    claim = Claim.objects.get(origin="editor")
    assert (claim.label, claim.state) == ("Ukraine: Soledar held", "accepted")
    assert claim.evidence.get().quote == "fighting in Soledar goes"
    expect(page.locator(f"#claim-{claim.pk}")).to_have_count(1)


def test_readers_are_not_asked(visit: Callable[..., Page], document: Document) -> None:
    make_place()
    page = visit(document.get_absolute_url())
    page.evaluate("getSelection().selectAllChildren(document.querySelector('article'))")
    page.wait_for_timeout(200)
    expect(page.get_by_role("link", name="Add a claim")).to_have_count(0)


@pytest.mark.parametrize(
    ("scheme", "width"), [("light", 1400), ("dark", 390)], ids=["light and wide", "dark on a phone"]
)
def test_pages_are_for_everybody(
    page: Page, document: Document, scheme: Literal["light", "dark"], width: int
) -> None:
    """No grave fault that axe-core finds, and nothing wider than the screen."""
    claim = document.claims.get(predicate="captured")
    editor = make_user()
    versions = {claim.pk: claim.version}
    batch = bulk.start(id=new_id(), kind="accept", versions=versions, by=editor)
    bulk.go_on(batch)
    event = Claim._meta.get_field("events").related_model
    first: Any = event._default_manager.filter(pgh_obj=claim).earliest("pgh_id")
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    page.set_viewport_size({"width": width, "height": 900})
    found: list[str] = []
    for address in (
        f"{document.get_absolute_url()}",
        f"/bench/documents/{document.pk}/add/?passage=Soledar",
        f"/bench/documents/{document.pk}/merge/",
        f"/bench/claims/{claim.pk}/split/",
        f"/claims/{claim.pk}/history/{first.pgh_id}/",
        "/bench/bulk/?decide=reject",
        "/bench/bulk/?decide=unverifiable",
        "/bench/batches/",
        f"/bench/batches/{batch.pk}/",
    ):
        page.goto(address)
        found += faults(page)
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            found.append(f"{address} is wider than the screen")
    assert found == []
