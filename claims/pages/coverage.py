"""Coverage: who publishes how much, day by day, and who has gone quiet."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from claims.coverage import HABIT, Habit, Source, habit, together
from claims.drawing.bars import Bars, Silence, bars, gaps, silence
from claims.drawing.scale import Scale, Tick, ticks
from claims.pages.range_forms import Range
from claims.pages.wording import tick_label
from sources.models import Publisher

PERIOD_WORDS: dict[str, str | Promise] = {
    "month": _("last 30 days"),
    "quarter": _("last 13 weeks"),
    "year": _("last 52 weeks"),
}


@dataclass(frozen=True, slots=True)
class SourceRow:
    """`publisher` None: all together. `documents` and `claims` are of the range, on
    `days_with_documents` of its days. `quiet_for`: days since the last document by the range's
    end, where that is unusually long; `silent` has none in the time from which habits are read.
    `gap`: the usual number of days between days with documents, None where it cannot be told."""

    publisher: Publisher | None
    documents: int
    claims: int
    days_with_documents: int
    bars: Bars
    silences: tuple[Silence, ...]
    gap: float | None
    last: date | None
    quiet_for: int | None
    silent: bool

    @property
    def gap_words(self) -> str:
        """E.g. "1 day", "1.5 days"."""
        if self.gap is None:
            return ""
        text = ngettext("%(gap)s day", "%(gap)s days", 1 if self.gap == 1 else 2)
        return text % {"gap": f"{self.gap:g}"}


@dataclass(frozen=True, slots=True)
class CountedDay:
    day: date
    documents: int
    claims: int


@dataclass(frozen=True, slots=True)
class CoveragePage:
    """`quiet`: the rows that are, the latest to fall silent first. `days`: of a single
    publisher, the latest first; empty for many."""

    scale: Scale
    ticks: tuple[Tick, ...]
    whole: SourceRow
    rows: tuple[SourceRow, ...]
    quiet: tuple[SourceRow, ...]
    silent: int
    days: tuple[CountedDay, ...]


def coverage_page(found: list[Source], range: Range, *, one: bool) -> CoveragePage:
    """What `found` (from `claims.coverage.sources`) published in the range; `one`: only a
    single publisher was asked for."""
    scale = Scale(range.first, range.last)
    documents, claims = together(found)
    rows = [
        _row(source.publisher, source.documents, source.claims, source.last, scale)
        for source in found
    ]
    latest = max((source.last for source in found if source.last), default=None)
    rows.sort(key=lambda row: (-row.documents, str(row.publisher)))
    quiet = [row for row in rows if row.quiet_for is not None]
    return CoveragePage(
        scale,
        ticks(scale, tick_label),
        _row(None, documents, claims, latest, scale),
        tuple(rows),
        tuple(sorted(quiet, key=lambda row: (row.quiet_for or 0, str(row.publisher)))),
        sum(row.silent for row in rows),
        tuple(_days(documents, claims, scale)) if one else (),
    )


def _row(
    publisher: Publisher | None,
    documents: Mapping[date, int],
    claims: Mapping[date, int],
    last: date | None,
    scale: Scale,
) -> SourceRow:
    its = habit(documents)
    silent = last is not None and (scale.last - last).days > HABIT
    shown = {day: count for day, count in documents.items() if day >= scale.first}
    return SourceRow(
        publisher=publisher,
        documents=sum(shown.values()),
        claims=sum(claims.values()),
        days_with_documents=len(shown),
        bars=bars(shown, claims, scale),
        silences=tuple(_silences(its, scale)),
        gap=its.gap,
        last=last,
        quiet_for=None if silent else its.quiet_for(scale.last),
        silent=silent,
    )


def _silences(its: Habit, scale: Scale) -> Iterable[Silence]:
    """Those in the range that were longer than its habit has it."""
    if its.patience is None:
        return
    for first, last in gaps(list(its.days), scale.last):
        found = silence(first, last, scale)
        if found and found.days > its.patience:
            yield found


def _days(
    documents: Mapping[date, int], claims: Mapping[date, int], scale: Scale
) -> Iterable[CountedDay]:
    for day in sorted({*documents, *claims}, reverse=True):
        if scale.first <= day <= scale.last:
            yield CountedDay(day, documents.get(day, 0), claims.get(day, 0))
