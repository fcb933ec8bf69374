"""Towns as they were known on a day, or by what had been recorded as of a time: for lists, in a
constant number of queries whatever the number of towns."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from claims.derive import for_many_statuses, town_status
from claims.models import Claim
from claims.recorded import as_they_stood, ever_recorded, recorded_in
from claims.status.records import Interval
from claims.timeline import published_by
from entities.models import Place


@dataclass(frozen=True, slots=True)
class TownThen:
    """A town's status on a day, from verified claims and with pending ones (None: nothing
    follows), and the claims that were known."""

    verified: Interval | None
    with_pending: Interval | None
    live: int
    pending: int
    latest_on: date | None


def known_towns(*, known_on: date | None, as_of: datetime | None) -> QuerySet[Place]:
    """Places about which something had been published by a day, and recorded by a time."""
    rows = Claim.objects.live() if as_of is None else ever_recorded(as_of=as_of)
    here = published_by(rows.filter(place=OuterRef("pk")), known_on)
    return Place.objects.filter(Exists(here)).select_related("conflict")


def towns_then(
    places: Collection[UUID], *, day: date, known_on: date | None, as_of: datetime | None
) -> dict[UUID, TownThen]:
    """What was to be said of each of these towns for `day`."""
    claims: dict[UUID, list[Claim]] = defaultdict(list)
    if as_of is None:
        found = list(published_by(for_many_statuses().live().filter(place__in=places), known_on))
    else:
        found = as_they_stood(published_by(recorded_in(places, as_of=as_of), known_on))
    for claim in found:
        claims[claim.place_id].append(claim)
    return {place: _then(claims[place], day) for place in places}


def _then(claims: list[Claim], day: date) -> TownThen:
    verified = [claim for claim in claims if claim.state in Claim.VERIFIED]
    return TownThen(
        town_status(verified).on(day),
        town_status(claims).on(day),
        len(claims),
        len(claims) - len(verified),
        max((claim.asserted_on for claim in claims), default=None),
    )
