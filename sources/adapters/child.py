"""A process that reads for another (`sources.reading`), under limits that end it alone.

It knows no Django, gets no settings and no secrets, writes no files and starts no programs. Each
order on its standard input is a line of JSON, then the bytes to read; the answer is a line of
JSON for each thing found, then one with "end". Started by `python -m sources.adapters.child`.
"""

from __future__ import annotations

import contextlib
import json
import logging
import math
import os
import resource
import sys
from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime
from itertools import islice
from pathlib import PurePath
from traceback import extract_tb
from types import TracebackType
from typing import Any, BinaryIO

from sources.adapters import READERS, Defaults, Incomplete, RawDocument, Unreadable

FILES = 64  # that it may have open: modules, while they are imported
DEEP = "nested too deeply to be read"
TIMES = ("published", "fetched")

Found = RawDocument | Unreadable


def serve(orders: BinaryIO, answers: BinaryIO, memory: int) -> None:
    """Answer orders until there are no more, or one needs more than `memory` bytes in all."""
    # Slow to import: before an order's time is counted.
    import pypdf  # noqa: F401
    import trafilatura  # noqa: F401

    _confine(memory)
    _tell(answers, {"ready": True})
    while line := orders.readline():
        order = json.loads(line)
        content = orders.read(order["size"])
        _count_time(order["seconds"])
        try:
            for found in islice(_read(order, content), order["most"]):
                _tell(answers, packed(found))
            _tell(answers, {"end": "done"})
        except MemoryError:
            del content
            _tell(answers, {"end": "memory"})
            return


def _read(order: dict[str, Any], content: bytes) -> Iterator[Found]:
    defaults = Defaults(**_with_times(order["defaults"]))
    try:
        yield from READERS[order["ending"]](content, order["where"], defaults)
    except RecursionError:
        yield Unreadable(order["where"], DEEP)


def packed(found: Found) -> dict[str, Any]:
    """What was found, for JSON."""
    fields = asdict(found)
    if fields.get("published"):
        fields["published"] = fields["published"].isoformat()
    return {"kind": type(found).__name__, "fields": fields}


def unpacked(told: dict[str, Any]) -> Found:
    kinds = {kind.__name__: kind for kind in (RawDocument, Incomplete, Unreadable)}
    found: Found = kinds[told["kind"]](**_with_times(told["fields"]))
    return found


def packed_defaults(defaults: Defaults) -> dict[str, Any]:
    fields = asdict(defaults)
    return fields | {name: fields[name].isoformat() for name in TIMES if fields[name]}


def _with_times(fields: dict[str, Any]) -> dict[str, Any]:
    times = {name: datetime.fromisoformat(fields[name]) for name in TIMES if fields.get(name)}
    return fields | times


def _confine(memory: int) -> None:
    """Neither memory beyond `memory` bytes, nor files, nor processes, nor dumps of memory."""
    limits = {
        resource.RLIMIT_AS: memory,
        resource.RLIMIT_FSIZE: 0,
        resource.RLIMIT_NOFILE: FILES,
        resource.RLIMIT_NPROC: 0,
        resource.RLIMIT_CORE: 0,
    }
    for kind, most in limits.items():
        # Not every system has every limit; the parent counts the time on all of them.
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(kind, (most, most))


def _count_time(seconds: float) -> None:
    """From now on, so many seconds of the processor's time, after which the system ends it."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    most = math.ceil(used.ru_utime + used.ru_stime + seconds)
    resource.setrlimit(resource.RLIMIT_CPU, (most, resource.RLIM_INFINITY))


def _tell(answers: BinaryIO, told: dict[str, Any]) -> None:
    answers.write(json.dumps(told).encode() + b"\n")
    answers.flush()


def main() -> None:
    # What a library prints must not stand among the answers.
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    logging.disable()  # libraries complain of input at length

    def broke_off(kind: type[BaseException], _: BaseException, at: TracebackType | None) -> None:
        place = extract_tb(at)[-1]
        where = f"{PurePath(place.filename).name}:{place.lineno}"
        _tell(answers, {"end": "broke", "why": f"{kind.__name__} at {where}"})

    sys.excepthook = broke_off
    serve(sys.stdin.buffer, answers, int(sys.argv[1]))


if __name__ == "__main__":
    main()
