"""All statuses that towns ever had, in one piece, for a script that shows any day of them.

Days are numbers, counted from the `first`; looks and deciding words, which repeat, are named by
their numbers in the lists `looks` and `words`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any, TypedDict, cast
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet, Subquery

from claims.models import Claim, StatusInterval
from claims.own_sides import own_sides, parties_called
from claims.pages.colours import Patterns, fill_of, patterns_for
from claims.pages.deciding import Word, deciding_claims, deciding_words, initials
from claims.pages.home import Coloured
from claims.pages.wording import in_words, where
from claims.timeline import named
from entities.models import Actor, Place, Side

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

    class Claimed(TypedDict):
        """`first_claim`: the day on which something was first said about a place."""

        first_claim: date

    ClaimedPlace = WithAnnotations[Place, Claimed]
else:
    ClaimedPlace = Place


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of days, up to the town's next one, in which a town looks the same. `since`: the
    day on which its status began to have these words. `pending`: only pending claims say so."""

    start: date
    since: date
    interval: StatusInterval
    pending: bool


@dataclass(frozen=True, slots=True)
class Replay:
    """`content` is ready to be sent; `patterns` are those that its looks' fills refer to."""

    content: dict[str, Any]
    patterns: Patterns


def replay(ask: Mapping[str, Any]) -> Replay:
    """The towns that are asked for, whatever their status, in the order of their names. The
    number of queries does not depend on theirs."""
    places = _places(ask)
    intervals = StatusInterval.objects.filter(part_label="")
    if ask["q"] or ask["conflict"]:  # of all places, to look for each took as long as to read it
        intervals = intervals.filter(place__in=places.order_by())
    rows: dict[UUID, list[StatusInterval]] = defaultdict(list)
    for row in intervals.order_by("place_id", "start").defer("divided"):
        rows[row.place_id].append(row)
    return _Packer(deciding_claims(intervals)).pack(
        [
            (place, tuple(segments(rows[place.id], include_pending=ask["include_pending"])), sides)
            for place, sides in _with_sides(places, rows)
        ]
    )


def _places(ask: Mapping[str, Any]) -> QuerySet[Place]:
    claimed = Claim.objects.live().filter(place=OuterRef("pk"))
    found = Place.objects.filter(Exists(claimed)).select_related("conflict").order_by("name", "id")
    if ask["q"]:
        found = named(found, ask["q"])
    if ask["conflict"]:
        found = found.filter(conflict__slug=ask["conflict"])
    return found


def _with_sides(
    places: QuerySet[Place], rows: Mapping[UUID, Iterable[StatusInterval]]
) -> Iterator[tuple[ClaimedPlace, dict[str, Side]]]:
    """Each place with its sides by key, those of no conflict with their own."""
    # Of each town by its index: joined, all claims were read and grouped by all columns of places.
    said = Claim.objects.live().filter(place=OuterRef("pk")).order_by("asserted_on")
    annotated = places.annotate(first_claim=Subquery(said.values("asserted_on")[:1]))
    annotated = annotated.defer("districts", "admin1_names")
    found = list(cast("QuerySet[ClaimedPlace]", annotated.prefetch_related("conflict__sides")))
    keys = {
        place.id: {key for row in rows[place.id] for key in row.sides}
        for place in found
        if place.conflict is None
    }
    called: dict[str, Actor] = parties_called(set().union(*keys.values())) if keys else {}
    for place in found:
        if place.conflict is None:
            yield place, own_sides(called[key] for key in keys[place.id] if key in called)
        else:
            yield place, {side.key: side for side in place.conflict.sides.all()}


def segments(rows: Iterable[StatusInterval], *, include_pending: bool) -> Iterator[Segment]:
    """What is shown of a town from its intervals of both kinds, ascending: the verified ones, and
    before the first of them those with pending claims; or the latter throughout."""
    verified: list[StatusInterval] = []
    with_pending: list[StatusInterval] = []
    for row in rows:
        (with_pending if row.include_pending else verified).append(row)
    known = verified[0].start if verified else date.max
    for row, since in _with_since(with_pending):
        if row.start < known:
            yield Segment(row.start, since, row, pending=True)
        if include_pending and (row.end is None or row.end > known):
            yield Segment(max(row.start, known), since, row, pending=False)
    if not include_pending:
        for row, since in _with_since(verified):
            yield Segment(row.start, since, row, pending=False)


def _with_since(rows: Iterable[StatusInterval]) -> Iterator[tuple[StatusInterval, date]]:
    before: StatusInterval | None = None
    since = date.min
    for row in rows:
        if before is None or before.end != row.start or _said(before) != _said(row):
            since = row.start
        yield row, since
        before = row


def _said(row: StatusInterval) -> tuple[str, list[str], bool]:
    """What a status' words tell: of contested and unknown no side."""
    if row.status in ("contested", "unknown"):
        return row.status, [], False
    return row.status, row.sides, row.by_own_word


PlacedTown = tuple[ClaimedPlace, tuple[Segment, ...], Mapping[str, Side]]


@dataclass(slots=True)
class _Packer:
    """Puts repeated things into lists, each once."""

    claims: Mapping[UUID, Word]
    looks: dict[tuple[Any, ...], int] = field(default_factory=dict)
    words: dict[str, int] = field(default_factory=dict)
    coloured: list[Coloured] = field(default_factory=list)
    # The numbers of looks by whose they are and what tells one from another.
    known: dict[tuple[Any, ...], int] = field(default_factory=dict)

    def pack(self, towns: list[PlacedTown]) -> Replay:
        days = [segment.start for _, parts, _ in towns for segment in parts]
        first = min([*days, *(place.first_claim for place, _, _ in towns)], default=None)
        packed = [self._town(*town, first) for town in towns] if first else []
        content = {
            "first": first.isoformat() if first else None,
            "looks": list(self.looks),
            "words": list(self.words),
            "towns": packed,
        }
        return Replay(content, patterns_for(self.coloured))

    def _town(
        self,
        place: ClaimedPlace,
        parts: tuple[Segment, ...],
        sides: Mapping[str, Side],
        first: date,
    ) -> list[Any]:
        begun = min([place.first_claim, *(part.start for part in parts)])
        war = place.conflict_id or place.id
        return [
            *(place.short_id, place.name, where(place), place.get_absolute_url()),
            *(place.latitude, place.longitude, (begun - first).days),
            [self._segment(part, war, sides, first) for part in parts],
        ]

    def _segment(
        self, part: Segment, war: UUID, sides: Mapping[str, Side], first: date
    ) -> list[int | list[int]]:
        row = part.interval
        words = deciding_words(row.deciding, self.claims)
        key = (war, row.status, *row.sides, row.by_own_word, part.pending)
        if key not in self.known:
            self.known[key] = self.looks.setdefault(self._look(part, sides), len(self.looks))
        return [
            (part.start - first).days,
            (part.since - first).days,
            self.known[key],
            self.words.setdefault(words, len(self.words)),
            [(day - first).days for pair in row.word_days for day in pair],
        ]

    def _look(self, part: Segment, sides: Mapping[str, Side]) -> tuple[Any, ...]:
        row = part.interval
        colours = {key: side.colour for key, side in sides.items()}
        self.coloured.append((row, colours))
        fill = fill_of(row, colours)
        letters = dict(zip(sides, initials([side.name for side in sides.values()]), strict=True))
        holder = row.sides[0] if row.sides and row.status != "contested" else ""
        words = in_words(row, {key: side.name for key, side in sides.items()})
        letter = letters.get(holder, "")
        return (row.status, words, fill.fill, fill.edge, letter, int(part.pending))
