"""Compare what extraction found in a document with the claims that are there.

The same claim (by fingerprint) keeps its row, id and decision, also where an editor has said
since what a name in it means; a new one is added; a pending one that is gone becomes superseded;
a decided one that is gone keeps its state and is marked, and a new one in its place says so.
Nothing is deleted.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from types import MappingProxyType
from uuid import UUID

import pghistory

from claims import changed_articles
from claims.changed_articles import Carried, carry, locked_versions, only_here
from claims.extraction.records import ActorRef, ExtractedClaim, Extraction, PlaceRef
from claims.models import Claim, Evidence
from claims.names.ruled import (
    FIELDS,
    NOTHING_RULED,
    Identity,
    RuledNames,
    name_key,
    provisional_key,
    ruled_names,
)
from claims.own_sides import PROVISIONAL
from claims.replacing import replace_lost
from claims.review.editing import take_passages
from claims.review.readings import readings
from entities.folding import fold
from entities.models import Actor, ActorName, Allegiance, Conflict, Place, PlaceName, Side
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


def reconcile(document: Document, extraction: Extraction, version: str) -> Reconciled:
    """Write `extraction` to the document's claims; call it in a transaction."""
    # Two extractions of one article, by two versions, do not add the same claim twice.
    versions = locked_versions(document)
    document = next(one for one in versions if one.pk == document.pk)
    done = Reconciled()
    carried = carry(document, versions)
    there = {
        claim.fingerprint: claim
        for claim in (*document.claims.select_for_update(), *carried.moved)
        if claim.origin == Claim.Origin.EXTRACTED
    }
    extracted = only_here(document, versions, extraction.claims)
    ruled = ruled_names(extracted)
    found = {fingerprint(document, claim, ruled): claim for claim in extracted}
    known_again = _rename(versions, there, found, ruled, done)
    _write_carried(carried, done)
    with pghistory.context(reason=f"extraction {version}"):
        for claim in known_again:
            claim.save(update_fields=["fingerprint"])
        unknown = [item for item in found.items() if item[0] not in there]
        new = _add(document, unknown, ruled, version)
        done.places |= {claim.place_id for claim in new}
        done.note("added", new)
        kept = [claim for key, claim in there.items() if key in found]
        gone = [claim for key, claim in there.items() if key not in found]
        _keep(kept, found, done)
        _let_go(gone, done)
        lost = [claim for claim in gone if claim.no_longer_found]
        if pairs := replace_lost(lost, [*new, *kept]):
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
    ruled: RuledNames,
    done: Reconciled,
) -> list[Claim]:
    """Claims that were told apart by a name before an editor ruled on it, or by what it meant
    before that was undone, are found by what tells them apart now; and so are those that were
    told apart by another text of the article: these are returned, with fingerprints that are not
    written yet."""
    known_again: list[Claim] = []
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
                    _take_names(row, claim, now, before, ruled, done)
                break
    return known_again


def _take_names(
    row: Claim,
    claim: ExtractedClaim,
    now: Identity,
    before: Identity,
    ruled: RuledNames,
    done: Reconciled,
) -> None:
    """Give the row what its names mean now, save where an editor has said otherwise."""
    changed = [
        (name, one, other)
        for name, one, other in zip(FIELDS, now, before, strict=True)
        if one != other
    ]
    place, actors = _places([claim.place], ruled), _actors([claim], ruled)
    meant = {
        "place": place[claim.place],
        "claimant": actors.get(claim.claimant),
        "subject": actors.get(claim.subject),
    }
    corrected = readings(row).changes
    towns = {row.place_id}
    for name, _, _ in changed:
        if name not in corrected:
            setattr(row, name, meant[name])
    rulings = [ruled.between(_KINDS[name], one, other) for name, one, other in changed]
    ruling = next(ruling for ruling in rulings if ruling is not None)
    last = getattr(ruling, "undone_by", ruling)
    with pghistory.context(user=last.by_id, reason=str(last)):
        row.save(update_fields=["fingerprint", *FIELDS])
    done.places |= towns | {row.place_id}
    done.note("renamed", [row])


