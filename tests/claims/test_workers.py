"""The whole way with real processes: ingest without a worker, a worker killed in the middle of
its work, a broker that lost every message, and the worker that finishes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import redis
from django.conf import settings
from django.db import connection

import embedded
from claims.models import Claim, ExtractionRun
from sources.models import Document
from tests.factories import make_actor, make_document, make_place

pytestmark = [
    pytest.mark.servers,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not settings.LOCAL, reason="uses the embedded servers"),
]
LEASE = 10  # seconds: the shortest that settings take
DATABASE = 11  # of the broker: not the one that an installation at hand may be using
PATIENCE = 60.0  # seconds; a machine that is busy starts processes slowly


def until(what: Callable[[], bool], worker: subprocess.Popen[bytes] | None = None) -> None:
    end = time.monotonic() + PATIENCE
    while not what():
        assert worker is None or worker.poll() is None, "the worker has ended"
        assert time.monotonic() < end, "it took too long"
        time.sleep(0.05)


def broker_url() -> str:
    return embedded.cache_url().replace("?db=0", f"?db={DATABASE}")


@pytest.fixture
def broker() -> Iterator[redis.Redis]:
    client = redis.Redis.from_url(broker_url())
    client.flushdb()
    yield client
    client.flushdb()
    client.close()


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """Of processes that work on the tests' database."""
    name = embedded.database_settings()["NAME"]
    url = embedded.database_url().replace(f"/{name}?", f"/{connection.settings_dict['NAME']}?")
    return os.environ | {
        "DATABASE_URL": url,
        "REDIS_URL": embedded.broker_url().replace("virtual_host=0", f"virtual_host={DATABASE}"),
        "CLAIMS_SECRET_KEY": "of the tests alone, and long enough for servers of one's own",
        "CLAIMS_EXTRACTION_LEASE": str(LEASE),
        "CLAIMS_SWEEP_INTERVAL": "1",
        "CLAIMS_TEST_HOLD": str(tmp_path / "hold"),
    }


@pytest.fixture
def start(environment: dict[str, str], tmp_path: Path) -> Iterator[Callable[[], subprocess.Popen]]:
    """Starts workers, each with its own beat; what still runs at the end is killed."""
    started: list[subprocess.Popen[bytes]] = []

    def one() -> subprocess.Popen[bytes]:
        schedule = tmp_path / f"schedule-{len(started)}"
        options = ["--concurrency=1", "--beat", f"--schedule={schedule}", "--loglevel=WARNING"]
        command = [sys.executable, "-m", "celery", "-A", "tests.claims.held_worker", "worker"]
        with (tmp_path / f"worker-{len(started)}.log").open("wb") as log:
            process = subprocess.Popen(
                [*command, *options],
                cwd=settings.BASE_DIR,
                env=environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        started.append(process)
        return process

    yield one
    for process in started:
        if process.poll() is None:
            kill(process)


def kill(process: subprocess.Popen[bytes]) -> None:
    """The worker, its children and its beat, without a chance to tidy up."""
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def ingest(file: Path, environment: dict[str, str]) -> str:
    options = ["--publisher=Example Courier", "--published=2023-01-11T18:00:00Z"]
    return subprocess.run(
        [sys.executable, "manage.py", "ingest", str(file), *options],
        cwd=settings.BASE_DIR,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    ).stdout


def test_nothing_is_lost_and_nothing_is_done_twice(
    broker: redis.Redis,
    environment: dict[str, str],
    start: Callable[[], subprocess.Popen[bytes]],
    tmp_path: Path,
) -> None:
    make_place()
    make_actor()
    (tmp_path / "hold").touch()
    first = tmp_path / "first.txt"
    first.write_text("The Wagner Group says that it has taken Soledar.")
    assert ingest(first, environment) == "1 new, 0 already here, 0 unreadable\n"
    assert Document.objects.count() == 1
    assert not ExtractionRun.objects.exists()

    killed = start()
    until(lambda: ExtractionRun.objects.filter(state="running").exists(), killed)
    kill(killed)
    run = ExtractionRun.objects.get()
    assert (run.state, run.attempts, Claim.objects.count()) == ("running", 1, 0)

    broker.flushdb()
    (tmp_path / "hold").unlink()
    second = start()
    until(lambda: ExtractionRun.objects.filter(state="done").exists(), second)
    run = ExtractionRun.objects.get()
    assert run.attempts == 2
    assert run.finished_at is not None
    assert (run.finished_at - run.created_at).total_seconds() >= LEASE
    assert Claim.objects.get().label == "Wagner Group: Soledar captured"

    make_document("Soledar is in the hands of the Wagner Group, it says.")
    until(lambda: ExtractionRun.objects.filter(state="done").count() == 2, second)
    assert Claim.objects.count() == 2
    second.terminate()
    assert second.wait(PATIENCE) == 0
