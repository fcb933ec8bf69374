"""Claims since a time, and those that stand no more: as ACLED's users ask."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client

from claims.feed import numbered
from claims.models import Change, Claim, Decision
from claims.review.decisions import decide
from tests.factories import make_claim, make_place, make_user

Record = dict[str, Any]
PATIENCE = 30  # seconds
T1, T2, T3 = "2030-01-01T00:00:00Z", "2030-01-01T00:00:01.5Z", "2030-01-02T00:00:00Z"


def get(client: Client, address: str, /, code: int = 200, **parameters: Any) -> Any:
    response = client.get(f"/api/v1/claims/{address}", parameters)
    assert response.status_code == code, response.content
    return response.json()


def ids(client: Client, address: str = "", /, **parameters: Any) -> set[str]:
    return {row["id"] for row in get(client, address, **parameters)["results"]}


@pytest.fixture
def claims() -> list[Claim]:
    """Three that last changed at T1, T2 and T3."""
    made = [make_claim() for _ in range(3)]
    numbered()
    for claim, at in zip(made, (T1, T2, T3), strict=True):
        Change.objects.filter(claim=claim.pk).update(at=at)
    return made


@pytest.mark.django_db
class TestUpdated:
    @pytest.mark.parametrize(
        ("asked", "found"),
        [
            ({"updated_from": T1}, {0, 1, 2}),
            ({"updated_from": T2}, {1, 2}),
            ({"updated_from": "2030-01-01T02:00:01.5+02:00"}, {1, 2}),
            ({"updated_from": "2030-01-01T00:00:01.500001Z"}, {2}),
            ({"updated_to": T2}, {0, 1}),
            ({"updated_from": T2, "updated_to": T2}, {1}),
            ({"timestamp": 1893456000}, {0, 1, 2}),
            ({"timestamp": 1893456001}, {1, 2}),
            ({"timestamp": 1893456002}, {2}),
            ({"timestamp": 1893456002, "updated_from": T1}, {2}),
        ],
    )
    def test_both_ends_are_included(
        self, client: Client, claims: list[Claim], asked: Record, found: set[int]
    ) -> None:
        assert ids(client, **asked) == {str(claims[number].pk) for number in found}

    def test_a_record_says_when_it_changed(self, client: Client, claims: list[Claim]) -> None:
        (row,) = get(client, "", updated_from=T3)["results"]
        assert row["updated_at"] == T3

    def test_what_waits_for_its_number_is_later_than_all(
        self, client: Client, claims: list[Claim]
    ) -> None:
        Claim.objects.filter(pk=claims[0].pk).update(speaker="A spokesman")
        assert str(claims[0].pk) in ids(client, updated_from=T3)
        assert str(claims[0].pk) not in ids(client, updated_to=T3)

    @pytest.mark.parametrize(
        "wrong",
        [
            {"updated_from": "2030-01-01"},
            {"updated_from": "2030-01-01T00:00:00"},
            {"updated_to": "2030-02-30T00:00:00Z"},
            {"timestamp": "soon"},
            {"timestamp": -1},
            {"timestamp": 10**15},
        ],
    )
    @pytest.mark.parametrize("address", ["", "deleted/"])
    def test_other_times_are_refused(self, client: Client, address: str, wrong: Record) -> None:
        (name,) = wrong
        told = get(client, address, code=400, **wrong)
        assert [fault["name"] for fault in told["parameters"]] == [name]


@pytest.mark.django_db
class TestDeleted:
    def test_what_stands_no_more_with_when_and_why(self, client: Client) -> None:
        editor = make_user()
        stands, rejected, gone, back = (make_claim() for _ in range(4))
        for claim in (rejected, back):
            decide(claim=claim, kind="reject", by=editor, because="who", reason="ask Olena")
        decide(claim=back, kind=Decision.Kind.REOPEN, by=editor)
        lost = str(gone.pk)
        gone.delete()
        found = {row["id"]: row for row in get(client, "deleted/")["results"]}
        assert found.keys() == {str(rejected.pk), lost}
        told = found[str(rejected.pk)]
        assert (told["state"], told["reason"]["because"]) == ("rejected", "who")
        assert told["reason"]["text"] == "somebody else says it"
        assert "Olena" not in str(found)
        assert (found[lost]["state"], found[lost]["reason"]["kind"]) == (None, "gone")
        assert ids(client) == {str(stands.pk), str(back.pk)}
        change = Change.objects.get(claim=rejected.pk, number__isnull=False, action="changed")
        assert change.at is not None
        assert told["deleted_timestamp"] == int(change.at.timestamp())

    def test_since_a_time(self, client: Client, claims: list[Claim]) -> None:
        Claim.objects.update(state="superseded")
        numbered()
        for claim, at in zip(claims, (T1, T2, T3), strict=True):
            Change.objects.filter(claim=claim.pk).update(at=at)
        assert ids(client, "deleted/", updated_from=T2, updated_to=T2) == {str(claims[1].pk)}
        assert ids(client, "deleted/", timestamp=1893456002) == {str(claims[2].pk)}

    def test_of_a_town_what_is_about_another_one_now(self, client: Client) -> None:
        claim = make_claim()
        bakhmut = make_place("Bakhmut")
        decide(claim=claim, kind="correct", by=make_user(), values={"place": bakhmut})
        assert ids(client, "deleted/") == set()
        assert ids(client, "deleted/", town="Bakhmut") == set()
        assert ids(client, "deleted/", town="Soledar") == {str(claim.pk)}
        soledar = make_place()
        decide(claim=claim, kind="correct", by=make_user(), values={"place": soledar})
        assert ids(client, "deleted/", town="Soledar") == set()

    def test_pages(self, client: Client) -> None:
        gone = {str(make_claim(state="rejected").pk) for _ in range(3)}
        first = get(client, "deleted/", page_size=2)
        then = client.get(first["next"]).json()
        assert {row["id"] for row in first["results"] + then["results"]} == gone
        assert (len(first["results"]), then["next"]) == (2, None)


@pytest.mark.django_db(transaction=True)
def test_who_asks_from_the_last_time_on_misses_nothing_that_is_committed_late(
    client: Client,
) -> None:
    late, early = make_claim(), make_claim()
    numbered()
    written, may_commit = Event(), Event()

    def write() -> None:
        try:
            with transaction.atomic():
                Claim.objects.filter(pk=late.pk).update(speaker="A spokesman")
                written.set()
                assert may_commit.wait(PATIENCE)
        finally:
            connection.close()

    with ThreadPoolExecutor() as pool:
        writer = pool.submit(write)
        assert written.wait(PATIENCE)
        Claim.objects.filter(pk=early.pk).update(speaker="A spokesman")
        numbered()
        last = max(row["updated_at"] for row in get(client, "")["results"])
        may_commit.set()
        writer.result(PATIENCE)
    assert str(late.pk) in ids(client, updated_from=last)
    numbered()
    found = {row["id"]: row for row in get(client, "", updated_from=last)["results"]}
    assert str(late.pk) in found
    assert found[str(late.pk)]["updated_at"] >= last
