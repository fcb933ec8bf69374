"""What editors make of claims besides deciding on them: add one that extraction missed, cut one
in several, make one of several that say the same.

Each is one function, atomic, with its decisions and history. What a claim may hold is the
codebook's, told in words where it is broken (`claims.models.Claim`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pghistory
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext

from claims.models import Batch, Claim, Decision, Evidence
from claims.review.decisions import CORRECTABLE, decide, locked, wake_derivation
from claims.review.policies import follow
from sources.models import Document

Span = tuple[int, int]  # characters [start, end) of a document's text
Kind, State = Decision.Kind, Claim.State
# What makes a claim the one it is, besides its document.
IDENTITY = (
    *("place", "claimant", "stance", "predicate", "subject", "extent", "part_label"),
    *("asserted_on", "asserted_precision", "event_date", "event_precision"),
)
MOST_FOUND = 20  # places of a text that are offered for a passage


class AlreadyThere(ValidationError):
    """The document has this claim. `claim` is the one."""

    def __init__(self, claim: Claim) -> None:
        super().__init__(gettext("The document has this claim already."))
        self.claim = claim


@dataclass(frozen=True, slots=True)
class Part:
    """A claim that is cut from another: what it says otherwise, by field, and its passages."""

    values: Mapping[str, Any]
    spans: Sequence[Span]


@transaction.atomic
def add_claim(
    *,
    document: Document,
    spans: Sequence[Span],
    values: Mapping[str, Any],
    by: User,
    reason: str = "",
    batch: Batch | None = None,
) -> Claim:
    """A verified claim that `document` carries at `spans`, with `values` by field.

    Raises AlreadyThere where the document has the same claim, decided on or not; ValidationError
    where a span is not of the text, or the values break a rule of the codebook.
    """
    if unknown := values.keys() - set(CORRECTABLE):
        raise ValidationError(f"Not a claim's own: {', '.join(sorted(unknown))}")
    # Two editors who select the same words at once do not add the same claim twice.
    text = Document.objects.select_for_update().get(pk=document.pk).text
    claim = Claim(
        document=document, origin=Claim.Origin.EDITOR, state=State.ACCEPTED, **dict(values)
    )
    passages = _passages(claim, text, spans)
    claim.full_clean(exclude=["document"], validate_unique=False)
    if there := same_claim(claim):
        raise AlreadyThere(there)
    reason = reason.strip()
    with pghistory.context(user=by.pk, reason=reason or "added"):
        claim.save(force_insert=True)
        Evidence.objects.bulk_create(passages)
    decision = Decision.objects.create(
        claim=claim, kind=Kind.ACCEPT, reason=reason, batch=batch, version=claim.version, by=by
    )
    follow(claim, decision)
    wake_derivation()
    return claim


def same_claim(claim: Claim) -> Claim | None:
    """Another row of the same document that says the same, whatever was decided on it: it can
    be decided on again. Not one that the text as now read does not hold."""
    said = {name: getattr(claim, name) for name in IDENTITY}
    rows = Claim.objects.filter(document=claim.document_id, duplicate_of=None, **said)
    return rows.exclude(pk=claim.pk).exclude(state=State.SUPERSEDED).order_by("id").first()


def _passages(claim: Claim, text: str, spans: Iterable[Span]) -> list[Evidence]:
    found = [trimmed(text, span) for span in spans]
    if not found:
        raise ValidationError(gettext("A claim needs a passage that carries it."))
    return [
        Evidence(claim=claim, start=start, end=end, quote=text[start:end])
        for start, end in sorted(set(found))
    ]


def trimmed(text: str, span: Span) -> Span:
    """The span without the white space at its ends. Raises ValidationError where nothing is
    left, or the span is not of this text."""
    start, end = span
    quote = text[start:end] if 0 <= start < end <= len(text) else ""
    if not quote.strip():
        raise ValidationError(gettext("These characters are not in the text."))
    start += len(quote) - len(quote.lstrip())
    return start, start + len(quote.strip())


def find_passage(text: str, passage: str) -> list[Span]:
    """Where `passage` stands in `text`, at most `MOST_FOUND` places. White space of any kind
    and length is the same: what is pasted has other line breaks."""
    words = passage.split()
    if not words:
        return []
    places = _occurrences(text, words)
    return [span for span, _ in zip(places, range(MOST_FOUND), strict=False)]


def _occurrences(text: str, words: Sequence[str]) -> Iterator[Span]:
    start = text.find(words[0])
    while start >= 0:
        end = _end_of(text, words, start)
        if end is not None:
            yield start, end
        start = text.find(words[0], start + 1)


def _end_of(text: str, words: Sequence[str], start: int) -> int | None:
    """Where the words end that begin at `start`, with nothing but white space between them."""
    at = start
    for number, word in enumerate(words):
        if number:
            begun = at
            while at < len(text) and text[at].isspace():
                at += 1
            if at == begun:
                return None
        if not text.startswith(word, at):
            return None
        at += len(word)
    return at


@transaction.atomic
def split(
    *,
    claim: Claim,
    version: int,
    values: Mapping[str, Any],
    parts: Sequence[Part],
    by: User,
    reason: str = "",
) -> Batch:
    """Cut `claim`: it is corrected by `values` (accepted, where they change nothing) and keeps
    its passages; each of `parts` becomes a claim of its own with what it says otherwise.

    Raises Outdated where the claim has another version; ValidationError where it does not
    stand, and as `add_claim` does. The batch can be undone as a whole.
    """
    if not parts:
        raise ValidationError(gettext("Splitting needs a second claim."))
    _lock_documents([claim.document_id])
    row = locked(claim, version)
    if row.state not in (State.PENDING, *Claim.VERIFIED):
        raise ValidationError(gettext("Only a claim that stands can be split."))
    before = {name: getattr(row, name) for name in CORRECTABLE}
    batch = Batch.objects.create(kind=Kind.CORRECT, reason=reason.strip(), by=by)
    changed = {name: value for name, value in values.items() if before.get(name) != value}
    if changed:
        decide(claim=row, kind=Kind.CORRECT, by=by, values=changed, reason=reason, batch=batch)
    elif row.state == State.PENDING:
        decide(claim=row, kind=Kind.ACCEPT, by=by, reason=reason, batch=batch)
    for part in parts:
        add_claim(
            document=row.document,
            spans=part.spans,
            values={**before, **part.values},
            by=by,
            reason=reason,
            batch=batch,
        )
    return batch


@transaction.atomic
def merge(
    *,
    kept: Claim,
    others: Sequence[Claim],
    versions: Mapping[UUID, int],
    by: User,
    reason: str = "",
) -> Batch:
    """Keep one of several claims that say the same: the others are rejected as duplicates of
    it, and their passages, where they are of the same document, become its own.

    `versions` has each claim's as it was read. Raises Outdated for the first that has another;
    ValidationError where they are not of one text or do not stand. The batch can be undone as
    a whole.
    """
    if not others or kept in others:
        raise ValidationError(gettext("Choose the claim to keep, and others that repeat it."))
    _lock_documents({claim.document_id for claim in (kept, *others)})
    rows = {
        claim.pk: locked(claim, versions[claim.pk])
        for claim in sorted((kept, *others), key=lambda claim: claim.pk)
    }
    if any(row.state not in (State.PENDING, *Claim.VERIFIED) for row in rows.values()):
        raise ValidationError(gettext("Only claims that stand can be merged."))
    if len({row.document.family_id for row in rows.values()}) > 1:
        raise ValidationError(gettext("Only claims of one text, or of its copies, can be merged."))
    batch = Batch.objects.create(
        kind=Kind.REJECT, because=Decision.Because.DUPLICATE, reason=reason.strip(), by=by
    )
    for other in others:
        decide(
            claim=rows[other.pk],
            kind=Kind.REJECT,
            because=Decision.Because.DUPLICATE,
            duplicate_of=rows[kept.pk],
            by=by,
            reason=reason,
            batch=batch,
        )
    take_passages(rows[kept.pk], [rows[other.pk] for other in others])
    return batch


def take_passages(kept: Claim, others: Iterable[Claim]) -> None:
    """Each passage of the others that the kept claim does not have; it remembers whose it was,
    so that it goes back when that claim stands again."""
    given = [other.pk for other in others if other.document_id == kept.document_id]
    have = {(item.start, item.end) for item in kept.evidence.all()}
    new: dict[Span, Evidence] = {}
    for item in Evidence.objects.filter(claim__in=given, taken_from=None).order_by("id"):
        if (item.start, item.end) not in have:
            new.setdefault(
                (item.start, item.end),
                Evidence(
                    claim=kept,
                    start=item.start,
                    end=item.end,
                    quote=item.quote,
                    cue=item.cue,
                    taken_from_id=item.claim_id,
                ),
            )
    Evidence.objects.bulk_create(new.values())


def _lock_documents(ids: Iterable[UUID]) -> None:
    """Before any claim, as extraction locks them, so that neither waits for the other for ever."""
    rows = Document.objects.select_for_update().filter(pk__in=ids).order_by("pk")
    list(rows.values_list("pk"))
