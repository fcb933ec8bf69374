"""No serious fault that axe-core finds on any page, light and dark, on a phone and a wide screen.
Lesser ones are printed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from celery import current_app
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import Http404
from django.test import Client
from playwright.sync_api import BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from claims.access import keys
from claims.models import Claim, Decision
from entities.models import Actor, Place
from sources.models import Document
from tests.factories import PASSWORD, make_document, make_place, make_user, make_webhook
from tests.scenes import (
    just_confirmed,
    make_announcing_feed,
    make_exports,
    make_large_import,
    make_received,
    make_run,
    make_second_factors,
    make_versions,
    soledar,
)

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.parametrize(
        ("scheme", "width", "height"),
        [("light", 1440, 900), ("dark", 390, 844)],
        ids=["light and wide", "dark on a phone"],
    ),
]
ONLY_FAULTS = {"resultTypes": ["violations"]}  # what passed is not listed, which is much quicker
GRAVE = {"serious", "critical"}


@pytest.fixture
def page(contexts: Callable[..., BrowserContext], scheme: str, width: int, height: int) -> Page:
    size = {"width": width, "height": height}
    return contexts(viewport=size, color_scheme=scheme, reduced_motion="reduce").new_page()


@pytest.fixture
def town() -> Place:
    """A town with all kinds of claims; documents in every state; another town without claims."""
    make_run(make_document("Nothing is said here.", title="Waiting"), state="waiting")
    make_run(make_document("Nor here.", title="Failed"), state="failed", error="no parse")
    make_place("Bakhmut")
    return soledar()


def faults(page: Page) -> Iterator[str]:
    """What axe-core says of the page as it stands, grave faults only; prints the others."""
    for fault in Axe().run(page, options=ONLY_FAULTS).response["violations"]:
        for node in fault["nodes"]:
            said = f"{page.url} {fault['impact']} {fault['id']}: {fault['help']}: {node['html']}"
            if fault["impact"] in GRAVE:
                yield f"{said} {node.get('failureSummary', '')}"
            else:
                print(said)  # noqa: T201


def faults_of(page: Page, addresses: Iterable[str]) -> list[str]:
    """Each address with all that can be unfolded in it unfolded."""
    found: list[str] = []
    for address in addresses:
        page.goto(address)
        page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
        found += faults(page)
    return found


def test_pages(page: Page, town: Place) -> None:
    url = town.get_absolute_url()
    documents = Document.objects.order_by("id")
    addresses = [
        "/",
        "/?q=nothing+is+called+this",
        "/?sort=unknown&include_pending=1",
        url,
        f"{url}?known_on=2023-01-12",
        f"{url}?known_on=1901-01-01",
        f"{url}?from=2023-02-01&to=2023-01-01",
        Place.objects.get(name="Bakhmut").get_absolute_url(),
        *(document.get_absolute_url() for document in documents),
        *(claim.get_absolute_url() for claim in Claim.objects.order_by("id")[::4]),
        "/documents/",
        "/documents/?q=nothing+is+called+this",
        "/map/",
        "/map/?on=2023-01-12&view=48.6,38.1,9",
        "/map/?on=1950-01-01",
        "/?on=2023-01-12",
        "/about/",
        "/keys/",
        "/api/",
    ]
    assert faults_of(page, addresses) == []


def test_what_opens_over_a_page(page: Page, town: Place) -> None:
    page.goto(town.get_absolute_url())
    page.get_by_role("link", name="United States cannot confirm").first.focus()
    found = list(faults(page))
    page.keyboard.press("?")
    assert page.get_by_role("dialog").is_visible()
    assert [*found, *faults(page)] == []


def test_the_map(page: Page, town: Place) -> None:
    page.goto("/map/?on=2023-01-12&include_pending=on")
    expect(page.locator("[data-map][data-ready]")).to_be_visible()
    found = list(faults(page))
    page.get_by_role("button", name="show Soledar on the map").click()
    expect(page.locator(".leaflet-popup")).to_be_visible()
    assert [*found, *faults(page)] == []


@pytest.mark.parametrize(
    "error", [BadRequest("odd"), PermissionDenied("closed"), Http404(), ValueError("made up")]
)
def test_error_pages(page: Page, monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    def fail(*args: object) -> None:
        raise error

    monkeypatch.setattr("claims.views.towns.town_list", fail)
    assert faults_of(page, ["/"]) == []
    assert page.get_by_role("heading", level=1).is_visible()


def test_admin(
    page: Page,
    town: Place,
    live_server: LiveServer,
    scheme: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The admin's own pages, whose style is Django's, in one scheme alone."""
    monkeypatch.setattr(current_app, "send_task", lambda *args, **options: None)
    found = faults_of(page, ["/welcome/MQ/used/", "/login/?next=/admin/"])
    client = Client()
    chief = make_user("chief", superuser=True)
    make_second_factors(chief)
    page.get_by_label("Username").fill("chief")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    page.wait_for_url("**/login/second/**")
    found += faults(page)
    client.force_login(chief)
    just_confirmed(client)
    keys.make(by=chief, name="nightly sync", scopes=["read", "export"])
    session = client.cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    claim = Claim.objects.filter(state=Claim.State.PENDING).earliest("id")
    make_exports(by=chief)
    of_admin = [
        "/admin/",
        "/admin/claims/claim/",
        f"/admin/claims/claim/{claim.pk}/change/",
        f"/admin/claims/{Decision._meta.model_name}/",
        "/admin/claims/membership/",
        "/admin/claims/extractionrun/",
        "/admin/sources/document/",
        f"/admin/entities/place/{town.pk}/change/",
        f"/admin/entities/actor/{Actor.objects.get(name='Wagner Group').pk}/change/",
        f"/admin/entities/conflict/{town.conflict_id}/change/",
    ]
    addresses = [
        *(of_admin if scheme == "dark" else []),
        "/password/",
        "/logout/",
        "/bench/",
        "/bench/?town=Soledar&stage=first",
        "/bench/done/?town=Soledar",
        "/bench/people/",
        "/bench/policies/",
        "/exports/?town=Soledar&state=verified",
        "/releases/",
        "/releases/1/",
        "/account/keys/",
        "/account/keys/all/",
        "/account/webhooks/",
        "/operations/",
        f"/account/webhooks/{make_webhook().pk}/",
        "/sources/",
        f"/sources/{make_announcing_feed().pk}/",
        make_received().get_absolute_url(),
        "/sources/add/",
        "/account/",
        "/account/confirm/",
        "/account/codes/",
        "/account/passkeys/new/",
        f"/documents/{(version := make_versions()).pk}/changes/",
        f"/documents/{version.pk}/withdraw/",
        f"/bench/bring/large/{make_large_import(by=chief).pk}/",
    ]
    assert [*found, *faults_of(page, addresses)] == []


def test_the_verification_screen(page: Page, town: Place, live_server: LiveServer) -> None:
    client = Client()
    client.force_login(make_user())
    session = client.cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    page.goto("/bench/next/")
    found = list(faults(page))
    page.keyboard.press("r")
    found += faults(page)
    page.keyboard.press("Escape")
    page.keyboard.press("c")
    page.get_by_label("Claimant").fill("ukr")
    expect(page.get_by_role("option", name="Ukraine").first).to_be_visible()
    page.keyboard.press("ArrowDown")
    assert [*found, *faults(page)] == []
