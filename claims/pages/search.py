"""What a search finds: towns, actors, claims and documents, with the words that it found."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.contrib.postgres.search import SearchHeadline
from django.db.models import Case, Count, Exists, Func, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import Left
from django.utils.translation import gettext_lazy as _

from claims.listed_claims import ListedClaim, listed
from claims.models import Claim, Evidence
from claims.pages.forms import AskForm
from claims.searching import CONFIG, Ranked, Search
from claims.timeline import Town, towns
from entities.folding import fold
from entities.models import Actor, ActorName, PlaceName
from sources.models import Document

# Around found words: characters that are taken out of the text itself, so that nothing but the
# search can put them there.
START, STOP = "\x02", "\x03"
SEARCHED = 100_000  # characters of a text that snippets are cut from
SECTIONS = ("towns", "actors", "claims", "documents")
COUNTED = 1_000  # of a section: beyond these nobody looks, and each more is a row to be read
_OF_DOCUMENTS = ("title", "published", "published_offset", "withdrawn_at", "publisher__name")
FEW = {"towns": 5, "actors": 5, "claims": 8, "documents": 6}


class SearchForm(AskForm):
    q = forms.CharField(label=_("Search"), max_length=200, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # A word of the language: a field, though no attribute.
        choices = [(name, name) for name in SECTIONS]
        self.fields["in"] = forms.ChoiceField(required=False, choices=choices)


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a snippet; `marked`: it is what was searched for."""

    text: str
    marked: bool


Snippet = tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class FoundClaim:
    claim: ListedClaim
    quotes: tuple[Snippet, ...]


@dataclass(frozen=True, slots=True)
class FoundDocument:
    document: Document
    snippet: Snippet


def found_towns(search: Search) -> QuerySet[Town]:
    """Towns with claims whose name begins with what was typed or is a name in it; those that
    are called so come first, then those with most claims."""
    key = fold(search.typed)
    called = PlaceName.objects.filter(place=OuterRef("pk"), folded=key)
    begins = PlaceName.objects.filter(place=OuterRef("pk"), folded__startswith=key)
    fits = Q(pk__in=search.places) | (Q(Exists(begins)) if key else Q())
    exact = Case(When(Exists(called), then=Value(0)), default=Value(1))
    return (
        towns().filter(fits).annotate(exact=exact).order_by("exact", "-live_claims", "name", "id")
    )


def direct_hit(search: Search) -> UUID | None:
    """The one town with claims that has exactly this name."""
    claimed = Exists(Claim.objects.live().filter(place=OuterRef("place")))
    called = PlaceName.objects.filter(claimed, folded=fold(search.typed))
    ids = list(called.order_by("place").values_list("place", flat=True).distinct()[:2])
    return ids[0] if len(ids) == 1 else None


def found_actors(search: Search) -> QuerySet[Actor]:
    """Actors one of whose names begins with what was typed or is a name in it; those that make
    claims come first, the busiest first."""
    key = fold(search.typed)
    begins = ActorName.objects.filter(actor=OuterRef("pk"), folded__startswith=key)
    fits = Q(pk__in=search.actors) | (Q(Exists(begins)) if key else Q())
    live = Q(claims__state__in=[*Claim.VERIFIED, Claim.State.PENDING])
    counted = Actor.objects.filter(fits).annotate(live_claims=Count("claims", filter=live))
    return counted.order_by("-live_claims", "name", "id")


def found_claims(search: Search) -> Ranked[Claim]:
    return search.best(search.claims(Claim.objects.live()))


def found_documents(search: Search) -> Ranked[Document]:
    return search.documents()


def with_quotes(search: Search, ids: Sequence[UUID]) -> list[FoundClaim]:
    """Claims with their quotations, the found words marked. Two queries."""
    claims = listed(ids)
    headline = _headline("quote", search, highlight_all=True)
    evidence = Evidence.objects.filter(claim__in=ids).annotate(headline=headline)
    quotes: dict[UUID, dict[Snippet, None]] = {}
    for id_, text in evidence.order_by("claim_id", "start").values_list("claim", "headline"):
        quotes.setdefault(id_, {})[snippet(text)] = None
    return [FoundClaim(claims[id_], tuple(quotes.get(id_, ()))[:2]) for id_ in ids if id_ in claims]


def with_snippets(search: Search, ids: Sequence[UUID]) -> list[FoundDocument]:
    """Documents with the passages of their texts that fit best. One query."""
    headline = _headline(
        Left("text", SEARCHED), search, max_fragments=2, max_words=28, min_words=12
    )
    rows = Document.objects.select_related("publisher").only(*_OF_DOCUMENTS).order_by()
    found = rows.annotate(headline=headline).in_bulk(ids)
    return [FoundDocument(found[id_], snippet(found[id_].headline)) for id_ in ids if id_ in found]


def snippet(text: str) -> Snippet:
    """The pieces of a text whose found words stand between the two signs."""
    parts = []
    for number, piece in enumerate(text.split(START)):
        found, stop, rest = piece.partition(STOP)
        if number and stop:
            parts += [Part(found, marked=True), Part(rest, marked=False)]
        else:
            parts.append(Part(piece, marked=False))
    return tuple(part for part in parts if part.text)


def _headline(text: Any, search: Search, **options: Any) -> SearchHeadline:
    bare = Func(text, Value(START + STOP), Value(""), function="translate")
    return SearchHeadline(
        bare,
        search.any_word,
        config=CONFIG,
        start_sel=START,
        stop_sel=STOP,
        fragment_delimiter=" … " if "max_fragments" in options else None,
        **options,
    )


FINDERS: dict[str, Callable[[Search], QuerySet[Any] | Ranked[Any]]] = {
    "towns": found_towns,
    "actors": found_actors,
    "claims": found_claims,
    "documents": found_documents,
}


def as_shown(name: str, search: Search, rows: Iterable[Any]) -> list[Any]:
    """A section's rows as its template takes them."""
    if name == "claims":
        return list(with_quotes(search, list(rows)))
    if name == "documents":
        return list(with_snippets(search, list(rows)))
    return list(rows)
