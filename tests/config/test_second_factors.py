"""Second factors: set up, asked for at the log-in, lost, removed, and needed by a role. Passkeys
are tested with a browser's own: tests/browser/test_passkeys.py."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import struct
import time
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import User
from django.contrib.auth.tokens import default_token_generator
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from claims.access import guessing, keys, managing
from tests.factories import PASSWORD, make_conflict, make_user

pytestmark = pytest.mark.django_db
WRONG = "000000"


@pytest.fixture(autouse=True)
def _no_attempts_yet() -> None:
    cache.clear()


def code(key: str, steps: int = 0) -> str:
    """What an app shows (RFC 6238), so many steps of 30 seconds from now."""
    counter = struct.pack(">Q", int(time.time()) // 30 + steps)
    digest = hmac.new(base64.b32decode(key), counter, hashlib.sha1).digest()
    at = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[at : at + 4])[0] & 0x7FFFFFFF) % 10**6:06}"


def log_in(client: Client, name: str = "ann", **data: str) -> Any:
    return client.post("/login/", {"username": name, "password": PASSWORD, **data})


def logged_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def confirm(client: Client, where: str) -> str:
    """The page `where`, which asks for the password first."""
    asked = client.get(where)
    assert asked["Location"] == f"/account/confirm/?next={where.replace('/', '%2F')}"
    answer = client.post("/account/confirm/", {"password": PASSWORD, "next": where})
    assert (answer.status_code, answer["Location"]) == (302, where)
    return client.get(where).content.decode()


def key_on(page: str) -> str:
    fours = re.findall(r"<span>([A-Z2-7]{4})</span>", page)
    assert len(fours) == 8
    return "".join(fours)


def set_up(user: User) -> tuple[str, list[str]]:
    """The key that the user's app has from now on, and the recovery codes."""
    client = Client()
    client.force_login(user)
    key = key_on(confirm(client, "/account/app/"))
    page = client.post("/account/app/", {"code": code(key)}, follow=True).content.decode()
    cache.clear()  # the code counts as used: tests go on within the same half minute
    return key, re.findall(r"<li><code>(\d{8})</code></li>", page)


def test_an_app_is_set_up_after_the_password_and_a_code(client: Client) -> None:
    client.force_login(make_user("ann"))
    key = key_on(confirm(client, "/account/app/"))
    wrong = client.post("/account/app/", {"code": WRONG})
    assert "Incorrect code." in wrong.content.decode()
    assert key_on(wrong.content.decode()) == key
    done = client.post("/account/app/", {"code": code(key)})
    assert done["Location"] == "/account/codes/"
    page = client.get("/account/codes/").content.decode()
    assert len(set(re.findall(r"<li><code>(\d{8})</code></li>", page))) == 10
    assert "10 codes are left" in client.get("/account/codes/").content.decode()
    assert "10 are left" in client.get("/account/").content.decode()


def test_secrets_are_not_in_the_database(settings: Any) -> None:
    user = make_user("ann")
    key, _ = set_up(user)
    assert key not in str(list(Authenticator.objects.values()))
    settings.SECRET_KEY = "another"
    client = Client()
    log_in(client)
    page = client.post("/login/second/", {"code": code(key)}).content.decode()
    assert "cannot be read any more: ask an administrator" in page
    assert not logged_in(client)


def test_the_password_must_be_right_where_it_is_asked_for_again(client: Client) -> None:
    client.force_login(make_user("ann"))
    page = client.post("/account/confirm/", {"password": "guess", "next": "/account/app/"})
    assert "Incorrect password." in page.content.decode()
    assert '<input type="hidden" name="next" value="/account/app/">' in page.content.decode()
    assert client.get("/account/app/").status_code == 302


def test_guessing_there_counts_as_guessing_at_the_log_in(client: Client) -> None:
    client.force_login(make_user("ann"))
    for number in range(guessing.PER_ACCOUNT - 1):
        client.post("/account/confirm/", {"password": f"guess {number}"})
    for number in range(2):
        Client().post("/login/", {"username": "ann", "password": f"another guess {number}"})
    assert log_in(Client()).status_code == 429
    page = client.post("/account/confirm/", {"password": PASSWORD})
    assert "Too many attempts to log in. Try again in 15 minutes." in page.content.decode()


