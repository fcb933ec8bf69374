"""Work on a world, in this process or in several."""

from __future__ import annotations

import gc
import multiprocessing
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from typing import Any, TypeVar

from django.db import connections

Item = TypeVar("Item")
Result = TypeVar("Result")
GARBAGE = 200_000  # objects more, after which a process looks for cycles
_work: Callable[[Any], Any]  # of this process, in a pool


def cores() -> int:
    """How many processes to work in: those that this one may run on, where to fork is safe."""
    return len(os.sched_getaffinity(0)) if sys.platform == "linux" else 1


def done(
    work: Callable[[Item], Result], items: Iterable[Item], *, processes: int
) -> Iterator[Result]:
    """The results in the items' order. With more processes than one, `work` is what it is at
    the first result that is asked for, and each process has its own connection to the
    database: call it in no transaction then. What one raises is raised here."""
    if processes == 1:
        yield from map(work, items)
        return
    connections.close_all()  # no two processes may use one
    with ProcessPoolExecutor(
        processes, multiprocessing.get_context("fork"), initializer=_begin, initargs=(work,)
    ) as pool:
        yield from pool.map(_one, items)


def _begin(work: Callable[[Any], Any]) -> None:
    # A world's millions of rows hold few cycles, and looking for them takes a sixth of the time.
    gc.freeze()
    gc.set_threshold(GARBAGE)
    global _work  # what a forked process was given: it need not be pickled, and may hold a world
    _work = work


def _one(item: Any) -> Any:
    return _work(item)
