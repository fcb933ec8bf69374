"""The five rules: what the standing words come to at the end of a day. First that applies."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from claims.status.concessions import Loss
from claims.status.records import Status
from claims.status.standing import Ledger, Run, Standing
from claims.status.words import PUBLISHERS, Word

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Verdict:
    """A day's status, with the fields of an `Interval`; `last_word_on`: the last day on which
    the deciding word was said, None where it does not age."""

    status: Status
    rule: int
    sides: tuple[str, ...]
    deciding: frozenset[str]
    last_word_on: date | None = None
    by_own_word: bool = False


class Scene:
    """A day's standing words, as the rules look at them. Publishers' own voices count as little
    as they may: their control words where no other actor has one, their combat words only in
    rule 3 without a capture, and in no answer."""

    def __init__(self, ledger: Ledger, loss: Loss | None) -> None:
        self.ledger = ledger
        self.loss = loss
        # In no order: a verdict is made of sets of these, and of their latest days.
        self.everything = list(ledger)
        self.words = [standing for standing in self.everything if standing.party != PUBLISHERS]
        # Many say one word: what a word comes to is found out once for all of them.
        self.said: dict[Word, list[Standing]] = defaultdict(list)
        for standing in self.words:
            self.said[standing.word].append(standing)
        control = any(
            word.kind == "control" and any(standing.part is None for standing in said)
            for word, said in self.said.items()
        )
        self.controls = [
            run for run in ledger.controls() if not control or run.key.party != PUBLISHERS
        ]

    def answers(self, run: Run) -> list[Standing]:
        """Rule 2: what another party than the claimant's has said against `run`'s
        `controls S` since its first day; of combat only what S's own side did not say."""
        party, _, (_, side) = run.key
        since = run.since
        # Fighting answers a capture until somebody has to attack to get the town back: from
        # then on that is rule 3's.
        fighting = run.captured and not self.counterattacks(run)
        found: list[Standing] = []
        for word, said in self.said.items():
            if not (fighting if word.name == "fighting" else _denies(word, run)):
                continue
            silent = ("side", side) if word.kind == "combat" else party
            parts_deny = word.name == "fighting" or _parts_deny(word, run)
            found += [
                standing
                for standing in said
                if standing.day >= since
                and standing.party != party
                and standing.party != silent
                and (parts_deny or standing.part is None)
            ]
        return found

    def counterattacks(self, run: Run) -> list[Standing]:
        """`attacks` of others than S after the first day of `controls S`."""
        since = run.since
        return [
            standing
            for word, said in self.said.items()
            if word.name == "attacks" and word.side != run.key.word.side
            for standing in said
            if standing.day > since
        ]


def judge(ledger: Ledger, loss: Loss | None) -> tuple[Verdict, frozenset[str]]:
    """The status at the end of the ledger's last day, and the sides divided on it. `loss`:
    what the concessions come to."""
    scene = Scene(ledger, loss)
    verdict = (
        controlled(scene)
        or contested(scene)
        or fought_over(scene)
        or claimed(scene)
        or unknown(scene)
    )
    return verdict, divided(scene)


def controlled(scene: Scene) -> Verdict | None:
    """Rule 1: a side conceded, and exactly one other is said to have the town."""
    if scene.loss is None:
        return None
    taker = scene.loss.taker
    runs = [run for run in scene.ledger.controls() if run.key.word.side == taker]
    return Verdict("controlled", 1, (taker,), _first_claims(runs) | scene.loss.claims)


def contested(scene: Scene) -> Verdict | None:
    """Rule 2: somebody's `controls S` has been answered."""
    deciding: set[str] = set()
    sides: set[str] = set()
    last: dict[str, tuple[date, date]] = {}
    for run in scene.controls:
        answers = scene.answers(run)
        if not answers:
            continue
        side = run.key.word.side
        deciding |= _first_claims([run])
        sides |= _camp(run, answers)
        for answer in {word.run for word in answers}:
            deciding.update(scene.ledger.runs[answer].claims_from(run.since))
        claim_on, answer_on = last.get(side, (date.min, date.min))
        last[side] = (max(claim_on, run.last), max(answer_on, *(word.day for word in answers)))
    if not last:
        return None
    # As old as the older side's last word, in the contest that is the younger.
    younger = max(min(days) for days in last.values())
    return Verdict("contested", 2, tuple(sorted(sides)), frozenset(deciding), younger)


