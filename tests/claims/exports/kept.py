"""Files of tests in a folder of their own, and what happens meanwhile elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from django.db import connections

from claims.exports.leasing import Progress


def meanwhile(what: Callable[[], Any]) -> None:
    """Done by another, with a connection of his own, and committed. What it raises is raised."""
    found: list[BaseException] = []

    def run() -> None:
        try:
            what()
        except BaseException as error:
            found.append(error)
        finally:
            connections.close_all()

    thread = Thread(target=run)
    thread.start()
    thread.join()
    if found:
        raise found[0]


def when_told(monkeypatch: pytest.MonkeyPatch, number: int, what: Callable[[], Any]) -> None:
    """Let `what` happen before the worker's sign of life of that number, from 1."""
    tell, told = Progress.tell, []

    def telling(self: Progress, rows: int, **more: int) -> None:
        told.append(rows)
        if len(told) == number:
            meanwhile(what)
        tell(self, rows, **more)

    monkeypatch.setattr(Progress, "tell", telling)


def every_row_tells(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("claims.exports.content.BATCH", 1)
    monkeypatch.setattr("claims.exports.leasing.BEAT", 0)


def files_in(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())
