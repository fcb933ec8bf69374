"""What became of what actors said about who has a town.

A statement is what one actor says of the whole town, once however often it is repeated: that a
side captured or holds it, or, by a side's own actor, that it is not lost. Words, standing and
concessions are those of the rules that statuses follow by; publishers are no actors.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, get_args

from claims.status.concessions import Loss
from claims.status.days import published_day, span
from claims.status.engine import NOTHING, Ending, Track, derive
from claims.status.records import StatusActor, StatusClaim, TownStatus
from claims.status.rule_sets import V1, RuleSet
from claims.status.standing import RunKey, Standing
from claims.status.words import PUBLISHERS, Party, Saying, Word

StatementKind = Literal["capture", "hold", "denial"]
Outcome = Literal["conceded", "already-conceded", "contradicted", "unanswered"]
KINDS: tuple[StatementKind, ...] = get_args(StatementKind)
OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)


@dataclass(frozen=True, slots=True)
class TrackedStatement:
    """`kind`: that `side` captured or holds the town; a denial, that `side` has it or that the
    actor's own `side` left it. `first`, `last`: the days on which it was said. `claims`: ids of
    those that carry it, the first to be said first.

    `outcome`: for captures and holds, whether the other side conceded the town later, or had
    done so before; else whether another side denied it or said the opposite while it stood;
    else nobody answered. Of a denial, whether the actor's own side conceded the town later, or
    had done so before; else it is unanswered. `answers`: ids of the claims that made the
    outcome, `answered_on` the day on which the first of them was said, `lag` the days from
    `first` to a later concession.
    """

    kind: StatementKind
    actor: str
    side: str
    first: date
    last: date
    claims: tuple[str, ...]
    outcome: Outcome
    answers: tuple[str, ...] = ()
    answered_on: date | None = None
    lag: int | None = None


@dataclass(slots=True)
class _Told:
    """A statement while its town's words are read. `since`: the first day of its party's run
    of the word, from which on others' words answer it."""

    actor: str
    party: Party
    word: Word
    denial: bool
    since: date
    claims: dict[str, None] = field(default_factory=dict)
    captured: bool = False
    contradictions: dict[str, list[str]] = field(default_factory=dict)  # by actor
    concession: frozenset[str] = frozenset()

    @property
    def against_loss(self) -> bool:
        """Whether it denies that its own side lost the town to `word.side`."""
        return self.denial and self.word.name == "not"


def track(
    claims: Iterable[StatusClaim], actors: Mapping[str, StatusActor], rules: RuleSet = V1
) -> tuple[TrackedStatement, ...]:
    """Every actor's statements about one town that all of `claims` are about, with what became
    of each by the last of them. The order of the claims makes no difference."""
    return follow(claims, actors, rules)[1]


def follow(
    claims: Iterable[StatusClaim], actors: Mapping[str, StatusActor], rules: RuleSet = V1
) -> tuple[TownStatus, tuple[TrackedStatement, ...]]:
    """The town's status and its statements, whose words are the same: read once."""
    by_id = {claim.id: claim for claim in claims}
    town = _Town(rules.settings, claims=by_id)
    status = derive(by_id.values(), actors, rules, town=town)
    found = (_statement(told, by_id) for told in town.told)
    return status, tuple(
        sorted(found, key=lambda one: (one.first, one.actor, one.kind, one.claims))
    )


