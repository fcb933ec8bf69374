"""Reading what came from outside, under limits of time and memory.

Readers of formats are large programs, and some input is made so that they take hours, need all
memory or break off. So it is read in a process of its own (`sources.adapters.child`) that knows
no secrets: where a limit ends that, the input is said to be unreadable, and who asked lives on.
Such a process reads one input after another, since starting one takes a second.
"""

from __future__ import annotations

import atexit
import contextlib
import json
import logging
import os
import selectors
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path, PurePath
from typing import IO, Any, cast

from django.utils.translation import gettext_noop

from sources.adapters import READERS, Defaults, RawDocument, Unreadable
from sources.adapters.child import packed_defaults, unpacked
from sources.adapters.raw import decode_as
from sources.fetch import Fetched

__all__ = ["LIMITS", "ReadLimits", "in_utf_8", "read", "read_file", "read_page"]

Found = RawDocument | Unreadable
logger = logging.getLogger(__name__)

ROOT = Path(__file__).resolve().parent.parent
START_SECONDS = 120  # of a machine with much else to do
WAIT = 3  # times the processor's seconds that an input has: others want the processor too
GOING_SECONDS = 10
MOST_IDLE = 2  # processes that wait for more to read
MOST_READ = 500  # inputs, after which a process is replaced: what libraries keep does not grow
PIECE = 1 << 16

SLOW = gettext_noop("Reading it takes too long: it was given up.")
LARGE = gettext_noop("Reading it needs too much memory: it was given up.")
MUCH = gettext_noop("More text is in it than is taken at once.")
BROKE = gettext_noop("It cannot be read: its reader broke off.")


@dataclass(frozen=True, slots=True)
class ReadLimits:
    """Of reading one input. Memory is all that the reading process may have, of which some 300 MB
    are its own; it comes to an end after three times the seconds even where it does nothing."""

    seconds: float = 20  # of the processor
    memory: int = 1_500_000_000  # bytes
    answer: int = 100_000_000  # bytes of what is found
    most: int = 100_000  # documents


LIMITS = ReadLimits()


def read_page(page: Fetched, defaults: Defaults, *, limits: ReadLimits = LIMITS) -> list[Found]:
    """What stands on a fetched page: one document, or why there is none. Its address is where it
    was fetched from, whatever it says of itself."""
    ending = ".txt" if page.content_type == "text/plain" else ".html"
    known = replace(defaults, url=page.url)
    return read(ending, in_utf_8(page), page.url, known, limits=limits)


def read_file(
    name: str, content: bytes, defaults: Defaults, *, limits: ReadLimits = LIMITS
) -> list[Found]:
    """What a file holds, of the kind that its name's ending says."""
    return read(PurePath(name).suffix.lower(), content, name, defaults, limits=limits)


def in_utf_8(page: Fetched) -> bytes:
    """The page's bytes as the readers take them, by the character set that its site names."""
    return decode_as(page.content, page.charset).encode() if page.charset else page.content


def read(
    ending: str, content: bytes, where: str, defaults: Defaults, *, limits: ReadLimits = LIMITS
) -> list[Found]:
    """What a reader of `READERS` finds, in another process. What a limit cuts off ends with an
    `Unreadable` that says so. Raises KeyError where no reader is for that ending."""
    READERS[ending]
    order = {
        "ending": ending,
        "where": where,
        "defaults": packed_defaults(defaults),
        "size": len(content),
        "seconds": limits.seconds,
        "most": limits.most,
    }
    while True:
        process = _taken(limits.memory)
        used = process.inputs > 0
        found, fault = _ask(process, order, content, limits)
        if not fault:
            _give_back(process)
            return found
        # What was read before may have left it little memory: a new one tells.
        if not (used and fault in (LARGE, BROKE)):
            return [*found, Unreadable(where, fault)]


