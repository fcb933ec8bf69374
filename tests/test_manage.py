"""Which command lines start the embedded servers, and how commands fail."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import IO

import pytest

import manage

PROJECT = Path(manage.__file__).parent
KEY = "qwertyuiopasdfghjklzxcvbnm" * 2
UNREACHABLE = {
    "DATABASE_URL": "postgresql://claims:correct-horse@127.0.0.1:1/claims",
    "REDIS_URL": "redis://127.0.0.1:1/0",
    "CLAIMS_SECRET_KEY": KEY,
}


@pytest.mark.parametrize(
    ("line", "needed"),
    [
        ("migrate", True),
        ("ingest folder", True),
        ("makemigrations --check", True),
        ("check --database default", True),
        ("", False),
        ("check", False),
        ("extract docs.jsonl -o predictions.jsonl", False),
        ("settings --json", False),
        ("status cases.json", False),
        ("explain 019b2c", True),
        ("explain pyproject.toml", False),
        ("help migrate", False),
        ("migrate --help", False),
        ("--version", False),
    ],
)
def test_only_commands_that_need_the_database_start_it(line: str, needed: bool) -> None:
    assert manage.needs_servers(line.split()) is needed


def command(
    *arguments: str,
    out: int | IO[str] = subprocess.PIPE,
    variables: dict[str, str] | None = None,
) -> subprocess.Popen:
    return subprocess.Popen(
        [sys.executable, "manage.py", *arguments],
        cwd=PROJECT,
        env={**os.environ, **(variables or {})},
        stdout=out,
        stderr=subprocess.PIPE,
        text=True,
    )


def ended(process: subprocess.Popen) -> tuple[int, str]:
    """Exit code and standard error."""
    error = process.communicate()[1]
    return process.returncode, error


@pytest.mark.parametrize(
    ("variables", "line"),
    [
        ({"CLAIMS_DEBUG": "perhaps"}, "CLAIMS_DEBUG is 'perhaps': must be 1 or 0"),
        ({"CLAIMS_DEBGU": "1"}, "CLAIMS_DEBGU is no setting: did you mean CLAIMS_DEBUG?"),
        (
            {"DATABASE_URL": "postgresql://db.invalid/claims", "CLAIMS_SECRET_KEY": ""},
            "CLAIMS_SECRET_KEY (or CLAIMS_SECRET_KEY_FILE) must be set where DATABASE_URL is: "
            "draw one with `openssl rand -base64 48`",
        ),
    ],
)
def test_errors_of_the_installation_are_one_line(variables: dict[str, str], line: str) -> None:
    assert ended(command("migrate", variables=variables)) == (1, f"{line}\n")


@pytest.mark.parametrize(
    "program", [["-m", "celery", "-A", "config", "worker"], ["-c", "import config.wsgi"]]
)
def test_servers_end_with_that_line_too(program: list[str]) -> None:
    done = subprocess.run(
        [sys.executable, *program],
        cwd=PROJECT,
        env={**os.environ, "CLAIMS_DEBUG": "perhaps"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (1, "CLAIMS_DEBUG is 'perhaps': must be 1 or 0\n")


def test_djangos_own_commands_fail_in_one_line() -> None:
    code, error = ended(command("migrate", variables=UNREACHABLE))
    assert (code, error.count("\n")) == (1, 1)
    assert error.startswith("database: connection failed")
    assert "correct-horse" not in error


def test_a_traceback_is_for_whoever_asks() -> None:
    code, error = ended(command("check", "--traceback", variables={"CLAIMS_DEBUG": "perhaps"}))
    assert code == 1
    assert error.startswith("Traceback (most recent call last):")


def test_a_wrong_command_line_is_2() -> None:
    code, error = ended(command("status"))
    assert code == 2
    assert error.endswith("the following arguments are required: CASES.json\n")


def test_an_output_that_nobody_reads_ends_quietly() -> None:
    reader, writer = os.pipe()
    os.close(reader)
    process = command("settings", out=writer)
    os.close(writer)
    assert ended(process) == (141, "")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
@pytest.mark.parametrize(
    ("unbuffered", "line"),
    [
        ("", "standard output: No space left on device"),
        ("1", "No space left on device (--traceback shows where)"),
    ],
    ids=["at its end", "in the middle"],
)
def test_a_full_disk_is_told(unbuffered: str, line: str) -> None:
    with Path("/dev/full").open("w") as full:
        process = command("version", out=full, variables={"PYTHONUNBUFFERED": unbuffered})
    assert ended(process) == (1, f"{line}\n")


def test_an_interruption_is_130(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(arguments: list[str]) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(manage, "run", interrupted)
    assert manage.main(["process"]) == 130
    assert capsys.readouterr().err == "interrupted\n"