@dataclass(slots=True)
class _Town(Track):
    """A town's track that notes what actors say, and what becomes of it."""

    claims: Mapping[str, StatusClaim] = field(kw_only=True)
    told: list[_Told] = field(default_factory=list)
    open: dict[tuple[str, Word, bool], _Told] = field(default_factory=dict)
    parties: dict[str, Party] = field(default_factory=dict)  # by claim

    def hear(self, day: date, said: Sequence[Saying], outer: Ending = NOTHING) -> Ending | None:
        whole = [saying for saying in said if saying.part is None and saying.party != PUBLISHERS]
        self.parties.update((saying.claim, saying.party) for saying in whole)
        captured = {saying.word.side for saying in whole if saying.capture}
        fresh = captured - self.ledger.controlled(by_publishers=False)
        # Not `super()`, which knows the class only as it was before it had slots.
        ending = Track.hear(self, day, said, outer)
        self._concede()
        self._end(whole, fresh)
        for saying in whole:
            self._take(day, saying)
        if any(saying.word.kind == "control" for saying in whole):
            self._contradict()
        self._concede()
        return ending

    def _concede(self) -> None:
        """Answer what is open by the concession that is in force, if any."""
        loss = self.concessions.in_force(self.ledger.controlled())
        if loss is None:
            return
        for told in self.open.values():
            if not told.concession and self._settles(loss, told):
                told.concession = loss.claims

    def _settles(self, loss: Loss, told: _Told) -> bool:
        if not told.denial:
            return loss.taker == told.word.side
        own = any(self.parties[claim] == told.party for claim in loss.claims)
        return own and (not told.against_loss or loss.taker == told.word.side)

    def _end(self, said: Iterable[Saying], fresh: set[str]) -> None:
        """End what a fresh capture overtakes, and what its own actor says otherwise."""
        words: dict[str, set[Word]] = defaultdict(set)
        for saying in said:
            if saying.word.kind == "control":
                words[saying.actor].add(saying.word)
        if not words:
            return
        for key, told in list(self.open.items()):
            side, own = told.word.side, words.get(told.actor, set())
            if told.against_loss:
                # An older denial answers an older claim.
                ended = side in fresh or Word("controls", side) in own
            else:
                ended = bool(fresh - {side}) or (bool(own) and told.word not in own)
            if ended:
                del self.open[key]
                continue
            for actor in told.contradictions.keys() & words.keys():
                if Word("controls", side) in words[actor]:
                    del told.contradictions[actor]

    def _take(self, day: date, saying: Saying) -> None:
        denial = self.claims[saying.claim].stance == "denies"
        if not (_denies_loss(saying) if denial else _in_own_favour(saying)):
            return
        key = saying.actor, saying.word, denial
        if key not in self.open:
            run = self.ledger.runs.get(RunKey(saying.party, None, saying.word))
            since = day if run is None else run.since
            told = _Told(saying.actor, saying.party, saying.word, denial, since)
            self.open[key] = told
            self.told.append(told)
        self.open[key].claims[saying.claim] = None
        self.open[key].captured |= saying.capture

    def _contradict(self) -> None:
        """Note who now stands against what is open."""
        standing = [
            word
            for word in self.ledger
            if word.part is None and word.word.kind == "control" and word.party != PUBLISHERS
        ]
        for told in self.open.values():
            if told.denial or told.concession:
                continue
            for one in _opposing(standing, told):
                if one.actor not in told.contradictions:
                    ids = self.ledger.run_of(one).claims_from(told.since)
                    told.contradictions[one.actor] = ids


def _in_own_favour(saying: Saying) -> bool:
    """Whether it says that a side captured or holds the town, of no enemy of its own."""
    if saying.word.name != "controls" or saying.asserted is None:
        return False
    return saying.party.kind != "side" or saying.word.side == saying.party.key


def _denies_loss(saying: Saying) -> bool:
    if saying.party.kind != "side":
        return False
    own = saying.word.side == saying.party.key
    return saying.word.name == ("controls" if own else "not")


def _opposing(standing: Iterable[Standing], told: _Told) -> Iterator[Standing]:
    """What stands against what was told."""
    side = told.word.side
    for one in standing:
        name, of = one.word
        opposed = (of != side) if name == "controls" else (of == side)
        if opposed and one.party != told.party and one.day >= told.since:
            yield one


def _statement(told: _Told, by_id: Mapping[str, StatusClaim]) -> TrackedStatement:
    days = {id_: said_on(by_id[id_]) for id_ in told.claims}
    first = min(days.values())
    outcome: Outcome = "unanswered"
    answers = frozenset(told.concession)
    if not answers:
        answers = frozenset(id_ for ids in told.contradictions.values() for id_ in ids)
        outcome = "contradicted" if answers else "unanswered"
    # Of one day, who denies the very thing goes before who says another.
    answered = sorted((said_on(by_id[id_]), by_id[id_].stance != "denies", id_) for id_ in answers)
    lag = None
    if told.concession:
        lag = (answered[0][0] - first).days
        outcome = "conceded" if lag >= 0 else "already-conceded"
    return TrackedStatement(
        kind="denial" if told.denial else "capture" if told.captured else "hold",
        actor=told.actor,
        side=told.word.side,
        first=first,
        last=max(days.values()),
        claims=tuple(sorted(days, key=lambda id_: (days[id_], id_))),
        outcome=outcome,
        answers=tuple(id_ for _, _, id_ in answered),
        answered_on=answered[0][0] if answered else None,
        lag=lag if outcome == "conceded" else None,
    )


def said_on(claim: StatusClaim) -> date:
    """The day on which a claim was said: of a longer time, the first day for an assertion and
    the last for a denial; never after its publication."""
    first, last = span(claim.asserted_on, claim.asserted_precision)
    return min(last if claim.stance == "denies" else first, last, published_day(claim))
