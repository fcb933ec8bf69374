"""How captures are told in the terms of ACLED, the Armed Conflict Location & Event Data project
(https://acleddata.com): who is what kind of actor, and which kind of event a capture is."""

from __future__ import annotations

from functools import lru_cache

from claims.extraction.records import Precision
from entities.countries import countries
from entities.models import Actor

STATE = "State forces"
FOREIGN = "External/Other forces"
REBELS = "Rebel group"
CIVILIANS = "Civilians"

VIOLENCE, DEVELOPMENTS = "Political violence", "Strategic developments"
BATTLES = "Battles"
REGAINED = "Government regains territory"
OVERTAKEN = "Non-state actor overtakes territory"
TRANSFER = "Non-violent transfer of territory"

# ACLED knows no date that is vaguer than a month.
TIME_PRECISION: dict[Precision, int | None] = {"day": 1, "week": 2, "month": 3, "year": None}
_SERVING = ("army", "government", "ministry", "unit", "region", "city")


@lru_cache(maxsize=1)
def _codes() -> dict[str, str]:
    """Countries' codes by any of their names."""
    return {
        name: country.code for country in countries() for name in (country.name, *country.names)
    }


def country_of(state: str) -> str:
    """The code of the country that a state's name names; empty for none."""
    return _codes().get(state, "")


def kind_of(actor: Actor | None, country: str) -> str:
    """What ACLED calls an actor's kind in a town of this country (ISO 3166-1 alpha-2). Only a
    country's own forces are state forces there, a foreign state's are external ones."""
    state = actor
    while state is not None and state.kind != "state":
        state = state.parent
    if state is not None:
        return STATE if country_of(state.name) == country else FOREIGN
    if actor is None:
        return ""
    if actor.kind == "movement":
        return REBELS
    if actor.kind == "people":
        return CIVILIANS
    return STATE if actor.kind in _SERVING else FOREIGN


def event_of(kind: str, *, violent: bool) -> tuple[str, str, str]:
    """Disorder type, event type and sub-event type of a capture by an actor of this kind."""
    if not violent:
        return DEVELOPMENTS, DEVELOPMENTS, TRANSFER
    return VIOLENCE, BATTLES, REGAINED if kind == STATE else OVERTAKEN


def interaction(kind: str, other: str) -> str:
    """Both kinds, in the order of ACLED's numbers for them, which is also their order here."""
    if not kind or not other:
        return ""
    order = (STATE, REBELS, CIVILIANS, FOREIGN)
    return "-".join(sorted((kind, other), key=order.index))
