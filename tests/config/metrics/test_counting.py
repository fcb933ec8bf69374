"""Requests are counted by each process, and added up over those of a server."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from prometheus_client import CollectorRegistry
from pytest_django import Settings

from config.metrics import counting

NAME = "claims_http_request_duration_seconds"
# What a process of the web server does: it counts, and ends.
PROCESS = """
from config.metrics import counting
counting.across_processes()
for seconds in ({seconds}):
    counting.count("GET", "map/", 200, seconds)
counting.count("BREW", "none", 404, 0.001)
"""


def value(registry: CollectorRegistry, name: str, **labels: str) -> float | None:
    return registry.get_sample_value(f"{NAME}_{name}", labels)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Of the server whose processes this one starts: as one of them."""
    of_server = tmp_path / str(os.getpid())
    monkeypatch.setenv(counting.FOLDER, str(of_server))
    return of_server


def process(folder: Path, seconds: str) -> None:
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "CLAIMS_METRICS_TOKEN": "of the tests, and long enough",
        "CLAIMS_METRICS_DIR": str(folder.parent),
    }
    code = PROCESS.format(seconds=seconds)
    subprocess.run([sys.executable, "-c", code], env=environment, check=True, timeout=120)


def test_what_processes_counted_is_added_up_even_when_they_are_gone(folder: Path) -> None:
    left = folder.parent / "999999999"  # of a server that is gone: no process has such a number
    left.mkdir()
    other = folder.parent / "not-ours"
    other.mkdir()
    process(folder, "0.02, 0.2")
    process(folder, "0.02,")
    assert not left.exists()
    assert other.exists()
    counted = counting.counted()
    labels = {"method": "GET", "route": "map/", "status": "200"}
    assert value(counted, "count", **labels) == 3
    assert value(counted, "bucket", le="0.025", **labels) == 2
    assert value(counted, "bucket", le="0.25", **labels) == 3
    assert value(counted, "sum", **labels) == pytest.approx(0.24)
    # Words that a client made up are no label.
    assert value(counted, "count", method="other", route="none", status="404") == 2


def test_a_process_alone_counts_for_itself(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.METRICS_TOKEN = "of the tests, and long enough"
    monkeypatch.delenv(counting.FOLDER, raising=False)
    labels = {"method": "POST", "route": "a test's own", "status": "302"}
    counting.count("POST", "a test's own", 302, 0.3)
    assert value(counting.counted(), "count", **labels) == 1


def test_without_a_token_nothing_is_counted(settings: Settings, tmp_path: Path) -> None:
    settings.METRICS_TOKEN, settings.METRICS_DIR = "", str(tmp_path)
    counting.across_processes()
    counting.count("GET", "nowhere", 200, 0.3)
    assert list(tmp_path.iterdir()) == []
    labels = {"method": "GET", "route": "nowhere", "status": "200"}
    assert value(counting.counted(), "count", **labels) is None
