"""Answers that were seen, to be asked for again only if they have changed."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass

BUDGET = 16 * 2**20  # bytes of bodies


@dataclass(frozen=True, slots=True)
class Answer:
    body: bytes
    etag: str = ""
    last_modified: str = ""

    @property
    def conditions(self) -> dict[str, str]:
        """Headers that ask for another answer than this one only."""
        if self.etag:
            return {"If-None-Match": self.etag}
        return {"If-Modified-Since": self.last_modified}


class Seen:
    """The answers last used, by address, within a budget of bytes. Of one key's client alone:
    what others may see can differ."""

    def __init__(self, budget: int = BUDGET) -> None:
        self._answers: OrderedDict[str, Answer] = OrderedDict()
        self._left = self._budget = budget

    def get(self, address: str) -> Answer | None:
        answer = self._answers.get(address)
        if answer is not None:
            self._answers.move_to_end(address)
        return answer

    def keep(self, address: str, answer: Answer) -> None:
        """One that says nothing to recognise it by is not kept, nor one that would drive out
        most others."""
        if (old := self._answers.pop(address, None)) is not None:
            self._left += len(old.body)
        if not (answer.etag or answer.last_modified) or len(answer.body) > self._budget // 4:
            return
        self._answers[address] = answer
        self._left -= len(answer.body)
        while self._left < 0:
            _, oldest = self._answers.popitem(last=False)
            self._left += len(oldest.body)
