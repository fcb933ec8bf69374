"""How far readers agree: by pair of readers, by conflict and over all, and where they do not."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import groupby
from uuid import UUID

from django.db.models import F
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from claims.models import Claim, Decision
from claims.pages.bench.progress import BenchRangeForm
from claims.pages.claim_history import DECIDED, FIELDS
from claims.pages.wording import STATES
from claims.review.agreement import (
    OUTCOMES,
    SMALL,
    Field,
    Interval,
    Kappa,
    f1_of_fields,
    f1_of_saying_so,
    kappa,
    share_interval,
)
from claims.review.progress import Scope
from claims.review.readings import Reading, Readings, readings_of

_STATES = dict(zip(OUTCOMES, ("accepted", "corrected", "rejected", "unverifiable"), strict=True))
PERIOD_WORDS: dict[str, str | Promise] = {
    "month": _("last 30 days"),
    "quarter": _("last 13 weeks"),
    "year": _("last 52 weeks"),
}


class AgreementForm(BenchRangeForm):
    PERIODS = {"month": 30, "quarter": 91, "year": 364}
    DEFAULT = "quarter"


@dataclass(frozen=True, slots=True)
class Pair:
    """A first reading of a claim with the second that was made beside it. `readings`: how the
    claim has been read until now."""

    claim: UUID
    conflict: str
    first: Reading
    second: Reading
    readings: Readings

    @property
    def agreed(self) -> bool:
        return self.first.agrees_with(self.second)


@dataclass(frozen=True, slots=True)
class Measured:
    """Agreement over `pairs` pairs of readings. `one` and `other` name whose outcomes are the
    rows and the columns of `table`; its cells are counts in the order of the outcomes."""

    title: str
    one: str
    other: str
    pairs: int
    same: int
    settled: int
    same_interval: Interval | None
    kappa: Kappa
    says_so: float | None
    fields: float | None
    corrected: int
    table: tuple[tuple[str, tuple[int, ...]], ...]

    @property
    def small(self) -> bool:
        return self.pairs < SMALL


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a reader, or the adjudicator, found. `fields`: what he put in the place of what was
    extracted, by the fields' names."""

    who: str
    what: str
    fields: tuple[str, ...]
    why: str


@dataclass(frozen=True, slots=True)
class Disagreement:
    """`since`: what became of it, where no adjudicator's decision stands."""

    claim: Claim
    day: date
    first: Outcome
    second: Outcome
    adjudication: Outcome | None
    since: str


@dataclass(frozen=True, slots=True)
class AgreementPage:
    whole: Measured | None
    pairs: tuple[Measured, ...]
    conflicts: tuple[Measured, ...]
    outcomes: tuple[str, ...]


def read_twice(scope: Scope, first: date, last: date) -> list[Pair]:
    """The pairs whose second reading is of these days (UTC), the latest first. Two queries: as
    many rows as decisions on the claims concerned."""
    since, until = (datetime.combine(day, time(), UTC) for day in (first, last + timedelta(days=1)))
    seconds = Decision.objects.filter(
        scope.of("claim"), reading=Decision.Reading.SECOND, at__gte=since, at__lt=until
    )
    decisions = (
        Decision.objects.filter(claim__in=seconds.values("claim"))
        .prefetch_related("by")  # few people, many decisions
        .annotate(conflict=F("claim__place__conflict__name"))
        .order_by("claim", "at", "id")
    )
    found = []
    for claim, rows in groupby(decisions, key=lambda row: row.claim_id):
        its = list(rows)
        readings = readings_of(its)
        conflict: str = its[0].conflict or gettext("places of no conflict")
        found += [Pair(claim, conflict, *pair, readings) for pair in readings.pairs]
    inside = [pair for pair in found if since <= pair.second.decision.at < until]
    return sorted(inside, key=lambda pair: pair.second.decision.pk, reverse=True)


