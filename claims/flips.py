"""Which towns another rule set would show otherwise than v1 does, and by which claims."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from claims.derive import for_many_statuses, status_actors, status_claim
from claims.models import Claim
from claims.status.engine import derive as apply_rules
from claims.status.records import Interval, status_text
from claims.status.rule_sets import V1, RuleSet
from entities.models import Place

BATCH = 50  # towns whose claims are held in memory at once


@dataclass(frozen=True, slots=True)
class Flip:
    """A town on a day: what v1 says of it (`before`), and what the other set says (`after`);
    None: nothing that counts has been said by then, which is unknown too. `claims`: those that
    decide either, by id."""

    place: Place
    before: Interval | None
    after: Interval | None
    claims: Mapping[str, Claim]

    def deciding(self, interval: Interval | None) -> list[Claim]:
        return [self.claims[id_] for id_ in interval.deciding] if interval else []


def claimed_towns(*, include_pending: bool = False) -> QuerySet[Place]:
    """The towns about which claims count, by name."""
    counting = Claim.objects.counting(include_pending=include_pending)
    return Place.objects.filter(Exists(counting.filter(place=OuterRef("pk")))).order_by(
        "name", "id"
    )


def flips(
    towns: QuerySet[Place], rules: RuleSet, *, on: date, include_pending: bool = False
) -> Iterator[Flip]:
    """Those of `towns` of which the day's status is another by `rules` than by v1, in their
    order. Takes the same number of queries for each 50 towns, and holds no more than their
    claims in memory. The statuses of parts are not compared."""
    ids = iter(list(towns.values_list("pk", flat=True)))
    while batch := list(islice(ids, BATCH)):
        yield from _flips_among(batch, rules, on, include_pending)


def _flips_among(
    batch: list[UUID], rules: RuleSet, on: date, include_pending: bool
) -> Iterator[Flip]:
    places = Place.objects.select_related("conflict").prefetch_related("conflict__sides")
    by_id = places.in_bulk(batch)
    claims: dict[UUID, list[Claim]] = defaultdict(list)
    counting = for_many_statuses().counting(include_pending=include_pending)
    for claim in counting.filter(place__in=batch):
        claims[claim.place_id].append(claim)
    for id_ in batch:
        said, actors = [status_claim(row) for row in claims[id_]], status_actors(claims[id_])
        before, after = (apply_rules(said, actors, one).on(on) for one in (V1, rules))
        if text(before) != text(after):
            deciding = {key for band in (before, after) if band for key in band.deciding}
            named = {str(row.id): row for row in claims[id_] if str(row.id) in deciding}
            yield Flip(by_id[id_], before, after, named)


def text(interval: Interval | None) -> str:
    """The status in the one wording that statuses are compared by."""
    return interval.text() if interval else status_text("unknown", ())


def as_data(flip: Flip) -> dict[str, Any]:
    """For JSON."""
    return {
        "town": flip.place.name,
        "id": str(flip.place.pk),
        "conflict": flip.place.conflict.slug if flip.place.conflict else None,
        "from": _side_as_data(flip, flip.before),
        "to": _side_as_data(flip, flip.after),
    }


def _side_as_data(flip: Flip, interval: Interval | None) -> dict[str, Any]:
    return {
        "status": text(interval),
        "since": interval.start.isoformat() if interval else None,
        "rule": interval.rule if interval else None,
        "deciding": [{"id": str(one.pk), "label": one.label} for one in flip.deciding(interval)],
    }
