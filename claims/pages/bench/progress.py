"""How far reviewing is: what waits, who decides how much, and whose claims fail."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from claims.access.roles import Conflicts
from claims.drawing.bars import Bars, bars
from claims.drawing.scale import Scale
from claims.models import Claim, Decision, QueuedClaim
from claims.pages.range_forms import Range, RangeForm
from claims.pages.wording import SAID
from claims.review import progress
from claims.review.progress import Outcomes, Ranking, Scope, Waiting, Worked
from entities.models import Conflict

Stage, State = QueuedClaim.Stage, Claim.State
PERIOD_WORDS: dict[str, str | Promise] = {
    "week": _("last 7 days"),
    "month": _("last 30 days"),
    "quarter": _("last 13 weeks"),
}
AGE_WORDS: tuple[str | Promise, ...] = (
    _("less than a day"),
    _("1 to 3 days"),
    _("3 to 7 days"),
    _("1 to 4 weeks"),
    _("4 to 13 weeks"),
    _("13 weeks or more"),
)
STAGE_WORDS: dict[str, str | Promise] = {
    Stage.FIRST: _("first reading"),
    Stage.SECOND: _("second reading"),
    Stage.ADJUDICATION: _("adjudication"),
}
# In the order of the bars: what the text is held to say, and what not.
STATES = (State.ACCEPTED, State.CORRECTED, State.UNVERIFIABLE, State.REJECTED)
GROUPS: dict[str, tuple[str | Promise, str | Promise]] = {
    "cue": (_("By rule: the words that told the claim"), _("Words")),
    "predicate": (_("By what is said"), _("What is said")),
    "publisher": (_("By publisher"), _("Publisher")),
    "version": (_("By extractor version"), _("Version")),
}
_PARAMETERS = {
    "cue": "cue",
    "predicate": "predicate",
    "publisher": "publisher",
    "version": "extractor_version",
}
MOST_ROWS = 40  # of a table


class BenchRangeForm(RangeForm):
    """Days up to today, and the conflicts that one may see the progress of."""

    PERIODS = {"week": 7, "month": 30, "quarter": 91}
    DEFAULT = "month"

    def __init__(self, *args: Any, allowed: Conflicts, **kwargs: Any) -> None:
        self.allowed = allowed
        super().__init__(*args, **kwargs)

    def conflicts(self) -> list[tuple[str, str]]:
        allowed = Conflict.objects.filter(self.allowed.within("pk"))
        return list(allowed.values_list("slug", "name"))


class ProgressForm(BenchRangeForm):
    editor = forms.CharField(required=False, max_length=150, widget=forms.HiddenInput)


@dataclass(frozen=True, slots=True)
class AgeRow:
    """How many wait for so long, at each stage; `width`: of the bar, in per cent of the
    longest."""

    words: str
    stages: tuple[int, ...]
    total: int
    width: float


@dataclass(frozen=True, slots=True)
class ConflictRow:
    """How many wait at each stage. `first_url`: the pending claims, where they can be listed."""

    name: str
    stages: tuple[int, ...]
    total: int
    first_url: str


@dataclass(frozen=True, slots=True)
class EditorRow:
    name: str
    first: int
    again: int
    days: int
    bars: Bars


@dataclass(frozen=True, slots=True)
class WorkedDay:
    day: date
    first: int
    again: int


@dataclass(frozen=True, slots=True)
class Part:
    """Of decided claims those that ended in one state: the share and where the bar begins, in
    per cent. `url` lists them, where that can be asked for."""

    state: str
    count: int
    share: float
    left: float
    url: str


@dataclass(frozen=True, slots=True)
class OutcomeRow:
    label: str
    decided: int
    url: str
    parts: tuple[Part, ...]
    mostly_rejected: bool


@dataclass(frozen=True, slots=True)
class Table:
    """`fewer`: rows left out for too few decided claims; `more`: the better ones cut off."""

    key: str
    title: str
    heading: str
    rows: tuple[OutcomeRow, ...]
    fewer: int
    more: int


@dataclass(frozen=True, slots=True)
class ReasonRow:
    words: str
    count: int
    width: float


@dataclass(frozen=True, slots=True)
class ProgressPage:
    """`days`: of the one editor asked for, the latest first."""

    waiting: int
    ages: tuple[AgeRow, ...]
    conflicts: tuple[ConflictRow, ...]
    decisions: int
    editors: tuple[EditorRow, ...]
    days: tuple[WorkedDay, ...]
    reasons: tuple[ReasonRow, ...]
    tables: tuple[Table, ...]
    alarms: tuple[OutcomeRow, ...]


def progress_page(scope: Scope, days: Range, now: datetime, *, editor: str) -> ProgressPage:
    """Five queries."""
    waits = progress.waiting(scope, now)
    worked = progress.worked(scope, days.first, days.last)
    shown = [row for row in worked if row.name == editor] if editor else worked
    rankings = progress.acceptance(scope)
    tables = tuple(_table(key, rankings[key], scope) for key in GROUPS)
    return ProgressPage(
        waiting=sum(row.total for row in waits),
        ages=_ages(waits),
        conflicts=tuple(_conflicts(waits)),
        decisions=sum(row.total for row in shown),
        editors=tuple(_editor(row, days) for row in shown),
        days=_days(shown[0]) if editor and shown else (),
        reasons=_reasons(progress.reasons(scope, days.first, days.last)),
        tables=tables,
        alarms=tuple(row for row in tables[0].rows if row.mostly_rejected),
    )


def _ages(waits: Iterable[Waiting]) -> tuple[AgeRow, ...]:
    rows = list(waits)
    counts = [
        tuple(sum(row.ages[age] for row in rows if row.stage == stage) for stage in Stage)
        for age in range(len(AGE_WORDS))
    ]
    most = max((sum(stages) for stages in counts), default=0)
    return tuple(
        AgeRow(str(words), stages, sum(stages), _per_cent(sum(stages), most))
        for words, stages in zip(AGE_WORDS, counts, strict=True)
    )


def _conflicts(waits: Iterable[Waiting]) -> Iterable[ConflictRow]:
    rows = list(waits)
    names = {row.conflict: row.name or gettext("places of no conflict") for row in rows}
    for slug, name in sorted(names.items(), key=lambda item: (item[0] is None, item[1])):
        stages = tuple(
            sum(row.total for row in rows if (row.conflict, row.stage) == (slug, stage))
            for stage in Stage
        )
        pending = {"state": State.PENDING.value, "conflict": slug}
        url = f"{reverse('claims')}?{urlencode(pending)}" if slug and stages[0] else ""
        yield ConflictRow(name, stages, sum(stages), url)


def _editor(row: Worked, days: Range) -> EditorRow:
    return EditorRow(
        name=row.name,
        first=sum(row.first.values()),
        again=sum(row.again.values()),
        days=len(row.first.keys() | row.again.keys()),
        bars=bars(row.first, row.again, Scale(days.first, days.last)),
    )


def _days(row: Worked) -> tuple[WorkedDay, ...]:
    days = sorted(row.first.keys() | row.again.keys(), reverse=True)
    return tuple(WorkedDay(day, row.first.get(day, 0), row.again.get(day, 0)) for day in days)


def _reasons(counted: Sequence[tuple[str, int]]) -> tuple[ReasonRow, ...]:
    words = {"": _("said in words alone"), **dict(Decision.Because.choices)}
    most = max((count for _because, count in counted), default=0)
    return tuple(
        ReasonRow(str(words[because]), count, _per_cent(count, most)) for because, count in counted
    )


def _table(key: str, ranking: Ranking, scope: Scope) -> Table:
    title, heading = GROUPS[key]
    rows = tuple(_outcome_row(key, row, scope) for row in ranking.rows[:MOST_ROWS])
    more = len(ranking.rows) - len(rows)
    return Table(key, str(title), str(heading), rows, ranking.fewer, more)


def _outcome_row(key: str, row: Outcomes, scope: Scope) -> OutcomeRow:
    parts, left = [], 0.0
    for state in STATES:
        share = _per_cent(row.states[state], row.decided)
        url = _listed(key, row.key, [state.value], scope) if row.states[state] else ""
        parts.append(Part(state.value, row.states[state], share, round(left, 3), url))
        left += share
    every = _listed(key, row.key, [state.value for state in STATES], scope)
    return OutcomeRow(_label(key, row.key), row.decided, every, tuple(parts), row.mostly_rejected)


def _label(key: str, word: str) -> str:
    if key == "predicate":
        return str({str(said): words for said, words in SAID.items()}[word])
    return word or gettext("no words recorded")


def _listed(key: str, word: str, states: Sequence[str], scope: Scope) -> str:
    """The list of exactly these claims; empty where it cannot be asked for: claims told by no
    words, or of several conflicts but not of all."""
    if not word or not (scope.conflict or scope.allowed.everywhere):
        return ""
    asked = [("state", state) for state in states]
    asked += [(_PARAMETERS[key], word), ("origin", Claim.Origin.EXTRACTED.value)]
    if scope.conflict:
        asked.append(("conflict", scope.conflict))
    return f"{reverse('claims')}?{urlencode(asked)}"


def _per_cent(part: int, whole: int) -> float:
    return round(100 * part / whole, 3) if whole else 0.0
