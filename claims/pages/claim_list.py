"""The list of claims: what is asked for, the ways to ask for something else, and the rows."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache, partial
from typing import Any
from uuid import UUID

from django import forms
from django.db.models import F, QuerySet
from django.http import QueryDict
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from claims.asking import ORDERS, WORDS, ClaimsForm, choose
from claims.drawing.svg import Markup
from claims.listed_claims import ListedClaim, listed
from claims.models import Claim, Evidence
from claims.pages import field_markup
from claims.pages.claim_facts import EXTENTS, PRECISIONS
from claims.pages.claim_rows import quoted
from claims.pages.forms import conflict_choices
from claims.pages.wording import (
    SAID,
    STANCES,
    STATES,
    about,
    day_in_words,
    said_on,
    state_in_words,
)
from claims.statements import Among, Given, Statement
from entities.models import Side
from sources.models import Document

MOST_QUOTES = 2  # of a claim
LABELS = {
    "q": _("Words"),
    "town": _("Town"),
    "document": _("Document"),
    "conflict": _("Conflict"),
    "actor": _("Actor"),
    "claimant": _("Who says it"),
    "subject": _("Whom it is about"),
    "side": _("Side"),
    "stance": _("Stance"),
    "predicate": _("What is said"),
    "state": _("State"),
    "include_pending": _("Pending claims"),
    "asserted_from": _("Said from"),
    "asserted_to": _("said up to"),
    "event_from": _("About days from"),
    "event_to": _("about days up to"),
    "published_from": _("Published from"),
    "published_to": _("published up to"),
    "publisher": _("Publisher"),
    "cue": _("Told by the words"),
    "extractor_version": _("Extractor version"),
    "origin": _("Found by"),
    "extent": _("Whole town or part"),
    "part_label": _("Part"),
    "speaker": _("Speaker"),
    "claimant_kind": _("Kind of claimant"),
    "subject_side": _("Side of whom it is about"),
    "asserted_precision": _("Day of saying known to the"),
    "event_precision": _("Day it is about known to the"),
    "confidence_from": _("Confidence from"),
    "confidence_to": _("confidence up to"),
    "place_ambiguous": _("Place ambiguous"),
    "no_longer_found": _("No longer found"),
    "provenance": _("Text"),
    "bbox": _("Within"),
    "datetime": _("Said in"),
    "updated_from": _("Changed from"),
    "updated_to": _("changed until"),
    "timestamp": _("Changed from"),
    "order": _("Sorted by"),
}
ORDER_WORDS = {
    "-said": _("day, last to first"),
    "said": _("day, first to last"),
    "match": _("how well the words fit"),
    "town": _("town, A to Z"),
    "-town": _("town, Z to A"),
    "who": _("who, A to Z"),
    "-who": _("who, Z to A"),
    "publisher": _("publisher, A to Z"),
    "-publisher": _("publisher, Z to A"),
    "state": _("state, A to Z"),
    "-state": _("state, Z to A"),
    "-added": _("read in last, first"),
    "added": _("read in first, first"),
}
ACTOR_KINDS = {
    "state": _("state"),
    "government": _("government"),
    "ministry": _("ministry"),
    "army": _("army"),
    "unit": _("unit"),
    "movement": _("movement"),
    "region": _("region"),
    "city": _("city"),
    "publisher": _("publisher"),
    "monitor": _("monitor"),
    "organisation": _("organisation"),
    "people": _("people"),
}
PROVENANCES = {"article": _("a publisher's article"), "retold": _("retold")}
ORIGINS = {"extracted": _("extraction"), "editor": _("an editor")}
YES_OR_NO = {"true": _("yes"), "false": _("no")}
WORDINGS: Mapping[str, Mapping[Any, Any]] = {
    "origin": ORIGINS,
    "extent": EXTENTS,
    "asserted_precision": PRECISIONS,
    "event_precision": PRECISIONS,
    "claimant_kind": ACTOR_KINDS,
    "provenance": PROVENANCES,
}
FLAGS = ("place_ambiguous", "no_longer_found")
VOCABULARIES: Mapping[str, Mapping[Any, Any]] = {
    "stance": STANCES,
    "predicate": SAID,
    "state": STATES,
}
# Shown without asking; the rest folds away.
FIRST = ("q", "town", "actor", "asserted_from", "asserted_to", "include_pending", "order")
MORE = (
    *("claimant", "subject", "side", "conflict", "publisher", "event_from", "event_to"),
    *("published_from", "published_to", "cue", "extractor_version", "origin", "speaker"),
    *("subject_side", "part_label", "confidence_from", "confidence_to", "no_longer_found"),
)
# Asked for by programs and links: kept when the form is sent.
KEPT = (
    *("document", "extent", "claimant_kind", "asserted_precision", "event_precision"),
    *("place_ambiguous", "provenance", "bbox", "datetime"),
    *("updated_from", "updated_to", "timestamp"),
)
BOXES = ("predicate", "stance", "state")
COLUMNS = {
    "said": _("Said"),
    "town": _("Town"),
    "who": _("Who"),
    "": _("Claim"),
    "publisher": _("Publisher"),
    "state": _("State"),
}


def _select(first: tuple[str, Any], others: Mapping[str, Any]) -> forms.Select:
    return forms.Select(choices=[first, *others.items()])


def _boxes(name: str) -> forms.CheckboxSelectMultiple:
    words = [(word, VOCABULARIES[name][word]) for word in WORDS[name]]
    return forms.CheckboxSelectMultiple(choices=words)


# What these offer depends on the database.
CONFLICT, SIDES = "conflict", ("side", "subject_side")
_WIDGETS: Mapping[str, Callable[[], forms.Widget]] = {
    **{name: partial(_boxes, name) for name in BOXES},
    "no_longer_found": lambda: _select(("", _("either")), YES_OR_NO),
    "origin": lambda: _select(("", _("anybody")), ORIGINS),
    "include_pending": lambda: _select(("", _("included")), {"false": _("left out")}),
    "order": lambda: forms.Select(choices=list(ORDER_WORDS.items())),
}


class LabelledForm(ClaimsForm):
    """The same parameters with labels, in the words that the pages use."""

    default_renderer = field_markup.Renderer()

    def __init__(self, data: QueryDict, *, only: Collection[str] | None = None) -> None:
        super().__init__(data, only=only, label_suffix="")
        for name, field in self.fields.items():
            field.label = LABELS[name]
            field.widget.attrs.setdefault("autocomplete", "off")
            if name in _WIDGETS:
                field.widget = _WIDGETS[name]()
            elif name in KEPT:
                several = isinstance(field, forms.MultipleChoiceField)
                field.widget = (forms.MultipleHiddenInput if several else forms.HiddenInput)()


class ClaimListForm(LabelledForm):
    """Has the fields that are asked for, and those whose choices are in the database. Of the
    others, most of some forty, it shows what they always look like."""

    def __init__(self, data: QueryDict) -> None:
        given = data.copy()
        given.setdefault("order", "match" if given.get("q") else "-said")
        super().__init__(given, only={*given, CONFLICT, *SIDES})
        self.conflicts = dict(conflict_choices())
        sides: dict[str, str] = dict(_SIDES.rows())
        self.fields[CONFLICT].widget = _select(("", _("all conflicts")), self.conflicts)
        for name in SIDES:
            self.fields[name].widget = _select(("", _("any side")), sides)

    @property
    def sorted_by(self) -> str:
        return str(self.asked.get("order", "-said"))

    def first(self) -> list[Markup]:
        return [self._shown(name) for name in FIRST]

    def more(self) -> list[Markup]:
        return [self._shown(name) for name in MORE]

    def kept(self) -> list[forms.BoundField]:
        return [self[name] for name in KEPT if name in self.asked]

    def boxes(self) -> list[Markup]:
        return [self._shown(name) for name in BOXES]

    @property
    def wrong_in_more(self) -> bool:
        return any(name in self.errors for name in (*MORE, *BOXES))

    def _shown(self, name: str) -> Markup:
        if name not in self.fields:
            return _not_asked_for(get_language())[name]
        return _markup(self[name])


@lru_cache
def _not_asked_for(language: str | None) -> Mapping[str, Markup]:
    """The fields as they stand where nothing is given for them, in the language in use."""
    form = LabelledForm(QueryDict())
    return {name: _markup(form[name]) for name in (*FIRST, *MORE, *BOXES)}


def _markup(shown: forms.BoundField) -> Markup:
    return (field_markup.boxes if shown.name in BOXES else field_markup.field)(shown)


_SIDES = Statement(lambda: Side.objects.order_by("name", "key").values_list("key", "name"))


@dataclass(frozen=True, slots=True)
class ListRow:
    """A claim with the first of the passages that carry it, each once. `language`: that in use."""

    claim: ListedClaim
    quotes: tuple[str, ...]
    language: str

    @property
    def label(self) -> str:
        return self.claim.label_in(self.language)

    @property
    def said_on(self) -> str:
        return said_on(self.claim, self.language)

    @property
    def about(self) -> str:
        """The day that it is about, where that is another."""
        return about(self.claim, self.language)

    @property
    def published(self) -> str:
        """The day, in the publisher's own offset."""
        return day_in_words(self.claim.published_on, language=self.language)

    @property
    def state(self) -> str:
        return state_in_words(self.claim.state, self.language)


