"""Webhooks as programs keep them."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from claims.access import keys
from claims.models import Delivery, Webhook
from claims.webhooks import managing
from tests.factories import make_user

pytestmark = pytest.mark.django_db
URL = "https://93.184.215.14/in"  # a number, so that no name has to be looked up
LIST = "/api/v1/webhooks/"


@pytest.fixture
def analyst() -> User:
    return make_user("analyst", role="analyst")


@pytest.fixture
def webhook(analyst: User) -> Webhook:
    return managing.add(name="Copy", url=URL, what=["claim"], query="", by=analyst)


def key(user: User, *scopes: str) -> dict[str, str]:
    _, text = keys.make(by=user, name="nightly", scopes=scopes)
    return {"Authorization": f"Bearer {text}"}


def ask(
    client: Client, method: str, url: str, headers: dict[str, str], code: int, /, **sent: Any
) -> Any:
    body = json.dumps(sent) if sent else ""
    ask = getattr(client, method)
    if method == "get":
        response = ask(url, headers=headers)
    else:
        response = ask(url, body, content_type="application/json", headers=headers)
    assert response.status_code == code, response.content
    return response.json() if response.content else None


def test_a_webhook_is_added_read_and_deleted(client: Client, analyst: User) -> None:
    own = key(analyst, "export")
    sent = {"name": "Copy", "url": URL, "what": ["status", "claim"], "query": "state=verified"}
    added = ask(client, "post", LIST, own, 201, **sent)
    row = Webhook.objects.get()
    secret = added.pop("secret")
    assert secret == row.secret
    assert added | {"created_at": ""} == {
        "id": str(row.pk),
        "name": "Copy",
        "url": URL,
        "what": ["claim", "status"],
        "query": "state=verified",
        "created_at": "",
        "change": 0,
        "failing_since": None,
        "disabled_at": None,
        "disabled_because": "",
    }
    assert ask(client, "get", LIST, own, 200)["results"] == [added]
    assert ask(client, "get", f"{LIST}{row.pk}/", own, 200) == added
    ask(client, "delete", f"{LIST}{row.pk}/", own, 204)
    ask(client, "get", f"{LIST}{row.pk}/", own, 404)


@pytest.mark.parametrize(
    ("wrong", "name"),
    [
        ({"url": "https://10.0.0.1/"}, "url"),
        ({"url": "http://93.184.215.14/in"}, "url"),
        ({"what": []}, "what"),
        ({"what": ["document"]}, "what.0"),
        ({"query": "town=Nowhere"}, "query"),
        ({"secret": "whsec_mine"}, "secret"),
    ],
)
def test_what_cannot_be_added_is_named(
    client: Client, analyst: User, wrong: dict[str, Any], name: str
) -> None:
    sent = {"name": "Copy", "url": URL, "what": ["claim"], **wrong}
    told = ask(client, "post", LIST, key(analyst, "export"), 400, **sent)
    assert [fault["name"] for fault in told["parameters"]] == [name]
    assert not Webhook.objects.exists()


def test_keys_need_the_scope_and_users_the_role(
    client: Client, analyst: User, webhook: Webhook
) -> None:
    reading = key(analyst, "read")
    for method, url in (("get", LIST), ("post", LIST), ("delete", f"{LIST}{webhook.pk}/")):
        told = ask(client, method, url, reading, 403)
        assert "export" in told["detail"]
    client.force_login(make_user("reader", role="reader"))
    ask(client, "get", LIST, {}, 403)
    assert Webhook.objects.count() == 1


def test_others_have_no_part_in_it_and_administrators_do(client: Client, webhook: Webhook) -> None:
    url = f"{LIST}{webhook.pk}/"
    other = key(make_user("other", role="editor"), "export")
    assert ask(client, "get", LIST, other, 200)["results"] == []
    for method, address in (
        ("get", url),
        ("delete", url),
        ("get", f"{url}deliveries/"),
        ("post", f"{url}replay/"),
    ):
        ask(client, method, address, other, 404)
    chief = key(make_user("chief", role="administrator"), "export")
    ask(client, "delete", url, chief, 204)


def test_deliveries_and_replay(client: Client, analyst: User, webhook: Webhook) -> None:
    own, url = key(analyst, "export"), f"{LIST}{webhook.pk}/"
    rows = [
        Delivery.objects.create(
            webhook=webhook,
            change=number,
            body="{}",
            state="failed",
            attempts=11,
            status=500,
            error="The receiver answered %(status)d (%(phrase)s).",
            error_values={"status": 500, "phrase": "Internal Server Error", "answer": "x"},
        )
        for number in range(1, 3)
    ]
    found = ask(client, "get", f"{url}deliveries/", own, 200)["results"]
    assert [row["id"] for row in found] == [str(row.pk) for row in reversed(rows)]
    assert found[0] | {"created_at": ""} == {
        "id": str(rows[1].pk),
        "change": 2,
        "state": "failed",
        "attempts": 11,
        "status": 500,
        "error": "The receiver answered 500 (Internal Server Error).",
        "body": "{}",
        "created_at": "",
        "delivered_at": None,
    }
    one = str(rows[0].pk)
    assert ask(client, "post", f"{url}replay/", own, 200, delivery=one) == {"replayed": 1}
    assert ask(client, "post", f"{url}replay/", own, 200, since="2020-01-01") == {"replayed": 1}
    assert Delivery.objects.filter(state="waiting", attempts=0).count() == 2
    ask(client, "post", f"{url}replay/", own, 404, delivery=str(webhook.pk))
    ask(client, "post", f"{url}replay/", own, 400, delivery=one, since="2020-01-01")
    managing.pause(webhook=webhook, by=analyst)
    told = ask(client, "post", f"{url}replay/", own, 400, delivery=one)
    assert "It is switched off" in told["detail"]
