"""Standing words: of each actor what it last said, and since when its side has said so."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from operator import itemgetter
from typing import NamedTuple

from claims.status.words import PUBLISHERS, Kind, Party, Saying, Word


class RunKey(NamedTuple):
    party: Party
    part: str | None
    word: Word


class Standing(NamedTuple):
    """A word that an actor said on `day`, its latest with words of that kind and extent. `run`:
    the key of its party's run of the word."""

    day: date
    actor: str
    party: Party
    part: str | None
    word: Word
    run: RunKey


@dataclass(slots=True)
class Run:
    """A party's unbroken run of a word: the days on which it was said, ascending, each with
    its claims' ids, and whether one of them asserts a capture. `carried`: by each actor who
    carries it on, the day on which that one last said so; `last_carried`, the latest of these."""

    key: RunKey
    carried: dict[str, date] = field(default_factory=dict)
    last_carried: date = date.min
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
        return self.said[bisect_left(self.said, day, key=itemgetter(0))][1]

    def add(self, saying: Saying) -> None:
        if not self.said or self.last != saying.day:
            self.said.append((saying.day, [], False))
        day, ids, captured = self.said[-1]
        self.said[-1] = (day, [*ids, saying.claim], captured or saying.capture)
        self.captured = self.captured or saying.capture

    def carry(self, actor: str, day: date) -> None:
        self.carried[actor] = day
        self.last_carried = max(self.last_carried, day)

    def let_go(self, actor: str) -> None:
        del self.carried[actor]
        self.last_carried = max(self.carried.values(), default=date.min)

    def restart(self, day: date) -> None:
        """Forget what was said before `day`."""
        self.said = self.said[bisect_left(self.said, day, key=itemgetter(0)) :]
        self.captured = any(captured for _, _, captured in self.said)


class Ledger:
    """Every word that stands at the end of the day read last. Days must be heard in order."""

    def __init__(self) -> None:
        self._slots: dict[tuple[str, str | None, Kind], list[Standing]] = {}
        self._let_go: set[RunKey] = set()  # runs that somebody carried on, and may no longer
        self.runs: dict[RunKey, Run] = {}
        self._controls: dict[RunKey, Run] = {}

    def __iter__(self) -> Iterator[Standing]:
        for words in self._slots.values():
            yield from words

    def run_of(self, standing: Standing) -> Run:
        return self.runs[standing.run]

    def controls(self) -> Collection[Run]:
        """The runs in which somebody is said to control the whole."""
        return self._controls.values()

    def controlled(self, *, by_publishers: bool = True) -> set[str]:
        """The sides that somebody says control the whole."""
        return {key.word.side for key in self._controls if by_publishers or key.party != PUBLISHERS}

    def hear(self, said: Iterable[Saying]) -> None:
        """Take in all that was said on one day: per actor, extent and kind it replaces what
        was said before. A run goes on where its word still stood and is said again."""
        slots: dict[tuple[str, str | None, Kind], set[Standing]] = defaultdict(set)
        for saying in said:
            key = RunKey(saying.party, saying.part, saying.word)
            standing = Standing(saying.day, saying.actor, *key, key)
            slots[saying.actor, saying.part, saying.word.kind].add(standing)
            run = self.runs.get(key)
            if run is None:
                run = self.runs[key] = Run(key)
                if key.part is None and key.word.name == "controls":
                    self._controls[key] = run
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
            self.end(lambda standing: standing.run in old)
        return bool(old)

    def concede(self, party: Party, day: date) -> None:
        """End all that `party` said before `day`; what it said again on it begins anew."""
        self.end(lambda standing: standing.party == party and standing.day < day)
        for key, run in self.runs.items():
            if key.party == party:
                run.restart(day)

    def _replace(self, slot: tuple[str, str | None, Kind], words: list[Standing]) -> None:
        for standing in self._slots.pop(slot, ()):
            self.runs[standing.run].let_go(standing.actor)
            self._let_go.add(standing.run)
        for standing in words:
            self.runs[standing.run].carry(standing.actor, standing.day)
        if words:
            self._slots[slot] = words

    def _prune(self) -> None:
        for key in self._let_go:
            if not self.runs[key].carried:
                del self.runs[key]
                self._controls.pop(key, None)
        self._let_go.clear()
