"""Claims as rows of plain values, all of a claim in one statement.

By way of what the API shows of each claim, days and times were written and read again, and the
file of a month took twice the time.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import orjson
from django.conf import settings
from django.db.models import DateTimeField, F, Func, OuterRef, QuerySet, Subquery, TextField
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils import translation

from claims.exports import columns
from claims.exports.columns import batched, streamed
from claims.models import Change, Claim, Evidence
from claims.models.claims import label_of, town_in_words
from claims.records import Person, people_by_id

Row = dict[str, Any]

AS_THEY_ARE = (
    *("state", "version", "place_ambiguous", "speaker", "stance", "predicate", "extent"),
    *("part_words", "part_label", "asserted_on", "asserted_precision", "event_date"),
    *("event_precision", "confidence", "origin", "extractor_version", "no_longer_found"),
    *("place__name", "place__geonameid", "place__country", "place__admin1", "place__latitude"),
    *("place__longitude", "place__conflict_id", "place__conflict__slug"),
    *("claimant_id", "claimant__name", "claimant__slug", "claimant__kind"),
    *("subject_id", "subject__name", "subject__slug"),
    *("document__title", "document__url", "document__provenance", "document__publisher__name"),
    "document__published_offset",
)
# Ids that are only written: as text they take a fraction of the time.
AS_TEXT = {
    "claim": "id",
    "town": "place_id",
    "article": "document_id",
    "family": "document__family_id",
    "copy_of": "duplicate_of_id",
    "in_stead_of": "replaces_id",
}


class _InUTC(Func):
    """A moment's day and hour there. The driver reads these as they are; of moments it makes
    objects in the session's time zone, one by one."""

    template = "%(expressions)s AT TIME ZONE 'UTC'"
    arity = 1
    output_field = DateTimeField()


class _AsJson(Subquery):
    """All rows of a query, in its order, as a text that holds a JSON array of objects."""

    template = "(SELECT json_agg(found)::text FROM (%(subquery)s) found)"
    output_field = TextField()


def claim_rows(claims: QuerySet[Claim], site: str) -> Iterator[Row]:
    """`AS_THEY_ARE` by their names and `AS_TEXT` by theirs; `published`, `withdrawn`, `created`
    and `updated` as moments; `published_on`, the publisher's day; `url`, `label` and `side`; and
    `passages`, each with `start`, `end`, `quote` and `cue`, in the text's order."""
    page = f"{site}{reverse('claim', args=[UUID(int=0)]).removesuffix(f'{UUID(int=0)}/')}"
    people: dict[UUID, Person] = {}
    with closing(streamed(_values(claims))) as rows:
        for batch in batched(rows, columns.BATCH):
            claimants = {row["claimant_id"] for row in batch} - {None}
            people |= people_by_id(claimants - people.keys())
            with translation.override(settings.LANGUAGE_CODE):
                for row in batch:
                    row["label"] = _label(row)
            for row in batch:
                _complete(row, page, people.get(row["claimant_id"]))
            yield from batch


def _values(claims: QuerySet[Claim]) -> QuerySet[Claim, Row]:
    passages = Evidence.objects.filter(claim=OuterRef("pk")).order_by("start", "end")
    changes = Change.objects.filter(claim=OuterRef("pk"), number__isnull=False).order_by("-at")
    return claims.prefetch_related(None).values(
        *AS_THEY_ARE,
        **{name: Cast(path, TextField()) for name, path in AS_TEXT.items()},
        published=_InUTC("document__published"),
        withdrawn=_InUTC("document__withdrawn_at"),
        created=_InUTC("created_at"),
        updated=Subquery(changes.values(moment=_InUTC(F("at")))[:1]),
        passages=_AsJson(passages.values("start", "end", "quote", "cue")),
    )


def _complete(row: Row, page: str, claimant: Person | None) -> None:
    row["url"] = f"{page}{row['claim']}/"
    row["side"] = claimant and claimant.side(row["place__conflict_id"], row["asserted_on"])
    row["passages"] = orjson.loads(row["passages"] or "[]")
    row["published_on"] = _day(row["published"], row["document__published_offset"])
    for name in ("published", "withdrawn", "created", "updated"):
        if row[name] is not None:
            row[name] = row[name].replace(tzinfo=UTC)


def _label(row: Row) -> str:
    same = row["subject_id"] in (None, row["claimant_id"])
    return label_of(
        row["stance"],
        row["predicate"],
        who=row["claimant__name"] or row["document__publisher__name"],
        town=town_in_words(row["place__name"], row["extent"], row["part_words"]),
        subject="" if same else row["subject__name"],
        language=settings.LANGUAGE_CODE,
    )


def _day(published: datetime, offset: int) -> date:
    return (published + timedelta(minutes=offset)).date()
