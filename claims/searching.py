"""Full text over documents and claims, with names in any spelling.

What is typed is read as search engines do: words that must all be there, "words in a row",
-without this, this or that. Words that are a known town's or actor's name, in any spelling or
alphabet, also find what is said of it by its other names, and the claims about it or by it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, reduce
from operator import and_, or_
from typing import Any, Generic, TypeVar
from uuid import UUID

from django.contrib.postgres.search import SearchQuery, SearchRank, SearchVectorExact
from django.db import connection
from django.db.models import (
    Case,
    Exists,
    F,
    FloatField,
    Max,
    Model,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.expressions import Col
from django.db.models.functions import Coalesce

from claims.models import Claim, ClaimWords, EvidenceWords
from entities.folding import fold
from entities.models import ActorName, PlaceName
from sources.models import Document, DocumentWords

CONFIG = "pg_catalog.english"  # as the columns of words are made
MOST_TERMS = 16  # of one search; further ones are left out
LONGEST_NAME = 5  # words
MOST_SPELLINGS = 24  # of one name
WEIGHED = 1_000  # claims, or documents, whose words are weighed in one search
# The column of words in the documents' own table: by their model they would join it with itself.
_DOCUMENT_WORDS = Col(Document._meta.db_table, DocumentWords._meta.get_field("words"))
_PIECES = re.compile(r'(?P<minus>-?)"(?P<quoted>[^"]*)"?|(?P<word>\S+)')


@dataclass(frozen=True, slots=True)
class Term:
    """Words that stand together. `quoted`: as typed between quotation marks. `places`,
    `actors`: ids of those whose name they are; `spellings`: these' other names."""

    words: str
    negated: bool = False
    quoted: bool = False
    places: frozenset[UUID] = frozenset()
    actors: frozenset[UUID] = frozenset()
    spellings: tuple[str, ...] = ()

    @property
    def query(self) -> SearchQuery:
        kind = "phrase" if self.quoted else "websearch"
        typed = SearchQuery(self.words, config=CONFIG, search_type=kind)
        others = (SearchQuery(name, config=CONFIG, search_type="phrase") for name in self.spellings)
        return reduce(or_, others, typed)

    def claims(self) -> QuerySet:
        """The ids of the claims that it finds."""
        found: list[QuerySet[Any, Any]] = [
            EvidenceWords.objects.filter(words=self.query).values("claim_id"),
            ClaimWords.objects.filter(words=self.query).values("claim_id"),
        ]
        if self.places:
            found.append(Claim.objects.filter(place__in=self.places).order_by().values("id"))
        for role in ("claimant", "subject"):
            if self.actors:
                of_role = Claim.objects.filter(**{f"{role}__in": self.actors})
                found.append(of_role.order_by().values("id"))
        return found[0].union(*found[1:])


Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True)
class Ranked(Generic[Row]):
    """The ids of rows that fit, the best first. Only the latest are weighed, by their `day`; of
    more than these, the others follow by day, and weigh nothing: to rank all of 19,000 texts took
    300 ms, to rank the latest thousand 5 ms."""

    rows: QuerySet[Row]
    rank: Any
    day: str

    def __iter__(self) -> Iterator[UUID]:
        return iter(self[:WEIGHED])

    def __getitem__(self, part: slice) -> list[UUID]:
        """The part must not lie on both sides of those that are weighed."""
        by_day = self.rows.order_by(f"-{self.day}", "-id")
        if part.start is not None and part.start >= WEIGHED:
            return list(by_day.values_list("id", flat=True)[part])
        latest = self.rows.model._default_manager.filter(pk__in=by_day.values("pk")[:WEIGHED])
        best = latest.annotate(rank=self.rank).order_by("-rank", f"-{self.day}", "-id")
        return list(best.values_list("id", flat=True)[part])


