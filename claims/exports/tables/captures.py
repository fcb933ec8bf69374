"""Captures: what claims say that somebody took a whole town, once a day, town and captor."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from typing import Any
from uuid import UUID

from django.db.models import (
    Case,
    DateField,
    Exists,
    ExpressionWrapper,
    F,
    JSONField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    When,
)
from django.db.models.functions import Coalesce, JSONObject

from claims.derive import side_of
from claims.exports.columns import Asked, streamed
from claims.exports.tables.acled import FOREIGN, REBELS, STATE, country_of, kind_of
from claims.exports.tables.towns import claims_of
from claims.models import Change, Claim, StatusInterval
from entities.models import Actor, Allegiance, Place, Side

NEAR = timedelta(days=30)  # before a capture: combat and withdrawals that belong to it
COMBAT = ("advancing", "encircled", "fighting")
_SAME = ("place", "subject", "on", "precision")  # of claims that tell of one capture


@dataclass(slots=True)
class Loser:
    """The side that lost a town. `kind` is ACLED's."""

    name: str
    kind: str


@dataclass(slots=True)
class Capture:
    """What its claims, in the order in which they were said, tell of one capture."""

    claims: list[Any]
    loser: Loser | None
    site: str

    @property
    def first(self) -> Any:
        return self.claims[0]

    @property
    def place(self) -> Place:
        place: Place = self.first.place
        return place

    @property
    def captor(self) -> Actor | None:
        captor: Actor | None = self.first.subject
        return captor

    @property
    def on(self) -> date:
        on: date = self.first.on
        return on

    @property
    def kind(self) -> str:
        return kind_of(self.captor, self.place.country)

    @property
    def violent(self) -> bool:
        """Unless it was left to them, as far as claims tell: somebody said so, and nobody spoke
        of combat."""
        return self.first.fought or not self.first.left


def captures(asked: Asked, site: str) -> Iterator[Capture]:
    """By day. Four queries a batch, and one for the states of the sides."""
    states = _states()
    with closing(streamed(_told(asked))) as rows:
        for _, same in groupby(rows, key=_key):
            claims = list(same)
            yield Capture(claims, _loser(claims[0], states), site)


def count(asked: Asked) -> int:
    """Claims about unknown captors, who need not be one, are each a capture."""
    rows = _dated(asked)
    known = rows.exclude(subject=None).values(*_SAME).distinct().count()
    return known + rows.filter(subject=None).count()


def _key(claim: Any) -> tuple[Any, ...]:
    who = claim.subject_id or claim.pk
    return claim.on, claim.place_id, who, claim.precision


def _dated(asked: Asked) -> QuerySet[Any]:
    """Claims of captures, each with the day that it is about and that day's precision."""
    rows = claims_of(asked).filter(stance="asserts", predicate="captured", extent="whole")
    rows = rows.annotate(
        on=Coalesce("event_date", "asserted_on"),
        precision=Case(
            When(event_date__isnull=True, then=F("asserted_precision")),
            default=F("event_precision"),
        ),
    )
    if first := asked.get("from"):
        rows = rows.filter(on__gte=first)
    if last := asked.get("to"):
        rows = rows.filter(on__lte=last)
    return rows


def _told(asked: Asked) -> QuerySet[Any]:
    """The same with what else is told of them."""
    near = Claim.objects.counting(include_pending=asked.get("include_pending") is not False).filter(
        place=OuterRef("place"),
        stance="asserts",
        asserted_on__lte=OuterRef("on"),
        asserted_on__gte=ExpressionWrapper(OuterRef("on") - NEAR, output_field=DateField()),
    )
    before = StatusInterval.objects.filter(
        Q(end__isnull=True) | Q(end__gte=OuterRef("on")),
        place=OuterRef("place"),
        part_label="",
        include_pending=asked.get("include_pending") is not False,
        start__lt=OuterRef("on"),
    ).order_by("-start")
    changes = Change.objects.filter(claim=OuterRef("pk"), number__isnull=False).order_by("-number")
    return (
        _dated(asked)
        .annotate(
            fought=Exists(near.filter(predicate__in=COMBAT)),
            left=Exists(
                near.filter(predicate="withdrew", extent="whole").exclude(
                    subject=OuterRef("subject")
                )
            ),
            before=Subquery(
                before.values(told=JSONObject(status="status", sides=F("sides")))[:1],
                output_field=JSONField(),
            ),
            changed=Coalesce(Subquery(changes.values("at")[:1]), F("created_at")),
        )
        .select_related("claimant", "subject__parent__parent")
        .prefetch_related(
            *("document__publisher", "place__conflict__sides"),
            "subject__allegiances__side",
        )
        .select_related("document")
        .defer("document__text")
        .order_by("on", "place", "subject", "precision", "asserted_on", "id")
    )


def _loser(claim: Any, states: dict[UUID, list[str]]) -> Loser | None:
    """Who had the town the day before, if that is told; else, of a conflict's two sides, the
    other one."""
    captor = side_of(claim.subject, claim.place, claim.on)
    conflict = claim.place.conflict
    sides = {side.key: side for side in conflict.sides.all()} if conflict else {}
    if captor is None:
        return None
    before = claim.before or {}
    held = [key for key in before.get("sides", ()) if key != captor]
    if len(held) != 1 and len(sides) == 2:
        held = [key for key in sides if key != captor]
    if len(held) != 1:
        return None
    return _as_loser(held[0], sides.get(held[0]), claim.place.country, states)


def _as_loser(key: str, side: Side | None, country: str, states: dict[UUID, list[str]]) -> Loser:
    if side is None:  # in a town of no conflict, where states and movements are sides themselves
        return Loser(key, "")
    codes = {country_of(name) for name in states.get(side.pk, [])}
    own = [code for code in codes if code]
    if country in own:
        return Loser(side.name, STATE)
    return Loser(side.name, FOREIGN if own else REBELS)


def _states() -> dict[UUID, list[str]]:
    """The states on each side, at any time."""
    found: dict[UUID, list[str]] = {}
    rows = Allegiance.objects.filter(actor__kind="state").order_by()
    for side, name in rows.values_list("side", "actor__name"):
        found.setdefault(side, []).append(name)
    return found
