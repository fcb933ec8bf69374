"""The verification screen in a real browser: by keyboard alone, by mouse, and without a script."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from playwright.sync_api import BrowserContext, ConsoleMessage, Page, expect
from pytest_django.live_server_helper import LiveServer

from claims.derive import derive
from claims.models import Claim, Decision, QueuedClaim
from sources.models import Document
from tests.factories import (
    make_actor,
    make_claim,
    make_document,
    make_evidence,
    make_place,
    make_user,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
FIRST_DAY = date(2023, 1, 1)
PHONE = {"width": 390, "height": 844}


@pytest.fixture
def editor() -> User:
    return make_user()


def log_in(context: BrowserContext, user: User, address: str) -> None:
    client = Client()
    client.force_login(user)
    context.add_cookies(
        [{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": address}]
    )


@pytest.fixture
def bench(
    contexts: Callable[..., BrowserContext], live_server: LiveServer, editor: User
) -> Iterator[Callable[..., Page]]:
    """Opens the bench for the editor; what goes wrong in a page's scripts fails the test. That
    a decision was refused, which browsers complain of too, does not."""
    wrong: list[str] = []
    pages: list[Page] = []

    def heard(said: ConsoleMessage) -> None:
        if said.type == "error" and not re.search(r"status of 4(09|22)", said.text):
            wrong.append(said.text)

    def open_page(address: str = "/bench/next/", **options: Any) -> Page:
        context = contexts(**options)
        log_in(context, editor, live_server.url)
        page = context.new_page()
        pages.append(page)
        page.on("console", heard)
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.goto(address)
        return page

    yield open_page
    # What the page still asks for would meet a database that is being emptied.
    for page in pages:
        page.goto("/keys/", wait_until="networkidle")
    assert wrong == []


def make_claims(number: int) -> list[Claim]:
    """Pending claims in the queue's order: the latest published first."""
    for name in ("Ukraine", "Russia"):
        make_actor(name)
    found = []
    for count in range(number):
        day = FIRST_DAY + timedelta(days=number - count)
        text = f"Report {count}. Wagner's men have taken Soledar, it said. " + "And so on. " * 200
        text += "\n\nThe town is in its hands, it said again."
        at = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
        document = make_document(text, published=at, title=f"Report {count}")
        claim = make_claim(
            document=document,
            asserted_on=day,
            quote="Wagner's men have taken Soledar, it said.",
            cue="taken",
        )
        make_evidence(claim, "The town is in its hands, it said again.", "in its hands")
        found.append(claim)
    derive([found[0].place_id])
    QueuedClaim.objects.update(decides=False, disputed=False, doubtful=False)
    return found


def shown(page: Page, claim: Claim) -> None:
    """Wait until the claim is on the screen, with the next one fetched."""
    expect(page.locator(f'[data-bench][data-claim="{claim.pk}"]')).to_be_visible()


def fetched(page: Page) -> None:
    """Wait until the decisions are sent and the next claim is at hand."""
    expect(page.locator("[data-bench][data-ready]")).to_be_visible()


def test_fifty_claims_by_keyboard_alone(bench: Callable[..., Page], editor: User) -> None:
    """Every fifth claim is accepted, rejected, found unverifiable, accepted after all, corrected:
    one key for each decision, besides what is typed into a correction."""
    claims = make_claims(51)
    page = bench()
    expected = []
    for number, claim in enumerate(claims[:50]):
        shown(page, claim)
        kind = number % 5
        if kind == 0:
            page.keyboard.press("a")
            expected.append((claim.pk, "accept", "", ""))
        elif kind == 1:
            page.keyboard.press(str(number % 8 + 1))
            expected.append((claim.pk, "reject", Decision.Because.values[number % 8], ""))
        elif kind == 2:
            page.keyboard.press("u")
            expected.append((claim.pk, "unverifiable", "", ""))
        elif kind == 3:
            page.keyboard.press("r")
            page.keyboard.press("2")
            expected.append((claim.pk, "reject", "who", ""))
        else:
            page.keyboard.press("c")
            expect(page.get_by_label("Claimant")).to_be_focused()
            page.keyboard.press("Tab")
            page.keyboard.type("a spokesman")
            page.keyboard.press("Enter")
            expected.append((claim.pk, "correct", "", ""))
    shown(page, claims[50])
    fetched(page)
    rows = Decision.objects.order_by("id").values_list("claim", "kind", "because", "reason")
    assert list(rows) == expected
    assert set(Decision.objects.values_list("by", "reading")) == {(editor.pk, "first")}
    assert set(Claim.objects.filter(state="corrected").values_list("speaker")) == {("a spokesman",)}
    assert list(QueuedClaim.objects.values_list("claim", flat=True)) == [claims[50].pk]
    page.keyboard.press("a")
    page.wait_for_url("**/bench/done/")


