"""Work in several processes."""

from __future__ import annotations

import os

import pytest

from benchmarks.worlds.crew import done


@pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning")  # other tests'
@pytest.mark.parametrize("processes", [1, 2])
def test_results_come_in_the_order_of_the_work(processes: int) -> None:
    base = 100  # what the work knows of is known to each process

    def one(number: int) -> tuple[int, int]:
        return base + number, os.getpid()

    found = list(done(one, range(9), processes=processes))
    assert [number for number, _ in found] == list(range(100, 109))
    assert all((pid == os.getpid()) == (processes == 1) for _, pid in found)


@pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning")
@pytest.mark.parametrize("processes", [1, 2])
def test_what_the_work_raises_is_raised_here(processes: int) -> None:
    with pytest.raises(ZeroDivisionError):
        list(done(lambda one: 1 // one, [1, 0], processes=processes))
