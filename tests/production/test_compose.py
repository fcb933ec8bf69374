"""docker-compose.yml and what it names, without an engine."""

from __future__ import annotations

import json
import os
import re
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings

from config import env, queues
from tests.production import compose, dockerfile
from tests.production.compose import BASE, ENVIRONMENT, EXAMPLE, ROOT, Refused

GIVEN = {"CLAIMS_HOSTS": "claims.example.org"}
SECRETS = {"CLAIMS_SECRET_KEY": "k" * 50, "DATABASE_PASSWORD": "p", "APPLICATION_PASSWORD": "a"}
WORKERS = {  # with the queues that each takes from, of all where none are named
    "worker": set(queues.NAMES),
    "worker-statuses": {"default"},
    "worker-extraction": {"extraction"},
    "worker-fetching": {"fetching"},
    "worker-files": {"files"},
}
OURS = ("migrate", "web", "beat", *WORKERS)
FORMS = [(GIVEN, (BASE,)), (GIVEN | SECRETS, (BASE, ENVIRONMENT))]


@pytest.fixture(params=FORMS, ids=["files", "environment"])
def project(request: pytest.FixtureRequest) -> dict[str, Any]:
    """With secrets from files, and from variables."""
    variables, files = request.param
    return compose.load(variables, *files)


@pytest.fixture
def services() -> dict[str, Any]:
    return dict(compose.load(GIVEN)["services"])


def test_fits_the_specification(project: dict[str, Any], tmp_path: Path) -> None:
    file = tmp_path / "compose.json"
    file.write_text(json.dumps(project))
    check = ["-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec", str(file)]
    result = subprocess.run([sys.executable, *check], capture_output=True, text=True)
    assert result.stdout == "ok -- validation done\n", result.stdout


def test_all_that_is_referred_to_is_there(project: dict[str, Any]) -> None:
    services = project["services"]
    stages = {stage.name for stage in dockerfile.read()}
    for service in services.values():
        assert set(service.get("depends_on", {})) <= set(services)
        assert set(service.get("networks", ())) <= set(project["networks"])
        assert set(service.get("secrets", ())) <= set(project["secrets"])
        volumes = {volume.split(":")[0] for volume in service.get("volumes", ())}
        assert volumes <= set(project["volumes"])
        if build := service.get("build"):
            assert (ROOT / build["context"] / build.get("dockerfile", "Dockerfile")).is_file()
            assert build.get("target", "") in stages
            arguments = {each.text.split("=")[0] for each in dockerfile.read()[-1].all("ARG")}
            assert set(build.get("args", ())) <= arguments
    used = {part for each in services.values() for part in each.get("networks", ())}
    assert used == set(project["networks"])
    kept = {
        volume.split(":")[0] for each in services.values() for volume in each.get("volumes", ())
    }
    assert kept == set(project["volumes"])


def test_starts_in_order(services: dict[str, Any]) -> None:
    ready = {"postgres": "service_healthy", "redis": "service_healthy"}
    done = {"migrate": "service_completed_successfully"}
    waits = {
        name: {other: how["condition"] for other, how in each.get("depends_on", {}).items()}
        for name, each in services.items()
    }
    assert waits == {
        **{"postgres": {}, "redis": {}, "migrate": ready},
        **dict.fromkeys(("web", "beat", *WORKERS), ready | done),
    }
    image_check = dockerfile.read()[-1].all("HEALTHCHECK")
    for name, each in services.items():
        check = each.get("healthcheck", {})
        assert "test" in check or check.get("disable") or (name == "web" and image_check)
    assert {n for n, each in services.items() if each.get("healthcheck", {}).get("disable")} == {
        "migrate"
    }


def test_restarts_what_ends_but_not_the_one_off(services: dict[str, Any]) -> None:
    restarts = {name: each["restart"] for name, each in services.items()}
    assert restarts.pop("migrate") == "no"
    assert set(restarts.values()) == {"unless-stopped"}


def test_has_no_rights_that_it_does_not_need(services: dict[str, Any]) -> None:
    for name, each in services.items():
        assert each["security_opt"] == ["no-new-privileges:true"]
        assert each["read_only"] is True
        assert not each.get("privileged")
        if name in OURS:
            assert each["cap_drop"] == ["ALL"]


