"""The form of a correction: every field of a claim as an editor types it, checked in the codebook's
terms, with the message at the field that it concerns."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from claims.extraction.records import Precision
from claims.models import Claim
from claims.names.known import Kind, Known, begin_with, meant
from claims.pages.bench.days import LONGEST, Day, first_day, last_day, read_day
from claims.pages.claim_facts import EXTENTS, PRECISIONS
from claims.pages.wording import SAID, STANCES, day_in_words
from claims.review.decisions import CORRECTABLE
from entities.models import Actor, Place

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

NAMES: dict[str, Kind] = {"place": "place", "claimant": "actor", "subject": "actor"}
DAYS = {"asserted_on": "asserted_precision", "event_date": "event_precision"}
PART_LABELS = (
    *("north", "northeast", "east", "southeast", "south", "southwest", "west", "northwest"),
    *("centre", "outskirts", "most"),
)
_NOT_CALLED: dict[Kind, StrOrPromise] = {
    "place": _("No place is called “%(name)s”."),
    "actor": _("Nobody is called “%(name)s”."),
}
_SEVERAL = _("“%(name)s” may mean any of these:")
_NO_DAY = _(
    "“%(words)s” is not understood as a day. Try “11 January”, “last Friday” or “January 2023”."
)
_TOO_LATE = _("That is %(day)s, after the publication on %(published)s.")


def _words(label: StrOrPromise, longest: int, **attrs: str) -> forms.CharField:
    widget = forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", **attrs})
    return forms.CharField(label=label, max_length=longest, required=False, widget=widget)


def _choice(label: StrOrPromise, words: dict[Any, Any], **attrs: str) -> forms.ChoiceField:
    widget = forms.Select(attrs=attrs)
    return forms.ChoiceField(label=label, choices=list(words.items()), widget=widget)


def _hidden() -> forms.CharField:
    return forms.CharField(required=False, max_length=200, widget=forms.HiddenInput)


class CorrectionForm(forms.Form):
    """What `claim` should say. Names are typed in any spelling, days in words.

    With a name may come the id of what was chosen for it (`place_id`), which counts as long as
    the name is still the one that it was chosen for (`place_for`). Of a name that is unknown, or
    that several bear, `candidates` holds the choices, by field. A precision left empty is the one
    that the words have.
    """

    claimant = _words(_("Claimant"), 200)
    speaker = _words(_("Speaker"), 200)
    stance = _choice(_("Stance"), STANCES)
    predicate = _choice(_("Predicate"), SAID)
    subject = _words(_("Subject"), 200)
    place = _words(_("Town"), 200)
    extent = _choice(_("Extent"), EXTENTS)
    part_words = _words(_("Part, as written"), 200)
    part_label = _words(_("Part"), 100, list="part-labels")
    asserted_on = _words(_("Said on"), LONGEST)
    asserted_precision = forms.ChoiceField(label=_("Said on, precise to"), required=False)
    event_date = _words(_("About"), LONGEST)
    event_precision = forms.ChoiceField(label=_("About, precise to"), required=False)
    reason = _words(_("Why, if it needs saying"), 500)
    claimant_id, subject_id, place_id = _hidden(), _hidden(), _hidden()
    claimant_for, subject_for, place_for = _hidden(), _hidden(), _hidden()

    def __init__(self, *args: Any, claim: Claim, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", "initial": as_typed(claim), **kwargs})
        self.claim = claim
        self.published = claim.document.published_local
        self.candidates: dict[str, list[Known[Any]]] = {}
        precisions = [("", _("as the words say")), *PRECISIONS.items()]
        for name in DAYS.values():
            self.fields[name] = forms.ChoiceField(
                label=self.fields[name].label, choices=precisions, required=False
            )
        self.fields["claimant"].widget.attrs["placeholder"] = str(claim.document.publisher)
        for name, kind in NAMES.items():
            self.fields[name].widget.attrs["data-names"] = kind

    @property
    def values(self) -> dict[str, Any]:
        """The fields that differ from the claim's, by name: rows, dates and words, as
        `claims.review.decisions.decide` takes them."""
        given = self.cleaned_data
        return {
            name: given[name]
            for name in CORRECTABLE
            if name in given and given[name] != getattr(self.claim, name)
        }

    @property
    def day_words(self) -> dict[str, str]:
        """The days as they were understood, in words, by field; those that were not, left out."""
        given = self.cleaned_data
        return {
            name: day_in_words(given[name], given[precision])
            for name, precision in DAYS.items()
            if given.get(name)
        }

    def clean_place(self) -> Place:
        place: Place | None = self._called("place")
        if place is None:
            raise forms.ValidationError(_("Every claim is about a town."))
        return place

    def clean_claimant(self) -> Actor | None:
        return self._called("claimant")

    def clean_subject(self) -> Actor | None:
        return self._called("subject")

    def _called(self, field: str) -> Any:
        """The row that a name means; None for no name. Raises ValidationError where it means
        none, or one of several."""
        typed = " ".join(self.cleaned_data[field].split())
        chosen, chosen_for = (
            self.data.get(self.add_prefix(f"{field}_{what}"), "") for what in ("id", "for")
        )
        if chosen and chosen_for == typed and (row := self._row(field, chosen)):
            return row
        if typed == self.initial[field]:
            return getattr(self.claim, field)
        if not typed:
            return None
        kind, conflict = NAMES[field], self.claim.place.conflict_id
        found = meant(kind, typed, conflict=conflict)
        if len(found) == 1:
            return found[0].row
        self.candidates[field] = found or begin_with(kind, typed, conflict=conflict)
        raise forms.ValidationError((_SEVERAL if found else _NOT_CALLED[kind]) % {"name": typed})

    def _row(self, field: str, id_: str) -> Actor | Place | None:
        model = Place if NAMES[field] == "place" else Actor
        try:
            return model._default_manager.filter(pk=id_).first()
        except (ValueError, forms.ValidationError):  # not an id
            return None

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        for name, precision in DAYS.items():
            if name in given:
                given[name], given[precision] = self._day(name, precision) or (None, "")
        if not given.get("asserted_on") and not self.has_error("asserted_on"):
            self.add_error("asserted_on", _("Every claim was said at some time."))
        self._follow_the_codebook(given)
        if not self.errors and not self.values:
            self.add_error(None, _("Nothing is changed: accept the claim instead."))
        return given

    def _day(self, name: str, precision: str) -> Day | None:
        words, exact = self.cleaned_data[name].strip(), self.cleaned_data.get(precision)
        if not words:
            return None
        found: Day | None
        if words == self.initial[name]:
            found = getattr(self.claim, name), getattr(self.claim, precision)
        else:
            found = read_day(words, self.published)
        if found is None:
            self.add_error(name, _NO_DAY % {"words": words})
            return None
        day: date = first_day(found[0], exact) if exact else found[0]
        as_precise: Precision = exact or found[1]
        published = self.published.date()
        if day > published and words != self.initial[name]:
            told = {"day": day_in_words(day, as_precise), "published": day_in_words(published)}
            self.add_error(name, _TOO_LATE % told)
            return None
        return day, as_precise

    def _follow_the_codebook(self, given: dict[str, Any]) -> None:
        if given.get("predicate") == "fighting" and given.get("subject"):
            self.add_error("subject", _("Fighting has no subject: leave it empty."))
        if given.get("extent") == "whole":
            for name in ("part_words", "part_label"):
                if given.get(name):
                    self.add_error(
                        name, _("The whole town has no part: choose a part of it, or empty this.")
                    )
        event, said = given.get("event_date"), given.get("asserted_on")
        if event and given.get("stance") in ("denies", "unconfirmed"):
            message = _("Only what is asserted has a day that it is about: leave this empty.")
            self.add_error("event_date", message)
        elif event and said and event > last_day(said, given["asserted_precision"]):
            message = _("It is about a time before it was said: that is after %(said)s.")
            told = day_in_words(said, given["asserted_precision"])
            self.add_error("event_date", message % {"said": told})


def as_typed(claim: Claim) -> dict[str, str]:
    """The claim's fields as an editor would type them."""
    event = claim.event_date
    return {
        "claimant": str(claim.claimant or ""),
        "speaker": claim.speaker,
        "stance": claim.stance,
        "predicate": claim.predicate,
        "subject": str(claim.subject or ""),
        "place": str(claim.place),
        "extent": claim.extent,
        "part_words": claim.part_words,
        "part_label": claim.part_label,
        "asserted_on": day_in_words(claim.asserted_on, claim.asserted_precision),
        "event_date": day_in_words(event, claim.event_precision) if event else "",
    }
