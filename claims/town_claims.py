"""A town's claims as plain values: what its statuses, drawing and table are told from.

A town may have thousands of claims by few. As rows of models, each with those of its document,
claimant, subject and their parents, they took most of the time that its page did; here one record
stands for each claim, and actors are shared.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from functools import lru_cache
from typing import Any, Literal, NamedTuple
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import DateTimeField, F, Func, OuterRef, QuerySet, TextField, Value
from django.db.models.functions import Cast
from django.utils.translation import get_language

from claims.extraction.records import Extent, Precision, Predicate, Stance
from claims.models import Claim, Evidence
from claims.models.claims import label_of, town_in_words
from claims.own_sides import own_side
from claims.statements import Among, Given, Statement
from claims.status.divided import divided_on
from claims.status.engine import derive as apply_rules
from claims.status.records import StatusActor, StatusClaim, TownStatus
from entities.models import Actor, Place, Side

ORDER = ("asserted_on", "document__published", "id")
OWN = (
    *("state", "speaker", "stance", "predicate", "extent", "part_words", "part_label"),
    *("asserted_precision", "event_date", "event_precision", "place_ambiguous"),
)
OF_DOCUMENT = (
    *("text", "published", "document__published_offset", "document__provenance"),
    *("family", "article", "publisher", "document__publisher__name"),
)
COLUMNS = ("key", "claimant_id", "subject_id", "asserted_on", *OWN, *OF_DOCUMENT, "passages")
# Most ids are only compared or shown: as text they take a fraction of the time.
AS_TEXT = {
    "key": "id",
    "text": "document_id",
    "family": "document__family_id",
    "article": "document__article_id",
    "publisher": "document__publisher_id",
}
Values = tuple[Any, ...]


@dataclass(slots=True)
class TownDocument:
    """What a claim's document is on a town's page. `published_local` in the offset that the
    publisher gave; `publisher` by name."""

    id: str
    published: datetime
    published_local: datetime
    provenance: str
    family_id: str
    article_id: str | None
    publisher_id: str
    publisher: str


@dataclass(slots=True)
class TownClaim:
    """A claim about `town`, with the fields of `Claim`. `side`, `subject_side`: on which sides
    of the town's conflict claimant and subject are on the claim's day, by key. `passages`
    carry it, in the text's order."""

    id: str
    claimant: Actor | None
    side: str | None
    subject: Actor | None
    subject_side: str | None
    asserted_on: date
    state: str
    speaker: str
    stance: Stance
    predicate: Predicate
    extent: Extent
    part_words: str
    part_label: str
    asserted_precision: Precision
    event_date: date | None
    event_precision: Precision | Literal[""]
    place_ambiguous: bool
    document: TownDocument
    town: str
    passages: Sequence[str]

    @property
    def document_id(self) -> str:
        return self.document.id

    @property
    def verified(self) -> bool:
        return self.state in Claim.VERIFIED

    @property
    def who(self) -> str:
        """The claimant's name, or the publisher's in its own voice."""
        return self.claimant.name if self.claimant else self.document.publisher

    @property
    def label(self) -> str:
        """As `Claim.label`."""
        subject = self.subject
        return label_of(
            self.stance,
            self.predicate,
            who=self.who,
            town=town_in_words(self.town, self.extent, self.part_words),
            subject="" if subject is None or subject is self.claimant else subject.name,
            language=get_language(),
        )

    @property
    def voice(self) -> str:
        """The claimant, as the rules tell it from others."""
        if self.claimant is None:
            return f"publisher:{self.document.publisher}"
        return self.claimant.slug

    def for_rules(self) -> StatusClaim:
        document = self.document
        return StatusClaim(
            id=self.id,
            family=document.family_id,
            document=document.article_id or document.id,
            claimant=self.voice,
            claimant_side=self.side,
            stance=self.stance,
            predicate=self.predicate,
            subject_side=self.subject_side,
            extent=self.extent,
            part_label=self.part_label,
            asserted_on=self.asserted_on,
            asserted_precision=self.asserted_precision,
            event_date=self.event_date,
            event_precision=self.event_precision or None,
            published=document.published_local,
            speaker=self.speaker,
        )


def claim_values(rows: QuerySet[Any]) -> QuerySet[Any, Values]:
    """Of claims, or of rows of their history, what `town_claims` takes, by day."""
    keys = {name: Cast(path, TextField()) for name, path in AS_TEXT.items()}
    said = Evidence.objects.filter(claim=OuterRef("id")).order_by("start")
    # Without the time zone, which takes as long to read as the rest of the row.
    published = Func(
        Value("UTC"), F("document__published"), function="timezone", output_field=DateTimeField()
    )
    found = rows.order_by(*ORDER).annotate(
        **keys, published=published, passages=ArraySubquery(said.values("quote"))
    )
    return found.values_list(*COLUMNS)


