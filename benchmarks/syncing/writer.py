"""One writer of several: it decides, adds, supersedes, deletes, derives, takes back what it has
begun and holds transactions open for long, until there are enough changes.

    python -m benchmarks.syncing.writer --seed 1 --changes 20000
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections import Counter
from collections.abc import Callable
from random import Random
from typing import TYPE_CHECKING

import django

if TYPE_CHECKING:
    from django.contrib.auth.models import User

    from claims.models import Claim

LONGEST = 1.5  # seconds that a transaction is held open
CHECKED_EVERY = 20  # turns


class Writer:
    def __init__(self, seed: int, changes: int) -> None:
        from django.contrib.auth.models import User

        self.random, self.changes = Random(seed), changes  # noqa: S311 - no secret
        self.editor: User = User.objects.filter(username__startswith="editor-")[seed % 8]
        self.done: Counter[str] = Counter()
        self.ways: dict[Callable[[], None], int] = {
            self.add: 14,
            self.decide: 35,
            self.undo: 8,
            self.supersede: 4,
            self.edit_in_bulk: 20,
            self.change_passages: 8,
            self.delete: 3,
            self.hold_open: 4,
            self.take_back: 6,
        }
        if seed % 4 == 0:  # as few as workers are: they wait for each other
            self.ways[self.derive] = 8
        if seed == 0:
            self.ways[self.empty_statuses] = 1

    def run(self) -> None:
        from django.core.exceptions import ObjectDoesNotExist, ValidationError
        from django.db import IntegrityError, OperationalError
        from django.db.models import ProtectedError

        turn = 0
        while turn % CHECKED_EVERY or not self._enough():
            turn += 1
            way = self.random.choices(list(self.ways), list(self.ways.values()))[0]
            try:
                way()
                self.done[way.__name__] += 1
            except (ValidationError, ProtectedError):  # as an editor is refused
                self.done["refused"] += 1
            except (ObjectDoesNotExist, IntegrityError):  # somebody deleted, or was quicker
                self.done["collisions"] += 1
            except OperationalError as error:  # two that wait for each other: one of them is ended
                if "deadlock" not in str(error):
                    raise
                self.done["deadlocks"] += 1

    def _enough(self) -> bool:
        from claims.models import Change

        return Change.objects.count() >= self.changes

    def claim(self) -> Claim:
        from claims.models import Claim

        ids = list(Claim.objects.order_by("?").values_list("pk", flat=True)[:1])
        if not ids:
            self.add()
            return self.claim()
        return Claim.objects.get(pk=ids[0])

    def add(self) -> None:
        from django.db import transaction

        from benchmarks.syncing.scene import make_claims, make_document

        with transaction.atomic():
            make_claims(self.random, make_document(self.random), self.random.randint(1, 40))

    def decide(self) -> None:
        from claims.models import Claim, Decision
        from claims.review.decisions import TRANSITIONS, decide
        from entities.models import Place

        claim = self.claim()
        kinds = [kind for kind, (before, _) in TRANSITIONS.items() if claim.state in before]
        kind = self.random.choice(kinds or [Decision.Kind.ACCEPT])
        values = None
        if kind == Decision.Kind.CORRECT:
            values = {"place": self.random.choice(list(Place.objects.all()))}
        other = Claim.objects.filter(document=claim.document_id).exclude(pk=claim.pk).first()
        repeats = other if kind == Decision.Kind.REJECT and self.random.random() < 0.2 else None
        because = "duplicate" if repeats else "not-said"
        decide(
            claim=claim,
            kind=kind,
            by=self.editor,
            because=because if kind == Decision.Kind.REJECT else "",
            values=values,
            duplicate_of=repeats,
        )

    def undo(self) -> None:
        from claims.models import Decision
        from claims.review.decisions import undo

        latest = Decision.objects.filter(by=self.editor, version__isnull=False).order_by("-at")
        if decision := latest.first():
            undo(decision=decision, by=self.editor)

    def supersede(self) -> None:
        from django.db import transaction

        from claims.extraction.records import Extraction
        from claims.reconcile import reconcile
        from claims.runs import article

        document = self.claim().document
        with transaction.atomic():
            reconcile(document, Extraction(article(document), ()), "2")

    def edit_in_bulk(self) -> None:
        from claims.models import Claim

        town = self.claim().place_id
        some = Claim.objects.filter(place=town, state="pending").values("pk")[:60]
        Claim.objects.filter(pk__in=some).update(speaker=f"Speaker {self.random.randint(1, 99)}")

    def change_passages(self) -> None:
        from django.db import transaction

        from benchmarks.syncing.scene import SENTENCES, passage

        claim = self.claim()
        with transaction.atomic():
            claim.evidence.all().delete()
            passage(claim, self.random.choice(SENTENCES)).save()

    def delete(self) -> None:
        from claims.models import Claim

        pending = Claim.objects.filter(state="pending", decisions=None).order_by("?").first()
        if pending is not None:
            pending.delete()

    def derive(self) -> None:
        from claims.derive import derive_due

        derive_due()

    def empty_statuses(self) -> None:
        from django.db import connection, transaction

        from claims.derive import derive
        from claims.models import Claim

        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("TRUNCATE claims_statusinterval")
        derive(set(Claim.objects.values_list("place", flat=True)))

    def hold_open(self) -> None:
        """Something is changed, and committed only after others have changed and read much."""
        from django.db import transaction

        with transaction.atomic():
            self.random.choice([self.add, self.decide, self.change_passages])()
            time.sleep(self.random.uniform(0.1, LONGEST))

    def take_back(self) -> None:
        from django.db import transaction

        with transaction.atomic():
            self.decide()
            with transaction.atomic():
                self.add()
                if self.random.random() < 0.5:  # this part alone
                    transaction.set_rollback(True)
                    return
            transaction.set_rollback(True)


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--changes", type=int, required=True)
    given = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    from celery import current_app

    current_app.conf.update(broker_url="memory://")  # it wakes nobody: it derives by itself
    writer = Writer(given.seed, given.changes)
    writer.run()
    sys.stdout.write("".join(f"{name} {count}\n" for name, count in writer.done.items()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
