"""What pages and API show of a town: its claims, bands and lanes, read once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, TypedDict, TypeVar

from django.contrib.postgres.fields import ArrayField
from django.db.models import (
    Count,
    DurationField,
    Exists,
    ExpressionWrapper,
    F,
    Max,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
    TextField,
    Value,
)
from django.db.models.functions import Cast
from django.utils import timezone

from claims.derive import AnyRows
from claims.models import Claim, ClaimQuerySet, DueTown, StatusInterval
from claims.own_sides import own_sides
from claims.recorded import recorded
from claims.statements import Among, Given, Statement
from claims.status.records import Interval, TownStatus
from claims.status.rule_sets import V1
from claims.town_claims import (
    TownClaim,
    Values,
    claim_values,
    divided,
    sides_in,
    statuses_of,
    town_claims,
)
from entities.folding import fold
from entities.models import Place, PlaceName, Side

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

    class Present(TypedDict):
        """What `with_status` adds to a place."""

        live_claims: int
        pending_claims: int
        latest_on: date | None
        status_now: str | None
        status_since: date | None
        now: list[StatusInterval]
        now_with_pending: list[StatusInterval]

    Town = WithAnnotations[Place, Present]
else:
    Town = Place
AnyPlace = TypeVar("AnyPlace", bound=Place)


@dataclass(frozen=True, slots=True)
class Row:
    """One claimant's claims, in the order of their days. `official` and `name` are for the
    label beside the row."""

    name: str
    claims: tuple[TownClaim, ...]


@dataclass(frozen=True, slots=True)
class Lane:
    """One side's rows; `side` None is the lane of third parties and publishers."""

    side: Side | None
    rows: tuple[Row, ...]

    @property
    def name(self) -> str:
        return self.side.name if self.side else "Others"


@dataclass(frozen=True, slots=True)
class Timeline:
    """A town as known on a day (None: with all that is known now), by what was recorded `as_of`
    a time (None: by now)."""

    place: Place
    sides: dict[str, Side]
    claims: tuple[TownClaim, ...]
    verified: TownStatus
    with_pending: TownStatus
    known_on: date | None
    as_of: datetime | None
    by_id: dict[str, TownClaim] = field(repr=False)

    def status(self, *, include_pending: bool) -> TownStatus:
        return self.with_pending if include_pending else self.verified

    def last_day(self, today: date) -> date:
        """The day to which the statuses last: `today`, or the one that it is read as of."""
        days = [today, self.known_on, self.as_of and timezone.localdate(self.as_of)]
        return min(day for day in days if day)

    def lanes(self) -> tuple[Lane, ...]:
        """Claimants by side, sides in their order, third parties last."""
        rows: dict[str | None, dict[str, list[TownClaim]]] = {key: {} for key in self.sides}
        rows[None] = {}
        for claim in self.claims:
            rows.setdefault(claim.side, {}).setdefault(claim.who, []).append(claim)
        return tuple(
            Lane(
                self.sides.get(side) if side else None,
                tuple(Row(name, tuple(claims)) for name, claims in by_name.items()),
            )
            for side, by_name in rows.items()
            if by_name
        )

    def deciding(self, interval: Interval) -> list[TownClaim]:
        return [self.by_id[id_] for id_ in interval.deciding if id_ in self.by_id]


@dataclass(frozen=True, slots=True)
class KeptStatus(TownStatus):
    """As it is kept (`StatusInterval`), which does not have when exactly sides were divided:
    that follows from its `claims`, where any was in the band of the day."""

    claims: Sequence[TownClaim] = ()

    def divided_on(self, day: date) -> tuple[str, ...]:
        band = self.on(day)
        return divided(self.claims, day) if band and band.divided else ()


def timeline(
    place: Place, *, known_on: date | None = None, as_of: datetime | None = None
) -> Timeline:
    """Read a town's timeline in a constant number of queries.

    `known_on` leaves out what was published after that day, counted in the publisher's own
    offset, with today's decisions: what could be known. `as_of` takes the rows and decisions
    that were recorded by that time: what this system said then (see `claims.recorded`).
    """
    sides = sides_in(place)
    claims = town_claims(place, _rows(place, known_on, as_of), sides)
    verified, with_pending = (
        known_on is None and as_of is None and _kept(place, claims)
    ) or statuses_of(claims)
    return Timeline(
        place=place,
        sides=sides.by_key if place.conflict_id else sides_of(place, claims),
        claims=claims,
        verified=verified,
        with_pending=with_pending,
        known_on=known_on,
        as_of=as_of,
        by_id={claim.id: claim for claim in claims},
    )


_LIVE = Statement(lambda: claim_values(known(Given("place"))))
_LIVE_BY = Statement(lambda: claim_values(published_before(known(Given("place")), Given("end"))))


def _rows(place: Place, known_on: date | None, as_of: datetime | None) -> Iterable[Values]:
    if as_of is not None:
        return claim_values(published_by(recorded(place, as_of=as_of), known_on))
    if known_on is not None:
        return _LIVE_BY.rows(place=place.pk, end=_end_of(known_on))
    return _LIVE.rows(place=place.pk)


