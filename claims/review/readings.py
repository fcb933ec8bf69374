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

    `first` is the reading that stands, `second` the one made beside it: both are readings of the
    claim as it was extracted, so that a later first one is held against the same second.
    `deciders`: all who took a decision that the claim followed, by id. `changes`: what the claim
    now holds otherwise than extracted because an editor said so. `pairs`: each second reading
    with the first one that it was a second to, of all times, save those taken back.
    """

    first: Reading | None = None
    second: Reading | None = None
    adjudication: Reading | None = None
    deciders: frozenset[int] = frozenset()
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
    def readers(self) -> frozenset[int]:
        """All who decided, and the second reader, by id."""
        return self.deciders | ({self.second.decision.by_id} if self.second else set())

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
        self.adjudication = None
        if decision.kind == Kind.REOPEN or state == State.PENDING:
            self.first = self.second = None
            self.deciders, self.changes = frozenset(), {}
            return
        self.changes = _together(self.changes, decision.changes)
        self.first = Reading(decision, self._outcome(decision, state), self.changes)
        self.deciders |= {decision.by_id}
        if self.second and self.second.decision.by_id in self.deciders:
            self.second = None  # no second reader any more

    def _outcome(self, decision: Decision, state: str) -> str:
        """Of a decision, or of the state that one restores."""
        kind = decision.kind
        if kind == Kind.RESTORE:
            before = self.first.outcome if self.first else Kind.ACCEPT
            kind = _OUTCOME_OF_STATE[State(state)] if state else before
        if kind in (Kind.ACCEPT, Kind.CORRECT):
            return Kind.CORRECT if self.changes else Kind.ACCEPT
        return kind

    def _second(self, decision: Decision) -> None:
        if decision.kind == Kind.REOPEN:
            self.pairs = [pair for pair in self.pairs if pair[1] is not self.second]
            self.second = None
            return
        self.second = Reading(decision, decision.kind, decision.changes)
        if self.adjudication:  # it was questioned, and is now what stands
            self.first, self.adjudication = self.adjudication, None
        elif self.first:
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
        self.deciders |= {decision.by_id}


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
