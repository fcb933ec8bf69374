"""Logging in by an identity provider, with one that runs here."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from allauth.socialaccount.models import SocialAccount, SocialToken
from django.contrib.auth.models import User
from django.core.cache import cache
from django.test import Client

from config import oidc, oidc_settings
from tests.config.identity_provider import CLIENT, SECRET, IdentityProvider, running
from tests.config.test_second_factors import set_up
from tests.factories import PASSWORD, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def provider(settings: Any) -> Iterator[IdentityProvider]:
    cache.clear()
    with running() as provider:
        made = oidc_settings.providers(provider.issuer, CLIENT, SECRET, "Example Institute")
        settings.SOCIALACCOUNT_PROVIDERS = made
        yield provider


def go(client: Client, provider: IdentityProvider, subject: str, **data: str) -> Any:
    """Through the provider and back, as somebody who logs in there as `subject`."""
    known = oidc.provider()
    assert known is not None
    led = client.post(f"/login/with/{known.slug}/", data)
    return client.get(provider.consent(led["Location"], subject))


def connect(user: User, provider: IdentityProvider, subject: str) -> None:
    client = Client()
    client.force_login(user)
    asked = go(client, provider, subject, process="connect")
    assert asked["Location"] == "/account/confirm/"
    done = client.post("/account/confirm/", {"password": PASSWORD})
    assert done["Location"] == "/account/"


def logged_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def test_without_a_provider_none_is_offered(client: Client) -> None:
    assert "/login/with/" not in client.get("/login/").content.decode()
    assert client.post("/login/with/nobody/").status_code == 404
    assert client.get("/login/with/nobody/back/").status_code == 404


def test_an_identity_that_is_connected_opens_its_account(
    client: Client, provider: IdentityProvider
) -> None:
    connect(make_user("ann"), provider, "ann-at-institute")
    assert "Log in with Example Institute" in client.get("/login/").content.decode()
    response = go(client, provider, "ann-at-institute", next="/map/")
    assert (response.status_code, response["Location"]) == (302, "/map/")
    assert ">ann</a>" in client.get("/").content.decode()
    assert not SocialToken.objects.exists()
    assert sorted(SocialAccount.objects.get().extra_data["id_token"]) == [
        *("aud", "exp", "iat", "iss", "sub")
    ]


def test_nobody_gets_an_account_by_it(client: Client, provider: IdentityProvider) -> None:
    """Nor one by its name, or by an address that the provider calls checked."""
    user = make_user("ann", is_staff=False)
    user.email = "ann@institute.example"
    user.save()
    provider.claims = {
        "preferred_username": "ann",
        "email": "ann@institute.example",
        "email_verified": True,
    }
    response = go(client, provider, "somebody")
    assert response["Location"] == "/login/"
    assert "No account is connected with this identity." in client.get("/login/").content.decode()
    assert not logged_in(client)
    assert list(User.objects.all()) == [user]


def test_an_identity_of_another_account_is_not_taken(provider: IdentityProvider) -> None:
    ann, bob = make_user("ann"), make_user("bob")
    connect(ann, provider, "the-one")
    client = Client()
    client.force_login(bob)
    go(client, provider, "the-one", process="connect")
    client.post("/account/confirm/", {"password": PASSWORD})
    assert SocialAccount.objects.get().user == ann


def test_the_second_factor_is_asked_for_all_the_same(
    client: Client, provider: IdentityProvider
) -> None:
    user = make_user("ann")
    connect(user, provider, "the-one")
    set_up(user)
    assert go(client, provider, "the-one")["Location"] == "/login/second/"
    assert not logged_in(client)


def test_a_closed_account_stays_closed(client: Client, provider: IdentityProvider) -> None:
    user = make_user("ann")
    connect(user, provider, "the-one")
    User.objects.update(is_active=False)
    assert go(client, provider, "the-one")["Location"] == "/login/"
    assert not logged_in(client)


@pytest.mark.parametrize(
    "claims", [{"aud": "another"}, {"iss": "https://else.example"}, {"exp": 1}]
)
def test_what_is_said_to_others_or_is_over_counts_not(
    client: Client, provider: IdentityProvider, claims: dict[str, Any]
) -> None:
    connect(make_user("ann"), provider, "the-one")
    provider.claims = claims
    assert go(client, provider, "the-one")["Location"] == "/login/"
    assert not logged_in(client)


def test_a_way_back_that_was_begun_elsewhere_leads_nowhere(
    client: Client, provider: IdentityProvider
) -> None:
    connect(make_user("ann"), provider, "the-one")
    known = oidc.provider()
    assert known is not None
    led = Client().post(f"/login/with/{known.slug}/")
    response = client.get(provider.consent(led["Location"], "the-one"))
    assert response["Location"] == "/login/"
    assert not logged_in(client)


def test_a_provider_that_fails_is_told(client: Client, provider: IdentityProvider) -> None:
    provider.broken = True
    known = oidc.provider()
    assert known is not None
    page = client.post(f"/login/with/{known.slug}/", follow=True).content.decode()
    assert "The log-in at the other site failed or was stopped" in page


def test_it_is_disconnected_after_the_password(client: Client, provider: IdentityProvider) -> None:
    user = make_user("ann")
    connect(user, provider, "the-one")
    client.force_login(user)
    assert client.get("/account/").content.decode().count("Example Institute") == 1
    asked = client.post("/account/identity/off/")
    assert asked["Location"].startswith("/account/confirm/")
    assert SocialAccount.objects.exists()
    client.post(asked["Location"], {"password": PASSWORD, "next": "/account/identity/off/"})
    assert not SocialAccount.objects.exists()
    assert not logged_in(Client())
