"""Statuses, rules, stances and days in plain words."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from functools import lru_cache
from typing import Protocol

from django.utils.dateformat import format as format_date
from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext, ngettext
from django.utils.translation import gettext_lazy as _

from claims.drawing.scale import Unit
from claims.extraction.records import Predicate, Stance
from claims.listed_claims import ListedClaim
from claims.models import Claim
from claims.status.records import Status
from claims.town_claims import TownClaim
from entities.countries import country_name

AnyClaim = Claim | TownClaim
Said = AnyClaim | ListedClaim
STATUS_HELP: dict[Status, str | Promise] = {
    "controlled": _("one side has conceded the town, and only one other is said to hold it"),
    "claimed": _("one side says it has the town, and nobody has answered"),
    "contested": _("one side says it has the town, and another denies it or says otherwise"),
    "fought-over": _("fighting is reported, and no capture stands unanswered"),
    "unknown": _("nothing that stands says who has the town"),
}
RULES: dict[int, str | Promise] = {
    1: _(
        "An official voice of one side said, against its own side’s interest, that the town is"
        " lost, and exactly one other side is said by anybody to control it."
    ),
    2: _(
        "One side is said to control the town, and since then somebody else has denied it, has"
        " claimed it for another side, or has told of attacks or, against a capture, of fighting."
    ),
    3: _(
        "Fighting or an attack is reported that has not been overtaken, and no capture stands"
        " against it without a counter-attack."
    ),
    4: _("One side is said to control the town, and nobody has contradicted it since."),
    5: _("No word that still stands says who controls the town, or that it is fought over."),
}
STATUS_WORDS: dict[Status, str | Promise] = {
    "controlled": _("controlled"),
    "claimed": _("claimed"),
    "contested": _("contested"),
    "fought-over": _("fought-over"),
    "unknown": _("unknown"),
}
SAID: dict[Predicate, str | Promise] = {
    "captured": _("captured"),
    "holds": _("holds"),
    "advancing": _("advancing"),
    "encircled": _("encircled"),
    "fighting": _("fighting"),
    "withdrew": _("withdrew"),
}
STANCES: dict[Stance, str | Promise] = {
    "asserts": _("asserts"),
    "denies": _("denies"),
    "unconfirmed": _("unconfirmed"),
}
STATES: dict[str, str | Promise] = {
    "pending": _("pending"),
    "accepted": _("accepted"),
    "corrected": _("corrected"),
    "rejected": _("rejected"),
    "unverifiable": _("unverifiable"),
    "superseded": _("superseded"),
    "verified": _("verified"),
}
RUN_STATES: dict[str, str | Promise] = {
    "waiting": _("waiting"),
    "running": _("running"),
    "done": _("done"),
    "failed": _("failed"),
    "set aside": _("set aside"),
}
# How texts are brought in.
WAYS: dict[str, str | Promise] = {
    "pasted": _("pasted"),
    "files": _("as files"),
    "address": _("by address"),
    "api": _("by a program"),
}
# What pages count, by the English singular.
COUNTED: dict[str, Callable[[int], str]] = {
    "actor": lambda n: ngettext("%(number)s actor", "%(number)s actors", n),
    "article": lambda n: ngettext("%(number)s article", "%(number)s articles", n),
    "claim": lambda n: ngettext("%(number)s claim", "%(number)s claims", n),
    "claimant": lambda n: ngettext("%(number)s claimant", "%(number)s claimants", n),
    "day": lambda n: ngettext("%(number)s day", "%(number)s days", n),
    "deciding claim": lambda n: ngettext(
        "%(number)s deciding claim", "%(number)s deciding claims", n
    ),
    "document": lambda n: ngettext("%(number)s document", "%(number)s documents", n),
    "publisher": lambda n: ngettext("%(number)s publisher", "%(number)s publishers", n),
    "row": lambda n: ngettext("%(number)s row", "%(number)s rows", n),
    "speaker": lambda n: ngettext("%(number)s speaker", "%(number)s speakers", n),
    "statement": lambda n: ngettext("%(number)s statement", "%(number)s statements", n),
    "town": lambda n: ngettext("%(number)s town", "%(number)s towns", n),
}


class HasRegion(Protocol):
    """What `Place` and what lists tell of one share."""

    @property
    def admin1(self) -> str: ...
    @property
    def country(self) -> str: ...


class HasStatus(Protocol):
    """What `claims.status.records.Interval` and `claims.models.StatusInterval` share."""

    @property
    def status(self) -> Status: ...
    @property
    def by_own_word(self) -> bool: ...
    @property
    def sides(self) -> Sequence[str]: ...


def _in_use(language: str | None) -> str:
    """To find it out takes longer than the words: whoever tells hundreds of things does so once."""
    return get_language() or "" if language is None else language


def in_words(interval: HasStatus, names: Mapping[str, str], language: str | None = None) -> str:
    """E.g. "controlled by Russia", "fought-over, held by Ukraine", "contested". `names`: the
    sides' names by key; a party that is no side goes by its key. `language`: that in use."""
    first = names.get(interval.sides[0], interval.sides[0]) if interval.sides else None
    return _in_words(interval.status, first, interval.by_own_word, _in_use(language))