@dataclass(frozen=True)
class Search:
    """What was typed, understood: one of `groups` must fit, with all of its terms."""

    typed: str
    groups: tuple[tuple[Term, ...], ...] = field(default=())

    def __bool__(self) -> bool:
        return bool(self.groups)

    @cached_property
    def terms(self) -> tuple[Term, ...]:
        return tuple(term for group in self.groups for term in group)

    @property
    def places(self) -> frozenset[UUID]:
        return frozenset().union(*(term.places for term in self.terms if not term.negated))

    @property
    def actors(self) -> frozenset[UUID]:
        return frozenset().union(*(term.actors for term in self.terms if not term.negated))

    @property
    def query(self) -> SearchQuery:
        """All of it, as one document must fit it."""
        groups = (
            reduce(and_, (~term.query if term.negated else term.query for term in group))
            for group in self.groups
        )
        return reduce(or_, groups)

    @property
    def any_word(self) -> SearchQuery:
        """Any of its words: what snippets mark."""
        wanted = [term.query for term in self.terms if not term.negated]
        return reduce(or_, wanted or [term.query for term in self.terms])

    def documents(self) -> Ranked[Document]:
        """Those that fit."""
        if not self:
            return Ranked(Document.objects.none(), Value(0.0), "published")
        found = Document.objects.filter(SearchVectorExact(_DOCUMENT_WORDS, self.query))
        rank = SearchRank(_DOCUMENT_WORDS, self.any_word, normalization=Value(1))
        return Ranked(found, rank, "published")

    def claims(self, rows: QuerySet[Claim]) -> QuerySet[Claim]:
        """Those of `rows` that fit."""
        if not self:
            return rows.none()
        either = Q()
        for group in self.groups:
            both = Q()
            for term in group:
                fits = Q(id__in=term.claims())
                both &= ~fits if term.negated else fits
            either |= both
        return rows.filter(either)

    def ranked(self, rows: QuerySet[Claim]) -> QuerySet[Claim]:
        """Claims that fit, the best first: about the towns or by the actors that were named,
        then by how well their quotations fit, then the latest. Of very many, only the latest
        are weighed by their quotations; the others follow by day. One query, besides."""
        by_day = rows.order_by("-asserted_on", "-id")
        latest = list(by_day.values_list("id", flat=True)[:WEIGHED])
        if not latest:
            return by_day
        weighed = When(pk__in=latest, then=self._fit)
        found: Any = Case(weighed, default=Value(0.0), output_field=FloatField())
        rank = found + self._named
        return rows.annotate(rank=rank).order_by("-rank", "-asserted_on", "-id")

    def best(self, rows: QuerySet[Claim]) -> Ranked[Claim]:
        """Claims that fit in the same order, but of very many the latest alone are weighed by the
        names as well: nothing is sorted but these."""
        return Ranked(rows, self._fit + self._named, "asserted_on")

    @property
    def _fit(self) -> Any:
        """How well a claim's best quotation fits."""
        of_claim = EvidenceWords.objects.filter(claim=OuterRef("pk")).order_by().values("claim")
        rank = Max(SearchRank(F("words"), self.any_word))
        return Coalesce(Subquery(of_claim.annotate(best=rank).values("best")), 0.0)

    @property
    def _named(self) -> Any:
        """1 for claims about the towns or by the actors that were named."""
        if not self.places and not self.actors:
            return Value(0.0)
        named = Q(place__in=self.places) | Q(claimant__in=self.actors)
        return Case(When(named, then=Value(1.0)), default=Value(0.0))


def understand(typed: str) -> Search:
    """At most five queries, however much was typed."""
    groups = [group for group in _groups(typed) if group]
    known = _names({fold(span.words) for group in groups for span in _spans(group)})
    named = [_with_names(group, known) for group in groups]
    telling = _telling({term.words for group in named for term in group})
    kept = (
        tuple(term for term in group if term.spellings or term.words in telling) for group in named
    )
    return Search(typed, tuple(group for group in kept if group))


def _groups(typed: str) -> list[list[Term]]:
    groups: list[list[Term]] = [[]]
    pieces = list(_PIECES.finditer(typed))[: 2 * MOST_TERMS]
    for piece in pieces[:MOST_TERMS]:
        word, quoted = piece["word"], piece["quoted"]
        if word is not None and word.casefold() == "or":
            groups.append([])
        elif word is not None:
            bare = word.lstrip("-").replace('"', " ").strip()
            groups[-1].append(Term(bare, negated=word.startswith("-")))
        else:
            groups[-1].append(Term(quoted.strip(), bool(piece["minus"]), quoted=True))
    # What the database takes for a letter depends on its locale.
    return [[term for term in group if any(map(str.isalnum, term.words))] for group in groups]


