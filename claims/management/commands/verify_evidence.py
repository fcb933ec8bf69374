"""Prove that what is kept is what was received, and that claims quote it."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from tqdm import tqdm

from claims.verifying import QUOTES
from sources.evidence.verifying import BYTES, OBJECTS, TEXTS, Check, objects
from sources.management import arguments
from sources.withdrawals import CHECK as WITHDRAWALS

CHECKS: Mapping[str, Check] = {
    "bytes": BYTES,
    "objects": OBJECTS,
    "texts": TEXTS,
    "withdrawals": WITHDRAWALS,
    "quotes": QUOTES,
}


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a check has come."""

    count: int = 0
    faults: int = 0
    upto: str = ""
    whole: bool = False


class Command(BaseCommand):
    help = (
        "Check all that is kept: each stored object is there and has its hash (bytes); each object "
        "is known (objects); each document's text has its hash (texts); each withdrawn one is "
        "written down (withdrawals); each passage of a claim is in its document's text, word for "
        "word (quotes). Names what is wrong, one line each, and "
        "ends with 1 where anything is, with 3 where the storage cannot be read."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--only", action="append", choices=tuple(CHECKS), help="one check; can be repeated"
        )
        parser.add_argument(
            "--since",
            type=arguments.time,
            metavar="TIME",
            help="what was kept at it or later (ISO 8601)",
        )
        parser.add_argument(
            "--state",
            type=Path,
            metavar="FILE",
            help="write down how far it is, and go on from there where it was cut off",
        )
        parser.add_argument(
            "--remove",
            action="store_true",
            help="take away objects that no row knows, and those whose bytes are withdrawn",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        since: datetime | None = options["since"]
        asked = {
            "only": [name for name in CHECKS if name in (options["only"] or CHECKS)],
            "since": since.isoformat() if since else "",
            "remove": options["remove"],
        }
        state = _State(options["state"], asked)
        for name in asked["only"]:
            check = CHECKS[name]
            if name == "objects" and options["remove"]:
                check = replace(check, run=partial(objects, remove=True))
            try:
                self._run(name, check, since, state)
            except OSError as error:
                raise CommandError(f"Cannot go on: {error}", returncode=3) from error
            except KeyboardInterrupt:
                go_on = "; the same command goes on from here" if options["state"] else ""
                raise CommandError(f"Interrupted{go_on}", returncode=130) from None
        self._tell(state)

    def _run(self, name: str, check: Check, since: datetime | None, state: _State) -> None:
        at = state.of(name)
        if at.whole:
            return
        with tqdm(
            total=check.total(since),
            initial=at.count,
            desc=name,
            unit=f" {check.unit}",
            file=sys.stderr,
            disable=None,
        ) as bar:
            for batch in check.run(at.upto, since):
                for fault in batch.faults:
                    self.stderr.write(fault)
                at = Progress(at.count + batch.count, at.faults + len(batch.faults), batch.upto)
                state.note(name, at)
                bar.update(batch.count)
        state.note(name, replace(at, whole=True))

    def _tell(self, state: _State) -> None:
        faults = 0
        for name in state.asked["only"]:
            at = state.of(name)
            faults += at.faults
            wrong = f"{at.faults} wrong" if at.faults else "all as they should be"
            self.stdout.write(f"{name}: {at.count} {CHECKS[name].unit}, {wrong}")
        state.end()
        if faults:
            raise CommandError(f"{faults} wrong (each is named where it was found)")


class _State:
    """How far the checks are, in a file where one is given. It holds for what was asked then."""

    def __init__(self, file: Path | None, asked: Mapping[str, Any]) -> None:
        self.file, self.asked = file, asked
        self._at: dict[str, Progress] = {}
        if file is None or not file.exists():
            return
        try:
            kept = json.loads(file.read_text())
            was, self._at = kept["asked"], {name: Progress(**at) for name, at in kept["at"].items()}
        except (ValueError, TypeError, KeyError, AttributeError):
            raise CommandError(f"{file} holds no state of this command") from None
        if was != asked:
            raise CommandError(f"{file} is of another check: {json.dumps(was)}")

    def of(self, name: str) -> Progress:
        return self._at.get(name, Progress())

    def note(self, name: str, at: Progress) -> None:
        self._at[name] = at
        if self.file is None:
            return
        kept = {"asked": self.asked, "at": {name: asdict(at) for name, at in self._at.items()}}
        unfinished = self.file.with_name(f"{self.file.name}.unfinished")
        unfinished.write_text(json.dumps(kept))
        unfinished.replace(self.file)

    def end(self) -> None:
        if self.file is not None:
            self.file.unlink(missing_ok=True)
