"""Derive towns' statuses from their claims: rows in, the pure rules applied, rows out.

The rules are `claims.status`; here stands only what they are fed and where the result goes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Container, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta, timezone
from functools import lru_cache
from typing import Any, TypeVar
from uuid import UUID

from django.db import transaction
from django.db.models import Prefetch, QuerySet, TextField
from django.db.models.functions import Cast, Coalesce

from claims.models import (
    Claim,
    ClaimQuerySet,
    DueTown,
    ExtractionRun,
    StatusInterval,
    TrackedStatement,
)
from claims.own_sides import own_side
from claims.review.urgency import Urgency, waiting
from claims.review.urgency import write as write_urgency
from claims.status.engine import derive as apply_rules
from claims.status.records import Interval, StatusActor, StatusClaim, TownStatus
from claims.status.rule_sets import V1, RuleSet
from claims.status.track_record import follow
from claims.tracking import tracked
from claims.tracking import write as write_tracked
from entities.models import Actor, Allegiance, Place

AnyRows = TypeVar("AnyRows", bound=QuerySet[Any])
BATCH = 200  # towns whose claims are held in memory at once


def for_status() -> ClaimQuerySet:
    """Claims with all that a status needs, in a constant number of queries."""
    return with_what_statuses_need(Claim.objects.all())


def with_what_statuses_need(rows: AnyRows) -> AnyRows:
    """Of claims, or of rows of their history. The documents' texts, which statuses do not
    need, are left in the database."""
    return (
        rows.select_related(
            *("document__publisher", "claimant", "subject", "place"),
            *("claimant__parent__parent", "subject__parent__parent"),
        )
        .prefetch_related("claimant__allegiances__side", "subject__allegiances__side")
        .defer("document__text")
    )


def for_many_statuses() -> ClaimQuerySet:
    """The same for thousands of claims by few: they share the rows of actors, publishers and
    places, which joined to each would be made anew for every claim, in three times the time and
    memory. Two queries more."""
    allegiances = Prefetch("allegiances", Allegiance.objects.select_related("side"))
    actors = Actor.objects.select_related("parent__parent").prefetch_related(allegiances)
    return (
        Claim.objects.select_related("document")
        .prefetch_related("document__publisher", "place")
        .prefetch_related(*(Prefetch(who, actors) for who in ("claimant", "subject")))
        .defer("document__text")
    )


def town_status(claims: Iterable[Claim], rules: RuleSet = V1) -> TownStatus:
    """The status that follows from one town's claims (from `for_status`, already chosen by
    state and publication)."""
    rows = list(claims)
    actors = status_actors(rows)
    said = tuple(status_claim(row) for row in rows)
    return _applied(said, tuple(actors[key] for key in sorted(actors)), rules)


@lru_cache(maxsize=64)  # towns are read more often than claims about them change
def _applied(
    said: tuple[StatusClaim, ...], actors: tuple[StatusActor, ...], rules: RuleSet
) -> TownStatus:
    """The rules are a pure function, so what followed once from the same words still does."""
    return apply_rules(said, {actor.key: actor for actor in actors}, rules)


def status_claim(row: Claim) -> StatusClaim:
    """The claim as the rules take it. Sides are those of the place's conflict on the day."""
    return StatusClaim(
        id=str(row.id),
        family=str(row.document.family_id),
        document=str(row.document.article_id or row.document_id),
        claimant=claimant_key(row),
        claimant_side=side_of(row.claimant, row.place, row.asserted_on),
        stance=row.stance,
        predicate=row.predicate,
        subject_side=side_of(row.subject, row.place, row.asserted_on),
        extent=row.extent,
        part_label=row.part_label,
        asserted_on=row.asserted_on,
        asserted_precision=row.asserted_precision,
        event_date=row.event_date,
        event_precision=row.event_precision or None,
        published=row.document.published_local,
        speaker=row.speaker,
    )


def status_actors(rows: Iterable[Claim]) -> Mapping[str, StatusActor]:
    """The claimants. Their sides stand on the claims: an actor may change sides."""
    return {
        (key := claimant_key(row)): (
            StatusActor(key, is_publisher=True)
            if row.claimant is None
            else _status_actor(row.claimant)
        )
        for row in rows
    }


def _status_actor(actor: Actor) -> StatusActor:
    return StatusActor(
        key=actor.slug, official=actor.official, is_publisher=actor.kind == "publisher"
    )


def claimant_key(row: Claim) -> str:
    if row.claimant is None:
        return f"publisher:{row.document.publisher.name}"
    return row.claimant.slug


def side_of(actor: Actor | None, place: Place, day: date) -> str | None:
    """The key of the actor's side in the place's conflict on `day`. An actor without one of
    its own takes its parent's only through its pack, so that the rules never guess. In a town
    of no conflict every state and every movement is a side of its own."""
    if actor is None:
        return None
    if place.conflict_id is None:
        return own_side(actor)
    return side_by(actor.allegiances.all(), place.conflict_id, day)