@dataclass(frozen=True, slots=True)
class Chip:
    """One thing that is asked for, and the address that asks for all but it."""

    label: str
    value: str
    without: str


@dataclass(frozen=True, slots=True)
class Heading:
    """A column's heading. `sorted`: "ascending" or "descending", as ARIA says it, or empty;
    `href`: sorts by it, the other way round where it is sorted by it."""

    label: str
    sorted: str = ""
    href: str = ""


def claim_list(form: ClaimListForm) -> QuerySet[Claim, UUID]:
    """The ids of what is asked for, in order."""
    return asked_claims(form).values_list("id", flat=True)


def asked_claims(form: ClaimListForm) -> QuerySet[Claim]:
    """What is asked for, in order."""
    found = choose(Claim.objects.all(), {**form.asked, "order": form.sorted_by})
    if form.sorted_by == "match" and "q" not in form.asked:
        found = found.order_by(*ORDERS["-said"])
    return found


def claim_rows(ids: Iterable[UUID]) -> list[ListRow]:
    """The rows of a page: two queries. They are read after they are chosen, so that the database
    never sorts whole ones."""
    wanted, language = list(ids), get_language() or ""
    claims = listed(wanted)
    passages: dict[UUID, dict[str, None]] = {}
    for id_, quote in _PASSAGES.rows(claims=wanted):
        passages.setdefault(id_, {})[quoted(quote)] = None
    return [
        ListRow(claims[id_], tuple(passages.get(id_, ()))[:MOST_QUOTES], language)
        for id_ in wanted
        if id_ in claims
    ]


