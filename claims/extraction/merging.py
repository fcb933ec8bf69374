"""One claim per document for what is said repeatedly, with every passage that carries it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from claims.extraction import confidence
from claims.extraction.actors.mentions import Agent
from claims.extraction.actors.sides import Sides
from claims.extraction.drafts import Draft
from claims.extraction.records import ActorRef, ExtractedClaim, Passage


def merge(drafts: Iterable[Draft], sides: Sides) -> tuple[ExtractedClaim, ...]:
    """The drafts as claims: equal ones are one, in the order of their first passages."""
    drafts = [_for_its_organisation(draft, sides) for draft in drafts]
    groups: dict[tuple[object, ...], list[Draft]] = {}
    for draft in sorted(drafts, key=lambda d: (d.start, d.end)):
        groups.setdefault(_identity(draft), []).append(draft)
    return tuple(_claim(group, sides) for group in groups.values())


def _identity(draft: Draft) -> tuple[object, ...]:
    return (
        draft.place.name,
        draft.claimant.name if draft.claimant else None,
        draft.stance,
        draft.predicate,
        draft.subject.name if draft.subject else None,
        draft.part.extent,
        draft.part.label,
        draft.asserted_on,
        draft.asserted_precision,
        draft.event.day if draft.event else None,
        draft.event.precision if draft.event else None,
    )


def _for_its_organisation(draft: Draft, sides: Sides) -> Draft:
    """A spokesman's or unit's statement as its organisation's, of itself too."""
    claimant = sides.organisation(draft.claimant)
    own = draft.subject is not None and draft.subject.same(draft.claimant)
    return replace(draft, claimant=claimant, subject=claimant if own else draft.subject)


def _ref(agent: Agent | None, sides: Sides) -> ActorRef | None:
    if agent is None:
        return None
    side = sides.of(agent)
    actor = agent.actor
    if actor is not None and actor.key not in (sides.introduced or ()):
        return ActorRef(agent.name, actor.key, side)
    if actor is not None:
        return ActorRef(
            actor.name,
            None,
            side,
            kind=actor.kind,
            official=actor.official,
            names=tuple(name for name in actor.names if name != actor.name),
        )
    kind = agent.kind_hint or "organisation"
    official = kind in _OFFICIAL
    parent = None
    if sides.introduced is not None and side is not None:
        parent = _ref(sides.representative(side, "state", "movement"), sides)
    return ActorRef(agent.name, None, side, kind=kind, official=official, parent=parent)


# Whose word can concede a town, of those that a text names by their office.
_OFFICIAL = frozenset({"government", "ministry", "army", "region"})


def _claim(group: list[Draft], sides: Sides) -> ExtractedClaim:
    first = group[0]
    passages = tuple(dict.fromkeys(Passage(d.start, d.end, d.cue) for d in group))
    signs = _signs(group, sides)
    speaker = next((d.claimant.speaker for d in group if d.claimant and d.claimant.speaker), "")
    return ExtractedClaim(
        place=first.place,
        claimant=_ref(first.claimant, sides),
        speaker=speaker,
        stance=first.stance,
        predicate=first.predicate,
        subject=_ref(first.subject, sides),
        extent=first.part.extent,
        part_words=next((d.part.words for d in group if d.part.words), ""),
        part_label=first.part.label,
        asserted_on=first.asserted_on,
        asserted_precision=first.asserted_precision,
        event_date=first.event.day if first.event else None,
        event_precision=first.event.precision if first.event else None,
        passages=passages,
        confidence=confidence.of_signs(signs),
        signs=tuple(sorted(signs)),
    )


def _signs(group: list[Draft], sides: Sides) -> frozenset[str]:
    """What all passages of a claim share, so that one clear passage is enough."""
    first = group[0]
    signs = frozenset.intersection(*(draft.signs for draft in group))
    own, gains = sides.of(first.claimant), sides.of(first.subject)
    told = {
        "part": first.part.extent == "part",
        "repeated": len(group) > 1,
        "against its side": own is not None and gains is not None and _concedes(first, own, gains),
    }
    return signs | {sign for sign, is_so in told.items() if is_so}


def _concedes(draft: Draft, own: str, gains: str) -> bool:
    """Whether a claimant tells what is in another side's favour."""
    against = (own != gains) != (draft.predicate == "withdrew")
    return against != (draft.stance == "denies")
