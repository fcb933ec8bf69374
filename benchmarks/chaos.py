"""Chaos: documents come in while programs are killed with -9, and nothing is lost or done twice.

    .venv/bin/python -m benchmarks.chaos [--documents 500] [--kills 100] [--seed 0] [--json]
        [--folder DIR] [--dump FILE]

In an installation of its own (embedded servers, web server, two workers, beat; the parsing model
is the real one) documents are brought in by the API, the page's form, addresses, feeds and a
command, twice: once undisturbed, and once while workers, single processes of theirs, the broker
with and without its data, beat, the web server, PostgreSQL and single processes of its are killed,
and come back after a moment. Who brings a document in asks again until it is taken. At the end
both databases are compared in content: documents, families, claims with their passages,
suggestions, statuses. The exit code is 1 where they differ, or something is left undone. With
`--folder` the logs are kept there; `--dump` is of a database with packs, which saves making
one. For Linux: processes are found in /proc.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from urllib.error import URLError
from urllib.request import urlopen

import psycopg
from psycopg import sql

from benchmarks.breaking.bringing import Bringer
from benchmarks.breaking.installation import Database, Installation, Program, servers, until
from benchmarks.breaking.site import Site, site_of
from benchmarks.breaking.stories import Story, stories

# What is killed, each as often as it stands here.
DECK = (
    *("worker", "worker", "worker", "worker's process", "worker's process", "beat"),
    *("web server", "web server", "broker", "broker and its data", "PostgreSQL"),
    "PostgreSQL's process",
)
PAUSES = (3.0, 9.0)  # seconds between kills, at least and at most
BACK = 3.0  # seconds at most until what was killed comes back
STARTED = 300.0  # seconds for all programs to start
SETTLED = 3600.0  # seconds at most for what is left to be done after the last kill
Figures = dict[str, float]

UNDONE = """
    SELECT
        (SELECT count(*) FROM sources_intakeitem WHERE state IN ('waiting', 'running')),
        (SELECT count(*) FROM sources_feeditem WHERE state IN ('waiting', 'running')),
        (SELECT count(*) FROM sources_feed WHERE succeeded_at IS NULL),
        (SELECT count(*) FROM sources_document d WHERE NOT EXISTS (
            SELECT FROM claims_extractionrun r
            WHERE r.document_id = d.id AND r.state IN ('done', 'failed')
        )),
        (SELECT count(*) FROM claims_duetown),
        (SELECT count(*) FROM claims_change WHERE number IS NULL)
"""
FAULTS = {
    "taken in more than once": """
        SELECT title FROM sources_document GROUP BY title HAVING count(*) > 1
    """,
    "not extracted once, or not to its end": """
        SELECT d.title FROM sources_document d
        LEFT JOIN claims_extractionrun r ON r.document_id = d.id
        GROUP BY d.id HAVING count(*) <> 1 OR max(r.state) <> 'done'
    """,
    "not taken in": """
        SELECT coalesce(nullif(title, ''), name) || ': ' || error FROM sources_intakeitem
        WHERE state NOT IN ('created', 'present')
    """,
    "announced, and not taken in": """
        SELECT url || ': ' || error FROM sources_feeditem
        WHERE state NOT IN ('created', 'present')
    """,
    "numbered with a gap": """
        SELECT count(*) || ' changes, the last is ' || max(number) FROM claims_change
        HAVING count(*) <> max(number)
    """,
}


@dataclass(slots=True)
class Breaker:
    """Kills what an installation consists of, and lets it come back. `by_itself`: programs that
    ended without being killed."""

    installation: Installation
    random: Random
    kills: Counter[str] = field(default_factory=Counter)
    by_itself: Counter[str] = field(default_factory=Counter)
    back_at: dict[str, float] = field(default_factory=dict)

    def break_all(self, plan: list[str], pauses: tuple[float, float]) -> None:
        for kind in plan:
            self._kill(kind)
            self.look_after(self.random.uniform(*pauses))

    def look_after(self, seconds: float) -> None:
        """Let come back what was killed, or has ended, for so long."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self._bring_back()
            time.sleep(0.1)

    def _parts(self) -> list[Database | Program]:
        return [self.installation.postgres, self.installation.broker, *self.installation.programs]

    def _bring_back(self) -> None:
        now = time.monotonic()
        for part in self._parts():
            if part.runs():
                continue
            if part.name not in self.back_at:
                self.by_itself[part.name] += 1
                self.back_at[part.name] = now + self.random.uniform(0, BACK)
            elif now >= self.back_at[part.name]:
                del self.back_at[part.name]
                part.start()

    def _kill(self, kind: str) -> None:
        """Whatever of the kind runs; where it is away just now, wait for it."""
        part = self._part(kind)
        while not part.runs():
            self.look_after(0.2)
        if kind.endswith("'s process"):
            self._kill_child(part)
        else:
            part.kill()
            self.back_at[part.name] = time.monotonic() + self.random.uniform(0, BACK)
        if kind == "broker and its data":
            self.installation.broker.lose_data()
        self.kills[kind] += 1

    def _kill_child(self, part: Database | Program) -> None:
        while not (children := part.children()):
            self.look_after(0.2)
        with suppress(ProcessLookupError):
            os.kill(self.random.choice(children), signal.SIGKILL)

    def _part(self, kind: str) -> Database | Program:
        name, *_ = kind.removesuffix("'s process").split()
        if name == "PostgreSQL":
            return self.installation.postgres
        if name == "broker":
            return self.installation.broker
        return self.random.choice(self.installation.find(name))


