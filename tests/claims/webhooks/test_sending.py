"""Deliveries are sent to a receiver on this machine, until it has them."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.db import connection
from django.utils import timezone

from claims import tasks
from claims.models import Delivery, Webhook
from claims.webhooks import managing, sending
from claims.webhooks.signing import signature
from sources import targets
from sources.fetch import LED_ON, TOO_SLOW, Limits, post
from tests.factories import make_user
from tests.sources.site import Site, answer, led_to

pytestmark = pytest.mark.django_db
Add = Callable[..., Webhook]
BUSY = answer(b"too\0 <b>busy</b>\n", status="503 Service Unavailable")


def waiting(webhook: Webhook, number: int | None = 1) -> Delivery:
    return Delivery.objects.create(
        webhook=webhook, change=number, body=json.dumps({"number": number})
    )


def header(asked: str, name: str) -> str:
    found = re.search(rf"^{name}: (.*?)\r$", asked, re.M)
    assert found is not None
    return found[1]


def state(delivery: Delivery) -> tuple[str, int, int | None, str]:
    delivery.refresh_from_db()
    said = delivery.error % delivery.error_values if delivery.error else ""
    return delivery.state, delivery.attempts, delivery.status, said


def later(delivery: Delivery) -> None:
    """The time of the next attempt has come."""
    Delivery.objects.filter(pk=delivery.pk).update(leased_until=None)


def wait_of(delivery: Delivery) -> float:
    delivery.refresh_from_db()
    assert delivery.leased_until is not None
    return (delivery.leased_until - timezone.now()).total_seconds()


def test_what_is_sent_is_signed(webhook: Webhook, receiver: Site) -> None:
    delivery = waiting(webhook)
    assert sending.due() == [webhook.pk]
    assert sending.send(webhook.pk) == 1
    assert state(delivery) == ("delivered", 1, 202, "")
    assert delivery.delivered_at is not None
    [asked], [body] = receiver.asked, receiver.posted
    assert body == delivery.body.encode()
    assert header(asked, "Content-Type") == "application/json"
    at = int(header(asked, "webhook-timestamp"))
    assert abs(at - timezone.now().timestamp()) < 5
    assert header(asked, "webhook-id") == str(delivery.pk)
    signed = signature(webhook.secret, str(delivery.pk), at, body)
    assert header(asked, "webhook-signature") == signed
    assert (sending.due(), sending.send(webhook.pk), len(receiver.asked)) == ([], 0, 1)


def test_what_waits_is_sent_in_the_order_of_the_feed(webhook: Webhook, receiver: Site) -> None:
    for number in (3, 1, None, 2):
        waiting(webhook, number)
    assert sending.send(webhook.pk) == 4
    assert [json.loads(body)["number"] for body in receiver.posted] == [None, 1, 2, 3]


def test_a_failure_is_tried_again_with_the_same_id(webhook: Webhook, receiver: Site) -> None:
    delivery, other = waiting(webhook, 1), waiting(webhook, 2)
    receiver.answers["/in"] = BUSY
    assert sending.send(webhook.pk) == 0
    said = "The receiver answered 503 (Service Unavailable)."
    assert state(delivery) == ("waiting", 1, 503, said)
    assert delivery.error_values["answer"] == "too <b>busy</b>"
    assert state(other)[:2] == ("waiting", 0)
    assert Webhook.objects.get().failing_since is not None
    assert 8 <= wait_of(delivery) <= 12
    receiver.answers["/in"] = answer()
    assert sending.send(webhook.pk) == 1  # the other alone
    assert Webhook.objects.get().failing_since is None
    later(delivery)
    assert sending.send(webhook.pk) == 1
    assert state(delivery) == ("delivered", 2, 200, "")
    ids = [header(asked, "webhook-id") for asked in receiver.asked]
    assert ids == [str(delivery.pk), str(other.pk), str(delivery.pk)]


def test_it_is_tried_for_about_three_days(webhook: Webhook, receiver: Site) -> None:
    delivery = waiting(webhook)
    receiver.answers["/in"] = answer(b"", status="500 Error")
    waits = []
    for _ in sending.WAITS:
        sending.send(webhook.pk)
        assert state(delivery)[0] == "waiting"
        waits.append(wait_of(delivery))
        later(delivery)
    sending.send(webhook.pk)
    assert state(delivery)[:3] == ("failed", len(sending.WAITS) + 1, 500)
    assert 2.4 < sum(waits) / 86400 < 4
    for wait, meant in zip(waits, sending.WAITS, strict=True):
        assert 0.8 * meant - 1 <= wait <= 1.2 * meant
    shares = {round(wait / meant, 3) for wait, meant in zip(waits, sending.WAITS, strict=True)}
    assert len(shares) > 5
    assert sending.due() == []


@pytest.mark.parametrize("again", ["900", "date", "999999999", "soon", "-5"])
def test_a_receiver_may_ask_for_more_time(webhook: Webhook, receiver: Site, again: str) -> None:
    if again == "date":
        again = (timezone.now() + timedelta(seconds=900)).strftime("%a, %d %b %Y %H:%M:%S GMT")
    delivery = waiting(webhook)
    receiver.answers["/in"] = answer(b"", f"Retry-After: {again}", status="429 Too Many")
    sending.send(webhook.pk)
    least, most = {"999999999": (86400, 86400 * 1.2), "soon": (8, 12), "-5": (8, 12)}.get(
        again, (890, 901)
    )
    assert least <= wait_of(delivery) <= most


def test_a_receiver_that_is_gone_is_told_nothing_more(webhook: Webhook, receiver: Site) -> None:
    delivery, other = waiting(webhook, 1), waiting(webhook, 2)
    receiver.answers["/in"] = answer(b"", status="410 Gone")
    sending.send(webhook.pk)
    assert state(delivery) == ("failed", 1, 410, "The receiver answered 410 (Gone).")
    webhook.refresh_from_db()
    assert webhook.disabled_because == "The receiver said that it is gone (410)."
    assert sending.due() == []
    assert sending.send(webhook.pk) == 0
    assert (state(other)[0], len(receiver.asked)) == ("waiting", 1)


def test_a_redirect_is_an_error(webhook: Webhook, receiver: Site) -> None:
    receiver.answers["/in"] = led_to(f"{receiver.url}/elsewhere", "308 Permanent Redirect")
    delivery = waiting(webhook)
    sending.send(webhook.pk)
    assert state(delivery) == ("waiting", 1, None, LED_ON % {"status": 308})
    assert len(receiver.asked) == 1


def test_a_huge_answer_is_not_kept(webhook: Webhook, receiver: Site) -> None:
    delivery = waiting(webhook)
    receiver.answers["/in"] = answer("б".encode() * 1_000_000, status="500 Error")
    sending.send(webhook.pk)
    delivery.refresh_from_db()
    assert delivery.error_values["answer"] == "б" * 300


def test_a_slow_receiver(webhook: Webhook, receiver: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    def impatient(*args: Any) -> Any:
        return post(*args, limits=Limits(seconds=0.2))

    monkeypatch.setattr(sending, "post", impatient)
    receiver.answers["/in"], receiver.pause = [b""] * 10, 0.05
    delivery = waiting(webhook)
    sending.send(webhook.pk)
    assert state(delivery) == ("waiting", 1, None, TOO_SLOW % {"seconds": 0.2})


def test_a_name_that_leads_into_a_private_network_since_it_was_added(
    webhook: Webhook, receiver: Site, settings: Any
) -> None:
    settings.FETCH_ALLOW_HOSTS = []
    Webhook.objects.update(url="http://127.0.0.1/in")
    delivery = waiting(webhook)
    sending.send(webhook.pk)
    assert state(delivery) == ("waiting", 1, None, targets.PRIVATE)
    assert receiver.connections == 0


def test_after_five_days_of_failing_it_is_switched_off(webhook: Webhook) -> None:
    for days, off in ((4.9, 0), (5.1, 1)):
        Webhook.objects.update(failing_since=timezone.now() - timedelta(days=days))
        assert sending.give_up_dead() == off
    webhook.refresh_from_db()
    assert webhook.disabled_because == "Nothing could be delivered for five days."


def test_an_attempt_is_counted_before_anything_is_sent(
    webhook: Webhook, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A worker that is killed while it sends: the row comes back when its lease ends."""
    delivery = waiting(webhook)

    class Killed(BaseException):
        pass

    def kill(*args: Any) -> None:
        assert state(delivery)[:2] == ("running", 1)
        raise Killed

    monkeypatch.setattr(sending, "post", kill)
    with pytest.raises(Killed):
        sending.send(webhook.pk)
    monkeypatch.undo()
    assert (sending.due(), sending.send(webhook.pk)) == ([], 0)
    later(delivery)
    assert sending.due() == [webhook.pk]
    assert sending.send(webhook.pk) == 1
    assert state(delivery)[:2] == ("delivered", 2)


