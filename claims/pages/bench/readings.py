"""Two readings of a claim side by side, for whoever decides between them."""

from __future__ import annotations

from collections.abc import Iterator
from copy import copy
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext

from claims.models import Claim, Decision
from claims.pages.bench.correction import DAYS, NAMES, as_typed
from claims.pages.claim_history import DECIDED, FIELDS
from claims.review.decisions import take_back
from claims.review.readings import Reading, Readings


@dataclass(frozen=True, slots=True)
class Corrected:
    """A field that the reader reads otherwise, in words."""

    field: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class ReadingShown:
    """`number`: the key that decides for it. `label`: the claim as he reads it. `fields`: what
    the form sends for it."""

    number: int
    title: str
    kind: str
    what: str
    by: str
    at: datetime
    why: str
    label: str
    corrected: tuple[Corrected, ...]
    fields: tuple[tuple[str, str], ...]


def readings_shown(read: Claim, found: Readings) -> tuple[ReadingShown, ...]:
    """Both readings of `read`, the claim as it was extracted; none where there are no two."""
    if found.first is None or found.second is None:
        return ()
    return (
        _shown(1, gettext("First reader"), read, found.first),
        _shown(2, gettext("Second reader"), read, found.second),
    )


def _shown(number: int, title: str, read: Claim, reading: Reading) -> ReadingShown:
    his = copy(read)
    if reading.values:
        take_back(his, {name: [new, old] for name, (old, new) in reading.changes.items()})
    decision = reading.decision
    return ReadingShown(
        number=number,
        title=title,
        kind=reading.outcome,
        what=str(DECIDED[reading.outcome]),
        by=decision.by.get_username(),
        at=decision.at,
        why=str(decision.why),
        label=his.label if reading.outcome in (Decision.Kind.ACCEPT, Decision.Kind.CORRECT) else "",
        corrected=tuple(_corrected(name, read, his) for name in FIELDS if name in reading.values),
        fields=tuple(_fields(his, reading)),
    )


def _corrected(name: str, before: Claim, after: Claim) -> Corrected:
    label, shown = FIELDS[name]
    return Corrected(str(label), shown(getattr(before, name)), shown(getattr(after, name)))


def _fields(claim: Claim, reading: Reading) -> Iterator[tuple[str, str]]:
    decision = reading.decision
    yield "kind", reading.outcome
    yield "reason", decision.reason
    if reading.outcome == Decision.Kind.REJECT:
        yield "because", decision.because or Decision.Because.OTHER
    if reading.outcome != Decision.Kind.CORRECT:
        return
    typed = as_typed(claim)
    yield from typed.items()
    for precision in DAYS.values():
        yield precision, getattr(claim, precision)
    for name in NAMES:  # of namesakes, the one that he meant
        if row := getattr(claim, name):
            yield f"{name}_id", str(row.pk)
            yield f"{name}_for", typed[name]
