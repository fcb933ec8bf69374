"""The five rules: what the standing words come to at the end of a day. First that applies."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from claims.status.concessions import Loss
from claims.status.records import Status
from claims.status.standing import Ledger, Run
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
    """A day's standing words, as the rules look at them: by the runs that they are of, since what
    a word comes to is the same for all who carry it on. Publishers' own voices count as little
    as they may: their control words where no other actor has one, their combat words only in
    rule 3 without a capture, and in no answer."""

    def __init__(self, ledger: Ledger, loss: Loss | None) -> None:
        self.ledger = ledger
        self.loss = loss
        # In no order: a verdict is made of sets of these, and of their latest days.
        self.said: dict[Word, list[Run]] = defaultdict(list)
        for run in ledger.runs.values():
            if run.key.party != PUBLISHERS:
                self.said[run.key.word].append(run)
        control = any(
            word.kind == "control" and any(run.key.part is None for run in runs)
            for word, runs in self.said.items()
        )
        self.controls = [
            run for run in ledger.controls() if not control or run.key.party != PUBLISHERS
        ]

    def answers(self, run: Run) -> list[Run]:
        """Rule 2: what another party than the claimant's has said against `run`'s
        `controls S` since its first day; of combat only what S's own side did not say."""
        party, _, (_, side) = run.key
        since = run.since
        # Fighting answers a capture until somebody has to attack to get the town back: from
        # then on that is rule 3's.
        fighting = run.captured and not self.counterattacks(run)
        found: list[Run] = []
        for word, runs in self.said.items():
            if fighting if word.name == "fighting" else _denies(word, run):
                silent = party if word.kind == "control" else ("side", side)
                parts_deny = word.name == "fighting" or _parts_deny(word, run)
                found += [
                    other
                    for other in runs
                    if other.last_carried >= since
                    and other.key.party != party
                    and other.key.party != silent
                    and (parts_deny or other.key.part is None)
                ]
        return found

    def counterattacks(self, run: Run) -> list[Run]:
        """`attacks` of others than S after the first day of `controls S`."""
        since = run.since
        return [
            other
            for word, runs in self.said.items()
            if word.name == "attacks" and word.side != run.key.word.side
            for other in runs
            if other.last_carried > since
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
        sides |= _camp([run, *answers])
        for answer in answers:
            deciding.update(answer.claims_from(run.since))
        claim_on, answer_on = last.get(side, (date.min, date.min))
        last[side] = (
            max(claim_on, run.last),
            max(answer_on, *(answer.last_carried for answer in answers)),
        )
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
        every = scene.ledger.runs.values()
        combat = [(run, date.min) for run in every if run.key.word.kind == "combat"]
    if not combat:
        return None
    holder = _latest(captures or scene.controls)
    claims = {claim for run, since in combat for claim in run.claims_from(since)}
    held = [run for run in scene.controls if run.key.word.side == holder]
    return Verdict(
        "fought-over",
        3,
        (holder,) if holder else (),
        _first_claims(held) | claims,
        max(run.last_carried for run, _ in combat),
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
        run
        for run in scene.ledger.runs.values()
        if run.key.part is None and run.key.word.name in ("left", "not")
    ]
    return Verdict("unknown", 5, (), _first_claims(runs))


def divided(scene: Scene) -> frozenset[str]:
    """The sides one of whose actors says otherwise than another, and not the same as well."""
    return frozenset(
        run.key.party.key
        for run in scene.ledger.controls()
        if run.key.party.kind == "side" and _is_divided(run, scene)
    )


def _is_divided(run: Run, scene: Scene) -> bool:
    """Whether actors of the run's side who do not carry it on say what differs from it."""
    party = run.key.party
    for word, runs in scene.said.items():
        since = _differs(word, run, scene)
        if since is None:
            continue
        parts_differ = word.kind == "combat" or _parts_deny(word, run)
        for other in runs:
            if other.key.party == party and (parts_differ or other.key.part is None):
                for actor, day in other.carried.items():
                    if day >= since and actor not in run.carried:
                        return True
    return False


def _differs(word: Word, run: Run, scene: Scene) -> date | None:
    """The day from which on two actors of one side differ by a word and the run's `controls S`;
    None: they never do."""
    if word.kind == "control":
        if not _denies(word, run):
            return None
        # A capture after it settles an older word; a mere `holds` beside it does not.
        return run.since if run.captured else date.min
    # To hold a town and to fight or advance in it go together; to have captured it and still
    # to fight for it do not, until the other side concedes it.
    if not run.captured or scene.loss is not None or word.side not in ("", run.key.word.side):
        return None
    return run.since


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


def _camp(runs: Sequence[Run]) -> set[str]:
    """The sides of the conflict that speak, or are spoken of, in a claim and its answers."""
    named = {run.key.word.side for run in runs} - {""}
    return named | {run.key.party.key for run in runs if run.key.party.kind == "side"}


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
