"""Which claims are asked for: the parameters that pages, the API and exports share.

Each value is what an address may hold; `choose` turns all of them into rows. What is not
understood is an error of its field, and left out of `asked`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any, get_args
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from claims.extraction.records import Extent, Precision, Predicate, Stance
from claims.feed import updated
from claims.models import Claim, Evidence
from claims.own_sides import on_own_side
from claims.searching import understand
from claims.where_and_when import FIRST_DAY, LAST_DAY, Box, Span, read_box, read_span
from entities.folding import fold
from entities.lexicon import ActorKind
from entities.models import Actor, ActorName, Allegiance, Conflict, Place, PlaceName
from sources.models import Document

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

VERIFIED = "verified"  # accepted or corrected, among the states
LONGEST = 200  # characters of words or a name
RFC_3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?(Z|[+-]\d\d:\d\d)", re.ASCII)
LATEST_SECOND = 253_402_300_799  # the end of the year 9999
ORDERS: dict[str, tuple[str, ...]] = {
    "-said": ("-asserted_on", "-id"),
    "said": ("asserted_on", "id"),
    "town": ("place__name", "-asserted_on", "-id"),
    "-town": ("-place__name", "-asserted_on", "-id"),
    "who": ("claimant__name", "-asserted_on", "-id"),
    "-who": ("-claimant__name", "-asserted_on", "-id"),
    "publisher": ("document__publisher__name", "-asserted_on", "-id"),
    "-publisher": ("-document__publisher__name", "-asserted_on", "-id"),
    "state": ("state", "-asserted_on", "-id"),
    "-state": ("-state", "-asserted_on", "-id"),
    "added": ("id",),
    "-added": ("-id",),
    "match": (),
}
WORDS: dict[str, tuple[str, ...]] = {
    "stance": get_args(Stance),
    "predicate": get_args(Predicate),
    "state": (*Claim.State.values, VERIFIED),
    "extent": get_args(Extent),
    "asserted_precision": get_args(Precision),
    "event_precision": get_args(Precision),
    "claimant_kind": get_args(ActorKind),
}
_YES, _NO = ("true", "True", "1", "on", "yes"), ("false", "False", "0", "off", "no")
_NOT_A_DAY = _("not a day (YYYY-MM-DD).")
_NOT_A_CHOICE = _('"%(value)s" is not a valid choice.')


def _day(help_text: StrOrPromise) -> forms.DateField:
    return forms.DateField(
        required=False,
        input_formats=["%Y-%m-%d"],
        help_text=help_text,
        error_messages={"invalid": _NOT_A_DAY},
        validators=[
            MinValueValidator(FIRST_DAY, _NOT_A_DAY),
            MaxValueValidator(LAST_DAY, _NOT_A_DAY),
        ],
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )


class InstantField(forms.CharField):
    """A time by RFC 3339, with its offset."""

    def __init__(self, help_text: StrOrPromise) -> None:
        super().__init__(required=False, max_length=LONGEST, help_text=help_text)

    def clean(self, value: Any) -> datetime | None:
        typed = super().clean(value)
        if not typed:
            return None
        try:
            if RFC_3339.fullmatch(typed):
                return datetime.fromisoformat(typed).astimezone(UTC)
        except (ValueError, OverflowError):
            pass  # no such day or hour
        raise ValidationError(_("not a time by RFC 3339 (2023-01-11T18:00:00Z)."))


def _text(help_text: StrOrPromise) -> forms.CharField:
    return forms.CharField(required=False, max_length=LONGEST, help_text=help_text)


def _slug(help_text: StrOrPromise) -> forms.SlugField:
    return forms.SlugField(required=False, max_length=LONGEST, help_text=help_text)


def _share(help_text: StrOrPromise) -> forms.FloatField:
    return forms.FloatField(required=False, min_value=0, max_value=1, help_text=help_text)


def _choice(words: Iterable[str], help_text: StrOrPromise) -> forms.ChoiceField:
    return forms.ChoiceField(
        required=False,
        choices=[(word, word) for word in words],
        help_text=help_text,
        error_messages={"invalid_choice": _NOT_A_CHOICE},
    )


def _flag(help_text: StrOrPromise) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        required=False,
        choices=[(word, word) for word in (*_YES, *_NO)],
        coerce=lambda word: word in _YES,
        empty_value=None,
        help_text=help_text,
        error_messages={"invalid_choice": _("must be true or false.")},
    )


def _several(words: tuple[str, ...], help_text: StrOrPromise = "") -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        required=False,
        choices=[(word, word) for word in words],
        help_text=help_text,
        error_messages={"invalid_choice": _NOT_A_CHOICE},
    )


@dataclass(frozen=True, slots=True)
class Called:
    """Those that an id, a key or a name means. Several towns may share a name."""

    ids: frozenset[UUID]
    name: str

    def __str__(self) -> str:
        return self.name


Find = Callable[[str], dict[UUID, str]]
_NOBODY = _("Nobody is called “%(name)s”.")


class ClaimsForm(forms.Form):
    """All of its fields are optional, and each has its help for programs. `only`: it has these
    fields alone, which takes a tenth of the time where few are given."""

    q = _text(_("Words in quotations, speakers and names, as in a search engine."))
    town = _text(_("A town's id, short id, key or name, in any spelling."))
    document = forms.UUIDField(
        required=False,
        help_text=_("A document's id."),
        error_messages={"invalid": _("Must be a valid UUID.")},
    )
    conflict = _slug(_("A conflict's short name."))
    actor = _text(_("An actor's short name or any name: it makes the claim or is its subject."))
    claimant = _text(_("An actor's short name or any name: it makes the claim."))
    subject = _text(_("An actor's short name or any name: the claim is about it."))
    side = _slug(_("The claimant's side in the town's conflict on the day."))
    stance = _several(WORDS["stance"])
    predicate = _several(WORDS["predicate"])
    state = _several(
        WORDS["state"],
        _("By default those that stand: pending, accepted and corrected."),
    )
    include_pending = _flag(_("false leaves out claims that no editor has verified yet."))
    extent = _several(WORDS["extent"], _("Whether it is about the whole town or a part of it."))
    part_label = _text(_("The part that it is about, as labelled: north, centre, most …"))
    speaker = _text(_("Words of the speaker's name or description."))
    claimant_kind = _several(
        WORDS["claimant_kind"],
        _("What the claimant is; publishers' own statements are by publishers."),
    )
    subject_side = _slug(_("The subject's side in the town's conflict on the day."))
    asserted_from = _day(_("First day on which it was said."))
    asserted_to = _day(_("Last day on which it was said."))
    event_from = _day(_("First day that it is about, where it gives one."))
    event_to = _day(_("Last day that it is about, where it gives one."))
    published_from = _day(_("First day of publication (UTC)."))
    published_to = _day(_("Last day of publication (UTC)."))
    publisher = _text(_("A publisher's name."))
    cue = _text(_("The words that told what is said, as evidence has them."))
    extractor_version = _text(_("The version of the extractor that found it."))
    origin = _choice(Claim.Origin.values, _("Whether it was extracted, or added by an editor."))
    asserted_precision = _several(
        WORDS["asserted_precision"], _("How exactly the day is known on which it was said.")
    )
    event_precision = _several(
        WORDS["event_precision"], _("How exactly the day is known that it is about.")
    )
    confidence_from = _share(_("The least confidence of the extractor, from 0 to 1."))
    confidence_to = _share(_("The greatest confidence of the extractor, from 0 to 1."))
    place_ambiguous = _flag(_("Whether more than one known place fits its words."))
    no_longer_found = _flag(
        _("Whether the latest extraction no longer finds it, though an editor decided on it.")
    )
    provenance = _choice(
        Document.Provenance.values,
        _("Whether its document is a publisher's article, or retold from the public record."),
    )
    bbox = _text(_("A box in degrees, west,south,east,north: its town's coordinates are in it."))
    datetime = _text(
        _(
            "When it was said: a day or a time, or an interval of them, open where two dots stand "
            "(2023-01-10/2023-01-12, ../2023-01-12). A week, a month or a year that it meets "
            "counts."
        )
    )
    updated_from = InstantField(_("It last changed at this time or later (RFC 3339)."))
    updated_to = InstantField(_("It last changed at this time or earlier (RFC 3339)."))
    timestamp = forms.IntegerField(
        required=False,
        min_value=0,
        max_value=LATEST_SECOND,
        help_text=_("It last changed in this second or later (Unix time)."),
    )
    order = forms.ChoiceField(
        required=False,
        choices=[(word, word) for word in ORDERS],
        error_messages={"invalid_choice": _NOT_A_CHOICE},
    )

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        only: Collection[str] | None = None,
        **kwargs: Any,
    ) -> None:
        if only is not None:  # what a form begins with is a copy of each of these
            fields = {name: field for name, field in self.base_fields.items() if name in only}
            self.base_fields = fields  # type: ignore[misc]  # of this form, not of all
        super().__init__(data, **kwargs)

    def clean_town(self) -> Called | None:
        return _called(self.cleaned_data["town"], _places, _("No place is called “%(name)s”."))

    def clean_actor(self) -> Called | None:
        return _called(self.cleaned_data["actor"], _actors, _NOBODY)

    def clean_claimant(self) -> Called | None:
        return _called(self.cleaned_data["claimant"], _actors, _NOBODY)

    def clean_subject(self) -> Called | None:
        return _called(self.cleaned_data["subject"], _actors, _NOBODY)

    def clean_bbox(self) -> Box | None:
        typed = self.cleaned_data["bbox"]
        return read_box(typed) if typed else None

    def clean_datetime(self) -> Span | None:
        typed = self.cleaned_data["datetime"]
        return read_span(typed) if typed else None

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        for what in ("asserted", "event", "published", "updated", "confidence"):
            first, last = given.get(f"{what}_from"), given.get(f"{what}_to")
            if first is not None and last is not None and last < first:
                self.add_error(f"{what}_to", _("The range must not end before it starts."))
                del given[f"{what}_from"]
        return given

    @cached_property
    def asked(self) -> dict[str, Any]:
        """What was understood, by parameter; those not given are left out."""
        self.is_valid()
        return {
            name: value for name, value in self.cleaned_data.items() if value not in (None, "", [])
        }


def choose(
    rows: QuerySet[Claim], asked: Mapping[str, Any], *, in_any_state: bool = False
) -> QuerySet[Claim]:
    """What of the claims is asked for (`ClaimsForm.asked`), in the order that is asked for, if
    any is. `in_any_state`: whatever is asked of their states."""
    if not in_any_state:
        rows = rows.filter(state__in=_states(asked))
    rows = rows.filter(**_lookups(asked))
    if conflict := asked.get("conflict"):
        # By its id: of a name the planner expects few towns, and read the claims of each (54 ms).
        rows = rows.filter(place__conflict=Conflict.objects.filter(slug=conflict).values("id")[:1])
    if actor := asked.get("actor"):
        rows = rows.filter(Q(claimant__in=actor.ids) | Q(subject__in=actor.ids))
    if cue := asked.get("cue"):
        rows = rows.filter(Exists(Evidence.objects.filter(claim=OuterRef("pk"), cue__iexact=cue)))
    if side := asked.get("side"):
        rows = rows.filter(Exists(_on_side(side)) | on_own_side(side))
    if side := asked.get("subject_side"):
        rows = rows.filter(Exists(_on_side(side, "subject")) | on_own_side(side, "subject"))
    if kinds := asked.get("claimant_kind"):
        own = Q(claimant__isnull=True) if "publisher" in kinds else Q()
        rows = rows.filter(Q(claimant__kind__in=kinds) | own)
    if box := asked.get("bbox"):
        rows = rows.filter(box.within("place__"))
    rows = updated(rows, first=_since(asked), last=asked.get("updated_to"))
    if span := asked.get("datetime"):
        rows = rows.filter(span.of_day("asserted_on", "asserted_precision"))
    search = understand(asked["q"]) if "q" in asked else None
    if search is not None:
        rows = search.claims(rows)
    order = asked.get("order")
    if search is not None and order == "match":
        return search.ranked(rows)
    return rows.order_by(*ORDERS[order]) if order and ORDERS[order] else rows


def _states(asked: Mapping[str, Any]) -> list[str]:
    words = asked.get("state") or [VERIFIED, Claim.State.PENDING]
    states = {word for word in words if word != VERIFIED}
    if VERIFIED in words:
        states.update(Claim.VERIFIED)
    if asked.get("include_pending") is False:
        states.discard(Claim.State.PENDING)
    return sorted(states)


_IDS = {"town": "place__in", "claimant": "claimant__in", "subject": "subject__in"}
_PLAIN = {
    "document": "document",
    "stance": "stance__in",
    "predicate": "predicate__in",
    "asserted_from": "asserted_on__gte",
    "asserted_to": "asserted_on__lte",
    "event_from": "event_date__gte",
    "event_to": "event_date__lte",
    "publisher": "document__publisher__name__iexact",
    "extractor_version": "extractor_version",
    "origin": "origin",
    "extent": "extent__in",
    "part_label": "part_label__iexact",
    "speaker": "speaker__icontains",
    "asserted_precision": "asserted_precision__in",
    "event_precision": "event_precision__in",
    "confidence_from": "confidence__gte",
    "confidence_to": "confidence__lte",
    "place_ambiguous": "place_ambiguous",
    "no_longer_found": "no_longer_found",
    "provenance": "document__provenance",
}


def _lookups(asked: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {
        lookup: asked[name].ids for name, lookup in _IDS.items() if name in asked
    }
    found |= {lookup: asked[name] for name, lookup in _PLAIN.items() if name in asked}
    if "published_from" in asked:
        found["document__published__gte"] = _midnight(asked["published_from"])
    if "published_to" in asked:
        found["document__published__lt"] = _midnight(asked["published_to"] + timedelta(days=1))
    return found


def _since(asked: Mapping[str, Any]) -> datetime | None:
    """The later of the two ways to say from when on."""
    since = [asked["updated_from"]] if "updated_from" in asked else []
    if "timestamp" in asked:
        since.append(datetime.fromtimestamp(asked["timestamp"], UTC))
    return max(since, default=None)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def _on_side(side: str, who: str = "claimant") -> QuerySet[Allegiance]:
    """Allegiances of the outer claim's claimant or subject to `side` on the day of the claim."""
    day = OuterRef("asserted_on")
    return Allegiance.objects.filter(
        Q(since__isnull=True) | Q(since__lte=day),
        Q(until__isnull=True) | Q(until__gte=day),
        actor=OuterRef(who),
        side__key=side,
        side__conflict=OuterRef("place__conflict"),
    )


