"""What the doctor finds: each trouble by its check, and nothing else."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone
from kombu.exceptions import OperationalError as BrokerError

from claims.extraction.records import EXTRACTOR_VERSION
from claims.models import ExtractionRun
from claims.operations import sizes, workers
from config import doctor
from config.doctor import Level, examine
from tests.claims.operations.made import make_worker
from tests.factories import make_document, make_feed

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def healthy(monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path) -> None:
    """A worker lives, the sweep goes round, there is room; the model, which takes seconds, is
    loaded by a test of its own."""
    cache.clear()
    settings.MEDIA_ROOT = tmp_path
    monkeypatch.setattr(doctor, "load_model", lambda name: None)
    monkeypatch.setattr(sizes, "disks", lambda: [sizes.Disk("files", "/files", 50, 100)])
    workers.put(make_worker("celery@one", at=timezone.now()))
    workers.swept()


def found(check: str) -> list[tuple[Level, str]]:
    return [(one.level, one.said) for one in examine() if one.check == check]


def levels() -> dict[str, Level]:
    return {one.check: one.level for one in examine()}


def test_a_healthy_installation() -> None:
    assert [name for name, level in levels().items() if level is not Level.OK] == []
    assert list(levels()) == [name for name, *_ in doctor.CHECKS]
    assert found("workers") == [(Level.OK, "1 alive (celery@one), at 1 tasks")]
    assert found("migrations") == [(Level.OK, "all applied")]


def test_the_command_has_a_line_for_each_and_ends_well() -> None:
    out = StringIO()
    call_command("doctor", stdout=out)
    lines = out.getvalue().splitlines()
    assert [line[8:20].strip() for line in lines] == [name for name, *_ in doctor.CHECKS]
    assert {line[:8].strip() for line in lines} == {"ok"}


def test_no_worker_and_no_sweep_end_it_badly() -> None:
    cache.clear()
    out = StringIO()
    with pytest.raises(CommandError, match="2 failed, 0 warned"):
        call_command("doctor", stdout=out)
    assert "FAILED  workers     none gives a sign of life" in out.getvalue()
    assert "FAILED  sweep       never, as far as is known" in out.getvalue()


def test_who_fell_silent_is_a_warning_and_strictly_a_failure() -> None:
    workers.put(make_worker("celery@two", at=timezone.now() - timedelta(minutes=5)))
    [(level, said), (_, alive)] = found("workers")
    assert (level, said.partition(":")[0]) == (Level.WARNING, "celery@two")
    assert alive.startswith("1 alive (celery@one)")
    call_command("doctor", stdout=StringIO())
    with pytest.raises(CommandError, match="0 failed, 1 warned"):
        call_command("doctor", "--strict", stdout=StringIO())


def test_without_a_database_what_asks_it_is_not_looked_at(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuse(*args: object) -> None:
        raise OperationalError("connection refused\n  is it running?")

    monkeypatch.setattr(connection, "cursor", refuse)
    told = {one.check: one for one in examine()}
    assert told["database"].level is Level.FAILED
    assert told["database"].said == "connection refused is it running?"
    for name in ("migrations", "rights", "clock", "queues", "feeds"):
        assert told[name].level is Level.NOT_LOOKED_AT
    assert told["workers"].level is Level.OK


def test_no_broker(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> None:
        raise BrokerError("nobody there")

    monkeypatch.setattr("claims.operations.messages.waiting", refuse)
    assert found("broker") == [(Level.FAILED, "nobody there")]


def test_a_folder_that_cannot_be_written(settings: Any, tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.touch()
    settings.MEDIA_ROOT = file
    [(level, said)] = found("files")
    assert level is Level.FAILED
    assert str(file) in said


def test_what_is_written_is_taken_away_again(tmp_path: Path) -> None:
    assert found("files") == [(Level.OK, f"{tmp_path} can be written")]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("free", "level"), [(4, Level.FAILED), (9, Level.WARNING), (10, Level.OK)])
def test_a_disk_that_fills(monkeypatch: pytest.MonkeyPatch, free: int, level: Level) -> None:
    monkeypatch.setattr(sizes, "disks", lambda: [sizes.Disk("files", "/files", free, 100)])
    assert found("disk") == [(level, f"/files: {free} bytes free ({free}%)")]


@pytest.mark.parametrize(
    ("seconds", "level"), [(60, Level.FAILED), (10, Level.WARNING), (0, Level.OK)]
)
def test_a_clock_that_is_off(monkeypatch: pytest.MonkeyPatch, seconds: int, level: Level) -> None:
    class Clock:
        @staticmethod
        def now() -> Any:
            return timezone.now() + timedelta(seconds=seconds)

    monkeypatch.setattr(doctor, "timezone", Clock)
    [(said, _)] = doctor._clock()
    assert said is level


def test_a_migration_that_is_missing() -> None:
    [(app, name)] = MigrationLoader(connection).graph.leaf_nodes("claims")
    MigrationRecorder(connection).record_unapplied(app, name)
    [(level, said)] = found("migrations")
    assert level is Level.FAILED
    assert said.startswith(f"1 not applied, from {app}.{name}")


def test_what_failed_is_stuck_or_late() -> None:
    now = timezone.now()
    fields = {"extractor_version": EXTRACTOR_VERSION, "waiting_since": now - timedelta(hours=2)}
    ExtractionRun.objects.create(document=make_document("One."), **fields)
    ExtractionRun.objects.create(
        document=make_document("Two."),
        state="running",
        leased_until=now - timedelta(minutes=9),
        **fields,
    )
    ExtractionRun.objects.create(
        document=make_document("Three."), state="failed", error="No.", finished_at=now, **fields
    )
    (level, said), (_, rest) = found("queues")
    assert level is Level.WARNING
    assert said.startswith(
        "documents: 1 left by workers that are gone; 1 waiting, the oldest since"
    )
    assert said.endswith("; 1 failed (see /operations/)")
    assert rest == "7 without anything stuck, late or failed"


def test_feeds_that_cannot_be_read() -> None:
    now = timezone.now()
    make_feed("https://courier.example/1.xml", failures=1, failing_since=now, error="No.")
    make_feed("https://courier.example/2.xml", succeeded_at=now, new_at=now)
    assert found("feeds") == [(Level.WARNING, "1 failing, 1 fine")]
