"""Taking a text down, with all that was quoted of it.

Claims and what was decided on them stay, and count as they did: they are what was found in the
text, not its words. Claims that nobody has decided on cannot be verified any more and are
superseded. What was given on before, to those who keep copies of their own, is out of reach.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import pghistory
from django.contrib.auth.hashers import make_password
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
from sources.feeds.forgetting import withdraw_announcements
from sources.ingest import wake
from sources.models import Document
from sources.withdrawals import Withdrawal, documents_of, forget_received, stand_for
from sources.withdrawing import taken_together, withdraw_texts

State = Claim.State
# Under whose name texts are withdrawn again where whoever did it has no account: nobody can log
# in to it.
ACCOUNT = "withdrawn-again"


@transaction.atomic
def withdraw(*, document: Document, by: User, because: str) -> list[Document]:
    """Withdraw a document and the other versions of its article, for good: text, title, author,
    what was received, the passages that claims quote, sentences with names that nobody knew, and
    files of exports, which may hold any of it. Returns those that were not withdrawn before.

    Raises PermissionDenied where `by` is no administrator; ValidationError as
    `sources.withdrawing.withdraw_texts`.
    """
    require(by, "manage")
    return _withdraw(document, by, because)


@dataclass(slots=True)
class Repeated:
    """How many texts were withdrawn again, and how many that are not there were noted as such."""

    withdrawn: int = 0
    noted: int = 0


def withdraw_again(written_down: Iterable[Withdrawal]) -> Repeated:
    """Withdraw what was withdrawn, and is here again or may come again, as it was then: a
    database was put back from an older backup. What is withdrawn here already stays as it is.

    The names are those of then; of who has no account here, it is told with the reason.
    """
    done = Repeated()
    for one in written_down:
        with transaction.atomic():
            _repeat(one, done)
    return done


def _repeat(one: Withdrawal, done: Repeated) -> None:
    at = datetime.fromisoformat(one.at)
    by, because = User.objects.filter(username=one.by).first(), one.because
    if by is None:
        by, because = _account(), f"{because} ({one.by}, {at:%-d %B %Y})"
    there = list(documents_of(one))
    for document in there:
        document.refresh_from_db(fields=["withdrawn_at"])  # with another version, just now
        if document.withdrawn_at is None:
            done.withdrawn += len(_withdraw(document, by, because, at=at))
    if not there:
        stand_for(one, by=by, because=because)
        done.noted += 1
    forget_received(one)


def _account() -> User:
    nobody = {"is_active": False, "password": make_password(None)}
    return User.objects.get_or_create(username=ACCOUNT, defaults=nobody)[0]


def _withdraw(
    document: Document, by: User, because: str, *, at: datetime | None = None
) -> list[Document]:
    # Who reads a text holds its run first, then the text.
    runs = ExtractionRun.objects.filter(document__in=taken_together(document))
    list(runs.select_for_update().order_by("pk").values_list("pk"))
    found = withdraw_texts(document=document, by=by, because=because, at=at)
    withdraw_announcements(found)
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