def _called(typed: str, find: Find, message: StrOrPromise) -> Called | None:
    """Whose id, key or name it is. An id that nothing has finds nothing; a name that nothing
    has was not understood."""
    if not typed:
        return None
    try:
        id_ = UUID(typed)
    except ValueError:
        found = find(typed)
        if not found:
            raise ValidationError(message, params={"name": typed}) from None
        return Called(frozenset(found), " / ".join(dict.fromkeys(found.values())))
    return Called(frozenset({id_}), typed)


def _places(typed: str) -> dict[UUID, str]:
    """By key or short id, else by name those that have claims, else all of that name."""
    exact = Place.objects.filter(Q(key=typed) | Q(short_id=typed))
    if found := dict(exact.values_list("id", "name")):
        return found
    names = PlaceName.objects.filter(place=OuterRef("pk"), folded=fold(typed))
    claims = Claim.objects.filter(place=OuterRef("pk"))
    named = Place.objects.filter(Exists(names)).annotate(claimed=Exists(claims)).order_by("name")
    rows = list(named.values_list("id", "name", "claimed"))
    claimed = [row for row in rows if row[2]]
    return {id_: name for id_, name, _ in claimed or rows}


def _actors(typed: str) -> dict[UUID, str]:
    """By short name (slug), else by any name."""
    if found := dict(Actor.objects.filter(slug=typed).values_list("id", "name")):
        return found
    names = ActorName.objects.filter(actor=OuterRef("pk"), folded=fold(typed))
    return dict(Actor.objects.filter(Exists(names)).order_by("name").values_list("id", "name"))
