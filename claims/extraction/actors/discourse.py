"""What a reader keeps in mind while going through an article: who and where was spoken of."""

from __future__ import annotations

from bisect import bisect_right
from collections import deque
from dataclasses import dataclass, field
from typing import Any

from claims.extraction.actors.mentions import Agent
from claims.extraction.places.spoken import TownsSpokenOf
from claims.extraction.records import PlaceRef

_MEMORY = 8  # sentences over which somebody is remembered by a role
_KEPT = 300  # mentions of each kind that are kept
_NO_ANTECEDENTS = ("publisher", "organisation", "monitor", "people")


def _acts(agent: Agent) -> bool:
    kind = agent.actor.kind if agent.actor is not None else agent.kind_hint
    return kind not in _NO_ANTECEDENTS


def _memory() -> deque[Any]:
    return deque(maxlen=_KEPT)


@dataclass(slots=True)
class Discourse:
    """Who spoke last, who was named (the latest last), and which towns are spoken of.

    `sentences` are the first characters of the article's sentences, in order; `at` is the
    character that reading has come to.
    """

    agents: deque[tuple[int, Agent, bool]] = field(default_factory=_memory)
    speaker: Agent | None = None
    document: Agent | None = None  # whose full text the paragraphs at hand are; None: none's
    reporter: tuple[int, Agent] | None = None  # who spoke in a main clause last, and where
    sentences: list[int] = field(default_factory=list)
    persons: deque[tuple[int, Agent]] = field(default_factory=_memory)
    roles: deque[tuple[int, str, Agent]] = field(
        default_factory=_memory
    )  # "officer", and who it is
    named: deque[tuple[int, Agent]] = field(default_factory=_memory)  # persons, acting or not
    at: int = 0
    towns: TownsSpokenOf = field(init=False)

    def __post_init__(self) -> None:
        self.towns = TownsSpokenOf(self.sentences)

    def see_agent(self, agent: Agent | None, at: int, *, prominent: bool) -> None:
        """Note that an actor is named at a character; `prominent`: as somebody who acts."""
        if agent is not None:
            self.agents.append((at, agent, prominent))

    def recent(self) -> list[Agent]:
        """The actors named before this point, the latest first."""
        return [agent for _, agent in self.recent_at()]

    def recent_at(self) -> list[tuple[int, Agent]]:
        """The same with the characters where they are named."""
        before = [(at, agent) for at, agent, _ in self.agents if at < self.at]
        return sorted(before, key=lambda pair: -pair[0])

    def in_sentence(self, at: int) -> bool:
        """Whether a character is in the sentence that reading has come to."""
        return self._sentence(at) == self._sentence(self.at)

    def person(self) -> Agent | None:
        """Who "he" or "she" means: the last person who acted before this point."""
        before = [(at, agent) for at, agent in self.persons if at < self.at]
        return max(before, key=lambda pair: pair[0])[1] if before else None

    def named_person(self) -> Agent | None:
        """Whose "his" or "her" is: the last person who is named in the same sentence."""
        here = self._sentence(self.at)
        same = [x for x in self.named if x[0] < self.at and self._sentence(x[0]) == here]
        return max(same, key=lambda pair: pair[0])[1] if same else None

    def actor(self) -> Agent | None:
        """Who acted or spoke last, in this sentence or the one before."""
        here = self._sentence(self.at)
        before = [x for x in self.agents if x[0] < self.at and x[2] and _acts(x[1])]
        last = max(before, key=lambda x: x[0], default=None)
        return last[1] if last is not None and here - self._sentence(last[0]) <= 1 else None

    def of_pair(self, word: str) -> Agent | None:
        """Who "the former" or "the latter" is of the two that were named together last."""
        here = self._sentence(self.at)
        for back in range(3):
            pair: dict[str, Agent] = {}
            for at, agent, _ in sorted(self.agents, key=lambda x: x[0]):
                if at < self.at and self._sentence(at) == here - back and _acts(agent):
                    pair.setdefault(agent.name, agent)
            if len(pair) > 1:
                return list(pair.values())[-2 if word == "former" else -1]
        return None

    def role_holder(self, role: str) -> Agent | None:
        """Who "the officer" is: the last who was called so, else the last person who acted."""
        here = self._sentence(self.at)
        for at, called, agent in sorted(self.roles, key=lambda x: -x[0]):
            if at < self.at and called == role and here - self._sentence(at) <= _MEMORY:
                return agent
        near = [x for x in self.persons if x[0] < self.at and here - self._sentence(x[0]) <= 2]
        return max(near, key=lambda pair: pair[0])[1] if near else None

    def reported(self) -> Agent | None:
        """Who "it said" means: the last main clause's speaker, in this sentence or the last."""
        if self.reporter is None:
            return None
        at, agent = self.reporter
        return agent if self._sentence(self.at) - self._sentence(at) <= 1 else None

    def antecedent(self) -> Agent | None:
        """Who "it", "they" or "its" means: who acts in the same sentence, else who acted last."""
        before = sorted((x for x in self.agents if x[0] < self.at), key=lambda x: -x[0])
        acting = [x for x in before if _acts(x[1])]
        here = self._sentence(self.at)
        same = [x for x in acting if self._sentence(x[0]) == here]
        last = [x for x in acting if self._sentence(x[0]) == here - 1]
        for group in (same, last):
            for _, agent, prominent in group:
                if prominent:
                    return agent
        if same:
            return same[0][1]
        acted = (agent for _, agent, prominent in acting[:8] if prominent)
        return next(acted, acting[0][1] if acting else None)

    def last_place(self) -> PlaceRef | None:
        """The town that is spoken of at this point."""
        return self.towns.last(self.at)

    def _sentence(self, at: int) -> int:
        return bisect_right(self.sentences, at)
