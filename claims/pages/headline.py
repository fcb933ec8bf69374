"""A town's status on a day in words: what, since when, by whose word, by which rule."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from claims.models import Claim
from claims.pages.claim_rows import ClaimRow
from claims.pages.colours import fill_of
from claims.pages.home import Badge
from claims.pages.wording import RULES, claim_in_short, count, day_in_words, in_words
from claims.status.records import Interval, TownStatus, freshness
from claims.timeline import Timeline


@dataclass(frozen=True, slots=True)
class Word:
    """What one claimant is deciding with, in short, e.g. Wagner Group: captured."""

    who: str
    said: str


@dataclass(frozen=True, slots=True)
class Headline:
    """`basis` says what was counted, `freshness` how old the deciding word is."""

    badge: Badge
    since: str
    words: tuple[Word, ...]
    rule: int
    rule_text: str
    version: str
    deciding: tuple[ClaimRow, ...]
    basis: str
    freshness: str
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
    names = {key: side.name for key, side in timeline.sides.items()}
    colours = {key: side.colour for key, side in timeline.sides.items()}
    age = freshness(interval, today)
    deciding = [rows[id_] for id_ in interval.deciding if id_ in rows]
    since = since_when(interval, status.bands)
    return Headline(
        badge=Badge(
            status=interval.status,
            words=in_words(interval, names),
            fill=fill_of(interval, colours),
            pending=include_pending,
            freshness=age or "",
        ),
        since=day_in_words(since),
        words=tuple(_words(deciding)),
        rule=interval.rule,
        rule_text=RULES[interval.rule],
        version=interval.version,
        deciding=tuple(deciding),
        basis=_basis(since, timeline, today, include_pending=include_pending),
        freshness=_age_in_words(interval, today),
        divided=", ".join(names.get(key, key) for key in status.divided_on(today)),
    )


def since_when(interval: Interval, bands: Sequence[Interval]) -> date:
    """The first day of the unbroken run of bands with the same words as `interval`."""
    start = interval.start
    for earlier in sorted(bands, key=lambda band: band.start, reverse=True):
        same = earlier.text() == interval.text() and earlier.by_own_word == interval.by_own_word
        if same and earlier.end == start:
            start = earlier.start
    return start


def _words(deciding: Iterable[ClaimRow]) -> Iterable[Word]:
    """One for each claimant: its last deciding word. At most four, the latest."""
    last: dict[str, Word] = {}
    for row in deciding:
        last.pop(row.who, None)
        last[row.who] = Word(row.who, claim_in_short(row.claim))
    return list(last.values())[-4:]


def _basis(since: date, timeline: Timeline, today: date, *, include_pending: bool) -> str:
    claims = [
        claim
        for claim in timeline.claims
        if since <= claim.asserted_on <= today
        and (include_pending or claim.state in Claim.VERIFIED)
    ]
    who = {str(claim.claimant or claim.document.publisher) for claim in claims}
    articles = {claim.document.family_id for claim in claims}
    kind = "claim" if include_pending else "verified claim"
    return (
        f"{count(len(claims), kind)} by {count(len(who), 'claimant')}"
        f" in {count(len(articles), 'article')} since {day_in_words(since)}"
    )


def _age_in_words(interval: Interval, today: date) -> str:
    """Said only of what has aged: "no claim for 41 days"."""
    if freshness(interval, today) in (None, "fresh"):
        return ""
    return f"no claim for {count(interval.age(today) or 0, 'day')}"