def agreement_page(pairs: Sequence[Pair]) -> AgreementPage:
    """Nothing more is asked of the database."""
    by_readers, by_conflict = defaultdict(list), defaultdict(list)
    for pair in pairs:
        told = pair.first, pair.second
        names = sorted(told, key=_who)
        by_readers[_who(names[0]), _who(names[1])].append((names[0], names[1]))
        by_conflict[pair.conflict].append(told)
    every = [(pair.first, pair.second) for pair in pairs]
    one, other = gettext("first reader"), gettext("second reader")
    return AgreementPage(
        whole=_measured(gettext("All readers"), one, other, every) if every else None,
        pairs=tuple(
            _measured(gettext("%(one)s and %(other)s") % {"one": a, "other": b}, a, b, told)
            for (a, b), told in sorted(by_readers.items(), key=_most_first)
        ),
        conflicts=tuple(
            _measured(name, one, other, told)
            for name, told in sorted(by_conflict.items(), key=_most_first)
        ),
        outcomes=tuple(str(STATES[_STATES[outcome]]) for outcome in OUTCOMES),
    )


def _most_first(item: tuple[object, Sequence[object]]) -> tuple[int, object]:
    return -len(item[1]), item[0]


def _who(reading: Reading) -> str:
    return reading.decision.by.get_username()


def _measured(
    title: str, one: str, other: str, pairs: Sequence[tuple[Reading, Reading]]
) -> Measured:
    outcomes = [(a.outcome, b.outcome) for a, b in pairs]
    cells = Counter(outcomes)
    same = sum(cells[outcome, outcome] for outcome in OUTCOMES)
    found = kappa(outcomes)
    if found is None:
        raise ValueError("agreement needs a pair of readings")
    ours, theirs = (_fields(pairs, number) for number in (0, 1))
    return Measured(
        title=title,
        one=one,
        other=other,
        pairs=len(pairs),
        same=same,
        settled=sum(a.agrees_with(b) for a, b in pairs),
        same_interval=share_interval(same, len(pairs)),
        kappa=found,
        says_so=f1_of_saying_so(outcomes),
        fields=f1_of_fields(ours, theirs),
        corrected=len({(id_, name) for id_, name, _value in (*ours, *theirs)}),
        table=tuple(
            (str(STATES[_STATES[row]]), tuple(cells[row, column] for column in OUTCOMES))
            for row in OUTCOMES
        ),
    )


def _fields(pairs: Iterable[tuple[Reading, Reading]], number: int) -> list[Field]:
    """What one of both readers put into which field of which claim."""
    return [
        (str(pair[1].decision.pk), name, value)
        for pair in pairs
        for name, value in pair[number].values.items()
    ]


def disagreements(pairs: Sequence[Pair]) -> list[Disagreement]:
    """One page of them, in their order. One query."""
    rows = Claim.objects.select_related("document__publisher", "place", "claimant", "subject")
    claims: Mapping[UUID, Claim] = rows.defer("document__text").in_bulk(
        [pair.claim for pair in pairs]
    )
    return [
        Disagreement(
            claim=claims[pair.claim],
            day=pair.second.decision.at.astimezone(UTC).date(),
            first=_outcome(pair.first),
            second=_outcome(pair.second),
            adjudication=_adjudication(pair),
            since=_since(pair),
        )
        for pair in pairs
    ]


def _outcome(reading: Reading) -> Outcome:
    return Outcome(
        _who(reading),
        str(DECIDED[reading.outcome]),
        tuple(str(FIELDS[name][0]) for name in reading.values),
        str(reading.decision.why),
    )


def _adjudication(pair: Pair) -> Outcome | None:
    found = pair.readings.adjudication
    return _outcome(found) if found and _stands(pair) else None


def _since(pair: Pair) -> str:
    if not _stands(pair):
        return gettext("opened again or read anew since")
    if pair.readings.adjudication:
        return ""
    if pair.readings.disputed:
        return gettext("awaits an adjudicator")
    return gettext("the first reader followed")


def _stands(pair: Pair) -> bool:
    return pair.readings.second is pair.second
