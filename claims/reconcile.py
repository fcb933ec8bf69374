"""Compare what extraction found in a document with the claims that are there.

The same claim (by fingerprint) keeps its row, id and decision; a new one is added; a pending
one that is gone becomes superseded; a decided one that is gone keeps its state and is marked.
Nothing is deleted.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from types import MappingProxyType
from uuid import UUID

import pghistory
from django.utils.text import slugify

from claims.extraction.records import ActorRef, ExtractedClaim, Extraction, PlaceRef
from claims.models import Claim, Evidence
from claims.own_sides import PROVISIONAL
from entities.folding import fold
from entities.models import Actor, ActorName, Allegiance, Conflict, Place, PlaceName, Side
from sources.models import Document

State = Claim.State


def reconcile(document: Document, extraction: Extraction, version: str) -> set[UUID]:
    """Write `extraction` to the document's claims; call it in a transaction.

    Returns the ids of the places whose claims changed.
    """
    # Two extractions of one document, by two versions, do not add the same claim twice.
    Document.objects.select_for_update().get(pk=document.pk)
    there = {
        claim.fingerprint: claim
        for claim in document.claims.select_for_update().filter(origin=Claim.Origin.EXTRACTED)
    }
    found = {fingerprint(document, claim): claim for claim in extraction.claims}
    with pghistory.context(reason=f"extraction {version}"):
        new = _add(document, [item for item in found.items() if item[0] not in there], version)
        kept = [claim for key, claim in there.items() if key in found]
        gone = [claim for key, claim in there.items() if key not in found]
        changed = _keep(kept, found) | _let_go(gone)
    return changed | {claim.place_id for claim in new}


def fingerprint(document: Document, claim: ExtractedClaim) -> str:
    """SHA-256 of what makes the claim the one it is, as extracted."""
    parts = [
        str(document.own_family_id),
        claim.place.key or claim.place.name,
        _actor_key(claim.claimant),
        claim.stance,
        claim.predicate,
        _actor_key(claim.subject),
        [claim.asserted_on.isoformat(), claim.asserted_precision],
        [claim.event_date.isoformat() if claim.event_date else "", claim.event_precision or ""],
        [claim.extent, claim.part_label],
    ]
    return hashlib.sha256(json.dumps(parts, ensure_ascii=False).encode()).hexdigest()


def _actor_key(actor: ActorRef | None) -> str:
    return "" if actor is None else actor.key or actor.name


def _add(document: Document, items: list[tuple[str, ExtractedClaim]], version: str) -> list[Claim]:
    places = _places([claim.place for _, claim in items])
    actors = _actors(items)
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


def _keep(claims: list[Claim], found: dict[str, ExtractedClaim]) -> set[UUID]:
    """Found again: a superseded claim is offered once more, a mark is taken off, and a
    pending claim's passages are as now extracted. Decided claims keep what was decided on."""
    changed = set()
    for claim in claims:
        if claim.state == State.SUPERSEDED:
            claim.state = State.PENDING
            claim.save(update_fields=["state"])
            changed.add(claim.place_id)
        if claim.no_longer_found:
            claim.no_longer_found = False
            claim.save(update_fields=["no_longer_found"])
        if claim.state == State.PENDING:
            now = _evidence(claim, found[claim.fingerprint])
            before = set(claim.evidence.values_list("start", "end", "cue"))
            if before != {(item.start, item.end, item.cue) for item in now}:
                claim.evidence.all().delete()
                Evidence.objects.bulk_create(now)
    return changed


def _let_go(claims: list[Claim]) -> set[UUID]:
    changed = set()
    for claim in claims:
        if claim.state == State.PENDING:
            claim.state = State.SUPERSEDED
            claim.save(update_fields=["state"])
            changed.add(claim.place_id)
        elif claim.state != State.SUPERSEDED and not claim.no_longer_found:
            claim.no_longer_found = True
            claim.save(update_fields=["no_longer_found"])
    return changed


def _places(refs: list[PlaceRef]) -> dict[PlaceRef, Place]:
    """The rows of the places named; one that no gazetteer knows is added as provisional."""
    known = Place.objects.in_bulk([ref.key for ref in refs if ref.key], field_name="key")
    return {ref: known[ref.key] if ref.key else _provisional_place(ref) for ref in refs}


def _provisional_place(ref: PlaceRef) -> Place:
    conflict = Conflict.objects.filter(slug=ref.conflict or "").first()
    place, created = Place.objects.get_or_create(
        key=f"provisional:{ref.conflict or ''}:{_name_key(ref.name)}",
        defaults={"name": ref.name[:200], "conflict": conflict, "provisional": True},
    )
    if created:
        PlaceName.objects.create(place=place, name=place.name, folded=fold(place.name))
    return place


def _actors(items: list[tuple[str, ExtractedClaim]]) -> dict[ActorRef | None, Actor]:
    refs = {
        (ref, claim.place.conflict)
        for _, claim in items
        for ref in (claim.claimant, claim.subject)
        if ref is not None
    }
    keys = {one.key for ref, _ in refs for one in (ref, ref.parent) if one and one.key}
    known = Actor.objects.in_bulk(keys, field_name="slug")
    return {
        ref: known[ref.key] if ref.key else _provisional_actor(ref, conflict, known)
        for ref, conflict in sorted(refs, key=lambda pair: (pair[0].name, pair[1] or ""))
    }


def _provisional_actor(
    ref: ActorRef, conflict: str | None, known: Mapping[str, Actor] = MappingProxyType({})
) -> Actor:
    """An actor that no pack knows, on the side that extraction gave it in this conflict; in
    none, a part of the state or movement that it belongs to."""
    actor, created = Actor.objects.get_or_create(
        slug=f"{PROVISIONAL}{_name_key(ref.name)}",
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
        actor.parent = above or _provisional_actor(ref.parent, conflict)
        actor.kind, actor.official = ref.kind, ref.official
        actor.save(update_fields=["parent", "kind", "official"])
    side = Side.objects.filter(conflict__slug=conflict or "", key=ref.side or "").first()
    if side is not None:
        Allegiance.objects.get_or_create(actor=actor, side=side, since=None)
    return actor


def _name_key(name: str) -> str:
    """The same for all spellings that fold alike, in letters that addresses take: where the
    name has others, or is too long, its hash."""
    folded = fold(name) or name
    if folded.isascii() and 0 < len(slugify(folded)) <= 50:
        return slugify(folded)
    return hashlib.sha256(folded.encode()).hexdigest()[:32]
