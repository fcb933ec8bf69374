"""What editors have said that names mean, for a document that is read again.

A claim is told apart by the names in it as long as nothing knows them, and by the keys of what
they mean once an editor has said so: here are both, so that it stays the same claim.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import product

from django.db.models import Q
from django.utils.text import slugify

from claims.extraction.records import ActorRef, ExtractedClaim, PlaceRef
from claims.models import NameDecision
from entities.folding import fold
from entities.models import Actor, Place

Outcome = NameDecision.Outcome
FIELDS = ("place", "claimant", "subject")  # of a claim, that names fill
Identity = tuple[str, str, str]  # what tells a claim apart, field by field


def key_of(name: str) -> str:
    """Under which all spellings of a name meet."""
    return (fold(name) or name)[:200]


@lru_cache(maxsize=1024)  # every claim of a text asks for the same few
def name_key(name: str) -> str:
    """The same for all spellings that fold alike, in letters that addresses take: where the
    name has others, or is too long, its hash."""
    folded = fold(name) or name
    if folded.isascii() and 0 < len(slugify(folded)) <= 50:
        return slugify(folded)
    return hashlib.sha256(folded.encode()).hexdigest()[:32]


def provisional_key(name: str, conflict: str | None) -> str:
    """Of a place that no gazetteer knows, in a conflict, by its slug."""
    return f"provisional:{conflict or ''}:{name_key(name)}"


class RuledNames:
    """Rulings on the names of one extraction, the latest first, undone ones too."""

    def __init__(self, rulings: Iterable[NameDecision]) -> None:
        self.rulings = tuple(rulings)
        self._standing = {
            (one.kind, one.folded): one
            for one in self.rulings
            if not hasattr(one, "undone_by") and (one.actor or one.place)
        }

    def place(self, ref: PlaceRef) -> Place | None:
        """The place that a name means which extraction does not know; not in another war."""
        ruling = None if ref.key else self._standing.get(("place", key_of(ref.name)))
        place = ruling.place if ruling else None
        if place is None or not (ref.conflict and place.conflict):
            return place
        return place if place.conflict.slug == ref.conflict else None

    def actor(self, ref: ActorRef) -> Actor | None:
        """The actor that a name means which extraction does not know."""
        ruling = None if ref.key else self._standing.get(("actor", key_of(ref.name)))
        return ruling.actor if ruling else None

    def identity(self, claim: ExtractedClaim) -> Identity:
        """By what the claim's place, claimant and subject are told apart: keys, or names."""
        place = self.place(claim.place)
        return (
            place.key if place else claim.place.key or claim.place.name,
            self._of_actor(claim.claimant),
            self._of_actor(claim.subject),
        )

    def earlier(self, identity: Identity) -> Iterator[Identity]:
        """By what the same may have been told apart before a ruling, or before its undoing."""
        kinds = ("place", "actor", "actor")
        options = [
            [one, *self._others(kind, one)] for kind, one in zip(kinds, identity, strict=True)
        ]
        for place, claimant, subject in product(*options):
            if (place, claimant, subject) != identity:
                yield place, claimant, subject

    def between(self, kind: str, one: str, other: str) -> NameDecision | None:
        """The ruling by which these two are the same, or were."""
        return next(
            (
                ruling
                for ruling in self.rulings
                if ruling.kind == kind and {one, other} <= _called(ruling)
            ),
            None,
        )

    def _of_actor(self, ref: ActorRef | None) -> str:
        if ref is None:
            return ""
        actor = self.actor(ref)
        return actor.slug if actor else ref.key or ref.name

    def _others(self, kind: str, one: str) -> list[str]:
        same = [_called(ruling) for ruling in self.rulings if ruling.kind == kind]
        return sorted(set().union(*(called for called in same if one in called)) - {one})


NOTHING_RULED = RuledNames(())


def ruled_names(claims: Iterable[ExtractedClaim]) -> RuledNames:
    """Rulings on the names in these claims: one query."""
    keys: dict[str, set[str]] = {"place": set(), "actor": set()}
    names: dict[str, set[str]] = {"place": set(), "actor": set()}
    for kind, ref in _refs(claims):
        if ref.key:
            keys[kind].add(ref.key)
        else:
            names[kind].add(key_of(ref.name))
    named = Q(kind="place", folded__in=names["place"]) | Q(kind="actor", folded__in=names["actor"])
    keyed = Q(place__key__in=keys["place"]) | Q(actor__slug__in=keys["actor"])
    rulings = NameDecision.objects.filter(named | keyed)
    return RuledNames(
        rulings.exclude(outcome__in=[Outcome.IGNORE, Outcome.UNDO])
        .select_related("actor", "place__conflict", "undone_by")
        .order_by("-id")
    )


def _refs(claims: Iterable[ExtractedClaim]) -> Iterator[tuple[str, ActorRef | PlaceRef]]:
    for claim in claims:
        yield "place", claim.place
        for actor in (claim.claimant, claim.subject):
            while actor is not None:
                yield "actor", actor
                actor = actor.parent


def _called(ruling: NameDecision) -> set[str]:
    """All by which its claims may be told apart: the names as written, and the key."""
    return {*ruling.spellings, ruling.did.get("key", "")} - {""}
