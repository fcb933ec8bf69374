"""What readers wait for, over the floor of bare SQL, and beside Datasette, in worlds of any size.

    DATABASE_URL=… .venv/bin/python -m benchmarks.reading --databases world4,world5,world6
        [--datasette PROGRAM] [--turns 15] [--json | --markdown]

The databases are beside the one that DATABASE_URL names, each filled by `benchmarks.world`. In this
process each question is asked of each of them in turns: of the application from the WSGI handler
on, once when nothing is kept (`first`), once right after (`again`), for towns once more after
something else was committed (`elsewhere`), and of psycopg with the least statements that fetch what
the page shows (`floor`, `benchmarks.readings.floor`). Medians count, of all turns; ratios (`×`) are
over the floor, of a question in one world and in one run.

Then servers answer over HTTP on loopback: the web server as production runs it, while nothing is
written and while something is committed each second, and Datasette over the same rows in SQLite
(`benchmarks.readings.copy`), with as many processes. Without Datasette, that part is left out: it
is installed apart (`pip install datasette`), since it is only ever compared with.

Of one town nothing should depend on the size of the world: `worlds` is the median in the last
database over that in the first.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import django

if TYPE_CHECKING:
    from benchmarks.memory import Memory
    from benchmarks.readings.asking import Times, World
    from benchmarks.readings.serving import Rate, Served

MOST_RATIO, MOST_WORLDS = 3.0, 1.3


@dataclass(slots=True)
class Compared:
    """Answers a second: ours in quiet, ours with a commit each second, Datasette's; None where it
    cannot answer."""

    quiet: Rate
    busy: Rate
    datasette: Rate | None


@dataclass(slots=True)
class Found:
    """By question and world."""

    times: dict[tuple[str, str], Times] = field(default_factory=dict)
    rates: dict[tuple[str, str], Compared] = field(default_factory=dict)
    memory: dict[tuple[str, str], Memory] = field(default_factory=dict)  # by world and program
    of_towns: set[str] = field(default_factory=set)


@contextmanager
def reading(worlds: list[World]) -> Iterator[None]:
    """Each world has a key by which exports can be asked for, until the end."""
    from django.contrib.auth.models import User

    from claims.access import keys

    made = []
    for one in worlds:
        with one.chosen():
            user = User.objects.get(username="world-editor-1")
            row, one.key = keys.make(by=user, name=f"reading {os.getpid()}", scopes=["export"])
            made.append((one, user, row))
    try:
        yield
    finally:
        for one, user, row in made:
            with one.chosen():
                keys.revoke(key=row, by=user)


def chosen(one: World, only: list[str] | None) -> list[str]:
    """The names of its questions; `only`: those that have one of these words in them."""
    return [name for name in one.questions if not only or any(word in name for word in only)]


def ask_all(worlds: list[World], turns: int, only: list[str] | None) -> Found:
    from benchmarks.readings.asking import ask_in_turns

    found = Found()
    for name in dict.fromkeys(name for one in worlds for name in chosen(one, only)):
        sys.stderr.write(f"{name} …\n")
        for world, times in ask_in_turns(worlds, name, turns).items():
            found.times[name, world] = times
        if any(name in one.questions and one.questions[name].of_a_town for one in worlds):
            found.of_towns.add(name)
    return found


def serve_all(worlds: list[World], found: Found, given: argparse.Namespace) -> None:
    """Fills in rates and memory."""
    from benchmarks.readings import serving
    from benchmarks.readings.copy import copy_to

    with tempfile.TemporaryDirectory() as folder:
        for one in worlds:
            sys.stderr.write(f"{one.name}: rows into SQLite, servers …\n")
            file, log = Path(folder) / "world.db", Path(folder) / "log"
            copy_to(file, one.bare)
            with ExitStack() as stack:
                our = stack.enter_context(serving.ours(one.name, given.processes, log))
                theirs = stack.enter_context(
                    serving.datasette(given.datasette, file, given.processes, log)
                )
                for name in chosen(one, given.only):
                    sys.stderr.write(f"{one.name}: {name} …\n")
                    found.rates[name, one.name] = _compared(one, name, our, theirs, given.seconds)
                found.memory[one.name, "ours"] = our.memory()
                found.memory[one.name, "Datasette"] = theirs.memory()


def _compared(one: World, name: str, our: Served, theirs: Served, seconds: float) -> Compared:
    from benchmarks.readings.serving import commits, rate

    question = one.questions[name]
    headers = {"Authorization": f"Bearer {one.key}"} if question.by_key else {}
    quiet = rate(our, question.address, seconds, headers)
    theirs_at = f"/world/{question.datasette}"
    other = rate(theirs, theirs_at, seconds, {}) if question.datasette else None
    with commits(one.bare, 1):
        busy = rate(our, question.address, seconds, headers)
    return Compared(quiet, busy, other)


def rows_of(found: Found, worlds: list[World]) -> Iterator[dict[str, str | float]]:
    """A row by question and world, by column."""
    from benchmarks.readings.asking import p95

    first, last = worlds[0].name, worlds[-1].name
    for (name, world), times in found.times.items():
        row: dict[str, str | float] = {"question": name, "world": world}
        for which in ("floor", "first", "elsewhere", "again"):
            if taken := getattr(times, which):
                row[f"{which} ms"] = round(statistics.median(taken) * 1000, 1)
                row[f"{which} p95"] = round(p95(taken) * 1000, 1)
                if which != "floor":
                    row[f"{which} ×"] = round(times.ratio(which), 2)
        row["queries"], row["rows read"] = times.queries, times.rows_read
        row["KB"] = round(times.bytes / 1000, 1)
        if name in found.of_towns and world == last != first and (name, first) in found.times:
            least = found.times[name, first]
            for which in ("first", "elsewhere", "again"):
                over = statistics.median(getattr(times, which)) / statistics.median(
                    getattr(least, which)
                )
                row[f"worlds {which}"] = round(over, 2)
        if rates := found.rates.get((name, world)):
            row["quiet/s"] = round(rates.quiet.a_second, 1)
            row["busy/s"] = round(rates.busy.a_second, 1)
            if rates.datasette:
                row["Datasette/s"] = round(rates.datasette.a_second, 1)
        yield row


def verdict(rows: list[dict[str, str | float]]) -> Iterator[str]:
    """The goals, with the worst of each."""
    worst = max(rows, key=lambda row: row["again ×"])
    yield (
        f"given again: at most {worst['again ×']} times bare SQL ({worst['question']}, "
        f"{worst['world']}; asked: {MOST_RATIO:g})"
    )
    slow = max(rows, key=lambda row: row["first ×"])
    met = sum(float(row["first ×"]) <= MOST_RATIO for row in rows)
    yield (
        f"made anew: {met} of {len(rows)} within {MOST_RATIO:g} times bare SQL; at most "
        f"{slow['first ×']} ({slow['question']}, {slow['world']})"
    )
    kept = [row for row in rows if "elsewhere ×" in row]
    if kept:
        slow = max(kept, key=lambda row: row["elsewhere ×"])
        met = sum(float(row["elsewhere ×"]) <= MOST_RATIO for row in kept)
        yield (
            f"of a town of which nothing has changed: {met} of {len(kept)} within {MOST_RATIO:g} "
            f"times bare SQL; at most {slow['elsewhere ×']} ({slow['question']}, {slow['world']})"
        )
    both = [row for row in rows if "Datasette/s" in row]
    if both:
        for which in ("quiet/s", "busy/s"):
            ahead = sum(float(row[which]) > float(row["Datasette/s"]) for row in both)
            yield f"ahead of Datasette ({which}): {ahead} of {len(both)}"
    for which in ("first", "elsewhere", "again"):
        over = [row for row in rows if f"worlds {which}" in row]
        if over:
            most = max(over, key=lambda row: row[f"worlds {which}"])
            yield (
                f"a town in the largest world over the smallest, {which}: at most "
                f"{most[f'worlds {which}']} ({most['question']}; asked: {MOST_WORLDS:g})"
            )


def told(found: Found, worlds: list[World], *, markdown: bool) -> Iterator[str]:
    rows = list(rows_of(found, worlds))
    over_http = {name for row in rows for name in row if name.endswith("/s")}
    yield from table(
        [{k: v for k, v in row.items() if k not in over_http} for row in rows], markdown
    )
    if over_http:
        yield ""
        named = {"question", "world", *over_http}
        yield from table([{k: v for k, v in row.items() if k in named} for row in rows], markdown)
    yield ""
    mark = "- " if markdown else ""
    for line in (*verdict(rows), *_of_the_servers(found)):
        yield f"{mark}{line}"


def table(rows: list[dict[str, str | float]], markdown: bool) -> Iterator[str]:
    fullest_first = sorted(rows, key=len, reverse=True)
    columns = list(dict.fromkeys(name for row in fullest_first for name in row))
    widths = {
        name: max(len(name), *(len(str(row.get(name, ""))) for row in rows)) for name in columns
    }
    mark = " | " if markdown else "  "
    frame = "| {} |" if markdown else "{}"
    yield frame.format(mark.join(name.ljust(widths[name]) for name in columns))
    if markdown:
        yield frame.format(mark.join("-" * widths[name] for name in columns))
    for row in rows:
        yield frame.format(
            mark.join(str(row.get(name, "")).ljust(widths[name]) for name in columns)
        )


def _of_the_servers(found: Found) -> Iterator[str]:
    for (world, program), memory in found.memory.items():
        yield (
            f"{world}: memory of {program} after the load {memory.rss:.0f} MB, "
            f"{memory.pss:.0f} MB with what is shared counted once"
        )
    yield f"load {os.getloadavg()[0]:.2f} on {os.cpu_count()} processors"


def figures(found: Found, worlds: list[World]) -> dict[str, float]:
    flat: dict[str, float] = {"load": round(os.getloadavg()[0], 2)}
    for row in rows_of(found, worlds):
        start = f"{row['world']} {row['question']}"
        flat |= {f"{start} {name}": value for name, value in row.items() if type(value) is not str}  # type: ignore[misc]
    for (world, program), memory in found.memory.items():
        flat[f"{world} {program} rss_mb"] = memory.rss
        flat[f"{world} {program} pss_mb"] = memory.pss
    return flat


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="What readers wait for.")
    parser.add_argument("--databases", required=True, help="names, the smallest world first")
    parser.add_argument("--turns", type=int, default=15, help="of each question in each world")
    parser.add_argument("--seconds", type=float, default=4, help="of each question's load")
    parser.add_argument("--processes", type=int, default=1, help="of each server")
    parser.add_argument("--only", nargs="+", help="questions whose names have one of these in them")
    parser.add_argument("--datasette", default=shutil.which("datasette"), help="the program")
    parser.add_argument("--json", action="store_true", help="one flat JSON object")
    parser.add_argument("--markdown", action="store_true", help="tables for the documentation")
    return parser.parse_args()


def main() -> None:
    given = arguments()
    os.environ["DJANGO_SETTINGS_MODULE"] = "benchmarks.readings.settings"
    django.setup()
    import logging

    from benchmarks.readings.asking import world

    logging.disable(logging.WARNING)  # a line for each request is none of what is measured
    worlds = [world(name) for name in given.databases.split(",")]
    with reading(worlds):
        found = ask_all(worlds, given.turns, given.only)
        if given.datasette:
            serve_all(worlds, found, given)
    if given.json:
        sys.stdout.write(f"{json.dumps(figures(found, worlds))}\n")
        return
    for line in told(found, worlds, markdown=given.markdown):
        sys.stdout.write(f"{line}\n")


if __name__ == "__main__":
    main()
