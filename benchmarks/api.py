"""What the API's answers take over their own queries.

    DATABASE_URL=… .venv/bin/python -m benchmarks.api [--json]

Run it on a database that `benchmarks.world` has filled. An answer's time is that of Django's test
client, which asks for it as a program does, uncompressed; its SQL the time of the same statements
on the same connection with all rows fetched. The two take turns, and medians count. What is asked:
the timeline of the town with 500 claims, all on one page, takes at most 3 times its SQL, in as
many queries as that of a town with few.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import django

from benchmarks.pages import BUSY, Visit, visits

MOST_RATIO = 3.0
TIMELINE = "timeline, 500 claims"


@dataclass(frozen=True, slots=True)
class Measured:
    name: str
    visit: Visit
    rows: int
    bytes: int


def addresses() -> dict[str, str]:
    """By what they are called in the table."""
    from claims.timeline import towns

    town = towns().filter(live_claims=BUSY).first()
    if town is None:
        raise SystemExit(f"no town has {BUSY} live claims: fill the database by benchmarks.world")
    few = towns().exclude(pk=town.pk).order_by("live_claims", "id").first()
    if few is None:
        raise SystemExit("there is one town alone: fill the database by benchmarks.world")
    busy = f"/api/v1/towns/{town.pk}"
    whole = f"include_pending=true&page_size={BUSY}"
    return {
        TIMELINE: f"{busy}/timeline/?{whole}",
        "the same, verified": f"{busy}/timeline/?page_size={BUSY}",
        "the same, few claims": f"/api/v1/towns/{few.pk}/timeline/?{whole}",
        "the same, known earlier": f"{busy}/timeline/?{whole}&known_on=2025-11-15",
        "status": f"{busy}/status/",
        "status, known earlier": f"{busy}/status/?known_on=2025-11-15",
        "claims": "/api/v1/claims/?page_size=500",
        "claims, three fields": "/api/v1/claims/?page_size=500&fields=id,label,state",
        "claims, by publication": "/api/v1/claims/?page_size=500&sort=published",
        "claims in a box": "/api/v1/claims/?page_size=500&bbox=-180,-90,180,90",
        "towns": "/api/v1/towns/?page_size=500",
        "towns, at a day": "/api/v1/towns/?page_size=500&at=2025-11-15",
        "towns, known earlier": "/api/v1/towns/?known_on=2025-11-15",
        "places": "/api/v1/places/?page_size=500",
        "documents": "/api/v1/documents/?page_size=500",
    }


def measure(name: str, address: str) -> Measured:
    from django.test import Client

    client = Client()
    answer = client.get(address)
    if answer.status_code != 200:
        raise SystemExit(f"{address}: {answer.status_code} {answer.content[:200]!r}")
    rows = answer.json().get("results", ())
    return Measured(name, visits(lambda turn: client.get(address)), len(rows), len(answer.content))


def figures(measured: list[Measured]) -> dict[str, float]:
    """Flat: the timeline's, and each answer's time over its SQL."""
    there = {one.name: one.visit for one in measured}
    found: dict[str, float] = {
        "ratio": round(there[TIMELINE].ratio, 2),
        "queries": there[TIMELINE].queries,
        "queries_of_few": there["the same, few claims"].queries,
        "load": round(os.getloadavg()[0], 2),
    }
    for one in measured:
        name = re.sub(r"\W+", "_", one.name.lower())
        found[f"{name}_ms"] = round(one.visit.page * 1000, 1)
        found[f"{name}_sql_ms"] = round(one.visit.sql * 1000, 1)
        found[f"{name}_queries"] = one.visit.queries
    return found


def table(measured: list[Measured]) -> Iterator[str]:
    yield (
        f"{'milliseconds':26}{'answer':>8}{'SQL':>8}{'ratio':>7}{'queries':>9}{'rows':>6}{'KB':>8}"
    )
    for one in measured:
        visit = one.visit
        yield (
            f"{one.name:26}{visit.page * 1000:8.1f}{visit.sql * 1000:8.1f}{visit.ratio:7.2f}"
            f"{visit.queries:9}{one.rows:6}{one.bytes / 1000:8.1f}"
        )
    ratio, load = measured[0].visit.ratio, os.getloadavg()[0]
    yield f"{TIMELINE}: {ratio:.2f} times its SQL (asked: {MOST_RATIO:g}); load {load:.2f}"


def main() -> None:
    parser = argparse.ArgumentParser(description="What the API's answers take over their queries.")
    parser.add_argument("--json", action="store_true", help="one flat JSON object")
    given = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    from django.conf import settings
    from django.test import override_settings

    local: Any = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}
    with override_settings(
        ALLOWED_HOSTS=["testserver"],
        # No cache server need be there, nor be asked how often the client has asked.
        CACHES=local,
        API_RATE_ADDRESS=1_000_000,
        PUBLIC_READING=True,
        STORAGES={
            **settings.STORAGES,
            "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
        },
    ):
        measured = [measure(name, address) for name, address in addresses().items()]
    if given.json:
        sys.stdout.write(f"{json.dumps(figures(measured))}\n")
        return
    for line in table(measured):
        sys.stdout.write(f"{line}\n")


if __name__ == "__main__":
    main()
