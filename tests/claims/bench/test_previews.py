"""What a correction would do while it is typed, and the names that are offered for it."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.test import Client

from claims.models import Claim
from tests.factories import (
    make_actor,
    make_claim,
    make_conflict,
    make_document,
    make_place,
    make_user,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader(client: Client) -> Client:
    client.force_login(make_user())
    return client


@pytest.fixture
def claim() -> Claim:
    document = make_document(published=datetime(2023, 1, 18, 12, tzinfo=UTC))
    return make_claim(document=document, asserted_on=date(2023, 1, 11))


def typed(claim: Claim, **changes: str) -> dict[str, str]:
    return {
        "claimant": "Wagner Group",
        "stance": "asserts",
        "predicate": "captured",
        "subject": "Wagner Group",
        "place": "Soledar",
        "extent": "whole",
        "asserted_on": "11 January 2023",
        **changes,
    }


def test_the_preview_of_a_correction(reader: Client, claim: Claim) -> None:
    make_place("Bakhmut")
    data = typed(claim, place="bakhmut", asserted_on="last Friday", event_date="January")
    answer = reader.get(f"/bench/claims/{claim.pk}/effect/", data)
    told = answer.json()
    assert told["errors"] == {}
    assert told["days"] == {"asserted_on": "13 January 2023", "event_date": "January 2023"}
    assert told["label"] == "Wagner Group: Bakhmut captured"
    assert "claimed by Russia" in told["effect"]
    claim.refresh_from_db()
    assert (claim.state, str(claim.place)) == ("pending", "Soledar")


def test_the_preview_of_what_is_wrong(reader: Client, claim: Claim) -> None:
    data = typed(claim, predicate="fighting", asserted_on="Friday")
    told = reader.get(f"/bench/claims/{claim.pk}/effect/", data).json()
    assert told == {
        "errors": {"subject": "Fighting has no subject: leave it empty."},
        "days": {"asserted_on": "13 January 2023"},
    }


@pytest.fixture
def krasne() -> None:
    sudan = make_conflict("sudan", "War in Sudan", sides=[])
    make_place("Krasne", key="far", conflict=sudan, country="SD", admin1="")
    make_place("Krasne", key="near", names=["Красне"])
    make_actor("Krasne Brigade", kind="unit", parent=make_actor("Ukraine"))


@pytest.mark.usefixtures("krasne")
def test_names_say_what_tells_namesakes_apart(reader: Client) -> None:
    answer = reader.get("/bench/names/", {"kind": "place", "q": "Крас", "conflict": "ukraine"})
    assert [(one["name"], one["spelling"], one["note"]) for one in answer.json()["names"]] == [
        ("Krasne", "", "Donetsk Oblast, Ukraine · Russo-Ukrainian war"),
        ("Krasne", "", "Sudan · War in Sudan"),
    ]
    answer = reader.get("/bench/names/", {"kind": "actor", "q": "brig"})
    assert [one["note"] for one in answer.json()["names"]] == [
        "part of an army · part of Ukraine · on no side"
    ]


@pytest.mark.parametrize(
    "asked", [{}, {"kind": "town", "q": "x"}, {"kind": "place", "q": "x", "conflict": "none"}]
)
def test_names_of_what_is_not_understood(reader: Client, asked: dict[str, str]) -> None:
    assert reader.get("/bench/names/", asked).status_code == 400


def test_names_are_for_editors(client: Client) -> None:
    client.force_login(make_user("analyst", role="analyst", is_staff=False))
    assert client.get("/bench/names/", {"kind": "place", "q": "x"}).status_code == 403
