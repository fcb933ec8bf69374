"""What the server takes for one decision, over the same statements as bare SQL.

    DATABASE_URL=… .venv/bin/python -m benchmarks.decision [--json]

Run it on a database that `benchmarks.world` has filled. A decision is the POST that accepts a claim
and hands out the next one, from the WSGI handler on: middleware, session, CSRF token, roles, the
claim's new row with all that its triggers write, the wake-up message of the worker, the lease of
the next claim, and the redirect. In turns with it, the statements of a decision on another claim
of the same kind are run alone on the same connection, with all rows fetched: they are recorded
beforehand in a transaction that is taken back. Both commit. Medians count, of claims about the town
with 500 claims and about typical ones, with as many claims as the median of towns has where
something is pending. REDIS_URL should name a broker that answers. Every run decides 80 pending
claims for good: after some, fill the world anew.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from io import BytesIO
from typing import Any
from urllib.parse import urlencode

import django

from benchmarks.pages import BUSY, recorded, run, seconds

TURNS = 20
MOST_RATIO = 3.0


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


def claims_to_decide() -> dict[str, list[Any]]:
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
            if len(waiting[name]) >= 2 * (TURNS + 1):
                break
        else:
            raise SystemExit("too few claims are pending: fill the world anew")
    return waiting


def measure_all() -> list[Measured]:
    from django.core.signals import request_finished, request_started
    from django.db import close_old_connections
    from django.test import override_settings

    # A connection whose transaction goes on would be taken for a broken one.
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    with override_settings(ALLOWED_HOSTS=["testserver"]):
        return [measure(name, claims) for name, claims in claims_to_decide().items()]


def measure(name: str, claims: list[Any]) -> Measured:
    from django.core.handlers.wsgi import WSGIHandler

    handler, turns = WSGIHandler(), iter(claims)
    decide(handler, posting(next(turns)))  # what is made once is there
    decisions, sqls, statements = [], [], []
    for _ in range(TURNS):
        sent = posting(next(turns))
        decisions.append(seconds(partial(decide, handler, sent)))
        statements = of_a_decision(handler, next(turns))
        sqls.append(seconds(partial(run, statements)))
    decided, sql = statistics.median(decisions), statistics.median(sqls)
    return Measured(name, decided, sql, len(statements))


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


def figures(measured: list[Measured]) -> dict[str, float]:
    busy, typical = measured
    found: dict[str, float] = {
        "ratio": round(busy.ratio, 2),
        "typical_ratio": round(typical.ratio, 2),
        "load": round(os.getloadavg()[0], 2),
    }
    for one, name in ((busy, "busy"), (typical, "typical")):
        found[f"{name}_ms"] = round(one.decision * 1000, 2)
        found[f"{name}_sql_ms"] = round(one.sql * 1000, 2)
        found[f"{name}_queries"] = one.queries
    return found


def table(measured: list[Measured]) -> Iterator[str]:
    yield f"{'milliseconds':24}{'decision':>10}{'SQL':>8}{'ratio':>7}{'queries':>9}"
    for one in measured:
        yield (
            f"{one.name:24}{one.decision * 1000:10.2f}{one.sql * 1000:8.2f}"
            f"{one.ratio:7.2f}{one.queries:9}"
        )
    worst = max(one.ratio for one in measured)
    load = os.getloadavg()[0]
    yield f"at most {worst:.2f} times its SQL (asked: {MOST_RATIO:g}); load {load:.2f}"


def main() -> None:
    parser = argparse.ArgumentParser(description="What a decision takes over its statements.")
    parser.add_argument("--json", action="store_true", help="one flat JSON object")
    given = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    measured = measure_all()
    if given.json:
        sys.stdout.write(f"{json.dumps(figures(measured))}\n")
        return
    for line in table(measured):
        sys.stdout.write(f"{line}\n")


if __name__ == "__main__":
    main()
