"""Shares of a world: the same rows, in whatever order they are told."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from benchmarks.worlds.making import Wanted, chronicle_of

pytestmark = pytest.mark.django_db

SMALL = Wanted(claims=200, seed=3, until=date(2026, 11, 15), measured=(40,))


def test_a_town_that_is_measured_is_the_same_in_worlds_of_all_sizes() -> None:
    def of_the_town(claims: int) -> list[dict[str, Any]]:
        chronicle = chronicle_of(Wanted(claims, seed=3, until=SMALL.until, measured=(40,)))
        town = chronicle.plan.towns[0].id
        told = [chronicle.told(share) for share in chronicle.plan.shares(claims // 3)]
        return [row for batch in told for row in batch.claims if row["place_id"] == town]

    small, large = of_the_town(150), of_the_town(600)
    assert len(small) == 46
    assert small == large
    states = [row["state"] for row in small]
    assert len([one for one in states if one in ("pending", "accepted", "corrected")]) == 40


def test_a_part_of_a_world_is_the_same_whatever_was_told_before() -> None:
    def shares(*, backwards: bool) -> dict[int, Any]:
        chronicle = chronicle_of(SMALL)
        found = list(chronicle.plan.shares(60))
        return {
            share.number: chronicle.told(share)
            for share in (reversed(found) if backwards else found)
        }

    forth, back = shares(backwards=False), shares(backwards=True)
    assert len(forth) == 4
    assert forth == back
    ids = [row["pgh_id"] for batch in forth.values() for row in batch.events]
    assert len(set(ids)) == len(ids)
