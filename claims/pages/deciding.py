"""The deciding words of many towns' statuses, in short."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple
from uuid import UUID

from django.db.models import Func, QuerySet, UUIDField
from django.db.models.functions import Coalesce

from claims.models import Claim, StatusInterval
from claims.pages.wording import claim_in_short

MOST_WORDS = 4  # claimants


class Word(NamedTuple):
    """What a claimant said in a word or two, e.g. Wagner Group: captured."""

    who: str
    said: str


def deciding_claims(intervals: QuerySet[StatusInterval]) -> dict[UUID, Word]:
    """The words of the claims that decide these intervals, by the claims' ids. One query, and
    no rows made into objects: there may be many thousands."""
    ids = intervals.order_by().values_list(_Unnested("deciding"))
    who = Coalesce("claimant__name", "document__publisher__name")
    rows = Claim.objects.filter(id__in=ids).order_by().values_list("id", who, "stance", "predicate")
    short: dict[tuple[str, str], str] = {}
    found = {}
    for id_, name, stance, predicate in rows:
        said = (stance, predicate)
        if said not in short:
            short[said] = claim_in_short(Claim(stance=stance, predicate=predicate))
        found[id_] = Word(name, short[said])
    return found


class _Unnested(Func):
    """Each element of an array in a row of its own."""

    function = "unnest"
    output_field = UUIDField()
    set_returning = True


def deciding_words(ids: Iterable[UUID], words: Mapping[UUID, Word]) -> str:
    """What each claimant decides with, e.g. "Wagner Group: captured / Ukraine: denied", in the
    order of the last time; at most the latest four claimants."""
    said: dict[str, dict[str, None]] = {}
    for who, short in (words[id_] for id_ in ids if id_ in words):
        said[who] = {**said.pop(who, {}), short: None}
    told = [f"{who}: {', '.join(shorts)}" for who, shorts in said.items()]
    return " / ".join(told[-MOST_WORDS:])


def initials(names: Sequence[str]) -> list[str]:
    """The shortest beginnings, of three letters at most, that tell these names apart; alike where
    that is not enough."""
    found = []
    for name in names:
        others = [other for other in names if other != name]
        lengths = [n for n in (1, 2, 3) if not any(o[:n] == name[:n] for o in others)]
        found.append(name[: lengths[0] if lengths else 3])
    return found