def test_two_secrets_sign_while_one_takes_the_place_of_the_other(
    webhook: Webhook, receiver: Site
) -> None:
    old = webhook.secret
    new = managing.change_secret(webhook=webhook, by=webhook.owner)
    waiting(webhook, 1)
    sending.send(webhook.pk)
    Webhook.objects.update(old_secret_until=timezone.now())
    waiting(webhook, 2)
    sending.send(webhook.pk)
    for asked, body, secrets in zip(
        receiver.asked, receiver.posted, [(new, old), (new,)], strict=True
    ):
        id_, at = header(asked, "webhook-id"), int(header(asked, "webhook-timestamp"))
        signed = " ".join(signature(secret, id_, at, body) for secret in secrets)
        assert header(asked, "webhook-signature") == signed


def test_replay(webhook: Webhook, receiver: Site) -> None:
    done, failed, old = waiting(webhook, 1), waiting(webhook, 2), waiting(webhook, 3)
    by = webhook.owner
    sending.send(webhook.pk)
    rows = Delivery.objects.filter(pk__in=[failed.pk, old.pk])
    rows.update(state="failed", attempts=11, error="x", status=500)
    two_days = timezone.now() - timedelta(days=2)
    Delivery.objects.filter(pk=old.pk).update(created_at=two_days)
    today = timezone.now().date()
    assert managing.replay_failed(webhook=webhook, since=today, by=by) == 1
    managing.replay(delivery=done, by=by)
    assert sending.send(webhook.pk) == 2
    assert [state(one)[:2] for one in (done, failed)] == [("delivered", 1)] * 2
    ids = [header(asked, "webhook-id") for asked in receiver.asked]
    assert ids[3:] == [str(done.pk), str(failed.pk)]
    since = two_days.date()
    assert managing.replay_failed(webhook=webhook, since=since, by=by) == 1


