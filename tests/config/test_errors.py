"""What people, and programs under `/api/`, are answered when something goes wrong."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.db import SessionStore
from django.core.exceptions import BadRequest, PermissionDenied
from django.db import OperationalError
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.test import Client, RequestFactory
from pytest_django.fixtures import Settings

from config.errors import server_error
from config.logs import About
from tests.factories import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> Callable[[Exception], Client]:
    """A client that is answered rather than raised at, of a site whose list of towns, and list
    of actors in the API, raise an error."""

    def break_with(error: Exception) -> Client:
        def fail(*args: object, **kwargs: object) -> None:
            raise error

        monkeypatch.setattr("claims.views.towns.town_list", fail)
        monkeypatch.setattr("claims.api.views.ActorViewSet.get_queryset", fail)
        return Client(raise_request_exception=False)

    return break_with


def heading(response: HttpResponseBase) -> str:
    assert isinstance(response, HttpResponse)
    found = re.findall(r"<h1>(.*?)</h1>", response.content.decode())
    assert len(found) == 1
    return found[0]


@pytest.mark.parametrize(
    ("error", "status", "said"),
    [
        (BadRequest("odd"), 400, "The request was not understood"),
        (PermissionDenied(), 403, "This is not open to you"),
        (Http404(), 404, "Nothing here"),
        (OperationalError("the server is gone"), 500, "Something failed on our side"),
        (ValueError("<b>made up</b>"), 500, "Something failed on our side"),
    ],
)
def test_each_kind_has_a_page_that_leads_on(
    broken: Callable[[Exception], Client], error: Exception, status: int, said: str
) -> None:
    client = broken(error)
    client.force_login(make_user())
    response = client.get("/", headers={"referer": "http://testserver/about/"})
    assert (response.status_code, heading(response)) == (status, said)
    content = response.content.decode()
    assert '<a href="http://testserver/about/">Back</a>' in content
    assert '<a href="/documents/">All documents</a>' in content
    assert str(error) not in content or not str(error)


def test_another_site_is_no_way_back(client: Client) -> None:
    response = client.get("/nothing/", headers={"referer": "https://elsewhere.example/"})
    assert response.status_code == 404
    assert "Back" not in response.content.decode()


def test_an_unknown_host_is_told_what_to_do(client: Client) -> None:
    response = client.get("/", headers={"host": "other.example"})
    assert (response.status_code, heading(response)) == (400, "This site goes by another name")
    assert "CLAIMS_HOSTS" in response.content.decode()


def test_who_is_logged_in_is_told_as_whom(client: Client) -> None:
    client.force_login(make_user("helper", is_staff=True))
    response = client.get("/admin/claims/claim/")
    assert (response.status_code, heading(response)) == (403, "This is not open to you")
    assert "You are logged in as helper" in response.content.decode()


def test_a_form_without_its_token_is_explained() -> None:
    response = Client(enforce_csrf_checks=True).post("/admin/login/", {"username": "somebody"})
    assert (response.status_code, heading(response)) == (403, "The form was not taken")


def test_the_number_on_the_page_stands_in_the_log_with_the_error(
    broken: Callable[[Exception], Client], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.handler.addFilter(About())
    response = broken(ValueError("made up")).get("/")
    [number] = re.findall(r"<code>([0-9a-f]{12})</code>", response.content.decode())
    [record] = [record for record in caplog.records if record.levelno == logging.ERROR]
    assert vars(record)["about"] == {"request_id": number}
    assert vars(record)["in_brackets"] == f" [request {number}]"
    assert response.headers["X-Request-ID"] == number
    assert record.exc_info is not None
    assert str(record.exc_info[1]) == "made up"


def test_the_page_of_a_failure_asks_no_database(
    rf: RequestFactory, django_assert_num_queries: Callable
) -> None:
    request = rf.get("/towns/anywhere/")
    request.session, request.user = SessionStore("a session"), AnonymousUser()
    with django_assert_num_queries(0):
        response = server_error(request)
    assert heading(response) == "Something failed on our side"


def test_the_page_of_a_failure_needs_no_collected_static_files(
    broken: Callable[[Exception], Client], settings: Settings, tmp_path: Path
) -> None:
    manifest = "whitenoise.storage.CompressedManifestStaticFilesStorage"
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": manifest}}
    response = broken(ValueError("made up")).get("/")
    assert (response.status_code, heading(response)) == (500, "Something failed on our side")
    assert "stylesheet" not in response.content.decode()


@pytest.mark.parametrize("address", ["nothing/", "v1/", "v1/nothing/", "v1/towns/nothing/"])
def test_an_unknown_address_of_the_api_is_a_problem(client: Client, address: str) -> None:
    response = client.get(f"/api/{address}")
    assert (response.status_code, response["Content-Type"]) == (404, "application/problem+json")
    told = response.json()
    assert (told["type"], told["title"], told["status"]) == ("about:blank", "Not Found", 404)


@pytest.mark.parametrize(
    ("error", "status", "detail"),
    [
        (BadRequest("odd"), 400, "Malformed request."),
        (PermissionDenied("Not this one."), 403, "Not this one."),
        (OperationalError("the server is gone"), 500, "Something failed on our side. In our log"),
    ],
)
def test_whatever_fails_in_the_api_is_answered_with_a_problem(
    broken: Callable[[Exception], Client], error: Exception, status: int, detail: str
) -> None:
    response = broken(error).get("/api/v1/actors/")
    told = response.json()
    assert (response.status_code, response["Content-Type"]) == (status, "application/problem+json")
    assert told["detail"].startswith(detail)
    if status == 500:
        assert told["instance"] == f"urn:claims:error:{told['error_id']}"
        assert str(error) not in response.content.decode()


def test_an_unknown_host_is_told_so_in_a_problem(client: Client) -> None:
    response = client.get("/api/v1/towns/", headers={"host": "other.example"})
    assert (response.status_code, response["Content-Type"]) == (400, "application/problem+json")
    assert response.json() == {
        "type": "about:blank",
        "title": "Bad Request",
        "status": 400,
        "detail": "The site is not known by this host name.",
    }


def test_health_needs_neither_host_nor_https(client: Client, settings: Settings) -> None:
    settings.SECURE_SSL_REDIRECT = True
    response = client.get("/healthz", headers={"host": "10.0.0.1"})
    assert (response.status_code, response.content) == (200, b"ok\n")


def test_health_says_that_the_database_is_gone(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse() -> None:
        raise OperationalError("the server is gone")

    monkeypatch.setattr("config.health.connection.cursor", refuse)
    monkeypatch.setattr("config.health.broker_answers", lambda: True)
    response = client.get("/readyz")
    assert (response.status_code, response.content) == (503, b"no answer: database\n")
