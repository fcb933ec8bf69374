"""What the queue and the database take of extraction: documents and words a second through Celery,
with one and with two workers, against the same texts in a loop.

    .venv/bin/python -m benchmarks.throughput [--documents 320] [--turns 3] [--json]

Workers are processes as in production, woken as by an ingest, and warm; a turn begins with the
message that wakes them, and ends when every text is read, its claims written, and no town's status
is left to derive. The loop reads the same texts in as many processes, with the model, names and
settings of a worker, by the same batches: no queue, no database. Loop and workers take turns, and
medians count. `share`: what queue, database and statuses take of the time from end to end;
`processor_share`: of the workers' processor time, which says more on a busy machine. `ratio` is
documents a second of one worker over one loop. Memory is that of a worker with all its processes.

On servers of its own, or with DATABASE_URL and REDIS_URL on a database with all names (`manage.py
migrate`, `load_packs`), which then has some hundreds of made-up documents more, and on a broker
that nobody else uses.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import random
import secrets
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from multiprocessing.pool import Pool
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")  # one core; read when numpy is imported

import django

from benchmarks.breaking.installation import Installation, Program, servers, until
from benchmarks.memory import Memory, descendants, memory, processor_seconds
from benchmarks.texts import TOWNS, article

PAPERS = 5
FIRST_DAY = datetime(2023, 1, 11, 18, tzinfo=UTC)
PATIENCE = 900.0  # seconds for a turn
MOST_SHARE = 0.15
WARM = 32  # documents that each worker has read before: two messages


@dataclass(frozen=True, slots=True)
class Turn:
    """Seconds for the same texts: in a loop, and through the workers; and of the processor."""

    loop: float
    loop_processor: float
    workers: float
    workers_processor: float


@dataclass(frozen=True, slots=True)
class Measured:
    workers: int
    documents: int
    words: int
    turns: list[Turn]
    memory: list[Memory]
    """Of a worker, with none, and after each turn."""

    def median(self, name: str) -> float:
        return statistics.median(getattr(turn, name) for turn in self.turns)

    @property
    def ratio(self) -> float:
        return statistics.median(turn.loop / turn.workers for turn in self.turns)

    @property
    def share(self) -> float:
        return 1 - self.ratio

    @property
    def processor_share(self) -> float:
        """Of the workers' processor time, what is not extraction."""
        ratios = (turn.loop_processor / turn.workers_processor for turn in self.turns)
        return 1 - statistics.median(ratios)


def texts(number: int, seed: str) -> list[str]:
    """Made-up articles; hardly two are near copies."""
    made = []
    for index in range(number):
        draw = random.Random(f"{seed} {index}")  # noqa: S311 - draws texts
        town, other = draw.sample(TOWNS, 2)
        made.append(article(draw, (town, other)).text())
    return made


def bring_in(some: Sequence[str]) -> None:
    """Store the texts, and wake nobody. Raises SystemExit where some are there already."""
    from sources.adapters import RawDocument
    from sources.ingest import store_many

    stored = store_many(
        [
            RawDocument(
                where=f"text {index}",
                publisher=f"Paper {index % PAPERS + 1}",
                published=FIRST_DAY + timedelta(hours=3 * index),
                title=text.partition("\n")[0],
                text=text,
            )
            for index, text in enumerate(some)
        ]
    )
    if not all(one.created for one in stored):
        raise SystemExit("the texts are there already: take another --seed, or a new database")


class Loop:
    """Processes that read texts as workers do, with neither queue nor database."""

    def __init__(self, processes: int) -> None:
        self.pool: Pool = multiprocessing.get_context("spawn").Pool(processes, _prepare)
        self.processes = processes

    def read(self, some: Sequence[str]) -> tuple[float, float]:
        """Seconds, and seconds of the processor, in all its processes together."""
        parts = [list(some[number :: self.processes]) for number in range(self.processes)]
        begun = time.perf_counter()
        processor = self.pool.map(_read, parts, chunksize=1)
        return time.perf_counter() - begun, sum(processor)