def test_web_and_worker_share_folders_that_their_user_may_write_to(
    services: dict[str, Any],
) -> None:
    """Of the image's folder an empty volume takes its owner."""
    mounted = {name: services[name].get("volumes", []) for name in OURS}
    assert mounted == {
        "migrate": [],
        "beat": [],
        **{name: ["files:/files", "evidence:/evidence"] for name in ("web", *WORKERS)},
    }
    for variable, place in (("CLAIMS_FILES_DIR", "/files"), ("CLAIMS_EVIDENCE_DIR", "/evidence")):
        assert {services[name]["environment"][variable] for name in OURS} == {place}
    final = dockerfile.read()[-1]
    assert final.all("COPY")[-1].text == "--from=build --chown=10001:10001 /mounts /"
    assert final.all("USER")[0].text == "10001:10001"
    made = " ".join(each.text for each in dockerfile.read()[1].all("RUN"))
    assert "mkdir -p ../mounts/files ../mounts/evidence" in made


def test_evidence_can_be_in_a_bucket_whose_secret_is_in_a_file() -> None:
    """What web and workers have besides; the others know nothing of it."""
    asked = GIVEN | {"CLAIMS_EVIDENCE_S3_BUCKET": "evidence", "CLAIMS_EVIDENCE_S3_KEY": "AK"}
    before = compose.load(asked)["services"]
    project = compose.load(asked, BASE, ROOT / "docker" / "evidence-s3.yml")
    for name, service in project["services"].items():
        was = before[name]
        added = {
            key: value
            for key, value in service["environment"].items()
            if key not in was["environment"]
        }
        secrets = set(service.get("secrets", ())) - set(was.get("secrets", ()))
        if name in ("web", *WORKERS):
            assert added == {
                "CLAIMS_EVIDENCE_S3_BUCKET": "evidence",
                "CLAIMS_EVIDENCE_S3_KEY": "AK",
                "CLAIMS_EVIDENCE_S3_SECRET_FILE": "/run/secrets/evidence_s3_secret",
            }
            assert secrets == {"evidence_s3_secret"}
            assert "outside" in service["networks"]
        else:
            assert (added, secrets) == ({}, set())
    known = {setting.name for setting in env.declared()}
    assert {"CLAIMS_EVIDENCE_S3_BUCKET", "CLAIMS_EVIDENCE_S3_SECRET"} <= known
    with pytest.raises(Refused, match="CLAIMS_EVIDENCE_S3_BUCKET is missing a value"):
        compose.load(GIVEN, BASE, ROOT / "docker" / "evidence-s3.yml")


def test_only_the_web_server_can_be_reached_and_from_this_machine(
    project: dict[str, Any],
) -> None:
    ports = {name: each["ports"] for name, each in project["services"].items() if "ports" in each}
    assert ports == {"web": ["127.0.0.1:8000:8000"]}
    assert project["networks"]["inside"] == {"internal": True}


def test_who_asks_other_sites_has_a_way_out_and_the_servers_have_none(
    services: dict[str, Any],
) -> None:
    outside = {name for name, each in services.items() if "outside" in each["networks"]}
    fetching = {name for name, taken in WORKERS.items() if "fetching" in taken}
    assert fetching == {"worker", "worker-fetching"}
    assert outside == {"web", *fetching}


def test_workers_of_the_profile_take_of_one_queue_each(services: dict[str, Any]) -> None:
    taken = {}
    for name in WORKERS:
        command = compose.command(services[name])
        assert command is not None
        named = command[command.index("--queues") + 1] if "--queues" in command else ""
        taken[name] = set(named.split(",")) if named else set(queues.NAMES)
    assert taken == WORKERS
    profiles = {name: each["profiles"] for name, each in services.items() if "profiles" in each}
    assert profiles == {name: ["workers"] for name in WORKERS if name != "worker"}


def test_extraction_may_take_its_lease_when_the_worker_is_to_end(services: dict[str, Any]) -> None:
    for name in WORKERS:
        assert services[name]["stop_signal"] == "SIGTERM"
        assert compose.seconds(services[name]["stop_grace_period"]) >= settings.EXTRACTION_LEASE


def test_secret_is_asked_for_by_name() -> None:
    for name in SECRETS:
        rest = {key: value for key, value in SECRETS.items() if key != name}
        with pytest.raises(Refused, match=f"required variable {name} is missing a value"):
            compose.load(GIVEN | rest, BASE, ENVIRONMENT)
    with pytest.raises(Refused, match="required variable CLAIMS_HOSTS is missing a value"):
        compose.load({})


def test_no_secret_has_a_default() -> None:
    """Not in the files, nor in a project without variables: files hold them all."""
    text = BASE.read_text() + ENVIRONMENT.read_text()
    for name in SECRETS:
        assert not re.search(rf"\{{{name}:?-", text)
        assert set(re.findall(rf"\$\{{{name}(:?.)", text)) <= {":?"}
    services = compose.load(GIVEN)["services"]
    held = {key for each in services.values() for key in each["environment"]}
    secret = {setting.name for setting in env.declared() if setting.secret}
    assert held & (secret | {"POSTGRES_PASSWORD"}) == {"DATABASE_URL", "REDIS_URL"}


