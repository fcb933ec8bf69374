"""The sides of one conflict: which actor stands for which, who is of which type, who opposes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from claims.extraction.actors.mentions import Agent
from claims.extraction.text.words import fold
from entities.lexicon import Actor, Conflict


class Sides:
    """A conflict's actors on one day.

    `introduced`: in a war that no pack knows, the keys of the actors that only the text does;
    None in a pack's conflict. In such a war every state is a side of its own, also one that
    does not fight; `keys` are those that do.
    """

    def __init__(
        self, conflict: Conflict | None, day: date, introduced: frozenset[str] | None = None
    ) -> None:
        self.conflict = conflict
        self.day = day
        self.introduced = introduced
        self.actors: Sequence[Actor] = conflict.actors if conflict else ()
        self._sides = conflict.sides if conflict else ()
        self.keys = [side.key for side in conflict.sides] if conflict else []
        self._by_key = {actor.key: actor for actor in self.actors}
        self.of_type: dict[str, list[str]] = {"state": [], "movement": []}
        for key in self.keys:
            self.of_type[self._type(key)].append(key)

    def of(self, agent: Agent | None) -> str | None:
        """The side of an agent: its own, else its nearest parent's that has one."""
        if agent is None:
            return None
        actor = agent.actor
        seen: set[str] = set()
        while actor is not None and actor.key not in seen:
            seen.add(actor.key)
            if side := actor.side_on(self.day):
                allowed = side in self.keys or not self.keys or self.introduced is not None
                return side if allowed else None
            actor = self._by_key.get(actor.parent) if actor.parent else None
        return agent.side_hint

    def _type(self, key: str) -> str:
        if (namesake := self._namesake(key)) is not None:
            return "movement" if namesake.kind in ("movement", "unit") else "state"
        official = {a.kind for a in self.actors if a.official and self._side(a) == key}
        return "state" if official & {"state", "army", "ministry"} else "movement"

    def _namesake(self, key: str) -> Actor | None:
        """The actor after which a side is named."""
        names = {fold(side.name) for side in self._sides if side.key == key} | {fold(key)}
        for actor in self.actors:
            own = {fold(name) for name in (actor.name, *actor.names)}
            if own & names and self._side(actor) == key:
                return actor
        return None

    def _side(self, actor: Actor) -> str | None:
        return self.of(Agent(actor.name, actor))

    def members(self, side: str, *kinds: str) -> list[Actor]:
        """The side's actors of these kinds, in the pack's order."""
        return [a for a in self.actors if a.kind in kinds and self._side(a) == side]

    def representative(self, side: str, *kinds: str) -> Agent:
        """The actor that stands for a side where the text names only its type."""
        namesake = self._namesake(side)
        if namesake is not None and (not kinds or namesake.kind in kinds):
            return Agent(namesake.name, namesake)
        order = kinds or ("state", "movement", "army", "government")
        for kind in order:
            if found := self.members(side, kind):
                return Agent(found[0].name, found[0])
        fallback = [a for a in self.actors if self._side(a) == side]
        if fallback:
            return Agent(fallback[0].name, fallback[0])
        return Agent(side, side_hint=side)

    def opponents(self, side: str) -> list[str]:
        """The other sides, of one that takes part; where the text alone tells them, first
        those of the other type: a state's rebels, a movement's state."""
        if side not in self.keys:
            return []
        others = [key for key in self.keys if key != side]
        if self.introduced is None:
            return others
        alike = next(keys for keys in self.of_type.values() if side in keys)
        return sorted(others, key=lambda key: key in alike)

    def institution(self, kind: str, match: Sequence[str], side: str | None) -> list[Actor]:
        """Actors of a kind with one of the words in a name, of a side if one is given."""
        return [
            actor
            for actor in self.actors
            if actor.kind == kind
            and (side is None or self._side(actor) == side)
            and any(word in fold(name) for name in (actor.name, *actor.names) for word in match)
        ]

    def home(self) -> str | None:
        """The side of the state on whose ground the war is, where the pack tells it."""
        if self.conflict is None:
            return None
        for actor in self.actors:
            if actor.kind == "state" and fold(actor.name).replace(" ", "") in (
                fold(self.conflict.key),
                fold(self.conflict.key.split("-")[0]),
            ):
                return self._side(actor)
        return self.of_type["state"][0] if len(self.of_type["state"]) == 1 else None
