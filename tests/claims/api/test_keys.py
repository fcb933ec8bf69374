"""Asking with a key: who is let in, for what, and what the others are told."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.cache import cache
from django.test import Client
from django.urls import URLPattern, URLResolver
from rest_framework.views import APIView

from claims.access import keys
from claims.access.managing import close_account
from claims.api import authentication, urls
from claims.api.permissions import Scoped, exporting, taking
from claims.models import ApiKey, Claim, Membership
from tests.factories import make_claim, make_conflict, make_user

pytestmark = pytest.mark.django_db
WHOAMI, TOWNS, DOCUMENTS = "/api/v1/whoami/", "/api/v1/towns/", "/api/v1/documents/"
SENT = {
    "text": "Nothing is said here.",
    "publisher": "Example Courier",
    "published": "2023-01-11T18:00:00Z",
    "conflict": "",
}
JSON = "application/json"


@pytest.fixture(autouse=True)
def _closed_and_uncounted(settings: Any) -> None:
    settings.PUBLIC_READING = False
    cache.clear()


@pytest.fixture
def editor() -> User:
    return make_user()


def bearer(key: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {key}"}


def key_of(user: User, *scopes: str, name: str = "nightly") -> str:
    return keys.make(by=user, name=name, scopes=scopes or ("read",))[1]


def test_a_key_is_its_user(client: Client, editor: User) -> None:
    key = key_of(editor)
    assert client.get(TOWNS).status_code == 401
    assert client.get(TOWNS, headers=bearer(key)).status_code == 200
    assert client.get(TOWNS, headers={"Authorization": f"bearer {key}"}).status_code == 200


def test_no_page_is_opened_by_a_key(client: Client, editor: User) -> None:
    answer = client.get("/", headers=bearer(key_of(editor)))
    assert (answer.status_code, answer["Location"]) == (302, "/login/?next=/")


@pytest.mark.parametrize(
    ("header", "told"),
    [
        ("Bearer", "The header must be “Authorization: Bearer ” and one key."),
        ("Bearer cck_one cck_two", "The header must be “Authorization: Bearer ” and one key."),
        ("Bearer cck_wrong", "This key is not known: check that it was copied whole."),
        ("Bearer \xff\xfe", "This key is not known: check that it was copied whole."),
    ],
)
def test_what_is_no_key_is_refused(
    client: Client, editor: User, settings: Any, header: str, told: str
) -> None:
    """Where everybody may read, too, and whoever is logged in besides."""
    settings.PUBLIC_READING = True
    client.force_login(editor)
    answer = client.get(TOWNS, headers={"Authorization": header})
    assert (answer.status_code, answer.json()["detail"]) == (401, told)
    assert answer["WWW-Authenticate"] == 'Bearer realm="api", error="invalid_token"'


def test_nobody_is_told_how_to_say_who_asks(client: Client) -> None:
    answer = client.get(TOWNS)
    assert answer["WWW-Authenticate"] == 'Bearer realm="api"'


def test_what_has_ended_is_refused_at_once(client: Client, editor: User) -> None:
    key = key_of(editor)
    assert client.get(TOWNS, headers=bearer(key)).status_code == 200
    ApiKey.objects.update(expires_at=datetime(2023, 1, 11, 18, tzinfo=UTC))
    answer = client.get(TOWNS, headers=bearer(key))
    assert answer.status_code == 401
    assert answer.json()["detail"] == "This key expired at 2023-01-11T18:00:00Z."
    ApiKey.objects.update(expires_at=None)
    close_account(user=editor, by=make_user("chief", role="administrator"))
    answer = client.get(TOWNS, headers=bearer(key))
    assert answer.status_code == 401
    assert answer.json()["detail"] == "The account that this key is of is closed."


def test_roles_that_are_taken_away_are_so_for_keys(client: Client, editor: User) -> None:
    key = key_of(editor)
    Membership.objects.all().delete()
    answer = client.get(TOWNS, headers=bearer(key))
    assert answer.status_code == 403
    assert "WWW-Authenticate" not in answer


@pytest.mark.parametrize("scope", ["read", "export", "write"])
def test_a_key_is_for_what_its_scopes_name(client: Client, editor: User, scope: str) -> None:
    headers = bearer(key_of(editor, scope))
    read = client.get(TOWNS, headers=headers)
    wrote = client.post(DOCUMENTS, SENT, content_type=JSON, headers=headers)
    for answer, needed, through in ((read, "read", 200), (wrote, "write", 201)):
        if scope == needed:
            assert answer.status_code == through
            continue
        assert answer.status_code == 403
        told = f"This key lacks the scope “{needed}”: make one that has it."
        assert answer.json()["detail"] == told
        challenge = f'Bearer realm="api", error="insufficient_scope", scope="{needed}"'
        assert answer["WWW-Authenticate"] == challenge
    assert client.get(WHOAMI, headers=headers).status_code == 200


@pytest.mark.parametrize("role", ["reader", "analyst"])
def test_a_key_does_no_more_than_its_user(client: Client, role: str) -> None:
    """Scopes that the user's roles have lost are worth nothing."""
    user = make_user("somebody", role="editor")
    headers = bearer(key_of(user, "read", "export", "write"))
    user.memberships.update(role=role)
    answer = client.post(DOCUMENTS, SENT, content_type=JSON, headers=headers)
    assert answer.status_code == 403
    assert answer.json()["detail"] == "This needs the role “editor”: ask an administrator."


