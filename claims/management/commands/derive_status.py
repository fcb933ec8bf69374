"""Derive towns' statuses anew from their claims."""

from __future__ import annotations

import sys
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db.models import Exists, OuterRef, Q
from tqdm import tqdm

from claims.derive import BATCH, derive
from claims.models import Claim, StatusInterval
from claims.timeline import named
from entities.models import Place


class Command(BaseCommand):
    help = (
        "Derive the statuses of towns anew, of all that have claims or of those named. Needed "
        "after the rules have changed; the rest happens by itself. Towns are written 200 at a "
        "time, each time wholly or not at all; one that was interrupted can be repeated."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "towns", nargs="*", metavar="TOWN", help="the beginning of a name, in any spelling"
        )

    def handle(self, *args: Any, towns: list[str], **options: Any) -> None:
        places = Place.objects.filter(
            Q(Exists(Claim.objects.filter(place=OuterRef("pk"))))
            | Q(Exists(StatusInterval.objects.filter(place=OuterRef("pk"))))
        )
        ids = sorted(
            {id_ for town in towns for id_ in self._named(town)}
            if towns
            else places.values_list("id", flat=True)
        )
        for start in tqdm(
            range(0, len(ids), BATCH), unit="batch", file=sys.stderr, disable=len(ids) <= BATCH
        ):
            derive(ids[start : start + BATCH])
        bands = StatusInterval.objects.filter(place__in=ids, part_label="").count()
        self.stdout.write(f"{len(ids)} towns, {bands} bands")

    def _named(self, town: str) -> list[UUID]:
        with_claims = Place.objects.filter(Exists(Claim.objects.filter(place=OuterRef("pk"))))
        found = list(named(with_claims, town).values_list("id", flat=True))
        if not found:
            raise CommandError(f"no town with claims has a name that begins with {town!r}")
        return found