def town_claims(place: Place, rows: Iterable[Values], sides: Sides) -> tuple[TownClaim, ...]:
    """Of `claim_values` of claims about the town. One query, of a town of no conflict two."""
    found = list(rows)
    people = _people(place, {id_ for row in found for id_ in row[1:3]} - {None}, sides)
    nobody = Person(None, (), None)
    own = slice(4, 4 + len(OWN))
    claims = []
    for row in found:
        key, claimant, subject, day = row[:4]
        who, whom = people.get(claimant, nobody), people.get(subject, nobody)
        sides_then = who.actor, who.side(day), whom.actor, whom.side(day)
        document = _document(*row[own.stop : -1])
        values: Values = (key, *sides_then, day, *row[own], document, place.name, row[-1])
        claims.append(TownClaim(*values))
    return tuple(claims)


def _document(id_: str, published: datetime, offset: int, *rest: Any) -> TownDocument:
    moment = published.replace(tzinfo=UTC)
    return TownDocument(id_, moment, moment.astimezone(_offset(offset)), *rest)


def statuses_of(claims: Sequence[TownClaim]) -> tuple[TownStatus, TownStatus]:
    """The status that follows from one town's claims, already chosen by publication: from those
    that are verified, and from all."""
    said, actors = [claim.for_rules() for claim in claims], _actors(claims)
    sure = [told for claim, told in zip(claims, said, strict=True) if claim.verified]
    with_pending = apply_rules(said, actors)
    # Where nothing is pending it is the same once more.
    verified = with_pending if len(sure) == len(said) else apply_rules(sure, actors)
    return verified, with_pending


def divided(claims: Sequence[TownClaim], day: date) -> tuple[str, ...]:
    """The sides that are divided on the day, as the status that follows from these claims says."""
    return divided_on([row.for_rules() for row in claims], _actors(claims), day)


def _actors(claims: Iterable[TownClaim]) -> dict[str, StatusActor]:
    speaking = {claim.voice: claim.claimant for claim in claims}
    return {
        voice: StatusActor(
            key=voice,
            official=claimant is not None and claimant.official,
            is_publisher=claimant is None or claimant.kind == "publisher",
        )
        for voice, claimant in speaking.items()
    }


class Allied(NamedTuple):
    """That somebody is on a side, by its key, from one day to another (open where None)."""

    side: str
    since: date | None
    until: date | None


@dataclass(frozen=True, slots=True)
class Sides:
    """The sides of a town's conflict, by key, and who is on them, by the actor's id, the first to
    begin first."""

    by_key: dict[str, Side]
    allied: Mapping[UUID, Sequence[Allied]]


_SIDES = Statement(
    lambda: (
        Side.objects.filter(conflict=Given("conflict"))
        .order_by("order", "id", "allegiances__since")
        .values_list(
            *("id", "key", "name", "colour"),
            *("allegiances__actor_id", "allegiances__since", "allegiances__until"),
        )
    )
)


def sides_in(place: Place) -> Sides:
    """One query; none of a town of no conflict, where there are no sides but actors' own."""
    sides: dict[str, Side] = {}
    allied: dict[UUID, list[Allied]] = defaultdict(list)
    rows = _SIDES.rows(conflict=place.conflict_id) if place.conflict_id else ()
    for id_, key, name, colour, actor, since, until in rows:
        if key not in sides:
            sides[key] = Side(id=id_, key=key, name=name, colour=colour)
        if actor is not None:
            allied[actor].append(Allied(key, since, until))
    for of_one in allied.values():
        of_one.sort(key=lambda one: one.since or date.max)
    return Sides(sides, allied)


@dataclass(slots=True)
class Person:
    """An actor in one town. `own`: its side in a town of no conflict, where `allegiances` do
    not count."""

    actor: Actor | None
    allegiances: Sequence[Allied]
    own: str | None

    def side(self, day: date) -> str | None:
        """As `claims.derive.side_of`."""
        for side, since, until in self.allegiances:
            if (since is None or since <= day) and (until is None or day <= until):
                return side
        return self.own


_NAMED = ("id", "slug", "name", "kind", "official")
_ACTORS = Statement(
    lambda: Actor.objects.filter(Among(F("id"), Given("ids"))).order_by().values_list(*_NAMED)
)


def _people(place: Place, ids: Collection[UUID], sides: Sides) -> dict[UUID | None, Person]:
    if place.conflict_id is None:
        rows = Actor.objects.select_related("parent__parent").filter(pk__in=ids).order_by()
        return {actor.pk: Person(actor, (), own_side(actor)) for actor in rows}
    actors = (Actor.from_db(None, _NAMED, row) for row in _ACTORS.rows(ids=list(ids)))
    return {actor.pk: Person(actor, sides.allied.get(actor.pk, ()), None) for actor in actors}


@lru_cache(maxsize=256)
def _offset(minutes: int) -> timezone:
    return timezone(timedelta(minutes=minutes))
