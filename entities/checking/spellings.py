"""Every spelling of an actor, with where it stands and when it means that actor."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

from entities.checking.findings import Finding
from entities.folding import fold
from entities.lexicon import Actor
from entities.pack_file import Table

SpellingKind = Literal["name", "demonym", "metonym", "speaker"]


@dataclass(frozen=True, slots=True)
class Period:
    """Two days and all between; open where None."""

    since: date | None = None
    until: date | None = None

    def overlaps(self, other: Period) -> bool:
        """Whether they have a day in common."""
        return _starts_by(self.since, other.until) and _starts_by(other.since, self.until)


@dataclass(frozen=True, slots=True)
class Spelling:
    """`key` is the folded text, `speaker` the number of the speaker whose name it is, `period`
    when that person speaks."""

    text: str
    key: str
    kind: SpellingKind
    actor: Actor
    table: Table
    field: str
    speaker: int | None = None
    period: Period = Period()

    def finding(self, code: str, reason: str) -> Finding:
        return Finding.at(self.table, self.field, code, reason, self.text)

    @property
    def place(self) -> str:
        """Where it stands, as "sudan.toml:12"."""
        return f"{self.table.path.name}:{self.table.line(self.field, self.text)}"


def spellings_of(actor: Actor, table: Table) -> Iterator[Spelling]:
    """An actor's names, demonyms and metonyms, then its speakers' names."""
    for text in actor.names:
        field = "name" if text == actor.name else "names"
        yield Spelling(text, fold(text), "name", actor, table, field)
    for text in actor.demonyms:
        yield Spelling(text, fold(text), "demonym", actor, table, "demonyms")
    for text in actor.metonyms:
        yield Spelling(text, fold(text), "metonym", actor, table, "metonyms")
    for number, speaker in enumerate(actor.speakers):
        period = Period(speaker.since, speaker.until)
        for text in speaker.names:
            yield Spelling(text, fold(text), "speaker", actor, table, "speakers", number, period)


def _starts_by(since: date | None, until: date | None) -> bool:
    return since is None or until is None or since <= until
