"""Why a claim changed, in a word and in words: by what was decided, or what extraction found.

Nobody's name is told, and nothing that an editor wrote: reasons in free text are for editors, and
may name them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import OuterRef, Q, Subquery
from django.utils import translation

from claims.models import Change, Claim, Decision

Kind, State = Decision.Kind, Claim.State
Record = dict[str, Any]
EXTRACTION = "extraction "  # what the history says of an extraction, before its version
WITHDRAWN = "document withdrawn"  # and of claims whose text was taken down

# What a reason's `kind` may be, and what it means.
KINDS: dict[str, str] = {
    "extracted": "found in the document by the extractor",
    "added": "added by an editor",
    "accepted": "an editor found that the text says so",
    "corrected": "an editor found that the text says so, with changes",
    "rejected": "an editor found that the text does not say so",
    "duplicate": "it says the same as another claim, which stands for it",
    "unverifiable": "the text does not settle what is said",
    "reopened": "what was decided is withdrawn: it waits to be read again",
    "undone": "brought back to how it stood before",
    "superseded": "the text as it is now read no longer holds it",
    "found-again": "the text as it is now read holds it again",
    "no-longer-found": "the text as it is now read no longer holds it; what was decided stands",
    "renamed": "a name in the text means another place or actor",
    "article-changed": "the article was changed, and the words that carry it are in its new text",
    "passages": "the passages that carry it are others",
    "changed": "a field of it changed",
    "withdrawn": "the text that it is from was withdrawn before anybody had decided on it",
    "gone": "its row was deleted",
}
_OF_DECISION = {
    Kind.ACCEPT: "accepted",
    Kind.CORRECT: "corrected",
    Kind.REJECT: "rejected",
    Kind.UNVERIFIABLE: "unverifiable",
    Kind.REOPEN: "reopened",
    Kind.RESTORE: "undone",
}
# Of a state without a decision that names the claim's version: decisions older than versions.
_OF_STATE = {
    State.ACCEPTED: "accepted",
    State.CORRECTED: "corrected",
    State.REJECTED: "rejected",
    State.UNVERIFIABLE: "unverifiable",
    State.PENDING: "reopened",
}
_COMPARED = (
    *("state", "place_id", "claimant_id", "subject_id", "document_id"),
    "no_longer_found",
)
_NAMED = ("place_id", "claimant_id", "subject_id")
_READ = (
    *("pgh_id", "pgh_obj_id", "version", "origin", "extractor_version", "duplicate_of_id"),
    *_COMPARED,
)


def reasons(changes: Iterable[Change]) -> dict[int, Record]:
    """By the numbers of changes of claims. Three queries."""
    changes = [change for change in changes if change.what == Change.What.CLAIM]
    after = _states({change.event for change in changes if change.event is not None})
    before = _states({row["earlier"] for row in after.values() if row["earlier"] is not None})
    decided = _decisions(after.values())
    told = {}
    with translation.override(settings.LANGUAGE_CODE):
        for change in changes:
            row = after.get(change.event or 0)
            if change.action == Change.Action.REMOVED:
                reason = _reason("gone")
            elif change.event is None:
                reason = _reason("passages")
            elif row is None:  # of a document or town that is itself gone
                reason = _reason("changed")
            else:
                decision = decided.get((row["pgh_obj_id"], row["version"]))
                reason = _why(row, before.get(row["earlier"] or 0), decision)
            told[change.number or 0] = reason
    return told


def _why(row: Mapping[str, Any], before: Mapping[str, Any] | None, decision: Any) -> Record:
    if before is None:
        if row["origin"] == Claim.Origin.EDITOR:
            return _reason("added")
        return _reason("extracted", extractor_version=row["extractor_version"])
    if decision is not None:
        if decision.kind == Kind.REJECT and row["duplicate_of_id"]:
            return _reason("duplicate", decision, duplicate_of=str(row["duplicate_of_id"]))
        return _reason(_OF_DECISION[decision.kind], decision)
    return _reason(_without_decision(row, before), extractor_version=_extractor(row))


def _without_decision(row: Mapping[str, Any], before: Mapping[str, Any]) -> str:
    changed = {name for name in _COMPARED if row[name] != before[name]}
    if "state" in changed:
        if row["state"] == State.SUPERSEDED:
            return "withdrawn" if _said(row) == WITHDRAWN else "superseded"
        if before["state"] == State.SUPERSEDED:
            return "found-again"
        return _OF_STATE[row["state"]]
    if "no_longer_found" in changed:
        return "no-longer-found" if row["no_longer_found"] else "found-again"
    if "document_id" in changed:
        return "article-changed"
    return "renamed" if changed.intersection(_NAMED) else "changed"


def _extractor(row: Mapping[str, Any]) -> str | None:
    """The version of the extractor in whose work the state came about, if in any's."""
    told = _said(row)
    return told.removeprefix(EXTRACTION) if told.startswith(EXTRACTION) else None


def _said(row: Mapping[str, Any]) -> str:
    """What the history gives as the reason."""
    return str((row["pgh_context__metadata"] or {}).get("reason", ""))


def _reason(
    kind: str,
    decision: Decision | None = None,
    *,
    extractor_version: str | None = None,
    duplicate_of: str | None = None,
) -> Record:
    because = decision.because if decision else ""
    text = KINDS[kind]
    if because and decision and kind == "rejected":
        text = str(decision.get_because_display())
    return {
        "kind": kind,
        "because": because or None,
        "text": text,
        "reading": decision.reading if decision else None,
        "extractor_version": extractor_version or None,
        "duplicate_of": duplicate_of,
    }


def _states(ids: Iterable[int]) -> dict[int, dict[str, Any]]:
    """Rows of claims' history by id, each with the id of the one before it (`earlier`)."""
    history: Any = Claim._meta.get_field("events").related_model
    earlier = (
        history._default_manager.filter(
            pgh_obj_id=OuterRef("pgh_obj_id"), pgh_id__lt=OuterRef("pgh_id")
        )
        .order_by("-pgh_id")
        .values("pgh_id")[:1]
    )
    rows = history._default_manager.filter(pgh_id__in=list(ids)).annotate(earlier=Subquery(earlier))
    return {row["pgh_id"]: row for row in rows.values(*_READ, "pgh_context__metadata", "earlier")}


def _decisions(rows: Iterable[Mapping[str, Any]]) -> dict[tuple[UUID, int], Decision]:
    """By claim and its version after them."""
    versions = {(row["pgh_obj_id"], row["version"]) for row in rows}
    found = Decision.objects.filter(
        Q(version__isnull=False),
        claim__in={claim for claim, _ in versions},
        version__in={version for _, version in versions},
    )
    return {
        (decision.claim_id, decision.version): decision
        for decision in found.order_by("id")
        if decision.version is not None and (decision.claim_id, decision.version) in versions
    }
