"""Whether the installation can do its work: each check says in one line what it found.

A check looks at what is there rather than at what the settings say: it writes and reads, loads
and asks. What it cannot ask because the database does not answer is not looked at, and said so.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from time import perf_counter
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError
from django.conf import settings
from django.core import checks
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.template.defaultfilters import filesizeformat
from django.templatetags.static import static
from django.utils import timezone
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from claims.access.rights import history_tables
from claims.extraction.model import load_model
from claims.operations import feeds, messages, queues, sizes, workers
from config.checks import POSTGRES, version

CLOCK_ODD, CLOCK_WRONG = timedelta(seconds=2), timedelta(seconds=30)
LONG = timedelta(hours=1)  # for something to wait
DISK_LOW, DISK_FULL = 0.10, 0.05  # of it free


class Level(StrEnum):
    OK = "ok"
    WARNING = "warning"
    FAILED = "FAILED"
    NOT_LOOKED_AT = "-"


@dataclass(frozen=True, slots=True)
class Finding:
    check: str
    level: Level
    said: str


Said = tuple[Level, str]
OK, WARNING, FAILED = Level.OK, Level.WARNING, Level.FAILED


def examine() -> Iterator[Finding]:
    """Each check's finding as soon as it is there; a check may have several."""
    there = True
    for name, check, asks_database in CHECKS:
        if asks_database and not there:
            yield Finding(name, Level.NOT_LOOKED_AT, "the database does not answer")
            continue
        try:
            for level, said in check():
                yield Finding(name, level, said)
        except DatabaseError as error:
            there = there and name != "database"
            yield Finding(name, FAILED, _line(error))
        except (RedisError, OperationalError, OSError, BotoCoreError, ClientError) as error:
            yield Finding(name, FAILED, _line(error))


def _line(error: Exception) -> str:
    return " ".join(str(error).split()) or type(error).__name__


def _settings() -> Iterator[Said]:
    """As `check` says, and `check --deploy` where it is no local installation."""
    found = checks.run_checks(include_deployment_checks=not settings.LOCAL)
    shown = [one for one in found if not one.is_silenced()]
    for one in shown:
        level = FAILED if one.level >= checks.ERROR else WARNING
        first = " ".join(str(one.msg).split()).partition(". ")[0]
        yield level, f"{one.id}: {first}"
    if not shown:
        yield OK, "a local installation" if settings.LOCAL else "`check --deploy` finds nothing"


def _database() -> Iterator[Said]:
    began = perf_counter()
    found = version("default")
    milliseconds = (perf_counter() - began) * 1000
    size = filesizeformat(sizes.database_size()).replace("\xa0", " ")
    said = f"PostgreSQL {found}, {size}, answers within {milliseconds:.1f} ms"
    yield (OK, said) if found >= POSTGRES else (FAILED, f"{said}: {POSTGRES} or newer is needed")


def _migrations() -> Iterator[Said]:
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if plan:
        first = plan[0][0]
        yield FAILED, f"{len(plan)} not applied, from {first}: run `manage.py migrate`"
    else:
        yield OK, "all applied"


def _rights() -> Iterator[Said]:
    tables = history_tables()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_user, count(*) FROM unnest(%s::text[]) name"
            " WHERE has_table_privilege(name, 'DELETE')",
            [tables],
        )
        role, open_ = cursor.fetchone()
    if not open_:
        yield OK, f"{role} adds to history and changes nothing in it"
    elif settings.LOCAL:
        yield OK, f"{role} owns everything, as in a local installation"
    else:
        yield WARNING, f"{role} may change history: see `manage.py grant_rights`"


def _clock() -> Iterator[Said]:
    before = timezone.now()
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        theirs: datetime = cursor.fetchone()[0]
    after = timezone.now()
    # Between the two moments is where theirs should be.
    off = max(before - theirs, theirs - after, timedelta())
    level = FAILED if off > CLOCK_WRONG else WARNING if off > CLOCK_ODD else OK
    yield level, f"{off.total_seconds():.1f} s from the database's"


def _broker() -> Iterator[Said]:
    waiting = messages.waiting()
    yield OK, ", ".join(f"{name}: {number} waiting" for name, number in waiting.items())


