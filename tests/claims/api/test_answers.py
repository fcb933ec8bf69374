"""How answers travel: validators, 304, compression, and what caches may do with them."""

from __future__ import annotations

import gzip
from datetime import date
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from redis.exceptions import RedisError

from claims.models import Claim
from tests.factories import make_claim, make_place, make_user

pytestmark = pytest.mark.django_db
LIST = "/api/v1/claims/"


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    cache.clear()
    now = [1_700_000_000.25]
    monkeypatch.setattr("claims.api.answers.time.time", lambda: now[0])
    return now


@pytest.fixture
def claim() -> Claim:
    return make_claim(asserted_on=date(2023, 1, 10))


def test_who_has_it_is_sent_nothing(client: Client, claim: Claim) -> None:
    first = client.get(LIST)
    assert first["ETag"].startswith('"')
    for tag in (first["ETag"], f"W/{first['ETag']}", f'"other", {first["ETag"]}', "*"):
        again = client.get(LIST, headers={"if-none-match": tag})
        assert (again.status_code, again.content) == (304, b"")
        for name in ("ETag", "Cache-Control", "Vary"):
            assert again[name] == first[name]
        assert "Content-Type" not in again
        assert "Content-Length" not in again
    assert client.head(LIST, headers={"if-none-match": first["ETag"]}).status_code == 304
    assert client.get(LIST, headers={"if-none-match": '"other"'}).status_code == 200


def test_any_change_of_the_content_is_another_tag(client: Client, claim: Claim) -> None:
    before = client.get(LIST)["ETag"]
    claim.document.publisher.name = "Example Herald"
    claim.document.publisher.save()
    after = client.get(LIST, headers={"if-none-match": before})
    assert (after.status_code, after.json()["results"][0]["document"]["publisher"]) == (
        200,
        "Example Herald",
    )
    make_claim(place="Bakhmut")
    assert client.get(LIST, headers={"if-none-match": after["ETag"]}).status_code == 200


def test_dates_are_told_once_their_second_is_over(
    client: Client, claim: Claim, clock: list[float]
) -> None:
    assert "Last-Modified" not in client.get(LIST)
    clock[0] += 1
    known = client.get(LIST)["Last-Modified"]
    assert known == "Tue, 14 Nov 2023 22:13:21 GMT"
    clock[0] += 500
    assert client.get(LIST)["Last-Modified"] == known
    assert client.get(LIST, headers={"if-modified-since": known}).status_code == 304
    earlier = {"if-modified-since": "Tue, 14 Nov 2023 22:13:20 GMT"}
    assert client.get(LIST, headers=earlier).status_code == 200
    assert client.get(LIST, headers={"if-modified-since": "soon"}).status_code == 200
    both = {"if-modified-since": known, "if-none-match": '"other"'}
    assert client.get(LIST, headers=both).status_code == 200


def test_no_change_hides_behind_a_date(client: Client, claim: Claim, clock: list[float]) -> None:
    client.get(LIST)
    clock[0] += 1
    known = client.get(LIST)["Last-Modified"]
    make_claim(place="Bakhmut")
    for _ in range(3):
        answer = client.get(LIST, headers={"if-modified-since": known})
        assert (answer.status_code, len(answer.json()["results"])) == (200, 2)
        clock[0] += 0.4
    Claim.objects.exclude(pk=claim.pk).delete()  # as it was: but not since then
    assert client.get(LIST, headers={"if-modified-since": known}).status_code == 200


def test_without_a_cache_there_are_tags_alone(
    client: Client, claim: Claim, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*args: object) -> None:
        raise RedisError("gone")

    monkeypatch.setattr(cache, "get", refuse)
    answer = client.get(LIST)
    assert (answer.status_code, "ETag" in answer, "Last-Modified" in answer) == (200, True, False)


@pytest.mark.parametrize(
    ("accepted", "gzipped"),
    [
        ("gzip", True),
        ("br, GZIP;q=0.5", True),
        ("*", True),
        ("gzip;q=0", False),
        ("*, gzip; q=0.000", False),
        ("identity", False),
        ("", False),
    ],
)
def test_compressed_for_who_takes_it(
    client: Client, claim: Claim, accepted: str, gzipped: bool
) -> None:
    plain = client.get(LIST)
    answer = client.get(LIST, headers={"accept-encoding": accepted})
    assert ("Content-Encoding" in answer) is gzipped
    assert "Accept-Encoding" in plain["Vary"]
    assert answer["Vary"] == plain["Vary"]
    if gzipped:
        assert gzip.decompress(answer.content) == plain.content
        assert int(answer["Content-Length"]) == len(answer.content) < len(plain.content)
        assert answer["ETag"] == f"W/{plain['ETag']}"
    headers = {"accept-encoding": accepted, "if-none-match": answer["ETag"]}
    again = client.get(LIST, headers=headers)
    assert (again.status_code, again["ETag"]) == (304, answer["ETag"])
    assert "Content-Encoding" not in again


def test_answers_are_kept_by_who_asks_alone(client: Client, claim: Claim) -> None:
    for address in (LIST, f"{LIST}?page_size=0", "/api/schema/", "/api/v1/nothing/"):
        answer = client.get(address)
        assert answer["Cache-Control"] == "private, no-cache"
        assert {"Authorization", "Cookie", "Accept-Encoding"} <= set(answer["Vary"].split(", "))
    client.force_login(make_user(superuser=True))
    written = client.post("/api/v1/documents/", {}, content_type="application/json")
    assert (written["Cache-Control"], "ETag" in written) == ("no-store", False)


def test_pages_are_left_alone(client: Client) -> None:
    page = client.get("/api/", headers={"accept-encoding": "gzip"})
    assert ("Content-Encoding" in page, "ETag" in page) == (False, False)


def test_refusals_have_no_tag(client: Client) -> None:
    answer = client.get(f"{LIST}?town=nowhere", headers={"if-none-match": "*"})
    assert (answer.status_code, "ETag" in answer) == (400, False)


def test_times_are_rfc_3339_in_utc(client: Client, claim: Claim) -> None:
    row: dict[str, Any] = client.get(LIST).json()["results"][0]
    assert row["created_at"] == claim.created_at.isoformat().replace("+00:00", "Z")


def test_cursors_hold_all_that_orders_a_list(client: Client) -> None:
    """Towns of one name, more of them than a page has, with a row that comes in before."""
    ids = [make_claim(place=make_place("Soledar", key=f"s{n}")).place_id for n in range(5)]
    seen: list[str] = []
    address: str | None = "/api/v1/towns/?page_size=2"
    pages = []
    while address:
        page = client.get(address).json()
        seen += [row["id"] for row in page["results"]]
        pages.append(seen[-len(page["results"]) :])
        address, before = page["next"], page["previous"]
        if len(seen) == 2:
            make_claim(place="Bakhmut")
    assert seen == [str(id_) for id_ in ids]
    back = client.get(before).json()
    assert [row["id"] for row in back["results"]] == pages[-2]
    assert [row["id"] for row in client.get(back["next"]).json()["results"]] == pages[-1]


def test_a_cursor_of_another_list_is_none_of_this(client: Client) -> None:
    for n in range(2):
        make_claim(place=make_place("Soledar", key=f"s{n}"))
    there = client.get("/api/v1/towns/?page_size=1").json()["next"].partition("?")[2]
    assert client.get(f"{LIST}?{there}").status_code == 400