def test_a_decision_is_told_and_undone(bench: Callable[..., Page]) -> None:
    first, second, third = make_claims(3)
    page = bench()
    shown(page, first)
    fetched(page)
    page.keyboard.press("a")
    shown(page, second)
    status = page.locator("[data-bench-said]")
    expect(status).to_have_text("Wagner Group: Soledar captured: accepted")
    assert page.url.endswith(f"/bench/claims/{second.pk}/")
    fetched(page)
    page.keyboard.press("z")
    shown(page, first)
    expect(status).to_have_text("Wagner Group: Soledar captured: decision taken back")
    first.refresh_from_db()
    assert first.state == "pending"
    fetched(page)
    page.keyboard.press("9")
    expect(page.get_by_label("another reason")).to_be_focused()
    page.keyboard.type("A caption, not a claim.")
    page.keyboard.press("Enter")
    shown(page, second)
    fetched(page)
    decision = Decision.objects.latest("id")
    assert (decision.claim_id, decision.kind, decision.because, decision.reason) == (
        first.pk,
        "reject",
        "other",
        "A caption, not a claim.",
    )
    assert not third.decisions.exists()


def test_skipping_going_back_and_passing_on(bench: Callable[..., Page], editor: User) -> None:
    first, second, third, fourth = make_claims(4)
    make_user("another reader")
    page = bench()
    shown(page, first)
    fetched(page)
    page.keyboard.press("s")
    shown(page, second)
    fetched(page)
    page.keyboard.press("t")
    page.keyboard.type("Is this the town?")
    page.keyboard.press("Enter")
    shown(page, third)
    fetched(page)
    passed = QueuedClaim.objects.get(claim=second)
    assert (passed.passed_by, passed.note) == (editor, "Is this the town?")
    page.keyboard.press("a")
    shown(page, fourth)
    fetched(page)
    page.keyboard.press("p")
    shown(page, third)
    page.keyboard.press("p")
    shown(page, first)
    page.go_back()
    shown(page, third)
    assert list(Decision.objects.values_list("claim", "kind")) == [(third.pk, "accept")]


def test_keys_that_do_nothing(bench: Callable[..., Page]) -> None:
    first = make_claims(3)[0]
    page = bench()
    shown(page, first)
    fetched(page)
    for keys in ("Control+a", "Alt+a", "Meta+u", "x", "0", "Shift"):
        page.keyboard.press(keys)
    page.get_by_role("searchbox").focus()
    page.keyboard.type("au1")
    page.keyboard.press("Tab")
    page.locator("h1").focus()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.type("au")
    page.keyboard.press("Escape")
    shown(page, first)
    page.keyboard.down("a")
    page.keyboard.down("a")  # held down
    page.keyboard.up("a")
    fetched(page)
    assert list(Decision.objects.values_list("claim", "kind")) == [(first.pk, "accept")]


def test_passages_move_within_their_box_alone(bench: Callable[..., Page]) -> None:
    first, second = make_claims(2)
    page = bench(viewport={"width": 1400, "height": 700})
    shown(page, first)
    fetched(page)
    article = page.get_by_role("region", name="The article")
    assert article.evaluate("one => one.scrollTop") == 0
    page.keyboard.press("j")
    assert article.evaluate("one => one.scrollTop") > 300
    expect(article.locator(".here").first).to_be_in_viewport()
    page.keyboard.press("j")
    assert article.evaluate("one => one.scrollTop") == 0
    page.keyboard.press("a")
    shown(page, second)
    assert page.evaluate("scrollY") == 0
    expect(page.locator("h1")).to_be_focused()


def test_by_mouse(bench: Callable[..., Page]) -> None:
    first, second, third = make_claims(3)
    page = bench()
    shown(page, first)
    fetched(page)
    page.get_by_text("Reject …").click()
    page.get_by_role("button", name="another place is meant").click()
    shown(page, second)
    fetched(page)
    page.get_by_role("button", name="Undo").click()
    shown(page, first)
    page.get_by_role("button", name="Unverifiable").click()
    shown(page, second)
    page.get_by_role("button", name="Correct", exact=False).first.click()
    page.get_by_label("Speaker").fill("a spokesman")
    page.get_by_role("button", name="Save and next").click()
    shown(page, third)
    fetched(page)
    kinds = list(Decision.objects.order_by("id").values_list("claim", "kind"))
    assert kinds == [
        (first.pk, "reject"),
        (first.pk, "restore"),
        (first.pk, "unverifiable"),
        (second.pk, "correct"),
    ]


