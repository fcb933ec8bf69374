"""Ingest: a raw document in, a `Document` row out, once for the same content."""

from __future__ import annotations

import hashlib
import logging
from dataclasses import dataclass

from celery import current_app
from django.db import transaction
from kombu.exceptions import OperationalError

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

    Copies of a text by several publishers are documents of one family.
    """
    publisher, _ = Publisher.objects.get_or_create(name=raw.publisher)
    family, _ = TextFamily.objects.get_or_create(text_hash=text_hash(raw.text))
    offset = raw.published.utcoffset()
    document, created = Document.objects.get_or_create(
        publisher=publisher,
        family=family,
        defaults={
            "title": raw.title,
            "text": raw.text,
            "published": raw.published,
            "published_offset": int(offset.total_seconds() // 60) if offset else 0,
            "url": raw.url,
            "external_id": raw.external_id,
            "conflict_slug": raw.conflict,
            "provenance": (
                Document.Provenance.RETOLD if raw.retold else Document.Provenance.ARTICLE
            ),
        },
    )
    return Ingested(document, created)


def text_hash(text: str) -> str:
    """SHA-256 of the text with white space folded: copies differ in line breaks."""
    return hashlib.sha256(" ".join(text.split()).encode()).hexdigest()


def wake() -> None:
    """Ask a worker to look for waiting documents. Without a broker they wait for the sweep."""
    try:
        current_app.send_task(WAKE, retry=False)
    except OperationalError as error:
        # Nothing is lost: the row is the job, and the next sweep finds it.
        logger.warning("No broker (%s): the document waits for the next sweep", error)
