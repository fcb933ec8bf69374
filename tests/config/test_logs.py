"""What a line of the log says of the request or the task that it is about."""

from __future__ import annotations

import json
import logging
from typing import Any

import pytest
from celery import current_app, shared_task
from celery.app.trace import build_tracer
from celery.signals import before_task_publish
from django.conf import settings
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.sessions.backends.db import SessionStore
from django.http import HttpRequest
from django.test import Client, RequestFactory

from config import logs, requests
from tests.factories import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def lines(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    """What is logged, with what our filter adds, as the console's handler has it."""
    caplog.handler.addFilter(logs.About())
    caplog.set_level(logging.INFO)
    return caplog


def about(lines: pytest.LogCaptureFixture, logger: str) -> dict[str, Any]:
    [record] = [record for record in lines.records if record.name == logger]
    return dict(vars(record)["about"])


def test_a_proxys_id_is_taken_over_and_given_back(
    client: Client, lines: pytest.LogCaptureFixture
) -> None:
    response = client.get("/about/", headers={"X-Request-ID": "edge-7.1_a"})
    assert response["X-Request-ID"] == "edge-7.1_a"
    assert about(lines, "config.requests") == {"request_id": "edge-7.1_a"}


@pytest.mark.parametrize("given", ["", "two words", "line\u2028end", "x" * 65, '"}{"'])
def test_what_does_not_belong_into_a_log_is_no_id(client: Client, given: str) -> None:
    response = client.get("/about/", headers={"X-Request-ID": given})
    assert response["X-Request-ID"] != given
    assert len(bytes.fromhex(response["X-Request-ID"])) == 6


def test_each_request_is_a_line_with_its_user(
    client: Client, lines: pytest.LogCaptureFixture
) -> None:
    user = make_user()
    client.force_login(user)
    response = client.get("/bench/progress/?q=what+is+searched+for")
    [record] = [record for record in lines.records if record.name == "config.requests"]
    fields = vars(record)["fields"]
    assert fields.pop("milliseconds") >= 0
    assert fields == {
        "method": "GET",
        "path": "/bench/progress/",
        "route": "bench/progress/",
        "status": 200,
    }
    about_it = {"request_id": response["X-Request-ID"], "user_id": user.pk}
    assert vars(record)["about"] == about_it
    assert vars(record)["in_brackets"] == f" [request {about_it['request_id']}, user {user.pk}]"
    assert "searched" not in lines.text


def test_who_it_is_is_not_asked_for_a_line(
    rf: RequestFactory, django_assert_num_queries: Any
) -> None:
    request = rf.get("/about/")
    request.session = SessionStore("a session")
    AuthenticationMiddleware(lambda request: None).process_request(request)  # type: ignore[arg-type]
    logs.begin(request, "abc")
    record = logging.makeLogRecord({"msg": "something"})
    with django_assert_num_queries(0):
        assert logs.about(record) == {"request_id": "abc"}


def test_an_invitations_secret_is_not_in_the_log(
    client: Client, lines: pytest.LogCaptureFixture
) -> None:
    client.get("/welcome/MQ/c0ffee-0123456789abcdef/")
    assert "GET /welcome/MQ/…/ " in lines.text
    [told] = [one.getMessage() for one in lines.records if one.name == "config.requests"]
    assert "c0ffee" not in told


def test_the_path_is_told_without_secrets(rf: RequestFactory) -> None:
    request = rf.get("/welcome/MQ/c0ffee/")

    class Match:
        kwargs = {"uidb64": "MQ", "token": "c0ffee"}

    request.resolver_match = Match()  # type: ignore[assignment]
    assert requests.path_of(request) == "/welcome/MQ/…/"


def test_after_an_answer_lines_are_about_nothing(client: Client) -> None:
    client.get("/about/")
    assert logs.request_id() == ""
    assert logs.about(logging.makeLogRecord({"msg": "something"})) == {}


@shared_task
def noted(request_id: str = "") -> None:
    logging.getLogger("noted").info("at it")


def test_a_tasks_lines_have_its_id(lines: pytest.LogCaptureFixture) -> None:
    noted.apply(task_id="0badcafe")
    assert about(lines, "noted") == {"task": noted.name, "task_id": "0badcafe"}


def test_a_task_knows_the_request_that_woke_it(lines: pytest.LogCaptureFixture) -> None:
    logs.begin(HttpRequest(), "edge-7")
    sent: dict[str, Any] = {}
    try:
        before_task_publish.send(sender=noted.name, headers=sent)
    finally:
        logs._end()
    assert sent == {"woken_by": "edge-7"}
    # As a worker does it: what came with the message is the task's request.
    build_tracer(noted.name, noted, app=current_app)("0badcafe", [], {}, {"id": "0badcafe", **sent})
    woken = {"task": noted.name, "task_id": "0badcafe", "woken_by": "edge-7"}
    assert about(lines, "noted") == woken


def test_what_nobody_asked_for_is_woken_by_nobody() -> None:
    sent: dict[str, Any] = {}
    before_task_publish.send(sender=noted.name, headers=sent)
    assert sent == {}


def test_a_line_is_a_json_object() -> None:
    record = logging.makeLogRecord(
        {
            "name": "claims.runs",
            "levelname": "WARNING",
            "msg": "Document %s waits\nfor “it”",
            "args": ("4711",),
            "created": 1700000000.25,
            "process": 42,
            "about": {"task_id": "0badcafe"},
            "fields": {"status": 200},
            "request": "what other handlers want",
        }
    )
    written = logs.Json().format(record)
    assert "\n" not in written
    assert json.loads(written) == {
        "time": "2023-11-14T22:13:20.250Z",
        "level": "WARNING",
        "logger": "claims.runs",
        "message": "Document 4711 waits\nfor “it”",
        "process": 42,
        "task_id": "0badcafe",
        "status": 200,
    }


def test_a_failure_brings_its_traceback() -> None:
    try:
        raise ValueError("made up")
    except ValueError as error:
        told = (type(error), error, error.__traceback__)
    record = logging.makeLogRecord({"msg": "failed", "exc_info": told})
    written = json.loads(logs.Json().format(record))
    assert written["exc_info"].endswith("ValueError: made up")


def test_both_forms_are_in_the_settings() -> None:
    logging_settings: Any = settings.LOGGING
    assert set(logging_settings["formatters"]) == {"text", "json"}
