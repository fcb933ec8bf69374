"""What is asked of a world: an address of ours, the floor below it, and what Datasette is asked
for the same rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from benchmarks.readings import floor

TOWNS = (50, 500, 5000)  # live claims of the towns that every world has
WORDS = "bridge"  # that are searched for
MONTH = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Question:
    """`given`: the parameters of the floor's statements. `datasette`: the address below the
    database's; empty where it has no answer. `of_a_town`: it should not matter how large the world
    is. `by_key`: for those alone who may export."""

    name: str
    address: str
    statements: floor.Statements
    given: Mapping[str, Any] = field(default_factory=dict)
    datasette: str = ""
    of_a_town: bool = False
    by_key: bool = False


def questions() -> list[Question]:
    """Of the world that the connection leads to; towns that it has none of are left out."""
    from claims.on_day import newest_day
    from entities.models import Conflict

    day = newest_day()
    conflict = Conflict.objects.order_by("slug").first()
    if day is None or conflict is None:
        raise SystemExit("nothing is claimed here: fill the database by benchmarks.world")
    return [*_lists(day, conflict.slug), *_of_towns(day)]


def _lists(day: date, conflict: str) -> list[Question]:
    month, year = day - MONTH, day - timedelta(days=365)
    chosen = {"conflict": conflict, "predicate": "captured", "asserted_from": year}
    listed = {
        "conflict": conflict,
        "predicate": "captured",
        "asserted_on__gte": year,
        "verified": 1,
        "_sort_desc": "asserted_on",
        "_size": 50,
    }
    return [
        Question("home", "/", floor.HOME, {"day": day}, "towns?_sort_desc=since&_size=50"),
        Question(
            "map data", "/map/intervals/", floor.MAP, {}, "intervals.json?_shape=arrays&_size=max"
        ),
        Question(
            "search",
            f"/search/?q={WORDS}",
            floor.SEARCH,
            {"words": WORDS},
            f"documents?_search={WORDS}&_size=50",
        ),
        Question(
            "claims, filtered",
            f"/claims/?{urlencode({**chosen, 'state': 'verified'})}",
            floor.CLAIMS,
            {"conflict": conflict, "since": year},
            f"told?{urlencode(listed)}",
        ),
        Question(
            "changes, a month",
            f"/changes/?from={month}&to={day}",
            floor.CHANGES,
            {"since": month, "day": day},
            f"changes?start__gte={month}&_sort_desc=start&_size=50",
        ),
        Question(
            "export, a month",
            f"/api/v1/exports/claims.csv?asserted_from={month}",
            floor.EXPORT,
            {"since": month},
            f"told.csv?asserted_on__gte={month}&_sort=asserted_on&_stream=on&_size=max",
            by_key=True,
        ),
        Question(
            "API: claims",
            "/api/v1/claims/?page_size=100",
            floor.API_CLAIMS,
            {},
            "told.json?_shape=objects&_sort_desc=id&_size=100",
        ),
    ]


def _of_towns(day: date) -> list[Question]:
    from claims.timeline import towns

    found = []
    for size in TOWNS:
        town = towns().filter(live_claims=size).order_by("pk").first()
        if town is None:
            continue
        known_on = day - timedelta(days=365)
        given = {"town": town.pk, "known_on": known_on}
        address = town.get_absolute_url()
        page = min(size, 500)  # as many as an answer has at most
        rows = f"told?place_id={town.pk}&_sort=asserted_on&_size=max"
        found += [
            Question(f"town, {size} claims", address, floor.TOWN, given, rows, of_a_town=True),
            Question(
                f"town, {size}, as of",
                f"{address}?known_on={known_on}",
                floor.TOWN_KNOWN,
                given,
                of_a_town=True,
            ),
            Question(
                f"API: timeline, {size}",
                f"/api/v1/towns/{town.pk}/timeline/?include_pending=true&page_size={page}",
                floor.TOWN,
                given,
                f"told.json?place_id={town.pk}&_sort=asserted_on&_shape=objects&_size={page}",
                of_a_town=True,
            ),
        ]
    return found