def _prepare() -> None:
    django.setup()
    from claims import runs

    runs.extractor()  # with all names, as a worker has it


def _read(some: list[str]) -> float:
    from claims import runs
    from claims.extraction.records import Article

    begun = time.process_time()
    articles = [Article(str(n), "Paper", FIRST_DAY, text) for n, text in enumerate(some)]
    for _ in runs.extractor().extract(articles):
        pass
    return time.process_time() - begun


@contextmanager
def workers(installation: Installation, number: int) -> Iterator[list[Program]]:
    """As many workers of one process each, and what sends sweeps round."""
    schedule = str(installation.folder / "schedule")
    beat = _program(installation, "beat", "beat", "--pidfile=", "--schedule", schedule)
    programs = []
    for one in range(1, number + 1):
        name = f"worker-{one}"
        options = ["--concurrency", "1", "--hostname", f"{name}@here"]
        programs.append(_program(installation, name, "worker", *options))
    try:
        for program in (beat, *programs):
            program.start()
        yield programs
    finally:
        for program in (beat, *programs):
            program.kill()


def _program(installation: Installation, name: str, *command: str) -> Program:
    return Program(
        name,
        [sys.executable, "-m", "celery", "-A", "config", *command],
        installation.environment(),
        installation.folder / f"{name}.log",
    )


def through(programs: Sequence[Program]) -> float:
    """Seconds from the message that wakes the workers until nothing is left to do."""
    from sources.ingest import wake

    begun = time.perf_counter()
    wake()
    until("the workers do not come to an end", lambda: _idle(programs), PATIENCE)
    return time.perf_counter() - begun


def _idle(programs: Sequence[Program]) -> bool:
    from claims.models import DueTown, ExtractionRun
    from sources.models import Document

    if not all(program.runs() for program in programs):
        raise SystemExit(f"a worker has ended: see {programs[0].log.parent}")
    done = ExtractionRun.objects.filter(state="done").count()
    return done == Document.objects.count() and not DueTown.objects.exists()


