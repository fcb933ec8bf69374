"""Which towns a world has room for."""

from __future__ import annotations

import pytest

from benchmarks.worlds.plan import that_fit


def test_measured_towns_are_those_that_the_world_has_room_for() -> None:
    assert that_fit(10_000, (5000, 50, 500)) == (50, 500, 5000)
    assert that_fit(9_000, (50, 500, 5000)) == (50, 500)
    with pytest.raises(ValueError, match="86 claims are too few for a town with 50 live ones"):
        that_fit(86, (50, 500))
