"""The installation of docker-compose.yml, started once for all tests of its path."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from tests.production import image, servers
from tests.production.image import Image
from tests.production.site import Site, running_servers, until

ARTICLE = "The Wagner Group said on Wednesday that it had taken Soledar."
STEPS: dict[str, float] = {}  # what took how many seconds, for the summary
PUBLISHER = ["--publisher", "Example Courier", "--published", "2023-01-11T18:00:00Z"]


@pytest.fixture(scope="package")
def folder() -> Iterator[Path]:
    """A folder that the servers' own user can enter, which pytest's are not."""
    path = Path(tempfile.mkdtemp(prefix="claims-production-"))
    path.chmod(0o755)
    yield path
    shutil.rmtree(path)


@pytest.fixture(scope="package")
def built(folder: Path) -> Image:
    return image.build(folder / "image")


@pytest.fixture(scope="package")
def bare_site(built: Image, folder: Path) -> Iterator[Site]:
    """The servers, and a database without tables."""
    if missing := servers.missing():
        reason = f"not installed on this system: {', '.join(missing)}"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    place = folder / "site"
    place.mkdir()
    with running_servers(built, place) as site:
        yield site
        STEPS.update(site.steps)


@pytest.fixture(scope="package")
def site(bare_site: Site) -> Site:
    """All services up and healthy, in the Compose file's order, and one article ingested."""
    site = bare_site
    with site.timed("migrate"):
        done = site.run("migrate")
        assert done.returncode == 0, done.stderr
    with site.timed("web, worker and beat healthy"):
        started = [site.start(name) for name in ("web", "worker", "beat")]
        for container in started:
            until(partial(site.healthy, container.name), container)
    with site.timed("ingest"):
        command = ["python", "manage.py", "ingest", "-", *PUBLISHER]
        ingested = site.run("web", command, input=ARTICLE)
        assert ingested.stdout == "1 new, 0 already here, 0 unreadable\n", ingested.stderr
    with site.timed("extraction"):
        until(lambda: site.scalar("SELECT count(*) FROM claims_claim") == 1)
    return site


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say what an operator would wait for."""
    if STEPS:
        terminalreporter.section("the production path, in seconds")
    for step, seconds in STEPS.items():
        terminalreporter.write_line(f"{seconds:6.1f}  {step}")
