"""Claims of an article whose text was changed: those whose words are still in it go with it,
those whose words are gone are put before an editor again.

A claim that goes to another version of the article keeps its row, its id and what was decided on
it; its passages are where their very words stand now (`claims.anchoring`). One that counts and
whose words are gone is opened again, once for each time that its text is replaced, and decided
as it was when the words are back. The others stay with the text that said so.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import pghistory
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import User
from django.db.models import Prefetch, Q

from claims.anchoring import Span, anchored
from claims.extraction.records import ExtractedClaim
from claims.models import Claim, Decision, Evidence
from claims.review.decisions import decide, undo
from sources.models import Document

Kind, State = Decision.Kind, Claim.State
# Under whose name claims are opened again: an account that nobody can log in to.
ACCOUNT = "changed-articles"
LOST = "The article was changed on {day:%-d %B %Y}: the words that carry this claim are gone."
BACK = "The words that carry this claim are in the article again."


@dataclass(slots=True)
class Carried:
    """What became of the claims of an article's other versions. `moved`: they are to go to this
    one, which is not written yet, with these passages; `reopened`; `settled` as before, since
    their words are back."""

    moved: list[Claim] = field(default_factory=list)
    passages: list[Evidence] = field(default_factory=list)
    reopened: list[Claim] = field(default_factory=list)
    settled: list[Claim] = field(default_factory=list)


def locked_versions(documents: Iterable[Document]) -> list[Document]:
    """The documents and the other versions of their articles, which nobody else changes or puts
    claims in until the transaction ends."""
    documents = list(documents)
    rows = Document.objects.select_for_update(of=("self",)).order_by("pk")
    theirs = Q(pk__in=[document.pk for document in documents])
    if articles := {one.article_id for one in documents} - {None}:
        theirs |= Q(article__in=articles)
    return list(rows.filter(theirs))


def only_here(
    document: Document, versions: Iterable[Document], claims: Sequence[ExtractedClaim]
) -> Sequence[ExtractedClaim]:
    """Of what was extracted from a text that was replaced: what the text that is there now does
    not say. The rest is that one's."""
    now = next((one for one in versions if one.replaced_at is None), None)
    if document.replaced_at is None or now is None:
        return claims
    spans = {(one.start, one.end) for claim in claims for one in claim.passages}
    there = anchored(document.text, now.text, spans)
    return [
        claim
        for claim in claims
        if not any((one.start, one.end) in there for one in claim.passages)
    ]


def carry(document: Document, versions: Iterable[Document]) -> Carried:
    """Find for `document` the claims of other versions of its article (of all, where it is the
    one that is there; else of earlier ones that are not) whose words it has, and open again what
    has lost them. Call it in the transaction of the extraction, with `locked_versions`."""
    done = Carried()
    present = document.replaced_at is None
    taken = set(document.claims.values_list("fingerprint", flat=True)) - {""}
    for other in versions:
        if other == document:
            done.settled += _settled(_claims(other)) if present else []
        elif present or (other.replaced_at is not None and other.version < document.version):
            _carry_from(other, document, taken, done)
    return done


def _carry_from(other: Document, document: Document, taken: set[str], done: Carried) -> None:
    claims = list(_claims(other))
    spans = {(one.start, one.end) for claim in claims for one in claim.evidence.all()}
    there = anchored(other.text, document.text, spans)
    found = []
    for claim in claims:
        if any((one.start, one.end) in there for one in claim.evidence.all()):
            # One that was told apart likewise is here already: it is the other text's alone.
            if claim.fingerprint not in taken:
                found.append(claim)
        elif document.replaced_at is None and _is_newly_lost(claim, other):
            _reopen(claim, other)
            done.reopened.append(claim)
    done.settled += _settled(found)
    for claim in found:
        taken |= {claim.fingerprint} - {""}
        claim.document = document
        done.moved.append(claim)
        done.passages += _passages(claim, document.text, there)


def write(done: Carried) -> None:
    """Write the claims that go to another version, with their fingerprints and passages."""
    for claim in done.moved:
        reason = f"article changed: version {claim.document.version}"
        with pghistory.context(reason=reason):
            claim.save(update_fields=["document", "fingerprint"])
    Evidence.objects.filter(claim__in=done.moved).delete()
    Evidence.objects.bulk_create(done.passages)
    for claim in done.moved:
        document = claim.document
        claim.refresh_from_db()  # and what was read with it
        claim.document = document


def _claims(document: Document) -> Iterator[Claim]:
    """Its claims that are not superseded, locked."""
    rows = document.claims.select_for_update().exclude(state=State.SUPERSEDED).order_by("pk")
    decisions = Decision.objects.order_by("at", "id").select_related("by")
    yield from rows.prefetch_related("evidence", Prefetch("decisions", decisions))


def _passages(claim: Claim, text: str, there: dict[Span, Span]) -> Iterator[Evidence]:
    for one in claim.evidence.all():
        if place := there.get((one.start, one.end)):
            start, end = place
            yield Evidence(
                claim=claim,
                start=start,
                end=end,
                quote=text[start:end],
                cue=one.cue,
                taken_from_id=one.taken_from_id,
            )


def _is_newly_lost(claim: Claim, was_in: Document) -> bool:
    """Whether it counts, was there when its text was replaced, and has not been opened again
    for that."""
    replaced = was_in.replaced_at
    if claim.state not in Claim.VERIFIED or replaced is None or claim.created_at > replaced:
        return False
    return not any(_is_ours(one) and one.at >= replaced for one in claim.decisions.all())


def _is_ours(decision: Decision) -> bool:
    return decision.kind == Kind.REOPEN and decision.by.get_username() == ACCOUNT


def _reopen(claim: Claim, was_in: Document) -> None:
    told = LOST.format(day=was_in.replaced_at)
    decide(claim=claim, kind=Kind.REOPEN, by=_account(), reason=told)


def _settled(claims: Iterable[Claim]) -> list[Claim]:
    """Of claims whose words are in the text: those that were opened again because they were not,
    and that nobody has touched since. They are as they were."""
    found = []
    for claim in claims:
        last = claim.decisions.all().last()
        if last is not None and _is_ours(last) and last.version == claim.version:
            undo(decision=last, by=_account(), reason=BACK)
            claim.refresh_from_db()
            found.append(claim)
    return found


def _account() -> User:
    nobody = {"is_active": False, "password": make_password(None)}
    return User.objects.get_or_create(username=ACCOUNT, defaults=nobody)[0]
