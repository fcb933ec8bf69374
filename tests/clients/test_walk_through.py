"""What docs/api.md shows is run, block by block in order, against the server itself: what it says
that they print is what they print."""

from __future__ import annotations

import contextlib
import io
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from pytest_django.live_server_helper import LiveServer

from claims.access import keys
from tests.factories import make_user
from tests.scenes import soledar

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs/api.md"
BLOCK = re.compile(r"^```(sh|python|text)\n(.*?)^```$", re.MULTILINE | re.DOTALL)

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def _server(live_server: LiveServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The town of Soledar, a key that may read it, and a folder to work in."""
    soledar()
    _, key = keys.make(by=make_user(role="analyst"), name="walk-through", scopes=["read", "export"])
    monkeypatch.setenv("CONFLICT_CLAIMS_URL", live_server.url)
    monkeypatch.setenv("CONFLICT_CLAIMS_KEY", key)
    monkeypatch.setenv("PYTHONPATH", str(ROOT / "clients/python"))
    monkeypatch.setenv("PATH", f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.chdir(tmp_path)


@pytest.mark.usefixtures("_server")
def test_the_page_runs_as_it_says() -> None:
    page = PAGE.read_text(encoding="utf-8")

    assert _as_it_runs(page) == page


def _as_it_runs(page: str) -> str:
    """The page with what its blocks print, each in the block of text that follows, if one does."""
    names: dict[str, Any] = {}
    printed = ""

    def run(block: re.Match[str]) -> str:
        nonlocal printed
        language, code = block.groups()
        if language == "text":
            return f"```text\n{printed}```"
        line = f"{PAGE.name}, line {page.count(chr(10), 0, block.start()) + 1}"
        printed = _python(code, names, line) if language == "python" else _shell(code, line)
        return block[0]

    try:
        return BLOCK.sub(run, page)
    finally:
        # The server's threads, and with them its connections, last as long as the client's.
        names["client"].close()


def _python(code: str, names: dict[str, Any], line: str) -> str:
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        exec(compile(code, line, "exec"), names)
    return out.getvalue()


def _shell(code: str, line: str) -> str:
    ended = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", code],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ended.returncode == 0, f"{line}: {ended.stdout}{ended.stderr}"
    return ended.stdout
