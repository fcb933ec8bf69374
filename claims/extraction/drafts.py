"""Draft claims: what one passage says, before repetitions are merged."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from claims.extraction.actors.mentions import Agent
from claims.extraction.actors.sides import Sides
from claims.extraction.places.extent import Part
from claims.extraction.records import PlaceRef, Precision, Predicate, Stance
from claims.extraction.times.dates import DateHit

CONTROL = frozenset({"captured", "holds"})
ATTACKS = frozenset({"captured", "advancing", "encircled"})


@dataclass(frozen=True, slots=True)
class Draft:
    """One reading of one passage, characters `[start, end)`. `claimant` None: the publisher;
    `signs`: on what it was read (`confidence`)."""

    place: PlaceRef
    part: Part
    predicate: Predicate
    subject: Agent | None
    claimant: Agent | None
    stance: Stance
    asserted_on: date
    asserted_precision: Precision
    event: DateHit | None
    start: int
    end: int
    cue: str
    signs: frozenset[str]
    sentence: int

    def outline(self) -> str:
        """The draft in one line."""
        claimant = self.claimant.name if self.claimant else "the publisher"
        subject = f" by {self.subject.name}" if self.subject else ""
        part = f" ({self.part.label or 'part'})" if self.part.extent == "part" else ""
        return f"{claimant} {self.stance}: {self.place.name}{part} {self.predicate}{subject}"


class Subjects:
    """Tells who a statement without a subject is about, from what the article says elsewhere."""

    def __init__(self, sides: Sides) -> None:
        self.sides = sides

    def complete(self, draft: Draft, before: list[Draft]) -> Draft:
        """The draft with its subject, where it has one and something tells it."""
        if draft.predicate == "fighting":
            return replace(draft, subject=None)
        if draft.subject is not None and self.sides.of(draft.subject) is not None:
            return draft
        open_war = not self.sides.keys or self.sides.introduced is not None
        if draft.subject is not None and draft.subject.actor is None and open_war:
            return draft
        occupied = draft.cue.split()[0].lower() in _OCCUPIED
        found = (
            (self._at_home(draft) if occupied else None)
            or self._from_before(draft, before)
            or self._from_claimant(draft)
            or self._at_home(draft)
        )
        if found is None:
            return draft
        return replace(draft, subject=found, signs=(draft.signs - _UNTOLD) | {"subject elsewhere"})

    def settle(self, drafts: Sequence[Draft]) -> list[Draft]:
        """The drafts of a whole article, those without a subject completed by what it says later
        of the town, else by who attacks and who holds towns in it."""
        told = [d for d in drafts if d.predicate != "fighting" and self.sides.of(d.subject)]
        return [self._settled(draft, told) for draft in drafts]

    def _settled(self, draft: Draft, told: Sequence[Draft]) -> Draft:
        if draft.predicate == "fighting" or self.sides.of(draft.subject) is not None:
            return draft
        if draft.subject is not None and draft.subject.actor is None:
            return draft
        here = [d for d in told if d.place.name == draft.place.name]
        found = self._by_opposites(draft, here) or self._by_opposites(draft, told)
        if found is None:
            return draft
        return replace(draft, subject=found, signs=(draft.signs - _UNTOLD) | {"subject elsewhere"})

    def _by_opposites(self, draft: Draft, others: Sequence[Draft]) -> Agent | None:
        """Who attacks, or who holds and leaves: as told of others, those nearest first; else the
        enemy of who does the opposite."""
        attacks = draft.predicate in ATTACKS
        nearest = sorted(others, key=lambda d: abs(d.sentence - draft.sentence))
        for other in nearest:
            if (other.predicate in ATTACKS) == attacks:
                return other.subject
        for other in nearest:
            rivals = self.sides.opponents(self.sides.of(other.subject) or "")
            if len(rivals) == 1:
                return self.sides.representative(rivals[0])
        return None

    def _from_before(self, draft: Draft, before: list[Draft]) -> Agent | None:
        """The side last said to do the like to this town."""
        retaken = draft.cue.split()[0].lower() in _AGAIN or draft.cue.lower().endswith("back")
        for earlier in reversed(before if retaken else []):
            side = self.sides.of(earlier.subject)
            if earlier.place.name != draft.place.name or side is None:
                continue
            if earlier.predicate == "withdrew":
                return earlier.subject  # lost by X, retaken
            rivals = self.sides.opponents(side)
            if earlier.predicate == "captured" and rivals:
                return self.sides.representative(rivals[0])
        alike = ATTACKS if draft.predicate in ATTACKS else {draft.predicate}
        for earlier in reversed(before):
            if earlier.place.name != draft.place.name or earlier.subject is None:
                continue
            if earlier.predicate in alike and self.sides.of(earlier.subject):
                return earlier.subject
        return None

    def _from_claimant(self, draft: Draft) -> Agent | None:
        side = self.sides.of(draft.claimant)
        if side not in self.sides.keys:
            return None
        own = draft.stance == "asserts" or draft.cue.lower().startswith("liberat")
        if draft.predicate in ("holds", "withdrew"):
            return draft.claimant if own or draft.predicate == "withdrew" else None
        loses = draft.cue.split()[0].lower() in _FALLS and not self._attacks(draft.claimant)
        if own and not loses:
            return draft.claimant
        rivals = self.sides.opponents(side)
        return self.sides.representative(rivals[0]) if rivals else None

    def _at_home(self, draft: Draft) -> Agent | None:
        """In a war of two sides that one fights on its own ground: what is lost it has lost, and
        what is occupied or overrun has gone to the other."""
        home = self.sides.home() if self.sides.introduced is None else None
        rivals = self.sides.opponents(home) if home else []
        if home is None or len(rivals) != 1 or self.sides.of(draft.claimant) is not None:
            return None
        word = draft.cue.split()[0].lower()
        if draft.predicate == "withdrew" and word in ("lost", "loses", "lose"):
            return self.sides.representative(home)
        if draft.predicate == "captured" and word in _FALLS:
            return self.sides.representative(rivals[0])
        return None

    def _attacks(self, claimant: Agent | None) -> bool:
        """Whether who tells of a fall tells of its own conquest: movements and foreign states do,
        of towns of the state on whose ground the war is."""
        home, side = self.sides.home(), self.sides.of(claimant)
        if home is not None and side is not None:
            return side != home
        known = claimant.actor if claimant is not None else None
        home = self.sides.home() if self.sides.introduced is None else None
        abroad = home is not None and self.sides.of(claimant) != home
        return known is not None and (known.kind == "movement" or abroad)


_UNTOLD = frozenset({"no subject"})
_AGAIN = frozenset({"retaken", "recaptured", "regained", "recovered", "reclaimed", "retook",
                    "reconquered", "recapture", "retaking", "rewon"})  # fmt: skip
_OCCUPIED = frozenset({"occupied", "occupation"})
_FALLS = frozenset({"fall", "falls", "fell", "fallen", "falling", "loss", "surrounded", "encircled",
                    "cut", "besieged", "occupied", "overrun", "occupation"})  # fmt: skip
