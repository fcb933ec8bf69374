"""Speakers: those who make claims, and what became of what each of them said."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from statistics import median
from typing import Any
from uuid import UUID

from django import forms
from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from claims.models import Claim, TrackedStatement
from claims.pages.forms import AskForm
from claims.status.track_record import Outcome
from entities.folding import fold
from entities.models import Actor, ActorName, Conflict, Side

SORTS = {
    "told": _("captures and holds claimed"),
    "last": _("last claim"),
    "name": _("name"),
}
GAINS = ("capture", "hold")
# What a number on a speaker's page counts: kinds of statements, and their outcome.
SHOWN: dict[str, tuple[tuple[str, ...], Outcome | None]] = {
    "gains": (GAINS, None),
    "gains-conceded": (GAINS, "conceded"),
    "gains-contradicted": (GAINS, "contradicted"),
    "gains-unanswered": (GAINS, "unanswered"),
    "gains-already-conceded": (GAINS, "already-conceded"),
    "denials": (("denial",), None),
    "denials-conceded": (("denial",), "conceded"),
    "denials-unanswered": (("denial",), "unanswered"),
    "denials-already-conceded": (("denial",), "already-conceded"),
}
SHOWN_WORDS = {
    "gains": _("captures and holds claimed"),
    "gains-conceded": _("later conceded by the other side"),
    "gains-contradicted": _("contradicted"),
    "gains-unanswered": _("never answered"),
    "gains-already-conceded": _("conceded already when claimed"),
    "denials": _("denials of a loss"),
    "denials-conceded": _("later conceded by its own side"),
    "denials-unanswered": _("not conceded"),
    "denials-already-conceded": _("conceded already when denied"),
}


def _conflicts() -> list[tuple[str, Any]]:
    return [("", _("all conflicts")), *Conflict.objects.values_list("slug", "name")]


class SpeakersForm(AskForm):
    q = forms.CharField(label=_("Actor, in any spelling"), max_length=100, required=False)
    conflict = forms.ChoiceField(label=_("Conflict"), required=False)
    sort = forms.ChoiceField(
        label=_("Sorted by"), required=False, initial="told", choices=list(SORTS.items())
    )
    include_pending = forms.BooleanField(label=_("With pending claims"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["conflict"] = forms.ChoiceField(
            label=_("Conflict"), required=False, choices=_conflicts()
        )


class SpeakerForm(AskForm):
    conflict = forms.ChoiceField(label=_("Conflict"), required=False)
    show = forms.ChoiceField(required=False, choices=[(name, name) for name in SHOWN])
    include_pending = forms.BooleanField(label=_("With pending claims"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["conflict"] = forms.ChoiceField(
            label=_("Conflict"), required=False, choices=_conflicts()
        )


@dataclass(frozen=True, slots=True)
class SpeakerRow:
    """An actor in one conflict (None: in towns of none). `told`: its claims of captures and
    holds; `outcomes`: how many statements they come to, by outcome."""

    actor: Actor
    conflict: Conflict | None
    claims: int
    told: int
    last: date
    outcomes: Mapping[str, int] = field(default_factory=dict)

    @property
    def statements(self) -> int:
        return sum(self.outcomes.values())


# Rows that are equal stay in the order of their names.
ORDERS: dict[str, Callable[[SpeakerRow], Any]] = {
    "told": lambda row: (-row.told, -row.last.toordinal()),
    "last": lambda row: (-row.last.toordinal(), -row.told),
    "name": lambda row: (),
}


def speaker_list(ask: Mapping[str, Any]) -> list[SpeakerRow]:
    """Actors with their numbers of claims, each once for each conflict that it speaks of: three
    queries. What became of their statements comes with `with_outcomes`."""
    found = (
        Claim.objects.counting(include_pending=ask["include_pending"])
        .filter(claimant__isnull=False)
        .exclude(claimant__kind="publisher")
    )
    if ask["conflict"]:
        found = found.filter(place__conflict__slug=ask["conflict"])
    if ask["q"]:
        begins = ActorName.objects.filter(
            actor=OuterRef("claimant"), folded__startswith=fold(ask["q"])
        )
        found = found.filter(Exists(begins))
    gains = Q(stance="asserts", predicate__in=["captured", "holds"])
    counted = list(
        found.order_by()
        .values("claimant", "place__conflict")
        .annotate(told=Count("id", filter=gains), claims=Count("id"), last=Max("asserted_on"))
    )
    actors = Actor.objects.in_bulk({row["claimant"] for row in counted})
    conflicts = Conflict.objects.in_bulk({row["place__conflict"] for row in counted} - {None})
    rows = [
        SpeakerRow(
            actor=actors[row["claimant"]],
            conflict=conflicts.get(row["place__conflict"]),
            claims=row["claims"],
            told=row["told"],
            last=row["last"],
        )
        for row in counted
    ]
    rows.sort(key=lambda row: (row.actor.name.casefold(), str(row.conflict or "")))
    return sorted(rows, key=ORDERS[ask["sort"]])


def with_outcomes(rows: Iterable[SpeakerRow], *, include_pending: bool) -> list[SpeakerRow]:
    """The rows with what became of their statements: one query."""
    shown = list(rows)
    outcomes: dict[tuple[UUID, UUID | None], dict[str, int]] = defaultdict(dict)
    counted = (
        TrackedStatement.objects.filter(
            actor__in={row.actor.pk for row in shown},
            include_pending=include_pending,
            kind__in=GAINS,
        )
        .order_by()
        .values_list("actor", "place__conflict", "outcome")
        .annotate(number=Count("id"))
    )
    for actor, conflict, outcome, number in counted:
        outcomes[actor, conflict][outcome.replace("-", "_")] = number
    return [
        replace(row, outcomes=outcomes[row.actor.pk, row.conflict.pk if row.conflict else None])
        for row in shown
    ]


@dataclass(frozen=True, slots=True)
class Figure:
    """A number of a record, with the name by which its statements are shown."""

    name: str
    words: str
    number: int


@dataclass(frozen=True, slots=True)
class Record:
    """What became of an actor's statements. `lag`: the median of the days from a capture or
    hold claimed to its concession; None where nothing was conceded."""

    numbers: Mapping[str, int]
    lag: float | None

    def figures(self, start: str) -> list[Figure]:
        """Those of captures and holds, or of denials; what was conceded already only where
        there is some."""
        return [
            Figure(name, str(SHOWN_WORDS[name]), self.numbers[name])
            for name in SHOWN
            if name.startswith(start) and ("already" not in name or self.numbers[name])
        ]

    @property
    def gains(self) -> list[Figure]:
        return self.figures("gains")

    @property
    def denials(self) -> list[Figure]:
        return self.figures("denials")


def tracked(
    actor: Actor, *, include_pending: bool, conflict: str = ""
) -> QuerySet[TrackedStatement]:
    found = TrackedStatement.objects.filter(actor=actor, include_pending=include_pending)
    return found.filter(place__conflict__slug=conflict) if conflict else found


def record(found: QuerySet[TrackedStatement]) -> Record:
    """The numbers of an actor's statements: one query."""
    numbers: Counter[str] = Counter()
    lags = []
    for kind, outcome, lag in found.order_by().values_list("kind", "outcome", "lag"):
        numbers.update(
            name
            for name, (kinds, only) in SHOWN.items()
            if kind in kinds and only in (None, outcome)
        )
        if lag is not None and kind in GAINS:
            lags.append(lag)
    return Record({name: numbers[name] for name in SHOWN}, median(lags) if lags else None)


