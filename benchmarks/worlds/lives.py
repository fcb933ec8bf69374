"""What becomes of a claim once it is found: editors' decisions, and its history row by row."""

from __future__ import annotations

import math
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from benchmarks.worlds.cast import make_id
from claims.models import Claim, Decision

Row = dict[str, Any]
Kind, State = Decision.Kind, Claim.State
EDITORS = 5
LAG = 3.0  # days until a claim is decided on, on average
REASONS = (
    "The passage speaks of another town.",
    "The text repeats what somebody else said.",
    "This is a plan, not a claim.",
    "The passage names no place.",
)
LIVE = ((State.ACCEPTED, 68), (State.CORRECTED, 7), (State.PENDING, 25))
NOT_LIVE = ((State.REJECTED, 6), (State.SUPERSEDED, 3), (State.UNVERIFIABLE, 2))
SHARE_NOT_LIVE = 0.12
NEWEST = 8.0  # days: of what is newer, most is still pending
TWICE = 0.04  # of the claims were decided on, reopened, and decided on again


@dataclass(frozen=True, slots=True)
class Step:
    """A change of a claim: the values after it, and who made it why. `decision` None: not an
    editor's doing."""

    at: datetime
    values: Row
    decision: str | None
    reason: str
    changes: dict[str, list[str]]


def final_state(draw: random.Random, age: timedelta, live: bool | None) -> str:
    """`age`: of the claim at the world's end. `live` None: as it comes."""
    if live is None:
        live = draw.random() >= SHARE_NOT_LIVE
    if live and draw.random() < 0.8 * math.exp(-age.days / NEWEST):
        return State.PENDING.value
    table = LIVE if live else NOT_LIVE
    states, weights = [row[0] for row in table], [row[1] for row in table]
    return draw.choices(states, weights)[0].value


def life(draw: random.Random, claim: Row, state: str, end: datetime) -> Iterator[Step]:
    """The changes that bring a pending claim to `state`, all before `end`. What a correction
    changes is put into `claim` as it was before."""
    at = claim["created_at"]
    if state in (State.ACCEPTED, State.REJECTED) and draw.random() < TWICE:
        first = (State.REJECTED if state == State.ACCEPTED else State.ACCEPTED).value
        at = _later(draw, at, end)
        yield _decided(draw, at, first)
        at = _later(draw, at, end)
        yield Step(at, {"state": State.PENDING.value}, Kind.REOPEN.value, "Decided too soon.", {})
    if state == State.SUPERSEDED:
        yield Step(_later(draw, at, end), {"state": state}, None, "extraction 3", {})
    elif state == State.CORRECTED:
        yield _corrected(draw, claim, _later(draw, at, end))
    elif state != State.PENDING:
        yield _decided(draw, _later(draw, at, end), state)


def _later(draw: random.Random, at: datetime, end: datetime) -> datetime:
    lag = timedelta(days=draw.expovariate(1 / LAG), seconds=30)
    return min(at + lag, at + (end - at) / 2)


def _decided(draw: random.Random, at: datetime, state: str) -> Step:
    kind = {
        State.ACCEPTED: Kind.ACCEPT,
        State.REJECTED: Kind.REJECT,
        State.UNVERIFIABLE: Kind.UNVERIFIABLE,
    }[State(state)]
    reason = draw.choice(REASONS) if kind == Kind.REJECT else ""
    return Step(at, {"state": state}, kind.value, reason, {})


def _corrected(draw: random.Random, claim: Row, at: datetime) -> Step:
    """The speaker was overlooked, or a hold was read as a capture."""
    name, before, after = "speaker", "", "a spokesman"
    if claim["predicate"] == "holds" and draw.random() < 0.6:
        name, before, after = "predicate", "captured", "holds"
    claim[name] = before
    return Step(
        at,
        {"state": State.CORRECTED.value, name: after},
        Kind.CORRECT.value,
        "",
        {name: [before, after]},
    )


def context_of(draw: random.Random, at: datetime, reason: str, user: int | None = None) -> Row:
    """The row that says who changed something and why."""
    metadata: Row = {"reason": reason} if user is None else {"user": user, "reason": reason}
    return {
        "id": make_id(draw, at),
        "created_at": at,
        "updated_at": at,
        "metadata": metadata,
    }