def test_a_log_in_has_two_steps(client: Client) -> None:
    key, _ = set_up(make_user("ann"))
    response = log_in(client, next="/map/")
    assert (response.status_code, response["Location"]) == (302, "/login/second/")
    assert not logged_in(client)
    assert client.get("/account/")["Location"] == "/login/?next=/account/"
    assert "Incorrect code." in client.post("/login/second/", {"code": WRONG}).content.decode()
    assert not logged_in(client)
    response = client.post("/login/second/", {"code": code(key)})
    assert (response.status_code, response["Location"]) == (302, "/map/")
    assert logged_in(client)


def test_a_code_is_used_once() -> None:
    key, _ = set_up(make_user("ann"))
    now = code(key)
    first, second = Client(), Client()
    for client in (first, second):
        log_in(client)
        client.post("/login/second/", {"code": now})
    assert (logged_in(first), logged_in(second)) == (True, False)


def test_a_recovery_code_lets_in_once() -> None:
    _, codes = set_up(make_user("ann"))
    first, second = Client(), Client()
    for client in (first, second):
        log_in(client)
        client.post("/login/second/", {"code": codes[0]})
    assert (logged_in(first), logged_in(second)) == (True, False)
    assert "9 are left" in first.get("/account/").content.decode()


def test_guessing_codes_ends_even_with_the_right_one(client: Client) -> None:
    key, _ = set_up(make_user("ann"))
    log_in(client)
    for _ in range(5):
        client.post("/login/second/", {"code": WRONG})
    page = client.post("/login/second/", {"code": code(key)}).content.decode()
    assert "Too many failed login attempts" in page
    assert not logged_in(client)


def test_there_is_no_second_step_without_the_first(client: Client) -> None:
    key, _ = set_up(make_user("ann"))
    assert client.get("/login/second/")["Location"] == "/login/"
    assert client.post("/login/second/", {"code": code(key)})["Location"] == "/login/"
    assert not logged_in(client)


def test_a_link_to_set_a_password_is_no_way_round(client: Client) -> None:
    user = make_user("ann")
    set_up(user)
    uid, token = (
        urlsafe_base64_encode(force_bytes(user.pk)),
        default_token_generator.make_token(user),
    )
    form = client.get(f"/welcome/{uid}/{token}/")["Location"]
    new = "quite another password"
    response = client.post(form, {"new_password1": new, "new_password2": new})
    assert response["Location"] == "/login/second/"
    assert not logged_in(client)


def test_an_app_is_removed_with_the_recovery_codes(client: Client) -> None:
    user = make_user("ann")
    set_up(user)
    client.force_login(user)
    assert "Ask for them no more" in confirm(client, "/account/app/off/")
    client.post("/account/app/off/")
    assert not Authenticator.objects.exists()
    assert log_in(Client())["Location"] == "/"


def test_new_recovery_codes_end_the_earlier(client: Client) -> None:
    user = make_user("ann")
    _, codes = set_up(user)
    client.force_login(user)
    confirm(client, "/account/codes/new/")
    page = client.post("/account/codes/new/", follow=True).content.decode()
    new = re.findall(r"<li><code>(\d{8})</code></li>", page)
    assert len(new) == 10
    assert set(new).isdisjoint(codes)


@pytest.mark.parametrize("sent", ["", "null", "[]", '"x"', "{}", "nonsense", '{"response": 1}'])
def test_what_is_no_passkey_is_refused_in_words(client: Client, sent: str) -> None:
    set_up(make_user("ann"))
    asked = client.get("/login/passkey/", headers={"Accept": "application/json"}).json()
    assert asked["request_options"]["publicKey"]["userVerification"] == "required"
    response = client.post("/login/passkey/", {"credential": sent})
    assert (response.status_code, response["Location"]) == (302, "/login/")
    log_in(client)
    assert client.post("/login/second/", {"credential": sent}).status_code == 200
    assert not logged_in(client)


def test_passkeys_of_others_are_nobodys_business(client: Client) -> None:
    other = Authenticator.objects.create(
        user=make_user("bob"), type=Authenticator.Type.WEBAUTHN, data={"name": "phone"}
    )
    client.force_login(make_user("ann"))
    where = f"/account/passkeys/{other.pk}/off/"
    client.get(where)
    client.post("/account/confirm/", {"password": PASSWORD, "next": "/account/"})
    assert client.get(where).status_code == client.post(where).status_code == 404
    assert Authenticator.objects.filter(pk=other.pk).exists()


