"""Two versions of a claim side by side: what an editor wanted, or what it once was, and what it
is now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import QueryDict

from claims.models import Claim
from claims.pages.claim_history import FIELDS, Change, changes, states, told
from claims.pages.wording import STATES, day_in_words
from claims.review.decisions import RESTORABLE, TRANSITIONS, Kind

DAYS = ("asserted_on", "event_date")
NOT_FIELDS = ("csrfmiddlewaretoken",)


@dataclass(frozen=True, slots=True)
class Compared:
    """A field in words: as it was read, or once was; as it is wanted; as it is now."""

    label: str
    then: str
    wanted: str
    now: str

    @property
    def differs(self) -> bool:
        return self.wanted != self.now

    @property
    def mine(self) -> bool:
        """The editor wants it otherwise than he read it."""
        return self.wanted != self.then

    @property
    def theirs(self) -> bool:
        """It is otherwise now than it was read."""
        return self.now != self.then


@dataclass(frozen=True, slots=True)
class Conflict:
    """An edit that was made of an outdated version. `since`: what has changed it, the latest
    first. `posted`: all that was typed, to be sent again. `possible`: it can still be done."""

    claim: Claim
    fields: tuple[Compared, ...]
    since: tuple[Change, ...]
    posted: tuple[tuple[str, str], ...]
    reason: str
    possible: bool


@dataclass(frozen=True, slots=True)
class EarlierState:
    """A claim as it once stood, and what made it so. `until`: what changed it next; None where it
    stands so. `restorable`: it can be brought back."""

    change: Change
    fields: tuple[Compared, ...]
    until: Change | None
    extractor_version: str
    restorable: bool


def conflict(
    claim: Claim, posted: QueryDict, *, version: str, wanted: Mapping[str, str] | None = None
) -> Conflict:
    """`claim` is as it now is; `version` the name under which the outdated one was posted;
    `wanted` what the fields would hold, in words, where the form does not say it."""
    rows = list(states(claim))
    said = posted.get(version, "")
    known = int(said) if said.isdecimal() else 0
    read = next((row for row in reversed(rows) if row.version <= known), rows[0])
    kind = posted.get("kind", "")
    wanted = wanted or _wanted(posted, kind, read)
    return Conflict(
        claim=claim,
        fields=tuple(
            Compared(str(label), told(read, name), wanted[name], told(claim, name))
            for name, (label, _) in FIELDS.items()
            if name in RESTORABLE
        ),
        since=tuple(change for change in changes(claim) if change.version > read.version),
        posted=tuple(
            (name, value)
            for name, values in posted.lists()
            if name not in (*NOT_FIELDS, version)
            for value in values
        ),
        reason=posted.get("reason", ""),
        possible=kind not in TRANSITIONS or claim.state in TRANSITIONS[Kind(kind)][0],
    )


def _wanted(posted: QueryDict, kind: str, read: Any) -> dict[str, str]:
    """The fields in words as the form would have them: as they were read, but for those that it
    corrects, which are shown as they were typed, and the state that follows."""
    found = {name: told(read, name) for name in RESTORABLE}
    if kind == Kind.CORRECT:
        found |= {
            name: _typed(name, str(typed))
            for name, typed in posted.items()
            if name in RESTORABLE and (typed or not name.endswith("_precision"))
        }
    if kind in TRANSITIONS:
        found["state"] = str(STATES[TRANSITIONS[Kind(kind)][1]])
    return found


def _typed(name: str, value: str) -> str:
    if name not in DAYS:
        return FIELDS[name][1](value)
    try:
        return day_in_words(date.fromisoformat(value))
    except ValueError:  # in words already
        return value


def earlier_state(claim: Claim, event: int) -> EarlierState | None:
    """The state of the claim that its history's row `event` has; None where it has no such."""
    rows = {row.pgh_id: row for row in states(claim)}
    if event not in rows:
        return None
    then = rows[event]
    became = changes(claim)
    number = next((n for n, change in enumerate(became) if change.event <= event), 0)
    fields = tuple(
        Compared(str(label), told(then, name), told(then, name), told(claim, name))
        for name, (label, _) in FIELDS.items()
    )
    same = all(getattr(then, name) == getattr(claim, name) for name in RESTORABLE)
    return EarlierState(
        change=became[number],
        fields=fields,
        until=became[number - 1] if number else None,
        extractor_version=then.extractor_version,
        restorable=not same and then.state != Claim.State.SUPERSEDED,
    )
