"""What the status engine takes and returns: plain records, in the codebook's terms."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from operator import itemgetter
from typing import Literal

from claims.extraction.records import Extent, Precision, Predicate, Stance

VERSION = "v1"

Status = Literal["controlled", "claimed", "contested", "fought-over", "unknown"]
Freshness = Literal["fresh", "ageing", "stale"]


@dataclass(frozen=True, slots=True)
class StatusActor:
    """Somebody who makes claims. `side` None: a third party. `official`: its word can
    concede a town for its side (a government, ministry, army command, the movement itself,
    a region's governor). `is_publisher`: a news outlet, speaking in its own voice."""

    key: str
    side: str | None = None
    official: bool = False
    is_publisher: bool = False


@dataclass(frozen=True, slots=True)
class StatusClaim:
    """One claim on one town.

    `claimant` is an actor's key; None is the document's publisher in its own voice. An
    actor that the caller does not list is an unofficial third party. `claimant_side`, where
    given, is its side on the claim's day, and goes before the actor's. `subject_side` None:
    the predicate has no subject, or its side is not known. Imprecise dates are any day of
    their range. `published` is a day, or a time whose own offset tells the day. Copies of
    one text share `family`; `document` tells copies of the same minute apart, and is the same
    for versions of one article.
    `speaker`: a person's name, an unnamed speaker's description, or empty.
    """

    id: str
    claimant: str | None
    stance: Stance
    predicate: Predicate
    subject_side: str | None
    asserted_on: date
    published: date | datetime
    extent: Extent = "whole"
    part_label: str = ""
    asserted_precision: Precision = "day"
    event_date: date | None = None
    event_precision: Precision | None = None
    claimant_side: str | None = None
    speaker: str = ""
    family: str | None = None
    document: str = ""

    def __hash__(self) -> int:
        return hash(self.id)


@dataclass(frozen=True, slots=True)
class Settings:
    """Days: within which `not`, `attacks` and `fighting` must be repeated to stand on, and up
    to which a status is fresh, then ageing (after that it is stale)."""

    repeat_within: int = 180
    fresh: int = 14
    ageing: int = 60


DEFAULTS = Settings()


@dataclass(frozen=True, slots=True)
class Interval:
    """A status from `start` on, up to and without `end` (None: until further claims).

    `sides`: the one side of controlled and claimed; the holder of fought-over, if any; of
    contested, the sides that stand against each other; of unknown, none. `deciding`: the
    ids of the claims that brought the status about (of each deciding word the first claim of
    its run); of unknown, those with `left` and `not`, which are shown. `divided`: the sides
    whose actors differed at some time in it. `by_own_word`: claimed without a capture.
    `word_days`: (from, last) pairs, ascending: from the day `from` on, `last` is the
    last day on which the deciding word was said; empty where a status does not age.
    """

    start: date
    end: date | None
    status: Status
    sides: tuple[str, ...]
    rule: int
    deciding: tuple[str, ...]
    divided: tuple[str, ...] = ()
    by_own_word: bool = False
    word_days: tuple[tuple[date, date], ...] = ()
    version: str = VERSION

    @property
    def holder(self) -> str | None:
        """Whose town it is or is said to be; None for contested and unknown."""
        if self.status == "contested":
            return None
        return self.sides[0] if self.sides else None

    def text(self) -> str:
        """The status in words, such as `claimed russia` or `fought-over, holder saf`."""
        return status_text(self.status, self.sides)

    def covers(self, day: date) -> bool:
        return self.start <= day and (self.end is None or day < self.end)

    @property
    def last_word_on(self) -> date | None:
        """The last day of all on which the deciding word was said (contested: the older
        side's); None where the status does not age."""
        return self.word_days[-1][1] if self.word_days else None

    def last_word_by(self, today: date) -> date | None:
        """The same as of `today`; None also where the status had not begun."""
        number = bisect_right(self.word_days, today, key=itemgetter(0))
        return self.word_days[number - 1][1] if number else None

    def age(self, today: date) -> int | None:
        """Days from the last deciding word to `today`; None as for `last_word_by`."""
        last = self.last_word_by(today)
        return None if last is None else (today - last).days


@dataclass(frozen=True, slots=True)
class Division:
    """The time in which actors of `side` differed: from `start`, up to and without `end`."""

    side: str
    start: date
    end: date | None


@dataclass(frozen=True, slots=True)
class TownStatus:
    """A town's status over time, without gaps from its first word on; its labelled parts'
    in the same form; and when which side was divided."""

    bands: tuple[Interval, ...]
    parts: Mapping[str, tuple[Interval, ...]] = field(default_factory=dict)
    divisions: tuple[Division, ...] = ()

    def on(self, day: date) -> Interval | None:
        """The band in force on `day`; None before the first word."""
        return next((band for band in self.bands if band.covers(day)), None)

    def divided_on(self, day: date) -> tuple[str, ...]:
        """The sides whose actors differ on `day`, in the order of their names."""
        return tuple(
            division.side
            for division in self.divisions
            if division.start <= day and (division.end is None or day < division.end)
        )


def status_text(status: Status, sides: tuple[str, ...]) -> str:
    """The one wording of a status that commands and tests compare."""
    if status in ("controlled", "claimed"):
        return f"{status} {sides[0]}"
    if status == "fought-over" and sides:
        return f"{status}, holder {sides[0]}"
    return status


def freshness(interval: Interval, today: date, settings: Settings = DEFAULTS) -> Freshness | None:
    """How old the deciding word is on `today`; None for conceded control, which does not
    age, and for unknown, which no word decides."""
    age = interval.age(today)
    if age is None:
        return None
    if age <= settings.fresh:
        return "fresh"
    return "ageing" if age <= settings.ageing else "stale"