def measure(installation: Installation, number: int, given: argparse.Namespace) -> Measured:
    turns: list[Turn] = []
    words = 0
    loop = Loop(number)
    with loop.pool, workers(installation, number) as programs:
        bring_in(texts(WARM * number, f"{given.seed} {number} warm"))
        through(programs)
        loop.read(texts(WARM * number, f"{given.seed} {number} warm"))
        held = [_memory(programs[0])]
        for turn in range(given.turns):
            some = texts(given.documents, f"{given.seed} {number} {turn}")
            words += sum(len(text.split()) for text in some)
            alone = loop.read(some)
            bring_in(some)
            before = _processor(programs)
            took = through(programs)
            turns.append(Turn(*alone, took, _processor(programs) - before))
            held.append(_memory(programs[0]))
            _say(f"{number} workers, {given.documents} documents: {turns[-1]}")
    return Measured(number, given.documents, words // given.turns, turns, held)


def _processor(programs: Sequence[Program]) -> float:
    return sum(processor_seconds(_processes(program)) for program in programs)


def _memory(program: Program) -> Memory:
    return memory(_processes(program))


def _processes(program: Program) -> list[int]:
    return descendants(program.process.pid) if program.process else []


def parse_rate(seed: str) -> float:
    """Words a second of the parsing model alone, in this process, over some of the texts."""
    from claims.extraction.model import load_model

    nlp, some = load_model(), texts(64, f"{seed} parse")
    words, rates = sum(len(text.split()) for text in some), []
    for _ in range(3):
        begun = time.perf_counter()
        for _ in nlp.pipe(some, batch_size=16):
            pass
        rates.append(words / (time.perf_counter() - begun))
    return statistics.median(rates)


def figures(measured: Sequence[Measured], parse: float) -> dict[str, float]:
    found: dict[str, float] = {
        "ratio": round(measured[0].ratio, 3),
        "load": round(os.getloadavg()[0], 2),
        "parse_words_per_s": round(parse),
    }
    for one in measured:
        name, loop, took = f"workers_{one.workers}", one.median("loop"), one.median("workers")
        found[f"{name}_documents_per_s"] = round(one.documents / took, 2)
        found[f"{name}_words_per_s"] = round(one.words / took)
        found[f"{name}_loop_documents_per_s"] = round(one.documents / loop, 2)
        found[f"{name}_loop_words_per_s"] = round(one.words / loop)
        found[f"{name}_share"] = round(one.share, 3)
        found[f"{name}_processor_share"] = round(one.processor_share, 3)
        for kind, value in asdict(one.memory[0]).items():
            found[f"{name}_{kind}_mb_first"] = value
        for kind, value in asdict(one.memory[-1]).items():
            found[f"{name}_{kind}_mb_last"] = value
    return found


def table(measured: Sequence[Measured], parse: float) -> Iterator[str]:
    yield (
        f"{'':12}{'documents/s':>12}{'words/s':>9}{'in a loop':>11}{'words/s':>9}"
        f"{'share':>8}{'of processor':>14}{'RSS MB':>8}{'PSS MB':>8}"
    )
    for one in measured:
        loop, took = one.median("loop"), one.median("workers")
        yield (
            f"{one.workers:>2} workers  {one.documents / took:12.2f}{one.words / took:9.0f}"
            f"{one.documents / loop:11.2f}{one.words / loop:9.0f}{one.share:8.1%}"
            f"{one.processor_share:14.1%}{one.memory[-1].rss:8.0f}{one.memory[-1].pss:8.0f}"
        )
    first, last = measured[0].memory[0], measured[0].memory[-1]
    documents = measured[0].documents * len(measured[0].turns)
    yield f"the model alone parses {parse:.0f} words/s; load {os.getloadavg()[0]:.2f}"
    yield f"a worker held {first.pss:.0f} MB (PSS), {documents} documents later {last.pss:.0f} MB"
    yield f"asked: a share of at most {MOST_SHARE:.0%}"


def _say(line: str) -> None:
    sys.stderr.write(f"{time.strftime('%H:%M:%S')} {line}\n")


def main() -> None:
    parser = argparse.ArgumentParser(description="What queue and database take of extraction.")
    parser.add_argument("--documents", type=int, default=320, help="of a turn")
    parser.add_argument("--turns", type=int, default=3)
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--seed", default="1")
    parser.add_argument("--json", action="store_true", help="one flat JSON object")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="throughput-") as folder:
        measured, parse = _on_servers(Path(folder).resolve(), given)
    if given.json:
        sys.stdout.write(f"{json.dumps(figures(measured, parse))}\n")
        return
    for line in table(measured, parse):
        sys.stdout.write(f"{line}\n")


def _on_servers(folder: Path, given: argparse.Namespace) -> tuple[list[Measured], float]:
    there = {name: os.environ.get(name, "") for name in ("DATABASE_URL", "REDIS_URL")}
    # As in production, where the small chaos has shorter ones.
    more = {
        "CLAIMS_EXTRACTION_LEASE": "300",
        "CLAIMS_SWEEP_INTERVAL": "15",
        "CLAIMS_SECRET_KEY": secrets.token_urlsafe(50),
        **(there if all(there.values()) else {}),
    }
    installation = Installation(folder, more=more)
    with nullcontext() if all(there.values()) else servers(installation):
        if not all(there.values()):
            installation.must("migrate", "--verbosity", "0")
            installation.must("load_packs")
        os.environ.update(installation.environment())
        django.setup()
        try:
            return [measure(installation, n, given) for n in given.workers], parse_rate(given.seed)
        finally:
            _close()


def _close() -> None:
    from django.db import connection

    connection.close()


if __name__ == "__main__":
    main()