def fought_over(scene: Scene) -> Verdict | None:
    """Rule 3: combat stands; against a capture, only others' attacks after it."""
    captures = [run for run in scene.controls if run.captured]
    if captures:
        combat = [(word, run.since + DAY) for run in captures for word in scene.counterattacks(run)]
    else:
        words = [word for word in scene.everything if word.word.kind == "combat"]
        combat = [(word, date.min) for word in words]
    if not combat:
        return None
    holder = _latest(captures or scene.controls)
    claims = {
        claim for word, since in combat for claim in scene.ledger.run_of(word).claims_from(since)
    }
    held = [run for run in scene.controls if run.key.word.side == holder]
    return Verdict(
        "fought-over",
        3,
        (holder,) if holder else (),
        _first_claims(held) | claims,
        max(word.day for word, _ in combat),
    )


def claimed(scene: Scene) -> Verdict | None:
    """Rule 4: somebody's `controls S` stands."""
    side = _latest(scene.controls)
    if side is None:
        return None
    runs = [run for run in scene.controls if run.key.word.side == side]
    return Verdict(
        "claimed",
        4,
        (side,),
        _first_claims(runs),
        max(run.last for run in runs),
        by_own_word=not any(run.captured for run in runs),
    )


def unknown(scene: Scene) -> Verdict:
    """Rule 5: all else. Who is said to have left, or not to have it, is shown."""
    runs = [
        scene.ledger.run_of(word)
        for word in scene.everything
        if word.part is None and word.word.name in ("left", "not")
    ]
    return Verdict("unknown", 5, (), _first_claims(runs))


def divided(scene: Scene) -> frozenset[str]:
    """The sides one of whose actors says otherwise than another, and not the same as well."""
    found = set()
    for run in scene.ledger.controls():
        party = run.key.party
        if party.kind != "side":
            continue
        own = [word for word in scene.words if word.party == party]
        agreeing = {word.actor for word in own if word.run == run.key}
        if any(word.actor not in agreeing and _differs(word, run, scene) for word in own):
            found.add(party.key)
    return frozenset(found)


def _differs(word: Standing, run: Run, scene: Scene) -> bool:
    """Whether two actors of one side differ by a word and the run's `controls S`."""
    later = word.day >= run.since
    if word.word.kind == "control":
        # A capture after it settles an older word; a mere `holds` beside it does not.
        denies = _denies(word.word, run) and (word.part is None or _parts_deny(word.word, run))
        return denies and (later or not run.captured)
    # To hold a town and to fight or advance in it go together; to have captured it and still
    # to fight for it do not, until the other side concedes it.
    if not later or not run.captured or scene.loss is not None:
        return False
    return word.word.side in ("", run.key.word.side)


def _denies(word: Word, run: Run) -> bool:
    """Whether a word, other than `fighting`, cannot be true beside the run's `controls S`: of the
    whole town, and of a part where `_parts_deny` says so."""
    holder = run.key.word.side
    # Who still attacks a town does not have it.
    return word.side != holder if word.name == "controls" else word.side == holder


def _parts_deny(word: Word, run: Run) -> bool:
    """Whether such a word denies it where it is of a part, too. That another side holds a part
    leaves "S holds the town" open, but not "S captured it"."""
    return run.captured if word.name == "controls" else word.name == "attacks"


def _camp(run: Run, answers: Iterable[Standing]) -> set[str]:
    """The sides of the conflict that speak, or are spoken of, in a claim and its answers."""
    parties = {run.key.party, *(word.party for word in answers)}
    named = {run.key.word.side, *(word.word.side for word in answers)} - {""}
    return named | {party.key for party in parties if party.kind == "side"}


def _latest(runs: Iterable[Run]) -> str | None:
    """Of the sides said to control the town the one said so last; else, longest; else first
    by name. They differ without a contest only where one party says both."""
    found = [(run.last, -run.since.toordinal(), run.key.word.side) for run in runs]
    if not found:
        return None
    last, longest, _ = max((last, since, "") for last, since, _ in found)
    return min(side for on, since, side in found if (on, since) == (last, longest))


def _first_claims(runs: Iterable[Run]) -> frozenset[str]:
    return frozenset(claim for run in runs for claim in run.said[0][1])
