"""How far a long run is."""

from __future__ import annotations

import pytest

from benchmarks.worlds.progress import Progress


def test_progress_says_what_is_left(capsys: pytest.CaptureFixture[str]) -> None:
    progress = Progress("claims written", 1200)
    progress.add(300)
    progress.add(300)  # too soon after the line before
    progress.add(600)
    first, last = capsys.readouterr().err.splitlines()
    assert first.startswith("claims written: 300 of 1,200, about 0:0")
    assert last.strip() == "claims written: 1,200 of 1,200, about 0:00 left"
