"""Extract the claims of the documents that wait, here and now."""

from __future__ import annotations

import sys
from collections import Counter
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from tqdm import tqdm

from claims import runs
from claims.derive import derive_due
from claims.models import Claim, ExtractionRun

BAR_FROM = 10  # documents: fewer are done before a bar can be read


class Command(BaseCommand):
    help = (
        "Extract the claims of the documents that wait, in this process: what a worker does by "
        "itself. Says what was found, set aside and failed. A document's claims are written "
        "wholly or not at all; one that was interrupted waits again when its lease ends."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--limit", type=int, metavar="N", help="at most N documents")
        parser.add_argument(
            "--version-again",
            action="store_true",
            help="read documents that this version has read already once more, as after new names",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        limit = options["limit"]
        if limit is not None and limit < 1:
            raise CommandError("--limit must be 1 or more")
        runs.open_runs()
        if options["version_again"]:
            runs.run_again()
        ids = runs.waiting(limit)
        ended = [
            run
            for id_ in tqdm(ids, unit="document", file=sys.stderr, disable=len(ids) <= BAR_FROM)
            if (run := self._extract(id_)) is not None
        ]
        # Of an actor that a text tells more about, other towns' claims may have spoken before.
        derive_due()
        self._report(ended)

    def _extract(self, id_: int) -> ExtractionRun | None:
        try:
            return runs.extract(id_)
        except OSError as error:
            raise CommandError(f"no parsing model: {error}") from None

    def _report(self, ended: list[ExtractionRun]) -> None:
        states = Counter(run.state for run in ended)
        skipped = [run for run in ended if run.skipped]
        claims = Claim.objects.filter(
            document__in=[run.document_id for run in ended if run.state == "done"],
            no_longer_found=False,
            origin=Claim.Origin.EXTRACTED,
        ).exclude(state=Claim.State.SUPERSEDED)
        for run in skipped:
            self.stdout.write(f"{run.document}: set aside: {run.skipped}")
        for run in ended:
            if run.state != "done":
                reason = " ".join(run.error.split())
                self.stderr.write(f"{run.document}: {run.state}: {reason}")
        self.stdout.write(
            f"{len(ended)} documents, {claims.count()} claims, {len(skipped)} set aside, "
            f"{states['waiting']} to be tried again, {states['failed']} failed"
        )
        if missing := len(ended) - states["done"]:
            raise CommandError(f"{missing} of {len(ended)} gave no result (named above)")
