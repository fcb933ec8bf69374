"""Claims by when they last changed, and those that stand no more: for who asks so, as ACLED's
users do, in place of following the feed.

A change has its time when it is numbered, after its commit, and these times never decrease. So
who asks from the latest time on that he was told misses nothing that was committed late.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, TypeVar

from django.db.models import Exists, OuterRef, Q, QuerySet

from claims.feed.filters import EVERYTHING, Within
from claims.feed.reasons import reasons
from claims.models import Change, Claim
from claims.records import utc
from entities.models import Place

Record = dict[str, Any]
AnyRows = TypeVar("AnyRows", bound=QuerySet[Any])
_OF_CLAIMS = Q(what=Change.What.CLAIM)


def updated(
    claims: AnyRows, *, first: datetime | None = None, last: datetime | None = None
) -> AnyRows:
    """Those of `claims` that last changed from `first` to `last`, both included. A change that
    waits for its number is later than all that have theirs."""
    waiting = Q(number__isnull=True)
    if first is not None:
        since = Change.objects.filter(_OF_CLAIMS, Q(at__gte=first) | waiting)
        claims = claims.filter(pk__in=since.values("claim"))
    if last is not None:
        later = Change.objects.filter(Q(at__gt=last) | waiting, claim=OuterRef("pk"))
        claims = claims.filter(~Exists(later))
    return claims


def deleted(
    *, first: datetime | None = None, last: datetime | None = None, within: Within = EVERYTHING
) -> QuerySet[Change]:
    """The last changes, from `first` to `last`, of claims that stand no more: rejected,
    unverifiable, superseded or gone; or, where the feed is narrowed, about another town."""
    told = within.choose(Change.objects.filter(_OF_CLAIMS, number__isnull=False))
    later = told.filter(claim=OuterRef("claim"), number__gt=OuterRef("number"))
    found = told.filter(~Exists(later), ~Exists(_standing(within)))
    if first is not None:
        found = found.filter(at__gte=first)
    if last is not None:
        found = found.filter(at__lte=last)
    return found


def _standing(within: Within) -> QuerySet[Claim]:
    claims = Claim.objects.live().filter(pk=OuterRef("claim"))
    if within.towns is not None:
        claims = claims.filter(place__in=within.towns)
    if within.conflict:
        places = Place.objects.filter(conflict__slug=within.conflict)
        claims = claims.filter(place__in=places.values("id"))
    return claims


def told_deleted(changes: Iterable[Change]) -> list[Record]:
    """What is told of changes from `deleted`. A constant number of queries."""
    changes = list(changes)
    why = reasons(changes)
    claims = Claim.objects.filter(pk__in=[change.claim for change in changes])
    states = dict(claims.values_list("pk", "state"))
    found = []
    for change in changes:
        if change.claim is None or change.number is None or change.at is None:
            raise ValueError("Not a numbered change of a claim.")
        found.append(
            {
                "id": str(change.claim),
                "deleted_at": utc(change.at),
                "deleted_timestamp": int(change.at.timestamp()),
                "state": states.get(change.claim),
                "reason": why[change.number],
            }
        )
    return found
