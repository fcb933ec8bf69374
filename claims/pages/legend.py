"""What marks and statuses look like, with their meanings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from claims.drawing import svg
from claims.drawing.marks import OUTLINES, Sign
from claims.drawing.svg import Markup
from claims.extraction.records import Predicate, Stance
from claims.pages.badges import Badge
from claims.pages.colours import fill_of
from claims.pages.wording import STATUS_HELP, STATUS_WORDS
from claims.status.records import Interval, Status
from claims.timeline import Timeline

PREDICATES: dict[Predicate, str | Promise] = {
    "captured": _("captured: has taken the town"),
    "holds": _("holds: has it, and keeps it"),
    "advancing": _("advancing: moves on, into or in it"),
    "encircled": _("encircled: has surrounded it"),
    "fighting": _("fighting goes on for it"),
    "withdrew": _("withdrew: has left or lost it"),
}
STANCES: dict[Stance, str | Promise] = {
    "denies": _("struck through: denied"),
    "unconfirmed": _("outlined, with a question mark: not confirmed"),
}
ANY_DAY = date(2000, 1, 1)


@dataclass(frozen=True, slots=True)
class Entry:
    markup: Markup
    words: str | Promise


@dataclass(frozen=True, slots=True)
class StatusEntry:
    badge: Badge
    words: str | Promise


@cache  # its words are those of the language in which they are shown
def marks() -> tuple[Entry, ...]:
    signs: list[tuple[Predicate, Stance, bool, bool, str | Promise]] = [
        (predicate, "asserts", False, False, PREDICATES[predicate]) for predicate in OUTLINES
    ]
    signs += [("captured", stance, False, False, words) for stance, words in STANCES.items()]
    signs.append(("captured", "asserts", True, False, _("half size: a part of the town")))
    signs.append(("captured", "asserts", False, True, _("pale: pending, not yet verified")))
    return tuple(
        Entry(_mark(predicate, stance, part=part, pending=pending), words)
        for predicate, stance, part, pending, words in signs
    )


def _mark(predicate: Predicate, stance: Stance, *, part: bool, pending: bool) -> Markup:
    return svg.sign(Sign("", predicate, stance, (ANY_DAY, "day"), part=part, pending=pending))


def statuses(timeline: Timeline) -> tuple[StatusEntry, ...]:
    """Every status in the colours of the town's own sides."""
    colours = {key: side.colour for key, side in timeline.sides.items()}
    return tuple(
        StatusEntry(_badge(example, colours), words)
        for example, words in zip(examples(timeline), STATUS_HELP.values(), strict=True)
    )


def _badge(example: Interval, colours: Mapping[str, str]) -> Badge:
    words = str(STATUS_WORDS[example.status])
    return Badge(example.status, words, fill_of(example, colours))


def examples(timeline: Timeline) -> list[Interval]:
    """The statuses whose fills `statuses` refers to."""
    return [_example(status, tuple(timeline.sides)[:2]) for status in STATUS_HELP]


def _example(status: Status, sides: tuple[str, ...]) -> Interval:
    return Interval(
        start=ANY_DAY,
        end=None,
        status=status,
        sides=sides if status == "contested" else sides[:1],
        rule=0,
        deciding=(),
    )
