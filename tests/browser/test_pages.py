"""Home, town and document in a real browser. Every visit also fails by a console error, a
breach of the content security policy or something that did not load (`visit`)."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from claims.models import Claim
from entities.models import Place
from tests.scenes import soledar

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

Visit = Callable[..., Page]
DENIAL = "Armed Forces of Ukraine denies: Soledar captured by Russia"


@pytest.fixture
def town(visit: Visit) -> Place:
    return soledar()


def test_from_the_list_by_another_spelling_to_the_town(visit: Visit, town: Place) -> None:
    page = visit("/")
    page.keyboard.press("/")
    page.keyboard.type("Соледар")
    page.keyboard.press("Enter")
    expect(page).to_have_url("/?q=%D0%A1%D0%BE%D0%BB%D0%B5%D0%B4%D0%B0%D1%80&sort=changed")
    page.get_by_role("link", name="Soledar").click()
    expect(page).to_have_url(town.get_absolute_url())
    expect(page.get_by_role("heading", level=1)).to_have_text("Soledar")


def test_focus_shows_a_marks_evidence_and_arrows_move_on(visit: Visit, town: Place) -> None:
    page = visit(town.get_absolute_url())
    mark = page.get_by_role("link", name=f"{DENIAL}, 11 January 2023, “Soledar has not fallen”")
    evidence = page.get_by_role("tooltip")
    expect(evidence).to_be_hidden()
    mark.focus()
    expect(evidence).to_contain_text("“Soledar has not fallen”")
    expect(evidence).to_contain_text("Example Courier · accepted")
    page.keyboard.press("ArrowRight")
    expect(evidence).to_contain_text("heavy fighting in the town goes on")
    page.keyboard.press("Escape")
    expect(evidence).to_be_hidden()


def test_the_pointer_shows_it_too(visit: Visit, town: Place) -> None:
    page = visit(town.get_absolute_url())
    page.get_by_role("link", name="United States cannot confirm").first.hover()
    expect(page.get_by_role("tooltip")).to_contain_text("Washington could not confirm")


def test_every_mark_is_reached_by_arrows_from_one_stop_of_the_tab_key(
    visit: Visit, town: Place
) -> None:
    page = visit(town.get_absolute_url())
    page.get_by_role("region", name="Drawing of the claims over time").focus()
    page.keyboard.press("Tab")
    reached = set()
    for _ in range(page.locator("[data-mark]").count()):
        reached.add(page.evaluate("document.activeElement.getAttribute('href')"))
        page.keyboard.press("ArrowRight")
    assert {f"#claim-{claim.id}" for claim in Claim.objects.live()} <= reached
    assert page.locator('[data-mark][tabindex="0"]').count() == 1
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.matches('[data-mark]')") is False


def test_enter_leads_from_a_mark_to_its_row(visit: Visit, town: Place) -> None:
    page = visit(town.get_absolute_url())
    mark = page.get_by_role("link", name=DENIAL).first
    mark.focus()
    page.keyboard.press("Enter")
    row = page.get_by_role("row", name=DENIAL)
    expect(row).to_be_focused()
    expect(row).to_be_in_viewport()


def test_as_known_on_a_day(visit: Visit, town: Place) -> None:
    page = visit(town.get_absolute_url())
    page.get_by_label("As known on", exact=True).fill("2023-01-12")
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{town.get_absolute_url()}?known_on=2023-01-12")
    expect(page.locator(".banner")).to_contain_text("As known on 12 January 2023")
    expect(page.get_by_label("Status", exact=True)).to_contain_text("contested")


def test_without_scripts_all_of_it_is_there(visit: Visit, town: Place) -> None:
    page = visit(town.get_absolute_url(), java_script_enabled=False)
    mark = page.get_by_role("link", name=DENIAL).first
    assert "“Soledar has not fallen”" in str(mark.locator("title").text_content())
    mark.click()
    expect(page.get_by_role("row", name=DENIAL)).to_be_in_viewport()
    page.locator("select[name=stance]").select_option("denies")
    page.locator("form.filters button").click()
    expect(page.get_by_role("row")).to_have_count(3)
    page.get_by_role("link", name="wider").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Soledar")
    page.get_by_role("row", name=DENIAL).get_by_role("link", name="Example Courier").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Kyiv denies that Soledar fell")


def test_a_documents_claim_leads_to_its_row_in_the_timeline(visit: Visit, town: Place) -> None:
    claim = Claim.objects.get(predicate="captured", stance="unconfirmed")
    page = visit(claim.document.get_absolute_url())
    entry = page.get_by_role("listitem").filter(has_text="United States cannot confirm")
    entry.hover()
    expect(page.locator("mark.lit")).to_have_text(
        "Washington could not confirm that Soledar had been captured"
    )
    entry.get_by_role("link", name="Soledar", exact=True).click()
    expect(page).to_have_url(f"{town.get_absolute_url()}#claim-{claim.id}")
    expect(page.locator(f"#claim-{claim.id}")).to_be_in_viewport()


def test_the_question_mark_shows_the_keys(visit: Visit, town: Place) -> None:
    page = visit("/")
    page.keyboard.press("?")
    dialog = page.get_by_role("dialog", name="Keys")
    expect(dialog).to_be_visible()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    page.keyboard.press("g")
    page.keyboard.press("d")
    expect(page.get_by_role("heading", level=1)).to_have_text("Documents")


@pytest.mark.parametrize("width", [360, 1440])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_is_wider_than_its_screen(
    visit: Visit, town: Place, width: int, scheme: str
) -> None:
    document = Claim.objects.live().select_related("document")[0].document
    page = visit("/", viewport={"width": width, "height": 800}, color_scheme=scheme)
    for address in (
        "/",
        town.get_absolute_url(),
        document.get_absolute_url(),
        "/documents/",
        "/about/",
    ):
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth") == width, address


def test_the_focus_can_always_be_seen(visit: Visit, town: Place) -> None:
    page = visit(town.get_absolute_url())
    for _ in range(12):
        page.keyboard.press("Tab")
        width = page.evaluate(
            "parseFloat(getComputedStyle(document.activeElement).outlineWidth) || 0"
        )
        assert width >= 2, page.evaluate("document.activeElement.outerHTML")