Bands = dict[tuple[bool, str], list[Interval]]
_INTERVALS = Statement(
    lambda: (
        StatusInterval.objects.filter(
            Among(F("include_pending"), Given("pending")), place=Given("place")
        )
        .order_by("start")
        .values_list(
            *("include_pending", "part_label", "start", "end", "status", "sides", "rule"),
            Cast("deciding", ArrayField(TextField())),
            *("divided", "by_own_word", "word_days", "version"),
            Exists(DueTown.objects.filter(place=Given("place"))),
        )
    )
)


def kept_bands(place: Place, pending: Sequence[bool] = (False, True)) -> Bands | None:
    """A town's intervals as they were derived, by whether pending claims count (those of `pending`)
    and by the label of a part ("": the whole); None where nothing is kept, or a change waits to be
    derived. One query."""
    bands: Bands = defaultdict(list)
    rows = _INTERVALS.rows(place=place.pk, pending=list(pending))
    for include, label, start, end, status, sides, rule, deciding, *rest in rows:
        divided, by_own_word, word_days, version, due = rest
        if due or version != V1.name:
            return None
        bands[include, label].append(
            Interval(
                start,
                end,
                status,
                tuple(sides),
                rule,
                tuple(deciding),
                tuple(divided),
                by_own_word,
                tuple((since, last) for since, last in word_days),
                version,
            )
        )
    return bands or None


def _kept(place: Place, claims: Sequence[TownClaim]) -> tuple[TownStatus, TownStatus] | None:
    """The same as it was derived. One query."""
    bands = kept_bands(place)
    if bands is None:
        return None

    def told(counting: Sequence[TownClaim], *, pending: bool) -> KeptStatus:
        labels = sorted(label for with_pending, label in bands if with_pending == pending and label)
        return KeptStatus(
            tuple(bands.get((pending, ""), ())),
            {label: tuple(bands[pending, label]) for label in labels},
            claims=counting,
        )

    verified = [claim for claim in claims if claim.verified]
    return told(verified, pending=False), told(claims, pending=True)


def known(place: Place | Given, *, known_on: date | None = None) -> ClaimQuerySet:
    """A town's live claims, without those published after `known_on`."""
    return published_by(Claim.objects.live().filter(place=place), known_on)


def published_by(rows: AnyRows, known_on: date | None) -> AnyRows:
    """Of claims, or of rows of their history, those whose document was published by a day."""
    return rows if known_on is None else published_before(rows, _end_of(known_on))


def published_before(rows: AnyRows, end: datetime | Given) -> AnyRows:
    """The same by the end of a day, of which each publisher has its own."""
    offset = ExpressionWrapper(
        F("document__published_offset") * Value(timedelta(minutes=1)),
        output_field=DurationField(),
    )
    return rows.annotate(published_there=F("document__published") + offset).filter(
        published_there__lt=end
    )


def _end_of(day: date) -> datetime:
    return datetime.combine(day + timedelta(days=1), time(), UTC)


def sides_of(place: Place, claims: Iterable[Claim | TownClaim]) -> dict[str, Side]:
    """The sides of a town's conflict by key; in none, those of whoever its claims name."""
    if place.conflict_id is None:
        return own_sides(actor for claim in claims for actor in (claim.claimant, claim.subject))
    return {side.key: side for side in Side.objects.filter(conflict_id=place.conflict_id)}


def towns(*, include_pending: bool = False) -> QuerySet[Town]:
    """Places that somebody claims something about, each as `with_status` has it."""
    claimed = Exists(Claim.objects.live().filter(place=OuterRef("pk")))
    return with_status(Place.objects.filter(claimed), include_pending=include_pending)


def with_status(places: QuerySet[Place], *, include_pending: bool = False) -> QuerySet[Town]:
    """Each place with its numbers of `live_claims` and `pending_claims`, the day `latest_on`
    which something was last said about it, its present status as `status_now` and
    `status_since` (None: nothing follows), and the interval itself, if any, in the list
    `now`; that with pending claims always in `now_with_pending`."""
    is_live = Q(claims__state__in=[*Claim.VERIFIED, Claim.State.PENDING])
    present_rows = StatusInterval.objects.filter(part_label="", end__isnull=True)
    chosen = present_rows.filter(include_pending=include_pending)
    now = chosen.filter(place=OuterRef("pk"))
    return (
        places.select_related("conflict")
        .annotate(
            live_claims=Count("claims", filter=is_live),
            pending_claims=Count("claims", filter=Q(claims__state=Claim.State.PENDING)),
            latest_on=Max("claims__asserted_on", filter=is_live),
            status_now=Subquery(now.values("status")[:1]),
            status_since=Subquery(now.values("start")[:1]),
        )
        .prefetch_related(
            "conflict__sides",
            Prefetch("intervals", chosen, to_attr="now"),
            Prefetch(
                "intervals", present_rows.filter(include_pending=True), to_attr="now_with_pending"
            ),
        )
    )


def named(places: QuerySet[AnyPlace], words: str) -> QuerySet[AnyPlace]:
    """Those of `places` one of whose names begins with `words`, in any spelling."""
    names = PlaceName.objects.filter(place=OuterRef("pk"), folded__startswith=fold(words))
    return places.filter(Exists(names))
