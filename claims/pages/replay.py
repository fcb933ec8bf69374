"""All statuses that towns ever had, in one piece, for a script that shows any day of them.

Days are numbers, counted from the `first`; looks and deciding words, which repeat, are named by
their numbers in the lists `looks` and `words`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

from django.db.models import Exists, F, Func, OuterRef, Q, QuerySet, Subquery, TextField, Value
from django.db.models.functions import Cast, Coalesce
from django.urls import reverse

from claims.models import Claim, StatusInterval
from claims.own_sides import own_sides, parties_called, sides_of_conflicts
from claims.pages.colours import Patterns, fill_of, patterns_for
from claims.pages.deciding import Word, deciding_values, deciding_words, initials, words_of
from claims.pages.home import Coloured
from claims.pages.wording import in_words, where
from claims.statements import Statement
from claims.status.records import Status
from claims.timeline import named
from entities.models import Place, Side

SLUG, SHORT_ID = "slug", "id"  # in the address that towns' addresses are made after


class Town(NamedTuple):
    """A place, in the order in which `_towns` reads it. `first_claim`: the day on which something
    was first said about it. Ids here are text: they are only compared, and quicker so."""

    id: str
    conflict: str | None
    short_id: str
    slug: str
    name: str
    admin1: str
    country: str
    latitude: float | None
    longitude: float | None
    first_claim: date


class Row(NamedTuple):
    """An interval, in the order in which `_rows` reads it. `deciding`: ids of claims, a space
    between two of them."""

    place: str
    include_pending: bool
    start: date
    end: date | None
    status: Status
    sides: list[str]
    by_own_word: bool
    word_days: list[list[date]]
    deciding: str


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of days, up to the town's next one, in which a town looks the same. `since`: the
    day on which its status began to have these words. `pending`: only pending claims say so."""

    start: date
    since: date
    interval: Row
    pending: bool


@dataclass(frozen=True, slots=True)
class Replay:
    """`content` is ready to be sent; `patterns` are those that its looks' fills refer to."""

    content: dict[str, Any]
    patterns: Patterns


@dataclass(frozen=True, slots=True)
class _Asked:
    """What is read: `intervals` are all those of the towns."""

    towns: Statement
    rows: Statement
    words: Statement
    intervals: QuerySet[StatusInterval]


def replay(ask: Mapping[str, Any]) -> Replay:
    """The towns that are asked for, whatever their status, in the order of their names. The
    number of queries does not depend on theirs."""
    include_pending = ask["include_pending"]
    asked = _asked(ask) if ask["q"] or ask["conflict"] else _all_towns(include_pending)
    rows: dict[str, list[Row]] = defaultdict(list)
    for row in map(Row._make, asked.rows.rows()):
        rows[row.place].append(row)
    towns = [Town._make(row) for row in asked.towns.rows()]
    sides = _sides(towns, asked.intervals)
    return _Packer(words_of(asked.words.rows())).pack(
        [
            (town, tuple(segments(rows[town.id], include_pending=include_pending)), of_town)
            for town, of_town in zip(towns, sides, strict=True)
        ]
    )


@lru_cache
def _all_towns(include_pending: bool) -> _Asked:
    """Statements that are made once."""
    return _asked({"q": None, "conflict": None, "include_pending": include_pending})


def _asked(ask: Mapping[str, Any]) -> _Asked:
    places = _places(ask)
    intervals = StatusInterval.objects.filter(part_label="")
    if ask["q"] or ask["conflict"]:  # of all places, to look for each took as long as to read it
        intervals = intervals.filter(place__in=places.order_by())
    needed = intervals if ask["include_pending"] else _without_later_pending(intervals)
    return _Asked(
        Statement(lambda: _towns(places)),
        Statement(lambda: _rows(needed)),
        Statement(lambda: deciding_values(needed)),
        intervals,
    )


def _places(ask: Mapping[str, Any]) -> QuerySet[Place]:
    claimed = Claim.objects.live().filter(place=OuterRef("pk"))
    found = Place.objects.filter(Exists(claimed)).order_by("name", "id")
    if ask["q"]:
        found = named(found, ask["q"])
    if ask["conflict"]:
        found = found.filter(conflict__slug=ask["conflict"])
    return found


def _without_later_pending(intervals: QuerySet[StatusInterval]) -> QuerySet[StatusInterval]:
    """Those with pending claims only until something is verified: half of all, mostly."""
    verified = StatusInterval.objects.filter(
        place=OuterRef("place"), part_label="", include_pending=False
    )
    first = Subquery(verified.order_by("start").values("start")[:1])
    before = Q(start__lt=Coalesce(first, Value(date.max)))
    return intervals.filter(Q(include_pending=False) | before)


def _rows(intervals: QuerySet[StatusInterval]) -> QuerySet[Any, tuple[Any, ...]]:
    deciding = Func(F("deciding"), Value(" "), function="array_to_string", output_field=TextField())
    return intervals.order_by("place_id", "start").values_list(
        *(Cast("place_id", TextField()), "include_pending", "start", "end", "status", "sides"),
        *("by_own_word", "word_days", deciding),
    )


