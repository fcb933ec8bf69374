"""All that is measured at scale, in one run and on one machine, as tables in Markdown.

    make bench [CLAIMS=1000000]
    .venv/bin/python -m benchmarks [--claims 100000] [--only reading …] [--datasette PROGRAM]
        [--into FILE]

Makes a world of 10⁴ claims and one of `--claims` (`benchmarks.world`), and asks of both what
readers wait for (`reading`), what writing costs (`writing`, on copies) and what queue and database
take of extraction (`throughput`). On servers of its own, with the settings that docker-compose.yml
gives PostgreSQL; nothing of them is left at the end. With DATABASE_URL and REDIS_URL the worlds are
made on that server, in databases named world_<claims>, which stay for the next run.

The tables say what machine it was, and how much of its processors' time its host gave to others
meanwhile: where that is more than some per cent, times say little and ratios less than they seem.
"""

from __future__ import annotations

import argparse
import os
import platform
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
from psycopg import sql

from benchmarks.breaking.installation import KEY, PROJECT, Installation, servers
from benchmarks.databases import beside, create, exists, own_database

SMALL = 10_000  # claims of the world that others are compared with
PARTS = ("worlds", "reading", "writing", "throughput")
PROCESSOR = ("user", "nice", "system", "idle", "iowait", "irq", "softirq", "steal")  # /proc/stat


@dataclass(slots=True)
class Report:
    """Lines of Markdown, each told as soon as it is known."""

    into: Path | None
    lines: list[str] = field(default_factory=list)

    def tell(self, *lines: str) -> None:
        self.lines += lines
        sys.stdout.write("".join(f"{line}\n" for line in lines))
        sys.stdout.flush()
        if self.into:
            self.into.write_text("".join(f"{line}\n" for line in self.lines))


