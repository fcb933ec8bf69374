"""A town's status on a day in words: what, since when, by whose word, and why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from claims.pages.badges import Badge, badge
from claims.pages.claim_rows import TownRow
from claims.pages.reasons import Reasons, reasons
from claims.pages.wording import day_in_words
from claims.status.records import Interval, TownStatus
from claims.timeline import Timeline

MOST_WORDS = 4


@dataclass(frozen=True, slots=True)
class Word:
    """What one claimant is deciding with, in short, e.g. Wagner Group: captured."""

    who: str
    said: str


@dataclass(frozen=True, slots=True)
class Headline:
    badge: Badge
    since: str
    words: tuple[Word, ...]
    reasons: Reasons


def headline(
    status: TownStatus,
    timeline: Timeline,
    rows: Mapping[str, TownRow],
    *,
    today: date,
    include_pending: bool,
) -> Headline | None:
    """The status in force on `today`; None before the town's first word."""
    interval = status.on(today)
    if interval is None:
        return None
    since = since_when(interval, status.bands)
    return Headline(
        badge=badge(
            interval,
            timeline.sides,
            pending=include_pending,
            last_word_on=interval.last_word_by(today),
            today=today,
        ),
        since=day_in_words(since),
        words=tuple(_words(rows[id_] for id_ in interval.deciding if id_ in rows)),
        reasons=reasons(
            interval,
            status,
            timeline,
            rows,
            since=since,
            today=today,
            include_pending=include_pending,
        ),
    )


def since_when(interval: Interval, bands: Sequence[Interval]) -> date:
    """The first day of the unbroken run of bands with the same words as `interval`."""
    start = interval.start
    for earlier in sorted(bands, key=lambda band: band.start, reverse=True):
        same = earlier.text() == interval.text() and earlier.by_own_word == interval.by_own_word
        if same and earlier.end == start:
            start = earlier.start
    return start


def _words(deciding: Iterable[TownRow]) -> list[Word]:
    """What each claimant decides with, in the order of the last time; at most the latest four
    claimants."""
    said: dict[str, dict[str, None]] = {}
    for row in deciding:
        said[row.who] = {**said.pop(row.who, {}), row.short: None}
    return [Word(who, ", ".join(words)) for who, words in said.items()][-MOST_WORDS:]
