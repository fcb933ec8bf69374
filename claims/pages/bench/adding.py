"""What the page of a claim that extraction missed shows: the passage that carries it, and the form
of its fields."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from claims.models import Claim
from claims.pages.bench.correction import CorrectionForm
from claims.pages.excerpts import Excerpt, excerpts
from claims.review.decisions import CORRECTABLE
from claims.review.editing import MOST_FOUND, Span, find_passage, trimmed
from entities.models import Conflict, Place
from sources.models import Document

MOST_PASSAGES = 20  # of one claim


class AddForm(CorrectionForm):
    """The fields of a claim that is not there yet: the form of a correction of an empty one, said
    on the day of publication."""

    def __init__(self, *args: Any, document: Document, **kwargs: Any) -> None:
        super().__init__(*args, claim=_empty(document), **kwargs)

    @property
    def values(self) -> dict[str, Any]:
        """All fields by name, as `claims.review.editing.add_claim` takes them."""
        return {name: self.cleaned_data[name] for name in CORRECTABLE if name in self.cleaned_data}

    def clean_place(self) -> Place:
        if not self.cleaned_data["place"].strip():
            raise forms.ValidationError(_("Every claim is about a town."))
        return super().clean_place()


def _empty(document: Document) -> Claim:
    """A claim that is never saved. Names of its document's conflict come first."""
    conflict = Conflict.objects.filter(slug=document.conflict_slug).first()
    return Claim(
        document=document,
        place=Place(name="", conflict=conflict),
        stance="asserts",
        predicate="captured",
        asserted_on=document.published_local.date(),
    )


@dataclass(frozen=True, slots=True)
class Find:
    """A place of the text where a pasted passage stands, in its context."""

    span: str
    excerpt: Excerpt


@dataclass(frozen=True, slots=True)
class Passages:
    """What carries a claim. `spans`: chosen, in the text's order. `finds`: where a pasted passage
    stands, if in several places; `pasted` what it was. `wrong`: why it is not understood."""

    spans: tuple[Span, ...]
    pasted: str
    finds: tuple[Find, ...]
    wrong: str

    @property
    def names(self) -> list[str]:
        """The spans as addresses and forms have them."""
        return [f"{start}-{end}" for start, end in self.spans]


def passages(document: Document, given: QueryDict) -> Passages:
    """The passages that an address or a form names: `span`s of characters ("12-45"), and one that
    was pasted as `passage`, which is taken where it stands once in the text."""
    text, pasted = document.text, given.get("passage", "")
    spans, wrong = _spans(text, given.getlist("span"))
    finds: tuple[Find, ...] = ()
    if pasted.strip():
        found = find_passage(text, pasted)
        if len(found) == 1:
            spans.add(found[0])
        elif not found:
            wrong = gettext("These words are not in the text: paste them as they stand there.")
        elif not spans & set(found):
            finds = tuple(
                Find(f"{start}-{end}", _excerpt(text, (start, end))) for start, end in found
            )
            wrong = gettext("These words stand in the text several times: choose where.")
            if len(found) == MOST_FOUND:
                wrong = gettext("These words stand in the text often: paste more of the passage.")
    elif not spans and not wrong:
        wrong = gettext("Paste the passage that carries the claim.")
    return Passages(tuple(sorted(spans)), pasted, finds, wrong)


def _spans(text: str, names: Sequence[str]) -> tuple[set[Span], str]:
    spans: set[Span] = set()
    for name in names[:MOST_PASSAGES]:
        start, dash, end = name.partition("-")
        if not (dash and start.isdecimal() and end.isdecimal() and len(name) < 25):
            return spans, gettext("These characters are not in the text.")
        try:
            spans.add(trimmed(text, (int(start), int(end))))
        except forms.ValidationError as error:
            return spans, error.messages[0]
    return spans, ""


def _excerpt(text: str, span: Span) -> Excerpt:
    (excerpt,) = excerpts(text, [span])
    return excerpt


def in_context(document: Document, spans: Iterable[Span]) -> tuple[Excerpt, ...]:
    """The passages, marked, with the text around them."""
    return excerpts(document.text, spans)