def side_by(allegiances: Iterable[Allegiance], conflict: UUID, day: date) -> str | None:
    """The key of the side in a conflict that somebody with these allegiances is on that day."""
    for allegiance in allegiances:
        if allegiance.side.conflict_id == conflict and _covers(allegiance, day):
            return allegiance.side.key
    return None


def _covers(allegiance: Allegiance, day: date) -> bool:
    return (allegiance.since is None or allegiance.since <= day) and (
        allegiance.until is None or day <= allegiance.until
    )


@transaction.atomic
def derive(places: Collection[UUID]) -> set[UUID]:
    """Bring the intervals of these towns up to date, and what became of the statements about
    them, verified and with pending claims; and say of their claims that wait for an editor which
    of them matter for a status, and which are contradicted.

    Only what differs is written: an interval that still holds keeps its row and id. Two
    derivations of one town at once wait for each other, so the later one, which sees both
    changes, is the one that stays. Towns of which a claim was in somebody's hands at this very
    moment, so that its place in the queue could not be told, stay due; they are returned.
    """
    _lock(places)
    DueTown.objects.filter(place__in=places).delete()
    queued = waiting(places)
    found = follows(places, queued=queued)
    _write(places, found.intervals)
    write_tracked(places, found.statements)
    left = write_urgency(queued, found.urgency)
    DueTown.objects.bulk_create(DueTown(place_id=place_id) for place_id in left)
    return left


# Of a claim's row, what the rules take. As plain values: rows as objects, five to a claim, take
# longer to make than the rules to apply.
_VALUES = (
    *("key", "family", "text", "place_id", "state", "claimant_id", "subject_id", "speaker"),
    *("stance", "predicate", "extent", "part_label", "asserted_on", "asserted_precision"),
    *("event_date", "event_precision"),
    *("document__published", "document__published_offset", "document__publisher__name"),
)


@dataclass(slots=True)
class Town:
    """A town's live claims as the rules take them, and those of them that are verified."""

    claims: list[StatusClaim] = field(default_factory=list)
    verified: list[StatusClaim] = field(default_factory=list)


class Claimants:
    """Who speaks in some towns' claims, by id: as `claimant_key`, `status_actors` and `side_of`
    have it of rows."""

    def __init__(self, ids: Collection[UUID], places: Collection[UUID]) -> None:
        allegiances = Prefetch("allegiances", Allegiance.objects.select_related("side"))
        actors = Actor.objects.select_related("parent__parent").prefetch_related(allegiances)
        self.rows = actors.in_bulk(ids)
        self.ids = {row.slug: id_ for id_, row in self.rows.items()}
        self.actors = {row.slug: _status_actor(row) for row in self.rows.values()}
        self._allegiances = {id_: tuple(row.allegiances.all()) for id_, row in self.rows.items()}
        self._own: dict[UUID, str | None] = {}
        self._conflicts: dict[UUID, UUID | None] = dict(
            Place.objects.filter(id__in=places).values_list("id", "conflict")
        )

    def key(self, id_: UUID | None, publisher: str) -> str:
        if id_ is not None:
            return self.rows[id_].slug
        key = f"publisher:{publisher}"
        self.actors.setdefault(key, StatusActor(key, is_publisher=True))
        return key

    def side(self, id_: UUID | None, place: UUID, day: date) -> str | None:
        if id_ is None:
            return None
        if (conflict := self._conflicts[place]) is not None:
            return side_by(self._allegiances[id_], conflict, day)
        if id_ not in self._own:
            self._own[id_] = own_side(self.rows[id_])
        return self._own[id_]


def read(places: Collection[UUID]) -> tuple[dict[UUID, Town], Claimants]:
    """These towns' live claims, and who makes them, in four queries."""
    rows = list(
        Claim.objects.live()
        .filter(place__in=places)
        .order_by()
        .annotate(
            key=_text("id"),
            family=_text("document__family_id"),
            text=_text(Coalesce("document__article_id", "document_id")),
        )
        .values_list(*_VALUES, named=True)
    )
    ids = {id_ for row in rows for id_ in (row.claimant_id, row.subject_id) if id_ is not None}
    who = Claimants(ids, places)
    towns: dict[UUID, Town] = defaultdict(Town)
    for row in rows:
        place, day = row.place_id, row.asserted_on
        claim = StatusClaim(
            id=row.key,
            family=row.family,
            document=row.text,
            claimant=who.key(row.claimant_id, row.document__publisher__name),
            claimant_side=who.side(row.claimant_id, place, day),
            stance=row.stance,
            predicate=row.predicate,
            subject_side=who.side(row.subject_id, place, day),
            extent=row.extent,
            part_label=row.part_label,
            asserted_on=day,
            asserted_precision=row.asserted_precision,
            event_date=row.event_date,
            event_precision=row.event_precision or None,
            published=row.document__published.astimezone(_zone(row.document__published_offset)),
            speaker=row.speaker,
        )
        towns[place].claims.append(claim)
        if row.state in Claim.VERIFIED:
            towns[place].verified.append(claim)
    return towns, who


