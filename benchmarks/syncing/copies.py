"""Copies that the client keeps, and whether they are what the database has."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

PROJECT = Path(__file__).resolve().parents[2]
CLIENT = PROJECT / "clients" / "python"
PAUSE = 2  # seconds at most between two readings
Record = dict[str, Any]


@dataclass(slots=True)
class Copy:
    """A copy in a file, brought up to date again and again by a process that is killed at random.
    `reads`: processes that came to their end; `kills`: those that did not."""

    file: Path
    url: str
    key: str
    random: Random
    reads: int = 0
    kills: int = 0
    process: subprocess.Popen[bytes] | None = None
    until: float = 0  # when it is to be killed, or, where none runs, to start

    def go_on(self) -> None:
        """Start a process where none runs; kill the one whose time is over."""
        now = time.monotonic()
        if self.process is None:
            if now < self.until:
                return
            self._start()
            doomed = self.random.random() < 0.6
            self.until = now + (self.random.uniform(0.1, 8) if doomed else 1e9)
        elif self.process.poll() is not None:
            self._ended()
        elif now > self.until:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait()
            self.process, self.kills = None, self.kills + 1
            self.until = 0

    def finish(self) -> None:
        """Read to the end, undisturbed."""
        if self.process is not None:
            self.process.wait()
            self._ended()
        self._start()
        if self.process is not None:
            self.process.wait()
            self._ended()

    def _start(self) -> None:
        environment = os.environ | {"PYTHONPATH": str(CLIENT), "CONFLICT_CLAIMS_KEY": self.key}
        command = ["-m", "conflict_claims", "sync", str(self.file), "--url", self.url, "--quiet"]
        with self.file.with_suffix(".log").open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, *command], env=environment, stdout=subprocess.DEVNULL, stderr=log
            )

    def _ended(self) -> None:
        if self.process is not None and self.process.returncode != 0:
            told = self.file.with_suffix(".log").read_text()[-2000:]
            raise RuntimeError(f"The client of {self.file.name} failed: {told}")
        self.process, self.reads = None, self.reads + 1
        self.until = time.monotonic() + self.random.uniform(0, PAUSE)

    def differences(self, claims: dict[str, Record], statuses: dict[str, Record]) -> list[str]:
        """Row by row, both ways."""
        with closing(sqlite3.connect(self.file)) as db:
            rows = db.execute("SELECT record FROM claims").fetchall()
            held = {record["id"]: record for record in map(_loaded, rows)}
            rows = db.execute("SELECT record FROM statuses").fetchall()
            intervals = {slot(record): record for record in map(_loaded, rows)}
        return [
            f"{self.file.name}: {name} {key}: {_differing(ours.get(key), theirs.get(key))}"
            for name, ours, theirs in (
                ("claim", claims, held),
                ("status", statuses, intervals),
            )
            for key in sorted(ours.keys() | theirs.keys())
            if ours.get(key) != theirs.get(key)
        ]


def _loaded(row: tuple[str]) -> Record:
    record: Record = json.loads(row[0])
    return record


def _differing(ours: Record | None, theirs: Record | None) -> str:
    if ours is None or theirs is None:
        return "not in the database" if ours is None else "not in the copy"
    names = sorted(
        name for name in ours.keys() | theirs.keys() if ours.get(name) != theirs.get(name)
    )
    return ", ".join(f"{name} {ours.get(name)!r} ≠ {theirs.get(name)!r}" for name in names)


def slot(interval: Record) -> str:
    return json.dumps([interval[name] for name in ("town", "include_pending", "part", "from")])


def database_claims(url: str) -> dict[str, Record]:
    """What a copy of all claims is to hold."""
    from claims.models import Claim
    from claims.records import claim_records

    stand = Claim.counting(include_pending=True)
    return {
        record["id"]: {**json.loads(json.dumps(record)), "counts": record["state"] in stand}
        for record in claim_records(Claim.objects.order_by("id"), site=url)
    }


def database_statuses() -> dict[str, Record]:
    from claims.models import StatusInterval
    from claims.records import interval_record

    records = map(interval_record, StatusInterval.objects.all())
    return {slot(record): json.loads(json.dumps(record)) for record in records}
