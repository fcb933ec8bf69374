"""What the API refuses of an address's parameters, and how it says so."""

from __future__ import annotations

from typing import Any, get_args

import pytest
from django.test import Client

from claims.models import Claim
from claims.status.records import Status
from tests.factories import make_claim, make_place, make_user

pytestmark = pytest.mark.django_db


def refused(client: Client, address: str, **headers: str) -> dict[str, Any]:
    """The problem, whose common members are as they must be."""
    response = client.get(f"/api/v1/{address}", headers=headers)
    assert (response.status_code, response["Content-Type"]) == (400, "application/problem+json")
    told: dict[str, Any] = response.json()
    assert (told["status"], told["type"]) == (400, "/api/#problem-parameters")
    assert told["title"] == "The address's parameters are not valid"
    return told


@pytest.mark.parametrize(
    ("address", "detail"),
    [
        ("towns/{town}/status/?known_on=12.1.2023", "known_on: not a day (YYYY-MM-DD)."),
        ("towns/{town}/status/?known_on=2023-02-30", "known_on: not a day (YYYY-MM-DD)."),
        ("towns/{town}/timeline/?known_on=9999-12-31", "known_on: not a day (YYYY-MM-DD)."),
        (
            "towns/{town}/status/?as_of=yesterday",
            "as_of: not a day (YYYY-MM-DD) or a time (ISO 8601).",
        ),
        (
            "towns/{town}/status/?as_of=0001-01-01T00:00%2B01:00",
            "as_of: Datetime value out of range.",
        ),
        ("towns/{town}/status/?include_pending=maybe", "include_pending: must be true or false."),
        ("towns/?include_pending=2", "include_pending: must be true or false."),
        ("towns/?search=%00", "search: Null characters are not allowed."),
        ("claims/?town=nowhere", "town: No place is called “nowhere”."),
        ("claims/?asserted_from=January", "asserted_from: not a day (YYYY-MM-DD)."),
        ("documents/?published_to=2023", "published_to: not a day (YYYY-MM-DD)."),
        ("claims/?page_size=0", "page_size: must be a number from 1 to 500."),
        ("claims/?page_size=501", "page_size: must be a number from 1 to 500."),
        ("claims/?page_size=ten", "page_size: must be a number from 1 to 500."),
        ("claims/?page_size=%2B5", "page_size: must be a number from 1 to 500."),
        ("claims/?page_size=9999999999999999", "page_size: must be a number from 1 to 500."),
        ("claims/?cursor=cD14", "cursor: not one that this list has given out."),
        ("claims/?cursor=", "cursor: not one that this list has given out."),
        ("claims/?cursor=W2ZhbHNlLCItaWQiLFsieCJdXQ", "cursor: not one that this list has"),
    ],
)
def test_malformed_values_are_named(client: Client, address: str, detail: str) -> None:
    told = refused(client, address.format(town=make_place().id))
    assert told["detail"].startswith(detail)
    (fault,) = told["parameters"]
    assert f"{fault['name']}: {fault['detail']}".startswith(detail)
    assert fault.keys() == {"name", "detail"} | ({"valid"} if "true or" in detail else set()) - (
        {"valid"} if not address.startswith("claims/") else set()
    )


@pytest.mark.parametrize(
    ("address", "name", "valid"),
    [
        ("towns/?status=lost", "status", get_args(Status)),
        ("claims/?state=lost", "state", (*Claim.State.values, "verified")),
        ("claims/?origin=guessed", "origin", tuple(Claim.Origin.values)),
        ("claims/?include_pending=2", "include_pending", ("true", "false")),
    ],
)
def test_the_values_that_there_are_are_told(
    client: Client, address: str, name: str, valid: tuple[str, ...]
) -> None:
    told = refused(client, address)
    (fault,) = told["parameters"]
    assert (fault["name"], tuple(fault["valid"])) == (name, valid)
    assert f"Valid: {', '.join(valid)}." in told["detail"]


@pytest.mark.parametrize(
    "address",
    [
        "towns/?serach=Soledar",
        "towns/{town}/?search=Soledar",
        "towns/{town}/status/?known-on=2023-01-01",
        "claims/?town=Soledar&colour=red",
        "claims/?order=match",
        "claims/?format=json",
        "documents/?Publisher=x",
    ],
)
def test_unknown_parameters_are_refused_with_the_known_ones(client: Client, address: str) -> None:
    told = refused(client, address.format(town=make_place().id))
    (fault,) = told["parameters"]
    assert fault["detail"] == "There is no such parameter."
    assert fault["name"] not in fault.get("valid", [])
    assert fault["name"] in address
    if address.startswith("towns/?"):
        assert {"search", "status", "conflict", "cursor", "page_size"} <= set(fault["valid"])


def test_all_that_is_wrong_with_names_is_told_at_once(client: Client) -> None:
    told = refused(client, "towns/?search=a&search=b&x=1&y=2")
    assert [(fault["name"], fault["detail"]) for fault in told["parameters"]] == [
        ("search", "It is given more than once."),
        ("x", "There is no such parameter."),
        ("y", "There is no such parameter."),
    ]


def test_several_values_are_given_by_repeating_where_there_may_be_several(client: Client) -> None:
    claim = make_claim("holds", claimant="Ukraine", subject="Russia")
    make_claim("fighting", claimant="Ukraine")
    found = client.get("/api/v1/claims/?predicate=holds&predicate=captured").json()["results"]
    assert [row["id"] for row in found] == [str(claim.id)]


def test_what_writes_takes_no_unknown_parameters_either(client: Client) -> None:
    client.force_login(make_user(superuser=True))
    response = client.post("/api/v1/documents/?dry_run=1", {}, content_type="application/json")
    assert response.status_code == 400
    assert response.json()["parameters"] == [
        {"name": "dry_run", "detail": "There is no such parameter."}
    ]
