"""The API's answers are given again until something changes."""

from __future__ import annotations

import gzip
from collections.abc import Iterator

import pytest
from django.test import Client

from claims.api.answers import LEAST
from claims.models import Claim
from claims.views.kept import PAGES
from tests.factories import make_claim, make_place
from tests.kept import asked_twice


@pytest.fixture(autouse=True)
def empty_pages() -> Iterator[None]:
    PAGES.clear()
    yield
    PAGES.clear()


@pytest.mark.django_db(transaction=True)
def test_an_answer_is_made_once_between_two_changes(
    client: Client,
) -> None:
    claim = make_claim(place=make_place(name="Oldtown"))
    addresses = (
        "/api/v1/claims/",
        "/api/v1/towns/",
        f"/api/v1/towns/{claim.place_id}/timeline/?include_pending=true",
        f"/api/v1/towns/{claim.place_id}/status/?include_pending=true",
        "/api/v1/status-changes/?include_pending=true",
    )
    for address in addresses:
        answer, again, queries = asked_twice(lambda: client.get(address))  # noqa: B023
        assert answer.status_code == 200, address
        assert queries == 1, address
        assert again.json() == answer.json()
        assert again["Content-Type"] == answer["Content-Type"] == "application/json"
        assert again["ETag"] == answer["ETag"]
        assert again.has_header("RateLimit-Remaining")  # it was counted
        packed = {"accept-encoding": "gzip"}
        first, second, _ = asked_twice(lambda: client.get(address, headers=packed))  # noqa: B023
        for one in (first, second):
            if len(answer.content) < LEAST:  # not worth it
                assert one.content == answer.content
                continue
            assert gzip.decompress(one.content) == answer.content
            assert one["Content-Encoding"] == "gzip"
            assert one["ETag"] == f"W/{answer['ETag']}"  # the same content in other bytes
            assert {"Accept-Encoding", "Cookie", "Authorization"} <= set(one["Vary"].split(", "))
        known = {**packed, "if-none-match": answer["ETag"]}
        assert client.get(address, headers=known).status_code == 304
    assert client.get("/api/v1/claims/?fields=id").json()["results"] == [{"id": str(claim.pk)}]

    Claim.objects.filter(pk=claim.pk).update(state="rejected")
    assert client.get("/api/v1/claims/").json()["results"] == []
    assert client.get(addresses[2]).json()["results"] == []


@pytest.mark.django_db(transaction=True)
def test_who_may_not_read_is_not_given_what_others_were(client: Client) -> None:
    assert client.get("/api/v1/claims/").status_code == 200
    refused = client.get("/api/v1/claims/", headers={"authorization": "Bearer cck_no-such-key"})
    assert refused.status_code == 401
