"""Asks a question of the application in this process, and of the floor below it, in turns.

An answer's time is that from the WSGI handler on, middleware and compression included, to the last
byte of the body: what a server adds is measured by `benchmarks.readings.serving`.
"""

from __future__ import annotations

import gc
import statistics
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

import psycopg
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.test import RequestFactory

from benchmarks.pages import recorded, seconds
from benchmarks.readings.floor import ask
from benchmarks.readings.questions import Question, questions

DEFAULT = "default"
# Of the rows that this transaction's statements have fetched, of tables or by an index.
_ROWS_READ = """
SELECT coalesce(sum(seq_tup_read + coalesce(idx_tup_fetch, 0)), 0)::bigint
FROM pg_stat_xact_user_tables
"""


@dataclass(slots=True)
class World:
    """A database: the application's connection to it, and a bare one."""

    name: str
    connection: BaseDatabaseWrapper
    bare: psycopg.Connection[Any]
    key: str = ""
    questions: dict[str, Question] = field(default_factory=dict)

    @contextmanager
    def chosen(self) -> Iterator[None]:
        """The application reads this database meanwhile."""
        before = connections[DEFAULT]
        connections[DEFAULT] = self.connection
        try:
            yield
        finally:
            connections[DEFAULT] = before


@dataclass(slots=True)
class Times:
    """Seconds by turn of an answer that nothing is kept of (`first`), of one about a town that was
    asked for before and of which nothing has changed while something else has (`elsewhere`), of
    one that was given just before (`again`), and of the floor."""

    first: list[float] = field(default_factory=list)
    elsewhere: list[float] = field(default_factory=list)
    again: list[float] = field(default_factory=list)
    floor: list[float] = field(default_factory=list)
    queries: int = 0
    queries_again: int = 0
    rows_read: int = 0
    bytes: int = 0

    def ratio(self, which: str) -> float:
        times: list[float] = getattr(self, which)
        return statistics.median(times) / statistics.median(self.floor)


def p95(times: list[float]) -> float:
    return sorted(times)[min(len(times) - 1, round(0.95 * len(times)))]


def world(name: str) -> World:
    """A database beside the one that DATABASE_URL names, on the same server."""
    own = connections[DEFAULT].copy(DEFAULT)
    own.settings_dict["NAME"] = name
    params = own.get_connection_params()
    for django_only in ("cursor_factory", "context", "prepare_threshold"):
        params.pop(django_only, None)
    found = World(name, own, psycopg.connect(**params, autocommit=True))
    with found.chosen():
        found.questions = {one.name: one for one in questions()}
    return found


def handler() -> Callable[[Question, str], bytes]:
    """Gives the answer's body to a question and a key, as the server would send it.

    Connections stay: a request that ends would close those that are not the first.
    """
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    made, factory = WSGIHandler(), RequestFactory()

    def answer(question: Question, key: str) -> bytes:
        headers = {"accept-encoding": "gzip"}
        if question.by_key:
            headers["authorization"] = f"Bearer {key}"
        request = factory.get(question.address, headers=headers)
        told: list[str] = []

        def start(status: str, *_: Any) -> Callable[[bytes], object]:
            told.append(status)
            return lambda written: None

        response = made({**request.environ, "wsgi.input": BytesIO()}, start)
        body = b"".join(response)
        response.close()
        if told != ["200 OK"]:
            raise SystemExit(f"{question.address}: {told} {body[:300]!r}")
        return body

    return answer


def forget() -> None:
    """All that is kept from one answer to the next because it was asked for."""
    from claims import derive
    from claims.models.claims import label_of
    from claims.views import kept, town

    kept.PAGES.clear()
    for made in (town._content, town._timetable, derive._applied, label_of):
        made.cache_clear()


def ask_in_turns(worlds: list[World], name: str, turns: int) -> dict[str, Times]:
    """The times of a question by world: worlds take turns, and in each turn the two kinds of
    answers and the floor, so that a machine that is busy for a while is so for all of them."""
    answer = handler()
    asked = [one for one in worlds if name in one.questions]
    times = {one.name: _counted(one, one.questions[name], answer) for one in asked}
    for _ in range(turns):
        for one in asked:
            question, found = one.questions[name], times[one.name]
            with one.chosen():
                forget()
                gc.collect()  # of the turn before, not in the middle of this one
                found.first.append(seconds(lambda: answer(question, one.key)))  # noqa: B023
                found.again.append(seconds(lambda: answer(question, one.key)))  # noqa: B023
                if question.of_a_town:
                    _commit(one)
                    answer(question, one.key)  # what is asked for twice is kept
                    _commit(one)
                    found.elsewhere.append(seconds(lambda: answer(question, one.key)))  # noqa: B023
            found.floor.append(
                seconds(lambda: ask(one.bare, question.statements, question.given))  # noqa: B023
            )
    return times


def _commit(one: World) -> None:
    """Something that no page is told from."""
    one.bare.execute("SELECT pg_current_xact_id()")


def _counted(one: World, question: Question, answer: Callable[[Question, str], bytes]) -> Times:
    """Queries, rows and bytes; what is made once is there after it."""
    found = Times()
    with one.chosen():
        forget()
        with recorded() as statements:
            body = answer(question, one.key)
        found.queries, found.bytes = len(statements), len(body)
        with recorded() as statements:
            answer(question, one.key)
        found.queries_again = len(statements)
        forget()
        found.rows_read = _rows_read(lambda: answer(question, one.key))
    ask(one.bare, question.statements, question.given)
    return found


def _rows_read(work: Callable[[], object]) -> int:
    """Processes that help with a statement count for themselves, so there are none."""
    with transaction.atomic():
        with connections[DEFAULT].cursor() as cursor:
            cursor.execute("SET LOCAL max_parallel_workers_per_gather = 0")
            cursor.execute(_ROWS_READ)
            (before,) = cursor.fetchone()
        work()
        with connections[DEFAULT].cursor() as cursor:
            cursor.execute(_ROWS_READ)
            (after,) = cursor.fetchone()
    return int(after - before)
