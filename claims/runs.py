"""Extraction jobs: an `ExtractionRun` row is the job, and a message only wakes it.

A worker takes a row by a conditional UPDATE; a count other than 1 means that another has it.
A killed worker's row comes back when its lease ends.
"""

from __future__ import annotations

import logging
import random
from collections.abc import Collection
from datetime import datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.conf import settings
from django.db import OperationalError, transaction
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Now
from django.utils import timezone

from claims.derive import derive
from claims.extraction import records
from claims.extraction.records import EXTRACTOR_VERSION, Article, Extraction
from claims.models import ExtractionRun, Suggestion
from claims.reconcile import reconcile
from claims.run_changes import together
from entities.folding import fold
from entities.models import Load
from entities.names import lexicon_from_database
from sources.models import Document

if TYPE_CHECKING:
    from claims.extraction.pipeline import Extractor

logger = logging.getLogger(__name__)

State = ExtractionRun.State
BATCH = 200  # messages that one sweep sends: the next one sends more
RETRY_FIRST, RETRY_CAP = 5, 600  # seconds before the second attempt, and at the most


def open_runs() -> int:
    """Give every document without a run of this extractor's version one, but those that were
    withdrawn. Returns how many."""
    documents = Document.objects.filter(withdrawn_at=None)
    documents = documents.exclude(runs__extractor_version=EXTRACTOR_VERSION)
    runs = [
        ExtractionRun(document_id=id_, extractor_version=EXTRACTOR_VERSION)
        for id_ in documents.order_by("published", "id").values_list("id", flat=True)
    ]
    ExtractionRun.objects.bulk_create(runs, ignore_conflicts=True, batch_size=1000)
    return len(runs)


def due(limit: int = BATCH) -> list[int]:
    """Ids of runs that wait or whose worker is gone, the oldest first, put off until the
    sweep after next so that a long queue is not announced again and again."""
    now = timezone.now()
    with transaction.atomic():
        ids = list(
            ExtractionRun.objects.select_for_update(skip_locked=True)
            .filter(_takeable(now), extractor_version=EXTRACTOR_VERSION)
            .filter(Q(leased_until__isnull=True) | Q(leased_until__lte=now))
            .order_by("id")
            .values_list("id", flat=True)[:limit]
        )
        ExtractionRun.objects.filter(id__in=ids, state=State.WAITING).update(
            leased_until=now + timedelta(seconds=2 * settings.SWEEP_INTERVAL)
        )
    return ids


def waiting(limit: int | None = None) -> list[int]:
    """Ids of all runs that can be taken now, the oldest first, announced or not."""
    runs = ExtractionRun.objects.filter(
        _takeable(timezone.now()), extractor_version=EXTRACTOR_VERSION
    )
    return list(runs.order_by("id").values_list("id", flat=True)[:limit])


def run_again() -> int:
    """Let all runs of this extractor's version that have ended wait once more: its names may
    have changed. Returns how many."""
    return ExtractionRun.objects.filter(extractor_version=EXTRACTOR_VERSION).wait_again()


def read_again(documents: Collection[UUID]) -> int:
    """Let these documents be read once more by this version, as after a ruling on a name: also
    those that are being read now, with the names as they were. Returns how many. Call it in the
    transaction of what changed: until it ends, nobody reads them."""
    rows = ExtractionRun.objects.filter(extractor_version=EXTRACTOR_VERSION)
    runs = rows.filter(document__in=documents)
    list(runs.select_for_update().order_by("id").values_list("id"))
    # Its attempts stay counted, so that the worker who has it knows that it is no longer his.
    runs.filter(state=State.RUNNING).update(
        state=State.WAITING, leased_until=None, waiting_since=Now()
    )
    runs.wait_again()
    there = set(runs.values_list("document_id", flat=True))
    ExtractionRun.objects.bulk_create(
        ExtractionRun(document_id=id_, extractor_version=EXTRACTOR_VERSION)
        for id_ in Document.objects.filter(pk__in=documents, withdrawn_at=None).values_list(
            "pk", flat=True
        )
        if id_ not in there
    )
    return len(documents)


def _takeable(now: datetime) -> Q:
    return Q(state=State.WAITING) | Q(state=State.RUNNING, leased_until__lte=now)


def take(run_id: int) -> ExtractionRun | None:
    """The run, leased to the caller; None where another has it or it is finished."""
    now = timezone.now()
    taken = (
        ExtractionRun.objects.filter(_takeable(now), id=run_id).update(
            state=State.RUNNING,
            attempts=F("attempts") + 1,
            leased_until=now + timedelta(seconds=settings.EXTRACTION_LEASE),
        )
        == 1
    )
    if not taken:
        return None
    return ExtractionRun.objects.select_related("document__publisher").get(id=run_id)


