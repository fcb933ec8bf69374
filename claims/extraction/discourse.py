"""What a reader keeps in mind while going through an article: who and where was spoken of."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from dataclasses import dataclass, field

from claims.extraction.mentions import Agent
from claims.extraction.records import PlaceRef


@dataclass(slots=True)
class Discourse:
    """Who spoke last, who was named (the latest last), and where towns are named.

    `sentences` are the first characters of the article's sentences, in order; `at` is the
    character that reading has come to.
    """

    agents: list[Agent] = field(default_factory=list)
    speaker: Agent | None = None
    towns: list[tuple[int, PlaceRef]] = field(default_factory=list)
    sentences: list[int] = field(default_factory=list)
    heading_places: list[PlaceRef] = field(default_factory=list)
    at: int = 0

    def see_agent(self, agent: Agent | None) -> None:
        if agent is not None:
            self.agents.append(agent)

    def last_place(self, at: int | None = None) -> PlaceRef | None:
        """The town that "the town" means at a character: one named earlier in the same
        sentence, else the one most spoken of among those named shortly before."""
        at = self.at if at is None else at
        before = [(start, place) for start, place in self.towns if start < at]
        if not before:
            return None
        here = self._sentence(at)
        if self._sentence(before[-1][0]) == here:
            return before[-1][1]
        counts = Counter(place.name for _, place in self.towns)

        def salience(item: tuple[int, PlaceRef]) -> float:
            start, place = item
            distance = here - self._sentence(start)
            return (1 + 0.3 * min(counts[place.name], 5)) * 0.6**distance + start * 1e-9

        return max(before[-12:], key=salience)[1]

    def _sentence(self, at: int) -> int:
        return bisect_right(self.sentences, at)
