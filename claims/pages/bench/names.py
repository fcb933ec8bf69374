"""Actors and places as they are offered for a name: with what tells namesakes apart."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from claims.names.known import Kind, Known
from claims.pages.wording import where
from entities.models import Actor, Place

KINDS: dict[str, str | Promise] = {
    "state": _("state"),
    "government": _("government"),
    "ministry": _("ministry"),
    "army": _("army"),
    "unit": _("part of an army"),
    "movement": _("armed movement"),
    "region": _("a region’s administration"),
    "city": _("a city’s administration"),
    "publisher": _("publisher"),
    "monitor": _("monitor"),
    "organisation": _("organisation"),
    "people": _("people"),
}


@dataclass(frozen=True, slots=True)
class KnownShown:
    """`name` is its usual one; `spelling` that by which it was found, where that is another."""

    id: UUID
    name: str
    spelling: str
    note: str


def known_shown(kind: Kind, known: Known[Any]) -> KnownShown:
    note = _place_note(known.row) if kind == "place" else _actor_note(known.row, known.side)
    name = str(known.row)
    return KnownShown(known.row.pk, name, known.spelling if known.spelling != name else "", note)


def _place_note(place: Place) -> str:
    """E.g. "Donetsk Oblast, Ukraine · Russo-Ukrainian war"."""
    conflict = str(place.conflict) if place.conflict else gettext("in no conflict")
    unknown = gettext("met in a text, in no gazetteer") if place.provisional else ""
    return " · ".join(filter(None, [where(place), conflict, unknown]))


def _actor_note(actor: Actor, side: str) -> str:
    """E.g. "ministry · part of Russia · side: Russia"."""
    parts = [
        str(KINDS[actor.kind]),
        gettext("part of %(name)s") % {"name": actor.parent} if actor.parent else "",
        gettext("side: %(side)s") % {"side": side} if side else gettext("on no side"),
        gettext("met in a text, in no pack") if actor.provisional else "",
    ]
    return " · ".join(filter(None, parts))
