"""The page of one's keys, and that of everybody's."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from claims.access import keys
from claims.models import ApiKey
from tests.factories import make_conflict, make_user

pytestmark = pytest.mark.django_db
PAGE, ALL = "/account/keys/", "/account/keys/all/"
KEY = re.compile(r"cck_[\w-]{43}")


@pytest.fixture
def editor(client: Client) -> User:
    user = make_user()
    client.force_login(user)
    return user


def post(client: Client, name: str = "nightly", *scopes: str, expires: str = "90") -> Any:
    data = {"name": name, "scopes": scopes or ("read",), "expires": expires}
    return client.post(PAGE, data)


def text(response: Any) -> str:
    return str(response.content.decode())


def shown(response: Any) -> str:
    """The key that the answer shows, once to see and once to copy."""
    assert response.status_code == 200
    assert "no-store" in response["Cache-Control"]
    seen, copied = KEY.findall(text(response))
    assert seen == copied
    return str(seen)


@pytest.mark.parametrize(
    ("expires", "days"), [("30", 30), ("90", 90), ("365", 365), ("never", None)]
)
def test_a_key_is_shown_once(client: Client, editor: User, expires: str, days: int | None) -> None:
    response = post(client, "nightly", "read", "write", expires=expires)
    row = keys.authenticate(shown(response))
    assert (row.user, row.name, row.scopes) == (editor, "nightly", ["read", "write"])
    if days is None:
        assert row.expires_at is None
    else:
        assert row.expires_at is not None
        ends = timezone.now() + timedelta(days=days)
        assert abs(row.expires_at - ends) < timedelta(minutes=1)
    page = text(client.get(PAGE))
    assert not KEY.search(page)
    assert f"{row.prefix}…" in page
    assert "read, write" in page
    again = post(client)  # as by loading the page again
    assert again.status_code == 422
    assert "Another key of yours has this name." in text(again)
    assert ApiKey.objects.count() == 1


@pytest.mark.parametrize(
    ("data", "told"),
    [
        ({"scopes": ["read"], "expires": "90"}, "Name the program that it is for."),
        ({"name": "nightly", "expires": "90"}, "Choose what the key is for."),
        ({"name": "nightly", "scopes": ["all"], "expires": "90"}, "all is not one of"),
        ({"name": "nightly", "scopes": ["read"], "expires": "1"}, "1 is not one of"),
    ],
)
def test_what_is_typed_wrongly_is_told_and_kept(
    client: Client, editor: User, data: dict[str, Any], told: str
) -> None:
    response = client.post(PAGE, data)
    assert response.status_code == 422
    assert told in text(response)
    assert f'value="{data.get("name", "")}"' in text(response) or "name" not in data
    assert not ApiKey.objects.exists()


def test_readers_have_keys_too_which_read(client: Client) -> None:
    client.force_login(make_user("reader", role="reader", conflict=make_conflict()))
    offered = re.findall(r'name="scopes" value="(\w+)"', text(client.get(PAGE)))
    assert offered == ["read"]
    assert post(client, "nightly", "export").status_code == 422
    assert keys.authenticate(shown(post(client))).scopes == ["read"]


def test_who_has_no_role_has_no_keys(client: Client) -> None:
    response = client.get(PAGE)
    assert (response.status_code, response["Location"]) == (302, f"/login/?next={PAGE}")
    client.force_login(make_user("nobody-yet", role=""))
    for response in (client.get(PAGE), post(client)):
        assert response.status_code == 403
        assert "You have no role yet: ask an administrator." in text(response)
    assert not ApiKey.objects.exists()


@pytest.mark.parametrize(
    ("overlap", "state"), [("week", "works"), ("day", "works"), ("now", "revoked")]
)
def test_rotating(client: Client, editor: User, overlap: str, state: str) -> None:
    old = keys.authenticate(shown(post(client)))
    address = f"{PAGE}{old.pk}/rotate/"
    new = keys.authenticate(shown(client.post(address, {"overlap": overlap})))
    old.refresh_from_db()
    assert new.rotates == old
    assert old.state(timezone.now()) == state
    assert f"replaced by {new.prefix}…" in text(client.get(PAGE))
    again = client.post(address, {"overlap": overlap}, follow=True)
    assert not KEY.search(text(again))
    assert ("A new key was made" if state == "works" else "works no more") in text(again)
    assert ApiKey.objects.count() == 2
    for wrong in ({}, {"overlap": "always"}):
        assert client.post(f"{PAGE}{new.pk}/rotate/", wrong).status_code == 404


def test_nobody_else_rotates_a_key_or_sees_it(client: Client, editor: User) -> None:
    row, _ = keys.make(by=make_user("another"), name="theirs", scopes=["read"])
    assert "theirs" not in text(client.get(PAGE))
    client.force_login(make_user("chief", role="administrator"))
    assert client.post(f"{PAGE}{row.pk}/rotate/", {"overlap": "now"}).status_code == 404
    assert ApiKey.objects.get().revoked_at is None


def test_revoking_ones_own(client: Client, editor: User) -> None:
    key = shown(post(client))
    row = keys.authenticate(key)
    response = client.post(f"{PAGE}{row.pk}/revoke/", follow=True)
    assert response.redirect_chain == [(PAGE, 302)]
    assert f"Revoked: {row.prefix}… (nightly)" in text(response)
    with pytest.raises(keys.Refused):
        keys.authenticate(key)
    assert client.get(f"{PAGE}{row.pk}/revoke/").status_code == 405


def test_names_are_shown_as_they_are_typed(client: Client, editor: User) -> None:
    page = text(post(client, "<script>alert(1)</script>"))
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


def test_administrators_see_everybodys_keys(
    client: Client, editor: User, django_assert_num_queries: Any
) -> None:
    row, _ = keys.make(by=editor, name="nightly", scopes=["read"])
    client.force_login(make_user("chief", role="administrator"))
    with django_assert_num_queries(7):
        page = text(client.get(ALL))
    assert "nightly" in page
    assert f"{row.prefix}…, nightly, of editor is made" in page
    response = client.post(f"{PAGE}{row.pk}/rate/", {"rate": "1200"}, follow=True)
    assert response.redirect_chain == [(ALL, 302)]
    for wrong in ("", "0", "-5", "many", "60001"):
        response = client.post(f"{PAGE}{row.pk}/rate/", {"rate": wrong}, follow=True)
        assert "From 1 to 60000 requests a minute." in text(response)
    row.refresh_from_db()
    assert row.rate == 1200
    response = client.post(f"{PAGE}{row.pk}/revoke/", follow=True)
    assert response.redirect_chain == [(ALL, 302)]
    said = re.findall(r"</time> (.*?) <span class=\"quiet\">by (\w+)", text(response))
    named = f"{row.prefix}…, nightly, of editor"
    assert said == [
        (f"{named} is revoked", "chief"),
        (f"{named} has another end or rate", "chief"),
        (f"{named} is made", "editor"),
    ]


def test_the_number_of_queries_is_that_of_one_key(
    client: Client, editor: User, django_assert_num_queries: Any
) -> None:
    for number in range(5):
        keys.make(by=editor, name=f"program {number}", scopes=["read"])
    with django_assert_num_queries(4):
        client.get(PAGE)
    client.force_login(make_user("chief", role="administrator"))
    with django_assert_num_queries(7):
        client.get(ALL)
