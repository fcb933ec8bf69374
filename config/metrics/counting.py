"""Requests are counted, together by all processes of a web server.

The processes' folder is named after the server, which is their parent: so what a process counted
that has ended stays counted as long as its server runs, and a count never falls.
"""

from __future__ import annotations

import os
import shutil
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from prometheus_client import CollectorRegistry, Histogram, values
from prometheus_client.multiprocess import MultiProcessCollector

FOLDER = "PROMETHEUS_MULTIPROC_DIR"  # where the library looks for the processes' folder
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
SECONDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)


@lru_cache(maxsize=1)
def _own() -> tuple[CollectorRegistry, Histogram]:
    """What this process counts."""
    registry = CollectorRegistry()
    seconds = Histogram(
        "claims_http_request_duration_seconds",
        "Time until a request's answer began.",
        ("method", "route", "status"),
        buckets=SECONDS,
        registry=registry,
    )
    return registry, seconds


def across_processes() -> None:
    """Let this web process count together with its server's others. Called once, before it
    answers. Raises OSError where the folder cannot be written."""
    if not settings.METRICS_TOKEN:
        return
    folder = Path(settings.METRICS_DIR) / str(os.getppid())
    folder.mkdir(parents=True, exist_ok=True)
    for other in folder.parent.iterdir():
        if not _runs(other.name):
            shutil.rmtree(other, ignore_errors=True)  # another process may be at it as well
    os.environ[FOLDER] = str(folder)
    values.ValueClass = values.MultiProcessValue()


def _runs(process: str) -> bool:
    if not process.isdecimal():
        return True  # no folder of ours
    try:
        os.kill(int(process), 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def count(method: str, route: str, status: int, seconds: float) -> None:
    """Count a request that was answered."""
    if settings.METRICS_TOKEN:
        known = method if method in METHODS else "other"
        _own()[1].labels(known, route, str(status)).observe(seconds)


def counted() -> CollectorRegistry:
    """What this server's processes counted, or this one where it is alone."""
    folder = os.environ.get(FOLDER)
    if not folder:
        return _own()[0]
    registry = CollectorRegistry()
    MultiProcessCollector(registry, folder)
    return registry
