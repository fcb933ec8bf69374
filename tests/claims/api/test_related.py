"""A claim's relations in the API."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from claims.models import Claim
from tests.factories import make_claim
from tests.scenes import soledar

pytestmark = pytest.mark.django_db


def detail(client: Client, claim: Claim) -> dict[str, Any]:
    response = client.get(f"/api/v1/claims/{claim.id}/")
    assert response.status_code == 200
    found: dict[str, Any] = response.json()
    return found


def test_relations_both_ways_with_their_reasons(client: Client) -> None:
    soledar()
    wagner = Claim.objects.get(claimant__slug="wagner-group", predicate="captured")
    kyiv = Claim.objects.get(evidence__quote="Soledar has not fallen")
    assert detail(client, kyiv)["relations"] == [
        {
            "kind": "denies",
            "direction": "to",
            "claim": {
                "id": str(wagner.id),
                "url": f"http://testserver{wagner.get_absolute_url()}",
                "label": "Wagner Group: Soledar captured",
                "state": "accepted",
                "asserted_on": "2023-01-10",
            },
            "days": 1,
            "reason": (
                "Armed Forces of Ukraine says 1 day later that what Wagner Group said is not so."
            ),
        }
    ]
    found = detail(client, wagner)["relations"]
    assert [(item["kind"], item["direction"]) for item in found] == [("denies", "from")]
    assert found[0]["claim"]["id"] == str(kyiv.id)


def test_a_claim_that_does_not_stand_has_none(client: Client) -> None:
    claim = make_claim(state=Claim.State.REJECTED)
    make_claim("captured", stance="denies", claimant="Ukraine", asserted_on=date(2023, 1, 12))
    assert detail(client, claim)["relations"] == []


@pytest.mark.parametrize("others", [1, 20])
def test_queries_do_not_grow_with_the_town(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries, others: int
) -> None:
    claim = make_claim(subject="Russia", asserted_on=date(2023, 1, 10))
    for number in range(others):
        make_claim(
            claimant=f"Voice {number}",
            subject="Russia",
            stance="denies",
            asserted_on=date(2023, 1, 11 + number),
        )
    with django_assert_num_queries(16):
        assert len(detail(client, claim)["relations"]) == others
