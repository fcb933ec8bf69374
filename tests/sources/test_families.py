"""Families of texts that repeat an earlier one, word for word or nearly."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from benchmarks.texts import TOWNS, article
from sources import families
from sources.ingest import ingest
from sources.models import Document, TextSample
from tests.factories import make_raw

pytestmark = pytest.mark.django_db
NOON = datetime(2023, 1, 11, 12, tzinfo=UTC)
WIRE = article(random.Random(1), (TOWNS[0], TOWNS[1])).text()
OTHER = article(random.Random(2), (TOWNS[2], TOWNS[3])).text()
CUT = WIRE.rpartition("\n\n")[0]
HEADED = f"Another headline altogether\n\n{WIRE.partition(chr(10))[2].strip()}"
UPDATED = f"{WIRE}\n\nThe ministry said late in the evening that its troops had left the town."


def take(text: str, hours: int = 0, publisher: str = "", **fields: Any) -> Document:
    """The document, published so many hours after noon, by a publisher of its own."""
    published = NOON + timedelta(hours=hours)
    publisher = publisher or f"Example {hours} {len(text)}"
    return ingest(make_raw(text, published=published, publisher=publisher, **fields)).document


def family_of(document: Document) -> tuple[Any, Any]:
    row = Document.objects.get(pk=document.pk)
    return row.family_id, row.exact_family_id


@pytest.mark.parametrize("text", [CUT, HEADED], ids=["cut", "other headline"])
def test_a_later_copy_is_in_the_family_of_the_text_that_it_repeats(text: str) -> None:
    wire, copy = take(WIRE), take(text, 1)
    assert copy.family_id == wire.family_id
    assert copy.exact_family_id not in (None, wire.family_id)
    assert copy.own_family_id == copy.exact_family_id
    assert family_of(wire) == (wire.own_family_id, None)


@pytest.mark.parametrize("text", [OTHER, UPDATED], ids=["other text", "update"])
def test_what_says_something_new_is_a_family_of_its_own(text: str) -> None:
    wire, other = take(WIRE), take(text, 1)
    assert other.family_id != wire.family_id
    assert other.exact_family_id is None


def test_the_whole_text_after_a_cut_one_is_not_swallowed() -> None:
    cut, whole = take(CUT), take(WIRE, 1)
    assert whole.family_id != cut.family_id


def test_what_was_published_first_is_the_head_whatever_came_in_first() -> None:
    cut, headed = take(CUT, 2), take(HEADED, 1)
    wire = take(WIRE, 0)
    assert family_of(wire) == (wire.own_family_id, None)
    assert family_of(cut) == (wire.own_family_id, cut.own_family_id)
    assert family_of(headed) == (wire.own_family_id, headed.own_family_id)


def test_a_copy_of_a_copy_is_in_the_family_only_if_it_repeats_the_head() -> None:
    """An update's copy is in the update's family, and what both repeat in the first one's."""
    wire, update = take(WIRE), take(UPDATED, 1)
    copy = take(f"Another headline altogether\n\n{UPDATED.partition(chr(10))[2].strip()}", 2)
    assert copy.family_id == update.family_id != wire.family_id
    assert take(CUT, 3).family_id == wire.family_id


def test_the_same_text_of_a_third_publisher_is_in_the_family_too() -> None:
    wire = take(WIRE)
    first, second = take(CUT, 1, "Example Courier"), take(CUT, 2, "Example Herald")
    assert family_of(first) == family_of(second) == (wire.family_id, first.own_family_id)
    again = ingest(make_raw(CUT, publisher="Example Herald"))
    assert (again.document, again.created) == (second, False)


def test_an_earlier_print_of_a_copy_turns_the_family_round() -> None:
    """Another headline's text turns out to have been printed before the wire's."""
    wire, headed = take(WIRE), take(HEADED, 1)
    before = take(HEADED, -1)
    assert before.own_family_id == headed.own_family_id
    assert family_of(before) == family_of(headed) == (headed.own_family_id, None)
    assert family_of(wire) == (headed.own_family_id, wire.own_family_id)


def test_one_publishers_own_copies_are_kept_as_documents_of_one_family() -> None:
    wire, copy = take(WIRE, 0, "Example Courier"), take(HEADED, 1, "Example Courier")
    assert wire != copy
    assert wire.family_id == copy.family_id


def test_short_texts_are_copies_only_word_for_word() -> None:
    first, other = take("Soledar has fallen."), take("Soledar has not fallen.", 1)
    assert first.family_id != other.family_id
    assert not TextSample.objects.exists()


@pytest.mark.parametrize("others", [1, 30])
def test_finding_a_family_takes_the_same_queries_among_many(
    django_assert_num_queries: DjangoAssertNumQueries, others: int
) -> None:
    take(WIRE)
    for number in range(others):
        take(article(random.Random(number), (TOWNS[4], TOWNS[5])).text(), number)
    with django_assert_num_queries(24):
        copy = take(CUT, 1)
    assert copy.exact_family_id is not None


def test_only_the_latest_texts_with_a_shingle_are_looked_at(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What stands in thousands of texts costs no more than what stands in a few."""
    monkeypatch.setattr(families, "LATEST", 2)
    for number in range(4):
        take(f"{WIRE}\n\nUpdate {number}: the ministry told of {number} new attacks there.", number)
    compared: list[str] = []
    monkeypatch.setattr(families, "is_copy", lambda mine, other: compared.append(other.text))
    take(CUT, 9)
    assert len(compared) == 2
