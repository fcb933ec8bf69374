"""Taking a text down, with all that was quoted of it.

Claims and what was decided on them stay, and count as they did: they are what was found in the
text, not its words. Claims that nobody has decided on cannot be verified any more and are
superseded. What was given on before, to those who keep copies of their own, is out of reach.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import Any
from uuid import UUID

import pghistory
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone

from claims.access.roles import require
from claims.feed.reasons import WITHDRAWN
from claims.models import (
    Claim,
    Delivery,
    Evidence,
    Export,
    ExtractionRun,
    QueuedClaim,
    Suggestion,
)
from claims.review.decisions import wake_derivation
from sources.ingest import wake
from sources.models import Document
from sources.withdrawing import taken_together, withdraw_texts

State = Claim.State


@transaction.atomic
def withdraw(*, document: Document, by: User, because: str) -> list[Document]:
    """Withdraw a document and the other versions of its article, for good: text, title, author,
    what was received, the passages that claims quote, sentences with names that nobody knew, and
    files of exports, which may hold any of it. Returns those that were not withdrawn before.

    Raises PermissionDenied where `by` is no administrator; ValidationError as
    `sources.withdrawing.withdraw_texts`.
    """
    require(by, "manage")
    # Who reads a text holds its run first, then the text.
    runs = ExtractionRun.objects.filter(document__in=taken_together(document))
    list(runs.select_for_update().order_by("pk").values_list("pk"))
    found = withdraw_texts(document=document, by=by, because=because)
    ids = {one.pk for one in found}
    _stop_reading(ids)
    with pghistory.context(user=by.pk, reason=WITHDRAWN):
        claims = Claim.objects.filter(document__in=ids)
        claims.filter(state=State.PENDING).update(state=State.SUPERSEDED)
    Evidence.objects.filter(claim__document__in=ids).update(quote="", cue="")
    # Decided ones that awaited another reader: nobody can read them any more.
    QueuedClaim.objects.filter(claim__document__in=ids).delete()
    _empty_deliveries(ids)
    _make_exports_anew()
    wake_derivation()
    transaction.on_commit(wake)
    return found


def _stop_reading(documents: Collection[UUID]) -> None:
    """A worker who reads one of them finds that its run is not his any more."""
    runs = ExtractionRun.objects.filter(document__in=documents)
    Suggestion.objects.filter(run__in=runs).delete()
    runs.filter(state__in=[ExtractionRun.State.WAITING, ExtractionRun.State.RUNNING]).update(
        state=ExtractionRun.State.DONE,
        skipped="withdrawn",
        error="",
        leased_until=None,
        finished_at=timezone.now(),
    )


def _make_exports_anew() -> None:
    """Files that are there are deleted by the next sweep, as those whose days are over; those
    that are being made begin again."""
    Export.objects.filter(state=Export.State.DONE).update(expires_at=Now())
    Export.objects.filter(state=Export.State.RUNNING).update(
        state=Export.State.WAITING, leased_until=None
    )


def _empty_deliveries(documents: Collection[UUID]) -> None:
    """What webhooks were told, or are still to be told, without the passages and titles."""
    ids = {str(one) for one in documents}
    wanted = Q()
    for one in ids:
        wanted |= Q(body__contains=one)
    rows = Delivery.objects.select_for_update().filter(wanted).order_by("pk")
    for row in rows.iterator(chunk_size=500):
        told = json.loads(row.body)
        if _emptied(told, ids):
            body = json.dumps(told, ensure_ascii=False, separators=(",", ":"))
            Delivery.objects.filter(pk=row.pk).update(body=body)


def _emptied(told: Any, documents: Collection[str]) -> bool:
    """Whether claims of these documents are in what was told, now without their words."""
    if not isinstance(told, dict | list):
        return False
    parts = list(told.values()) if isinstance(told, dict) else told
    # All of them, whatever is found in the first.
    emptied = [_emptied(one, documents) for one in parts]
    document = told.get("document") if isinstance(told, dict) else None
    if isinstance(told, dict) and isinstance(document, dict) and document.get("id") in documents:
        document["title"] = ""
        for passage in told.get("evidence", ()):
            passage["quote"] = passage["cue"] = ""
        return True
    return any(emptied)
