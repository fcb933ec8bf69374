"""Extraction jobs: an `ExtractionRun` row is the job, and a message only wakes it.

A worker takes a few rows at once, locking them for a moment and passing over those that somebody
else has: texts are parsed faster together, and claims, statuses and ends written in as many queries
as for one. A killed worker's rows come back when their lease ends, and then each alone, so that
a document that kills its worker takes no other with it.
"""

from __future__ import annotations

import logging
import random
from collections.abc import Collection, Iterator, Sequence
from copy import copy
from datetime import datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.conf import settings
from django.core.cache import cache
from django.db import OperationalError, transaction
from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Length, Now
from django.utils import timezone
from redis.exceptions import RedisError

from claims.derive import derive, undisturbed
from claims.extraction import records
from claims.extraction.records import EXTRACTOR_VERSION, Article, Extraction
from claims.models import DueTown, ExtractionRun, Suggestion
from claims.reconcile import reconcile_all
from claims.review.decisions import wake_derivation
from claims.run_changes import together
from config.ids import first_id
from entities.folding import fold
from entities.models import Load
from entities.names import lexicon_from_database
from sources.models import Document

if TYPE_CHECKING:
    from claims.extraction.pipeline import Extractor

logger = logging.getLogger(__name__)

State = ExtractionRun.State
ANNOUNCED = 1600  # documents of which one sweep sends word: the next one tells of more
# Documents that one message tells of, and their characters: what is read at once. One that is
# longer is told of alone.
TOGETHER, CHARACTERS = 16, 48_000
FEWEST = 4  # documents that one message tells of where more are left
HOUR = 3600  # seconds
RETRY_FIRST, RETRY_CAP = 5, 600  # seconds before the second attempt, and at the most


def open_new_runs() -> int:
    """As `open_runs`, for every sweep: to look at all documents takes seconds where there are
    hundreds of thousands. So all are looked at once an hour, as by a new version's first sweep;
    else those of the last two hours, which hold whatever was stored by a long transaction."""
    try:
        look_at_all = cache.add(f"extraction:looked-at-all:{EXTRACTOR_VERSION}", True, HOUR)
    except RedisError as error:
        logger.warning("All documents are looked at, as without a cache each time: %s", error)
        look_at_all = True
    return open_runs(None if look_at_all else timezone.now() - timedelta(seconds=2 * HOUR))


def open_runs(since: datetime | None = None) -> int:
    """Give every document without a run of this extractor's version one, but those that were
    withdrawn; of those made `since` then, by their ids. Returns how many."""
    documents = Document.objects.filter(withdrawn_at=None)
    if since is not None:
        documents = documents.filter(pk__gte=first_id(since))
    # One look at an index for each, whatever statistics say. As an anti-join it took minutes among
    # 56,000 documents whose runs of a new version the statistics did not know of yet.
    own = ExtractionRun.objects.filter(document=OuterRef("pk"), extractor_version=EXTRACTOR_VERSION)
    documents = documents.alias(run=Subquery(own.values("pk"))).filter(run=None)
    runs = [
        ExtractionRun(document_id=id_, extractor_version=EXTRACTOR_VERSION)
        for id_ in documents.order_by("published", "id").values_list("id", flat=True)
    ]
    ExtractionRun.objects.bulk_create(runs, ignore_conflicts=True, batch_size=1000)
    return len(runs)


def due(limit: int = ANNOUNCED) -> list[list[int]]:
    """Ids of runs that wait or whose worker is gone, the oldest first, as many together as are
    to be read at once; put off until the sweep after next so that a long queue is not announced
    again and again."""
    now = timezone.now()
    with transaction.atomic():
        rows = list(
            ExtractionRun.objects.select_for_update(of=("self",), skip_locked=True)
            .filter(_takeable(now), extractor_version=EXTRACTOR_VERSION)
            .filter(Q(leased_until__isnull=True) | Q(leased_until__lte=now))
            .order_by("id")
            .values_list("id", "attempts", Length("document__text"))[:limit]
        )
        ExtractionRun.objects.filter(id__in=[row[0] for row in rows], state=State.WAITING).update(
            leased_until=now + timedelta(seconds=2 * settings.SWEEP_INTERVAL)
        )
    return list(_together(rows))


