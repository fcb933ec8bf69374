"""Standing words: of each actor what it last said, and since when its side has said so."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from claims.status.words import PUBLISHERS, Kind, Party, Saying, Word


class Standing(NamedTuple):
    """A word that an actor said on `day`, its latest with words of that kind and extent."""

    day: date
    actor: str
    party: Party
    part: str | None
    word: Word


class RunKey(NamedTuple):
    party: Party
    part: str | None
    word: Word


@dataclass(slots=True)
class Run:
    """A party's unbroken run of a word: the days on which it was said, ascending, each with
    its claims' ids, and whether one of them asserts a capture."""

    key: RunKey
    said: list[tuple[date, list[str], bool]] = field(default_factory=list)
    captured: bool = False

    @property
    def since(self) -> date:
        return self.said[0][0]

    @property
    def last(self) -> date:
        return self.said[-1][0]

    def claims_from(self, day: date) -> list[str]:
        """The claims of the run's first day on or after `day`."""
        return next(ids for said, ids, _ in self.said if said >= day)

    def add(self, saying: Saying) -> None:
        if not self.said or self.last != saying.day:
            self.said.append((saying.day, [], False))
        day, ids, captured = self.said[-1]
        self.said[-1] = (day, [*ids, saying.claim], captured or saying.capture)
        self.captured = self.captured or saying.capture

    def restart(self, day: date) -> None:
        """Forget what was said before `day`."""
        self.said = [said for said in self.said if said[0] >= day]
        self.captured = any(captured for _, _, captured in self.said)


class Ledger:
    """Every word that stands at the end of the day read last. Days must be heard in order."""

    def __init__(self) -> None:
        self._slots: dict[tuple[str, str | None, Kind], list[Standing]] = {}
        self._carriers: Counter[RunKey] = Counter()
        self.runs: dict[RunKey, Run] = {}

    def __iter__(self) -> Iterator[Standing]:
        for words in self._slots.values():
            yield from words

    def run_of(self, standing: Standing) -> Run:
        return self.runs[_key(standing)]

    def controls(self) -> list[Run]:
        """The runs in which somebody is said to control the whole."""
        return [
            run
            for key, run in self.runs.items()
            if key.part is None and key.word.name == "controls"
        ]

    def controlled(self, *, by_publishers: bool = True) -> set[str]:
        """The sides that somebody says control the whole."""
        return {
            run.key.word.side
            for run in self.controls()
            if by_publishers or run.key.party != PUBLISHERS
        }

    def hear(self, said: Iterable[Saying]) -> None:
        """Take in all that was said on one day: per actor, extent and kind it replaces what
        was said before. A run goes on where its word still stood and is said again."""
        slots: dict[tuple[str, str | None, Kind], set[Standing]] = defaultdict(set)
        for saying in said:
            standing = Standing(saying.day, saying.actor, saying.party, saying.part, saying.word)
            slots[saying.actor, saying.part, saying.word.kind].add(standing)
            run = self.runs.get(key := _key(standing))
            if run is None:
                run = self.runs[key] = Run(key)
            run.add(saying)
        for slot, words in slots.items():
            self._replace(slot, sorted(words))
        self._prune()

    def end(self, ended: Callable[[Standing], bool]) -> None:
        """End the words that `ended` tells, and the runs that nobody carries on."""
        for slot, words in list(self._slots.items()):
            kept = [standing for standing in words if not ended(standing)]
            if len(kept) < len(words):
                self._replace(slot, kept)
        self._prune()

    def expire(self, day: date, within: int) -> bool:
        """End `not`, `attacks` and `fighting` that their side has not repeated for `within`
        days. Returns whether there were any."""
        old = {
            key
            for key, run in self.runs.items()
            if key.word.name in ("not", "attacks", "fighting") and (day - run.last).days >= within
        }
        if old:
            self.end(lambda standing: _key(standing) in old)
        return bool(old)

    def concede(self, party: Party, day: date) -> None:
        """End all that `party` said before `day`; what it said again on it begins anew."""
        self.end(lambda standing: standing.party == party and standing.day < day)
        for key, run in self.runs.items():
            if key.party == party:
                run.restart(day)

    def _replace(self, slot: tuple[str, str | None, Kind], words: list[Standing]) -> None:
        for standing in self._slots.pop(slot, ()):
            self._carriers[_key(standing)] -= 1
        for standing in words:
            self._carriers[_key(standing)] += 1
        if words:
            self._slots[slot] = words

    def _prune(self) -> None:
        for key in [key for key in self.runs if self._carriers[key] <= 0]:
            del self.runs[key], self._carriers[key]


def _key(standing: Standing) -> RunKey:
    return RunKey(standing.party, standing.part, standing.word)
