"""What browsers are told with every page, the admin's too: that it runs no script and takes no
style that stands in the page, loads nothing from elsewhere, and is shown in no frame."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

import pytest
from django.contrib import admin
from django.http.response import HttpResponseBase
from django.test import Client
from django.urls import reverse

from config.headers import PERMISSIONS
from tests.claims.access import test_roles
from tests.factories import make_user

pytestmark = pytest.mark.django_db
scene = test_roles.scene
POLICY = {
    "default-src": "'self'",
    "img-src": "'self' data:",
    "object-src": "'none'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
    "form-action": "'self'",
}
HEADERS = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": PERMISSIONS,
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}

DATA = ("application/json", "application/ld+json")  # no scripts: a browser runs none of them


class Inline(HTMLParser):
    """What of a page a browser would have to refuse: `found`; and its style elements."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self.styles: list[str] = []
        self._inside = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self._inside = tag
        if tag == "style":
            self.styles.append("")
        if tag == "script" and not given.get("src") and given.get("type") not in DATA:
            self.found.append("script")
        for name, value in attrs:
            leads = (value or "").strip().lower()
            to_keep = "data-bookmarklet" in given  # to be dragged to a browser’s bookmarks
            script = leads.startswith("javascript:") and not to_keep
            if name == "style" or name.startswith("on") or script:
                self.found.append(f"{tag} {name}={value}")

    def handle_data(self, data: str) -> None:
        if self._inside == "style":
            self.styles[-1] += data

    def handle_endtag(self, tag: str) -> None:
        self._inside = ""


# Of what was received from outside, and is fetched as a file: nothing, and sandboxed.
OF_FILES = {"default-src": "'none'", "sandbox": ""}


def wrong_with(response: HttpResponseBase) -> list[str]:
    """What an answer lacks of the headers, and what of a page the policy does not allow."""
    told = [f"{name}: {response.headers.get(name)}" for name in HEADERS]
    wrong = sorted(set(told) - {f"{name}: {value}" for name, value in HEADERS.items()})
    parts = response.headers.get("Content-Security-Policy", "").split(";")
    policy = dict(part.strip().partition(" ")[::2] for part in parts)
    styles = policy.pop("style-src", "").split()
    if policy not in (POLICY, OF_FILES) or any(
        not one.startswith(("'sha256-", "'self'")) for one in styles
    ):
        wrong.append(f"policy: {policy}, styles: {styles}")
    if response.headers.get("Content-Type", "").startswith("text/html"):
        page = Inline()
        page.feed(response.content.decode())  # type: ignore[attr-defined]  # no page is streamed
        wrong += page.found
        for style in page.styles:
            digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
            if f"'sha256-{digest}'" not in styles:
                wrong.append(f"style element: {style[:60]}")
    return wrong


def addresses(scene: Any) -> Iterator[str]:
    """All that is asked for by GET: pages, forms, the API, and what answers with a refusal."""
    town, actor = scene.claim.place, scene.claim.claimant
    for name, many in test_roles.ADDRESSES.items():
        yield from (reverse(name, args=scene.of(each.of)) for each in many)
    for name in ("home", "map", "changes", "coverage", "documents", "claims", "speakers", "search"):
        yield reverse(name)
    for name in ("rules", "about", "keys", "releases", "login", "logout", "password_change"):
        yield reverse(name)
    for name in ("town", "town-timetable", "town-drawing"):
        yield reverse(name, args=[town.slug, town.short_id])
    yield reverse("document", args=[scene.claim.document_id])
    yield reverse("claim", args=[scene.claim.pk])
    yield reverse("speaker", args=[actor.slug])
    yield from ("/welcome/MQ/set-password/", "/nothing-here/", "/api/", "/api/v1/claims/")
    yield from ("/api/v1/nothing-here/", "/api/schema/", "/feed.atom")


def admin_addresses() -> Iterator[str]:
    """The admin's lists and forms, with a row's own where there is one."""
    yield from (reverse(f"admin:{name}") for name in ("index", "jsi18n", "logout", "login"))
    for model in admin.site._registry:
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        yield reverse(f"{name}_changelist")
        yield reverse(f"{name}_add")
        row = model._default_manager.first()
        if row is not None:
            for page in ("change", "history", "delete"):
                yield reverse(f"{name}_{page}", args=[row.pk])


def test_every_answer_is_under_the_policy(scene: Any) -> None:
    client = Client(raise_request_exception=False)
    client.force_login(make_user("root", superuser=True))
    asked = list(dict.fromkeys([*addresses(scene), *admin_addresses()]))
    wrong, pages = {}, 0
    for address in asked:
        response = client.get(address)
        if response.streaming:
            response.getvalue()  # to its end, where its file is closed
        assert response.status_code < 500, address
        pages += response.status_code == 200
        if found := wrong_with(response):
            wrong[address] = found
    assert wrong == {}
    assert pages > len(asked) / 2


def test_who_is_not_logged_in_is_answered_under_it_too(client: Client, settings: Any) -> None:
    settings.PUBLIC_READING = False
    for address in ("/", "/login/", "/admin/", "/api/v1/claims/", "/nothing-here/"):
        assert wrong_with(client.get(address)) == [], address


@pytest.mark.parametrize(
    ("page", "found"),
    [
        ("<script>alert(1)</script>", ["script"]),
        ('<p onclick="x()">', ["p onclick=x()"]),
        ('<a href=" JavaScript:x()">', ["a href= JavaScript:x()"]),
        ('<p style="color: red">', ["p style=color: red"]),
        ("<style>p { color: red }</style>", ["style element: p { color: red }"]),
    ],
)
def test_what_stands_in_a_page_is_seen(client: Client, page: str, found: list[str]) -> None:
    """That the look at pages above sees what it looks for."""
    response = client.get("/login/")
    response.content = page.encode()
    assert wrong_with(response) == found


def test_over_https_plain_http_is_led_away_and_remembered_to_be_none(settings: Any) -> None:
    settings.SECURE_SSL_REDIRECT = True
    settings.SECURE_HSTS_SECONDS = 30 * 24 * 3600
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    plain = Client().get("/login/")
    assert (plain.status_code, plain["Location"]) == (301, "https://testserver/login/")
    secure = Client(headers={"X-Forwarded-Proto": "https"}).get("/login/")
    assert secure["Strict-Transport-Security"] == "max-age=2592000"
