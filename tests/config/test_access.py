"""Who gets to a page at all: reading open or closed, writing for roles that write."""

from __future__ import annotations

from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path

from claims.models import Membership
from config.urls import handler403
from config.urls import urlpatterns as ours
from tests.factories import make_conflict, make_user


def page(request: HttpRequest) -> HttpResponse:
    """A page whose author thought of nobody."""
    return HttpResponse("read" if request.method == "GET" else "written")


__all__ = ["handler403", "urlpatterns"]
urlpatterns = [*ours, path("new-page/", page)]
pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.config.test_access")]
READING = ["/", "/map/", "/claims/", "/api/", "/api/v1/towns/", "/api/schema/", "/new-page/"]


@pytest.mark.parametrize("address", READING)
def test_reading_is_open_to_everybody_where_it_is_public(client: Client, address: str) -> None:
    assert client.get(address).status_code == 200


@pytest.mark.parametrize("address", READING)
def test_closed_reading_needs_a_role_in_any_conflict(
    client: Client, settings: Any, address: str
) -> None:
    settings.PUBLIC_READING = False
    # No address of the API has this parameter, and who may not read is told nothing else.
    asked = {} if address.startswith("/api/v1/") else {"q": "Soledar"}
    refused = client.get(address, asked)
    if address.startswith("/api/") and address != "/api/":
        assert refused.status_code == 401
        assert refused["WWW-Authenticate"] == 'Bearer realm="api"'
    else:
        assert refused.status_code == 302
        assert refused["Location"] == f"/login/?next={address}%3Fq%3DSoledar"
    user = make_user("nobody-yet", role="")
    client.force_login(user)
    assert client.get(address).status_code == 403
    Membership.objects.create(user=user, conflict=make_conflict(), role="reader")
    assert client.get(address).status_code == 200


def test_who_has_no_role_is_told_whom_to_ask(client: Client, settings: Any) -> None:
    settings.PUBLIC_READING = False
    client.force_login(make_user(role=""))
    assert "You have no role yet: ask an administrator." in client.get("/").content.decode()


@pytest.mark.parametrize("public", [True, False])
@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_a_new_page_is_written_to_by_roles_that_write_alone(
    client: Client, settings: Any, public: bool, method: str
) -> None:
    settings.PUBLIC_READING = public
    write = getattr(client, method)
    assert write("/new-page/")["Location"] == "/login/?next=/new-page/"
    user = make_user(role="reader")
    client.force_login(user)
    assert write("/new-page/").status_code == 403
    user.memberships.update(role="analyst")
    assert write("/new-page/").content == b"written"
    user.is_active = False
    user.save()
    assert write("/new-page/").status_code == 302


@pytest.mark.parametrize("address", ["/login/", "/logout/", "/welcome/MQ/set-password/"])
def test_the_way_in_stays_open(client: Client, settings: Any, address: str) -> None:
    settings.PUBLIC_READING = False
    assert client.get(address).status_code == 200


def test_the_language_can_be_chosen_before_logging_in(client: Client, settings: Any) -> None:
    settings.PUBLIC_READING = False
    response = client.post("/language/", {"language": "uk", "next": "/login/"})
    assert (response.status_code, response["Location"]) == (302, "/login/")
    assert client.get("/login/").headers["Content-Language"] == "uk"


def test_open_reading_asks_no_database_who_it_is(
    client: Client, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(0):
        client.get("/new-page/")
