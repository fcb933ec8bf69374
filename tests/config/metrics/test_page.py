"""What is answered at /metrics, and to whom."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.db import OperationalError, connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families
from pytest_django import Settings

from claims.extraction.records import EXTRACTOR_VERSION
from claims.models import ExtractionRun
from claims.operations import workers
from tests.claims.operations.made import make_worker
from tests.factories import make_document, make_feed, make_webhook

pytestmark = pytest.mark.django_db
TOKEN = "of the tests, and long enough"
Samples = dict[tuple[str, tuple[tuple[str, str], ...]], float]


@pytest.fixture(autouse=True)
def _nobody_known() -> None:
    cache.clear()


@pytest.fixture
def token(settings: Settings) -> str:
    settings.METRICS_TOKEN = TOKEN
    return TOKEN


def ask(client: Client, authorization: str) -> Any:
    # By the name that a scraper knows the process by, without the proxy in front.
    headers = {"host": "web-1:8000", "Authorization": authorization}
    return client.get("/metrics", headers=headers)


def samples(response: HttpResponse) -> Samples:
    assert response.status_code == 200
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(response.content.decode())
        for sample in family.samples
    }


def of(found: Samples, name: str, **labels: str) -> float | None:
    return found.get((name, tuple(sorted(labels.items()))))


def test_without_a_token_there_is_no_such_address(client: Client, settings: Settings) -> None:
    settings.METRICS_TOKEN = ""
    assert client.get("/metrics", headers={"Authorization": "Bearer "}).status_code == 404


@pytest.mark.parametrize("given", ["", "Bearer", "Bearer ", f"Basic {TOKEN}", f"Bearer {TOKEN}x"])
def test_who_does_not_know_the_token_is_told_nothing(
    client: Client, token: str, given: str
) -> None:
    response = ask(client, given)
    assert (response.status_code, response.content) == (401, b"A token is needed.\n")
    assert response["WWW-Authenticate"] == 'Bearer realm="metrics"'


def test_queues_feeds_webhooks_and_workers(client: Client, token: str) -> None:
    now = timezone.now()
    run = ExtractionRun.objects.create(
        document=make_document(), extractor_version=EXTRACTOR_VERSION
    )
    ExtractionRun.objects.filter(pk=run.pk).update(waiting_since=now - timedelta(minutes=10))
    make_feed(failures=2, failing_since=now, error="It does not answer.")
    make_webhook()
    workers.put(make_worker("celery@one", at=now))
    workers.put(make_worker("celery@two", at=now - timedelta(minutes=5)))
    workers.swept()
    found = samples(ask(client, f"Bearer {token}"))
    assert of(found, "claims_queue_jobs", queue="documents", state="waiting") == 1
    assert of(found, "claims_queue_jobs", queue="deliveries", state="failed") == 1
    lag = of(found, "claims_extraction_lag_seconds")
    assert lag is not None
    assert 600 <= lag < 900
    assert of(found, "claims_queue_oldest_seconds", queue="documents") == lag
    assert of(found, "claims_feeds", state="failing") == 1
    assert of(found, "claims_webhooks", state="on") == 1
    assert of(found, "claims_worker_up", worker="celery@one") == 1
    assert of(found, "claims_worker_up", worker="celery@two") == 0
    assert of(found, "claims_worker_busy", worker="celery@one") == 1
    begun = {"worker": "celery@one", "task": "claims.tasks.extract"}
    assert of(found, "claims_worker_tasks_total", **begun) == 7
    age = of(found, "claims_sweep_age_seconds")
    assert age is not None
    assert 0 <= age < 300
    for server in ("database", "cache", "broker"):
        assert of(found, "claims_server_up", server=server) == 1


def test_what_does_not_answer_is_said_and_the_rest_is_told(
    client: Client, token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*args: object) -> None:
        raise OperationalError("the server is gone")

    workers.put(make_worker("celery@one", at=timezone.now()))
    monkeypatch.setattr(connection, "cursor", refuse)
    found = samples(ask(client, f"Bearer {token}"))
    assert of(found, "claims_server_up", server="database") == 0
    assert of(found, "claims_server_up", server="cache") == 1
    assert of(found, "claims_worker_up", worker="celery@one") == 1
    assert of(found, "claims_queue_jobs", queue="documents", state="waiting") is None


def test_requests_are_counted_by_their_pattern(client: Client, token: str) -> None:
    labels = {"method": "GET", "route": "keys/", "status": "200"}
    name = "claims_http_request_duration_seconds_count"
    before = of(samples(ask(client, f"Bearer {token}")), name, **labels) or 0
    client.get("/keys/?q=anything")
    assert of(samples(ask(client, f"Bearer {token}")), name, **labels) == before + 1


def test_as_many_queries_however_much_there_is(client: Client, token: str) -> None:
    def number() -> int:
        with CaptureQueriesContext(connection) as queries:
            ask(client, f"Bearer {token}")
        return len(queries)

    make_feed("https://courier.example/0.xml", succeeded_at=timezone.now(), new_at=None)
    few = number()
    for nth in range(1, 5):
        make_feed(f"https://courier.example/{nth}.xml", succeeded_at=timezone.now(), new_at=None)
        document = make_document(f"Text {nth}.")
        ExtractionRun.objects.create(document=document, extractor_version=EXTRACTOR_VERSION)
    assert number() == few
