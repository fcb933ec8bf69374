"""What waits, by queue: counted right, and since when."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from claims.extraction.records import EXTRACTOR_VERSION
from claims.models import Delivery, DueTown, ExtractionRun
from claims.operations.queues import Queue, queues
from sources.models import Feed, FeedItem, Intake, IntakeItem
from tests.factories import make_document, make_feed, make_place, make_user, make_webhook

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def queue(key: str) -> Queue:
    [found] = [one for one in queues(NOW) if one.key == key]
    return found


def numbers(key: str) -> tuple[int, int, int, int, int]:
    one = queue(key)
    return one.waiting, one.put_off, one.running, one.stuck, one.failed


def make_run(**fields: object) -> ExtractionRun:
    run = ExtractionRun(
        document=make_document(f"Text {ExtractionRun.objects.count()}."),
        extractor_version=EXTRACTOR_VERSION,
    )
    for name, value in fields.items():
        setattr(run, name, value)
    run.save()
    return run


def test_an_empty_installation_has_nothing_to_do() -> None:
    empty = [(0, 0, 0, 0, 0, None)] * 8
    assert [
        (one.waiting, one.put_off, one.running, one.stuck, one.failed, one.oldest)
        for one in queues(NOW)
    ] == empty


def test_each_state_of_a_document_is_counted_once() -> None:
    make_run(waiting_since=NOW - HOUR)
    make_run(waiting_since=NOW - 3 * HOUR, attempts=1, leased_until=NOW + HOUR)  # put off
    make_run(waiting_since=NOW, leased_until=NOW + HOUR)  # announced to the workers
    make_run(waiting_since=NOW, state="running", leased_until=NOW + HOUR)
    make_run(waiting_since=NOW, state="running", leased_until=NOW - HOUR)  # its worker is gone
    make_run(waiting_since=NOW, state="failed", error="No.", finished_at=NOW)
    make_run(waiting_since=NOW, state="done", finished_at=NOW)
    assert numbers("documents") == (3, 1, 1, 1, 1)
    assert queue("documents").oldest == NOW - 3 * HOUR
    assert queue("documents").age(NOW) == 3 * 3600


def test_a_document_without_a_run_waits_as_well() -> None:
    make_document()
    one = queue("documents")
    assert (one.waiting, one.failed) == (1, 0)
    assert one.oldest is not None


def test_runs_of_another_version_are_nobodys_work() -> None:
    document = make_document()
    ExtractionRun.objects.create(document=document, extractor_version=EXTRACTOR_VERSION)
    ExtractionRun.objects.create(document=document, extractor_version="0", state="waiting")
    assert numbers("documents") == (1, 0, 0, 0, 0)


def test_a_document_that_is_read_again_waits_since_then() -> None:
    run = make_run(
        state="failed", error="No.", finished_at=NOW, waiting_since=NOW - timedelta(days=300)
    )
    before = timezone.now()
    ExtractionRun.objects.filter(pk=run.pk).try_again()
    run.refresh_from_db()
    assert run.waiting_since >= before


def test_texts_feeds_items_deliveries_and_towns() -> None:
    intake = Intake.objects.create(way="address", by=make_user())
    IntakeItem.objects.create(intake=intake, number=1, address="https://courier.example/1")
    IntakeItem.objects.create(intake=intake, number=2, state="failed", error="No.")
    late = make_feed("https://courier.example/1.xml", next_poll_at=NOW - HOUR)
    make_feed("https://courier.example/2.xml", next_poll_at=NOW + HOUR)
    make_feed("https://courier.example/3.xml", next_poll_at=NOW - HOUR, state=Feed.State.PAUSED)
    failing = {"failures": 1, "failing_since": NOW, "error": "It does not answer."}
    make_feed("https://courier.example/4.xml", next_poll_at=NOW + HOUR, **failing)
    FeedItem.objects.create(feed=late, key="a" * 64, url="https://courier.example/1", host="h")
    make_webhook()
    DueTown.objects.create(place=make_place())
    assert numbers("items") == (1, 0, 0, 0, 1)
    assert numbers("feeds") == (1, 1, 0, 0, 1)
    assert queue("feeds").oldest == NOW - HOUR
    assert numbers("feed-items") == (1, 0, 0, 0, 0)
    assert numbers("deliveries") == (1, 0, 0, 0, 1)
    assert numbers("towns") == (1, 0, 0, 0, 0)


def test_deliveries_of_a_webhook_that_is_off_wait_for_nobody() -> None:
    webhook = make_webhook()
    webhook.disabled_at, webhook.disabled_because = NOW, "Somebody has paused it."
    webhook.save()
    assert Delivery.objects.count() == 2
    assert numbers("deliveries") == (0, 0, 0, 0, 0)


def test_as_many_queries_however_much_waits() -> None:
    def number() -> int:
        with CaptureQueriesContext(connection) as found:
            queues(NOW)
        return len(found)

    few = number()
    for _ in range(3):
        make_run(state="failed", error="No.", finished_at=NOW)
        make_run()
    assert number() == few
