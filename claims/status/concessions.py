"""Concessions: a side's official word, against its own interest, that the town is lost."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Set
from dataclasses import dataclass, field

from claims.status.standing import Ledger
from claims.status.words import PUBLISHERS, Saying, Word


@dataclass(slots=True)
class Concession:
    """That `side` lost the town. `to`: the sides that it named as holders, if any. `taker`:
    the one that was the holder when the concession first took effect. `attackers`: who has
    been said to attack since."""

    side: str
    claims: list[str] = field(default_factory=list)
    to: set[str] = field(default_factory=set)
    taker: str | None = None
    attackers: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Loss:
    """That the town is `taker`'s, by the claims that concede it."""

    taker: str
    claims: frozenset[str]


def conceded(said: Iterable[Saying], ledger: Ledger) -> dict[str, Concession]:
    """The concessions among one day's words (rule 1), by side. `ledger` has heard the day.
    Two sides' on one day count as none."""
    whole = [saying for saying in said if saying.part is None]
    words: dict[str, set[Word]] = defaultdict(set)
    for saying in whole:
        words[saying.actor].add(saying.word)
    captured = {
        run.key.word.side
        for run in ledger.controls()
        if run.captured and run.key.party != PUBLISHERS
    }
    found: dict[str, Concession] = {}
    for saying in whole:
        if not _concedes(saying, captured) or _takes_back(saying, words[saying.actor]):
            continue
        concession = found.setdefault(saying.party.key, Concession(saying.party.key))
        concession.claims.append(saying.claim)
        if saying.word.name == "controls":
            concession.to.add(saying.word.side)
    return found if len(found) == 1 else {}


def _concedes(saying: Saying, captured: Set[str]) -> bool:
    if not saying.official:
        return False
    own = saying.word.side == saying.party.key
    if saying.asserted == "withdrew":
        return own
    if saying.asserted == "holds":
        # To say that the enemy still holds what nobody took from it concedes nothing.
        return not own and saying.word.side in captured
    return saying.asserted == "captured" and not own


def _takes_back(saying: Saying, words: Set[Word]) -> bool:
    """Whether the actor said the opposite on the same day."""
    side = saying.word.side
    if saying.word.name == "left":
        return Word("controls", side) in words
    return any(
        word.side != side if word.name == "controls" else word in {("not", side), ("left", side)}
        for word in words
    )


class Concessions:
    """The concessions that have not ended, over the days, which must come in order."""

    def __init__(self) -> None:
        self._open: dict[str, Concession] = {}

    def clear(self) -> None:
        self._open.clear()

    def step(
        self,
        *,
        made: dict[str, Concession],
        fresh: Set[str],
        attackers: Set[str],
        controlled: Set[str],
    ) -> None:
        """Take in a day: the concessions `made`, the sides with a `fresh` capture, the
        `attackers`, and the sides that anybody says control the town at its end."""
        for concession in self._open.values():
            concession.attackers |= attackers
        self._open = {
            side: concession
            for side, concession in self._open.items()
            if not _ended(concession, made, fresh)
        }
        # Only later attacks end a concession, so those of its own day are not counted.
        self._open |= made
        for side, concession in list(self._open.items()):
            taker = _one(controlled - {side})
            if concession.taker is None and taker is not None:
                if concession.attackers - {taker}:
                    del self._open[side]
                elif not concession.to or taker in concession.to:
                    concession.taker = taker

    def in_force(self, controlled: Set[str]) -> Loss | None:
        """What the open concessions come to: None where no one taker is said to control the
        town, or where they have different ones."""
        claims: dict[str, list[str]] = defaultdict(list)
        for side, concession in self._open.items():
            if concession.taker is not None and controlled - {side} == {concession.taker}:
                claims[concession.taker] += concession.claims
        taker = _one(claims.keys())
        return None if taker is None else Loss(taker, frozenset(claims[taker]))


def _ended(concession: Concession, made: dict[str, Concession], fresh: Set[str]) -> bool:
    if concession.taker is None:
        # Not in effect yet: whoever takes the town may still be the one taker, but not the
        # side that gave it up.
        return concession.side in fresh or concession.side in concession.attackers
    others = fresh | concession.attackers
    return bool(others - {concession.taker}) or concession.taker in made


def _one(sides: Set[str]) -> str | None:
    return next(iter(sides)) if len(sides) == 1 else None
