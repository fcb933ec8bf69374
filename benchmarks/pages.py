"""What each page takes over its own queries, how many they are, and what it weighs.

    DATABASE_URL=… .venv/bin/python -m benchmarks.pages [--json]

Run it on a database that `benchmarks.world` has filled. A page's time is that of Django's test
client, its SQL the time of the same statements on the same connection with all rows fetched; the
two take turns, and medians count. Pages may keep what they have rendered: `first` is the time of a
visit whose address nobody has asked for before, and its queries are counted; `again` that of later
visits, each over the SQL of its own. `KB` is what the first visit transfers: the page as the server
sends it to a browser that takes gzip, and the style sheets and scripts that it names, as gzip,
without the map's. `ratio` is that of the town with 500 claims visited again, `first_ratio` visited
for the first time.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import re
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import django

TURNS = 7
BUSY = 500  # live claims of the town that is measured
MOST_RATIO, MOST_QUERIES, MOST_KB = 3.0, 12, 250.0  # of its page
STATIC = re.compile(rb'<(?:link|script|img)[^>]*?(?:href|src)="/static/([^"?]+)')
OF_THE_MAP = re.compile(r"leaflet|map|land|water")
TOWN = "town with 500 claims"


@dataclass(frozen=True, slots=True)
class Visit:
    """Seconds of a page, and of its statements alone."""

    page: float
    sql: float
    queries: int

    @property
    def ratio(self) -> float:
        return self.page / self.sql


@dataclass(frozen=True, slots=True)
class Measured:
    """Visits to a page, and bytes."""

    name: str
    first: Visit
    again: Visit
    html: int
    sent: int
    static: int

    @property
    def kilobytes(self) -> float:
        return (self.sent + self.static) / 1000


def addresses() -> dict[str, str]:
    """The pages by what they are called in the table."""
    from django.db.models import Count

    from claims.models import Claim
    from claims.timeline import towns
    from sources.models import Document

    town = towns().filter(live_claims=BUSY).first()
    if town is None:
        raise SystemExit(f"no town has {BUSY} live claims: fill the database by benchmarks.world")
    of_town = Claim.objects.live().filter(place=town)
    claim = of_town.latest("asserted_on", "id")
    article = Document.objects.filter(claims__in=of_town).annotate(n=Count("claims")).latest("n")
    return {
        TOWN: town.get_absolute_url(),
        "town, as known earlier": f"{town.get_absolute_url()}?known_on=2025-11-15",
        "towns": "/",
        "towns, contested": "/?status=contested&include_pending=on",
        "towns, by name": f"/?q={town.name[:3]}",
        "map": "/map/",
        "what changed": "/changes/",
        "what changed, a year": "/changes/?from=2025-11-16&to=2026-11-15",
        "coverage": "/coverage/",
        "coverage, all": "/coverage/?from=2023-11-16&to=2026-11-15",
        "speakers": "/speakers/",
        "search": "/search/?q=fighting",
        "documents": "/documents/",
        "document": article.get_absolute_url(),
        "claim": claim.get_absolute_url(),
    }


def measure(name: str, address: str) -> Measured | None:
    """The figures of a page; None where there is none at its address."""
    from django.test import Client

    client = Client(headers={"accept-encoding": "gzip"})
    answer = client.get(address, follow=True)
    if answer.status_code == 404:
        return None
    if answer.status_code != 200:
        raise SystemExit(f"{address}: {answer.status_code}")
    if answer.redirect_chain:
        address = answer.redirect_chain[-1][0]
        answer = client.get(address)
    separator = "&" if "?" in address else "?"
    whole = plain(answer)
    return Measured(
        name,
        visits(lambda turn: client.get(f"{address}{separator}turn={name}{turn}")),
        visits(lambda turn: client.get(address)),
        len(whole),
        len(answer.content),
        static_bytes(whole),
    )


def visits(visit: Callable[[int], object]) -> Visit:
    """Medians of visits, told apart by their turn, and of their statements in between."""
    with recorded() as statements:
        visit(0)
    pages, sqls = [], []
    for turn in range(1, TURNS + 1):
        pages.append(seconds(partial(visit, turn)))
        sqls.append(seconds(partial(run, statements)))
    return Visit(statistics.median(pages), statistics.median(sqls), len(statements))


@contextmanager
def recorded() -> Iterator[list[tuple[str, Any]]]:
    """The statements that are run meanwhile, with their parameters."""
    from django.db import connection

    found: list[tuple[str, Any]] = []

    def note(execute: Callable, sql: str, params: Any, many: bool, context: dict) -> Any:
        found.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        yield found


def run(statements: list[tuple[str, Any]]) -> None:
    """The same on the driver's own cursor."""
    from django.db import connection

    with connection.cursor() as cursor:
        for sql, params in statements:
            cursor.cursor.execute(sql, params)
            if cursor.cursor.description:
                cursor.cursor.fetchall()


