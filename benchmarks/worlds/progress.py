"""How far a long run is, for who waits for it."""

from __future__ import annotations

import sys
import time

EVERY = 5.0  # seconds between two lines; on a terminal, one is written over the other


class Progress:
    """Tells on standard error how much of a step is done, and how long the rest takes if it
    goes on like this. `whole`: how much there is to do."""

    def __init__(self, what: str, whole: int, *, shown: bool = True) -> None:
        self.what, self.whole, self.shown = what, whole, shown
        self.did = 0
        self._begun = time.monotonic()
        self._last = self._begun - EVERY

    def add(self, amount: int) -> None:
        self.did += amount
        now = time.monotonic()
        finished = self.did >= self.whole
        if not self.shown or (now - self._last < EVERY and not finished):
            return
        self._last = now
        left = (now - self._begun) / max(1, self.did) * max(0, self.whole - self.did)
        line = f"{self.what}: {self.did:,} of {self.whole:,}, about {minutes(left)} left"
        end = "\r" if sys.stderr.isatty() and not finished else "\n"
        sys.stderr.write(f"{line:<70}{end}")
        sys.stderr.flush()


def minutes(seconds: float) -> str:
    whole = round(seconds)
    return f"{whole // 60}:{whole % 60:02}"
