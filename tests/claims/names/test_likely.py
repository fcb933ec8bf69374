"""Known names that are offered for an unknown one."""

from __future__ import annotations

import pytest

from claims.names.likely import ALIKE, likely, likeness
from entities.folding import fold
from tests.factories import make_actor, make_conflict, make_place


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Soledr", "Soledar"),
        ("Karkiv", "Kharkiv"),
        ("Oumkessa", "Umkessa"),
        ("Krasnogorovka", "Krasnohorivka"),
        ("Al-Fasher", "Al Fashir"),
        ("Front for Dawn", "Front for Dawn in Chad"),
        ("FDC", "Front for Dawn in Chad"),
        ("Wagner private military company", "Wagner Private Military Companies"),
    ],
)
def test_much_alike(one: str, other: str) -> None:
    assert ALIKE <= likeness(fold(one), fold(other)) < 1.0


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Soledar", "Bakhmut"),
        ("ISW", "IS"),
        ("Lyman", "Izium"),
        ("Army", "Army of the North"),
        ("Harrok", "Hazro"),
    ],
)
def test_not_alike(one: str, other: str) -> None:
    assert likeness(fold(one), fold(other)) < ALIKE


@pytest.mark.django_db
def test_towns_the_near_ones_first() -> None:
    sudan = make_conflict("sudan", "War in Sudan", [("saf", "SAF", "#0072b2")])
    near = make_place("Soledar")
    make_place("Soledar", key="far", conflict=sudan, population=900_000)
    make_place("Soledarka", population=5)
    make_place("Bakhmut")
    make_place("Soledr", provisional=True)
    found = likely("place", "soledr", {near.conflict_id})
    assert [(one.row.key, one.same) for one in found] == [
        ("test-soledar", False), ("far", False),
    ]  # fmt: skip
    same = likely("place", "soledar", {near.conflict_id})
    assert [(one.row.key, one.same, one.spelling) for one in same][:2] == [
        ("test-soledar", True, "Soledar"), ("far", True, "Soledar"),
    ]  # fmt: skip


@pytest.mark.django_db
def test_actors_by_their_initials_and_words() -> None:
    make_actor("Front for Dawn in Chad", kind="movement")
    make_actor("Wagner Group")
    make_actor("Unknown Front", provisional=True)
    for name in ("fdc", "front for dawn"):
        assert [str(one.row) for one in likely("actor", name, set())] == ["Front for Dawn in Chad"]


@pytest.mark.django_db
def test_two_queries(django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]  # pytest-django's
    for number in range(4):
        make_place(f"Soledar {number}")
    with django_assert_num_queries(2):
        assert len(likely("place", "soledar 9", set())) == 4
