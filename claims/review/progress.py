"""How far reviewing is: what waits for how long, who decided how much, and whose claims fail.

Everything is counted by the database, in a fixed number of queries however many claims there are.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

from django.db.models import Case, Count, Q, QuerySet, Value, When
from django.db.models.functions import Lower, TruncDate

from claims.access.roles import Conflicts
from claims.models import Claim, Decision, Evidence, QueuedClaim
from claims.review.agreement import share_interval
from claims.review.readings import OUTCOMES

Reading, Stage, State = Decision.Reading, QueuedClaim.Stage, Claim.State
DECIDED = (State.ACCEPTED, State.CORRECTED, State.REJECTED, State.UNVERIFIABLE)
# Days that a claim has waited, from at least the number on; the last has no end.
AGES = (0, 1, 3, 7, 28, 91)
# With fewer decided claims a share says little: at ten, one of a half may as well be a quarter
# or three quarters (95 % interval, E. B. Wilson 1927).
ENOUGH = 10
MOSTLY = 0.5
_PUBLISHER = "document__publisher__name"


@dataclass(frozen=True, slots=True)
class Scope:
    """The claims that are looked at: those of conflicts that one may see the progress of, or of
    one of them alone (by its short name)."""

    allowed: Conflicts
    conflict: str = ""

    def of(self, claim: str) -> Q:
        """The filter of rows whose claim is at this lookup path; "" of claims themselves."""
        place = f"{claim}__place" if claim else "place"
        chosen = Q(**{f"{place}__conflict__slug": self.conflict}) if self.conflict else Q()
        return self.allowed.within(f"{place}__conflict") & chosen


@dataclass(slots=True)
class Waiting:
    """Claims of a conflict (null: of none) that wait at a stage, by the number of `AGES`."""

    stage: str
    conflict: str | None
    name: str | None
    ages: list[int] = field(default_factory=lambda: [0] * len(AGES))

    @property
    def total(self) -> int:
        return sum(self.ages)


def waiting(scope: Scope, now: datetime) -> list[Waiting]:
    """What waits for how long at `now`, by stage and conflict. One query."""
    oldest_first = [
        When(since__lte=now - timedelta(days=days), then=Value(number))
        for number, days in reversed([*enumerate(AGES)])
        if days
    ]
    conflict = "claim__place__conflict__slug", "claim__place__conflict__name"
    rows = (
        QueuedClaim.objects.filter(scope.of("claim"))
        .order_by()
        .values_list("stage", *conflict, Case(*oldest_first, default=Value(0)))
        .annotate(n=Count("pk"))
    )
    found: dict[tuple[str, str | None], Waiting] = {}
    for stage, slug, name, age, count in rows:
        row = found.setdefault((stage, slug), Waiting(stage, slug, name))
        row.ages[age] += count
    stages = [stage.value for stage in Stage]
    return sorted(found.values(), key=lambda row: (stages.index(row.stage), row.name or "~"))


@dataclass(slots=True)
class Worked:
    """What an editor decided, by day: first readings, and second readings with adjudications."""

    user: int
    name: str
    first: dict[date, int] = field(default_factory=lambda: defaultdict(int))
    again: dict[date, int] = field(default_factory=lambda: defaultdict(int))

    @property
    def total(self) -> int:
        return sum(self.first.values()) + sum(self.again.values())


def worked(scope: Scope, first: date, last: date) -> list[Worked]:
    """Decisions from `first` to `last` (UTC) by editor, the busiest first. Opening again and
    undoing are none; what was undone later was work all the same. One query."""
    rows = (
        _decisions(scope, first, last)
        .filter(kind__in=OUTCOMES)
        .order_by()
        .values_list("by", "by__username", "reading", TruncDate("at", tzinfo=UTC))
        .annotate(n=Count("pk"))
    )
    found: dict[int, Worked] = {}
    for user, name, reading, day, count in rows:
        row = found.setdefault(user, Worked(user, name))
        (row.first if reading == Reading.FIRST else row.again)[day] += count
    return sorted(found.values(), key=lambda row: (-row.total, row.name))


def reasons(scope: Scope, first: date, last: date) -> list[tuple[str, int]]:
    """Why claims were rejected from `first` to `last`, the most frequent reason first; "" where
    it was said in words alone. One query."""
    rows = _decisions(scope, first, last).filter(kind=Decision.Kind.REJECT).order_by()
    counted = rows.values_list("because").annotate(n=Count("pk"))
    return sorted(counted, key=lambda row: (-row[1], row[0]))


@dataclass(frozen=True, slots=True)
class Outcomes:
    """How decided claims of a kind ended, by their states."""

    key: str
    states: Mapping[str, int]

    @property
    def decided(self) -> int:
        return sum(self.states.values())

    @property
    def rejected(self) -> float:
        """The share of rejected ones."""
        return self.states[State.REJECTED] / self.decided

    @property
    def mostly_rejected(self) -> bool:
        """Whether more than half of such claims are rejected, and not by chance alone: the whole
        95 % interval of the share lies above."""
        interval = share_interval(self.states[State.REJECTED], self.decided)
        return interval is not None and interval.low > MOSTLY


@dataclass(frozen=True, slots=True)
class Ranking:
    """The worst first: by the share of rejected ones, among those with `ENOUGH` decided claims.
    `fewer`: how many others there are."""

    rows: tuple[Outcomes, ...]
    fewer: int


def acceptance(scope: Scope) -> dict[str, Ranking]:
    """How extracted claims ended, by rule (`cue`: the words that told it, in small letters),
    predicate, publisher and extractor version. A claim that several rules told counts for each
    of them. Two queries."""
    claims = Claim.objects.filter(scope.of(""), origin=Claim.Origin.EXTRACTED, state__in=DECIDED)
    keys = {"predicate": "predicate", "publisher": _PUBLISHER, "version": "extractor_version"}
    together = claims.order_by().values("state", *keys.values()).annotate(n=Count("pk"))
    found = {
        name: _ranking((row[key], row["state"], row["n"]) for row in together)
        for name, key in keys.items()
    }
    told = Evidence.objects.filter(
        scope.of("claim"), claim__origin=Claim.Origin.EXTRACTED, claim__state__in=DECIDED
    ).order_by()
    # One sorting for all states: twice as quick as a group for each.
    counts = {
        state.value: Count("claim", distinct=True, filter=Q(claim__state=state))
        for state in DECIDED
    }
    names = [state.value for state in DECIDED]
    by_cue = (
        (cue, state, count)
        for cue, *told_of in told.values(rule=Lower("cue"))
        .annotate(**counts)
        .values_list("rule", *names)
        for state, count in zip(names, told_of, strict=True)
    )
    return {"cue": _ranking(by_cue), **found}


def _ranking(counted: Iterable[tuple[str, str, int]]) -> Ranking:
    """Of counts by key and state, some of which may belong together."""
    found: dict[str, dict[str, int]] = defaultdict(lambda: {state.value: 0 for state in DECIDED})
    for key, state, count in counted:
        found[key][state] += count
    rows = [Outcomes(key, states) for key, states in found.items()]
    enough = [row for row in rows if row.decided >= ENOUGH]
    enough.sort(key=lambda row: (-row.rejected, -row.decided, row.key))
    return Ranking(tuple(enough), len(rows) - len(enough))


def _decisions(scope: Scope, first: date, last: date) -> QuerySet[Decision]:
    since, until = (datetime.combine(day, time(), UTC) for day in (first, last + timedelta(days=1)))
    return Decision.objects.filter(scope.of("claim"), at__gte=since, at__lt=until)
