"""Files of the API: what is sent, to whom, and what is refused."""

from __future__ import annotations

import csv
import gzip
import io
import json
import zlib
from itertools import product
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from claims.access import keys
from claims.exports import columns
from claims.exports.formats import FORMATS
from claims.exports.tables import TABLES
from claims.exports.writing import stream
from claims.models import Claim
from claims.views.kept import PAGES
from tests.factories import make_claim, make_user
from tests.kept import asked_twice
from tests.scenes import soledar

pytestmark = pytest.mark.django_db


@pytest.fixture
def as_long_files(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every file is sent while it is made."""
    for least in ("SHORT", "SHORT_COMPRESSED"):
        monkeypatch.setattr(f"claims.api.exporting.{least}", -1)


@pytest.fixture
def analyst(client: Client) -> Client:
    client.force_login(make_user("analyst", role="analyst", is_staff=False))
    return client


@pytest.mark.parametrize("long", [True, False])
def test_every_table_comes_in_every_format(
    analyst: Client, long: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if long:
        monkeypatch.setattr("claims.api.exporting.SHORT", -1)
    soledar()
    today = timezone.now().date().isoformat()
    for table, ending in product(TABLES, FORMATS):
        answer = analyst.get(f"/api/v1/exports/{table}.{ending}?conflict=ukraine")
        assert answer.status_code == 200
        assert answer.streaming is long
        assert answer["Content-Type"] == FORMATS[ending].media_type
        assert answer["Content-Disposition"] == f'attachment; filename="{table}-{today}.{ending}"'
        assert answer["Cache-Control"] == "private, no-store"
        assert len(b"".join(answer)) > 100


def test_addresses_of_pages_are_those_of_the_request(analyst: Client) -> None:
    claim = make_claim()
    answer = analyst.get("/api/v1/exports/claims.csv", headers={"accept": "text/csv"})
    [row] = csv.DictReader(io.StringIO(b"".join(answer).decode(), newline=""))
    assert row["url"] == f"http://testserver/claims/{claim.id}/"


def test_what_is_not_understood_is_a_problem(analyst: Client) -> None:
    answer = analyst.get("/api/v1/exports/claims.csv?stance=maybe&town=Nowhere")
    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"
    faults = {fault["name"]: fault["detail"] for fault in answer.json()["parameters"]}
    assert faults == {
        "stance": '"maybe" is not a valid choice.',
        "town": "No place is called “Nowhere”.",
    }
    assert analyst.get("/api/v1/exports/claims.csv?confict=ukraine").status_code == 400
    assert analyst.get("/api/v1/exports/claims.csv?from=2023-01-01").status_code == 400
    assert analyst.get("/api/v1/exports/town-days.csv?from=2023-01-01").status_code == 200


def test_there_are_no_others(analyst: Client) -> None:
    answer = analyst.get("/api/v1/exports/claims.pdf")
    assert answer.status_code == 404
    assert "There are: csv, ndjson, geojson, xlsx, parquet." in answer.json()["detail"]
    assert analyst.get("/api/v1/exports/secrets.csv").status_code == 404


def test_more_than_is_sent_at_once_is_made_by_a_worker(analyst: Client, settings: Any) -> None:
    settings.EXPORT_ROWS = 1
    make_claim()
    assert analyst.get("/api/v1/exports/claims.csv").status_code == 200
    make_claim()
    answer = analyst.get("/api/v1/exports/claims.csv")
    assert answer.status_code == 413
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["detail"] == (
        "These are 2 rows; 1 are sent at once. Narrow the filter, or have the file made: POST "
        "/api/v1/exports/ with the table “claims”, the format “csv” and this query."
    )
    assert analyst.get("/api/v1/exports/claims.csv?conflict=sudan").status_code == 200


def test_a_key_needs_the_scope(client: Client) -> None:
    make_claim()
    user = make_user("analyst", role="analyst")
    reading, _ = keys.make(by=user, name="reads", scopes=["read"])[::-1]
    exporting, _ = keys.make(by=user, name="exports", scopes=["read", "export"])[::-1]

    def status(key: Any) -> int:
        headers = {"authorization": f"Bearer {key}"}
        return client.get("/api/v1/exports/claims.ndjson", headers=headers).status_code

    assert (status(reading), status(exporting)) == (403, 200)


def test_readers_do_not_export(client: Client, settings: Any) -> None:
    settings.PUBLIC_READING = True
    assert client.get("/api/v1/exports/claims.csv").status_code in (401, 403)
    client.force_login(make_user("reader", role="reader", is_staff=False))
    answer = client.get("/api/v1/exports/claims.csv")
    assert answer.status_code == 403
    assert "analyst" in answer.json()["detail"].lower()


def test_a_file_is_compressed_while_it_is_made(
    analyst: Client, as_long_files: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    soledar()
    monkeypatch.setattr("claims.exports.formats.csv.ROWS", 1)
    plain = b"".join(analyst.get("/api/v1/exports/claims.csv"))
    answer = analyst.get("/api/v1/exports/claims.csv", headers={"accept-encoding": "gzip"})
    assert answer["Content-Encoding"] == "gzip"
    first, *others = answer
    assert gzip.decompress(b"".join([first, *others])) == plain
    lines = zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(first).splitlines(keepends=True)
    assert lines == plain.splitlines(keepends=True)[:2]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("accepted", ["identity", "gzip"])
def test_a_short_file_is_made_once_between_two_changes(client: Client, accepted: str) -> None:
    client.force_login(make_user("analyst", role="analyst", is_staff=False))
    claim = make_claim()
    address, asking = "/api/v1/exports/claims.csv?town=Soledar", {"accept-encoding": accepted}
    PAGES.clear()
    client.get(address, headers=asking)
    made, again, queries = asked_twice(lambda: client.get(address, headers=asking))
    assert again.content == made.content
    for header in ("Content-Disposition", "ETag", "Vary"):
        assert again[header] == made[header]
    assert again.get("Content-Encoding") == {"gzip": "gzip"}.get(accepted)
    assert again["Cache-Control"] == "private, no-store"
    assert queries == 4  # whose session it is, who that is, what he may, what was committed
    assert client.get(address, headers={**asking, "if-none-match": made["ETag"]}).status_code == 304
    reader = Client()
    reader.force_login(make_user("reader", role="reader", is_staff=False))
    assert reader.get(address, headers=asking).status_code == 403

    Claim.objects.filter(pk=claim.pk).update(state="rejected")
    text = client.get(address, headers=asking).content
    if accepted == "gzip":
        text = gzip.decompress(text)
    assert len(text.splitlines()) == 1
    PAGES.clear()


def test_a_file_that_is_only_short_when_compressed(
    analyst: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("claims.api.exporting.SHORT", 1)
    soledar()
    packed = analyst.get("/api/v1/exports/claims.csv", headers={"accept-encoding": "gzip"})
    plain = analyst.get("/api/v1/exports/claims.csv")
    assert (packed.streaming, plain.streaming) == (False, True)
    assert gzip.decompress(packed.content) == b"".join(plain)
    columns_only = "/api/v1/exports/claims.parquet"  # packed already, whoever asks
    assert analyst.get(columns_only, headers={"accept-encoding": "gzip"}).streaming


def open_cursors() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_cursors WHERE name LIKE '_django_curs%'")
        number: int = cursor.fetchone()[0]
    return number


def test_who_hangs_up_leaves_no_cursor_open(
    analyst: Client, as_long_files: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    soledar()
    monkeypatch.setattr(columns, "BATCH", 1)
    monkeypatch.setattr("claims.records.BATCH", 1)
    for ending in ("ndjson", "geojson"):
        monkeypatch.setattr(f"claims.exports.formats.{ending}.PIECE", 1)
    monkeypatch.setattr("claims.exports.formats.csv.ROWS", 1)
    monkeypatch.setattr("claims.exports.formats.parquet.GROUP", 1)
    for table, ending in product(TABLES, ("csv", "ndjson", "geojson", "parquet")):
        answer = analyst.get(f"/api/v1/exports/{table}.{ending}")
        assert next(iter(answer))
        answer.close()
        assert open_cursors() == 0, (table, ending)


def test_a_cursor_is_open_until_then(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the test before this one stands on."""
    soledar()
    monkeypatch.setattr(columns, "BATCH", 1)
    monkeypatch.setattr("claims.records.BATCH", 1)
    monkeypatch.setattr("claims.exports.formats.ndjson.PIECE", 1)
    pieces = stream(table="claims", format="ndjson", query="", site="")
    assert json.loads(next(pieces))["label"] == "Wagner Group: Soledar captured"
    assert open_cursors() == 1
    pieces.close()  # type: ignore[attr-defined]
    assert open_cursors() == 0