def plan(kills: int, random: Random) -> list[str]:
    """What is killed, in turn: of every kind, where there are enough kills."""
    kinds = list(dict.fromkeys(DECK))
    cards = [*kinds, *DECK * (kills // len(DECK) + 1)][:kills]
    random.shuffle(cards)
    return cards


@dataclass(slots=True)
class Run:
    """What came of bringing the stories in once."""

    content: list[str]
    faults: list[str]
    refusals: Counter[str]
    kills: Counter[str]
    by_itself: Counter[str]
    seconds: float
    settling: float  # seconds after the last kill


def run(
    installation: Installation,
    told: list[Story],
    *,
    kills: int,
    seed: int,
    scene: dict[str, str],
    pauses: tuple[float, float] = PAUSES,
    say: Callable[[str], None] = lambda line: None,
) -> Run:
    """Bring the stories into the installation's database, which has `breaking.scene`, while
    there are so many kills. Raises TimeoutError where it does not come to an end."""
    breaker = Breaker(installation, Random(seed))  # noqa: S311 - draws whom to kill
    cards = plan(kills, breaker.random)
    with site_of(told) as site, _allowing(installation, site), installation.running():
        until("the web server does not answer", lambda: _serves(installation), STARTED)
        began = time.monotonic()
        bringer = Bringer(
            installation,
            site,
            scene["key"],
            scene["cookie"],
            so_far=lambda: (breaker.kills.total() + 1) / (kills + 1),
        )
        with bringer.bringing(told) as threads:
            for number, card in enumerate(cards, 1):
                breaker.break_all([card], pauses)
                say(f"{number} kills, the last of {card}; {bringer.taken} documents taken")
            broken = time.monotonic()
            end = broken + SETTLED
            while any(thread.is_alive() for thread in threads) or _undone(installation):
                breaker.look_after(0.5)
                if time.monotonic() > end:
                    left = f"{_undone(installation)}; {bringer.taken} taken, {bringer.refusals}"
                    raise TimeoutError(f"it does not come to an end: {left}")
        ended = time.monotonic()
    content = [json.dumps(line) for line in _content(installation)]
    broken_answers = (
        [] if kills else [f"answered {why}" for why in bringer.refusals if why[0] == "5"]
    )
    return Run(
        content,
        [*bringer.faults, *_faults(installation, told), *broken_answers],
        bringer.refusals,
        breaker.kills,
        breaker.by_itself,
        seconds=round(ended - began, 1),
        settling=round(ended - broken, 1),
    )


@contextmanager
def _allowing(installation: Installation, site: Site) -> Iterator[None]:
    """Addresses of the sites may be fetched."""
    before = installation.more
    installation.more = {**before, "CLAIMS_FETCH_ALLOW_HOSTS": ",".join(site.hosts)}
    try:
        yield
    finally:
        installation.more = before


def _serves(installation: Installation) -> bool:
    """Raises RuntimeError where a program has ended instead of starting."""
    for program in installation.programs:
        if not program.runs():
            raise RuntimeError(f"{program.name} does not start: see {program.log}")
    try:
        with urlopen(f"{installation.url}/readyz", timeout=10) as answer:  # noqa: S310 - of this machine
            return bool(answer.status == 200)
    except (URLError, OSError):
        return False


def _undone(installation: Installation) -> list[int]:
    """How much is open, of each kind; nothing where nothing is. None where nobody can say."""
    try:
        with psycopg.connect(installation.database_url(), autocommit=True) as connection:
            found = connection.execute(UNDONE).fetchone()
    except psycopg.OperationalError:
        return [-1]
    return [int(number) for number in found or ()] if any(found or ()) else []


def _content(installation: Installation) -> list[object]:
    return list(json.loads(installation.must("-m", "benchmarks.breaking.content")))


def _faults(installation: Installation, told: list[Story]) -> list[str]:
    with psycopg.connect(installation.database_url(), autocommit=True) as connection:
        found = [
            f"{row[0]}: {what}"
            for what, query in FAULTS.items()
            for row in connection.execute(query)
        ]
        titles = {row[0] for row in connection.execute("SELECT title FROM sources_document")}
    return found + [f"{one.title}: lost" for one in told if one.title not in titles]


def prepared(installation: Installation, dump: Path | None = None) -> dict[str, str]:
    """Make the installation's database with all names, or restore it from a dump that has them,
    and who brings in; how he shows himself."""
    if dump is not None:
        installation.restore(dump)
    installation.must("migrate", "--verbosity", "0")
    if dump is None:
        installation.must("load_packs")
    return dict(json.loads(installation.must("-m", "benchmarks.breaking.scene")))


def copy_database(installation: Installation, name: str) -> None:
    with psycopg.connect(installation.database_url("postgres"), autocommit=True) as connection:
        names = sql.Identifier(name), sql.Identifier(installation.database)
        connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(*names))


def report(calm: Run, broken: Run, told: list[Story]) -> tuple[dict[str, object], list[str]]:
    """Figures, and what is wrong."""
    missing, more = Counter(calm.content), Counter(broken.content)
    wrong = [
        *(f"undisturbed: {fault}" for fault in calm.faults),
        *(f"disturbed: {fault}" for fault in broken.faults),
        *(f"only undisturbed: {line}" for line in (missing - more).elements()),
        *(f"only disturbed: {line}" for line in (more - missing).elements()),
    ]
    kinds = Counter(json.loads(line)[0] for line in broken.content)
    figures: dict[str, object] = {
        "documents": len(told),
        "kills": broken.kills.total(),
        **{f"kills of {kind}": number for kind, number in sorted(broken.kills.items())},
        **{f"{name} ended by itself": number for name, number in sorted(broken.by_itself.items())},
        "asked again": broken.refusals.total(),
        **{f"asked again: {why}": number for why, number in broken.refusals.most_common()},
        "seconds undisturbed": calm.seconds,
        "seconds disturbed": broken.seconds,
        "seconds after the last kill": broken.settling,
        **{f"rows: {kind}": number for kind, number in sorted(kinds.items())},
        "differences": len(wrong),
    }
    return figures, wrong


def main() -> int:
    parser = argparse.ArgumentParser(description="Kill everything, and lose nothing.")
    parser.add_argument("--documents", type=int, default=500)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--folder", type=Path, help="keep the logs here")
    parser.add_argument("--dump", type=Path, help="the database to begin with")
    parser.add_argument("--json", action="store_true", help="one flat JSON object")
    given = parser.parse_args()
    told = stories(given.documents, given.seed)
    with tempfile.TemporaryDirectory(prefix="chaos-") as temporary:
        folder = given.folder or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        calm, broken = _twice(Installation(folder.resolve()), told, given)
    figures, wrong = report(calm, broken, told)
    if given.json:
        sys.stdout.write(f"{json.dumps(figures)}\n")
    else:
        for name, figure in figures.items():
            sys.stdout.write(f"{name:44} {figure:>10}\n")
    for line in wrong[:20]:
        sys.stderr.write(f"{line[:500]}\n")
    return 1 if wrong else 0


def _twice(
    installation: Installation, told: list[Story], given: argparse.Namespace
) -> tuple[Run, Run]:
    kills, seed = given.kills, given.seed
    with servers(installation):
        _say("making the database")
        scene = prepared(installation, given.dump)
        copy_database(installation, "disturbed")
        _say("undisturbed")
        calm = run(installation, told, kills=0, seed=seed, scene=scene, say=_say)
        installation.database = "disturbed"
        _say("disturbed")
        return calm, run(installation, told, kills=kills, seed=seed, scene=scene, say=_say)


def _say(line: str) -> None:
    sys.stderr.write(f"{time.strftime('%H:%M:%S')} {line}\n")


if __name__ == "__main__":
    sys.exit(main())