def _spans(group: Sequence[Term]) -> Iterable[Term]:
    """What of a group may be a name: each term, and plain words in a row."""
    for start in range(len(group)):
        for length in range(1, min(LONGEST_NAME, len(group) - start) + 1):
            span = _joined(group[start : start + length])
            if span is not None:
                yield span


def _joined(terms: Sequence[Term]) -> Term | None:
    if len(terms) == 1:
        return terms[0]
    if any(term.quoted or term.negated for term in terms):
        return None
    return Term(" ".join(term.words for term in terms), quoted=True)


@dataclass(frozen=True, slots=True)
class _Known:
    places: Mapping[str, set[UUID]]
    actors: Mapping[str, set[UUID]]
    spellings: Mapping[UUID, list[str]]

    def of(self, term: Term) -> Term:
        key = fold(term.words)
        places, actors = self.places.get(key, set()), self.actors.get(key, set())
        names = [name for id_ in sorted(places | actors) for name in self.spellings.get(id_, ())]
        return replace(
            term,
            places=frozenset(places),
            actors=frozenset(actors),
            spellings=tuple(_telling_apart(names))[:MOST_SPELLINGS],
        )


def _telling_apart(names: Iterable[str]) -> list[str]:
    """Without those that hold another: "Wagner Group" is found where "Wagner" is."""
    kept: dict[str, str] = {}  # by their words between spaces
    for name in sorted(dict.fromkeys(names), key=len):
        words = f" {' '.join(name.casefold().split())} "
        if not any(shorter in words for shorter in kept):
            kept[words] = name
    return list(kept.values())


def _names(folded: set[str]) -> _Known:
    """The towns with claims, and the actors, that have these names, with all of their names."""
    claimed = Exists(Claim.objects.live().filter(place=OuterRef("place")))
    places: dict[str, set[UUID]] = defaultdict(set)
    actors: dict[str, set[UUID]] = defaultdict(set)
    wanted = folded - {""}
    if not wanted:
        return _Known(places, actors, {})
    towns = PlaceName.objects.filter(claimed, folded__in=wanted)
    for name, id_ in towns.values_list("folded", "place"):
        places[name].add(id_)
    speakers = ActorName.objects.filter(folded__in=wanted, kind=ActorName.Kind.NAME)
    for name, id_ in speakers.values_list("folded", "actor"):
        actors[name].add(id_)
    spellings: dict[UUID, list[str]] = defaultdict(list)
    if places:
        ids = set().union(*places.values())
        rows = PlaceName.objects.filter(place__in=ids).order_by("place", "order")
        for id_, name in rows.values_list("place", "name"):
            spellings[id_].append(name)
    if actors:
        ids = set().union(*actors.values())
        names = ActorName.objects.filter(actor__in=ids, kind=ActorName.Kind.NAME)
        for id_, name in names.order_by("actor", "order").values_list("actor", "name"):
            spellings[id_].append(name)
    return _Known(places, actors, spellings)


def _with_names(group: Sequence[Term], known: _Known) -> list[Term]:
    """The group with words in a row that are a name made one term, the longest first."""
    terms, start = [], 0
    while start < len(group):
        for length in range(min(LONGEST_NAME, len(group) - start), 0, -1):
            span = _joined(group[start : start + length])
            found = known.of(span) if span is not None else None
            if found is not None and (length == 1 or found.spellings):
                terms.append(found)
                start += length
                break
    return terms


def _telling(words: set[str]) -> set[str]:
    """Those that full text looks for: not "the" or "of" alone."""
    if not words:
        return set()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT word FROM unnest(%s::text[]) AS word"
            " WHERE numnode(plainto_tsquery(%s::regconfig, word)) > 0",
            [sorted(words), CONFIG],
        )
        return {word for (word,) in cursor.fetchall()}
