"""Whom and what a typed name may mean, in any spelling."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from pytest_django import DjangoAssertNumQueries

from claims.names.known import actors, begin_with, meant, places
from entities.folding import fold
from entities.models import ActorName, PlaceName
from tests.factories import make_actor, make_conflict, make_place

pytestmark = pytest.mark.django_db


def test_places_by_the_beginning_of_any_of_their_names() -> None:
    conflict = make_conflict()
    bakhmut = make_place("Bakhmut")
    make_place("Soledar")
    for typed in ("bak", "БАХ", "Artem", "Bakhmut"):
        (found,) = places(typed, conflict=conflict.pk)
        assert found.row == bakhmut
    assert places("akhmut", conflict=conflict.pk) == []
    assert [one.spelling for one in places("Артем", conflict=conflict.pk)] == ["Artemivsk"]


def test_the_conflicts_own_come_first_then_whole_names_then_the_largest() -> None:
    conflict = make_conflict()
    sudan = make_conflict("sudan", "War in Sudan", sides=[])
    far = make_place("Krasne", key="far", conflict=sudan, population=900_000)
    longer = make_place("Krasnehora", population=50_000)
    small = make_place("Krasne", key="small", population=100)
    large = make_place("Krasne", key="large", population=500)
    found = [one.row for one in places("krasne", conflict=conflict.pk)]
    assert found == [large, small, longer, far]
    assert places("krasne", conflict=sudan.pk)[0].row == far
    assert [one.row for one in meant("place", "krasne", conflict=conflict.pk)] == [large, small]
    assert [one.row for one in meant("place", "krasne", conflict=None)] == [far, large, small]


def test_actors_by_any_word_of_their_names() -> None:
    conflict = make_conflict()
    ministry = make_actor("Russian Ministry of Defence")
    britain = make_actor("Ministry of Defence of the United Kingdom", kind="ministry")
    for typed in ("defen", "ministry of def"):
        found = begin_with("actor", typed, conflict=conflict.pk)
        assert [one.row for one in found] == [ministry, britain]
    assert [one.side for one in actors("defence", conflict=conflict.pk)] == ["Russia", ""]
    assert [one.row for one in actors("defence", conflict=None)] == [britain, ministry]
    assert actors("efence", conflict=conflict.pk) == []
    assert actors("defen", conflict=conflict.pk, whole=True) == []


def test_whoever_is_spoken_of_by_a_citys_name() -> None:
    ukraine = make_actor("Ukraine")
    ActorName.objects.create(actor=ukraine, name="Kyiv", folded="kyiv", kind="metonym")
    (found,) = meant("actor", "KYIV", conflict=make_conflict().pk)
    assert (found.row, found.spelling, found.side) == (ukraine, "Kyiv", "Ukraine")


@pytest.mark.parametrize("typed", ["", " ", "’", "%", "_"])
def test_no_letters_find_nothing(typed: str) -> None:
    make_place("Soledar")
    make_actor("Ukraine")
    assert begin_with("place", typed, conflict=None) == []
    assert begin_with("actor", typed, conflict=None) == []


def test_at_most_eight_in_two_queries(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    conflict = make_conflict()
    for number in range(12):
        make_place(f"Krasne {number}", names=[f"Krasnoe {number}"])
        make_actor(f"Krasne Brigade {number}")
    with django_assert_num_queries(2):
        assert len(places("kras", conflict=conflict.pk)) == 8
    with django_assert_num_queries(2):
        assert len(actors("bri", conflict=conflict.pk)) == 8


@pytest.mark.parametrize("model", [PlaceName, ActorName])
def test_an_index_serves_the_beginning_of_a_name(model: type[PlaceName | ActorName]) -> None:
    names = model.objects.filter(folded__startswith=fold("Солед")).order_by()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_bitmapscan = off")
    # Which of the column's two indexes it is depends on how the database sorts text: where that
    # is the order of bytes, the plain one serves prefixes as well as the `_like` one.
    assert re.search(r"Index Cond: .*'soled'", names.explain())