def test_a_key_reaches_as_many_conflicts_as_its_user(client: Client) -> None:
    claim = make_claim()
    sudan = make_conflict("sudan", "War in Sudan", ())
    address = f"/api/v1/claims/{claim.pk}/decisions/"
    for name, conflict, code in (("other", sudan, 403), ("right", make_conflict(), 201)):
        user = make_user(name, conflict=conflict)
        answer = client.post(
            address,
            {"kind": "accept", "version": claim.version},
            content_type=JSON,
            headers=bearer(key_of(user, "write")),
        )
        assert answer.status_code == code


def test_the_history_names_user_and_key(editor: User) -> None:
    """No token against forged requests is asked of who sends a key."""
    claim = make_claim()
    row, key = keys.make(by=editor, name="nightly", scopes=["write"])
    answer = Client(enforce_csrf_checks=True).post(
        f"/api/v1/claims/{claim.pk}/decisions/",
        {"kind": "accept", "version": claim.version},
        content_type=JSON,
        headers=bearer(key),
    )
    assert answer.status_code == 201
    event: Any = Claim.objects.get(pk=claim.pk).events.latest("pgh_id")  # type: ignore[attr-defined]
    assert event.pgh_context.metadata["user"] == editor.pk
    assert event.pgh_context.metadata["key"] == row.prefix


@pytest.mark.parametrize("where", ["{key}=", "key={key}", "access_token={key}&q=1", "q=a%20{key}"])
def test_a_key_in_an_address_is_refused_and_in_no_log(
    client: Client, editor: User, where: str, caplog: pytest.LogCaptureFixture
) -> None:
    key = key_of(editor)
    for headers in ({}, bearer(key)):
        with caplog.at_level(logging.DEBUG):
            answer = client.get(f"{TOWNS}?{where.format(key=key)}", headers=headers)
        assert answer.status_code == 400
        assert answer.json()["detail"] == authentication.SAID_IN_ADDRESS
        assert key[12:] not in answer.content.decode() + caplog.text


