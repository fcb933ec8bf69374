"""Which actors a war's texts may mean, and when."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from entities.checking.spellings import Period, Spelling, spellings_of
from entities.lexicon import Actor, Allegiance
from entities.pack_reading import Draft


@dataclass(frozen=True, slots=True)
class Present:
    """An actor in one war: the sides it is on, with when; none where it is a third party."""

    actor: Actor
    spellings: tuple[Spelling, ...]
    allegiances: tuple[Allegiance, ...]

    @property
    def periods(self) -> tuple[Period, ...]:
        """When its names are its own: always, for a third party."""
        return tuple(map(period_of, self.allegiances)) or (Period(),)


def allegiances_by_war(drafts: Sequence[Draft]) -> dict[str, dict[str, list[Allegiance]]]:
    """Every actor's allegiances, by the pack's key and the actor's."""
    found: dict[str, dict[str, list[Allegiance]]] = {}
    for draft in drafts:
        of_war = found[draft.pack.key] = defaultdict(list)
        for key, allegiance in draft.pack.allegiances:
            of_war[key].append(allegiance)
    return found


def present_in_wars(drafts: Sequence[Draft]) -> dict[str, list[Present]]:
    """The actors of each war, by its pack's key: those on a side, and all third parties (as
    `entities.catalogue.build_lexicon` has them)."""
    by_war = allegiances_by_war(drafts)
    taking_sides = {key for of_war in by_war.values() for key in of_war}
    actors = [
        (actor, tuple(spellings_of(actor, table)))
        for draft in drafts
        for actor, table in zip(draft.pack.actors, draft.actors, strict=True)
    ]
    return {
        draft.pack.key: [
            Present(actor, spellings, tuple(by_war[draft.pack.key].get(actor.key, ())))
            for actor, spellings in actors
            if actor.key in by_war[draft.pack.key]
            or actor.key not in taking_sides
            or actor.kind == "state"
        ]
        for draft in drafts
        if draft.pack.war
    }


def period_of(allegiance: Allegiance) -> Period:
    return Period(allegiance.since, allegiance.until)
