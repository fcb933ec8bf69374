"""Asks twice while nobody writes."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic
from typing import TypeVar

from django.db import connection
from django.test.utils import CaptureQueriesContext

from claims.views.kept import state

Answer = TypeVar("Answer")
PATIENCE = 30.0  # seconds


def asked_twice(ask: Callable[[], Answer]) -> tuple[Answer, Answer, int]:
    """Two answers, and how many queries the second took. The server may have other databases, in
    which others write: then they are asked for again."""
    end = monotonic() + PATIENCE
    while True:
        before, first = state(), ask()
        with CaptureQueriesContext(connection) as queries:
            again = ask()
        if state() == before or monotonic() > end:
            return first, again, len(queries)
