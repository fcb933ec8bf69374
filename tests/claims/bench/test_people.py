"""The administrators' pages."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from claims.models import Membership, ReviewPolicy
from entities.models import Conflict
from tests.factories import PASSWORD, make_conflict, make_user

pytestmark = pytest.mark.django_db
PEOPLE, POLICIES = "/bench/people/", "/bench/policies/"
LINK = re.compile(r'value="http://testserver(/welcome/[^"]+/)"')


@pytest.fixture
def chief(client: Client) -> User:
    user = make_user("chief", role="administrator", is_staff=False)
    client.force_login(user)
    return user


@pytest.fixture
def sudan() -> Conflict:
    return make_conflict("sudan", "War in Sudan", ())


def page(client: Client, address: str = PEOPLE) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def give(
    client: Client, name: str, role: str = "editor", conflict: str = "", do: str = "give"
) -> Any:
    data = {"username": name, "role": role, "conflict": conflict, "do": do}
    return client.post(PEOPLE, data)


@pytest.mark.usefixtures("chief")
def test_an_invited_user_sets_a_password_by_the_link_that_is_shown_once(client: Client) -> None:
    make_conflict()
    response = give(client, "olena", conflict="ukraine", do="invite")
    assert response["Cache-Control"] == "max-age=0, no-cache, no-store, must-revalidate, private"
    [link] = LINK.findall(response.content.decode())
    assert "invited: no password yet" in response.content.decode()
    assert not LINK.search(page(client))
    other = Client()
    form = other.get(link, follow=True).redirect_chain[-1][0]
    other.post(form, {"new_password1": "a long passphrase", "new_password2": "a long passphrase"})
    user = User.objects.get(username="olena")
    assert other.session["_auth_user_id"] == str(user.pk)
    assert set(user.memberships.values_list("conflict__slug", "role")) == {("ukraine", "editor")}
    assert "invited: no password yet" not in page(client)


def test_who_did_what_is_listed(client: Client, chief: User) -> None:
    make_conflict()
    user = make_user("olena", role="")
    give(client, "Olena", "reader", "ukraine")
    held = user.memberships.get()
    client.post(f"{PEOPLE}roles/{held.pk}/", {"do": "change", "role": "adjudicator"})
    client.post(f"{PEOPLE}roles/{held.pk}/", {"do": "take"})
    said = re.findall(r"</time> (olena .*?) <span class=\"quiet\">(.*?)</span>", page(client))
    assert said == [
        ("olena is no longer adjudicator: Russo-Ukrainian war", "by chief"),
        ("olena is now adjudicator: Russo-Ukrainian war", "by chief"),
        ("olena is reader: Russo-Ukrainian war", "by chief"),
    ]


@pytest.mark.usefixtures("chief")
def test_what_was_typed_stays_when_it_is_refused(client: Client) -> None:
    response = give(client, "nobody <b>", "analyst")
    assert response.status_code == 422
    text = response.content.decode()
    assert "Nobody is called nobody &lt;b&gt;: check the spelling" in text
    assert 'value="nobody &lt;b&gt;"' in text
    assert '<option value="analyst" selected>' in text
    make_user("olena")
    assert "Somebody has this name already." in give(client, "OLENA", do="invite").content.decode()
    assert "Whose role?" in give(client, "").content.decode()


def test_the_last_administrator_is_told(client: Client, chief: User) -> None:
    for address, data in (
        (f"{PEOPLE}roles/{chief.memberships.get().pk}/", {"do": "take"}),
        (f"{PEOPLE}accounts/{chief.pk}/", {"do": "close"}),
    ):
        text = client.post(address, data, follow=True).content.decode()
        assert "Somebody must be left who manages all conflicts: this is the last." in text
    assert client.get(PEOPLE).status_code == 200


def test_who_manages_one_conflict_sees_it_alone(client: Client, sudan: Conflict) -> None:
    here = make_conflict()
    client.force_login(make_user("one", role="administrator", conflict=here, is_staff=False))
    make_user("far", role="editor", conflict=sudan)
    both = make_user("both", role="editor", conflict=sudan)
    Membership.objects.create(user=both, conflict=here, role="reader")
    Membership.objects.create(user=both, conflict=None, role="analyst")
    text = page(client)
    assert "far" not in re.findall(r'role="rowheader">(\w+)', text)
    assert "War in Sudan" not in text
    assert text.count('name="do" value="take"') == 2
    assert text.count('name="do" value="link"') == 0
    assert give(client, "far", conflict="sudan").status_code == 422
    assert give(client, "far").status_code == 422
    assert give(client, "far", conflict="ukraine").status_code == 302
    assert "War in Sudan" not in page(client, POLICIES)
    assert "places of no conflict" not in page(client, POLICIES)


def test_an_account_is_closed_and_opened(client: Client, chief: User) -> None:
    user = make_user("olena")
    address = f"{PEOPLE}accounts/{user.pk}/"
    client.post(address, {"do": "close"})
    assert "account closed" in page(client)
    assert Client().login(username="olena", password=PASSWORD) is False
    client.post(address, {"do": "open"})
    assert Client().login(username="olena", password=PASSWORD) is True
    assert client.post(address, {"do": "delete"}).status_code == 404


@pytest.mark.usefixtures("chief")
def test_policies_are_laid_down_by_conflict(client: Client, sudan: Conflict) -> None:
    make_conflict()
    data = {"conflict": "sudan", "second_reading": "share", "share": "25"}
    assert client.post(POLICIES, data)["Location"] == POLICIES
    policy = ReviewPolicy.objects.get()
    assert (policy.conflict, policy.second_reading, policy.share) == (sudan, "share", 25)
    response = client.post(POLICIES, {**data, "share": "250"})
    text = response.content.decode()
    assert response.status_code == 422
    assert "less than or equal to 100" in text
    assert 'value="250"' in text
    assert client.post(POLICIES, {**data, "conflict": "nowhere"}).status_code == 404
    policy.refresh_from_db()
    assert policy.share == 25


@pytest.mark.usefixtures("chief")
@pytest.mark.parametrize(("address", "queries"), [(PEOPLE, 11), (POLICIES, 5)])
def test_queries_do_not_grow_with_people(
    client: Client, django_assert_num_queries: Any, address: str, queries: int
) -> None:
    for number in range(2):
        for name in ("a", "b"):
            conflict = make_conflict(f"war-{name}{number}", f"War {name}{number}", ())
            make_user(f"{name}{number}", role="editor", conflict=conflict)
            ReviewPolicy.objects.create(conflict=conflict)
        with django_assert_num_queries(queries):
            page(client, address)