def shown(found: QuerySet[TrackedStatement], name: str) -> QuerySet[TrackedStatement]:
    """The statements that a number counts, the latest first."""
    if name:
        kinds, outcome = SHOWN[name]
        found = found.filter(kind__in=kinds)
        found = found.filter(outcome=outcome) if outcome else found
    return found.select_related("place").order_by("-first", "-id")


@dataclass(frozen=True, slots=True)
class StatementRow:
    """A statement with the first claim that carries it and the first that answers it; None for
    one that counts no more, until the town is derived again."""

    statement: TrackedStatement
    claim: Claim | None
    answer: Claim | None
    answerer_count: int

    @property
    def repeats(self) -> int:
        return len(self.statement.claims) - 1

    @property
    def more_answers(self) -> int:
        return max(0, self.answerer_count - 1)


def statement_rows(statements: Sequence[TrackedStatement]) -> list[StatementRow]:
    """One query."""
    ids = {id_ for one in statements for id_ in (*one.claims[:1], *one.answers[:1])}
    rows = Claim.objects.select_related("document__publisher", "place", "claimant", "subject")
    claims = rows.defer("document__text").in_bulk(ids)
    return [
        StatementRow(
            one,
            claims.get(one.claims[0]),
            claims.get(one.answers[0]) if one.answers else None,
            len(one.answers),
        )
        for one in statements
    ]


def sides_of(actor: Actor) -> list[Side]:
    """The sides that the actor is or was on, each once."""
    sides = Side.objects.filter(allegiances__actor=actor).select_related("conflict")
    return list(sides.order_by("conflict__name", "order").distinct())
