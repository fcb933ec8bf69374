"""Where else an account is open, and its end there."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from config.sessions import OpenSession
from tests.factories import PASSWORD, make_user

pytestmark = pytest.mark.django_db
END = "/account/sessions/end/"


@pytest.fixture
def ann() -> User:
    return make_user("ann")


@pytest.fixture
def here(ann: User) -> Client:
    return opened(ann)


def opened(user: User, since: datetime | None = None) -> Client:
    client = Client()
    client.force_login(user)
    if since is not None:
        session = client.session
        session["account_authentication_methods"] = [
            {"method": "password", "at": since.timestamp()},
            {"method": "password", "at": time.time(), "reauthenticated": True},
        ]
        session.save()
    return client


def is_open(client: Client) -> bool:
    return client.get("/account/").status_code == 200


def shown(client: Client) -> list[OpenSession]:
    return list(client.get("/account/").context["elsewhere"])


def test_others_are_shown_the_latest_first_and_nobody_elses(here: Client, ann: User) -> None:
    assert "nowhere" in here.get("/account/").content.decode()
    days = [datetime(2026, 1, day, 18, 5, tzinfo=UTC) for day in (3, 7)]
    for day in days:
        opened(ann, day)
    opened(ann)
    opened(make_user("ben"))
    Client().get("/login/")
    ended = opened(ann)
    Session.objects.filter(pk=ended.session.session_key).update(
        expire_date=timezone.now() - timedelta(seconds=1)
    )
    assert [one.since for one in shown(here)] == [days[1], days[0], None]
    page = here.get("/account/").content.decode()
    assert "since 7 January 2026, 18:05 (UTC)" in page
    assert not [one for one in Session.objects.all() if one.pk in page]


def test_one_is_ended_or_all_are_and_this_one_goes_on(here: Client, ann: User) -> None:
    one, two, three = (opened(ann, datetime(2026, 1, day, tzinfo=UTC)) for day in (3, 2, 1))
    bens = opened(make_user("ben"))
    name = shown(here)[0].name
    done = here.post(END, {"session": name}, follow=True)
    assert "1 log-in is ended." in done.content.decode()
    assert [is_open(client) for client in (here, one, two, three, bens)] == [True, False] + [
        True
    ] * 3
    again = here.post(END, {"session": name}, follow=True)
    assert "It was ended already." in again.content.decode()
    assert "2 log-ins are ended." in here.post(END, follow=True).content.decode()
    assert [is_open(client) for client in (here, two, three, bens)] == [True, False, False, True]


def test_somebody_elses_is_not_ended(here: Client, ann: User) -> None:
    bens = opened(make_user("ben"))
    name = OpenSession(bens.session.session_key or "", None).name
    here.post(END, {"session": name})
    assert is_open(bens)


def test_a_new_password_has_ended_the_others(here: Client, ann: User) -> None:
    opened(ann)
    fields = {
        "old_password": PASSWORD,
        "new_password1": "battery horse",
        "new_password2": "battery horse",
    }
    assert here.post("/password/", fields).status_code == 302
    assert shown(here) == []


def test_it_takes_a_log_in_and_a_form(ann: User) -> None:
    assert Client().post(END)["Location"].startswith("/login/")
    client = opened(ann)
    assert client.get(END).status_code == 405