def test_somebody_elses_change_is_told(bench: Callable[..., Page]) -> None:
    first, second, third = make_claims(3)
    page = bench()
    shown(page, first)
    fetched(page)
    Claim.objects.filter(pk=first.pk).update(speaker="somebody")
    page.keyboard.press("a")
    shown(page, second)
    expect(page.locator("[data-bench-said]")).to_contain_text("Somebody has changed this claim")
    page.get_by_role("link", name="look at it").click()
    shown(page, first)
    expect(page.locator(".bench-facts")).to_contain_text("somebody")
    assert not Decision.objects.exists()
    assert third.state == "pending"


def test_what_is_left_is_given_back(bench: Callable[..., Page]) -> None:
    claims = make_claims(3)
    page = bench()
    shown(page, claims[0])
    fetched(page)
    held = QueuedClaim.objects.filter(holder__isnull=False)
    assert set(held.values_list("claim", flat=True)) == {claims[0].pk, claims[1].pk}
    page.goto("/keys/", wait_until="networkidle")
    assert not held.exists()


def test_without_a_script(bench: Callable[..., Page]) -> None:
    first, second, third, fourth = make_claims(4)
    page = bench(java_script_enabled=False)
    shown(page, first)
    page.get_by_role("button", name="Accept").click()
    shown(page, second)
    expect(page.locator("[data-last]")).to_contain_text("Wagner Group: Soledar captured: accepted")
    page.get_by_text("Reject …").click()
    page.get_by_label("another reason").fill("A caption.")
    page.get_by_label("another reason").press("Enter")
    shown(page, third)
    page.get_by_role("button", name="Undo").click()
    shown(page, second)
    page.get_by_role("button", name="Skip").click()
    shown(page, third)
    make_place("Krasne", key="one", population=5)
    make_place("Krasne", key="two", admin1="Kharkiv Oblast")
    page.get_by_text("Correct", exact=True).first.click()
    page.get_by_label("Town").fill("krasne")
    page.get_by_label("Speaker").fill("a spokesman")
    page.get_by_role("button", name="Save and next").click()
    expect(page.get_by_text("“krasne” may mean any of these:")).to_be_visible()
    expect(page.get_by_label("Speaker")).to_have_value("a spokesman")
    page.get_by_label("Kharkiv Oblast").check()
    page.get_by_role("button", name="Save and next").click()
    shown(page, fourth)
    third.refresh_from_db()
    assert (third.place.key, third.speaker, third.state) == ("two", "a spokesman", "corrected")
    assert list(Decision.objects.order_by("id").values_list("claim", "kind", "reason")) == [
        (first.pk, "accept", ""),
        (second.pk, "reject", "A caption."),
        (second.pk, "restore", "undo"),
        (third.pk, "correct", ""),
    ]


def test_on_a_phone_the_actions_are_at_hand(bench: Callable[..., Page]) -> None:
    first, second = make_claims(2)
    page = bench(viewport=PHONE)
    shown(page, first)
    fetched(page)
    accept = page.get_by_role("button", name="Accept")
    expect(accept).to_be_in_viewport()
    page.evaluate("scrollTo(0, 900)")
    expect(accept).to_be_in_viewport()
    accept.click()
    shown(page, second)
    expect(page.locator("h1")).to_be_in_viewport()
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
    assert Document.objects.count() == 2


def test_a_correction_is_previewed_and_names_are_offered_while_they_are_typed(
    bench: Callable[..., Page],
) -> None:
    make_claims(1)
    page = bench()
    fetched(page)
    heading = page.locator("[data-effect-heading]")
    expect(heading).to_have_text("If accepted")
    page.keyboard.press("c")
    claimant = page.get_by_role("combobox", name="Claimant")
    expect(claimant).to_be_focused()
    page.keyboard.type("UKRA")
    expect(page.locator(".offers").get_by_role("option")).to_have_count(1)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(claimant).to_have_value("Ukraine")
    expect(heading).to_have_text("With the correction as typed")
    expect(page.locator("[data-new-label]")).to_have_text(
        "Ukraine: Soledar captured by Wagner Group"
    )
    assert not Decision.objects.exists()
    page.keyboard.press("Escape")
    expect(claimant).to_be_hidden()
    page.keyboard.press("c")
    expect(claimant).to_have_value("Ukraine")
    page.keyboard.press("Enter")
    page.wait_for_url("**/bench/done/")
    assert Decision.objects.get().changes["claimant"][1] == str(make_actor("Ukraine").pk)
