"""The sides of one conflict: which actor stands for which, who is of which type, who opposes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from claims.extraction.actors.mentions import Agent
from claims.extraction.text.words import fold
from entities.lexicon import Actor, Conflict

_ARMED = ("army", "unit")


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
        self._namesakes: dict[str, Actor | None] = {}
        self._by_key = {actor.key: actor for actor in self.actors}
        self.of_type: dict[str, list[str]] = {"state": [], "movement": []}
        for key in self.keys:
            self.of_type[self._type(key)].append(key)
        self._principals = self._warring_states()

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
        if key not in self._namesakes:
            self._namesakes[key] = self._after_whom(key)
        return self._namesakes[key]

    def _after_whom(self, key: str) -> Actor | None:
        names = {fold(side.name) for side in self._sides if side.key == key} | {fold(key)}
        for actor in self.actors:
            if self._side(actor) == key and any(
                fold(name) in names for name in (actor.name, *actor.names)
            ):
                return actor
        return None

    def namesakes(self, actors: Sequence[Actor]) -> list[Actor]:
        """Those of some actors after which a side is named."""
        named = [self._namesake(key) for key in self.keys]
        return [actor for actor in actors if actor in named]

    def _side(self, actor: Actor) -> str | None:
        return self.of(Agent(actor.name, actor))

    def _warring_states(self) -> frozenset[str]:
        """The keys of the states whose war it is: the one on whose ground it is fought, and
        those after which a side is named. All others fight for somebody."""
        namesakes = (self._namesake(key) for key in self.keys)
        own = {actor.key for actor in namesakes if actor is not None and actor.kind == "state"}
        home = self._home_state()
        return frozenset(own | ({home.key} if home is not None else set()))

    def root(self, actor: Actor) -> Actor:
        """The actor at the top of the chain of parents."""
        seen: set[str] = set()
        while actor.parent in self._by_key and actor.key not in seen:
            seen.add(actor.key)
            actor = self._by_key[actor.parent]
        return actor

    def is_ally(self, actor: Actor) -> bool:
        """Whether it is, or belongs to, a state that fights on another's side."""
        root = self.root(actor)
        return root.kind == "state" and root.key not in self._principals

    def organisation(self, agent: Agent | None) -> Agent | None:
        """For whom somebody speaks: a state's commands, services and units for its armed
        forces, a government that is but its state's for the state."""
        if agent is None or (actor := agent.actor) is None:
            return agent
        found = actor
        if actor.kind in _ARMED:
            while (above := self._by_key.get(found.parent or "")) and above.kind in _ARMED:
                found = above
            found = found if found.kind == "army" else actor
        elif actor.kind == "government":
            above = self._by_key.get(actor.parent or "")
            named = above is not None and above.kind == "state" and _is_government(actor, above)
            found = above if named and above is not None else actor
        return agent if found is actor else replace(agent, name=found.name, actor=found)

    def members(self, side: str, *kinds: str) -> list[Actor]:
        """The side's actors of these kinds: allies last, parts of others after the whole."""
        found = [a for a in self.actors if a.kind in kinds and self._side(a) == side]
        return sorted(found, key=self._rank)

    def _rank(self, actor: Actor) -> tuple[bool, bool]:
        above = self._by_key.get(actor.parent or "")
        return self.is_ally(actor), above is not None and above.kind == actor.kind

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

    def institution(
        self, kind: str, match: Sequence[str], side: str | None, owner: Actor | None = None
    ) -> list[Actor]:
        """Actors of a kind with one of the words in a name, of a side if one is given; an
        ally's only where it is the owner."""
        ally = owner is not None and self.is_ally(owner)
        found = [
            actor
            for actor in self.actors
            if actor.kind == kind
            and (side is None or self._side(actor) == side)
            and any(word in fold(name) for name in (actor.name, *actor.names) for word in match)
        ]
        found.sort(key=self._rank)
        if ally and owner is not None:
            return [actor for actor in found if self.root(actor) == self.root(owner)]
        return [actor for actor in found if not self.is_ally(actor)]

    def _home_state(self) -> Actor | None:
        if self.conflict is None:
            return None
        keys = (fold(self.conflict.key), fold(self.conflict.key.split("-")[0]))
        states = (actor for actor in self.actors if actor.kind == "state")
        return next((a for a in states if fold(a.name).replace(" ", "") in keys), None)

    def home(self) -> str | None:
        """The side of the state on whose ground the war is, where the pack tells it."""
        if (state := self._home_state()) is not None:
            return self._side(state)
        return self.of_type["state"][0] if len(self.of_type["state"]) == 1 else None


def _is_government(actor: Actor, state: Actor) -> bool:
    """Whether its name says no more than that it is the state's government."""
    words = set(fold(actor.name).split()) - set(fold(state.name).split())
    return "government" in words and words <= {"government", "of", "the"}
