"""The whole installation that docker-compose.yml describes, as processes of this machine."""

from __future__ import annotations

import http.client
import json
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, LiteralString

import psycopg

from tests.production import compose, servers
from tests.production.image import Image
from tests.production.places import Places

PATIENCE = 240.0  # seconds; a machine that is busy starts processes slowly
PAUSE = 0.25  # seconds between looks, each of which may start a process
HOST = "claims.example.org"
VARIABLES = {  # what an operator sets, with waits as short as the settings allow
    "CLAIMS_HOSTS": HOST,
    "CLAIMS_PUBLIC_READING": "1",
    "CLAIMS_EXTRACTION_LEASE": "10",
    "CLAIMS_SWEEP_INTERVAL": "1",
    "WORKER_PROCESSES": "1",
}


@dataclass(slots=True)
class Container:
    """A running service: its process group is what the container's end would end."""

    name: str
    process: subprocess.Popen[bytes]
    log: Path

    def kill(self) -> None:
        """End all its processes at once."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


@dataclass(frozen=True, slots=True)
class Answer:
    """Of the web server."""

    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()


@dataclass(slots=True)
class Site:
    """`project` is the Compose file's content, `postgres` the environment of PostgreSQL's own
    programs, `steps` what took how many seconds."""

    image: Image
    project: dict[str, Any]
    folder: Path
    places: Places
    port: int
    postgres: dict[str, str]
    files_before: set[str] = field(default_factory=set)
    steps: dict[str, float] = field(default_factory=dict)
    containers: list[Container] = field(default_factory=list)

    def service(self, name: str) -> dict[str, Any]:
        return dict(self.project["services"][name])

    def command(self, name: str) -> list[str]:
        """A service's command, by this machine's names."""
        given = compose.command(self.service(name)) or list(self.image.command)
        return self._places(name).all_here(given)

    def check(self, name: str) -> list[str]:
        """A service's health check, by this machine's names."""
        given = self.service(name).get("healthcheck", {}).get("test")
        words = compose.check(given) if given else list(self.image.check)
        return self._places(name).all_here(words)

    def environment(self, name: str) -> dict[str, str]:
        """All that a process of the service finds in its environment."""
        given = self.service(name)["environment"]
        here = {key: self._places(name).here(str(value)) for key, value in given.items()}
        return {**self.image.environment, **here}

    def run(
        self, name: str, command: list[str] | None = None, **options: Any
    ) -> subprocess.CompletedProcess[str]:
        """Run a command to its end in a service, by default the service's own."""
        return subprocess.run(
            command or self.command(name),
            cwd=self.image.app,
            env=self.environment(name),
            capture_output=True,
            text=True,
            **options,
        )

    def start(self, name: str) -> Container:
        """Start a service and leave it running."""
        log = self.folder / f"{name}-{len(self.containers)}.log"
        with log.open("wb") as output:
            process = subprocess.Popen(
                self.command(name),
                cwd=self.image.app,
                env=self.environment(name),
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        self.containers.append(Container(name, process, log))
        return self.containers[-1]

    def in_postgres(self, script: str) -> subprocess.CompletedProcess[str]:
        """Run a shell's line beside the database server, as in its container."""
        command = ["sh", "-ec", script]
        return subprocess.run(
            command, cwd=self.folder, env=self.postgres, capture_output=True, text=True
        )

    def with_(self, project: dict[str, Any]) -> Site:
        """The same machines under another Compose file's content."""
        return replace(self, project=project, containers=[])

    def get(self, path: str, headers: Mapping[str, str] | None = None) -> Answer:
        """Ask the web server as a proxy does; redirects are not followed."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        sent = {"Host": HOST, "X-Forwarded-Proto": "https", **(headers or {})}
        with closing(connection):
            connection.request("GET", path, headers=sent)
            answer = connection.getresponse()
            return Answer(answer.status, answer.headers, answer.read())

    def json(self, path: str) -> Any:
        answer = self.get(path)
        assert answer.status == 200, answer.text
        return json.loads(answer.body)

    def database(self, name: str = "migrate") -> psycopg.Connection[Any]:
        """A connection of the test's own, by default as the tables' owner, else as the service
        logs in; a block with it is one transaction."""
        environment = self.environment(name)
        password = Path(environment["DATABASE_PASSWORD_FILE"]).read_text()
        return psycopg.connect(environment["DATABASE_URL"], password=password)

    def column(self, query: LiteralString) -> list[Any]:
        with self.database() as connection:
            return [row[0] for row in connection.execute(query)]

    def scalar(self, query: LiteralString) -> Any:
        return self.column(query)[0]

    def healthy(self, name: str) -> bool:
        return self.run(name, self.check(name)).returncode == 0

    def grace(self, name: str) -> float:
        return compose.seconds(self.service(name)["stop_grace_period"])

    def _places(self, name: str) -> Places:
        """Each container has a /tmp of its own."""
        own = self.folder / f"tmp-{name}"
        own.mkdir(exist_ok=True)
        return self.places.with_({"/tmp": str(own)})

    @contextmanager
    def timed(self, step: str) -> Iterator[None]:
        began = time.monotonic()
        yield
        self.steps[step] = time.monotonic() - began


def until(what: Callable[[], bool], container: Container | None = None) -> None:
    """Wait until `what` is so. Fails where it takes too long, or the container has ended."""
    end = time.monotonic() + PATIENCE
    while not what():
        if container and container.process.poll() is not None:
            raise AssertionError(f"{container.name} has ended: {container.log.read_text()}")
        assert time.monotonic() < end, "it took too long"
        time.sleep(PAUSE)


def draw_secrets(folder: Path) -> None:
    script = compose.ROOT / "docker" / "draw-secrets.sh"
    subprocess.run([script, folder], check=True, capture_output=True)


@contextmanager
def running_servers(
    image: Image, folder: Path, variables: Mapping[str, str] = VARIABLES
) -> Iterator[Site]:
    """The installation with its PostgreSQL and Redis running, and nothing else yet; what is
    started of it later is killed at the end."""
    secrets = folder / "secrets"
    draw_secrets(secrets)
    project = compose.load({**variables, "SECRETS_DIR": str(secrets)})
    services = project["services"]
    with ExitStack() as stack:
        for name in ("postgres", "redis", "files", "evidence"):
            (folder / name).mkdir()
        postgres = stack.enter_context(
            servers.postgres(
                services["postgres"], folder / "postgres", secrets / "database_password"
            )
        )
        broker = stack.enter_context(servers.redis(services["redis"], folder / "redis"))
        port = servers.free_port()
        places = image.places.with_(
            {
                **{f"/run/secrets/{name}": part["file"] for name, part in _secrets(project)},
                "/files": str(folder / "files"),
                "/evidence": str(folder / "evidence"),
                "@postgres:5432": f"@127.0.0.1:{postgres['PGPORT']}",
                "redis:6379": f"127.0.0.1:{broker}",
                "0.0.0.0": "127.0.0.1",
                "127.0.0.1:8000": f"127.0.0.1:{port}",
                "8000": str(port),
            }
        )
        site = Site(image, project, folder, places, port, postgres, image.files())
        try:
            yield site
        finally:
            for container in site.containers:
                if container.process.poll() is None:
                    container.kill()


def _secrets(project: Mapping[str, Any]) -> list[tuple[str, dict[str, str]]]:
    return list(project.get("secrets", {}).items())
