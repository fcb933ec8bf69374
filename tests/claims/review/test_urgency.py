"""Which of the claims that wait matter for a status, and which are contradicted: told with the
town's statuses, without waiting for anybody."""

from __future__ import annotations

import threading
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from django.db import connection, transaction

from claims.derive import derive, derive_due
from claims.models import Claim, DueTown, QueuedClaim
from claims.review.decisions import decide
from claims.review.policies import move
from claims.review.queue import take
from tests.factories import make_claim, make_document, make_user

pytestmark = pytest.mark.django_db
ARMY = "Armed Forces of Ukraine"


def january(day: int) -> date:
    return date(2023, 1, day)


def told(*claims: Claim) -> list[tuple[bool, bool]]:
    """Of each, whether it decides a status and whether it is disputed."""
    rows = QueuedClaim.objects.in_bulk([claim.pk for claim in claims])
    return [(rows[claim.pk].decides, rows[claim.pk].disputed) for claim in claims]


def test_a_first_word_decides_the_status(django_assert_num_queries: Any) -> None:
    claim = make_claim(asserted_on=january(10))
    assert told(claim) == [(False, False)]  # until the town is derived
    derive_due()
    assert told(claim) == [(True, False)]


def test_what_verified_claims_already_say_decides_nothing() -> None:
    make_claim(asserted_on=january(10), state="accepted")
    again = make_claim(asserted_on=january(12))
    earlier = make_claim(asserted_on=january(8))
    derive_due()
    assert told(again, earlier) == [(False, False), (True, False)]


def test_an_answer_decides_and_both_are_disputed() -> None:
    captured = make_claim(asserted_on=january(10))
    carried = make_claim(asserted_on=january(10))
    other = make_claim(place="Bakhmut", asserted_on=january(10))
    denied = make_claim("captured", stance="denies", claimant=ARMY, subject="Wagner Group")
    derive_due()
    assert told(denied) == [(True, True)]
    assert told(captured, carried) == [(True, True), (True, True)]
    assert told(other) == [(True, False)]


def test_what_is_rejected_contradicts_nobody_any_more() -> None:
    captured = make_claim(asserted_on=january(10))
    denied = make_claim("captured", stance="denies", claimant=ARMY, subject="Wagner Group")
    derive_due()
    assert told(captured) == [(True, True)]
    decide(claim=denied, kind="reject", by=make_user(), because="not-said")
    derive_due()
    assert told(captured) == [(True, False)]


def test_a_decided_claim_by_which_a_status_stands_is_read_again_before_others() -> None:
    decisive = make_claim(asserted_on=january(10), state="accepted")
    repeated = make_claim(asserted_on=january(12), state="accepted")
    for claim in (decisive, repeated):
        move(claim, "second")
    derive({decisive.place_id})
    assert told(decisive, repeated) == [(True, False), (False, False)]


def test_only_rows_that_differ_are_written(django_assert_num_queries: Any) -> None:
    towns = {make_claim(place=name).place_id for name in ("Soledar", "Bakhmut", "Oneville")}
    derive(towns)
    for town in towns:
        make_claim(place=Claim.objects.filter(place=town)[0].place, asserted_on=january(20))
    derive(towns)
    with django_assert_num_queries(11):
        derive(towns)
    QueuedClaim.objects.update(disputed=True)
    with django_assert_num_queries(13):
        derive(towns)
    assert not QueuedClaim.objects.filter(disputed=True).exists()


@pytest.mark.django_db(transaction=True)
def test_a_claim_in_somebodys_hands_is_not_waited_for_but_told_the_next_time() -> None:
    document = make_document()
    claims = [make_claim(document=document, asserted_on=january(10))]
    claims.append(make_claim(document=document, place="Bakhmut", asserted_on=january(10)))
    editor = make_user()
    held: list[UUID] = []
    taken, derived = threading.Event(), threading.Event()

    def hold() -> None:
        with transaction.atomic():
            row = take(by=editor, asked={})
            assert row is not None
            held.append(row.pk)
            taken.set()
            assert derived.wait(60)
        connection.close()

    reader = threading.Thread(target=hold)
    reader.start()
    assert taken.wait(60)
    assert derive_due() == 2  # once each, however long the claim is held
    derived.set()
    reader.join()
    (mine,) = (claim for claim in claims if claim.pk in held)
    (free,) = (claim for claim in claims if claim.pk not in held)
    assert told(mine, free) == [(False, False), (True, False)]
    assert list(DueTown.objects.values_list("place", flat=True)) == [mine.place_id]
    assert derive_due() == 1
    assert told(mine) == [(True, False)]
    assert not DueTown.objects.exists()
