"""Memory and processor time of processes, as Linux tells them."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

MEGABYTE = 1_000_000
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Memory:
    """MB of several processes together. `rss` counts what they share once for each; `pss` once."""

    rss: float
    pss: float


def memory(pids: Iterable[int]) -> Memory:
    rss = pss = 0
    for pid in pids:
        told = _rollup(pid)
        rss += told["Rss"]
        pss += told["Pss"]
    return Memory(round(rss / MEGABYTE, 1), round(pss / MEGABYTE, 1))


def _rollup(pid: int) -> dict[str, int]:
    """Bytes by the kernel's words."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:]
    return {name: int(told.split()[0]) * 1024 for name, told in (line.split(":") for line in lines)}


def processor_seconds(pids: Iterable[int]) -> float:
    """What the processes have taken so far, those of their own that have ended aside."""
    ticks = 0
    for pid in pids:
        after_name = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        ticks += int(after_name[11]) + int(after_name[12])  # utime, stime
    return ticks / _TICKS


def descendants(pid: int) -> list[int]:
    """The process and all that it started, and these."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid, *(one for child in children for one in descendants(int(child)))]