@lru_cache(maxsize=1024)
def _in_words(status: Status, side: str | None, by_own_word: bool, language: str) -> str:
    if side is None or status in ("contested", "unknown"):
        return str(STATUS_WORDS[status])
    who = {"side": side}
    if status == "claimed" and by_own_word:
        return gettext("held by %(side)s, by its own word") % who
    if status == "controlled":
        return gettext("controlled by %(side)s") % who
    if status == "claimed":
        return gettext("claimed by %(side)s") % who
    return gettext("fought-over, held by %(side)s") % who


def claim_in_short(claim: Said, language: str | None = None) -> str:
    """What a claimant said, in a word or two, e.g. "captured", "denied", "fighting"."""
    return in_short(claim.stance, claim.predicate, language)


def in_short(stance: Stance, predicate: Predicate, language: str | None = None) -> str:
    """The same of a claim of this kind."""
    return _in_short(stance, predicate, _in_use(language))


@lru_cache(maxsize=256)
def _in_short(stance: Stance, predicate: Predicate, language: str) -> str:
    if stance == "unconfirmed":
        return gettext("not confirmed")
    if stance == "denies" and predicate == "captured":
        return gettext("denied")
    if stance == "denies":
        return gettext("denied: %(what)s") % {"what": SAID[predicate]}
    return str(SAID[predicate])


def state_in_words(state: str, language: str | None = None) -> str:
    """A claim's state in the reader's language."""
    return _state_in_words(state, _in_use(language))


@lru_cache(maxsize=64)
def _state_in_words(state: str, language: str) -> str:
    return str(STATES[state])


def day_in_words(day: date, precision: str = "day", language: str | None = None) -> str:
    """E.g. "11 January 2023", "week of 9 January 2023", "January 2023", "2023". `language`: that
    in use."""
    return _day_in_words(day, precision, _in_use(language))


@lru_cache(maxsize=4096)  # the same days come again and again on a page
def _day_in_words(day: date, precision: str, language: str) -> str:
    if precision == "year":
        return f"{day.year}"
    if precision == "month":
        return format_date(day, "F Y")
    if precision == "week":
        monday = day - timedelta(days=day.weekday())
        return gettext("week of %(day)s") % {"day": format_date(monday, "j E Y")}
    return format_date(day, "j E Y")


def tick_label(day: date, unit: Unit) -> str:
    """E.g. "9 Jan", "Jan", "2023", under a time scale."""
    return format_date(day, {"day": "j M", "month": "M", "year": "Y"}[unit])


def where(place: HasRegion) -> str:
    """The place's region and country, as far as known."""
    country = country_name(place.country) or place.country
    return ", ".join(filter(None, [place.admin1, country]))


def said_on(claim: Said, language: str | None = None) -> str:
    return day_in_words(claim.asserted_on, claim.asserted_precision, language)


def about(claim: Said, language: str | None = None) -> str:
    """The day that the claim is about, where it is another than that on which it was said."""
    if claim.event_date is None:
        return ""
    words = day_in_words(claim.event_date, claim.event_precision, language)
    return "" if words == said_on(claim, language) else words


def count(number: int, one: str, language: str | None = None) -> str:
    """E.g. "1 claim", "12 claims": a number of one of `COUNTED`, by its English singular.
    `language`: that in use."""
    return _count(number, one, _in_use(language))


@lru_cache(maxsize=2048)
def _count(number: int, one: str, language: str) -> str:
    return COUNTED[one](number) % {"number": number_format(number, force_grouping=True)}
