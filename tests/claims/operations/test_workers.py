"""Workers tell of themselves, and are known by it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from celery import current_app
from celery.signals import heartbeat_sent, worker_init, worker_shutdown
from celery.worker import state
from django.core.cache import cache
from django.utils import timezone
from redis.exceptions import ConnectionError

from claims import tasks
from claims.operations import workers
from tests.claims.operations.made import make_worker


class Request:
    """A task that a worker has begun, as Celery keeps it."""

    name, id, argsrepr = "claims.tasks.extract", "0badcafe", "(4711,)"
    time_start: float | None = 1_700_000_000.0


class Controller:
    """A worker, as Celery has it."""

    hostname, concurrency, app = "celery@made-up", 3, current_app


@pytest.fixture
def celery_worker(monkeypatch: pytest.MonkeyPatch) -> Any:
    """As it tells its signals; its receivers are gone afterwards."""
    monkeypatch.setattr(heartbeat_sent, "receivers", list(heartbeat_sent.receivers or ()))
    return Controller()


def test_what_is_told_is_known() -> None:
    now = timezone.now()
    two, one = make_worker("celery@two", at=now), make_worker("celery@one", at=now)
    workers.put(two)
    workers.put(one)
    assert workers.workers() == [one, two]


def test_who_falls_silent_is_shown_as_silent_until_it_is_forgotten() -> None:
    now = timezone.now()
    workers.put(make_worker("celery@one", at=now - workers.SILENT + timedelta(seconds=1)))
    workers.put(make_worker("celery@two", at=now - workers.SILENT))
    assert [one.alive(now) for one in workers.workers()] == [True, False]
    workers.forget("celery@two")
    assert [one.name for one in workers.workers()] == ["celery@one"]


def test_names_of_those_that_are_gone_do_not_gather() -> None:
    now = timezone.now()
    for nth in range(5):
        workers.put(make_worker(f"celery@{nth}", at=now))
        workers.forget(f"celery@{nth}")
    workers.put(make_worker("celery@last", at=now))
    assert cache.get(workers.NAMES) == ["celery@last"]


def test_a_cache_that_lost_everything_knows_a_worker_again_at_its_next_sign() -> None:
    one = make_worker("celery@one", at=timezone.now())
    workers.put(one)
    cache.clear()
    assert workers.workers() == []
    workers.put(one)
    assert workers.workers() == [one]


def test_a_heartbeat_tells_what_is_done_and_the_end_of_it(
    celery_worker: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, reserved = Request(), Request()
    reserved.time_start = None  # taken from the broker, and not begun
    monkeypatch.setattr(state, "active_requests", {begun, reserved})
    monkeypatch.setattr(state, "total_count", {"claims.tasks.extract": 9})
    worker_init.send(sender=celery_worker)
    heartbeat_sent.send(sender=None)
    [found] = workers.workers()
    assert (found.name, found.processes) == ("celery@made-up", 3)
    assert found.begun == {"claims.tasks.extract": 9}
    [doing] = found.doing
    assert (doing.task, doing.arguments) == ("claims.tasks.extract", "(4711,)")
    assert doing.since.timestamp() == 1_700_000_000
    worker_shutdown.send(sender=celery_worker)
    assert workers.workers() == []


def test_a_worker_goes_on_without_a_cache(
    celery_worker: Any, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def refuse(*args: object, **kwargs: object) -> None:
        raise ConnectionError("nobody there")

    monkeypatch.setattr(cache, "set", refuse, raising=False)
    workers.Teller().tell(celery_worker)
    assert "The sign of life could not be written: nobody there" in caplog.text


@pytest.mark.django_db
def test_the_sweep_says_that_it_went_round() -> None:
    assert workers.last_sweep() is None
    before = timezone.now()
    tasks.sweep()
    swept = workers.last_sweep()
    assert swept is not None
    assert before <= swept <= timezone.now()