@lru_cache(maxsize=64)
def _zone(minutes: int) -> timezone:
    return timezone(timedelta(minutes=minutes))


def _text(id_: str | Coalesce) -> Cast:
    """An id as text, which is all that the rules need of it."""
    return Cast(id_, TextField())


@dataclass(frozen=True, slots=True)
class Derived:
    """What follows from some towns' claims; nothing of it is saved."""

    intervals: list[StatusInterval] = field(default_factory=list)
    statements: list[TrackedStatement] = field(default_factory=list)
    urgency: Urgency = field(default_factory=Urgency)


def follows(places: Collection[UUID], *, queued: Container[UUID]) -> Derived:
    """What follows from the claims about these towns. `queued`: the towns of which claims wait
    for an editor, whose urgency is told."""
    towns, who = read(places)
    found = Derived()
    for place_id, town in towns.items():
        bands: list[StatusInterval] = []
        verified = follow(town.verified, who.actors)
        # Where nothing is pending it is the same once more.
        same = len(town.verified) == len(town.claims)
        with_pending = verified if same else follow(town.claims, who.actors)
        for include_pending, (status, said) in ((False, verified), (True, with_pending)):
            bands += _intervals(place_id, include_pending, status)
            found.statements.extend(
                tracked(place_id, said, ids=who.ids, include_pending=include_pending)
            )
        found.intervals.extend(bands)
        if place_id in queued:
            found.urgency.add(bands, town.claims, who.actors)
    return found


def derive_due() -> int:
    """Derive all towns that a change has made due, but for those that another process derives
    just now, a batch at a time, each batch wholly or not at all. Returns how many.

    While documents wait to be read, each once: others read them in the meantime, and make the
    towns due again as fast as they are derived, so that whoever does would do nothing else until
    the queue ends. Whoever finds its end sends word of what is due then."""
    count = 0
    left: set[UUID] = set()  # for the next time, rather than again and again at once
    while found := _due(without=left):
        with transaction.atomic():
            free = undisturbed(found)
            left |= {*found} - free
            # Another process may have derived some of them in the meantime.
            still = set(_due(among=free))
            left |= derive(still)
        if ExtractionRun.objects.untried().exists():
            left |= still
        count += len(still)
    return count


def undisturbed(places: Collection[UUID]) -> set[UUID]:
    """Those of these towns that nobody else derives at this moment; nobody else does until the
    transaction ends. Who derives the others goes on as long as some are due, so that there is
    nothing to wait for."""
    rows = Place.objects.select_for_update(no_key=True, skip_locked=True)
    return set(rows.filter(id__in=places).order_by("id").values_list("id", flat=True))


def _due(among: Collection[UUID] | None = None, without: Collection[UUID] = ()) -> list[UUID]:
    towns = DueTown.objects.order_by("place").values_list("place", flat=True).distinct()
    if without:
        towns = towns.exclude(place__in=without)
    return list(towns[:BATCH] if among is None else towns.filter(place__in=among))


def _lock(places: Collection[UUID]) -> None:
    """Let others wait who derive these towns, but not those who write claims about them."""
    rows = Place.objects.select_for_update(no_key=True).filter(id__in=places).order_by("id")
    list(rows.values_list("id"))


def _write(places: Collection[UUID], derived: Iterable[StatusInterval]) -> None:
    """Make the rows of these towns say what was derived: at most three queries."""
    there = {row.slot: row for row in StatusInterval.objects.filter(place__in=places).iterator()}
    to_write = [
        row
        for row in derived
        if (old := there.pop(row.slot, None)) is None or not old.says_the_same_as(row)
    ]
    if there:
        StatusInterval.objects.filter(id__in=[row.pk for row in there.values()]).delete()
    if to_write:
        StatusInterval.objects.bulk_create(
            to_write,
            update_conflicts=True,
            unique_fields=StatusInterval.KEY,
            update_fields=StatusInterval.VALUES,
        )


def _intervals(
    place_id: UUID, include_pending: bool, status: TownStatus
) -> Iterable[StatusInterval]:
    bands: list[tuple[str, tuple[Interval, ...]]] = [("", status.bands), *status.parts.items()]
    for part_label, intervals in bands:
        for interval in intervals:
            yield StatusInterval(
                place_id=place_id,
                include_pending=include_pending,
                part_label=part_label,
                start=interval.start,
                end=interval.end,
                status=interval.status,
                sides=list(interval.sides),
                divided=list(interval.divided),
                rule=interval.rule,
                version=interval.version,
                by_own_word=interval.by_own_word,
                word_days=[list(pair) for pair in interval.word_days],
                deciding=[UUID(id_) for id_ in interval.deciding],
            )