def seconds(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def plain(answer: Any) -> bytes:
    content: bytes = answer.content
    return gzip.decompress(content) if answer.get("Content-Encoding") == "gzip" else content


def static_bytes(html: bytes) -> int:
    """What the page's own static files weigh as gzip."""
    from django.contrib.staticfiles import finders

    total = 0
    for name in dict.fromkeys(found.decode() for found in STATIC.findall(html)):
        path = finders.find(name)
        if path is None:
            raise SystemExit(f"the page names {name}, which is not there")
        if not OF_THE_MAP.search(name):
            total += len(gzip.compress(Path(path).read_bytes(), 9))
    return total


def figures(measured: list[Measured]) -> dict[str, float]:
    """Flat: the town's, and each page's time over its SQL."""
    town = next(one for one in measured if one.name == TOWN)
    found: dict[str, float] = {
        "ratio": round(town.again.ratio, 2),
        "first_ratio": round(town.first.ratio, 2),
        "town_queries": max(town.first.queries, town.again.queries),
        "town_kb": round(town.kilobytes, 1),
    }
    for one in measured:
        name = re.sub(r"\W+", "_", one.name.lower())
        found[f"{name}_first_ms"] = round(one.first.page * 1000, 1)
        found[f"{name}_again_ms"] = round(one.again.page * 1000, 1)
        found[f"{name}_sql_ms"] = round(one.first.sql * 1000, 1)
        found[f"{name}_queries"] = one.first.queries
    return found


def table(measured: list[Measured]) -> Iterator[str]:
    yield (
        f"{'milliseconds':24}{'first':>8}{'SQL':>8}{'ratio':>7}{'queries':>9}"
        f"{'again':>8}{'SQL':>8}{'ratio':>7}{'queries':>9}{'HTML KB':>9}{'KB':>7}"
    )
    for one in measured:
        yield (
            f"{one.name:24}{told(one.first)}{told(one.again)}"
            f"{one.html / 1000:9.1f}{one.kilobytes:7.1f}"
        )
    town = next(one for one in measured if one.name == TOWN)
    yield (
        f"{TOWN}: first {town.first.ratio:.2f} times its SQL, again {town.again.ratio:.2f}"
        f" (asked: {MOST_RATIO:g}), {town.first.queries} and {town.again.queries} queries"
        f" ({MOST_QUERIES}), {town.kilobytes:.0f} KB ({MOST_KB:g})"
    )


def told(visit: Visit) -> str:
    return f"{visit.page * 1000:8.1f}{visit.sql * 1000:8.1f}{visit.ratio:7.2f}{visit.queries:9}"


def main() -> None:
    parser = argparse.ArgumentParser(description="What each page takes over its queries.")
    parser.add_argument("--json", action="store_true", help="one flat JSON object")
    given = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    from django.conf import settings
    from django.test import override_settings

    with override_settings(
        ALLOWED_HOSTS=["testserver"],
        # Nothing need be collected, and no cache server be there.
        STORAGES={
            **settings.STORAGES,
            "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
        },
        CACHES={"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}},
    ):
        there = [measure(name, address) for name, address in addresses().items()]
    measured = [one for one in there if one is not None]
    if given.json:
        sys.stdout.write(f"{json.dumps(figures(measured))}\n")
        return
    for line in table(measured):
        sys.stdout.write(f"{line}\n")


if __name__ == "__main__":
    main()