def _towns(places: QuerySet[Place]) -> QuerySet[Any, tuple[Any, ...]]:
    # Of each town by its index: joined, all claims were read and grouped by all columns of places.
    said = Claim.objects.live().filter(place=OuterRef("pk")).order_by("asserted_on")
    return places.values_list(
        *(Cast("id", TextField()), Cast("conflict_id", TextField()), "short_id", "slug", "name"),
        *("admin1", "country", "latitude", "longitude", Subquery(said.values("asserted_on")[:1])),
    )


def _sides(towns: Iterable[Town], intervals: QuerySet[StatusInterval]) -> Iterator[dict[str, Side]]:
    """Each town's sides by key, those of no conflict with their own."""
    by_conflict = {str(id_): sides for id_, sides in sides_of_conflicts().items()}
    own: dict[str, set[str]] = defaultdict(set)
    if any(town.conflict is None for town in towns):
        keys = Func(F("sides"), function="unnest", output_field=TextField(), set_returning=True)
        alone = intervals.filter(place__conflict=None).order_by()
        for place, key in alone.values_list(Cast("place_id", TextField()), keys).distinct():
            own[place].add(key)
    called = parties_called(set().union(*own.values())) if own else {}
    for town in towns:
        if town.conflict is None:
            yield own_sides(called[key] for key in own[town.id] if key in called)
        else:
            yield by_conflict.get(town.conflict, {})


def segments(rows: Iterable[Row], *, include_pending: bool) -> Iterator[Segment]:
    """What is shown of a town from its intervals of both kinds, ascending: the verified ones, and
    before the first of them those with pending claims; or the latter throughout."""
    verified: list[Row] = []
    with_pending: list[Row] = []
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


def _with_since(rows: Iterable[Row]) -> Iterator[tuple[Row, date]]:
    before: Row | None = None
    since = date.min
    for row in rows:
        if before is None or before.end != row.start or _said(before) != _said(row):
            since = row.start
        yield row, since
        before = row


def _said(row: Row) -> tuple[str, list[str], bool]:
    """What a status' words tell: of contested and unknown no side."""
    if row.status in ("contested", "unknown"):
        return row.status, [], False
    return row.status, row.sides, row.by_own_word


PlacedTown = tuple[Town, tuple[Segment, ...], Mapping[str, Side]]


@dataclass(slots=True)
class _Packer:
    """Puts repeated things into lists, each once."""

    claims: Mapping[str, Word]
    looks: dict[tuple[Any, ...], int] = field(default_factory=dict)
    words: dict[str, int] = field(default_factory=dict)
    coloured: list[Coloured] = field(default_factory=list)
    # The numbers of looks by whose they are and what tells one from another.
    known: dict[tuple[Any, ...], int] = field(default_factory=dict)
    regions: dict[tuple[str, str], str] = field(default_factory=dict)
    address: str = field(default_factory=lambda: reverse("town", args=[SLUG, SHORT_ID]))

    def pack(self, towns: list[PlacedTown]) -> Replay:
        days = [segment.start for _, parts, _ in towns for segment in parts]
        first = min([*days, *(town.first_claim for town, _, _ in towns)], default=None)
        packed = [self._town(*town, first.toordinal()) for town in towns] if first else []
        content = {
            "first": first.isoformat() if first else None,
            "looks": list(self.looks),
            "words": list(self.words),
            "towns": packed,
        }
        return Replay(content, patterns_for(self.coloured))

    def _town(
        self, town: Town, parts: tuple[Segment, ...], sides: Mapping[str, Side], first: int
    ) -> list[Any]:
        begun = min([town.first_claim, *(part.start for part in parts)])
        war = town.conflict or town.id
        return [
            *(town.short_id, town.name, self._where(town), self._address(town)),
            *(town.latitude, town.longitude, begun.toordinal() - first),
            [self._segment(part, war, sides, first) for part in parts],
        ]

    def _where(self, town: Town) -> str:
        key = (town.admin1, town.country)
        if key not in self.regions:
            self.regions[key] = where(town)
        return self.regions[key]

    def _address(self, town: Town) -> str:
        return self.address.replace(f"{SLUG}-{SHORT_ID}", f"{town.slug}-{town.short_id}")

    def _segment(
        self, part: Segment, war: str, sides: Mapping[str, Side], first: int
    ) -> list[int | list[int]]:
        row = part.interval
        words = deciding_words(row.deciding.split(), self.claims)
        key = (war, row.status, *row.sides, row.by_own_word, part.pending)
        if key not in self.known:
            self.known[key] = self.looks.setdefault(self._look(part, sides), len(self.looks))
        return [
            part.start.toordinal() - first,
            part.since.toordinal() - first,
            self.known[key],
            self.words.setdefault(words, len(self.words)),
            [day.toordinal() - first for pair in row.word_days for day in pair],
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