def test_whoever_removes_the_last_one_is_told_what_is_left(client: Client, settings: Any) -> None:
    settings.SECOND_FACTOR_ROLES = ["administrator"]
    user = make_user("ann", role="administrator")
    keys_of = {"user": user, "type": Authenticator.Type.WEBAUTHN}
    phone = Authenticator.objects.create(**keys_of, data={"name": "phone"})
    client.force_login(user)
    page = confirm(client, f"/account/passkeys/{phone.pk}/off/")
    assert "It is the only second factor of the account." in page
    assert "without one the account may do nothing by its roles." in page
    Authenticator.objects.create(**keys_of, data={"name": "laptop"})
    page = client.get(f"/account/passkeys/{phone.pk}/off/").content.decode()
    assert "the only second factor" not in page
    assert "by its roles" not in page


def test_an_administrator_removes_what_somebody_has_lost(client: Client) -> None:
    user = make_user("ann", role="editor")
    set_up(user)
    client.force_login(make_user("chief", role="administrator"))
    page = client.get("/bench/people/").content.decode()
    assert "Remove the second factors of ann" in page
    assert "Remove the second factors of chief" not in page
    client.post(f"/bench/people/accounts/{user.pk}/", {"do": "factors"})
    assert not Authenticator.objects.exists()
    assert log_in(Client())["Location"] == "/"


def test_who_manages_one_conflict_removes_none(client: Client) -> None:
    here = make_conflict()
    user = make_user("ann", role="editor", conflict=here)
    set_up(user)
    chief = make_user("chief", role="administrator", conflict=here, is_staff=False)
    with pytest.raises(PermissionDenied, match="administrator"):
        managing.remove_second_factors(user=user, by=chief)
    assert Authenticator.objects.filter(user=user).count() == 2


def test_administrators_are_told_whose_password_is_guessed_at(client: Client) -> None:
    make_user("ann")
    for _ in range(guessing.PER_ACCOUNT + 1):
        Client().post("/login/", {"username": "ann", "password": "guess"})
    client.force_login(make_user("chief", role="administrator"))
    page = client.get("/bench/people/").content.decode()
    assert page.count("locked: too many wrong passwords") == 1


def test_a_role_that_needs_one_does_nothing_without(client: Client, settings: Any) -> None:
    settings.SECOND_FACTOR_ROLES = ["administrator"]
    chief, editor = make_user("chief", role="administrator"), make_user("ed", role="editor")
    of_editor = Client()
    of_editor.force_login(editor)
    assert of_editor.get("/bench/").status_code in (200, 302)
    client.force_login(chief)
    for address in ("/bench/people/", "/account/keys/all/"):
        assert client.get(address)["Location"] == "/account/"
    assert client.post("/bench/people/")["Location"] == "/account/"
    assert client.get("/admin/", follow=True).redirect_chain[-1] == ("/account/", 302)
    page = client.get("/account/").content.decode()
    assert "Your role needs a second factor: set up an app or a passkey." in page
    set_up(chief)
    assert client.get("/bench/people/").status_code == 200
    assert client.get("/admin/").status_code == 200
    assert "Your role needs" not in client.get("/account/").content.decode()


def test_a_key_of_such_an_account_reads_nothing_that_is_closed(settings: Any) -> None:
    chief = make_user("chief", role="administrator")
    _, key = keys.make(by=chief, name="nightly", scopes=["read"])
    settings.PUBLIC_READING = False
    client = Client(headers={"Authorization": f"Bearer {key}"})
    assert client.get("/api/v1/claims/").status_code == 200
    settings.SECOND_FACTOR_ROLES = ["administrator"]
    assert client.get("/api/v1/claims/").status_code == 403


def test_the_admin_shows_no_secrets(client: Client) -> None:
    client.force_login(make_user("root", superuser=True))
    page = client.get("/admin/").content.decode()
    assert "/admin/claims/" in page
    assert not re.findall(r'href="/admin/(?:mfa|account|socialaccount)/', page)
