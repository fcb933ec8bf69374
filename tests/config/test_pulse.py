"""The sign of life of worker and beat."""

from __future__ import annotations

from pathlib import Path

import pytest
from celery import current_app
from celery.signals import after_task_publish, beat_init, heartbeat_sent
from pytest_django import Settings

from config import pulse


@pytest.fixture
def file(tmp_path: Path, settings: Settings) -> Path:
    path = tmp_path / "pulse"
    settings.PULSE_FILE = str(path)
    return path


def test_worker_touches_the_file_with_its_heartbeat(file: Path) -> None:
    heartbeat_sent.send(sender=None)
    assert file.exists()


def test_beat_touches_the_file_with_what_it_sends(file: Path) -> None:
    current_app.send_task("claims.tasks.sweep")
    assert not file.exists()  # not beat: any process may send a message
    beat_init.send(sender=None)
    try:
        current_app.send_task("claims.tasks.sweep")
    finally:
        after_task_publish.disconnect(pulse.touch)
    assert file.exists()


def test_no_file_is_no_matter(settings: Settings) -> None:
    settings.PULSE_FILE = ""
    assert heartbeat_sent.send(sender=None) == [(pulse.beat_of_worker, None)]
