"""The client against the server itself: its copy is what the database has."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from pytest_django.live_server_helper import LiveServer

from claims.derive import derive
from claims.models import Change, Claim, StatusInterval
from conflict_claims import Client, CursorRefused
from tests.scenes import ACCEPTED, REJECTED, soledar

pytestmark = pytest.mark.django_db(transaction=True)


def copied(file: Path) -> tuple[list[Any], list[Any]]:
    with closing(sqlite3.connect(file)) as db:
        claims = db.execute("SELECT id, state, counts FROM claims ORDER BY id").fetchall()
        statuses = db.execute(
            "SELECT town_id, include_pending, part, first_day, kind FROM statuses"
            " ORDER BY 1, 2, 3, 4"
        ).fetchall()
    return claims, statuses


def kept() -> tuple[list[Any], list[Any]]:
    claims = Claim.objects.order_by("id").values_list("id", "state")
    rows = StatusInterval.objects.values_list(
        "place_id", "include_pending", "part_label", "start", "status"
    )
    return (
        [
            (str(id_), state, int(state in Claim.counting(include_pending=True)))
            for id_, state in claims
        ],
        sorted(
            (str(place), int(pending), part, start.isoformat(), status)
            for place, pending, part, start, status in rows
        ),
    )


def test_a_copy_follows_decisions_statuses_and_deletions(
    live_server: LiveServer, tmp_path: Path
) -> None:
    file = tmp_path / "claims.sqlite"
    place = soledar()
    with Client(live_server.url) as client:
        first = client.sync(file)
        assert copied(file) == kept()
        assert (first.claims, first.statuses) == (9, len(kept()[1]))

        withdrawal = Claim.objects.get(predicate="withdrew")
        with transaction.atomic():  # the concession goes, and with it the last interval
            Claim.objects.filter(pk=withdrawal.pk).update(state=REJECTED)
            derive([place.id])
        before = len(kept()[1])
        second = client.sync(file)
        assert copied(file) == kept()
        assert (second.claims, second.statuses) == (9, before)
        assert second.statuses < first.statuses

        with transaction.atomic():  # told to nobody
            Claim.objects.filter(state=ACCEPTED).update(state=REJECTED)
            transaction.set_rollback(True)
        assert client.sync(file).changes == 0

        with transaction.atomic():
            Claim.objects.all().delete()
            derive([place.id])
        third = client.sync(file)
        assert (third.claims, third.statuses) == (0, 0)
        with closing(sqlite3.connect(file)) as db:
            assert db.execute("SELECT count(*) FROM deleted").fetchall() == [(9,)]


def test_a_cursor_of_a_later_state_is_refused(live_server: LiveServer, tmp_path: Path) -> None:
    file = tmp_path / "claims.sqlite"
    soledar()
    with Client(live_server.url) as client:
        client.sync(file)
        last = Change.objects.order_by("-number")[0]
        Change.objects.filter(pk=last.pk).delete()  # as after a backup was put back

        with pytest.raises(CursorRefused, match="restored from a backup"):
            client.sync(file)
        assert client.sync(file, restart=True).changes == (last.number or 0) - 1
