"""Deliveries are made of the feed, in its order: each change once for each webhook that wants it.

A webhook keeps the number of the last change that was looked at for it. It is moved on in the
transaction that writes the deliveries, so that a worker that is killed leaves nothing out and
makes nothing twice.
"""

from __future__ import annotations

from datetime import timedelta
from time import monotonic
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_noop

from claims.access.roles import ACTIONS, ORDER
from claims.feed import changes_after, numbered
from claims.models import Delivery, Membership, Webhook
from claims.webhooks.events import body, events

BATCH = 500  # changes that are looked at at once
KEPT = timedelta(days=30)  # deliveries
PRUNED = 5000  # deliveries that one sweep deletes at the most
NO_RIGHT = gettext_noop("Its owner may not export any more.")


def some_are_on() -> bool:
    return Webhook.objects.filter(disabled_at=None).exists()


def make_deliveries(*, seconds: float = 10) -> int:
    """Make those of all changes that are committed, or as many as the time allows. Returns how
    many. Not to be called in a transaction, as `claims.feed.numbered` is not."""
    end = monotonic() + seconds
    last = numbered()
    stop_without_right()
    made = 0
    while (batch := _make_batch(last)) is not None:
        made += batch
        if monotonic() > end:
            break
    return made


@transaction.atomic
def _make_batch(last: int) -> int | None:
    """Returns how many were made; None where nobody waits to be told of more, or somebody else
    sees to it. The same number of queries for however many webhooks."""
    webhooks = list(
        Webhook.objects.select_for_update(skip_locked=True)
        .filter(disabled_at=None, change__lt=last)
        .order_by("id")
    )
    if not webhooks:
        return None
    changes = changes_after(min(webhook.change for webhook in webhooks), BATCH)
    if not changes:
        return None
    deliveries = []
    for event in events(changes):
        for webhook in webhooks:
            if event.wanted_by(webhook):
                made = Delivery(webhook=webhook, change=event.number)
                made.body = body(made.pk, event)
                deliveries.append(made)
    Delivery.objects.bulk_create(deliveries, ignore_conflicts=True, batch_size=1000)
    end = changes[-1].number
    behind = Webhook.objects.filter(pk__in=[webhook.pk for webhook in webhooks], change__lt=end)
    behind.update(change=end)
    return len(deliveries)


def stop_without_right() -> int:
    """Switch off the webhooks of those who may not export any more. Returns how many."""
    able = ORDER[ORDER.index(ACTIONS["export"]) :]
    roles = Membership.objects.filter(user=OuterRef("owner"), role__in=able)
    with_right = Q(owner__is_active=True) & (Q(owner__is_superuser=True) | Exists(roles))
    gone = Webhook.objects.filter(disabled_at=None).exclude(with_right)
    ids: list[UUID] = list(gone.values_list("pk", flat=True))
    return disable(ids, NO_RIGHT)


def disable(ids: list[UUID], because: str) -> int:
    """Switch webhooks off. `because`: a sentence that the catalogue of translations has."""
    on = Webhook.objects.filter(pk__in=ids, disabled_at=None)
    return on.update(disabled_at=timezone.now(), disabled_because=because)


def prune() -> int:
    """Delete deliveries that are older than 30 days. Returns how many."""
    # Ids begin with the time of making, in milliseconds: the oldest are the first of the key.
    oldest = int((timezone.now() - KEPT).timestamp() * 1000) << 80
    old = Delivery.objects.filter(pk__lt=UUID(int=oldest)).order_by("pk")
    ids = list(old.values_list("pk", flat=True)[:PRUNED])
    return Delivery.objects.filter(pk__in=ids).delete()[0] if ids else 0
