"""Sites are asked one request at a time, by all workers together."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db.models import Exists, OuterRef
from django.test import override_settings
from django.utils import timezone

from sources.feeds import politeness
from sources.feeds.politeness import NotYet, turn
from sources.fetch import STATUS, FetchError
from sources.models import Host

pytestmark = pytest.mark.django_db
SITE = "courier.example:443"
ALL = Exists(Host.objects.filter(pk=OuterRef("pk")))


def seconds_off() -> float:
    return (Host.objects.get(pk=SITE).next_request_at - timezone.now()).total_seconds()


def test_while_one_asks_no_other_does_and_then_there_is_a_pause() -> None:
    with override_settings(FETCH_PAUSE=30):
        with turn(SITE), pytest.raises(NotYet) as busy, turn(SITE, patience=0):
            pass
        assert busy.value.until > timezone.now()
        assert 29 < seconds_off() <= 30
        with pytest.raises(NotYet), turn(SITE, patience=1):
            pass


def test_who_is_patient_waits_for_the_pause_to_end() -> None:
    with override_settings(FETCH_PAUSE=1):
        with turn(SITE):
            pass
        ended = timezone.now()
        with turn(SITE, patience=30):
            assert timezone.now() - ended > timedelta(seconds=0.8)


def test_the_turn_of_a_worker_that_was_killed_ends_by_itself() -> None:
    Host.objects.create(name=SITE, next_request_at=timezone.now())
    assert politeness.first(ALL) is not None  # and is never given back
    assert politeness.first(ALL) is None
    assert 50 < seconds_off() <= 60
    Host.objects.update(next_request_at=timezone.now())
    assert politeness.first(ALL) is not None


def test_a_turn_that_has_run_out_does_not_end_anothers() -> None:
    with turn(SITE):
        later = timezone.now() + timedelta(seconds=500)
        Host.objects.update(next_request_at=later)  # it ran out, and somebody else has it
    assert Host.objects.get().next_request_at == later


@pytest.mark.parametrize(
    ("said", "least", "most"), [("", 29, 30), ("90", 89, 90), ("9999999999", 86_000, 86_400)]
)
def test_a_site_in_trouble_is_left_alone_as_long_as_it_says(
    said: str, least: int, most: int
) -> None:
    error = FetchError(STATUS, passing=True, retry_after=said, status=503, phrase="")
    with pytest.raises(FetchError), turn(SITE):
        raise error
    assert least - 10 < seconds_off() <= most


def test_dates_say_when_to_come_again_too() -> None:
    def asked(said: str) -> timedelta:
        return politeness.asked_to_wait(FetchError("", retry_after=said))

    in_an_hour = timezone.now() + timedelta(hours=1)
    wait = asked(in_an_hour.strftime("%a, %d %b %Y %H:%M:%S GMT"))
    assert timedelta(minutes=59) < wait <= timedelta(hours=1)
    assert asked("Wed, 11 Jan 2023 18:00:00 GMT") == timedelta()
    assert asked("soon") == asked("") == asked("²") == timedelta()


def test_sites_take_turns_the_one_that_waits_longest_first() -> None:
    now = timezone.now()
    times: dict[str, datetime] = {
        f"{name}.example:443": now - timedelta(seconds=ago)
        for name, ago in (("a", 5), ("b", 9), ("c", 1))
    }
    for name, at in times.items():
        Host.objects.create(name=name, next_request_at=at)
    Host.objects.create(name="later.example:443", next_request_at=now + timedelta(seconds=90))
    turns = [politeness.first(ALL) for _ in range(4)]
    names = [one.host if one else None for one in turns]
    assert names == ["b.example:443", "a.example:443", "c.example:443", None]
