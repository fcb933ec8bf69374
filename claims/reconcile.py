"""Compare what extraction found in a document with the claims that are there.

The same claim (by fingerprint) keeps its row, id and decision, also where an editor has said
since what a name in it means; a new one is added; a pending one that is gone becomes superseded;
a decided one that is gone keeps its state and is marked, and a new one in its place says so.
Nothing is deleted.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from uuid import UUID

import pghistory

from claims import changed_articles
from claims.changed_articles import Carried, carry, locked_versions, only_here
from claims.extraction.records import ExtractedClaim, Extraction
from claims.models import Claim, Evidence
from claims.names.rows import NameRows
from claims.names.ruled import FIELDS, NOTHING_RULED, Identity, RuledNames
from claims.replacing import replace_lost
from claims.review.editing import take_passages
from claims.review.readings import readings
from sources.models import Document

State = Claim.State
_KINDS = dict(zip(FIELDS, ("place", "actor", "actor"), strict=True))


@dataclass(slots=True)
class Reconciled:
    """What an extraction changed: ids of claims by word, in `changes`, and ids of the `places`
    whose claims changed. Words: `added`; `superseded`; `found_again`, after an extraction that
    had lost them; `no_longer_found`, though decided; `renamed`, by a ruling on a name; `replaced`,
    pairs of a decided claim that is lost and the one found in its place; `moved` from another
    version of the article; `reopened`, since no words of the article carry it any more."""

    places: set[UUID] = field(default_factory=set)
    changes: dict[str, list[str | list[str]]] = field(default_factory=dict)

    def note(self, word: str, claims: Iterable[Claim]) -> None:
        if ids := [str(claim.id) for claim in claims]:
            self.changes.setdefault(word, []).extend(ids)

    def added(self, claims: Sequence[Claim]) -> None:
        self.places |= {claim.place_id for claim in claims}
        self.note("added", claims)


def reconcile(document: Document, extraction: Extraction, version: str) -> Reconciled:
    """Write `extraction` to the document's claims; call it in a transaction."""
    return reconcile_all([(document, extraction)], version)[document.pk]


def reconcile_all(
    items: Sequence[tuple[Document, Extraction]], version: str
) -> dict[UUID, Reconciled]:
    """The same for several documents, by their ids. Those that are read for the first time, as
    most are, take a number of queries that does not grow with them."""
    ids = [document.pk for document, _ in items]
    # Two extractions of one article, by two versions, do not add the same claim twice.
    of_articles = _versions([document for document, _ in items])
    names = NameRows([claim for _, extraction in items for claim in extraction.claims])
    read_before = set(Claim.objects.filter(document__in=ids).values_list("document", flat=True))
    done: dict[UUID, Reconciled] = {}
    new: list[Found] = []
    for document, extraction in items:
        versions = of_articles[document.pk]
        row = next(one for one in versions if one.pk == document.pk)
        if row.pk in read_before or len(versions) > 1:
            done[row.pk] = _compare(row, versions, extraction, names, version)
        else:
            done[row.pk] = Reconciled()
            new += _found(row, extraction.claims, names.ruled)
    with pghistory.context(reason=f"extraction {version}"):
        for claim in _add(new, names, version):
            done[claim.document_id].added([claim])
    return done


@dataclass(frozen=True, slots=True)
class Found:
    """A claim as extracted from a document, by its fingerprint."""

    document: Document
    key: str
    claim: ExtractedClaim


def _versions(documents: Sequence[Document]) -> dict[UUID, list[Document]]:
    """All versions of each document's article, locked; of one that has none, itself."""
    rows = locked_versions(documents)
    by_article: dict[UUID, list[Document]] = defaultdict(list)
    for row in rows:
        by_article[row.article_id or row.pk].append(row)
    return {row.pk: by_article[row.article_id or row.pk] for row in rows}


def _found(document: Document, claims: Iterable[ExtractedClaim], ruled: RuledNames) -> list[Found]:
    by_key = {fingerprint(document, claim, ruled): claim for claim in claims}
    return [Found(document, key, claim) for key, claim in by_key.items()]