def test_guessing_is_slowed(client: Client, editor: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(authentication, "PER_ADDRESS", 3)
    key = key_of(editor)
    row = ApiKey.objects.get()
    keys.revoke(key=row, by=editor)
    for _ in range(5):  # nobody guesses these
        assert client.get(TOWNS, headers=bearer(key)).status_code == 401
    right = bearer(key_of(editor))
    for number in range(3):
        assert client.get(TOWNS, headers=bearer(f"cck_{number}")).status_code == 401
    for headers in (bearer("cck_3"), right):
        answer = client.get(TOWNS, headers=headers)
        assert answer.status_code == 429
        assert 0 < int(answer["Retry-After"]) <= authentication.WINDOW
    elsewhere = client.get(TOWNS, headers=right, REMOTE_ADDR="192.0.2.7")
    assert elsewhere.status_code == 200
    client.force_login(editor)
    assert client.get(TOWNS).status_code == 200  # who sends none is not concerned


def test_whoami(client: Client, editor: User, settings: Any) -> None:
    assert client.get(WHOAMI).status_code == 401
    Membership.objects.create(user=editor, conflict=make_conflict(), role="administrator")
    row, key = keys.make(by=editor, name="nightly", scopes=["export"], rate=7)
    answer = client.get(WHOAMI, headers=bearer(key))
    told = answer.json()
    limits = told.pop("limits")
    assert told == {
        "user": "editor",
        "roles": [
            {"conflict": "ukraine", "role": "administrator"},
            {"conflict": None, "role": "editor"},
        ],
        "key": {
            "prefix": row.prefix,
            "name": "nightly",
            "scopes": ["export"],
            "created_at": row.created_at.isoformat().replace("+00:00", "Z"),
            "expires_at": None,
        },
    }
    assert 0 < limits.pop("reset") <= 60
    assert limits == {"policy": "key", "limit": 7, "window": 60, "remaining": 7}
    assert answer["RateLimit-Policy"] == '"key";q=7;w=60'
    client.force_login(make_user("root", superuser=True))
    told = client.get(WHOAMI).json()
    assert (told["user"], told["key"]) == ("root", None)
    assert told["roles"] == [{"conflict": None, "role": "administrator"}]
    client.logout()
    settings.PUBLIC_READING = True
    told = client.get(WHOAMI).json()
    assert (told["user"], told["roles"], told["key"]) == (None, [], None)
    assert told["limits"]["policy"] == "address"


def views(patterns: list[Any]) -> list[type[APIView]]:
    found: list[Any] = []
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            found += views(pattern.url_patterns)
        elif isinstance(pattern, URLPattern):
            view: Callable[..., Any] = pattern.callback
            found.append(getattr(view, "cls", None) or getattr(view, "view_class", None))
    return [one for one in found if one is not None and issubclass(one, APIView)]


def test_every_view_asks_for_scopes_counts_and_knows_keys() -> None:
    found = views(urls.urlpatterns)
    assert len(found) > 5
    for view in found:
        assert view.permission_classes, view
        permissions: list[Any] = list(view.permission_classes)
        assert all(issubclass(one, Scoped) for one in permissions), view
        assert view.authentication_classes[0] is authentication.KeyAuthentication, view
        assert len(view.throttle_classes) == 1, view


@pytest.mark.parametrize(
    ("permission", "method", "scope"),
    [
        (taking("export"), "GET", "read"),
        (taking("export"), "POST", "export"),
        (exporting(), "GET", "export"),
        (exporting(), "HEAD", "export"),
        (exporting(), "DELETE", "export"),
        (taking("decide"), "PATCH", "write"),
        (taking("manage"), "POST", "write"),
    ],
)
def test_scopes_of_actions(rf: Any, permission: type[Scoped], method: str, scope: str) -> None:
    request = rf.generic(method, "/")
    request.user = make_user("chief", role="administrator")
    for given in ("read", "export", "write"):
        request.auth = ApiKey(scopes=[given])
        if given == scope:
            assert permission().has_permission(request, APIView())
        else:
            with pytest.raises(Exception, match=f"lacks the scope “{scope}”"):
                permission().has_permission(request, APIView())