class Reader:
    """A reading process. It is used by one thread at a time."""

    def __init__(self, memory: int) -> None:
        self.memory, self.inputs, self.parent = memory, 0, os.getpid()
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "sources.adapters.child", str(memory)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={"PYTHONPATH": str(ROOT), "LC_ALL": "C.UTF-8"},  # nothing that is secret
            cwd="/",
        )
        self._orders = cast(IO[bytes], self._process.stdin)
        self._answers = cast(IO[bytes], self._process.stdout).fileno()
        self._told = b""
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._answers, selectors.EVENT_READ)
        next(self.lines(START_SECONDS), None)  # it is ready; where it is not, orders tell

    def order(self, head: dict[str, Any], content: bytes) -> None:
        self.inputs += 1
        # Where it is gone, the end of its answers tells that.
        with contextlib.suppress(BrokenPipeError):
            self._orders.write(json.dumps(head).encode() + b"\n" + content)
            self._orders.flush()

    def lines(self, seconds: float) -> Iterator[bytes]:
        """Its answers until it ends. Raises TimeoutError once so many seconds are over."""
        until = time.monotonic() + seconds
        while True:
            while b"\n" not in self._told:
                if not self._selector.select(max(until - time.monotonic(), 0)):
                    raise TimeoutError
                piece = os.read(self._answers, PIECE)
                if not piece:
                    return
                self._told += piece
            line, _, self._told = self._told.partition(b"\n")
            yield line

    def end(self) -> int:
        """End it, whatever it does. Returns its exit code."""
        self._process.kill()
        return self.gone()

    def gone(self) -> int:
        """It ends by itself: wait for that. Returns its exit code."""
        try:
            code = self._process.wait(GOING_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            code = self._process.wait()
        self.forget()
        return code

    def forget(self) -> None:
        """Close this side of its pipes: it ends by itself once nobody has them any more."""
        self._selector.close()
        for pipe in (self._process.stdin, self._process.stdout):
            with contextlib.suppress(BrokenPipeError):
                cast(IO[bytes], pipe).close()


_idle: list[Reader] = []
_lock = threading.Lock()


def _taken(memory: int) -> Reader:
    """A process that waits, or a new one."""
    with _lock:
        for process in list(_idle):
            if process.parent != os.getpid():  # of the process that this one was forked from
                _idle.remove(process)
                process.forget()
            elif process.memory == memory:
                _idle.remove(process)
                return process
    return Reader(memory)


def _give_back(process: Reader) -> None:
    with _lock:
        if process.inputs < MOST_READ and len(_idle) < MOST_IDLE:
            _idle.append(process)
            return
    process.end()


@atexit.register
def _end_all() -> None:
    with _lock:
        for process in _idle:
            if process.parent == os.getpid():
                process.end()
        _idle.clear()


def _ask(
    process: Reader, order: dict[str, Any], content: bytes, limits: ReadLimits
) -> tuple[list[Found], str]:
    """What the process found, and why that is not all, or ""; it is of no use then."""
    found: list[Found] = []
    size = 0
    process.order(order, content)
    try:
        for line in process.lines(WAIT * limits.seconds):
            size += len(line)
            if size > limits.answer:
                return _ended(process, found, MUCH)
            told = json.loads(line)
            if "end" not in told:
                found.append(unpacked(told))
            elif told["end"] == "done":
                return found, ""
            elif told["end"] == "memory":
                return _ended(process, found, LARGE)
            else:
                logger.warning("A reader broke off: %s", told["why"])
    except TimeoutError:
        return _ended(process, found, SLOW)
    code = process.gone()
    logger.warning("A reading process ended with %d at %s", code, order["ending"])
    of_signals = {-signal.SIGXCPU: SLOW, -signal.SIGKILL: LARGE}  # by the system: out of memory
    return found, of_signals.get(code, BROKE)


def _ended(process: Reader, found: list[Found], fault: str) -> tuple[list[Found], str]:
    process.end()
    return found, fault
