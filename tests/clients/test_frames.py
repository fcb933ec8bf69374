"""Tables of the copy as pandas has them."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from conflict_claims import Client
from tests.clients.feeds import SOLEDAR, Feed, claim, of_claim, of_status
from tests.clients.served import serving


def test_a_frame_is_current_and_its_client_remembers(tmp_path: Path) -> None:
    feed = Feed(
        [
            of_claim(1, claim("c1", asserted_on="2023-01-11"), "added"),
            of_claim(2, claim("c2", event_date="2023-01-09"), "added"),
            of_claim(3, claim("c3", state="rejected"), "added"),
            of_status(4, "2023-01-10", last="2023-01-24"),
        ]
    )
    with serving(feed) as served, Client(served.address) as client:
        found = client.frame()
        feed.changes.append(of_claim(5, claim("c2", state="rejected")))
        later = client.frame()
        whole = client.frame(standing=False)
        statuses = client.frame("statuses")
        in_file = client.frame(path=tmp_path / "claims.sqlite")

    assert list(found["id"]) == ["c2", "c1"]
    assert list(later["id"]) == ["c1"]
    assert list(whole["state"]) == ["rejected", "rejected", "pending"]
    pd.testing.assert_frame_equal(later, in_file)
    assert served.cursors[:4] == [None, "3", "4", "5"]  # the second time, only what is new

    day = found.set_index("id")
    assert day.loc["c1", "asserted_on"] == pd.Timestamp("2023-01-11")
    assert day.loc["c2", "event_date"] == pd.Timestamp("2023-01-09")
    assert pd.isna(day.loc["c1", "event_date"])
    assert day.loc["c1", "published"] == pd.Timestamp("2023-01-10T22:00:00", tz="UTC")
    assert (found["counts"].dtype, found["confidence"].dtype) == (bool, float)
    assert "record" not in found

    (row,) = statuses.to_dict("records")
    assert (row["town_id"], row["kind"], row["sides"]) == (SOLEDAR, "claimed", ["russia"])
    assert (row["first_day"], row["last_day"]) == (
        pd.Timestamp("2023-01-10"),
        pd.Timestamp("2023-01-24"),
    )
    assert row["include_pending"] is False


def test_an_empty_copy_has_its_columns() -> None:
    with serving(Feed()) as served, Client(served.address) as client:
        found = client.frame("statuses")

    assert len(found) == 0
    assert {"town_id", "first_day", "sides"} <= set(found.columns)


def test_a_table_that_there_is_not() -> None:
    with (
        serving(Feed()) as served,
        Client(served.address) as client,
        pytest.raises(ValueError, match="claims, statuses"),
    ):
        client.frame("copy")  # type: ignore[arg-type]  # what the types refuse, too
