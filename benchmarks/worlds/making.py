"""A whole world into an empty database, with what it cost."""

from __future__ import annotations

import random
import resource
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.contrib.auth.models import User
from django.db import connection, transaction

from benchmarks.worlds.cast import make_cast
from benchmarks.worlds.lives import EDITORS
from benchmarks.worlds.plan import BUSY, DAYS, make_plan, towns_with_claims
from benchmarks.worlds.rows import Batch, Chronicle
from benchmarks.worlds.writing import SOURCE, copy, no_triggers, tables, write, write_people
from claims.derive import derive
from claims.models import Claim, Membership, StatusInterval
from entities.models import Load, Place

BATCH = 2000  # claims written at once
DERIVED = 3000  # claims whose towns are derived at once
WITHOUT_CLAIMS = 3  # towns that nobody speaks of, for each that has claims
PAPERS = 40
UNIT = 1 if sys.platform == "darwin" else 1024  # of ru_maxrss: bytes there, kilobytes here


@dataclass(frozen=True, slots=True)
class Wanted:
    """What world to make."""

    claims: int
    seed: int
    until: date
    busy: int = BUSY
    status: bool = True


def make_world(wanted: Wanted) -> dict[str, float]:
    """Fill an empty database. Returns the figures of the run."""
    begun = time.perf_counter()
    # Written first: what is left of a run that was interrupted counts as a world too.
    Load.objects.create(source=SOURCE, digest=f"{wanted.seed} {wanted.claims} unfinished"[:64])
    chronicle = chronicle_of(wanted)
    rows: Counter[str] = Counter()
    ratio = copy_seconds = 0.0
    for batch in chronicle.batches(BATCH):
        ratio = ratio or copy_over_orm(batch)
        start = time.perf_counter()
        rows.update(write(batch))
        copy_seconds += time.perf_counter() - start
    written = time.perf_counter()
    if wanted.status:
        derive_all()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    derived = time.perf_counter()
    Load.objects.filter(source=SOURCE).update(digest=f"{wanted.seed} {wanted.claims}")
    return {
        "ratio": round(ratio, 2),
        "towns": Place.objects.count(),
        **{name.replace(" ", "_"): count for name, count in rows.items()},
        "status_intervals": StatusInterval.objects.count(),
        "copy_rows_per_s": round(sum(rows.values()) / copy_seconds),
        "writing_s": round(written - begun, 1),
        "status_s": round(derived - written, 1),
        "peak_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * UNIT / 1e6),
    }


def chronicle_of(wanted: Wanted) -> Chronicle:
    """The world's cast, written, and its stories, still to be."""
    draw = random.Random(wanted.seed)  # noqa: S311 - a benchmark's data, no secret
    spoken_of = towns_with_claims(wanted.claims)
    cast = make_cast(
        draw,
        towns=spoken_of * (1 + WITHOUT_CLAIMS),
        papers=PAPERS,
        first=wanted.until - timedelta(days=DAYS - 1),
        days=DAYS,
    )
    write_people(cast)
    plan = make_plan(draw, cast.towns[:spoken_of], claims=wanted.claims, busy_live=wanted.busy)
    return Chronicle(draw, cast, plan, wanted.until, editors())


def editors() -> list[int]:
    """Editors of all conflicts, who cannot log in."""
    made = []
    for number in range(1, EDITORS + 1):
        user, created = User.objects.get_or_create(username=f"world-editor-{number}")
        if created:
            user.set_unusable_password()
            user.save()
        Membership.objects.get_or_create(
            user=user, conflict=None, defaults={"role": Membership.Role.EDITOR}
        )
        made.append(user.pk)
    return made


def copy_over_orm(batch: Batch) -> float:
    """How many times as many rows a second COPY writes, on this batch, which is taken back."""

    def by_copy() -> None:
        for model, rows in tables(batch):
            copy(model, rows)

    def by_orm() -> None:
        for model, rows in tables(batch):
            model._default_manager.bulk_create([model(**row) for row in rows])

    return _seconds_taken_back(by_orm) / _seconds_taken_back(by_copy)


def _seconds_taken_back(work: Callable[[], None]) -> float:
    with no_triggers():
        start = time.perf_counter()
        work()
        taken = time.perf_counter() - start
        transaction.set_rollback(True)
    return taken


def derive_all() -> None:
    """The statuses of all towns, some at a time."""
    counts: Counter[UUID] = Counter()
    for place in Claim.objects.live().order_by("place").values_list("place", flat=True).iterator():
        counts[place] += 1
    for towns in _in_lots(counts):
        derive(towns)


def _in_lots(counts: Counter[UUID]) -> Iterator[list[UUID]]:
    lot: list[UUID] = []
    claims = 0
    for place, count in counts.items():
        lot.append(place)
        claims += count
        if claims >= DERIVED:
            yield lot
            lot, claims = [], 0
    if lot:
        yield lot
