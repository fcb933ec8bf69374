"""Queries whose SQL is made once."""

from __future__ import annotations

from typing import Any

import pytest
from django.db.models import Exists, F, OuterRef, QuerySet
from pytest_django import DjangoAssertNumQueries

from claims.models import Change, Claim
from claims.statements import Among, Given, Statement
from entities.models import Place
from tests.factories import make_claim, make_place

pytestmark = pytest.mark.django_db


def test_values_differ_from_one_time_to_the_next() -> None:
    claims = Claim.objects.filter(place=OuterRef("pk"), stance=Given("stance"))
    asked = Statement(
        lambda: (
            Place.objects.filter(Exists(claims), country=Given("country"))
            .order_by("name")
            .values_list("name", "country")
        )
    )
    for name, country in (("Soledar", "UA"), ("Bakhmut", "UA"), ("Babanusa", "SD")):
        make_claim(place=make_place(name, country=country))
    assert asked.rows(stance="asserts", country="UA") == [("Bakhmut", "UA"), ("Soledar", "UA")]
    assert asked.rows(stance="asserts", country="SD") == [("Babanusa", "SD")]
    assert asked.rows(stance="denies", country="UA") == []
    assert asked.count(stance="asserts", country="UA") == 2


def test_is_made_once(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    made = []

    def query() -> QuerySet[Any, Any]:
        made.append(1)
        return Place.objects.filter(name=Given("name")).values_list("id")

    asked = Statement(query)
    place = make_place("Soledar")
    with django_assert_num_queries(3):
        assert asked.rows(name="Soledar") == [(place.pk,)]
        assert asked.rows(name="Bakhmut") == []
        assert asked.count(name="Soledar") == 1
    assert len(made) == 1


def test_any_number_of_values_is_one(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    one, other, _ = (make_place(name) for name in ("One", "Other", "Third"))
    ids = [other.pk, one.pk]
    asked = Statement(
        lambda: Place.objects.filter(Among(F("pk"), Given("ids"))).values_list("name")
    )
    assert sorted(asked.rows(ids=ids)) == [("One",), ("Other",)]
    with django_assert_num_queries(0):
        assert asked.rows(ids=[]) == []
    assert set(Place.objects.filter(Among(F("pk"), ids))) == {one, other}
    assert set(Place.objects.exclude(Among(F("pk"), ids)).values_list("name")) == {("Third",)}


def test_columns_that_django_converts_are_refused() -> None:
    asked = Statement(lambda: Change.objects.values_list("status"))
    with pytest.raises(TypeError, match="convert"):
        asked.rows()
