"""Which command lines start the embedded servers."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

import manage

PROJECT = Path(manage.__file__).parent


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
        ("status cases.json", False),
        ("help migrate", False),
        ("migrate --help", False),
        ("--version", False),
    ],
)
def test_only_commands_that_need_the_database_start_it(line: str, needed: bool) -> None:
    assert manage.needs_servers(line.split()) is needed


@pytest.mark.parametrize(
    ("variables", "line"),
    [
        ({"CLAIMS_DEBUG": "perhaps"}, "CLAIMS_DEBUG is 'perhaps': must be 1 or 0"),
        (
            {"DATABASE_URL": "postgresql://db.invalid/claims", "CLAIMS_SECRET_KEY": ""},
            "CLAIMS_SECRET_KEY (or CLAIMS_SECRET_KEY_FILE) must be set where DATABASE_URL is: "
            "draw one with `openssl rand -base64 48`",
        ),
    ],
)
def test_errors_of_the_installation_are_one_line(variables: dict[str, str], line: str) -> None:
    done = subprocess.run(
        [sys.executable, "manage.py", "check"],
        cwd=PROJECT,
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (1, f"{line}\n")
