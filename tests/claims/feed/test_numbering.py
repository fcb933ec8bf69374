"""Numbers are given after commit: by real connections, at the same time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connection, transaction

from claims.feed import changes_after, last_number, numbered, numbering, some_wait
from claims.models import Change, Claim
from tests.factories import make_claim

pytestmark = pytest.mark.django_db(transaction=True)
PATIENCE = 30  # seconds


def elsewhere(work: Callable[..., Any]) -> Callable[..., Any]:
    """The work by a connection of its thread's own, closed afterwards."""

    def done(*args: Any) -> Any:
        try:
            return work(*args)
        finally:
            connection.close()

    return done


def new_claim(**fields: Any) -> Claim:
    """With its passage in one transaction, as extraction writes it: one change."""
    with transaction.atomic():
        return make_claim(**fields)


def numbers() -> list[int | None]:
    return list(Change.objects.order_by("number").values_list("number", flat=True))


def test_what_is_committed_late_is_numbered_late_and_read_by_who_has_read_the_rest() -> None:
    claims = [new_claim(), new_claim()]
    read_before = numbered()
    written, may_commit = Event(), Event()

    @elsewhere
    def late() -> None:
        with transaction.atomic():
            Claim.objects.filter(pk=claims[0].pk).update(state="accepted")
            written.set()
            assert may_commit.wait(PATIENCE)

    with ThreadPoolExecutor() as pool:
        first = pool.submit(late)
        assert written.wait(PATIENCE)
        # Begun later, and committed earlier: its row has the greater id, and the lesser number.
        Claim.objects.filter(pk=claims[1].pk).update(state="rejected")
        assert numbered() == read_before + 1
        seen = changes_after(read_before, 10)
        assert [change.claim for change in seen] == [claims[1].pk]
        assert not some_wait()
        may_commit.set()
        first.result(PATIENCE)
    assert some_wait()
    assert numbered() == read_before + 2
    then = changes_after(read_before + 1, 10)
    assert [change.claim for change in then] == [claims[0].pk]
    assert then[0].id < seen[0].id
    assert then[0].at is not None
    assert seen[0].at is not None
    # Who asks for what changed since the time that he has read to misses nothing either.
    assert then[0].at >= seen[0].at


def test_twenty_at_once_give_each_change_one_number_without_a_gap(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(numbering, "BATCH", 7)  # so that each has much to do
    claims = [new_claim() for _ in range(10)]
    together = Barrier(24)

    @elsewhere
    def write(turn: int) -> None:
        together.wait(PATIENCE)
        for claim in claims[turn:] + claims[:turn]:
            Claim.objects.filter(pk=claim.pk).update(speaker=f"writer {turn}")

    @elsewhere
    def number(_: int) -> None:
        together.wait(PATIENCE)
        for _ in range(5):
            numbered()

    with ThreadPoolExecutor(24) as pool:
        writers = [pool.submit(write, turn) for turn in range(4)]
        for one in [pool.submit(number, turn) for turn in range(20)] + writers:
            one.result(PATIENCE)
    last = numbered(seconds=PATIENCE)
    assert last == 10 + 4 * 10  # each claim as it came in, and 40 updates
    assert numbers() == list(range(1, last + 1))
    times = list(Change.objects.order_by("number").values_list("at", flat=True))
    assert times == sorted(times, key=lambda at: at.timestamp() if at else 0)


def test_changes_of_one_claim_stay_in_their_order() -> None:
    claims = [new_claim(speaker="0") for _ in range(3)]
    numbered()

    @elsewhere
    def write(turn: int) -> None:
        for number in range(10):
            with transaction.atomic():
                for claim in claims:
                    Claim.objects.filter(pk=claim.pk).update(speaker=f"{turn}.{number}")
        numbered()

    with ThreadPoolExecutor(5) as pool:
        for one in [pool.submit(write, turn) for turn in range(5)]:
            one.result(PATIENCE)
    numbered(seconds=PATIENCE)
    by_claim: dict[Any, list[int]] = defaultdict(list)
    for change in changes_after(3, 1000):
        by_claim[change.claim].append(change.event or 0)
    assert {claim.pk for claim in claims} == by_claim.keys()
    for claim in claims:
        history: Any = claim.events  # type: ignore[attr-defined]  # by pghistory's decorator
        versions = history.order_by("version").values_list("pgh_id", flat=True)
        assert by_claim[claim.pk] == list(versions)[1:]
        assert len(by_claim[claim.pk]) == 50


def test_what_is_rolled_back_is_in_no_feed() -> None:
    claim = new_claim()
    last = numbered()
    with transaction.atomic():
        Claim.objects.filter(pk=claim.pk).update(state="accepted")
        transaction.set_rollback(True)
    with transaction.atomic():
        Claim.objects.filter(pk=claim.pk).update(speaker="A spokesman")
    assert numbered() == last + 1
    assert numbers() == list(range(1, last + 2))


def test_a_lock_that_stays_busy_leaves_what_waits_to_the_next(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(numbering, "PATIENCE", 0.1)
    claim = new_claim()
    last = numbered()
    held, may_go = Event(), Event()

    @elsewhere
    def hold() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [numbering.LOCK])
            held.set()
            assert may_go.wait(PATIENCE)

    with ThreadPoolExecutor() as pool:
        holder = pool.submit(hold)
        assert held.wait(PATIENCE)
        Claim.objects.filter(pk=claim.pk).update(state="accepted")
        assert numbered() == last
        may_go.set()
        holder.result(PATIENCE)
    assert numbered() == last + 1


def test_much_that_waits_is_numbered_in_batches_of_a_bounded_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(numbering, "BATCH", 2)
    for _ in range(5):
        new_claim()
    assert numbered(seconds=0) == 2
    assert numbered(seconds=PATIENCE) == 5
    assert numbers() == [1, 2, 3, 4, 5]


def test_a_clock_that_is_set_back_lets_no_time_decrease() -> None:
    new_claim()
    numbered()
    Change.objects.update(at="2999-12-31T00:00:00Z")
    new_claim()
    numbered()
    first, then = Change.objects.order_by("number")
    assert first.at == then.at
    assert last_number() == 2


def test_nobody_numbers_within_a_transaction_or_one_that_sees_no_new_commits() -> None:
    new_claim()
    with transaction.atomic(), pytest.raises(RuntimeError, match="durable"):
        numbered()
    with connection.cursor() as cursor:
        cursor.execute("SET default_transaction_isolation = 'repeatable read'")
    with pytest.raises(ImproperlyConfigured, match="repeatable read"):
        numbered()
    with connection.cursor() as cursor:
        cursor.execute("RESET default_transaction_isolation")
    assert numbered() == 1
