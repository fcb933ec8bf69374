"""Deliveries are sent: a `Delivery` row is the job, and a message only wakes it.

A worker takes a row by a conditional UPDATE, which counts the attempt before anything is sent; a
count other than 1 means that another has it. A killed worker's row comes back when its lease ends:
so a receiver may be told twice, with the same id, and is never left out.

What waits is sent in the order of the feed, until the first that fails: that one is tried again
later, and the others do not wait for it. So after a failure the order is not that of the feed;
the number in each says what it is.
"""

from __future__ import annotations

import logging
import random
import unicodedata
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from time import monotonic
from typing import Any
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_noop

from claims.models import Delivery, Webhook
from claims.webhooks.making import disable
from claims.webhooks.signing import headers
from sources.fetch import FetchError, post

logger = logging.getLogger(__name__)

State = Delivery.State
LEASE = timedelta(seconds=60)  # longer than the fetcher waits
HOUR = 3600
# Seconds after each failed attempt until the next: about three days in all.
WAITS = (10, 60, 300, 1800, 2 * HOUR, 5 * HOUR, 10 * HOUR, 14 * HOUR, 20 * HOUR, 24 * HOUR)
SPREAD = 0.2  # by which a wait is longer or shorter: not all come back at once
DEAD_AFTER = timedelta(days=5)
SHOWN = 300  # characters of an answer that are kept

ANSWERED = gettext_noop("The receiver answered %(status)d (%(phrase)s).")
CUT_OFF = gettext_noop("The worker that sent it was cut off.")
GONE = gettext_noop("The receiver said that it is gone (410).")
DEAD = gettext_noop("Nothing could be delivered for five days.")


def due() -> list[UUID]:
    """Ids of the webhooks to which something is to be sent now, and nobody is sending."""
    now = timezone.now()
    of_it = Delivery.objects.filter(webhook=OuterRef("pk"))
    busy = of_it.filter(state=State.RUNNING, leased_until__gt=now)
    on = Webhook.objects.filter(Exists(of_it.filter(_takeable(now))), disabled_at=None)
    return list(on.exclude(Exists(busy)).order_by("pk").values_list("pk", flat=True))


def give_up_dead() -> int:
    """Switch off those to which nothing could be delivered for five days. Returns how many."""
    dead = Webhook.objects.filter(
        disabled_at=None, failing_since__lte=timezone.now() - DEAD_AFTER
    ).values_list("pk", flat=True)
    return disable(list(dead), DEAD)


def send(webhook_id: UUID, *, seconds: float = 40) -> int:
    """Send what waits for one webhook, until one fails or the time is over: no receiver keeps a
    worker for long. Returns how many were delivered."""
    end = monotonic() + seconds
    done = 0
    while monotonic() < end:
        webhook = Webhook.objects.filter(pk=webhook_id, disabled_at=None).first()
        if webhook is None:
            break
        id_ = _next(webhook)
        if id_ is None:
            break
        delivery = take(id_)
        if delivery is None:
            continue
        if not _send(webhook, delivery):
            break
        done += 1
    return done


def take(id_: UUID) -> Delivery | None:
    """The delivery, leased to the caller, its attempt counted; None where another has it or it is
    done."""
    now = timezone.now()
    taken = Delivery.objects.filter(_takeable(now), pk=id_).update(
        state=State.RUNNING, attempts=F("attempts") + 1, leased_until=now + LEASE
    )
    return Delivery.objects.get(pk=id_) if taken == 1 else None


def _takeable(now: datetime) -> Q:
    free = Q(leased_until__isnull=True) | Q(leased_until__lte=now)
    return Q(state__in=Delivery.OPEN) & free


def _next(webhook: Webhook) -> UUID | None:
    waiting = Delivery.objects.filter(_takeable(timezone.now()), webhook=webhook)
    in_order = waiting.order_by(F("change").asc(nulls_first=True), "id")
    return in_order.values_list("pk", flat=True).first()


