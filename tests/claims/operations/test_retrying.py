"""What failed is tried again: one, or all of a queue, and nothing else."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from claims.extraction.records import EXTRACTOR_VERSION
from claims.models import Delivery, Export, ExtractionRun, Release
from claims.operations import retrying
from claims.operations.retrying import retry
from sources.models import Feed, FeedItem, Intake, IntakeItem
from tests.factories import make_conflict, make_document, make_feed, make_user, make_webhook

pytestmark = pytest.mark.django_db


@pytest.fixture
def chief() -> User:
    return make_user("chief", role="administrator")


@pytest.fixture
def woken(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    calls: list[bool] = []
    monkeypatch.setattr(retrying, "wake", lambda: calls.append(True))
    return calls


def states(rows: Any) -> list[str]:
    return list(rows.objects.order_by("pk").values_list("state", flat=True))


def make_failed_runs(number: int = 2) -> list[ExtractionRun]:
    return [
        ExtractionRun.objects.create(
            document=make_document(f"Text {nth}."),
            extractor_version=EXTRACTOR_VERSION,
            state="failed",
            error="No.",
            attempts=5,
            finished_at=timezone.now(),
        )
        for nth in range(number)
    ]


def test_one_document_or_all(
    chief: User, woken: list[bool], django_capture_on_commit_callbacks: Any
) -> None:
    first, *_ = make_failed_runs(3)
    with django_capture_on_commit_callbacks(execute=True):
        assert retry(queue="documents", by=chief, key=str(first.pk)) == 1
    assert woken == [True]
    assert states(ExtractionRun) == ["waiting", "failed", "failed"]
    first.refresh_from_db()
    assert (first.attempts, first.error) == (0, "")
    assert retry(queue="documents", by=chief, key=str(first.pk)) == 0  # it has not failed
    assert retry(queue="documents", by=chief) == 2
    assert states(ExtractionRun) == ["waiting"] * 3


def test_a_text_that_came_as_a_file_is_gone_and_stays_failed(chief: User) -> None:
    intake = Intake.objects.create(way="address", by=chief)
    failed = {"intake": intake, "state": "failed", "error": "No.", "attempts": 3}
    IntakeItem.objects.create(number=1, address="https://courier.example/1", **failed)
    IntakeItem.objects.create(number=2, name="report.docx", **failed)
    assert retry(queue="items", by=chief) == 1
    assert states(IntakeItem) == ["waiting", "failed"]


def test_feeds_and_their_items(chief: User) -> None:
    later = timezone.now() + timedelta(hours=5)
    failing = {"failures": 1, "failing_since": timezone.now(), "error": "It does not answer."}
    feed = make_feed("https://courier.example/1.xml", next_poll_at=later, **failing)
    fine = make_feed("https://courier.example/2.xml", next_poll_at=later)
    for key in "ab":
        FeedItem.objects.create(
            feed=feed,
            key=key * 64,
            url=f"https://courier.example/{key}",
            host="courier.example:443",
            state="failed",
            error="No.",
        )
    first = FeedItem.objects.order_by("pk")[0]
    assert retry(queue="feed-items", by=chief, key=str(first.pk)) == 1
    assert states(FeedItem) == ["waiting", "failed"]
    assert retry(queue="feed-items", by=chief) == 1
    assert states(FeedItem) == ["waiting", "waiting"]
    assert retry(queue="feeds", by=chief) == 1
    assert Feed.objects.get(pk=feed.pk).next_poll_at <= timezone.now()
    assert Feed.objects.get(pk=fine.pk).next_poll_at == later


def test_exports_of_others_and_releases(chief: User) -> None:
    editor = make_user()
    failed = {"state": "failed", "error": "No.", "attempts": 3}
    for _ in range(5):  # more than one user may have open at a time: nobody asks for new ones
        Export.objects.create(by=editor, table="claims", format="csv", **failed)
    Release.objects.create(number=1, title="Spring", licence="CC BY 4.0", by=chief, **failed)
    assert retry(queue="exports", by=chief) == 5
    assert states(Export) == ["waiting"] * 5
    assert retry(queue="releases", by=chief, key="1") == 1
    assert states(Release) == ["waiting"]


def test_deliveries_but_of_a_webhook_that_is_off(chief: User) -> None:
    on, off = make_webhook(), make_webhook()
    off.disabled_at, off.disabled_because = timezone.now(), "Somebody has paused it."
    off.save()
    assert retry(queue="deliveries", by=chief) == 1
    assert set(on.deliveries.values_list("state", flat=True)) == {"waiting"}
    [failed] = Delivery.objects.filter(state="failed")
    assert failed.webhook_id == off.pk
    assert retry(queue="deliveries", by=chief, key=str(failed.pk)) == 0


def test_who_does_not_manage_everything_may_not(woken: list[bool]) -> None:
    make_failed_runs(1)
    here = make_conflict()
    for user in (
        make_user("adjudicator", role="adjudicator"),
        make_user("local", role="administrator", conflict=here),
    ):
        with pytest.raises(PermissionDenied):
            retry(queue="documents", by=user)
        with pytest.raises(PermissionDenied):
            retrying.wake_workers(by=user)
    assert states(ExtractionRun) == ["failed"]
    assert woken == []


def test_what_can_be_no_key_or_queue(chief: User) -> None:
    with pytest.raises(KeyError):
        retry(queue="dreams", by=chief)
    with pytest.raises(ValueError, match="expected a number"):
        retry(queue="documents", by=chief, key="first")
    with pytest.raises(ValidationError):
        retry(queue="exports", by=chief, key="first")
