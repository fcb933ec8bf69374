"""The document page, and the list of documents with how far their extraction is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext

from claims.derive import for_status
from claims.models import Claim, ExtractionRun, Suggestion
from claims.pages.claim_rows import ClaimRow, claim_row
from claims.pages.passages import Segment, segments
from claims.pages.versions import Version, versions
from sources.models import Document

State = ExtractionRun.State


@dataclass(frozen=True, slots=True)
class NumberedClaim:
    """A claim with its number in the text, from 1 in the order of the first passages."""

    number: int
    row: ClaimRow


@dataclass(frozen=True, slots=True)
class DocumentPage:
    """`suggestions`: the names in it that nothing knew, for editors. `waiting`: the claims may
    still come or change, so the page is worth another look."""

    document: Document
    segments: tuple[Segment[NumberedClaim], ...]
    claims: tuple[NumberedClaim, ...]
    extraction: str
    state: str
    copies: tuple[Document, ...]
    versions: tuple[Version, ...]
    suggestions: QuerySet[Suggestion]

    @property
    def web_address(self) -> bool:
        return has_web_address(self.document)

    @property
    def waiting(self) -> bool:
        return self.state in (State.WAITING, State.RUNNING)


def has_web_address(document: Document) -> bool:
    """Whether the document's address may be linked: it comes from outside."""
    return document.url.startswith(("http://", "https://"))


def document_page(document: Document) -> DocumentPage:
    found = for_status().live().filter(document=document).prefetch_related("evidence")
    first = {claim: [item.start for item in claim.evidence.all()] for claim in found}
    ordered = sorted(first, key=lambda claim: (min(first[claim], default=0), claim.id))
    numbered = tuple(
        NumberedClaim(number, claim_row(claim, None)) for number, claim in enumerate(ordered, 1)
    )
    passages = [
        (item.start, item.end, entry)
        for entry in numbered
        for item in entry.row.claim.evidence.all()
    ]
    withdrawn = document.withdrawn_at is not None
    run = document.runs.order_by("-created_at", "-id").first()
    copies = Document.objects.filter(family=document.family_id).exclude(pk=document.pk)
    if document.article_id is not None:  # whose other texts are no copies of it
        copies = copies.exclude(article=document.article_id)
    return DocumentPage(
        document=document,
        segments=segments(document.text, passages),
        claims=numbered,
        extraction="" if withdrawn else extraction_in_words(run, len(numbered)),
        state=State.DONE if withdrawn else run.state if run else State.WAITING,
        copies=tuple(copies.select_related("publisher").defer("text")),
        versions=versions(document),
        suggestions=Suggestion.objects.filter(run=run),
    )


def extraction_in_words(run: ExtractionRun | None, claims: int) -> str:
    """How far the extraction of a document is, for readers."""
    if run is None:
        return gettext("Waiting to be read: the next sweep finds it.")
    if run.state == State.WAITING:
        if not run.error:
            return gettext("Waiting to be read.")
        told = gettext("Waiting to be read. The last attempt ended with: %(error)s")
        return told % {"error": run.error}
    if run.state == State.RUNNING:
        return gettext("Being read now.")
    if run.state == State.FAILED:
        return gettext("Could not be read: %(error)s") % {"error": run.error}
    if run.skipped:
        return gettext("Set aside unread: %(reason)s") % {"reason": run.skipped}
    return "" if claims else gettext("Read. No claim about who holds a town was found in it.")


def document_list(ask: Mapping[str, Any]) -> QuerySet[Document]:
    """Documents, the latest first, each with `run_state`, `run_error`, `run_skipped` (of its
    latest run, None without one) and the number of its `live_claims`."""
    latest = ExtractionRun.objects.filter(document=OuterRef("pk")).order_by("-created_at", "-id")
    live = Claim.objects.live().filter(document=OuterRef("pk")).order_by().values("document")
    found = Document.objects.select_related("publisher").annotate(
        run_state=Subquery(latest.values("state")[:1]),
        run_error=Subquery(latest.values("error")[:1]),
        run_skipped=Subquery(latest.values("skipped")[:1]),
        # Counted for those that are shown: a join would group all documents with their texts.
        live_claims=Coalesce(Subquery(live.annotate(n=Count("pk")).values("n")), 0),
    )
    if ask["q"]:
        found = found.filter(title__icontains=ask["q"])
    if ask["state"] == "set aside":
        found = found.filter(run_state=State.DONE).exclude(run_skipped="")
    elif ask["state"] == State.WAITING:
        found = found.filter(Q(run_state=State.WAITING) | Q(run_state=None))
    elif ask["state"]:
        found = found.filter(run_state=ask["state"])
    return found.order_by("-published", "-id")
