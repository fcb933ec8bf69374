"""Derive a town's status over time from its claims, by a rule set."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from claims.status import words
from claims.status.bands import Day, divisions, intervals
from claims.status.concessions import Concessions, conceded
from claims.status.records import Settings, StatusActor, StatusClaim, TownStatus
from claims.status.rule_sets import V1, RuleSet
from claims.status.rules import judge
from claims.status.standing import Ledger
from claims.status.words import PUBLISHERS, Party, Saying

# Parts whose label does not tell which part it is: they get no status of their own.
UNTOLD = frozenset({"", "most"})


@dataclass(frozen=True, slots=True)
class Ending:
    """What a day's words about the whole town end on its parts: with a fresh capture all
    that was said before, with concessions what `parties` said."""

    fresh_capture: bool = False
    parties: frozenset[Party] = frozenset()


NOTHING = Ending()


@dataclass(slots=True)
class Track:
    """The words about one whole, the town or a part of it, read day by day."""

    settings: Settings
    ledger: Ledger = field(default_factory=Ledger)
    concessions: Concessions = field(default_factory=Concessions)
    days: list[Day] = field(default_factory=list)

    def read(self, day: date, said: Sequence[Saying], outer: Ending = NOTHING) -> Ending:
        """Take in a day's words, and what the whole town's end (`outer`, for parts), and judge
        what they come to. Returns what they themselves end."""
        ending = self.hear(day, said, outer)
        if ending is None:
            return NOTHING
        loss = self.concessions.in_force(self.ledger.controlled())
        verdict, divided = judge(self.ledger, loss)
        self.days.append(Day(day, verdict, divided))
        return ending

    def hear(self, day: date, said: Sequence[Saying], outer: Ending = NOTHING) -> Ending | None:
        """The same without the day's verdict. None: nothing has changed."""
        ledger = self.ledger
        # Every day on which the town's claims say something is "the town's next claim".
        expired = ledger.expire(day, self.settings.repeat_within)
        if not said and not expired and outer == NOTHING:
            return None
        fresh = _fresh_captures(said, ledger)
        if fresh:
            ledger.end(lambda word: word.part is not None or _other_controls(word.word, fresh))
        self._end_outer(day, outer)
        ledger.hear(said)
        made = conceded(said, ledger)
        parties = frozenset(Party("side", side) for side in made)
        for party in parties:
            ledger.concede(party, day)
        self.concessions.step(
            made=made, fresh=fresh, attackers=_attackers(said), controlled=ledger.controlled()
        )
        return Ending(bool(fresh), parties)

    def _end_outer(self, day: date, outer: Ending) -> None:
        if outer.fresh_capture:
            self.ledger.end(lambda word: True)
            self.concessions.clear()
        elif outer.parties:
            self.ledger.end(lambda word: word.party in outer.parties)


def derive(
    claims: Iterable[StatusClaim],
    actors: Mapping[str, StatusActor],
    rules: RuleSet = V1,
    until: date | None = None,
    town: Track | None = None,
) -> TownStatus:
    """The status of the town that all of `claims` are about.

    `actors` by key. `until`: what counts only on later days is left out. `town`: a new track
    that notes more of the town's words while they are read. The order of the claims and
    repeated rows make no difference. Never raises on valid records.
    """
    said = [
        saying
        for saying in words.sayings(claims, actors, rules)
        if until is None or saying.day <= until
    ]
    said_on: dict[str, date] = {}
    for saying in said:
        said_on.setdefault(saying.claim, saying.day)
    by_day = _by_day(words.of_town(said))
    town = Track(rules.settings) if town is None else town
    endings = {day: town.read(day, by_day[day]) for day in by_day}
    parts = {}
    for label in sorted({saying.part for saying in said if saying.part} - UNTOLD):
        track = _part(words.of_part(said, label), endings, rules.settings)
        parts[label] = intervals(track.days, said_on, rules.name)
    return TownStatus(intervals(town.days, said_on, rules.name), parts, divisions(town.days))


def _part(said: Sequence[Saying], endings: Mapping[date, Ending], settings: Settings) -> Track:
    """A part's track, by the same rules, from its first word on, under the town's days."""
    track = Track(settings)
    by_day = _by_day(said)
    first = said[0].day
    for day, ending in endings.items():
        if day >= first:
            track.read(day, by_day.get(day, ()), ending)
    return track


def _by_day(said: Iterable[Saying]) -> dict[date, list[Saying]]:
    """Words by day, the days in order."""
    days: dict[date, list[Saying]] = defaultdict(list)
    for saying in sorted(said, key=lambda saying: saying.day):
        days[saying.day].append(saying)
    return dict(days)


def _fresh_captures(said: Iterable[Saying], ledger: Ledger) -> set[str]:
    """The sides that a day's words say captured the whole, where until then no actor said
    that they control it. `ledger` has not heard the day yet."""
    captured = {
        saying.word.side
        for saying in said
        if saying.capture and saying.part is None and saying.party != PUBLISHERS
    }
    return captured - ledger.controlled(by_publishers=False)


def _other_controls(word: words.Word, fresh: set[str]) -> bool:
    return word.name == "controls" and bool(fresh - {word.side})


def _attackers(said: Iterable[Saying]) -> set[str]:
    return {
        saying.word.side
        for saying in said
        if saying.word.name == "attacks" and saying.party != PUBLISHERS
    }
