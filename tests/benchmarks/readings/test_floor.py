"""The floor is no straw man: its statements give the rows that the pages show, in their order."""

from __future__ import annotations

import csv
from datetime import date, timedelta
from io import StringIO
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client

from benchmarks.readings import floor
from claims.derive import derive
from claims.exports.writing import stream
from claims.models import Claim
from tests.factories import make_claim, make_document, make_place
from tests.scenes import soledar

pytestmark = pytest.mark.django_db

DAY = date(2023, 1, 25)
Row = tuple[Any, ...]


@pytest.fixture
def world() -> None:
    """Soledar, and some towns whose statuses changed on the same days."""
    soledar()
    for number, day in enumerate((20, 12, 20, 3)):
        place = make_place(f"Made-up {9 - number}")
        for on, predicate in ((1, "holds"), (day, "captured")):
            quote = f"Salt, {'salt, ' * number}on the {on}th."
            document = make_document(quote, title=f"Report {number} of the {on}th")
            state = Claim.State.PENDING if number == 2 and on > 1 else Claim.State.ACCEPTED
            make_claim(
                predicate,
                place=place,
                document=document,
                quote=quote,
                state=state,
                asserted_on=date(2023, 1, on),
            )
        derive([place.id])


def asked(statement: str, **given: str | date) -> list[Row]:
    with connection.cursor() as cursor:
        cursor.execute(statement, given)
        rows: list[Row] = cursor.fetchall()
    return rows


def test_home(world: None, client: Client) -> None:
    context = client.get("/").context
    newest, count, towns, _ = floor.HOME
    assert asked(newest) == [(DAY,)]
    assert asked(count, day=DAY) == [(context["page"].paginator.count,)]
    shown = [
        (
            *(town.place.id, town.place.name, town.since),
            *(town.place.live_claims, town.place.pending_claims, town.place.now[0].status),
        )
        for town in context["towns"]
    ]
    told = [(row[0], row[1], row[7], row[8], row[9], row[10]) for row in asked(towns, day=DAY)]
    assert told == shown
    assert len(shown) == 5


def test_map(world: None, client: Client) -> None:
    data = client.get("/map/intervals/").json()
    towns, intervals, _, _ = floor.MAP
    assert [row[1] for row in asked(towns)] == [town[0] for town in data["towns"]]
    ids = {row[0] for row in asked(intervals)}
    assert ids == {row[0] for row in asked(towns)}


def test_search(world: None, client: Client) -> None:
    claims, best_claims, documents, best_documents, _, _ = floor.SEARCH
    sections = {one.name: one for one in client.get("/search/?q=salt").context["sections"]}
    assert asked(claims, words="salt") == [(sections["claims"].count,)]
    assert asked(documents, words="salt") == [(sections["documents"].count,)]
    found = [row.claim.id for row in sections["claims"].rows]
    assert [row[0] for row in asked(best_claims, words="salt")] == found
    texts = [row.document.id for row in sections["documents"].rows]
    assert [row[0] for row in asked(best_documents, words="salt")] == texts
    assert (len(found), len(texts)) == (8, 6)


def test_claims(world: None, client: Client) -> None:
    given: dict[str, str | date] = {"since": date(2022, 1, 25), "conflict": "ukraine"}
    address = "/claims/?conflict=ukraine&predicate=captured&asserted_from=2022-01-25&state=verified"
    context = client.get(address).context
    count, claims, _, _ = floor.CLAIMS
    assert asked(count, **given) == [(context["page"].paginator.count,)]
    listed = [row.claim.id for row in context["rows"]]
    assert [row[0] for row in asked(claims, **given)] == listed
    assert len(listed) > 3


def test_changes(world: None, client: Client) -> None:
    since = DAY - timedelta(days=30)
    context = client.get(f"/changes/?from={since}&to={DAY}").context
    _, changes, deciding, _ = floor.CHANGES
    listed = [(day, row) for day in context["changes"].days for row in day.rows]
    shown = [
        (day.day, row.now.status, row.place.name, len(listed), day.count) for day, row in listed
    ]
    rows = asked(changes, since=since, day=DAY)
    assert [(row[0], row[1], row[6], row[12], row[13]) for row in rows] == shown
    voices = {claim.id for _, row in listed for voice in row.voices for _, claim in voice.reports}
    assert {row[0] for row in asked(deciding, since=since, day=DAY)} == voices


def test_export(world: None) -> None:
    since = DAY - timedelta(days=30)
    pieces = stream(
        table="claims", format="csv", query=f"asserted_from={since}", site="https://example.org"
    )
    rows = csv.DictReader(StringIO(b"".join(pieces).decode()))
    statement, *_ = floor.EXPORT
    assert [row[0] for row in asked(statement, since=since)] == [UUID(row["id"]) for row in rows]


def test_api_claims(world: None, client: Client) -> None:
    results = client.get("/api/v1/claims/?page_size=100").json()["results"]
    (statement,) = floor.API_CLAIMS
    assert [str(row[0]) for row in asked(statement)] == [one["id"] for one in results]
