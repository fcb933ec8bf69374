"""What changed: towns whose statuses became others, day by day, and by whose words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import groupby
from typing import Any

from django.db.models import Count, Window
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from claims.changes import Change, ChangedInterval, ChangedTown, changes, told
from claims.listed_claims import ListedClaim
from claims.pages.badges import Badge, badge
from claims.pages.colours import Patterns, patterns_for
from claims.pages.range_forms import Range
from claims.pages.wording import RULES, HasStatus, claim_in_short, said_on
from claims.statements import Given, Statement
from entities.models import Place

MOST_VOICES = 4
PERIOD_WORDS: dict[str, str | Promise] = {
    "day": _("last day"),
    "week": _("last 7 days"),
    "month": _("last 30 days"),
}


@dataclass(frozen=True, slots=True)
class Voice:
    """What one claimant decides with, e.g. Wagner Group: captured, and each time that it is
    reported to have said so: the day in words, and the claim."""

    who: str
    said: str
    reports: tuple[tuple[str, ListedClaim], ...]


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """`before` None: nothing had been said of the town. `voices`: those who decided it, the
    latest last; `more`: how many others did so earlier."""

    place: Place | ChangedTown
    before: Badge | None
    now: Badge
    rule: int
    rule_text: str | Promise
    voices: tuple[Voice, ...]
    more: int


@dataclass(frozen=True, slots=True)
class ChangedDay:
    """`count`: changes of that day in all, on this page of the list or another."""

    day: date
    count: int
    rows: tuple[ChangeRow, ...]


@dataclass(frozen=True, slots=True)
class ChangesPage:
    days: tuple[ChangedDay, ...]
    patterns: Patterns


def change_list(ask: Mapping[str, Any], range: Range, part: slice) -> list[ChangedInterval]:
    """A part of the changes that are asked for. One query."""
    rows = _part(bool(ask["conflict"]), bool(ask["status"]), part.start, part.stop).rows(
        first=range.first,
        last=range.last,
        conflict=ask["conflict"],
        status=ask["status"],
        include_pending=ask["include_pending"],
    )
    own = len(ChangedInterval._fields) - 1
    return [
        ChangedInterval._make((*row[:own], ChangedTown._make((row[0], *row[own:])))) for row in rows
    ]


@lru_cache
def _part(of_conflict: bool, of_status: bool, start: int, stop: int) -> Statement:
    """By what is chosen."""
    found = changes(
        first=Given("first"),
        last=Given("last"),
        conflict=Given("conflict") if of_conflict else "",
        status=Given("status") if of_status else "",
        include_pending=Given("include_pending"),
    ).annotate(of_day=Window(Count("*"), partition_by="start"), of_all=Window(Count("*")))
    columns = (
        *ChangedInterval._fields[:-1],
        *(f"place__{name}" for name in ChangedTown._fields[1:]),
    )
    return Statement(lambda: found.values_list(*columns)[start:stop])


def changes_page(listed: Sequence[ChangedInterval]) -> ChangesPage:
    """One page of `change_list`. Three queries, however many changes there are."""
    found = told(listed)
    counts = {interval.start: interval.of_day for interval in listed}
    return ChangesPage(
        tuple(
            ChangedDay(day, counts[day], tuple(_row(change) for change in group))
            for day, group in groupby(found, key=lambda change: change.on)
        ),
        patterns_for(_coloured(found)),
    )


def _row(change: Change) -> ChangeRow:
    voices = _voices(change.deciding)
    return ChangeRow(
        change.place,
        badge(change.before, change.sides) if change.before else None,
        badge(change.interval, change.sides, pending=change.rests_on_pending),
        change.interval.rule,
        RULES[change.interval.rule],
        voices[-MOST_VOICES:],
        max(0, len(voices) - MOST_VOICES),
    )


def _voices(deciding: Iterable[ListedClaim]) -> tuple[Voice, ...]:
    reports: dict[tuple[str, str], list[tuple[str, ListedClaim]]] = defaultdict(list)
    language = get_language()
    for claim in sorted(deciding, key=lambda claim: (claim.asserted_on, claim.id)):
        said = claim_in_short(claim, language)
        reports[claim.who, said].append((said_on(claim, language), claim))
    in_order = sorted(reports.items(), key=lambda item: item[1][-1][1].asserted_on)
    return tuple(Voice(who, said, tuple(claims)) for (who, said), claims in in_order)


def _coloured(found: Iterable[Change]) -> Iterable[tuple[HasStatus, Mapping[str, str]]]:
    for change in found:
        colours = {key: side.colour for key, side in change.sides.items()}
        yield change.interval, colours
        if change.before:
            yield change.before, colours
