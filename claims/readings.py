"""Who read a claim how: the first reading of it, the second, and what an adjudicator made of both.

All is told by the decisions, in their order. A claim that becomes pending again is read anew;
what was read before that stands in the record alone.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from claims.models import Claim, Decision

Kind, Stage, State = Decision.Kind, Decision.Reading, Claim.State
Changes = dict[str, list[str]]  # field → [before, after], as in `Decision.changes`
OUTCOMES = (Kind.ACCEPT, Kind.CORRECT, Kind.REJECT, Kind.UNVERIFIABLE)
_OUTCOME_OF_STATE = {
    State.ACCEPTED: Kind.ACCEPT,
    State.CORRECTED: Kind.CORRECT,
    State.REJECTED: Kind.REJECT,
    State.UNVERIFIABLE: Kind.UNVERIFIABLE,
}
_NO_VALUES = ("state", "duplicate_of")  # what a restored state changes besides what is read


@dataclass(frozen=True, slots=True)
class Reading:
    """One reader's outcome: `outcome` of `OUTCOMES`, and the fields that he reads otherwise than
    they were extracted."""

    decision: Decision
    outcome: str
    changes: Changes

    @property
    def values(self) -> dict[str, str]:
        """What stands in the corrected fields; empty where the claim is not taken as said."""
        if self.outcome != Kind.CORRECT:
            return {}
        return {name: after for name, (_, after) in self.changes.items()}

    def agrees_with(self, other: Reading) -> bool:
        """The same outcome, whatever the reason; of two corrections, with the same values."""
        return self.outcome == other.outcome and self.values == other.values


@dataclass(slots=True)
class Readings:
    """How a claim has been read since it was last pending.

    `deciders`: all who took a first decision, by id. `changes`: what the claim now holds otherwise
    than extracted because an editor said so. `pairs`: each second reading with the first one that
    it was a second to, of all times, save those taken back.
    """

    first: Reading | None = None
    second: Reading | None = None
    adjudication: Reading | None = None
    deciders: set[int] = field(default_factory=set)
    changes: Changes = field(default_factory=dict)
    pairs: list[tuple[Reading, Reading]] = field(default_factory=list)

    @property
    def disputed(self) -> bool:
        """Two readers disagree, and nobody has decided between them."""
        return (
            self.first is not None
            and self.second is not None
            and self.adjudication is None
            and not self.first.agrees_with(self.second)
        )

    @property
    def readers(self) -> set[int]:
        """Both readers, and all who decided first before, by id."""
        second = {self.second.decision.by_id} if self.second else set()
        return self.deciders | second

    def add(self, decision: Decision) -> None:
        """Take in the next decision on the claim."""
        if decision.reading == Stage.SECOND:
            self._second(decision)
        elif decision.reading == Stage.ADJUDICATION:
            self._adjudicated(decision)
        else:
            self._first(decision)

    def _first(self, decision: Decision) -> None:
        state = decision.changes.get("state", ["", ""])[1]
        if decision.kind == Kind.REOPEN or state == State.PENDING:
            self.first = None
            self.deciders, self.changes = set(), {}
        else:
            self.changes = _together(self.changes, decision.changes)
            self.first = Reading(decision, self._outcome(decision, state), self.changes)
            self.deciders = {*self.deciders, decision.by_id}
        self.second = self.adjudication = None

    def _outcome(self, decision: Decision, state: str) -> str:
        """Of a decision, or of the state that one restores."""
        kind = _OUTCOME_OF_STATE.get(State(state)) if state else None
        if decision.kind != Kind.RESTORE:
            kind = Kind(decision.kind)
        elif kind is None and self.first:
            kind = Kind(self.first.outcome)
        if kind in (Kind.ACCEPT, Kind.CORRECT, None):
            return Kind.CORRECT if self.changes else Kind.ACCEPT
        return kind

    def _second(self, decision: Decision) -> None:
        if decision.kind == Kind.REOPEN:
            self.pairs = [pair for pair in self.pairs if pair[1] is not self.second]
            self.second = None
            return
        self.second = Reading(decision, decision.kind, decision.changes)
        if self.first is not None:
            self.pairs.append((self.first, self.second))

    def _adjudicated(self, decision: Decision) -> None:
        """An adjudicator's correction is one of what was extracted, as both readings are."""
        if decision.kind in (Kind.REOPEN, Kind.RESTORE):
            self.changes = _together(self.changes, decision.changes)
            self.adjudication = None
            return
        if decision.kind in (Kind.ACCEPT, Kind.CORRECT):
            self.changes = dict(decision.changes)
        self.adjudication = Reading(decision, decision.kind, self.changes)


def _together(earlier: Changes, later: Changes) -> Changes:
    """One change after the other; what is as it was before both is no change."""
    found = dict(earlier)
    for name, (old, new) in later.items():
        if name not in _NO_VALUES:
            found[name] = [found.pop(name, [old])[0], new]
    return {name: values for name, values in found.items() if values[0] != values[1]}


def readings_of(decisions: Iterable[Decision]) -> Readings:
    """Of one claim's decisions, the earliest first."""
    found = Readings()
    for decision in decisions:
        found.add(decision)
    return found


def readings(claim: Claim) -> Readings:
    """How the claim has been read. One query."""
    return readings_of(claim.decisions.select_related("by").order_by("at", "id"))
