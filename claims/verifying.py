"""Whether each passage of a claim is in its document's text, word for word."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.db.models import F, Q, QuerySet
from django.db.models.functions import Substr

from claims.models import Evidence
from sources.evidence.verifying import BATCH, Batch, Check


def quotes(after: str, since: datetime | None) -> Iterator[Batch]:
    """Each passage against the characters that it counts; of a withdrawn text no words are left.
    The database cuts the texts, so that none of them is sent."""
    rows = _passages(since).order_by("pk")
    while True:
        last = rows.filter(pk__gt=int(after or 0)).values_list("pk", flat=True)[:BATCH]
        ids = list(last)
        if not ids:
            return
        after = str(ids[-1])
        wrong = rows.filter(pk__in=ids).exclude(_as_in_text())
        told = wrong.values_list("pk", "claim", "claim__document", "claim__document__withdrawn_at")
        yield Batch(len(ids), after, tuple(_fault(*one) for one in told))


def _as_in_text() -> Q:
    there = Q(
        claim__document__withdrawn_at=None,
        quote=Substr("claim__document__text", F("start") + 1, F("end") - F("start")),
    )
    return there | Q(claim__document__withdrawn_at__isnull=False, quote="")


def _fault(pk: int, claim: object, document: object, withdrawn_at: datetime | None) -> str:
    where = f"passage {pk} of claim {claim} in document {document}"
    if withdrawn_at is not None:
        return f"{where}: the text is withdrawn, and its words are still here"
    return f"{where}: the text has other words there"


def _passages(since: datetime | None) -> QuerySet[Evidence]:
    rows = Evidence.objects.all()
    if since is None:
        return rows
    # A claim may be older than the version of its article in which it stands now.
    return rows.filter(Q(claim__document__ingested_at__gte=since) | Q(claim__created_at__gte=since))


QUOTES = Check("passages", lambda since: _passages(since).count(), quotes)
