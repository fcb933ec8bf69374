"""The page of operations: what it shows, and what its buttons do."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from kombu.exceptions import OperationalError
from redis.exceptions import ConnectionError

from claims.extraction.records import EXTRACTOR_VERSION
from claims.models import ExtractionRun
from claims.operations import workers
from sources.models import BulkImport
from tests.claims.operations.made import make_worker
from tests.factories import make_document, make_user, make_webhook

pytestmark = pytest.mark.django_db


@pytest.fixture
def chief(client: Client) -> Client:
    client.force_login(make_user("chief", role="administrator"))
    return client


def text(client: Client) -> str:
    response = client.get("/operations/")
    assert response.status_code == 200
    words = re.sub(r"<[^>]+>", " ", response.content.decode().partition("<main")[2])
    return " ".join(words.split())


def make_failed(title: str, error: str = "ValueError: no root") -> ExtractionRun:
    return ExtractionRun.objects.create(
        document=make_document(f"Text of {title}.", title=title),
        extractor_version=EXTRACTOR_VERSION,
        state="failed",
        error=error,
        attempts=5,
        finished_at=timezone.now(),
    )


def test_a_failed_document_has_its_reason_and_a_button(chief: Client) -> None:
    run = make_failed("Who holds it?", "<b>ValueError</b>")
    response = chief.get("/operations/")
    content = response.content.decode()
    assert f'<a href="/documents/{run.document_id}/">Who holds it?</a>' in content
    assert "&lt;b&gt;ValueError&lt;/b&gt;" in content
    assert "5 attempts" in content
    assert content.count('action="/operations/documents/again/"') == 2  # this one, and all
    answer = chief.post("/operations/documents/again/", {"key": run.pk}, follow=True)
    assert "1 is tried again." in answer.content.decode()
    run.refresh_from_db()
    assert (run.state, run.attempts) == ("waiting", 0)


def test_all_are_tried_again_and_only_the_latest_are_listed(chief: Client) -> None:
    for nth in range(21):
        make_failed(f"Document {nth:02d}")
    shown = text(chief)
    assert "Documents that could not be read 21" in shown
    assert "The latest 20 of 21 are shown." in shown
    assert "Document 20" in shown
    assert "Document 00" not in shown
    answer = chief.post("/operations/documents/again/", follow=True)
    assert "21 are tried again." in answer.content.decode()
    assert not ExtractionRun.objects.exclude(state="waiting").exists()
    answer = chief.post("/operations/documents/again/", follow=True)
    assert "Nothing of that has failed any more." in answer.content.decode()


@pytest.mark.parametrize("address", ["dreams/again/", "webhooks/again/"])
def test_there_is_no_such_queue(chief: Client, address: str) -> None:
    assert chief.post(f"/operations/{address}").status_code == 404


def test_a_key_that_is_none(chief: Client) -> None:
    response = chief.post("/operations/exports/again/", {"key": "x' OR 1=1"})
    assert response.status_code == 404


def test_workers_what_they_do_and_who_is_silent(chief: Client) -> None:
    now = timezone.now()
    workers.put(make_worker("celery@one", at=now))
    workers.put(make_worker("celery@two", at=now - timedelta(minutes=10)))
    workers.swept()
    shown = text(chief)
    assert "celery@one alive" in shown
    assert "claims.tasks.extract (4711,) since" in shown
    assert "2 processes · 9 tasks begun queues: celery" in shown
    assert "celery@two silent" in shown
    assert "beat or all workers stand still" not in shown


def test_nobody_there_is_said(chief: Client) -> None:
    shown = text(chief)
    assert "Nobody has looked for what waits: beat or all workers stand still." in shown
    assert "No worker has given a sign of life within the last hour" in shown
    assert "Nothing: whatever failed has been tried again" in shown


def test_what_a_dead_worker_left_and_what_was_cut_off(chief: Client) -> None:
    ExtractionRun.objects.create(
        document=make_document(),
        extractor_version=EXTRACTOR_VERSION,
        state="running",
        leased_until=timezone.now() - timedelta(minutes=1),
    )
    cut = BulkImport.objects.create(name="archive.jsonl", sha256="0" * 64, size=10, lines=4711)
    BulkImport.objects.filter(pk=cut.pk).update(told_at=timezone.now() - timedelta(hours=1))
    webhook = make_webhook()
    webhook.failing_since = timezone.now()
    webhook.save()
    shown = text(chief)
    assert "1 job was left by a worker that is gone; the next sweep takes it up." in shown
    assert "archive.jsonl" in shown
    assert "Cut off at line 4711: the same command with the same file goes on there." in shown
    assert "Webhooks that are failing, or off for it 1 Nightly copy" in shown


def test_it_shows_what_it_can_without_cache_and_broker(
    chief: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_cache(*args: object, **kwargs: object) -> None:
        raise ConnectionError("nobody there")

    def no_broker() -> None:
        raise OperationalError("nobody there")

    make_failed("Who holds it?")
    monkeypatch.setattr(cache, "get", no_cache, raising=False)
    monkeypatch.setattr("claims.operations.messages.waiting", no_broker)
    shown = text(chief)
    assert "The cache does not answer: what workers do is not known." in shown
    assert "The broker does not answer: nobody is woken." in shown
    assert "Who holds it?" in shown
    assert "No worker has given a sign of life" not in shown


def test_workers_are_woken(chief: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[bool] = []
    monkeypatch.setattr("claims.operations.retrying.wake", lambda: calls.append(True))
    assert chief.get("/operations/wake/").status_code == 405
    assert chief.post("/operations/wake/").url == "/operations/"  # type: ignore[attr-defined]
    assert calls == [True]


@pytest.mark.parametrize("role", ["editor", "adjudicator"])
def test_it_is_for_administrators(client: Client, role: str) -> None:
    run = make_failed("Who holds it?")
    client.force_login(make_user("somebody", role=role))
    assert client.get("/operations/").status_code == 403
    assert client.post("/operations/wake/").status_code == 403
    assert client.post("/operations/documents/again/").status_code == 403
    run.refresh_from_db()
    assert run.state == "failed"


def test_as_many_queries_however_much_failed(chief: Client) -> None:
    def number() -> int:
        with CaptureQueriesContext(connection) as found:
            chief.get("/operations/")
        return len(found)

    make_failed("Document")
    few = number()
    for nth in range(5):
        make_failed(f"Document {nth}")
    assert number() == few
