"""Fill a database with a made-up world, to look at the pages on and to measure them.

    DATABASE_URL=… .venv/bin/python -m benchmarks.world [--claims 10000] [--seed 1] [--json]

The database must be migrated and either empty or filled by this program before: it refuses any
other, unless `--force` lets it empty that. The same seed, size and last day (`--until`) give the
same world, on any day and by however many processes (`--processes`). Three wars go on for three
years: towns are fought over in bursts, both sides, third parties and papers speak of them, texts
are copied by other papers, editors decide, some papers fall silent. A few towns have most of the
claims. The first have exactly 50, 500 and 5 000 live ones (`--measured`), as far as these are not
more than two thirds of the world, and are the same towns with the same claims in worlds of all
sizes. Rows are written by COPY in batches, so that memory stays bounded, into tables whose indexes
and foreign keys are made again after it; their history is written with them, as of the days on
which it would have happened.

`ratio` is rows per second of COPY over those of the ORM's `bulk_create`, for the same rows of the
same run. `us_per_claim` is the time of the whole run for each claim, `cpu_us_per_claim` the
processors' time of all processes but the database's. `--sizes` adds what rows weigh in the
database: bytes of each table per row, and of all tables that a document, a claim, its history and
a status grow by.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from datetime import date

import django

from benchmarks.worlds.plan import MEASURED

UNTIL = date(2026, 11, 15)


def main() -> int:
    parser = argparse.ArgumentParser(description="Fill a database with a made-up world.")
    parser.add_argument("--claims", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--until", type=date.fromisoformat, default=UNTIL, help="the last day")
    words = "live claims of the towns that have exactly so many"
    parser.add_argument("--measured", type=int, nargs="+", default=MEASURED, help=words)
    parser.add_argument("--processes", type=int, help="as many as there are cores by default")
    parser.add_argument("--force", action="store_true", help="empty whatever the database holds")
    parser.add_argument("--no-status", action="store_true", help="derive no statuses")
    parser.add_argument("--sizes", action="store_true", help="what rows weigh in the database")
    parser.add_argument("--json", action="store_true", help="one flat JSON object")
    given = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    from benchmarks.worlds.crew import cores
    from benchmarks.worlds.making import Wanted, make_world
    from benchmarks.worlds.sizes import sizes
    from benchmarks.worlds.writing import Refused, empty

    wanted = Wanted(
        claims=given.claims,
        seed=given.seed,
        until=given.until,
        measured=tuple(given.measured),
        status=not given.no_status,
        processes=given.processes or cores(),
        shown=True,
    )
    try:
        empty(force=given.force)
    except Refused as refused:
        sys.stderr.write(f"{refused} (--force empties it)\n")
        return 2
    figures = make_world(wanted)
    if given.sizes:
        figures |= sizes()
    if given.json:
        sys.stdout.write(f"{json.dumps(figures)}\n")
        return 0
    for name, figure in figures.items():
        sys.stdout.write(f"{name:36} {figure:>12,}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
