"""`python -m conflict_claims`: what it prints, how it ends, and that it may be killed."""

from __future__ import annotations

import os
import random
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from threading import Timer

import pytest

from conflict_claims.__main__ import main
from tests.clients.feeds import Feed, claim, of_claim, of_status
from tests.clients.served import Asked, Says, says, serving

ROOT = Path(__file__).resolve().parents[2]
CHANGES = [
    *(of_claim(number, claim(f"c{number}"), "added") for number in range(1, 200)),
    of_status(200, "2023-01-10"),
]


@pytest.fixture(autouse=True)
def _no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("CONFLICT_CLAIMS_KEY", "CONFLICT_CLAIMS_URL"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "claims.sqlite"


def test_it_says_what_it_does(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with serving(Feed(CHANGES, size=150)) as served:
        assert main(["sync", str(file), "--url", served.address]) == 0
        told = capsys.readouterr()
        assert main(["sync", str(file), "--url", served.address, "--quiet"]) == 0

    assert told.out == f"{file}: 200 changes; 199 claims, 1 statuses.\n"
    assert told.err == "150 changes, up to 2026-03-01T12:02:30Z\n"
    assert capsys.readouterr() == (f"{file}: 0 changes; 199 claims, 1 statuses.\n", "")


def test_key_and_server_may_stand_in_the_environment(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving(Feed(CHANGES, size=500)) as served:
        monkeypatch.setenv("CONFLICT_CLAIMS_KEY", "cck_abc")
        monkeypatch.setenv("CONFLICT_CLAIMS_URL", served.address)
        assert main(["sync", str(file), "--quiet"]) == 0

    assert [one.headers["Authorization"] for one in served.asked] == ["Bearer cck_abc"]


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        ([], 2, "Which server? Say --url, or set CONFLICT_CLAIMS_URL.\n"),
        (["--url", "claims.example.org"], 2, "No address of a server: 'claims.example.org'\n"),
    ],
)
def test_without_a_server_nothing_is_begun(
    file: Path,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    code: int,
    told: str,
) -> None:
    assert main(["sync", str(file), *arguments]) == code
    assert capsys.readouterr().err == told
    assert not file.exists()


def test_a_refusal_is_one_line(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    refusal = says({"title": "Unauthorized", "detail": "This key has expired."}, 401)
    with serving(lambda _: refusal) as served:
        assert main(["sync", str(file), "--url", served.address]) == 1

    assert capsys.readouterr().err == "NotAuthenticated: 401 Unauthorized: This key has expired.\n"


def test_killed_again_and_again_it_ends_with_all_of_it(file: Path) -> None:
    """Each process is killed while it waits for a page, or some moments after it got one."""
    feed = Feed(CHANGES, size=10)
    running: list[subprocess.Popen[bytes]] = []
    left = 0

    def answer(asked: Asked) -> Says:
        nonlocal left
        left -= 1
        if left == 0:
            Timer(random.choice([0, random.random() / 200]), running[-1].kill).start()
        return feed(asked)

    codes = []
    with serving(answer) as served:
        for pages in (3, 1, 4, 2, 0):
            left = pages
            running.append(started(file, served.address))
            codes.append(running[-1].wait(30))

    assert codes == [-9, -9, -9, -9, 0]
    with closing(sqlite3.connect(file)) as db:
        claims = [id_ for (id_,) in db.execute("SELECT id FROM claims ORDER BY number")]
        assert claims == [f"c{number}" for number in range(1, 200)]
        assert db.execute("SELECT count(*) FROM statuses").fetchall() == [(1,)]
        assert db.execute("SELECT cursor, number FROM copy").fetchall() == [("200", 200)]
        assert db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def started(file: Path, address: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "conflict_claims", "sync", file, "--url", address, "--quiet"],
        env={**os.environ, "PYTHONPATH": str(ROOT / "clients/python")},
        stdout=subprocess.DEVNULL,
    )