def _together(rows: Sequence[tuple[int, int, int]]) -> Iterator[list[int]]:
    """Ids of (id, attempts, characters) that are read at once: those tried before alone. The last
    are fewer together, at most half of what is left, so that of several workers none has many
    while the others have none."""
    some: list[int] = []
    length = most = 0
    for index, (id_, attempts, characters) in enumerate(rows):
        if attempts:
            yield [id_]
            continue
        if some and (len(some) == most or length + characters > CHARACTERS):
            yield some
            some, length = [], 0
        if not some:
            most = min(TOGETHER, max(FEWEST, (len(rows) - index) // 2))
        some.append(id_)
        length += characters
    if some:
        yield some


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


@transaction.atomic
def take(run_ids: Collection[int]) -> list[ExtractionRun]:
    """Of these runs, leased to the caller, those that nobody else has and that are not finished."""
    now = timezone.now()
    rows = ExtractionRun.objects.select_for_update(of=("self",), skip_locked=True)
    rows = rows.filter(_takeable(now), id__in=run_ids, extractor_version=EXTRACTOR_VERSION)
    runs = list(rows.order_by("id").select_related("document__publisher"))
    leased_until = now + timedelta(seconds=settings.EXTRACTION_LEASE)
    ExtractionRun.objects.filter(id__in=[run.pk for run in runs]).update(
        state=State.RUNNING, attempts=F("attempts") + 1, leased_until=leased_until
    )
    for run in runs:
        run.state, run.leased_until = State.RUNNING, leased_until
        run.attempts += 1
    return runs


def extract(run_id: int) -> ExtractionRun | None:
    """Do one run. Returns it as it ended, None where it was not to be had."""
    return next(iter(extract_all([run_id])), None)


def extract_all(run_ids: Collection[int]) -> list[ExtractionRun]:
    """Do the runs: extract their documents' claims and write them with their towns' statuses in
    one transaction. What fails for good, or too often, is said on the row.

    Returns those that were to be had, as they ended. What is wrong with the installation (no
    parsing model, no database) is no document's fault and raises.
    """
    extractor()
    taken = take(run_ids)
    # Once more, and at no cost: a name that was ruled on in between lets the document wait again.
    reader = extractor() if taken else None
    ready = []
    for run in taken:
        if run.document.withdrawn_at is not None:
            _end(run, state=State.DONE, skipped="withdrawn", error="")
        elif run.attempts > settings.EXTRACTION_ATTEMPTS:
            _fail(run, f"gave up: {settings.EXTRACTION_ATTEMPTS} attempts ended without a result")
        else:
            ready.append(run)
    over = [run for run in taken if run not in ready]
    return over if reader is None or not ready else [*over, *_attempted(reader, ready)]


def _attempted(reader: Extractor, runs: Sequence[ExtractionRun]) -> list[ExtractionRun]:
    try:
        return _written(runs, list(reader.extract([article(run.document) for run in runs])))
    except OperationalError as error:
        for run in runs:
            _retry(run, error)
    except Exception as error:
        if len(runs) > 1:  # each alone: one of them is the reason
            logger.warning("%d documents are read one by one: %s", len(runs), error)
            return [ended for run in runs for ended in _attempted(reader, [run])]
        (run,) = runs
        logger.exception("Extraction of document %s failed", run.document_id)
        _fail(run, f"{type(error).__name__}: {error}")
    return list(runs)


@transaction.atomic
def _written(
    runs: Sequence[ExtractionRun], extractions: Sequence[Extraction]
) -> list[ExtractionRun]:
    """The runs as they ended: copies, since what is written here may yet be taken back.

    The rows are locked before the claims are: of two workers that have one, one whose lease ran
    out in between, only the later writes."""
    ours = _ours(runs)
    read = {copy(run): one for run, one in zip(runs, extractions, strict=True) if run.pk in ours}
    lost = [run for run in runs if run.pk not in ours]
    for run in lost:
        told = "Document %s took longer than its lease: another has it"
        logger.warning(told, run.document_id)
    if not read:
        return lost
    items = [(run.document, extraction) for run, extraction in read.items()]
    found = reconcile_all(items, EXTRACTOR_VERSION)
    _derive(set().union(*(one.places for one in found.values())), read)
    # Those of an earlier version are no news any more.
    Suggestion.objects.filter(run__document__in=found).delete()
    Suggestion.objects.bulk_create(
        _suggestion(run, one) for run, extraction in read.items() for one in extraction.suggestions
    )
    for run, extraction in read.items():
        run.state, run.error = State.DONE, ""
        run.skipped = (extraction.skipped or "")[:200]
        run.changes = together(run.changes, found[run.document_id].changes)
        run.leased_until, run.finished_at = None, timezone.now()
    _put(list(read), "state", "error", "skipped", "changes", "leased_until", "finished_at")
    return [*lost, *read]


def _derive(places: Collection[UUID], read: Collection[ExtractionRun]) -> None:
    """Derive the towns' statuses, unless more documents wait or are being read by others: of a
    long queue hundreds may be about one town, whose status takes the longer the more is said of
    it. They stay due, for the next sweep, and for whoever finds the queue at its end."""
    if ExtractionRun.objects.untried().exists():
        return
    if _being_read().exclude(pk__in=[run.pk for run in read]).exists():
        transaction.on_commit(_derive_at_the_end)
        return
    derive(undisturbed(places))
    if DueTown.objects.exists():
        wake_derivation()


def _derive_at_the_end() -> None:
    """Of two that end at once each may have seen the other at its work: the later one to commit
    sees that nobody is."""
    if DueTown.objects.exists() and not _being_read().exists():
        wake_derivation()


def _being_read() -> QuerySet[ExtractionRun]:
    runs = ExtractionRun.objects.filter(extractor_version=EXTRACTOR_VERSION)
    return runs.filter(state=State.RUNNING, leased_until__gt=timezone.now())


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


def _ours(runs: Collection[ExtractionRun]) -> set[int]:
    """Ids of the runs that nobody else has taken since; their rows are locked."""
    rows = ExtractionRun.objects.filter(id__in=[run.pk for run in runs], state=State.RUNNING)
    locked = dict(rows.select_for_update().order_by("id").values_list("id", "attempts"))
    return {run.pk for run in runs if locked.get(run.pk) == run.attempts}


def _put(runs: Sequence[ExtractionRun], *fields: str) -> None:
    """Write these fields of runs whose rows are locked: one statement for all, whose values go in
    as arrays."""
    ExtractionRun.objects.bulk_create(
        runs, update_conflicts=True, unique_fields=["id"], update_fields=fields
    )


@transaction.atomic
def _end(run: ExtractionRun, **fields: Any) -> None:
    """End the run so, unless somebody else has it by now."""
    if not _ours([run]):
        return
    fields = {"leased_until": None, "finished_at": timezone.now(), **fields}
    for name, value in fields.items():
        setattr(run, name, value)
    _put([run], *fields)


def _fail(run: ExtractionRun, reason: str) -> None:
    _end(run, state=State.FAILED, error=reason)


def _retry(run: ExtractionRun, error: Exception) -> None:
    """Put the run back, twice as long as the last time, spread so that many do not return
    at once."""
    wait = min(RETRY_CAP, RETRY_FIRST * 2 ** (run.attempts - 1)) * random.uniform(0.5, 1.5)  # noqa: S311
    logger.warning("Document %s waits %.0f s: %s", run.document_id, wait, error)
    leased_until = timezone.now() + timedelta(seconds=wait)
    _end(run, state=State.WAITING, error=str(error), leased_until=leased_until, finished_at=None)
