"""What a person sees while things are set up: each step with its duration."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager


def say(line: str = "") -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


@contextmanager
def step(doing: str) -> Iterator[None]:
    """Say what is being done, then how many seconds it took."""
    say(f"{doing} …")
    began = time.monotonic()
    try:
        yield
    except BaseException:
        say("  failed")
        raise
    say(f"  {time.monotonic() - began:.1f} s")
