"""The Dockerfile, as far as it can be told without an engine; `test_path.py` runs what its build
makes."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from pathlib import Path, PurePosixPath

import pytest

from tests.production import compose, dockerfile
from tests.production.compose import ROOT

STAGES = dockerfile.read()
BUILD, FINAL = STAGES[1], STAGES[-1]
TOOLS = re.compile(r"\b(gcc|g\+\+|make|build-essential|\w+-dev|apt-get|git|curl|uv)\b")


def test_context_holds_what_the_application_is_and_nothing_else() -> None:
    context = dockerfile.context()
    tops = {PurePosixPath(name).parts[0] for name in context}
    folders = {"claims", "config", "embedded", "entities", "sources", "static", "templates"}
    assert tops == folders | {"docker", "manage.py", "requirements"}
    assert {n for n in context if n.startswith(("docker/", "requirements/"))} == {
        "docker/probe.py",
        "requirements/production.txt",
    }
    assert not [name for name in context if "__pycache__" in name]


@pytest.mark.parametrize(
    ("name", "excluded"),
    [
        ("claims/derive.py", False),
        ("claims/__pycache__/models.cpython-313.pyc", True),
        ("docker/probe.py", False),
        ("docker/secrets/secret_key", True),
        (".env", True),
        (".git/config", True),
        ("var/secret-key", True),
        ("tests/conftest.py", True),
    ],
)
def test_dockerignore(name: str, excluded: bool) -> None:
    patterns = (ROOT / ".dockerignore").read_text().splitlines()
    kept = [line for line in patterns if line and not line.startswith("#")]
    assert dockerfile.ignored(name, kept) is excluded


def test_what_is_copied_is_there() -> None:
    context, made = dockerfile.context(), {stage.name for stage in STAGES}
    for stage in STAGES:
        for copy in stage.all("COPY"):
            *sources, _ = copy.text.split()
            if sources[0].startswith("--from="):
                assert sources[0].removeprefix("--from=") in made
            else:
                assert all(source == "." or source in context for source in sources)


def test_final_stage_is_slim_and_unprivileged() -> None:
    assert [stage.base for stage in STAGES] == ["python:3.13-slim", "base", "base"]
    assert [each.text for each in FINAL.all("USER")] == ["10001:10001"]
    for stage in (STAGES[0], FINAL):
        assert not stage.all("RUN")
        assert not TOOLS.search(" ".join(each.text for each in stage.instructions))


def test_packages_are_wheels_with_known_hashes() -> None:
    (install,) = [each.text for each in BUILD.all("RUN") if "pip" in each.text]
    for option in (
        "--only-binary :all:",
        "--require-hashes",
        "-r requirements/production.txt",
        "--no-cache-dir",
    ):
        assert option in install
    # Before the sources are copied: a change of them does not install all packages anew.
    keywords = [each.text for each in BUILD.instructions]
    assert keywords.index(install) < keywords.index(". .")


def test_nothing_secret_is_needed_to_build() -> None:
    names = [each.text for stage in STAGES for each in (*stage.all("ARG"), *stage.all("ENV"))]
    assert not re.search(r"SECRET|PASSWORD|KEY|TOKEN|DATABASE_URL", " ".join(names))
    assert not [each for stage in STAGES for each in stage.all("RUN") if "--mount" in each.text]


def test_labels_say_what_it_is() -> None:
    text = FINAL.all("LABEL")[0].text
    labels = dict(re.findall(r'org\.opencontainers\.image\.(\S+?)="([^"]*)"', text))
    project = (ROOT / "pyproject.toml").read_text()
    assert f'name = "{labels["title"]}"' in project
    assert f'description = "{labels["description"]}"' in project
    assert labels["version"] == "${VERSION}"
    assert f'version = "{_argument("VERSION")}"' in project
    assert labels["base.name"].endswith(STAGES[0].base)


def _argument(name: str) -> str:
    pairs = dict(each.text.split("=", 1) for each in FINAL.all("ARG"))
    return pairs[name]


def test_web_is_what_the_image_runs_by_itself() -> None:
    services = compose.load({"CLAIMS_HOSTS": "claims.example.org"})["services"]
    assert compose.command(services["web"]) is None
    (command,) = FINAL.all("CMD")
    assert (command.words[0], command.words[-1]) == ("granian", "config.wsgi:application")
    port = command.words[command.words.index("--port") + 1]
    assert FINAL.all("EXPOSE")[0].text == port
    assert services["web"]["ports"][0].endswith(f":{port}")
    assert f'127.0.0.1:{port}/healthz"]' in FINAL.all("HEALTHCHECK")[0].text


def test_probe_of_a_file(tmp_path: Path) -> None:
    file = tmp_path / "pulse"
    file.touch()
    done = _probe(str(file), "60")
    assert (done.returncode, done.stdout) == (0, "healthy\n")
    before = time.time() - 100
    os.utime(file, (before, before))
    done = _probe(str(file), "60")
    assert done.returncode == 1
    assert re.fullmatch(rf"{file}: no sign of life for 1\d\d s\n", done.stdout)


def test_probe_of_what_is_not_there(tmp_path: Path) -> None:
    done = _probe(str(tmp_path / "pulse"), "60")
    assert (done.returncode, done.stdout) == (1, f"{tmp_path}/pulse: No such file or directory\n")
    done = _probe("http://127.0.0.1:1/healthz")
    assert done.returncode == 1
    assert re.fullmatch(r"http://127.0.0.1:1/healthz: .*Connection refused.*\n", done.stdout)


def _probe(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(ROOT / "docker" / "probe.py"), *arguments]
    return subprocess.run(command, capture_output=True, text=True)
