"""Ingest: a raw document in, a `Document` row out, once for the same content."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from celery import current_app
from django.db import IntegrityError, transaction
from django.db.models import Q
from kombu.exceptions import OperationalError

from sources import families
from sources.adapters import RawDocument
from sources.models import Document, Publisher, TextFamily

logger = logging.getLogger(__name__)

Key = tuple[UUID, UUID]  # a publisher's id, and that of a text's own family

# The task that finds waiting documents. Only its name is known here: sources come before
# claims, and a lost wake-up costs no more than the wait for the next sweep.
WAKE = "claims.tasks.sweep"


@dataclass(frozen=True, slots=True)
class Ingested:
    """`created` is False where the same publisher's same text was there already."""

    document: Document
    created: bool


def ingest(raw: RawDocument) -> Ingested:
    """Store `raw` unless its publisher's same text is there; wake the extraction on commit."""
    ingested = store(raw)
    if ingested.created:
        transaction.on_commit(wake)
    return ingested


@transaction.atomic
def store(raw: RawDocument) -> Ingested:
    """Store `raw` unless its publisher's same text is there: for many at once, after which
    one `wake` does for all.

    Copies of a text by several publishers, word for word or nearly, are documents of one
    family.
    """
    families.wait_for_others()
    publisher, _ = Publisher.objects.get_or_create(name=raw.publisher)
    family, _ = TextFamily.objects.get_or_create(text_hash=text_hash(raw.text))
    ingested = _document(raw, publisher, family)
    if ingested.created:
        families.sample(family.pk, raw.text)
        families.place(family.pk)
        ingested.document.refresh_from_db(fields=["family", "exact_family"])
    return ingested


@transaction.atomic
def store_many(raws: Sequence[RawDocument]) -> list[Ingested]:
    """As `store` of each, in a number of queries that hardly grows with them. The documents come
    without their texts."""
    families.wait_for_others()
    of_publishers = _publishers({raw.publisher for raw in raws})
    hashes = [text_hash(raw.text) for raw in raws]
    known, of_texts = _families(hashes)
    keys = [
        (of_publishers[raw.publisher], of_texts[hash_])
        for raw, hash_ in zip(raws, hashes, strict=True)
    ]
    there = _documents_of(keys)
    fresh: dict[Key, Document] = {}
    texts: dict[UUID, str] = {}
    for key, raw in zip(keys, raws, strict=True):
        if key not in there and key not in fresh:
            fresh[key] = Document(publisher_id=key[0], family_id=key[1], **_fields(raw))
            texts[key[1]] = raw.text
    # Another process may be quicker: what is there afterwards tells.
    Document.objects.bulk_create(fresh.values(), ignore_conflicts=True)
    families.sample_many({id_: text for id_, text in texts.items() if id_ not in known})
    families.place_many(texts.keys(), known)
    stored, seen = _documents_of(keys), set(there)
    found = []
    for key in keys:
        created = key not in seen and key in fresh and fresh[key].pk == stored[key].pk
        found.append(Ingested(stored[key], created))
        seen.add(key)
    return found


def _publishers(names: Collection[str]) -> dict[str, UUID]:
    rows = [Publisher(name=name) for name in sorted(names)]
    Publisher.objects.bulk_create(rows, ignore_conflicts=True)
    return dict(Publisher.objects.filter(name__in=names).values_list("name", "id"))


def _families(hashes: Collection[str]) -> tuple[set[UUID], dict[str, UUID]]:
    """The texts' own families by their hashes, made where there are none; and which were there."""
    rows = TextFamily.objects.filter(text_hash__in=hashes).values_list("text_hash", "id")
    lacking = sorted({*hashes} - dict(rows).keys())
    made = [TextFamily(text_hash=hash_) for hash_ in lacking]
    TextFamily.objects.bulk_create(made, ignore_conflicts=True)
    found = dict(rows.all())
    return {*found.values()} - {one.pk for one in made}, found


def _documents_of(keys: Collection[Key]) -> dict[Key, Document]:
    """The documents of publishers with texts, by both."""
    own = {family for _, family in keys}
    rows = Document.objects.filter(publisher__in={publisher for publisher, _ in keys})
    rows = rows.filter(Q(exact_family__in=own) | Q(family__in=own, exact_family=None))
    return {(row.publisher_id, row.own_family_id): row for row in rows.defer("text").order_by()}


def _document(raw: RawDocument, publisher: Publisher, family: TextFamily) -> Ingested:
    """The publisher's document with the text of `family`, made where there is none."""
    of_publisher = Document.objects.filter(publisher=publisher)
    there = of_publisher.filter(Q(exact_family=family) | Q(family=family, exact_family=None))
    document = there.first()
    if document is not None:
        return Ingested(document, created=False)
    try:
        with transaction.atomic():
            document = Document.objects.create(publisher=publisher, family=family, **_fields(raw))
    except IntegrityError:  # another process was quicker
        return Ingested(there.get(), created=False)
    return Ingested(document, created=True)


def _fields(raw: RawDocument) -> dict[str, Any]:
    """A document's own columns."""
    offset = raw.published.utcoffset()
    kinds = Document.Provenance
    return {
        "title": raw.title,
        "text": raw.text,
        "published": raw.published,
        "published_offset": int(offset.total_seconds() // 60) if offset else 0,
        "url": raw.url,
        "external_id": raw.external_id,
        "conflict_slug": raw.conflict,
        "provenance": kinds.RETOLD if raw.retold else kinds.ARTICLE,
        "author": raw.author,
        "published_from": raw.published_from,
        "published_confidence": raw.published_confidence,
    }


def text_hash(text: str) -> str:
    """SHA-256 of the text with white space folded: copies differ in line breaks."""
    return hashlib.sha256(" ".join(text.split()).encode()).hexdigest()


def wake(task: str = WAKE) -> None:
    """Ask a worker to look for what waits. Without a broker it waits for the sweep."""
    try:
        current_app.send_task(task, retry=False)
    except OperationalError as error:
        # Nothing is lost: the row is the job, and the next sweep finds it.
        logger.warning("No broker (%s): what waits is found by the next sweep", error)
