"""What the town page's scripts add: other ranges of days without another page, cards, pictures."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from entities.models import Place
from tests.scenes import soledar

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

Visit = Callable[..., Page]
WITHDRAWAL = "Armed Forces of Ukraine: withdrawal from Soledar"


@pytest.fixture
def town(visit: Visit) -> Place:
    return soledar()


def shown(page: Page) -> tuple[str, str]:
    """The first and last day of the drawing."""
    timeline = page.locator("[data-timeline]")
    return timeline.get_attribute("data-first") or "", timeline.get_attribute("data-last") or ""


def expect_range(page: Page, first: str, last: str) -> None:
    expect(page.locator("[data-timeline]")).to_have_attribute("data-first", first)
    expect(page.locator("[data-timeline]")).to_have_attribute("data-last", last)
    expect(page).to_have_url(re.compile(f"[?&]from={first}&to={last}$"))


def test_dragging_over_days_chooses_them(visit: Visit, town: Place) -> None:
    page = visit(town.get_absolute_url())
    assert shown(page) == ("2023-01-09", "2023-01-26")
    page.locator(".axis").scroll_into_view_if_needed()
    box = page.locator(".axis .plot").bounding_box()
    assert box is not None
    day, y = box["width"] / 18, box["y"] - 10
    page.mouse.move(box["x"] + 3.5 * day, y)
    page.mouse.down()
    page.mouse.move(box["x"] + 6.5 * day, y, steps=4)
    expect(page.locator("[data-chosen]")).to_be_visible()
    page.mouse.up()
    expect_range(page, "2023-01-12", "2023-01-15")
    expect(page.get_by_role("row", name=WITHDRAWAL)).to_have_count(0)
    expect(page.locator("[data-chosen]")).to_be_hidden()
    page.reload()
    assert shown(page) == ("2023-01-12", "2023-01-15")


def test_keys_zoom_and_move_the_range(visit: Visit, town: Place) -> None:
    page = visit(town.get_absolute_url())
    page.get_by_role("region", name="Drawing of the claims over time").focus()
    page.keyboard.press("+")
    expect_range(page, "2023-01-14", "2023-01-22")
    page.keyboard.press("ArrowRight")
    expect_range(page, "2023-01-16", "2023-01-24")
    page.keyboard.press("-")
    expect_range(page, "2023-01-12", "2023-01-29")
    page.keyboard.press("0")
    expect(page.locator("[data-timeline]")).to_have_attribute("data-first", "2023-01-09")
    expect(page).to_have_url(re.compile(r"/$|#timeline$|\?$"))
    assert page.evaluate("document.activeElement.hasAttribute('data-chart-region')")


def test_the_wheel_with_ctrl_zooms_round_the_pointer(visit: Visit, town: Place) -> None:
    page = visit(town.get_absolute_url())
    page.locator(".axis").scroll_into_view_if_needed()
    box = page.locator(".axis .plot").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 1, box["y"] - 10)
    page.keyboard.down("Control")
    page.mouse.wheel(0, -100)
    page.keyboard.up("Control")
    expect_range(page, "2023-01-09", "2023-01-22")


def test_the_place_of_the_reader_stays(visit: Visit, town: Place) -> None:
    page = visit(town.get_absolute_url(), viewport={"width": 1000, "height": 500})
    page.locator("summary").filter(has_text="What the marks mean").click()
    page.locator("details.lane > summary").filter(has_text="Russia").click()
    page.get_by_role("link", name="wider").focus()
    before = page.locator("[data-timeline]").bounding_box()
    page.get_by_role("link", name="wider").press("Enter")
    expect_range(page, "2022-12-31", "2023-02-04")
    after = page.locator("[data-timeline]").bounding_box()
    assert before is not None
    assert after is not None
    assert abs(before["y"] - after["y"]) < 2
    expect(page.get_by_role("link", name="wider")).to_be_focused()
    assert page.locator("details.legend").get_attribute("open") is not None
    assert page.locator("details.lane[data-keep=lane-russia]").get_attribute("open") is None
    # What is outside of the drawing leads on with the same days.
    page.get_by_label("As known on", exact=True).fill("2023-01-12")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("known_on=2023-01-12.*from=2022-12-31&to=2023-02-04"))


def test_a_drawing_that_does_not_come_is_said_and_asked_for_again(
    visit: Visit, town: Place
) -> None:
    page = visit(town.get_absolute_url())
    fails = [True]

    def answer(route: Route) -> None:
        if fails:
            fails.pop()
            route.fulfill(status=200, body="<p>Somebody else’s page</p>")
        else:
            route.continue_()

    page.route("**/timetable/**", answer)
    page.get_by_role("link", name="closer").click()
    status = page.locator("[data-chart-status]")
    expect(status).to_contain_text("The drawing could not be fetched.")
    expect(status.get_by_role("link")).to_have_attribute("href", re.compile("from=2023-01-13"))
    assert shown(page) == ("2023-01-09", "2023-01-26")
    status.get_by_role("button", name="Try again").click()
    expect_range(page, "2023-01-13", "2023-01-22")
    expect(status).not_to_contain_text("could not")


def test_a_card_stays_under_the_pointer_and_leads_to_the_claim(visit: Visit, town: Place) -> None:
    page = visit(town.get_absolute_url())
    page.get_by_role("link", name=WITHDRAWAL).first.hover()
    card = page.locator("[data-evidence]")
    expect(card).to_contain_text("“its troops have left Soledar”")
    card.hover()
    page.wait_for_timeout(400)
    expect(card).to_be_visible()
    page.keyboard.press("Escape")
    expect(card).to_be_hidden()
    page.mouse.move(0, 0)
    page.get_by_role("link", name=WITHDRAWAL).first.hover()
    card.get_by_role("link", name="Open the claim").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(WITHDRAWAL)


def test_a_stretch_of_a_band_says_its_status_and_leads_to_its_place_in_the_list(
    visit: Visit, town: Place
) -> None:
    page = visit(town.get_absolute_url())
    stretch = page.get_by_role("link", name="contested, 11 January 2023 to 21 January 2023").first
    stretch.focus()
    card = page.locator("[data-evidence]")
    expect(card).to_contain_text("Wagner Group: captured / Armed Forces of Ukraine: denied")
    expect(card).to_contain_text("rule 2, ")
    page.keyboard.press("Enter")
    expect(page.locator("#status-verified-2023-01-11")).to_be_focused()


def test_the_drawing_is_a_picture_and_its_view_a_link(visit: Visit, town: Place) -> None:
    page = visit(f"{town.get_absolute_url()}?from=2023-01-10&to=2023-01-14")
    with page.expect_download() as download:
        page.get_by_role("button", name="PNG").click()
    assert download.value.suggested_filename == f"soledar-{town.short_id}-timeline.png"
    assert download.value.path().read_bytes().startswith(b"\x89PNG")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="copy link").click()
    expect(page.get_by_role("button", name="copied")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.endswith(f"{town.get_absolute_url()}?from=2023-01-10&to=2023-01-14")
