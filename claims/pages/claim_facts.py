"""A claim's fields in words: who said what of whom and where, when, and how it was found."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from claims.derive import side_of
from claims.extraction.records import Extent, Precision
from claims.models import Claim
from claims.pages.wording import SAID, STANCES, day_in_words
from entities.models import Actor, Side

EXTENTS: dict[Extent, str | Promise] = {"whole": _("the whole town"), "part": _("a part of it")}
PRECISIONS: dict[Precision, str | Promise] = {
    "day": _("the day"),
    "week": _("the week"),
    "month": _("the month"),
    "year": _("the year"),
}


@dataclass(frozen=True, slots=True)
class Fact:
    """A field's name and value; `url` of what the value names, `note` what is known of it."""

    name: str
    value: str
    note: str = ""
    url: str = ""


def facts(claim: Claim, sides: Mapping[str, Side]) -> tuple[Fact, ...]:
    """The codebook's fields, in its order. `sides`: the town's, by key."""
    return (*_who(claim, sides), *_what(claim, sides), *_when(claim), *_found(claim))


def _who(claim: Claim, sides: Mapping[str, Side]) -> Iterator[Fact]:
    if claim.claimant is None:
        told = gettext("the publisher in its own voice, on no side")
        yield Fact(gettext("Claimant"), str(claim.document.publisher), told)
    else:
        yield _actor(gettext("Claimant"), claim.claimant, claim, sides)
    if claim.speaker:
        yield Fact(gettext("Speaker"), claim.speaker)


def _what(claim: Claim, sides: Mapping[str, Side]) -> Iterator[Fact]:
    yield Fact(gettext("Stance"), capfirst(str(STANCES[claim.stance])))
    yield Fact(gettext("Predicate"), capfirst(str(SAID[claim.predicate])))
    if claim.subject is not None:
        yield _actor(gettext("Subject"), claim.subject, claim, sides)
    ambiguous = gettext("another place of this name may be meant") if claim.place_ambiguous else ""
    yield Fact(gettext("Town"), str(claim.place), ambiguous, claim.place.get_absolute_url())
    label = claim.part_label and gettext("part: %(label)s") % {"label": claim.part_label}
    written = claim.part_words and f"“{claim.part_words}”"
    note = " · ".join(filter(None, [label, written]))
    yield Fact(gettext("Extent"), capfirst(str(EXTENTS[claim.extent])), note)


def _when(claim: Claim) -> Iterator[Fact]:
    said = day_in_words(claim.asserted_on, claim.asserted_precision)
    yield Fact(gettext("Said on"), said, _precise_to(claim.asserted_precision))
    if claim.event_date is not None and claim.event_precision:
        day = day_in_words(claim.event_date, claim.event_precision)
        yield Fact(gettext("About"), day, _precise_to(claim.event_precision))


def _found(claim: Claim) -> Iterator[Fact]:
    if claim.origin == Claim.Origin.EDITOR:
        yield Fact(gettext("Found"), gettext("by an editor"))
        return
    share = gettext("confidence %(share)s %%") % {"share": round(claim.confidence * 100)}
    told = gettext("by extraction %(version)s") % {"version": claim.extractor_version}
    yield Fact(gettext("Found"), told, share)


def _actor(name: str, actor: Actor, claim: Claim, sides: Mapping[str, Side]) -> Fact:
    key = side_of(actor, claim.place, claim.asserted_on)
    if key is None:
        note = gettext("on no side")
    else:
        side = sides[key].name if key in sides else key
        note = gettext("side: %(side)s") % {"side": side}
    return Fact(name, str(actor), note)


def _precise_to(precision: Precision) -> str:
    return gettext("precise to %(precision)s") % {"precision": PRECISIONS[precision]}
