"""A small torture of the feed: writers, copies that are killed, and a comparison at the end."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

import embedded
from benchmarks.sync import torture
from benchmarks.syncing.scene import make_scene

pytestmark = [
    pytest.mark.servers,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not settings.LOCAL, reason="uses the embedded servers"),
]


def test_copies_that_are_killed_end_identical_to_the_database(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = embedded.database_settings()["NAME"]
    url = embedded.database_url().replace(f"/{name}?", f"/{connection.settings_dict['NAME']}?")
    monkeypatch.setenv("DATABASE_URL", url)
    monkeypatch.setenv("REDIS_URL", embedded.broker_url())
    monkeypatch.setenv(
        "CLAIMS_SECRET_KEY", "of the tests alone, long enough for a server of theirs"
    )
    figures, differences = torture(
        tmp_path, key=make_scene(), changes=400, writers=2, clients=2, seed=0
    )
    assert differences == []
    assert figures["changes"] >= 400
    assert figures["copies"] == 2
    assert figures["claims"] > 0
