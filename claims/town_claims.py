"""A town's claims as plain values: what its statuses, drawing and table are told from.

A town may have thousands of claims by few. As rows of models, each with those of its document,
claimant, subject and their parents, they took most of the time that its page did; here one record
stands for each claim, and actors are shared.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from functools import lru_cache
from typing import Any, Literal
from uuid import UUID

from django.db.models import Prefetch, QuerySet, TextField
from django.db.models.functions import Cast
from django.utils.translation import get_language

from claims.extraction.records import Extent, Precision, Predicate, Stance
from claims.models import Claim, Evidence
from claims.models.claims import label_of, town_in_words
from claims.own_sides import own_side
from claims.status.divided import divided_on
from claims.status.engine import derive as apply_rules
from claims.status.records import StatusActor, StatusClaim, TownStatus
from entities.models import Actor, Allegiance, Place

ORDER = ("asserted_on", "document__published", "id")
OWN = (
    *("state", "speaker", "stance", "predicate", "extent", "part_words", "part_label"),
    *("asserted_precision", "event_date", "event_precision", "place_ambiguous"),
)
OF_DOCUMENT = (
    *("text", "document__published", "document__published_offset", "document__provenance"),
    *("family", "article", "publisher", "document__publisher__name"),
)
COLUMNS = ("key", "claimant_id", "subject_id", "asserted_on", *OWN, *OF_DOCUMENT)
# Most ids are only compared or shown: as text they take a fraction of the time.
AS_TEXT = {
    "key": "id",
    "text": "document_id",
    "family": "document__family_id",
    "article": "document__article_id",
    "publisher": "document__publisher_id",
}


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


def town_claims(place: Place, rows: QuerySet[Any]) -> tuple[TownClaim, ...]:
    """Of claims about the town, or of rows of their history, by day. At most four queries."""
    keys = {name: Cast(path, TextField()) for name, path in AS_TEXT.items()}
    found = list(rows.order_by(*ORDER).annotate(**keys).values_list(*COLUMNS))
    people = _people(place, {id_ for row in found for id_ in row[1:3]} - {None})
    passages: dict[str, list[str]] = {}
    said = Evidence.objects.filter(claim__in=rows.order_by().values("id")).order_by("start")
    claim = Cast("claim_id", TextField())
    for key, quote in said.annotate(key=claim).values_list("key", "quote"):
        passages.setdefault(key, []).append(quote)
    nobody = Person(None, (), None)
    claims = []
    for key, claimant, subject, day, *rest in found:
        who, whom = people.get(claimant, nobody), people.get(subject, nobody)
        document = _document(*rest[len(OWN) :])
        sides = who.actor, who.side(day), whom.actor, whom.side(day)
        last = document, place.name, passages.get(key, ())
        values: tuple[Any, ...] = (key, *sides, day, *rest[: len(OWN)], *last)
        claims.append(TownClaim(*values))
    return tuple(claims)


def _document(id_: str, published: datetime, offset: int, *rest: Any) -> TownDocument:
    return TownDocument(id_, published, published.astimezone(_offset(offset)), *rest)


def status_of(claims: Iterable[TownClaim]) -> TownStatus:
    """The status that follows from one town's claims, already chosen by state and publication."""
    rows = list(claims)
    return apply_rules([row.for_rules() for row in rows], _actors(rows))


def divided(claims: Sequence[TownClaim], day: date) -> tuple[str, ...]:
    """The sides that are divided on the day, as `status_of` has it of these claims."""
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


@dataclass(slots=True)
class Person:
    """An actor in one town. `own`: its side in a town of no conflict, where `allegiances` do
    not count."""

    actor: Actor | None
    allegiances: tuple[Allegiance, ...]
    own: str | None

    def side(self, day: date) -> str | None:
        """As `claims.derive.side_of`."""
        for one in self.allegiances:
            if (one.since is None or one.since <= day) and (one.until is None or day <= one.until):
                return one.side.key
        return self.own


def _people(place: Place, ids: Collection[UUID]) -> dict[UUID | None, Person]:
    here = Allegiance.objects.filter(side__conflict=place.conflict_id).select_related("side")
    rows = Actor.objects.select_related("parent__parent").filter(pk__in=ids).order_by()
    return {
        actor.pk: Person(
            actor,
            tuple(actor.allegiances.all()),
            own_side(actor) if place.conflict_id is None else None,
        )
        for actor in rows.prefetch_related(Prefetch("allegiances", here))
    }


@lru_cache(maxsize=256)
def _offset(minutes: int) -> timezone:
    return timezone(timedelta(minutes=minutes))
