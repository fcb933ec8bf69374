"""docs/production.md: what it tells an operator to type is there, and its figures are so.
`test_path.py` runs its commands for backups."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

from django.conf import settings
from django.core.management import get_commands

from config import checks
from tests.production import compose
from tests.production.compose import ROOT

PAGE = ROOT / "docs" / "production.md"
SUBCOMMANDS = {"build", "exec", "logs", "ps", "stop", "up"}
SERVICES = compose.load({"CLAIMS_HOSTS": "claims.example.org"})["services"]


def commands() -> list[str]:
    """The lines that are to be typed: those set in by four spaces, and those between backticks."""
    text = PAGE.read_text()
    blocks = re.findall(r"^    (\S.*)$", text, re.MULTILINE)
    inline = re.findall(r"`([^`\n]+)`", text)
    return [line for line in (*blocks, *inline) if line.startswith(("docker", "cp "))]


def test_commands_name_services_that_are_there() -> None:
    typed = [line for line in commands() if line.startswith("docker compose ")]
    assert len(typed) >= 10
    for line in typed:
        _, _, subcommand, *rest = shlex.split(line.partition(" < ")[0].partition(" > ")[0])
        assert subcommand in SUBCOMMANDS, line
        named = [word.partition("=")[0] for word in rest if not word.startswith("-")]
        if subcommand == "exec":
            assert named[0] in SERVICES, line
        elif subcommand in ("logs", "stop", "up"):
            assert set(named) <= set(SERVICES), line
        if "manage.py" in rest:
            assert rest[rest.index("manage.py") + 1] in get_commands(), line


def test_files_are_there() -> None:
    named = set(re.findall(r"(?:docker|docs)/[\w.-]+\.(?:env|sh|md)", PAGE.read_text()))
    docs = {"docs/backup.md", "docs/evidence.md", "docs/settings.md"}
    assert named == {"docker/example.env", "docker/draw-secrets.sh", *docs}
    assert all((ROOT / name).is_file() for name in named)


def test_figures_are_those_of_the_installation() -> None:
    text = " ".join(PAGE.read_text().split())
    logging = SERVICES["web"]["logging"]["options"]
    kept = int(logging["max-size"].rstrip("m")) * int(logging["max-file"])
    assert f"{kept} MB kept of each" in text
    assert compose.seconds(SERVICES["worker"]["stop_grace_period"]) == 300
    assert "up to five minutes" in text
    assert f"`CLAIMS_EXTRACTION_LEASE`, {settings.EXTRACTION_LEASE} s" in text
    ages = {name: SERVICES[name]["healthcheck"]["test"][-1] for name in ("worker", "beat")}
    assert ages == {"worker": "60", "beat": "120"}
    assert f"PostgreSQL {checks.POSTGRES} or newer" in text
    assert "--concurrency 2" in SERVICES["worker"]["command"]
    assert SERVICES["web"]["ports"] == ["127.0.0.1:8000:8000"]


def test_readme_leads_here() -> None:
    assert "docs/production.md" in Path(ROOT / "README.md").read_text()
