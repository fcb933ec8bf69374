"""Whose turn it is at a site: one request at a time there, and a pause after it, by all workers
together. The turn is a time in the host's row, so that of a worker which is killed ends by itself.
"""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from django.conf import settings
from django.db import transaction
from django.db.models import Exists
from django.utils import timezone

from sources.feeds import robots
from sources.fetch import FetchError
from sources.models import Host

HOLD = timedelta(seconds=60)  # longer than a page and a robots.txt take
LOOK = 0.2  # seconds between two looks whether somebody's turn has ended
SOON = timedelta(seconds=10)  # after which to try again where somebody has the turn
TROUBLE = timedelta(seconds=30)  # for which a site is left alone that does not answer
LONGEST = timedelta(days=1)  # that a site can ask for


class NotYet(Exception):
    """It is others' turn at the site: `until` is when it may be one's own."""

    def __init__(self, until: datetime) -> None:
        self.until = until
        super().__init__(f"not before {until:%H:%M:%S}")


@dataclass(frozen=True, slots=True)
class Turn:
    """At the site `host`, from `start`; held until `until` unless it is ended before."""

    host: str
    start: datetime
    until: datetime


@contextmanager
def turn(site: str, *, patience: float = 5) -> Iterator[None]:
    """For one request at the site; waits for it no more than about `patience` seconds. Raises
    NotYet."""
    end = time.monotonic() + patience
    while (mine := _taken(site, max(end - time.monotonic(), 0))) is None:
        if time.monotonic() >= end:
            raise NotYet(_later(site))
        time.sleep(LOOK)
    time.sleep(max((mine.start - timezone.now()).total_seconds(), 0))
    with ending(mine):
        yield


@transaction.atomic
def first(waiting: Exists) -> Turn | None:
    """The turn at the site that has not been asked for longest of those with something to do, as
    `waiting` says of a `Host`; None where there is none. So each has its turn in a round."""
    now = timezone.now()
    hosts = Host.objects.select_for_update(skip_locked=True).filter(waiting)
    host = hosts.filter(next_request_at__lte=now).order_by("next_request_at", "name").first()
    return _hold(host, now) if host else None


def seconds_until(waiting: Exists) -> float | None:
    """How long until `first` has one; None where nothing waits."""
    hosts = Host.objects.filter(waiting).order_by("next_request_at")
    soonest = hosts.values_list("next_request_at", flat=True).first()
    return None if soonest is None else max((soonest - timezone.now()).total_seconds(), 0)


@contextmanager
def ending(mine: Turn) -> Iterator[None]:
    """Gives the turn back at the end, with the pause that the site wants; longer where its
    answer, a passing FetchError, asks for that."""
    wait = timedelta()
    try:
        yield
    except FetchError as error:
        if error.passing:
            wait = max(asked_to_wait(error), TROUBLE)
        raise
    finally:
        _give_back(mine, wait)


def asked_to_wait(error: FetchError) -> timedelta:
    """How long the site wants to be left alone: its header's seconds, or until its date; 0 for
    none that can be read."""
    said = error.retry_after.strip()
    if said.isascii() and said.isdecimal():
        return min(timedelta(seconds=int(said[:9])), LONGEST)
    try:
        then = parsedate_to_datetime(said)
    except ValueError:
        return timedelta()
    then = then if then.tzinfo else then.replace(tzinfo=UTC)
    return min(max(then - timezone.now(), timedelta()), LONGEST)


def jittered(wait: timedelta) -> timedelta:
    """The time, a tenth more or less: what began together does not come back together."""
    return wait * random.uniform(0.9, 1.1)  # noqa: S311 - nobody's secret


@transaction.atomic
def _taken(site: str, patience: float) -> Turn | None:
    """The next turn there, if it begins within so many seconds."""
    now = timezone.now()
    Host.objects.get_or_create(name=site, defaults={"next_request_at": now})
    host = Host.objects.select_for_update().get(pk=site)
    if host.next_request_at > now + timedelta(seconds=patience):
        return None
    return _hold(host, max(host.next_request_at, now))


def _hold(host: Host, start: datetime) -> Turn:
    host.next_request_at = start + HOLD
    host.save(update_fields=["next_request_at"])
    return Turn(host.name, start, host.next_request_at)


def _give_back(mine: Turn, wait: timedelta) -> None:
    """Unless it has run out, and is somebody else's by now."""
    host = Host.objects.filter(pk=mine.host, next_request_at=mine.until).first()
    if host is not None:
        pause = timedelta(seconds=max(settings.FETCH_PAUSE, robots.delay(host)))
        Host.objects.filter(pk=mine.host, next_request_at=mine.until).update(
            next_request_at=timezone.now() + max(pause, wait)
        )


def _later(site: str) -> datetime:
    """When to try again: whoever has the turn has it no longer than he needs."""
    now = timezone.now()
    host = Host.objects.filter(pk=site).first()
    if host is not None and host.next_request_at > now + HOLD:
        return host.next_request_at
    return now + SOON
