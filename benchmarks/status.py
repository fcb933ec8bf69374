"""How the time to derive a town's status grows with its claims.

    .venv/bin/python -m benchmarks.status

Prints a row for each number of claims, with the time as a ratio to the smallest town of the
same run: absolute times say more about the machine.
"""

from __future__ import annotations

import random
import sys
import time
from datetime import date, timedelta

from claims.status.engine import derive
from claims.status.records import StatusActor, StatusClaim

SIZES = (250, 500, 1000, 2000)
DAYS = 1000
RUNS = 3  # the quickest counts
ACTORS = {
    actor.key: actor
    for actor in (
        StatusActor("red army", "red", official=True),
        StatusActor("red militia", "red"),
        StatusActor("blue army", "blue", official=True),
        StatusActor("observer"),
    )
}


def town(size: int) -> list[StatusClaim]:
    """Claims drawn at random, the same for the same size."""
    draw = random.Random(size)  # noqa: S311 - a benchmark's data, no secret
    days = [date(2030, 1, 1) + timedelta(days=draw.randrange(DAYS)) for _ in range(size)]
    return [
        StatusClaim(
            id=f"{number:05d}",
            claimant=draw.choice(list(ACTORS)),
            stance=draw.choice(("asserts", "asserts", "denies")),
            predicate=draw.choice(("captured", "holds", "advancing", "fighting", "withdrew")),
            subject_side=draw.choice(("red", "blue")),
            asserted_on=day,
            published=day,
            extent=draw.choice(("whole", "whole", "part")),
            part_label="north",
        )
        for number, day in enumerate(days)
    ]


def seconds(size: int) -> float:
    rows, taken = town(size), []
    for _ in range(RUNS):
        start = time.perf_counter()
        derive(rows, ACTORS)
        taken.append(time.perf_counter() - start)
    return min(taken)


def main() -> None:
    measured = {size: seconds(size) for size in SIZES}
    sys.stdout.write("claims   seconds   ratio\n")
    for size, taken in measured.items():
        sys.stdout.write(f"{size:6}   {taken:7.3f}   {taken / measured[SIZES[0]]:5.1f}\n")


if __name__ == "__main__":
    main()
