"""What a reader keeps in mind while going through an article: who and where was spoken of."""

from __future__ import annotations

from bisect import bisect_right, insort
from collections import Counter
from dataclasses import dataclass, field

from claims.extraction.actors.mentions import Agent
from claims.extraction.records import PlaceRef

_NO_ANTECEDENTS = ("publisher", "organisation", "monitor", "people")


def _acts(agent: Agent) -> bool:
    return agent.actor is None or agent.actor.kind not in _NO_ANTECEDENTS


@dataclass(slots=True)
class Discourse:
    """Who spoke last, who was named (the latest last), and where towns are named.

    `sentences` are the first characters of the article's sentences, in order; `at` is the
    character that reading has come to. `heading_places` are the towns that the paragraph at
    hand has at its head, which runs from the character `begins` to `head_ends`; `heading` are
    those of the title over it.
    """

    agents: list[tuple[int, Agent, bool]] = field(default_factory=list)
    speaker: Agent | None = None
    reporter: tuple[int, Agent] | None = None  # who spoke in a main clause last, and where
    towns: list[tuple[int, PlaceRef]] = field(default_factory=list)
    sentences: list[int] = field(default_factory=list)
    persons: list[tuple[int, Agent]] = field(default_factory=list)
    named: list[tuple[int, Agent]] = field(default_factory=list)  # persons, acting or not
    heading_places: list[PlaceRef] = field(default_factory=list)
    heading: list[PlaceRef] = field(default_factory=list)
    begins: int = 0
    head_ends: int = 0
    at: int = 0

    def see_agent(self, agent: Agent | None, at: int, *, prominent: bool) -> None:
        """Note that an actor is named at a character; `prominent`: as somebody who acts."""
        if agent is not None:
            self.agents.append((at, agent, prominent))

    def see_town(self, at: int, place: PlaceRef) -> None:
        """Note that a character means a town, where it is not named."""
        insort(self.towns, (at, place), key=lambda pair: pair[0])

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
        for group in (same, acting[:8]):
            for _, agent, prominent in group:
                if prominent:
                    return agent
            if group:
                return group[0][1]
        return None

    def last_place(self, at: int | None = None) -> PlaceRef | None:
        """The town that "the town" means at a character: one named earlier in the same
        sentence, else the one most spoken of among those named shortly before."""
        at = self.at if at is None else at
        before = [(start, place) for start, place in self.towns if start < at]
        if not before:
            return None
        here = self._sentence(at)
        last, place = before[-1]
        in_head = self.heading_places and self.begins <= last < self.head_ends
        if self._sentence(last) == here and not in_head:
            return place
        if len(self.heading_places) == 1:
            return self.heading_places[0]
        if len(self.heading) == 1 and before[-1][0] < self.begins:
            return self.heading[0]
        counts = Counter(place.name for _, place in self.towns)

        def salience(item: tuple[int, PlaceRef]) -> float:
            start, place = item
            distance = here - self._sentence(start)
            return (1 + 0.3 * min(counts[place.name], 5)) * 0.6**distance + start * 1e-9

        return max(before[-12:], key=salience)[1]

    def is_near(self, place: PlaceRef, at: int) -> bool:
        """Whether a town was named in the same sentence or the one before."""
        here = self._sentence(at)
        if place in (*self.heading_places, *self.heading):
            return True
        return any(
            p.name == place.name and start < at and here - self._sentence(start) <= 1
            for start, p in self.towns
        )

    def _sentence(self, at: int) -> int:
        return bisect_right(self.sentences, at)
