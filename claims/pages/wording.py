"""Statuses, rules, stances and days in plain words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Protocol

from claims.models import Claim
from claims.status.records import Status

STATUS_HELP: dict[Status, str] = {
    "controlled": "one side has conceded the town, and only one other is said to hold it",
    "claimed": "one side says it has the town, and nobody has answered",
    "contested": "one side says it has the town, and another denies it or says otherwise",
    "fought-over": "fighting is reported, and no capture stands unanswered",
    "unknown": "nothing that stands says who has the town",
}
RULES = {
    1: "An official voice of one side said, against its own side’s interest, that the town is"
    " lost, and exactly one other side is said by anybody to control it.",
    2: "One side is said to control the town, and since then somebody else has denied it, has"
    " claimed it for another side, or has told of attacks or, against a capture, of fighting.",
    3: "Fighting or an attack is reported that has not been overtaken, and no capture stands"
    " against it without a counter-attack.",
    4: "One side is said to control the town, and nobody has contradicted it since.",
    5: "No word that still stands says who controls the town, or that it is fought over.",
}
SAID = {
    "captured": "captured",
    "holds": "holds",
    "advancing": "advancing",
    "encircled": "encircled",
    "fighting": "fighting",
    "withdrew": "withdrew",
}


class HasStatus(Protocol):
    """What `claims.status.records.Interval` and `claims.models.StatusInterval` share."""

    @property
    def status(self) -> Status: ...
    @property
    def by_own_word(self) -> bool: ...
    @property
    def sides(self) -> Sequence[str]: ...


def in_words(interval: HasStatus, names: Mapping[str, str]) -> str:
    """E.g. "controlled by Russia", "fought-over, held by Ukraine", "contested". `names`: the
    sides' names by key; a party that is no side goes by its key."""
    sides = [names.get(key, key) for key in interval.sides]
    if interval.status == "claimed" and interval.by_own_word:
        return f"held by {sides[0]}, by its own word"
    if interval.status in ("controlled", "claimed") and sides:
        return f"{interval.status} by {sides[0]}"
    if interval.status == "fought-over" and sides:
        return f"fought-over, held by {sides[0]}"
    return interval.status


def claim_in_short(claim: Claim) -> str:
    """What a claimant said, in a word or two, e.g. "captured", "denied", "fighting"."""
    if claim.stance == "unconfirmed":
        return "not confirmed"
    if claim.stance == "denies":
        return "denied" if claim.predicate == "captured" else f"denied: {SAID[claim.predicate]}"
    return SAID[claim.predicate]


def day_in_words(day: date, precision: str = "day") -> str:
    """E.g. "11 January 2023", "week of 9 January 2023", "January 2023", "2023"."""
    if precision == "year":
        return f"{day.year}"
    if precision == "month":
        return f"{day:%B} {day.year}"
    full = f"{day.day} {day:%B} {day.year}"
    if precision == "week":
        monday = day - timedelta(days=day.weekday())
        return f"week of {monday.day} {monday:%B} {monday.year}"
    return full


def said_on(claim: Claim) -> str:
    return day_in_words(claim.asserted_on, claim.asserted_precision)


def about(claim: Claim) -> str:
    """The day that the claim is about, where it is another than that on which it was said."""
    if claim.event_date is None:
        return ""
    words = day_in_words(claim.event_date, claim.event_precision)
    return "" if words == said_on(claim) else words


def count(number: int, one: str, many: str = "") -> str:
    """E.g. "1 claim", "12 claims"."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"