def _cache() -> Iterator[Said]:
    key, value = f"doctor:{secrets.token_hex(4)}", secrets.token_hex(4)
    cache.set(key, value, 60)
    found = cache.get(key)
    cache.delete(key)
    yield (OK, "keeps what it is given") if found == value else (FAILED, "forgets at once")


def _storage(name: str) -> Callable[[], Iterator[Said]]:
    def check() -> Iterator[Said]:
        storage, content = storages[name], secrets.token_bytes(16)
        there = storage.save(f"doctor-{secrets.token_hex(4)}", ContentFile(content))
        try:
            with storage.open(there) as file:
                same = file.read() == content
        finally:
            storage.delete(there)
        where = getattr(storage, "location", "") or type(storage).__name__
        yield (OK, f"{where} can be written") if same else (FAILED, f"{where} gives back others")

    return check


def _disk() -> Iterator[Said]:
    for disk in sizes.disks():
        free = disk.share_free
        level = FAILED if free < DISK_FULL else WARNING if free < DISK_LOW else OK
        said = filesizeformat(disk.free).replace("\xa0", " ")
        yield level, f"{disk.folder}: {said} free ({free:.0%})"


def _static() -> Iterator[Said]:
    try:
        yield OK, static("css/base.css")
    except ValueError:
        yield FAILED, "not collected: run `manage.py collectstatic`"


def _model() -> Iterator[Said]:
    began = perf_counter()
    load_model(settings.SPACY_MODEL)
    yield OK, f"{settings.SPACY_MODEL}, loaded within {perf_counter() - began:.1f} s"


def _workers() -> Iterator[Said]:
    now = timezone.now()
    known = workers.workers()
    alive = [one for one in known if one.alive(now)]
    for one in known:
        if one not in alive:
            yield WARNING, f"{one.name}: no sign of life since {one.at:%Y-%m-%d %H:%M:%S} UTC"
    if alive:
        names = ", ".join(one.name for one in alive)
        yield OK, f"{len(alive)} alive ({names}), at {sum(len(one.doing) for one in alive)} tasks"
    else:
        yield FAILED, "none gives a sign of life: nothing is read, fetched or sent"


def _sweep() -> Iterator[Said]:
    last = workers.last_sweep()
    if last is None:
        yield FAILED, "never, as far as is known: do beat and a worker run?"
        return
    age = timezone.now() - last
    said = f"{age.total_seconds():.0f} s ago"
    if age > workers.SWEEP_LATE:
        yield FAILED, f"{said}, and not since: do beat and a worker run?"
    else:
        yield OK, said


def _queues() -> Iterator[Said]:
    now = timezone.now()
    fine = 0
    for queue in queues.queues(now):
        wrong = []
        if queue.stuck:
            wrong.append(f"{queue.stuck} left by workers that are gone")
        if queue.age(now) > LONG.total_seconds():
            wrong.append(f"{queue.waiting} waiting, the oldest since {queue.oldest:%Y-%m-%d %H:%M}")
        if queue.failed:
            wrong.append(f"{queue.failed} failed (see /operations/)")
        if wrong:
            yield WARNING, f"{queue.key}: {'; '.join(wrong)}"
        else:
            fine += 1
    if fine:
        yield OK, f"{fine} without anything stuck, late or failed"


def _feeds() -> Iterator[Said]:
    states = feeds.states(timezone.now())
    bad = {name: states[name] for name in ("failing", "gone", "silent") if states[name]}
    said = ", ".join(f"{number} {name}" for name, number in states.items() if number)
    yield (WARNING if bad else OK), said or "none"


# Each with whether it asks the database.
CHECKS: tuple[tuple[str, Callable[[], Iterator[Any]], bool], ...] = (
    ("settings", _settings, False),
    ("database", _database, True),
    ("migrations", _migrations, True),
    ("rights", _rights, True),
    ("clock", _clock, True),
    ("broker", _broker, False),
    ("cache", _cache, False),
    ("evidence", _storage("evidence"), False),
    ("files", _storage("default"), False),
    ("disk", _disk, False),
    ("static", _static, False),
    ("model", _model, False),
    ("workers", _workers, False),
    ("sweep", _sweep, False),
    ("queues", _queues, True),
    ("feeds", _feeds, True),
)