def _add(
    document: Document,
    items: list[tuple[str, ExtractedClaim]],
    ruled: RuledNames,
    version: str,
) -> list[Claim]:
    places = _places([claim.place for _, claim in items], ruled)
    actors = _actors([claim for _, claim in items], ruled)
    claims = [
        Claim(
            document=document,
            place=places[claim.place],
            place_ambiguous=claim.place.ambiguous,
            claimant=actors.get(claim.claimant),
            speaker=claim.speaker[:200],
            stance=claim.stance,
            predicate=claim.predicate,
            subject=actors.get(claim.subject),
            extent=claim.extent,
            part_words=claim.part_words[:200],
            part_label=claim.part_label[:100],
            asserted_on=claim.asserted_on,
            asserted_precision=claim.asserted_precision,
            event_date=claim.event_date,
            event_precision=claim.event_precision or "",
            confidence=claim.confidence,
            fingerprint=key,
            extractor_version=version,
        )
        for key, claim in items
    ]
    Claim.objects.bulk_create(claims)
    Evidence.objects.bulk_create(
        evidence
        for claim, (_, extracted) in zip(claims, items, strict=True)
        for evidence in _evidence(claim, extracted)
    )
    return claims


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


def _places(refs: list[PlaceRef], ruled: RuledNames) -> dict[PlaceRef, Place]:
    """The rows of the places named; one that neither gazetteer nor editor knows is added as
    provisional."""
    known = Place.objects.in_bulk([ref.key for ref in refs if ref.key], field_name="key")
    return {
        ref: known[ref.key] if ref.key else ruled.place(ref) or _provisional_place(ref)
        for ref in refs
    }


def _provisional_place(ref: PlaceRef) -> Place:
    conflict = Conflict.objects.filter(slug=ref.conflict or "").first()
    place, created = Place.objects.get_or_create(
        key=provisional_key(ref.name, ref.conflict),
        defaults={"name": ref.name[:200], "conflict": conflict, "provisional": True},
    )
    if created:
        PlaceName.objects.create(place=place, name=place.name, folded=fold(place.name))
    return place


def _actors(claims: Iterable[ExtractedClaim], ruled: RuledNames) -> dict[ActorRef | None, Actor]:
    refs = {
        (ref, claim.place.conflict)
        for claim in claims
        for ref in (claim.claimant, claim.subject)
        if ref is not None
    }
    keys = {one.key for ref, _ in refs for one in (ref, ref.parent) if one and one.key}
    known = Actor.objects.in_bulk(keys, field_name="slug")
    return {
        ref: known[ref.key]
        if ref.key
        else ruled.actor(ref) or _provisional_actor(ref, conflict, ruled, known)
        for ref, conflict in sorted(refs, key=lambda pair: (pair[0].name, pair[1] or ""))
    }


def _provisional_actor(
    ref: ActorRef,
    conflict: str | None,
    ruled: RuledNames = NOTHING_RULED,
    known: Mapping[str, Actor] = MappingProxyType({}),
) -> Actor:
    """An actor that no pack knows, on the side that extraction gave it in this conflict; in
    none, a part of the state or movement that it belongs to."""
    actor, created = Actor.objects.get_or_create(
        slug=f"{PROVISIONAL}{name_key(ref.name)}",
        defaults={
            "name": ref.name[:200],
            "kind": ref.kind,
            "official": ref.official,
            "provisional": True,
        },
    )
    if created:
        names = dict.fromkeys(name[:200] for name in (ref.name, *ref.names))
        ActorName.objects.bulk_create(
            ActorName(actor=actor, name=name, folded=fold(name), order=order)
            for order, name in enumerate(names)
        )
    if ref.parent is not None and actor.parent is None and actor.provisional and not actor.edited:
        above = known.get(ref.parent.key) if ref.parent.key else None
        actor.parent = (
            above or ruled.actor(ref.parent) or _provisional_actor(ref.parent, conflict, ruled)
        )
        actor.kind, actor.official = ref.kind, ref.official
        actor.save(update_fields=["parent", "kind", "official"])
    side = Side.objects.filter(conflict__slug=conflict or "", key=ref.side or "").first()
    if side is not None:
        Allegiance.objects.get_or_create(actor=actor, side=side, since=None)
    return actor