def extract(run_id: int) -> ExtractionRun | None:
    """Do the run: extract its document's claims and write them with their towns' statuses in
    one transaction. What fails for good, or too often, is said on the row.

    Returns the run as it ended, None where it was not to be had. What is wrong with the
    installation (no parsing model, no database) is no document's fault and raises.
    """
    extractor()
    run = take(run_id)
    if run is None:
        return None
    # Once more, and at no cost: a name that was ruled on in between lets the document wait again.
    reader = extractor()
    if run.document.withdrawn_at is not None:
        _end(run, state=State.DONE, skipped="withdrawn", error="")
        return run
    if run.attempts > settings.EXTRACTION_ATTEMPTS:
        _fail(run, f"gave up: {settings.EXTRACTION_ATTEMPTS} attempts ended without a result")
        return run
    try:
        extraction = next(iter(reader.extract([article(run.document)])))
        _write(run, extraction)
    except OperationalError as error:
        _retry(run, error)
    except Exception as error:
        logger.exception("Extraction of document %s failed", run.document_id)
        _fail(run, f"{type(error).__name__}: {error}")
    return run


@transaction.atomic
def _write(run: ExtractionRun, extraction: Extraction) -> None:
    """The row is locked before the claims are: of two workers that have it, one whose lease
    ran out in between, only the later writes."""
    if not _ours(run).select_for_update().exists():
        logger.warning("Document %s took longer than its lease: another has it", run.document_id)
        return
    done = reconcile(run.document, extraction, run.extractor_version)
    derive(done.places)
    # Those of an earlier version are no news any more.
    Suggestion.objects.filter(run__document=run.document_id).delete()
    Suggestion.objects.bulk_create(_suggestion(run, one) for one in extraction.suggestions)
    _end(
        run,
        state=State.DONE,
        skipped=(extraction.skipped or "")[:200],
        error="",
        changes=together(run.changes, done.changes),
    )


def _suggestion(run: ExtractionRun, one: records.Suggestion) -> Suggestion:
    return Suggestion(
        run=run,
        kind=one.kind,
        name=one.name,
        folded=(fold(one.name) or one.name)[:200],
        start=one.start,
        end=one.end,
        sentence=run.document.text[one.start : one.end],
        taken_for=one.taken_for,
        of=one.of[:200],
    )


def article(document: Document) -> Article:
    return Article(
        id=str(document.id),
        publisher=document.publisher.name,
        published=document.published_local,
        text=document.text,
        title=document.title,
        conflict=document.conflict_slug or None,
    )


def extractor() -> Extractor:
    """This process's extractor, with the names as they now stand in the database."""
    return _extractor(_names_stamp())


@lru_cache(maxsize=1)
def _extractor(stamp: tuple[object, ...]) -> Extractor:
    # spaCy takes 100 MB and seconds to import, and web server and beat never extract.
    from claims.extraction.model import load_model
    from claims.extraction.pipeline import Extractor

    loaded = Extractor(load_model(settings.SPACY_MODEL), lexicon_from_database())
    loaded.settle()
    return loaded


def _names_stamp() -> tuple[object, ...]:
    """Changes whenever a load or an editor changes names. All loads, not the latest alone: one
    that began before another may be committed after it."""
    return tuple(Load.objects.order_by("source").values_list("source", "digest", "at"))


def _ours(run: ExtractionRun) -> QuerySet[ExtractionRun]:
    """The run's row, if nobody else has taken it since."""
    return ExtractionRun.objects.filter(id=run.id, state=State.RUNNING, attempts=run.attempts)


def _end(run: ExtractionRun, **fields: Any) -> None:
    _put(run, leased_until=None, finished_at=timezone.now(), **fields)


def _put(run: ExtractionRun, **fields: Any) -> None:
    _ours(run).update(**fields)
    run.refresh_from_db(fields=["state", *fields])


def _fail(run: ExtractionRun, reason: str) -> None:
    _end(run, state=State.FAILED, error=reason)


def _retry(run: ExtractionRun, error: Exception) -> None:
    """Put the run back, twice as long as the last time, spread so that many do not return
    at once."""
    wait = min(RETRY_CAP, RETRY_FIRST * 2 ** (run.attempts - 1)) * random.uniform(0.5, 1.5)  # noqa: S311
    logger.warning("Document %s waits %.0f s: %s", run.document_id, wait, error)
    leased_until = timezone.now() + timedelta(seconds=wait)
    _put(run, state=State.WAITING, error=str(error), leased_until=leased_until)
