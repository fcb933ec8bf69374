"""Fill a database with a made-up world, to look at the pages on and to measure them.

    DATABASE_URL=… .venv/bin/python -m benchmarks.world [--claims 10000] [--seed 1] [--json]

The database must be migrated and either empty or filled by this program before: it refuses any
other, unless `--force` lets it empty that. The same seed, size and last day (`--until`) give the
same world, on any day. Three wars go on for three years: towns are fought over in bursts, both
sides, third parties and papers speak of them, texts are copied by other papers, editors decide,
some papers fall silent. A few towns have most of the claims, and one has exactly 500 live ones
(`--busy`). Rows are written by COPY in batches, so that memory stays bounded; their history is
written with them, as of the days on which it would have happened.

`ratio` is rows per second of COPY over those of the ORM's `bulk_create`, for the same rows of the
same run.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from datetime import date

import django

UNTIL = date(2026, 11, 15)


def main() -> int:
    parser = argparse.ArgumentParser(description="Fill a database with a made-up world.")
    parser.add_argument("--claims", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--until", type=date.fromisoformat, default=UNTIL, help="the last day")
    parser.add_argument("--busy", type=int, default=500, help="live claims of the busy town")
    parser.add_argument("--force", action="store_true", help="empty whatever the database holds")
    parser.add_argument("--no-status", action="store_true", help="derive no statuses")
    parser.add_argument("--json", action="store_true", help="one flat JSON object")
    given = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    from benchmarks.worlds.making import Wanted, make_world
    from benchmarks.worlds.writing import Refused, empty

    wanted = Wanted(given.claims, given.seed, given.until, given.busy, not given.no_status)
    try:
        empty(force=given.force)
    except Refused as refused:
        sys.stderr.write(f"{refused} (--force empties it)\n")
        return 2
    figures = make_world(wanted)
    if given.json:
        sys.stdout.write(f"{json.dumps(figures)}\n")
        return 0
    for name, figure in figures.items():
        sys.stdout.write(f"{name:24} {figure:>12,}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