def _compare(
    document: Document,
    versions: Sequence[Document],
    extraction: Extraction,
    names: NameRows,
    version: str,
) -> Reconciled:
    """What was extracted with the claims that are there: the document's own, and those that come
    with it from other versions of its article."""
    done = Reconciled()
    carried = carry(document, versions)
    there = {
        claim.fingerprint: claim
        for claim in (*document.claims.select_for_update(), *carried.moved)
        if claim.origin == Claim.Origin.EXTRACTED
    }
    new = _found(document, only_here(document, versions, extraction.claims), names.ruled)
    found = {one.key: one.claim for one in new}
    known_again = _rename(versions, there, found, names, done)
    with pghistory.context(reason=f"extraction {version}"):
        known_again += _give_way(versions, there, found, carried.moved, names.ruled)
    _write_carried(carried, done)
    with pghistory.context(reason=f"extraction {version}"):
        for claim in known_again:
            claim.save(update_fields=["fingerprint"])
        added = _add([one for one in new if one.key not in there], names, version)
        done.added(added)
        kept = [claim for key, claim in there.items() if key in found]
        gone = [claim for key, claim in there.items() if key not in found]
        _keep(kept, found, done)
        _let_go(gone, done)
        lost = [claim for claim in gone if claim.no_longer_found]
        if pairs := replace_lost(lost, [*added, *kept]):
            done.changes["replaced"] = [[str(old.id), str(one.id)] for old, one in pairs]
    return done


def fingerprint(
    document: Document, claim: ExtractedClaim, ruled: RuledNames = NOTHING_RULED
) -> str:
    """SHA-256 of what makes the claim the one it is, as extracted, with names that editors have
    ruled on by what they mean."""
    return _fingerprint(document.own_family_id, claim, ruled.identity(claim))


def _fingerprint(text: UUID, claim: ExtractedClaim, identity: Identity) -> str:
    """`text` is a document's own family."""
    place, claimant, subject = identity
    parts = [
        str(text),
        place,
        claimant,
        claim.stance,
        claim.predicate,
        subject,
        [claim.asserted_on.isoformat(), claim.asserted_precision],
        [claim.event_date.isoformat() if claim.event_date else "", claim.event_precision or ""],
        [claim.extent, claim.part_label],
    ]
    return hashlib.sha256(json.dumps(parts, ensure_ascii=False).encode()).hexdigest()


def _write_carried(carried: Carried, done: Reconciled) -> None:
    changed_articles.write(carried)
    done.note("moved", carried.moved)
    done.note("reopened", carried.reopened)
    done.places |= {
        claim.place_id for claim in (*carried.moved, *carried.reopened, *carried.settled)
    }


def _rename(
    versions: Sequence[Document],
    there: dict[str, Claim],
    found: Mapping[str, ExtractedClaim],
    names: NameRows,
    done: Reconciled,
) -> list[Claim]:
    """Claims that were told apart by a name before an editor ruled on it, or by what it meant
    before that was undone, are found by what tells them apart now; and so are those that were
    told apart by another text of the article: these are returned, with fingerprints that are not
    written yet."""
    known_again: list[Claim] = []
    ruled = names.ruled
    if not ruled.rulings and len(versions) == 1:
        return known_again
    texts = [one.own_family_id for one in versions]
    for key, claim in found.items():
        if key in there:
            continue
        now = ruled.identity(claim)
        for text, before in product(texts, (now, *ruled.earlier(now))):
            old = _fingerprint(text, claim, before)
            if old in there and old not in found:
                row = there[key] = there.pop(old)
                row.fingerprint = key
                if before == now:
                    known_again.append(row)
                else:
                    _take_names(row, claim, now, before, names, done)
                break
    return known_again


def _give_way(
    versions: Sequence[Document],
    there: dict[str, Claim],
    found: Mapping[str, ExtractedClaim],
    moved: Iterable[Claim],
    ruled: RuledNames,
) -> list[Claim]:
    """Where a text was read before it was known to be one of the article, the same claim is there
    twice: a decided one that comes from another text takes the place of an open one, which is
    superseded. Each gets what told the other apart. Returns the decided ones, with fingerprints
    that are not written yet."""
    decided = {one.fingerprint: one for one in moved if one.state != State.PENDING}
    taken: list[Claim] = []
    for key, claim in found.items() if decided else ():
        own = there.get(key)
        if own is None or own.state not in (State.PENDING, State.SUPERSEDED):
            continue
        identity = ruled.identity(claim)
        likewise = [_fingerprint(one.own_family_id, claim, identity) for one in versions]
        if other := next((decided[old] for old in likewise if old != key and old in decided), None):
            there[key], there[other.fingerprint] = other, own
            own.fingerprint, other.fingerprint = other.fingerprint, key
            own.save(update_fields=["fingerprint"])  # before the other's is written
            taken.append(other)
    return taken


