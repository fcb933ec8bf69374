"""Deliveries are made of the feed: in its order, each once, of what is asked for."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from claims.derive import derive
from claims.feed import told
from claims.models import Change, Claim, Delivery, Membership, StatusInterval, Webhook
from claims.review.decisions import decide
from claims.webhooks import making
from claims.webhooks.events import TYPES
from claims.webhooks.filters import checked
from tests.factories import make_actor, make_claim, make_conflict, make_place, make_user

pytestmark = pytest.mark.django_db
Add = Callable[..., Webhook]


def made(webhook: Webhook) -> list[dict[str, Any]]:
    """Make deliveries, and return those of the webhook, as they are sent."""
    making.make_deliveries()
    rows = webhook.deliveries.order_by("change")
    assert list(rows.order_by("pk").values_list("pk")) == list(rows.values_list("pk"))
    return [json.loads(row.body) for row in rows]


def types(webhook: Webhook) -> list[str]:
    return [body["type"] for body in made(webhook)]


def test_what_changes_is_told_as_the_feed_shows_it(webhook: Webhook) -> None:
    claim = make_claim()
    [body] = made(webhook)
    change = Change.objects.get(number=body["number"])
    [record] = told([change], site="https://claims.example.org")
    delivery = webhook.deliveries.get(change=change.number)
    assert body == {
        "id": str(delivery.pk),
        "type": "claim.extracted",
        "at": record["at"],
        "number": change.number,
        "data": record,
    }
    assert body["data"]["claim"]["url"] == f"https://claims.example.org/claims/{claim.pk}/"
    assert body["type"] in TYPES


def test_decisions_and_statuses_are_told_in_order(webhook: Webhook) -> None:
    claim = make_claim()
    decide(claim=claim, kind="accept", by=make_user())
    derive({claim.place_id})
    found = made(webhook)
    assert [body["number"] for body in found] == sorted(body["number"] for body in found)
    assert [body["type"] for body in found] == [
        "claim.extracted",
        "claim.accepted",
        "status.added",
    ]
    status = found[2]["data"]["status"]
    assert (status["town"], status["status"]) == (str(claim.place_id), "claimed russia")


def test_each_change_is_told_once(webhook: Webhook) -> None:
    make_claim()
    assert making.make_deliveries() == 1
    assert making.make_deliveries() == 0
    Webhook.objects.update(change=0)  # as if it had not been moved on
    making.make_deliveries()
    assert webhook.deliveries.count() == 1


def test_what_changed_before_it_was_added_is_not_told(add: Add) -> None:
    make_claim()
    webhook = add()
    assert made(webhook) == []


def test_claims_alone_or_statuses_alone(add: Add) -> None:
    claims, statuses = add(what=["claim"]), add(what=["status"])
    claim = make_claim(state="accepted")
    derive({claim.place_id})
    assert types(claims) == ["claim.extracted"]
    assert types(statuses) == ["status.added"]


@pytest.mark.parametrize(
    ("query", "fits"),
    [
        ("conflict=ukraine", True),
        ("conflict=sudan", False),
        ("town=Soledar", True),
        ("town=Bakhmut", False),
        ("claimant=wagner-group", True),
        ("actor=wagner-group", True),
        ("subject=ukraine", False),
        ("side=russia", True),
        ("side=ukraine", False),
        ("stance=asserts&stance=denies", True),
        ("stance=denies", False),
        ("predicate=captured", True),
        ("predicate=holds", False),
        ("state=pending", True),
        ("state=verified", False),
        ("include_pending=false", False),
        ("publisher=example+COURIER", True),
        ("publisher=Herald", False),
        ("origin=extracted", True),
        ("origin=editor", False),
    ],
)
def test_claims_are_chosen_as_in_an_address(add: Add, query: str, fits: bool) -> None:
    make_place("Bakhmut")
    make_conflict("sudan", "War in Sudan", ())
    make_actor("Wagner Group")
    make_actor("Ukraine")
    make_place("Soledar")
    webhook = add(query, what=["claim"])
    make_claim()
    assert bool(made(webhook)) is fits


def test_what_no_longer_fits_is_told_too(add: Add) -> None:
    claim = make_claim(state="accepted")
    webhook = add("state=verified", what=["claim"])
    make_claim()  # pending, before and after
    assert made(webhook) == []
    claim.state = Claim.State.REJECTED
    claim.save()
    [body] = made(webhook)
    assert (body["type"], body["data"]["claim"]["state"]) == ("claim.rejected", "rejected")
    assert body["data"]["claim"]["counts"] is False


def test_a_claim_that_is_gone_is_told_to_those_whom_it_fitted(add: Add) -> None:
    claim, other = make_claim(), make_claim(place="Bakhmut")
    gone = str(claim.pk)
    webhook = add("town=Soledar", what=["claim"])
    for one in (claim, other):
        one.evidence.all().delete()
        one.delete()
    assert types(webhook) == ["claim.passages", "claim.gone"]
    assert made(webhook)[-1]["data"]["claim_id"] == gone


def test_statuses_with_pending_claims_are_told_to_those_who_ask(add: Add) -> None:
    make_place("Bakhmut")
    verified, both = add(what=["status"]), add("include_pending=true", what=["status"])
    side, elsewhere = add("side=russia&include_pending=true"), add("town=Bakhmut", what=["status"])
    claim = make_claim()
    derive({claim.place_id})
    assert made(verified) == []
    assert [body["data"]["status"]["include_pending"] for body in made(both)] == [True]
    assert types(side)[-1] == "status.added"
    assert made(elsewhere) == []


@pytest.mark.parametrize(
    ("query", "what", "said"),
    [
        ("town=Nowhere", ["claim"], "town: No place is called “Nowhere”."),
        ("q=mine", ["claim"], "q: There is no such filter here; there are: actor, "),
        ("stance=denies", ["status"], "stance: Statuses cannot be chosen by this"),
        ("stance=doubts", ["claim"], 'stance: "doubts" is not a valid choice.'),
        ("include_pending=perhaps", ["claim"], "include_pending: must be true or false."),
        ("town=Soledar", ["claim"], "town: Several are called “Soledar”: give"),
    ],
)
def test_what_is_not_understood_is_refused(query: str, what: list[str], said: str) -> None:
    make_place("Soledar")
    make_place("Soledar", key="another")
    with pytest.raises(ValidationError) as found:
        checked(query, what)
    assert found.value.messages[0].startswith(said)


def test_many_webhooks_take_as_many_queries_as_one(add: Add) -> None:
    for _ in range(2):
        add()
    claim = make_claim(state="accepted")
    derive({claim.place_id})
    making.make_deliveries()
    counts = []
    for more in (0, 15):
        for _ in range(more):
            add("town=Soledar")
        for number in range(2 + bool(more)):
            derive({make_claim(place=f"Town {more} {number}", state="accepted").place_id})
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert making.make_deliveries() > 0
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_a_webhook_that_is_off_is_told_later(webhook: Webhook) -> None:
    Webhook.objects.update(disabled_at=timezone.now(), disabled_because="x")
    make_claim()
    assert made(webhook) == []
    Webhook.objects.update(disabled_at=None, disabled_because="")
    assert types(webhook) == ["claim.extracted"]


@pytest.mark.parametrize("how", ["role", "closed"])
def test_who_may_no_longer_export_is_told_nothing_more(webhook: Webhook, how: str) -> None:
    if how == "role":
        Membership.objects.update(role="reader")
    else:
        owner = webhook.owner
        owner.is_active = False
        owner.save()
    make_claim()
    assert made(webhook) == []
    webhook.refresh_from_db()
    assert webhook.disabled_because == "Its owner may not export any more."


def test_a_webhook_of_a_role_in_one_conflict_and_of_an_administrator_stay(add: Add) -> None:
    analyst = make_user("one", role="analyst", conflict=make_conflict())
    for by in (analyst, make_user("root", superuser=True)):
        add(by=by)
    assert making.stop_without_right() == 0


def test_deliveries_older_than_30_days_are_deleted(webhook: Webhook) -> None:
    make_claim()
    make_claim()
    making.make_deliveries()
    old = webhook.deliveries.order_by("pk").first()
    assert old is not None
    at = int((timezone.now() - timedelta(days=31)).timestamp() * 1000)
    rest = old.pk.int & ((1 << 80) - 1)
    Delivery.objects.filter(pk=old.pk).update(id=UUID(int=at << 80 | rest))
    assert making.prune() == 1
    assert webhook.deliveries.count() == 1
    assert making.prune() == 0


def test_intervals_that_are_made_anew_are_told(webhook: Webhook) -> None:
    claim = make_claim(state="accepted")
    derive({claim.place_id})
    making.make_deliveries()
    StatusInterval.objects.all().delete()
    assert types(webhook)[-1] == "status.removed"