def test_the_worker_makes_and_sends(
    webhook: Webhook, receiver: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    managing.send_test(webhook=webhook, by=webhook.owner)
    monkeypatch.setattr(tasks.send_deliveries, "delay", tasks.send_deliveries)
    monkeypatch.setattr(tasks.tell_webhooks, "delay", tasks.tell_webhooks)
    tasks.sweep()
    [body] = [json.loads(body) for body in receiver.posted]
    assert body | {"at": "", "id": ""} == {
        "id": "",
        "type": "webhook.test",
        "at": "",
        "number": None,
        "data": {},
    }


@pytest.fixture
def others(django_db_blocker: Any) -> Iterator[list[threading.Thread]]:
    threads: list[threading.Thread] = []
    yield threads
    for thread in threads:
        thread.join(10)


@pytest.mark.django_db(transaction=True)
def test_two_workers_send_each_once(receiver: Site, others: list[threading.Thread]) -> None:
    webhook = Webhook.objects.create(
        owner=make_user(),
        name="Copy",
        url=f"{receiver.url}/in",
        what=["claim"],
        secret="whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
    )
    deliveries = [waiting(webhook, number) for number in range(12)]
    start, done = threading.Barrier(3), []

    def work() -> None:
        start.wait(5)
        try:
            done.append(sending.send(webhook.pk))
        finally:
            connection.close()

    others += [threading.Thread(target=work) for _ in range(3)]
    for thread in others:
        thread.start()
    for thread in others:
        thread.join(20)
    assert sum(done) == len(deliveries)
    sent = sorted(header(asked, "webhook-id") for asked in receiver.asked)
    assert sent == sorted(str(delivery.pk) for delivery in deliveries)
    assert urlsplit(webhook.url).port == receiver.port
