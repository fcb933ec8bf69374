"""The deciding words of many towns' statuses, in short."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from django.db.models import Func, QuerySet, UUIDField

from claims.models import Claim, StatusInterval
from claims.pages.wording import claim_in_short

MOST_WORDS = 4  # claimants


def deciding_claims(intervals: QuerySet[StatusInterval]) -> dict[UUID, Claim]:
    """The claims that decide these intervals, by id. One query."""
    ids = intervals.order_by().values_list(_Unnested("deciding"))
    rows = Claim.objects.filter(id__in=ids).select_related("claimant", "document__publisher")
    return {
        row.id: row
        for row in rows.only(
            *("stance", "predicate", "claimant__name", "document__publisher__name")
        )
    }


class _Unnested(Func):
    """Each element of an array in a row of its own."""

    function = "unnest"
    output_field = UUIDField()
    set_returning = True


def deciding_words(ids: Iterable[UUID], claims: Mapping[UUID, Claim]) -> str:
    """What each claimant decides with, e.g. "Wagner Group: captured / Ukraine: denied", in the
    order of the last time; at most the latest four claimants."""
    said: dict[str, dict[str, None]] = {}
    for claim in (claims[id_] for id_ in ids if id_ in claims):
        who = str(claim.claimant or claim.document.publisher)
        said[who] = {**said.pop(who, {}), claim_in_short(claim): None}
    words = [f"{who}: {', '.join(short)}" for who, short in said.items()]
    return " / ".join(words[-MOST_WORDS:])


def initials(names: Sequence[str]) -> list[str]:
    """The shortest beginnings, of three letters at most, that tell these names apart; alike where
    that is not enough."""
    found = []
    for name in names:
        others = [other for other in names if other != name]
        lengths = [n for n in (1, 2, 3) if not any(o[:n] == name[:n] for o in others)]
        found.append(name[: lengths[0] if lengths else 3])
    return found
