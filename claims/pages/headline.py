"""A town's status on a day in words: what, since when, by whose word, by which rule."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from claims.models import Claim
from claims.pages.badges import Badge, badge
from claims.pages.claim_rows import ClaimRow
from claims.pages.wording import RULES, claim_in_short, count, day_in_words
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
    """`basis` says what was counted."""

    badge: Badge
    since: str
    words: tuple[Word, ...]
    rule: int
    rule_text: str
    version: str
    deciding: tuple[ClaimRow, ...]
    basis: str
    divided: str


def headline(
    status: TownStatus,
    timeline: Timeline,
    rows: Mapping[str, ClaimRow],
    *,
    today: date,
    include_pending: bool,
) -> Headline | None:
    """The status in force on `today`; None before the town's first word."""
    interval = status.on(today)
    if interval is None:
        return None
    deciding = [rows[id_] for id_ in interval.deciding if id_ in rows]
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
        words=tuple(_words(deciding)),
        rule=interval.rule,
        rule_text=str(RULES[interval.rule]),
        version=interval.version,
        deciding=tuple(deciding),
        basis=_basis(deciding, since, timeline, today, include_pending=include_pending),
        divided=", ".join(
            timeline.sides[key].name if key in timeline.sides else key
            for key in status.divided_on(today)
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


def _words(deciding: Iterable[ClaimRow]) -> list[Word]:
    """What each claimant decides with, in the order of the last time; at most the latest four
    claimants."""
    said: dict[str, dict[str, None]] = {}
    for row in deciding:
        said[row.who] = {**said.pop(row.who, {}), claim_in_short(row.claim): None}
    return [Word(who, ", ".join(words)) for who, words in said.items()][-MOST_WORDS:]


def _basis(
    deciding: Sequence[ClaimRow],
    since: date,
    timeline: Timeline,
    today: date,
    *,
    include_pending: bool,
) -> str:
    """What stands behind the status: its deciding claims, and all that was said in its time."""
    decisive = {row.claim.id for row in deciding}
    claims = [
        claim
        for claim in timeline.claims
        if claim.id in decisive
        or (
            since <= claim.asserted_on <= today
            and (include_pending or claim.state in Claim.VERIFIED)
        )
    ]
    who = {str(claim.claimant or claim.document.publisher) for claim in claims}
    articles = {claim.document.family_id for claim in claims}
    return (
        f"{count(len(decisive), 'deciding claim')}; with what was said since"
        f" {day_in_words(since)}, {count(len(claims), 'claim')} by"
        f" {count(len(who), 'claimant')} in {count(len(articles), 'article')}"
    )
