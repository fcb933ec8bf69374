"""Ingest: a raw document in, a `Document` row out, once for the same content."""

from __future__ import annotations

import hashlib
import logging
from dataclasses import dataclass

from celery import current_app
from django.db import IntegrityError, transaction
from django.db.models import Q
from kombu.exceptions import OperationalError

from sources import families
from sources.adapters import RawDocument
from sources.models import Document, Publisher, TextFamily

logger = logging.getLogger(__name__)

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
    publisher, _ = Publisher.objects.get_or_create(name=raw.publisher)
    family, _ = TextFamily.objects.get_or_create(text_hash=text_hash(raw.text))
    ingested = _document(raw, publisher, family)
    if ingested.created:
        families.sample(family.pk, raw.text)
        families.place(family.pk)
        ingested.document.refresh_from_db(fields=["family", "exact_family"])
    return ingested


def _document(raw: RawDocument, publisher: Publisher, family: TextFamily) -> Ingested:
    """The publisher's document with the text of `family`, made where there is none."""
    of_publisher = Document.objects.filter(publisher=publisher)
    there = of_publisher.filter(Q(exact_family=family) | Q(family=family, exact_family=None))
    offset = raw.published.utcoffset()
    document = there.first()
    if document is not None:
        return Ingested(document, created=False)
    try:
        with transaction.atomic():
            document = Document.objects.create(
                publisher=publisher,
                family=family,
                title=raw.title,
                text=raw.text,
                published=raw.published,
                published_offset=int(offset.total_seconds() // 60) if offset else 0,
                url=raw.url,
                external_id=raw.external_id,
                conflict_slug=raw.conflict,
                provenance=(
                    Document.Provenance.RETOLD if raw.retold else Document.Provenance.ARTICLE
                ),
                author=raw.author,
                published_from=raw.published_from,
                published_confidence=raw.published_confidence,
            )
    except IntegrityError:  # another process was quicker
        return Ingested(there.get(), created=False)
    return Ingested(document, created=True)


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
