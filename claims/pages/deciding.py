"""The deciding words of many towns' statuses, in short."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from django.contrib.postgres.aggregates import StringAgg
from django.db.models import Func, OuterRef, QuerySet, Subquery, TextField, UUIDField
from django.db.models.functions import Cast, Coalesce
from django.utils.translation import get_language

from claims.models import Claim, StatusInterval
from claims.pages.wording import in_short
from sources.models import Document

MOST_WORDS = 4  # claimants


class Word(NamedTuple):
    """What a claimant said in a word or two, e.g. Wagner Group: captured."""

    who: str
    said: str


def deciding_claims(intervals: QuerySet[StatusInterval]) -> dict[str, Word]:
    """The words of the claims that decide these intervals, by the claims' ids as text. One
    query."""
    return words_of(deciding_values(intervals))


def deciding_values(intervals: QuerySet[StatusInterval]) -> QuerySet[Any, tuple[Any, ...]]:
    """What `words_of` takes: each word in a row with all of its claims, of which there may be many
    thousands."""
    ids = intervals.order_by().values_list(_Unnested("deciding"))
    # Whose document it is matters only where nobody else says it: else none is looked for.
    publisher = Document.objects.filter(pk=OuterRef("document")).values("publisher__name")
    return (
        Claim.objects.filter(id__in=ids)
        .order_by()
        .values_list(Coalesce("claimant__name", Subquery(publisher)), "stance", "predicate")
        .annotate(ids=StringAgg(Cast("id", TextField()), " "))
    )


def words_of(rows: Iterable[tuple[Any, ...]]) -> dict[str, Word]:
    """By the ids of claims as text."""
    language = get_language()
    found: dict[str, Word] = {}
    for name, stance, predicate, claims in rows:
        found |= dict.fromkeys(claims.split(), Word(name, in_short(stance, predicate, language)))
    return found


class _Unnested(Func):
    """Each element of an array in a row of its own."""

    function = "unnest"
    output_field = UUIDField()
    set_returning = True


def deciding_words(ids: Iterable[str], words: Mapping[str, Word]) -> str:
    """What each claimant decides with, e.g. "Wagner Group: captured / Ukraine: denied", in the
    order of the last time; at most the latest four claimants."""
    said: dict[str, dict[str, None]] = {}
    for who, short in (words[id_] for id_ in ids if id_ in words):
        shorts = said.pop(who, {})
        shorts[short] = None
        said[who] = shorts
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
