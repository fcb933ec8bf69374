"""How long the client waits before it asks again."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from conflict_claims.waiting import backoff, retry_after, until_more

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("attempt", "longest"), [(1, 0.5), (2, 1.0), (4, 4.0), (8, 60.0), (10_000, 60.0)]
)
def test_waits_double_up_to_a_minute(attempt: int, longest: float) -> None:
    waits = [backoff(attempt) for _ in range(200)]

    assert longest / 2 <= min(waits) <= max(waits) <= longest
    assert len(set(waits)) == 200  # clients that failed together come back one by one


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("30", 30.0),
        (" 0 ", 0.0),
        ("Sun, 01 Mar 2026 12:01:30 GMT", 90.0),
        ("Sun, 01 Mar 2026 11:00:00 GMT", 0.0),
        ("Sun, 01 Mar 2026 12:01:30 -0000", 90.0),
        ("soon", None),
        ("-5", None),
        ("", None),
    ],
)
def test_retry_after_is_a_number_or_a_date(value: str, seconds: float | None) -> None:
    assert retry_after({"Retry-After": value}, NOW) == seconds


def test_without_retry_after_nothing_is_asked_for() -> None:
    assert retry_after({}, NOW) is None


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"RateLimit": '"default";r=3;t=42'}, None),
        ({"RateLimit": '"default";r=0;t=42'}, 42.0),
        ({"RateLimit": '"minute";r=0;t=5, "day";r=0;t=900'}, 900.0),
        ({"RateLimit": '"minute";r=0;t=5, "day";r=7;t=900'}, 5.0),
        ({"RateLimit": '"default"; r=0; t=7'}, 7.0),
        ({"RateLimit": "nonsense"}, None),
        ({"RateLimit-Remaining": "0", "RateLimit-Reset": "12"}, 12.0),
        ({"RateLimit-Remaining": "1", "RateLimit-Reset": "12"}, None),
    ],
)
def test_an_allowance_used_up(headers: dict[str, str], seconds: float | None) -> None:
    assert until_more(headers) == seconds
