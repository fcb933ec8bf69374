"""A whole world into an empty database, with what it cost."""

from __future__ import annotations

import resource
import sys
import time
from collections import Counter
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass, replace
from datetime import date, timedelta

from django.contrib.auth.models import User
from django.db import connection, transaction
from django.db.models import Model

from benchmarks.worlds.bare import bare
from benchmarks.worlds.cast import make_cast
from benchmarks.worlds.crew import done
from benchmarks.worlds.following import derive, lots, tell_changes
from benchmarks.worlds.lives import EDITORS
from benchmarks.worlds.manifest import Manifest
from benchmarks.worlds.plan import DAYS, MEASURED, Share, draw_for, make_plan, towns_with_claims
from benchmarks.worlds.progress import Progress
from benchmarks.worlds.rows import Batch, Chronicle
from benchmarks.worlds.writing import (
    copy,
    no_triggers,
    number_on,
    tables,
    write,
    write_people,
    written_to,
)
from claims.models import Change, Membership, StatusInterval, TrackedStatement
from entities.models import Place, PlaceName

BATCH = 2000  # claims written at once
COMPARED = 300  # claims written in two ways, for the ratio
WORTH_IT = 5000  # claims from which on indexes are made of all rows at once
WITHOUT_CLAIMS = 3  # towns that nobody speaks of, for each that has claims
PAPERS = 40
UNIT = 1 if sys.platform == "darwin" else 1024  # of ru_maxrss: bytes there, kilobytes here


@dataclass(frozen=True, slots=True)
class Wanted:
    """What world to make, and how: `measured` are the live claims of towns that have exactly so
    many, as far as the world has room for them."""

    claims: int
    seed: int
    until: date
    measured: tuple[int, ...] = MEASURED
    status: bool = True
    processes: int = 1
    shown: bool = False  # its progress


def make_world(wanted: Wanted) -> dict[str, float]:
    """Fill an empty database. Returns the figures of the run."""
    begun = time.perf_counter()
    chronicle = chronicle_of(wanted)
    manifest = Manifest(wanted.claims, wanted.seed, wanted.until, chronicle.plan.measured)
    # Written first: what is left of a run that was interrupted counts as a world too.
    manifest.write()
    write_people(chronicle.cast)
    ratio = copy_over_orm(chronicle.told(next(chronicle.plan.shares(COMPARED))))
    rows, copy_seconds = tell_all(wanted, chronicle)
    written = time.perf_counter()
    if wanted.status:
        derive_all(wanted)
    with bare([Change]) if large(wanted) else nullcontext():
        tell_changes(wanted.until)
    number_on()
    tidy()
    derived = time.perf_counter()
    replace(manifest, finished=True).write()
    return {
        "ratio": round(ratio, 2),
        "processes": wanted.processes,
        "towns": Place.objects.count(),
        **{name.replace(" ", "_"): count for name, count in rows.items()},
        "status_intervals": StatusInterval.objects.count(),
        "copy_rows_per_s": round(sum(rows.values()) / copy_seconds),
        "writing_s": round(written - begun, 1),
        "status_s": round(derived - written, 1),
        "us_per_claim": round((derived - begun) * 1e6 / wanted.claims),
        "cpu_us_per_claim": round(_cpu_seconds() * 1e6 / wanted.claims),
        "peak_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * UNIT / 1e6),
    }


def _cpu_seconds() -> float:
    """Of this process and those that it has started and waited for; the database's is not in it."""
    own, theirs = (
        resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    return own.ru_utime + own.ru_stime + theirs.ru_utime + theirs.ru_stime


def chronicle_of(wanted: Wanted) -> Chronicle:
    """The world's cast and its stories, still to be written."""
    spoken_of = towns_with_claims(wanted.claims)
    cast = make_cast(
        draw_for(wanted.seed, "cast"),
        towns=spoken_of * (1 + WITHOUT_CLAIMS),
        papers=PAPERS,
        first=wanted.until - timedelta(days=DAYS - 1),
        days=DAYS,
    )
    plan = make_plan(
        wanted.seed, cast.towns[:spoken_of], claims=wanted.claims, measured=wanted.measured
    )
    return Chronicle(cast, plan, wanted.until, editors())


def tell_all(wanted: Wanted, chronicle: Chronicle) -> tuple[Counter[str], float]:
    """Write all stories. Returns the rows by table, and the seconds that processes took for
    writing them, together."""

    def tell(share: Share) -> tuple[dict[str, int], float]:
        batch = chronicle.told(share)
        start = time.perf_counter()
        return write(batch), time.perf_counter() - start

    rows: Counter[str] = Counter()
    seconds = 0.0
    with bare(written_to(), shown=wanted.shown) if large(wanted) else nullcontext():
        progress = Progress("claims written", wanted.claims, shown=wanted.shown)
        shares = chronicle.plan.shares(BATCH)
        for counts, taken in done(tell, shares, processes=wanted.processes):
            rows.update(counts)
            seconds += taken
            progress.add(counts["claims"])
    tidy()  # statuses are read by many joins
    return rows, seconds


def large(wanted: Wanted) -> bool:
    return wanted.claims >= WORTH_IT


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


def derive_all(wanted: Wanted) -> None:
    """The statuses of all towns, some at a time."""
    found = lots()
    progress = Progress("claims in statuses", sum(lot.claims for lot in found), shown=wanted.shown)
    for claims in done(derive, found, processes=wanted.processes):
        progress.add(claims)


def tidy() -> None:
    """Let the database know its rows, as it does of itself some time after they were written."""
    others: tuple[type[Model], ...] = (Place, PlaceName, StatusInterval, TrackedStatement, Change)
    names = [model._meta.db_table for model in (*written_to(), *others)]
    tables = ", ".join(map(connection.ops.quote_name, names))
    how = "ANALYZE" if connection.in_atomic_block else "VACUUM (ANALYZE)"
    with connection.cursor() as cursor:
        cursor.execute(f"{how} {tables}")