def _send(webhook: Webhook, delivery: Delivery) -> bool:
    """Whether it was delivered. What happened is on the row."""
    if delivery.attempts > len(WAITS) + 1:
        _failed(webhook, delivery, error=CUT_OFF)
        return False
    now = timezone.now()
    body = delivery.body.encode()
    signed = headers(_secrets(webhook, now), str(delivery.pk), int(now.timestamp()), body)
    try:
        answer = post(webhook.url, body, {"Content-Type": "application/json", **signed})
    except FetchError as error:
        _failed(webhook, delivery, error=error.said, error_values=error.values)
        return False
    if 200 <= answer.status < 300:
        _delivered(webhook, delivery, answer.status)
        return True
    phrase = HTTPStatus(answer.status).phrase if answer.status in set(HTTPStatus) else "?"
    told = {"status": answer.status, "phrase": phrase, "answer": _shown(answer.beginning)}
    gone = answer.status == HTTPStatus.GONE
    _failed(
        webhook,
        delivery,
        at_least=_asked_to_wait(answer.retry_after, now),
        for_good=gone,
        status=answer.status,
        error=ANSWERED,
        error_values=told,
    )
    if gone:
        disable([webhook.pk], GONE)
    return False


def _secrets(webhook: Webhook, now: datetime) -> list[str]:
    until = webhook.old_secret_until
    return [webhook.secret, webhook.old_secret] if until and until > now else [webhook.secret]


def _ours(delivery: Delivery) -> QuerySet[Delivery]:
    """The row, if nobody else has taken it since."""
    return Delivery.objects.filter(pk=delivery.pk, state=State.RUNNING, attempts=delivery.attempts)


def _delivered(webhook: Webhook, delivery: Delivery, status: int) -> None:
    _ours(delivery).update(
        state=State.DELIVERED,
        delivered_at=timezone.now(),
        leased_until=None,
        status=status,
        error="",
        error_values={},
    )
    Webhook.objects.filter(pk=webhook.pk, failing_since__isnull=False).update(failing_since=None)


def _failed(
    webhook: Webhook,
    delivery: Delivery,
    *,
    at_least: float = 0,
    for_good: bool = False,
    status: int | None = None,
    error: str,
    error_values: dict[str, Any] | None = None,
) -> None:
    """Put it back, or, after the last attempt, say that it failed. `at_least`: seconds that the
    receiver asked for."""
    now = timezone.now()
    nth = delivery.attempts - 1
    said = {"status": status, "error": error, "error_values": error_values or {}}
    if for_good or nth >= len(WAITS):
        _ours(delivery).update(state=State.FAILED, leased_until=None, **said)
    else:
        wait = max(WAITS[nth] * random.uniform(1 - SPREAD, 1 + SPREAD), at_least)  # noqa: S311
        again = now + timedelta(seconds=min(wait, WAITS[-1] * (1 + SPREAD)))
        _ours(delivery).update(state=State.WAITING, leased_until=again, **said)
    since = Coalesce(F("failing_since"), now)
    Webhook.objects.filter(pk=webhook.pk).update(failing_since=since)
    logger.warning("Delivery %s of webhook %s failed: %s", delivery.pk, webhook.pk, error)


def _asked_to_wait(again: str, now: datetime) -> float:
    """Seconds, of a Retry-After header; 0 for none that can be read."""
    if again.isascii() and again.isdigit() and len(again) < 10:
        return int(again)
    try:
        at = parsedate_to_datetime(again)
    except (TypeError, ValueError):
        return 0
    return (at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp() - now.timestamp()


def _shown(answer: bytes) -> str:
    """How an answer begins, in one line that can be kept and shown."""
    text = answer.decode("utf-8", "replace")
    plain = "".join(" " if unicodedata.category(char)[0] in "CZ" else char for char in text)
    return " ".join(plain.split())[:SHOWN]
