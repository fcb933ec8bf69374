"""Which databases are emptied."""

from __future__ import annotations

import pytest
from django.db import connection

from benchmarks.worlds.writing import Refused, empty
from claims.models import Claim
from entities.models import Place
from tests.factories import make_claim

pytestmark = pytest.mark.django_db


def test_a_database_that_holds_anything_else_is_refused() -> None:
    claim = make_claim()
    with connection.cursor() as cursor:  # no table is emptied while a check waits
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    with pytest.raises(Refused):
        empty()
    assert Claim.objects.get() == claim
    empty(force=True)
    assert not Place.objects.exists()
