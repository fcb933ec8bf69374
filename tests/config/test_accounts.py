"""Logging in and out, slowed guessing, and one's own password."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.contrib.auth.tokens import default_token_generator
from django.core.cache import cache
from django.test import Client
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from claims.access import guessing
from tests.factories import PASSWORD, make_user

pytestmark = pytest.mark.django_db
NEW = "quite another password"


@pytest.fixture(autouse=True)
def _no_attempts_yet() -> None:
    cache.clear()


def log_in(client: Client, name: str, password: str = PASSWORD, **data: Any) -> Any:
    return client.post("/login/", {"username": name, "password": password, **data})


def logged_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def test_logging_in_leads_to_the_page_that_was_asked_for(client: Client) -> None:
    make_user("ann")
    response = log_in(client, "ann", next="/map/")
    assert (response.status_code, response["Location"]) == (302, "/map/")
    page = client.get("/").content.decode()
    assert ">ann</a>" in page
    assert 'action="/logout/"' in page
    assert ">Admin</a>" in page


@pytest.mark.parametrize("next_page", ["https://elsewhere.example/", "//elsewhere.example/", ""])
def test_logging_in_leads_nowhere_else(client: Client, next_page: str) -> None:
    make_user("ann")
    assert log_in(client, "ann", next=next_page)["Location"] == "/"


def test_a_wrong_password_is_told_and_the_name_stays(client: Client) -> None:
    make_user("ann")
    response = log_in(client, "ann", "wrong", next="/map/")
    page = response.content.decode()
    assert (response.status_code, logged_in(client)) == (200, False)
    assert "Please enter a correct username and password" in page
    assert 'value="ann"' in page
    assert '<input type="hidden" name="next" value="/map/">' in page


def test_who_is_not_active_does_not_get_in(client: Client) -> None:
    make_user("ann", is_active=False)
    assert log_in(client, "ann").status_code == 200
    assert not logged_in(client)


def test_guessing_at_an_account_ends_even_with_the_right_password(client: Client) -> None:
    make_user("ann")
    make_user("bob")
    for number in range(guessing.PER_ACCOUNT):
        assert log_in(client, "ann", f"guess {number}").status_code == 200
    response = log_in(client, "ann")
    assert response.status_code == 429
    assert "Too many attempts to log in. Try again in 15 minutes." in response.content.decode()
    assert not logged_in(client)
    assert log_in(client, "bob").status_code == 302


def test_names_are_counted_however_they_are_written(client: Client) -> None:
    for number in range(guessing.PER_ACCOUNT):
        log_in(client, "Ann" if number % 2 else "aNN", "guess")
    assert log_in(client, "ann").status_code == 429


def test_a_success_forgets_an_accounts_attempts(client: Client) -> None:
    make_user("ann")
    for _ in range(guessing.PER_ACCOUNT):
        log_in(client, "ann", "typed wrongly")
        assert log_in(client, "ann").status_code == 302


def test_guessing_from_one_address_at_many_accounts_ends(client: Client) -> None:
    make_user("ann")
    for number in range(guessing.PER_ADDRESS):
        log_in(client, f"name {number}", "guess")
    assert log_in(client, "ann").status_code == 429
    other = Client(REMOTE_ADDR="192.0.2.7")
    assert log_in(other, "ann").status_code == 302


def test_behind_a_proxy_the_address_is_the_one_that_the_proxy_saw(settings: Any) -> None:
    make_user("ann")
    settings.HTTPS = True
    for number in range(guessing.PER_ADDRESS):
        headers = {"X-Forwarded-For": f"198.51.100.{number}, 192.0.2.7"}
        log_in(Client(headers=headers), f"name {number}", "guess")
    assert log_in(Client(headers={"X-Forwarded-For": "192.0.2.7"}), "ann").status_code == 429
    assert log_in(Client(headers={"X-Forwarded-For": "192.0.2.8"}), "ann").status_code == 302


def test_without_a_proxy_nobody_chooses_his_address(client: Client) -> None:
    for number in range(guessing.PER_ADDRESS):
        headers = {"X-Forwarded-For": f"198.51.100.{number}"}
        log_in(Client(headers=headers), f"name {number}", "guess")
    assert log_in(client, "ann").status_code == 429


def test_the_admin_has_no_other_way_in(client: Client) -> None:
    response = client.post("/admin/login/?next=/admin/", {"username": "ann"})
    assert response["Location"] == "/login/?next=/admin/"
    assert client.get("/admin/", follow=True).redirect_chain[-1][0] == "/login/?next=%2Fadmin%2F"


def test_logging_out_is_asked_for_by_a_form(client: Client) -> None:
    client.force_login(make_user("ann"))
    page = client.get("/logout/").content.decode()
    assert "You are logged in as ann." in page
    assert logged_in(client)
    response = client.post("/logout/", follow=True)
    assert response.redirect_chain == [("/login/", 302)]
    assert "You are logged out." in response.content.decode()
    assert not logged_in(client)
    assert "You are not logged in." in client.get("/logout/").content.decode()


def test_ones_password_is_changed_and_other_sessions_end(client: Client) -> None:
    user = make_user("ann")
    elsewhere = Client()
    elsewhere.force_login(user)
    assert client.get("/password/")["Location"] == "/login/?next=/password/"
    client.force_login(user)
    data = {"old_password": PASSWORD, "new_password1": NEW, "new_password2": NEW}
    response = client.post("/password/", data, follow=True)
    assert "Your password is changed." in response.content.decode()
    assert log_in(Client(), "ann", NEW).status_code == 302
    assert ">ann</a>" not in elsewhere.get("/").content.decode()


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("short", "at least 12 characters"),
        ("183764928376", "entirely numeric"),
        ("qwerty123456", "too common"),
        ("ann-annabella", "too similar to the username"),
    ],
)
def test_weak_passwords_are_refused(client: Client, password: str, why: str) -> None:
    user = make_user("ann-annabel")
    client.force_login(user)
    data = {"old_password": PASSWORD, "new_password1": password, "new_password2": password}
    page = client.post("/password/", data).content.decode()
    assert why in page
    user.refresh_from_db()
    assert user.check_password(PASSWORD)


def invitation(user: User) -> str:
    uid = urlsafe_base64_encode(force_bytes(user.pk))
    return f"/welcome/{uid}/{default_token_generator.make_token(user)}/"


def test_an_invitation_sets_a_password_once(client: Client) -> None:
    user = make_user("new", role="reader", is_staff=False)
    user.set_unusable_password()
    user.save()
    address = invitation(user)
    response = client.get(address, follow=True)
    assert "You log in as new." in response.content.decode()
    form = response.redirect_chain[-1][0]
    response = client.post(form, {"new_password1": NEW, "new_password2": NEW}, follow=True)
    assert response.redirect_chain[-1][0] == "/"
    assert ">new</a>" in response.content.decode()
    page = Client().get(address, follow=True).content.decode()
    assert "The link is used or too old" in page
    assert log_in(Client(), "new", NEW).status_code == 302


def test_an_old_invitation_is_none(client: Client, settings: Any) -> None:
    address = invitation(make_user("new"))
    settings.PASSWORD_RESET_TIMEOUT = -1
    assert "The link is used or too old" in client.get(address, follow=True).content.decode()