def test_only_migrate_logs_in_as_the_owner_of_the_tables(project: dict[str, Any]) -> None:
    services = project["services"]
    roles = {
        name: urlsplit(services[name]["environment"]["DATABASE_URL"]).username for name in OURS
    }
    assert roles.pop("migrate") == services["postgres"]["environment"]["POSTGRES_USER"] == "claims"
    assert (
        set(roles.values())
        == {services["migrate"]["environment"]["DATABASE_APPLICATION_ROLE"]}
        == {"claims_application"}
    )


def test_the_owners_password_is_given_to_migrate_alone(services: dict[str, Any]) -> None:
    held = {name: set(services[name]["secrets"]) for name in (*OURS, "postgres")}
    owners = {"migrate", "postgres"}
    assert {name for name, secrets in held.items() if "database_password" in secrets} == owners
    services = compose.load(GIVEN | SECRETS, BASE, ENVIRONMENT)["services"]
    given = {name: services[name]["environment"].values() for name in (*OURS, "postgres")}
    assert {name for name, values in given.items() if "p" in values} == owners


def test_variables_replace_the_files_wholly() -> None:
    services = compose.load(GIVEN | SECRETS, BASE, ENVIRONMENT)["services"]
    for name in (*OURS, "postgres"):
        assert not services[name].get("secrets")
        assert not [
            key
            for key in services[name]["environment"]
            if key.endswith("_FILE") and key != "CLAIMS_PULSE_FILE"
        ]
    assert services["worker"]["environment"]["CLAIMS_SECRET_KEY"] == SECRETS["CLAIMS_SECRET_KEY"]
    assert services["postgres"]["environment"]["POSTGRES_PASSWORD"] == "p"


def test_application_knows_every_setting_that_it_is_given() -> None:
    """Those without a value in the file too, once they have one."""
    plain = BASE.read_text()
    offered = dict.fromkeys(re.findall(r"^    (CLAIMS_\w+):$", plain, re.MULTILINE), "1")
    assert len(offered) == 12
    given = compose.load(GIVEN | offered)["services"]["web"]["environment"]
    known = {setting.name for setting in env.declared()}
    known |= {f"{setting.name}_FILE" for setting in env.declared() if setting.secret}
    assert set(offered) <= set(given)
    assert set(given) - {"HOME"} <= known


def test_setting_that_is_not_given_is_left_to_the_application(services: dict[str, Any]) -> None:
    assert "CLAIMS_PUBLIC_READING" not in services["web"]["environment"]


def test_example_names_what_can_be_set() -> None:
    named = compose.variables_of(EXAMPLE, commented=True)
    text = BASE.read_text() + ENVIRONMENT.read_text()
    read = set(re.findall(r"\$\{(\w+)", text)) | set(re.findall(r"^    (CLAIMS_\w+):$", text, re.M))
    assert set(named) - {"COMPOSE_FILE", "COMPOSE_PROFILES"} <= read
    assert set(compose.variables_of(EXAMPLE)) == {"CLAIMS_HOSTS", "CLAIMS_HTTPS"}
    files = [ROOT / name for name in named["COMPOSE_FILE"].split(":")]
    assert files == [BASE, ENVIRONMENT]
    compose.load(named, *files)


def test_secrets_are_drawn_once_for_the_containers_alone(tmp_path: Path) -> None:
    script, folder = ROOT / "docker" / "draw-secrets.sh", tmp_path / "secrets"
    assert os.access(script, os.X_OK)
    first = subprocess.run([script, folder], capture_output=True, text=True, check=True)
    assert first.stdout.count(": drawn\n") == 3
    files = {path.name: path.read_text() for path in folder.iterdir()}
    assert {path.name for path in folder.iterdir()} == set(compose.load(GIVEN)["secrets"])
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    for path in folder.iterdir():
        assert stat.S_IMODE(path.stat().st_mode) == 0o444  # a container's user is another one
        assert re.fullmatch(r"[A-Za-z0-9+/]{64}", path.read_text())
    assert len(set(files.values())) == 3
    again = subprocess.run([script, folder], capture_output=True, text=True, check=True)
    assert again.stdout.count(": there already\n") == 3
    assert {path.name: path.read_text() for path in folder.iterdir()} == files


def test_secrets_and_variables_stay_out_of_git_and_image() -> None:
    for name in (".env", "docker/secrets/secret_key"):
        ignored = subprocess.run(["git", "check-ignore", "-q", name], cwd=ROOT)
        assert ignored.returncode == 0, name
        assert name not in dockerfile.context()