def _take_names(
    row: Claim,
    claim: ExtractedClaim,
    now: Identity,
    before: Identity,
    names: NameRows,
    done: Reconciled,
) -> None:
    """Give the row what its names mean now, save where an editor has said otherwise."""
    changed = [
        (name, one, other)
        for name, one, other in zip(FIELDS, now, before, strict=True)
        if one != other
    ]
    meant = {
        "place": names.place(claim.place),
        "claimant": names.actor(claim.claimant, claim.place.conflict),
        "subject": names.actor(claim.subject, claim.place.conflict),
    }
    corrected = readings(row).changes
    towns = {row.place_id}
    for name, _, _ in changed:
        if name not in corrected:
            setattr(row, name, meant[name])
    rulings = [names.ruled.between(_KINDS[name], one, other) for name, one, other in changed]
    ruling = next(ruling for ruling in rulings if ruling is not None)
    last = getattr(ruling, "undone_by", ruling)
    with pghistory.context(user=last.by_id, reason=str(last)):
        row.save(update_fields=["fingerprint", *FIELDS])
    done.places |= towns | {row.place_id}
    done.note("renamed", [row])


def _add(found: Sequence[Found], names: NameRows, version: str) -> list[Claim]:
    names.prepare(one.claim for one in found)
    claims = [_new(one, names, version) for one in found]
    Claim.objects.bulk_create(claims)
    Evidence.objects.bulk_create(
        evidence
        for claim, one in zip(claims, found, strict=True)
        for evidence in _evidence(claim, one.claim)
    )
    return claims


def _new(found: Found, names: NameRows, version: str) -> Claim:
    claim = found.claim
    return Claim(
        document=found.document,
        place=names.place(claim.place),
        place_ambiguous=claim.place.ambiguous,
        claimant=names.actor(claim.claimant, claim.place.conflict),
        speaker=claim.speaker[:200],
        stance=claim.stance,
        predicate=claim.predicate,
        subject=names.actor(claim.subject, claim.place.conflict),
        extent=claim.extent,
        part_words=claim.part_words[:200],
        part_label=claim.part_label[:100],
        asserted_on=claim.asserted_on,
        asserted_precision=claim.asserted_precision,
        event_date=claim.event_date,
        event_precision=claim.event_precision or "",
        confidence=claim.confidence,
        fingerprint=found.key,
        extractor_version=version,
    )


def _evidence(claim: Claim, extracted: ExtractedClaim) -> list[Evidence]:
    """A row for each passage. One that carries the claim twice (two cues in a sentence) is
    one row with both cues."""
    text = claim.document.text
    cues: dict[tuple[int, int], list[str]] = {}
    for passage in extracted.passages:
        cues.setdefault((passage.start, passage.end), []).append(passage.cue)
    return [
        Evidence(
            claim=claim,
            start=start,
            end=end,
            quote=text[start:end],
            cue=", ".join(dict.fromkeys(found))[:200],
        )
        for (start, end), found in cues.items()
    ]


def _keep(claims: list[Claim], found: Mapping[str, ExtractedClaim], done: Reconciled) -> None:
    """Found again: a superseded claim is offered once more, a mark is taken off, and a
    pending claim's passages are as now extracted. Decided claims keep what was decided on."""
    for claim in claims:
        if claim.state == State.SUPERSEDED or claim.no_longer_found:
            if claim.state == State.SUPERSEDED:
                claim.state = State.PENDING
                done.places.add(claim.place_id)
            claim.no_longer_found = False
            claim.save(update_fields=["state", "no_longer_found"])
            done.note("found_again", [claim])
        if claim.state == State.PENDING:
            now = _evidence(claim, found[claim.fingerprint])
            own = claim.evidence.filter(taken_from=None)
            before = set(own.values_list("start", "end", "cue"))
            if before != {(item.start, item.end, item.cue) for item in now}:
                claim.evidence.all().delete()
                Evidence.objects.bulk_create(now)
                take_passages(claim, claim.duplicates.all())


def _let_go(claims: list[Claim], done: Reconciled) -> None:
    for claim in claims:
        if claim.state == State.PENDING:
            claim.state = State.SUPERSEDED
            claim.save(update_fields=["state"])
            done.places.add(claim.place_id)
            done.note("superseded", [claim])
        elif claim.state != State.SUPERSEDED and not claim.no_longer_found:
            claim.no_longer_found = True
            claim.save(update_fields=["no_longer_found"])
            done.note("no_longer_found", [claim])