_PASSAGES = Statement(
    lambda: (
        Evidence.objects.filter(Among(F("claim"), Given("claims")))
        .order_by("start")
        .values_list("claim_id", "quote")
    )
)


def chips(form: ClaimListForm, query: QueryDict) -> list[Chip]:
    """In the order of the parameters."""
    return [
        Chip(str(LABELS[name]), words, _without(query, name, word))
        for name, value in form.asked.items()
        if name != "order"
        for word, words in _in_words(form, name, value)
    ]


def _in_words(form: ClaimListForm, name: str, value: Any) -> Iterable[tuple[str | None, str]]:
    """What was asked for in words; of several words of one vocabulary, each with its own."""
    if name in VOCABULARIES:
        return [(word, str(VOCABULARIES[name][word])) for word in value]
    if isinstance(value, date):
        return [(None, day_in_words(value))]
    if name == "include_pending":
        return [(None, gettext("included") if value else gettext("left out"))]
    if name in WORDINGS:
        words = value if isinstance(value, list) else [value]
        return [(word, str(WORDINGS[name][word])) for word in words]
    if name in FLAGS:
        return [(None, str(YES_OR_NO["true" if value else "false"]))]
    if name == "conflict":
        return [(None, form.conflicts.get(value, value))]
    if name == "document":
        document = Document.objects.select_related("publisher").defer("text").filter(pk=value)
        return [(None, str(document.first() or value))]
    return [(None, str(value))]


def _without(query: QueryDict, name: str, word: str | None = None) -> str:
    rest = query.copy()
    rest.pop("page", None)
    values = [] if word is None else [value for value in query.getlist(name) if value != word]
    rest.setlist(name, values)
    return f"?{rest.urlencode()}"


def headings(form: ClaimListForm, query: QueryDict) -> list[Heading]:
    order = form.sorted_by
    found = []
    for name, label in COLUMNS.items():
        now = {name: "ascending", f"-{name}": "descending"}.get(order, "") if name else ""
        to = f"-{name}" if now == "ascending" or (name == "said" and not now) else name
        rest = query.copy()
        rest.pop("page", None)
        rest["order"] = to
        found.append(Heading(str(label), now, f"?{rest.urlencode()}" if name else ""))
    return found