@dataclass(frozen=True, slots=True)
class Bench:
    """`url`: of a database on the server that holds the worlds."""

    url: str
    broker: str
    report: Report
    datasette: str

    def run(self, module: str, *arguments: str, database: str = "") -> str:
        """What a program of `benchmarks` prints; what it says of its progress goes through. Without
        a database it makes servers of its own. Raises CalledProcessError where it fails."""
        return self.python("-m", f"benchmarks.{module}", *arguments, database=database)

    def python(self, *command: str, database: str = "") -> str:
        environment = {**os.environ, "CLAIMS_SECRET_KEY": KEY}
        for name in ("DATABASE_URL", "REDIS_URL"):
            environment.pop(name, None)
        if database:
            environment |= {"DATABASE_URL": beside(self.url, database), "REDIS_URL": self.broker}
        done = subprocess.run(
            [sys.executable, *command],
            cwd=PROJECT,
            env=environment,
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
        return done.stdout

    def tell(self, title: str, table: str) -> None:
        marked = table if table.startswith("|") else f"```\n{table.rstrip()}\n```"
        self.report.tell("", f"## {title}", "", marked.rstrip())


def make_world(bench: Bench, claims: int) -> tuple[str, str]:
    """The database's name, and what making it cost, unless it was there."""
    name = f"world_{claims}"
    if not exists(bench.url, name):
        create(bench.url, name)
        bench.python("manage.py", "migrate", "--verbosity", "0", database=name)
        options = ["--claims", str(claims), "--sizes"]
        return name, bench.run("world", *options, database=name)
    return name, ""


@contextmanager
def copies(bench: Bench, names: list[str]) -> Iterator[list[str]]:
    """Databases that may be written to."""
    made = [f"{name}_written" for name in names]
    with ExitStack() as stack:
        for name, copy in zip(names, made, strict=True):
            stack.enter_context(own_database(bench.url, template=name, name=copy))
        yield made


def measure(bench: Bench, claims: int, only: list[str]) -> None:
    names = []
    for size in dict.fromkeys((SMALL, claims)):
        began = time.monotonic()
        name, made = make_world(bench, size)
        names.append(name)
        if made and "worlds" in only:
            took = f"made in {time.monotonic() - began:.0f} s, its empty tables included"
            bench.tell(f"World of {size:,} claims, {took}", made)
    if "reading" in only:
        options = ["--databases", ",".join(names), "--markdown", "--turns", "11", "--seconds", "3"]
        options += ["--datasette", bench.datasette] if bench.datasette else []
        bench.tell("Reading", bench.run("reading", *options, database=names[0]))
    if "writing" in only:
        with copies(bench, names) as written:
            told = bench.run("writing", "--databases", *written, database=written[0])
        bench.tell("Writing", told)
    if "throughput" in only:
        bench.tell("Extraction through the queue", bench.run("throughput"))


def machine(url: str) -> Iterator[str]:
    """What it ran on, a line each."""
    info = Path("/proc/cpuinfo").read_text() if Path("/proc/cpuinfo").exists() else ""
    model = re.search(r"model name\s*: (.*)", info)
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    yield f"- {os.cpu_count()} processors ({model[1] if model else platform.machine()})"
    yield f"- {memory:.0f} GiB of memory, {platform.system()} {platform.release()}"
    with psycopg.connect(url) as server:
        version, *settings = (
            str(row[0])
            for name in ("server_version", "shared_buffers", "max_wal_size", "jit")
            if (row := server.execute(f"SHOW {name}").fetchone())
        )
    buffers, wal, jit = settings
    yield f"- PostgreSQL {version}: shared_buffers {buffers}, max_wal_size {wal}, jit {jit}"
    yield f"- Python {platform.python_version()}; the commit is {_commit()}"


def _commit() -> str:
    told = subprocess.run(
        ["git", "describe", "--always", "--dirty"], cwd=PROJECT, capture_output=True, text=True
    )
    return told.stdout.strip() or "not known"


def processor_times() -> Mapping[str, int]:
    """Ticks of all processors by what they went to; nothing where no Linux tells."""
    stat = Path("/proc/stat")
    if not stat.exists():
        return {}
    ticks = map(int, stat.read_text().split("\n", 1)[0].split()[1:])
    return dict(zip(PROCESSOR, ticks, strict=False))


def disturbed(before: Mapping[str, int], after: Mapping[str, int]) -> str:
    """How much of the processors' time was taken by the host."""
    spent = {name: after[name] - before[name] for name in before}
    if not sum(spent.values()):
        return "how much the machine's host took is not known"
    return f"the machine's host took {spent['steal'] / sum(spent.values()):.1%} of its processors"


def compose_settings() -> Iterator[tuple[str, str]]:
    """PostgreSQL's settings in docker-compose.yml, those that can be set there by their default;
    but for the compression by lz4, which the server of the wheel is built without."""
    text = (PROJECT / "docker-compose.yml").read_text()
    for name, default, plain in re.findall(r"-c (\w+)=(?:\$\{\w+:-(\w+)\}|(\w+))", text):
        if name != "wal_compression":
            yield name, default or plain


@contextmanager
def own_servers(folder: Path) -> Iterator[Installation]:
    installation = Installation(folder)
    with servers(installation):
        with psycopg.connect(installation.database_url(), autocommit=True) as server:
            for name, value in compose_settings():
                statement = sql.SQL("ALTER SYSTEM SET {} = {}")
                server.execute(statement.format(sql.Identifier(name), sql.Literal(value)))
        installation.postgres.kill()  # nothing is in it yet
        installation.postgres.start()
        yield installation


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure all of it at scale.")
    parser.add_argument("--claims", type=int, default=100_000, help="of the larger world")
    parser.add_argument("--only", nargs="+", choices=PARTS, default=list(PARTS))
    parser.add_argument("--datasette", default="", help="the program to compare with")
    parser.add_argument("--into", type=Path, help="a file that the tables are written to as well")
    given = parser.parse_args()
    there = os.environ.get("DATABASE_URL", ""), os.environ.get("REDIS_URL", "")
    report, began, before = Report(given.into), time.monotonic(), processor_times()
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        own = None if there[0] else own_servers(Path(folder).resolve())
        with own or nullcontext() as made:
            url, broker = (made.database_url(), made.environment()["REDIS_URL"]) if made else there
            report.tell(f"# Measured on {time.strftime('%d %B %Y')}", "", *machine(url))
            measure(Bench(url, broker, report, given.datasette), given.claims, given.only)
    minutes = (time.monotonic() - began) / 60
    report.tell("", f"In {minutes:.1f} minutes; {disturbed(before, processor_times())}.")


if __name__ == "__main__":
    main()
