"""Claims as plain values: what lists tell of each in a line.

As whole rows of six tables, each made into an object, they took three times as long.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta, timezone
from typing import Literal, NamedTuple
from uuid import UUID

from django.db.models import F
from django.urls import reverse
from django.utils.translation import get_language

from claims.extraction.records import Extent, Precision, Predicate, Stance
from claims.models import Claim
from claims.models.claims import label_of, town_in_words
from claims.statements import Among, Given, Statement

COLUMNS = (
    *("id", "stance", "predicate", "extent", "part_words", "state", "speaker"),
    *("asserted_on", "asserted_precision", "event_date", "event_precision"),
    *("claimant__name", "subject__name", "claimant_id", "subject_id"),
    *("place__name", "place__slug", "place__short_id"),
    *("document_id", "document__publisher__name", "document__provenance"),
    *("document__published", "document__published_offset"),
)


class ListedClaim(NamedTuple):
    """In the order of `COLUMNS`, with the fields of `Claim`; others by their names."""

    id: UUID
    stance: Stance
    predicate: Predicate
    extent: Extent
    part_words: str
    state: str
    speaker: str
    asserted_on: date
    asserted_precision: Precision
    event_date: date | None
    event_precision: Precision | Literal[""]
    claimant: str | None
    subject: str | None
    claimant_id: UUID | None
    subject_id: UUID | None
    town: str
    town_slug: str
    town_short_id: str
    document_id: UUID
    publisher: str
    provenance: str
    published: datetime
    published_offset: int

    @property
    def who(self) -> str:
        """The claimant, or the publisher in its own voice."""
        return self.claimant or self.publisher

    @property
    def label(self) -> str:
        """As `Claim.label`."""
        return self.label_in(get_language())

    def label_in(self, language: str | None) -> str:
        """The same in the language in use: to find that out takes longer than the label."""
        same = self.subject_id in (None, self.claimant_id)
        return label_of(
            self.stance,
            self.predicate,
            who=self.who,
            town=town_in_words(self.town, self.extent, self.part_words),
            subject="" if same else self.subject or "",
            language=language,
        )

    @property
    def pending(self) -> bool:
        return self.state == Claim.State.PENDING

    @property
    def published_on(self) -> date:
        """The day, in the publisher's own offset."""
        there = timezone(timedelta(minutes=self.published_offset))
        return self.published.astimezone(there).date()

    def get_absolute_url(self) -> str:
        return reverse("claim", args=[self.id])


def listed(ids: Iterable[UUID]) -> dict[UUID, ListedClaim]:
    """By id. One query."""
    return {row[0]: ListedClaim._make(row) for row in _LISTED.rows(ids=list(set(ids)))}


_LISTED = Statement(
    lambda: Claim.objects.filter(Among(F("pk"), Given("ids"))).order_by().values_list(*COLUMNS)
)
