"""The pages of webhooks: what owners see and do."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from claims.models import Delivery, Webhook
from claims.webhooks import making, sending
from tests.factories import make_claim, make_place, make_user
from tests.sources.site import Site, answer

pytestmark = pytest.mark.django_db
PAGE = "/account/webhooks/"
SECRET = re.compile(r'value="(whsec_[A-Za-z0-9+/=]+)"')
Add = Callable[..., Webhook]


@pytest.fixture
def analyst(client: Client) -> User:
    user = make_user("analyst", role="analyst", is_staff=False)
    client.force_login(user)
    return user


def page(client: Client, address: str = PAGE, code: int = 200) -> str:
    response = client.get(address)
    assert response.status_code == code
    return response.content.decode()


def post(client: Client, address: str = PAGE, code: int = 200, **data: Any) -> str:
    response = client.post(address, data, follow=True)
    assert response.status_code == code
    return response.content.decode()


def address(webhook: Webhook) -> str:
    return f"{PAGE}{webhook.pk}/"


@pytest.mark.usefixtures("analyst")
def test_a_webhook_is_added_and_its_secret_shown_once(client: Client, receiver: Site) -> None:
    assert "No webhook yet" in page(client)
    town = make_place("Soledar")
    sent = {"name": "<b>Copy", "url": f"{receiver.url}/in", "what": ["claim"]}
    response = client.post(PAGE, {**sent, "query": "?town=Soledar&state=verified"})
    webhook = Webhook.objects.get()
    assert SECRET.findall(response.content.decode()) == [webhook.secret]
    assert response["Cache-Control"] == "max-age=0, no-cache, no-store, must-revalidate, private"
    assert (webhook.what, webhook.query) == (["claim"], f"town={town.pk}&state=verified")
    listed = page(client)
    assert "whsec_" not in listed
    assert "&lt;b&gt;Copy" in listed
    assert "<code>town</code> Soledar" in listed
    assert "whsec_" not in page(client, address(webhook))


@pytest.mark.usefixtures("analyst")
@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"url": "http://127.0.0.1/"}, "leads into a private or special network"),
        ({"url": "https://10.0.0.1/"}, "leads into a private or special network"),
        ({"url": "http://93.184.215.14/"}, "must begin with https://"),
        ({"url": "ftp://courier.example/"}, "This is no web address"),
        ({"url": ""}, "Say where to send what changes."),
        ({"name": " "}, "Name the program that is told."),
        ({"what": []}, "Choose what it is told of."),
        ({"what": ["all"]}, "Select a valid choice."),
        ({"query": "town=Nowhere"}, "No place is called “Nowhere”."),
        ({"query": "colour=red"}, "There is no such filter here"),
    ],
)
def test_what_cannot_be_added_is_said_and_kept(
    client: Client, receiver: Site, wrong: dict[str, Any], said: str
) -> None:
    sent = {"name": "Copy", "url": f"{receiver.url}/in", "what": ["claim"], "query": "side=a"}
    kept: dict[str, Any] = {**sent, **wrong}
    shown = post(client, code=422, **kept)
    assert said in shown
    assert all(f'value="{kept[name]}"' in shown for name in ("url", "query") if kept[name])
    assert not Webhook.objects.exists()
    assert receiver.connections == 0


@pytest.mark.usefixtures("analyst")
def test_nobody_has_more_than_twenty(client: Client, add: Add, receiver: Site) -> None:
    for _ in range(20):
        add()
    sent: dict[str, Any] = {"name": "Copy", "url": f"{receiver.url}/in", "what": ["claim"]}
    assert "which is as many as there may be" in post(client, code=422, **sent)
    assert Webhook.objects.count() == 20


@pytest.mark.usefixtures("analyst")
def test_deliveries_are_shown_with_what_became_of_them(
    client: Client, webhook: Webhook, receiver: Site
) -> None:
    assert "Nothing has changed yet" in page(client, address(webhook))
    assert "A test is sent" in post(client, address(webhook), do="test")
    sending.send(webhook.pk)
    make_claim()
    making.make_deliveries()
    receiver.answers["/in"] = answer(b"<script>no</script>", status="500 Error")
    sending.send(webhook.pk)
    shown = page(client, address(webhook))
    assert "<code>webhook.test</code>" in shown
    assert "<code>claim.extracted</code>" in shown
    assert "The receiver answered 500 (Internal Server Error)." in shown
    assert "&lt;script&gt;no&lt;/script&gt;" in shown
    assert "next attempt:" in shown
    assert "Nothing could be delivered since" in shown
    listed = page(client)
    assert "1 waits" in listed
    assert "failing" in listed
    assert "claim.extracted" not in page(client, f"{address(webhook)}?state=delivered")
    assert "None." in page(client, f"{address(webhook)}?state=failed")


@pytest.mark.usefixtures("analyst")
def test_one_or_all_that_failed_are_sent_once_more(client: Client, webhook: Webhook) -> None:
    rows = [
        Delivery.objects.create(
            webhook=webhook, change=n, body='{"type":"claim.gone"}', state="failed", attempts=11
        )
        for n in range(3)
    ]
    said = post(client, f"{PAGE}deliveries/{rows[0].pk}/again/")
    assert "It is sent once more" in said
    today = timezone.localdate().isoformat()
    said = post(client, address(webhook), do="replay-failed", since=today)
    assert "2 failed deliveries are sent once more." in said
    waiting = Delivery.objects.filter(state="waiting", attempts=0, leased_until=None)
    assert waiting.count() == 3
    assert "Give a day" in post(client, address(webhook), do="replay-failed", since="x")


@pytest.mark.usefixtures("analyst")
def test_paused_and_resumed(client: Client, webhook: Webhook) -> None:
    shown = post(client, address(webhook), do="pause")
    assert "Somebody has paused it." in shown
    assert "It is switched off: resume it first." in post(client, address(webhook), do="test")
    make_claim()
    assert making.make_deliveries() == 0
    post(client, address(webhook), do="resume")
    assert making.make_deliveries() == 1
    post(client, address(webhook), do="pause")
    make_claim()
    from_now = post(client, address(webhook), do="resume-from-now")
    assert "it is told what changes from now on" in from_now
    assert making.make_deliveries() == 0
    assert list(webhook.deliveries.values_list("state", flat=True)) == ["failed"]


@pytest.mark.usefixtures("analyst")
def test_a_new_secret_is_shown_once(client: Client, webhook: Webhook) -> None:
    old = webhook.secret
    [shown] = SECRET.findall(post(client, address(webhook), do="secret"))
    webhook.refresh_from_db()
    assert (webhook.secret, webhook.old_secret) == (shown, old)
    assert shown != old
    assert not SECRET.findall(page(client, address(webhook)))


@pytest.mark.usefixtures("analyst")
def test_deleted_with_its_deliveries(client: Client, webhook: Webhook) -> None:
    Delivery.objects.create(webhook=webhook, change=1, body="{}")
    assert "Deleted: Copy" in post(client, address(webhook), do="delete")
    assert not Webhook.objects.exists()
    assert page(client, address(webhook), 404)


@pytest.mark.usefixtures("analyst")
def test_nothing_unknown_is_done(client: Client, webhook: Webhook) -> None:
    post(client, address(webhook), 404, do="explode")


def test_others_see_nothing_of_it_and_administrators_all(client: Client, webhook: Webhook) -> None:
    delivery = Delivery.objects.create(webhook=webhook, change=1, body='{"type":"claim.gone"}')
    client.force_login(make_user("other", role="editor"))
    assert "Copy" not in page(client)
    assert page(client, address(webhook), 404)
    post(client, address(webhook), 404, do="delete")
    post(client, f"{PAGE}deliveries/{delivery.pk}/again/", 404)
    client.force_login(make_user("chief", role="administrator"))
    assert '<span class="tag">analyst</span>' in page(client)
    assert "Somebody has paused it." in post(client, address(webhook), do="pause")


@pytest.mark.usefixtures("analyst")
def test_many_take_as_many_queries_as_one(
    client: Client, add: Add, django_assert_num_queries: Any
) -> None:
    make_place("Soledar")
    add("town=Soledar")
    page(client)
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as one:
        page(client)
    for _ in range(9):
        add("town=Soledar")
    with django_assert_num_queries(len(one)):
        page(client)
