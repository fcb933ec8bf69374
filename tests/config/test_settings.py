"""`manage.py settings`, the page of settings, and the settings of a production."""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command

KEY = "qwertyuiopasdfghjklzxcvbnm" * 2
READ = re.compile(
    r"""environ(?:\.get\(|\[)\s*["']([A-Z_]+)["']|["']([A-Z_]+)["'] (?:not )?in os\.environ"""
)
# What the system, make, Django, the tests' tools and continuous integration set.
NOT_OURS = {"CI", "DJANGO_SETTINGS_MODULE", "HYPOTHESIS_PROFILE", "MAKELEVEL", "PATH"}


def output(*options: str) -> str:
    out = io.StringIO()
    call_command("settings", *options, stdout=out)
    return out.getvalue()


def test_the_page_of_settings_is_what_the_command_prints() -> None:
    page = settings.BASE_DIR / "docs" / "settings.md"
    assert page.read_text(encoding="utf-8") == output("--markdown"), (
        "write it anew: manage.py settings --markdown > docs/settings.md"
    )


def test_every_variable_that_the_code_reads_is_listed() -> None:
    folders = ("claims", "config", "embedded", "entities", "sources", "training", "tests")
    files = [p for f in folders for p in (settings.BASE_DIR / f).rglob("*.py")]
    files = [path for path in files if "miniature" not in path.parts]
    read = {
        name
        for path in files
        for found in READ.findall(path.read_text(encoding="utf-8"))
        for name in found
        if name
    }
    listed = {row["name"] for row in json.loads(output("--json"))}
    assert "PORT" in read
    assert read - NOT_OURS - listed == set()


def run(arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    return python(f"manage.py {arguments}".split(), variables)


def python(arguments: list[str], variables: dict[str, str]) -> subprocess.CompletedProcess[str]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("CLAIMS_", "DATABASE_"))}
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=settings.BASE_DIR,
        env={**kept, **variables},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def production(tmp_path: Path) -> dict[str, str]:
    (tmp_path / "key").write_text(f"{KEY}\n")
    return {
        "DATABASE_URL": "postgresql://claims@db.invalid/claims",
        "DATABASE_PASSWORD": "correct-horse",
        "REDIS_URL": "redis://:battery-staple@redis.invalid/0",
        "CLAIMS_SECRET_KEY_FILE": str(tmp_path / "key"),
        "CLAIMS_HOSTS": "claims.example",
        "CLAIMS_HTTPS": "1",
    }


def test_a_production_over_https_is_without_reproach(production: dict[str, str]) -> None:
    done = run("check --deploy --fail-level INFO", **production)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("System check identified no issues")


def test_no_secret_is_printed_and_each_source_is(production: dict[str, str]) -> None:
    plain, records = run("settings", **production), run("settings --json", **production)
    for secret in ("correct-horse", "battery-staple", KEY):
        assert secret not in plain.stdout + plain.stderr + records.stdout
    assert f"CLAIMS_SECRET_KEY: set (file {production['CLAIMS_SECRET_KEY_FILE']})" in plain.stdout
    assert "CLAIMS_HOSTS: claims.example (environment)" in plain.stdout
    assert "CLAIMS_SWEEP_INTERVAL: 15 seconds (default)" in plain.stdout
    rows = {row["name"]: row for row in json.loads(records.stdout)}
    assert (rows["REDIS_URL"]["value"], rows["REDIS_URL"]["source"]) == (None, "environment")
    assert rows["CLAIMS_SPACY_MODEL"]["source"] == "derived"


def test_a_tile_server_widens_the_policy_for_pictures_alone(production: dict[str, str]) -> None:
    script = (
        "import django; django.setup(); from django.conf import settings;"
        " print(settings.CONTENT_SECURITY_POLICY['DIRECTIVES'])"
    )
    variables = {
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "CLAIMS_MAP_TILES": "https://tile.example/{z}/{x}/{y}.png",
    }
    done = python(["-c", script], {**production, **variables})
    assert done.stdout.count("https://") == 1
    assert "'img-src': [\"'self'\", 'data:', 'https://tile.example']" in done.stdout
