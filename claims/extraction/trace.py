"""What a reading did with each sentence, for `manage.py explain`: what fired, what was left out
and by which words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from claims.extraction.text.tokens import Token

Outcome = Literal["claim", "left out", "answer"]


@dataclass(frozen=True, slots=True)
class Step:
    """One word that could have told a claim. `because`: the rule that decided, with the words
    that fired it."""

    sentence: int
    word: str
    outcome: Outcome
    because: str


@dataclass(slots=True)
class Trace:
    """The steps of one article; `sentence` is the number of the one at hand."""

    sentence: int = 0
    steps: list[Step] = field(default_factory=list)

    def left_out(self, token: Token, because: str) -> None:
        self.steps.append(Step(self.sentence, token.text, "left out", because))

    def fired(self, word: str, because: str, *, outcome: Outcome = "claim") -> None:
        self.steps.append(Step(self.sentence, word, outcome, because))

    def of(self, sentence: int) -> Iterator[Step]:
        return (step for step in self.steps if step.sentence == sentence)
