"""What the health checks of containers and load balancers are told."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from celery import current_app
from django.db import OperationalError, connection
from django.test import Client


@pytest.fixture
def broker(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A broker that nobody is at, and no connection kept from another test."""
    before = current_app.conf.broker_url
    monkeypatch.setattr(current_app, "_pool", None)
    current_app.conf.update(broker_url="redis://127.0.0.1:1/0")
    yield "broker"
    current_app.conf.update(broker_url=before)


def refuse(*args: object) -> None:
    raise OperationalError("the server is gone")


def test_process_lives_under_any_host_without_database(client: Client) -> None:
    answer = client.get("/healthz", headers={"host": "10.0.0.7:8000"})
    assert (answer.status_code, answer.content) == (200, b"ok\n")


@pytest.mark.django_db
def test_ready_with_database_and_broker(client: Client) -> None:
    answer = client.get("/readyz", headers={"host": "10.0.0.7:8000"})
    assert (answer.status_code, answer.content) == (200, b"ok\n")


@pytest.mark.django_db
def test_missing_broker_is_named(client: Client, broker: str) -> None:
    answer = client.get("/readyz")
    assert (answer.status_code, answer.content) == (503, b"no answer: broker\n")


def test_all_that_is_missing_is_named(
    client: Client, broker: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "cursor", refuse)
    answer = client.get("/readyz")
    assert (answer.status_code, answer.content) == (503, b"no answer: database, broker\n")
