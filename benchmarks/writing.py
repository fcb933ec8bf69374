"""What writing costs: a decision with its history, a town's status after a change, and the feed of
changes read while somebody writes.

    DATABASE_URL=… .venv/bin/python -m benchmarks.writing [--databases NAME…] [--turns 20]
        [--json]

Run it on databases that `benchmarks.world` has filled, named on the command line where there are
several, all on the server of DATABASE_URL: what a town's status costs is then told beside that in
the first, so that growth with the other towns' claims shows. REDIS_URL should name a broker that
answers.

- A **decision** is the POST that accepts a claim and hands out the next one, from the WSGI handler
  on: middleware, session, CSRF token, roles, the claim's new row with all that its triggers write,
  the wake-up message of the worker, the lease of the next claim, and the redirect. In turns with
  it, the statements of a decision on another claim of the same kind are run alone on the same
  connection, with all rows fetched: they are recorded beforehand in a transaction that is taken
  back. Both commit. Of claims about the town with 500 claims, and about typical ones, with as many
  claims as the median of towns has where something is pending.
- A **refresh** is what a worker does for one town after one of its claims was decided on, in towns
  with 50, 500 and 5,000 claims where there are such, and typical ones. It is taken back.
- **Reading changes** is a page of 100 of the feed, by its API, alone and while a process of its own
  decides, opens again and derives as fast as it can, for so many seconds.

Medians count. Every run decides 80 pending claims for good: after some, fill the world anew.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from io import BytesIO
from typing import IO, Any, cast
from urllib.parse import urlencode

import django

from benchmarks.databases import beside
from benchmarks.pages import BUSY, recorded, run, seconds

TURNS = 20
MOST_RATIO = 3.0
SIZES = (50, 500, 5000)  # live claims of the towns whose statuses are refreshed
READ_FOR = 10.0  # seconds
Figures = dict[str, float]


@dataclass(frozen=True, slots=True)
class Measured:
    """Seconds of a decision, and of its statements alone: medians of the turns."""

    name: str
    decision: float
    sql: float
    queries: int

    @property
    def ratio(self) -> float:
        return self.decision / self.sql


@contextmanager
def taken_back() -> Iterator[None]:
    """Whatever is written meanwhile is as if it had never been."""
    from django.db import transaction

    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def claims_to_decide(turns: int = TURNS) -> dict[str, list[Any]]:
    """Pending claims, as many as are needed, about the busy town and about typical ones."""
    from django.db.models import Count, Q

    from claims.models import Claim
    from entities.models import Place

    pending = Count("claims", filter=Q(claims__state="pending"))
    live = Count("claims", filter=Q(claims__state__in=["pending", "accepted", "corrected"]))
    found = Place.objects.annotate(live=live, pending=pending).filter(pending__gt=0)
    sizes = dict(found.order_by("live").values_list("pk", "live"))
    if BUSY not in sizes.values():
        raise SystemExit(f"no town has {BUSY} live claims: fill the database by benchmarks.world")
    median = statistics.median_low(sizes.values())
    waiting: dict[str, list[Any]] = {"town with 500 claims": [], "typical towns": []}
    near = sorted(sizes, key=lambda place: abs(sizes[place] - median))
    busy = [place for place, size in sizes.items() if size == BUSY]
    for name, places in (("town with 500 claims", busy), ("typical towns", near)):
        for place in places:
            waiting[name] += Claim.objects.filter(place=place, state="pending").order_by("id")
            if len(waiting[name]) >= 2 * (turns + 1):
                break
        else:
            raise SystemExit("too few claims are pending: fill the world anew")
    return waiting


def decisions(turns: int) -> list[Measured]:
    from django.core.signals import request_finished, request_started
    from django.db import close_old_connections
    from django.test import override_settings

    # A connection whose transaction goes on would be taken for a broken one.
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    with override_settings(ALLOWED_HOSTS=["testserver"]):
        return [measure(name, claims, turns) for name, claims in claims_to_decide(turns).items()]


def measure(name: str, claims: list[Any], number: int) -> Measured:
    from django.core.handlers.wsgi import WSGIHandler

    handler, turns = WSGIHandler(), iter(claims)
    decide(handler, posting(next(turns)))  # what is made once is there
    took, sqls, statements = [], [], []
    for _ in range(number):
        sent = posting(next(turns))
        took.append(seconds(partial(decide, handler, sent)))
        statements = of_a_decision(handler, next(turns))
        sqls.append(seconds(partial(run, statements)))
    return Measured(name, statistics.median(took), statistics.median(sqls), len(statements))


def of_a_decision(handler: Any, claim: Any) -> list[tuple[str, Any]]:
    """The statements by which the claim would be decided on, with their transaction."""
    ends = {"SAVEPOINT": ("BEGIN", None), "RELEASE": ("COMMIT", None)}
    sent = posting(claim)
    with taken_back(), recorded() as statements:
        decide(handler, sent)
    return [ends.get(sql.split(maxsplit=1)[0], (sql, params)) for sql, params in statements]


def posting(claim: Any) -> Callable[[], dict[str, Any]]:
    """Makes the environment of the request that accepts the claim, as a browser sends it that is
    logged in."""
    from django.test import Client, RequestFactory
    from django.urls import reverse

    token = "t" * 32
    client = Client()
    client.force_login(editor())
    cookies = {"csrftoken": token, "sessionid": client.cookies["sessionid"].value}
    form = {"kind": "accept", "version": claim.version, "stage": "first"}
    factory = RequestFactory()
    factory.cookies.load(cookies)
    address = reverse("bench-decide", args=[claim.pk])
    sent = urlencode({**form, "csrfmiddlewaretoken": token})
    request = factory.post(address, sent, "application/x-www-form-urlencoded")
    body = request.body

    def environ() -> dict[str, Any]:
        return {**request.environ, "wsgi.input": BytesIO(body)}

    return environ


def decide(handler: Any, environ: Callable[[], dict[str, Any]]) -> None:
    said: list[str] = []
    answer = handler(environ(), lambda status, headers: said.append(status))
    answer.close()
    if said != ["303 See Other"]:
        raise SystemExit(f"the decision was answered {said}")


def editor() -> Any:
    """One of the editors of the world."""
    from django.contrib.auth.models import User

    from claims.models import Membership

    user, _ = User.objects.get_or_create(username="world-editor-1")
    Membership.objects.get_or_create(user=user, conflict=None, defaults={"role": "editor"})
    return user


def refreshes(turns: int) -> Figures:
    """Milliseconds and queries of a refresh by the town's live claims, with how many the world has
    in all."""
    from django.db.models import Count, Q

    from claims.models import Claim
    from entities.models import Place

    live = Count("claims", filter=Q(claims__state__in=["pending", "accepted", "corrected"]))
    sizes = dict(Place.objects.annotate(live=live).filter(live__gt=0).values_list("pk", "live"))
    typical = statistics.median_low(sizes.values())
    found: Figures = {"claims": Claim.objects.count(), "towns": len(sizes)}
    for name, size in {"typical": typical, **{f"of_{size}": size for size in SIZES}}.items():
        place = next((pk for pk, claims in sizes.items() if claims == size), None)
        if place is not None:
            took, queries = refresh(place, min(turns, 5) if size > BUSY else turns)
            found[f"refresh_{name}_ms"] = round(took * 1000, 1)
            found[f"refresh_{name}_queries"] = queries
    return found


def refresh(place: Any, turns: int) -> tuple[float, int]:
    """Median seconds to derive the town after one of its claims was decided on, and queries."""
    from claims.derive import derive
    from claims.models import Claim

    some = Claim.objects.live().filter(place=place).order_by("id")
    took, queries = [], 0
    for claim in some[:turns]:
        now = "pending" if claim.state != "pending" else "accepted"
        with taken_back():
            Claim.objects.filter(pk=claim.pk).update(state=now)
            with recorded() as statements:
                took.append(seconds(partial(derive, {place})))
            queries = max(queries, len(statements))
    return statistics.median(took), queries


def feed_reads() -> Figures:
    """Median milliseconds of a page of the feed, alone and while another process writes."""
    from django.test import Client, override_settings

    client = Client()
    client.force_login(editor())
    with override_settings(ALLOWED_HOSTS=["testserver"], API_RATE_USER=1_000_000):
        alone = statistics.median(_pages(client, READ_FOR / 2))
        command = [sys.executable, "-m", "benchmarks.writing", "--write-for", str(READ_FOR)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as writer:
            said = cast(IO[str], writer.stdout)
            said.readline()  # it begins
            loaded = _pages(client, READ_FOR)
            done = json.loads(said.readline())
    return {
        "feed_alone_ms": round(alone * 1000, 1),
        "feed_loaded_ms": round(statistics.median(loaded) * 1000, 1),
        "feed_loaded_worst_ms": round(max(loaded) * 1000, 1),
        "feed_reads_per_s": round(len(loaded) / sum(loaded), 1),
        "feed_decisions_per_s": done["decisions_per_s"],
    }


def _pages(client: Any, long: float) -> list[float]:
    """Seconds of each page of the feed read for so many seconds, from the last 2,000 changes on;
    at the end from there again."""
    from claims.feed import cursor_after, numbered

    start = cursor_after(max(0, numbered() - 2000))
    client.get(f"/api/v1/changes/?page_size=100&cursor={start}")  # what is made once is there
    cursor = start
    took: list[float] = []
    end = time.monotonic() + long
    while not took or time.monotonic() < end:
        begun = time.perf_counter()
        answer = client.get(f"/api/v1/changes/?page_size=100&cursor={cursor}")
        took.append(time.perf_counter() - begun)
        if answer.status_code != 200:
            raise SystemExit(f"the feed was answered {answer.status_code}")
        page = answer.json()
        cursor = page["next"] if page["more"] else start
    return took


def write_for(long: float) -> float:
    """Decisions a second, with the derivation of their towns: claims of typical towns are accepted
    and opened again, by turns."""
    from celery import current_app

    from claims.derive import derive_due
    from claims.review.decisions import decide

    current_app.conf.update(broker_url="memory://")  # it wakes nobody: it derives by itself
    claims, by = claims_to_decide()["typical towns"], editor()
    sys.stdout.write("writing\n")
    sys.stdout.flush()
    begun, done = time.perf_counter(), 0
    while time.perf_counter() - begun < long:
        claim = claims[done // 2 % len(claims)]
        decide(claim=claim, kind="reopen" if done % 2 else "accept", by=by, reason="again")
        derive_due()
        done += 1
    return done / (time.perf_counter() - begun)


def figures(turns: int) -> Figures:
    busy, typical = decisions(turns)
    found: Figures = {
        "ratio": round(busy.ratio, 2),
        "typical_ratio": round(typical.ratio, 2),
        "load": round(os.getloadavg()[0], 2),
    }
    for one, name in ((busy, "busy"), (typical, "typical")):
        found[f"{name}_ms"] = round(one.decision * 1000, 2)
        found[f"{name}_sql_ms"] = round(one.sql * 1000, 2)
        found[f"{name}_queries"] = one.queries
        found[f"{name}_decisions_per_s"] = round(1 / one.decision, 1)
    return {**found, **refreshes(turns), **feed_reads()}


def table(by_database: dict[str, Figures]) -> Iterator[str]:
    names = list(dict.fromkeys(name for found in by_database.values() for name in found))
    yield f"{'':28}" + "".join(f"{database[:14]:>15}" for database in by_database)
    first = next(iter(by_database.values()))
    for name in names:
        row = f"{name:28}"
        for found in by_database.values():
            row += f"{found[name]:15,}" if name in found else f"{'':15}"
        if name.startswith("refresh") and name.endswith("_ms") and len(by_database) > 1:
            last = list(by_database.values())[-1]
            row += f"   {last.get(name, 0) / first[name]:.2f}×" if name in first else ""
        yield row
    worst = max(max(one["ratio"], one["typical_ratio"]) for one in by_database.values())
    yield f"a decision takes at most {worst:.2f} times its SQL (asked: {MOST_RATIO:g})"


def of_database(name: str, turns: int) -> Figures:
    """Measured in a process of its own, on another database of the same server."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.writing", "--json", "--turns", str(turns)],
        env=os.environ | {"DATABASE_URL": beside(os.environ["DATABASE_URL"], name)},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return dict(json.loads(done.stdout))


def main() -> None:
    parser = argparse.ArgumentParser(description="What writing costs.")
    parser.add_argument("--databases", nargs="+", metavar="NAME", help="of several worlds")
    parser.add_argument("--turns", type=int, default=TURNS)
    parser.add_argument("--json", action="store_true", help="a flat JSON object for each")
    parser.add_argument("--write-for", type=float, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.databases:
        by_database = {name: of_database(name, given.turns) for name in given.databases}
        told = "".join(f"{json.dumps({'database': n, **f})}\n" for n, f in by_database.items())
        sys.stdout.write(told if given.json else "".join(f"{x}\n" for x in table(by_database)))
        return
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    os.environ.setdefault("CLAIMS_LOG_LEVEL", "WARNING")  # no line for each decision
    django.setup()
    if given.write_for:
        sys.stdout.write(
            f"{json.dumps({'decisions_per_s': round(write_for(given.write_for), 1)})}\n"
        )
        return
    found = figures(given.turns)
    told = f"{json.dumps(found)}\n" if given.json else "\n".join(table({"": found})) + "\n"
    sys.stdout.write(told)


if __name__ == "__main__":
    main()
