"""Effective days: the day, or the two days, on which a claim counts."""

from __future__ import annotations

from calendar import monthrange
from datetime import UTC, date, datetime, timedelta

from claims.extraction.records import Precision
from claims.status.records import StatusClaim

STATES = frozenset({"holds", "advancing", "encircled", "fighting"})


def span(day: date, precision: Precision | None) -> tuple[date, date]:
    """The first and the last day of the range that a date of this precision stands for."""
    if precision == "week":
        monday = day - timedelta(days=day.weekday())
        return monday, monday + min(timedelta(days=6), date.max - monday)
    if precision == "month":
        return day.replace(day=1), day.replace(day=monthrange(day.year, day.month)[1])
    if precision == "year":
        return date(day.year, 1, 1), date(day.year, 12, 31)
    return day, day


def published_day(claim: StatusClaim) -> date:
    """The publication's day, in the offset that the publisher gave."""
    published = claim.published
    return published.date() if isinstance(published, datetime) else published


def published_at(claim: StatusClaim) -> datetime:
    """A time to put publications in order by: a bare day is its midnight, UTC."""
    published = claim.published
    if not isinstance(published, datetime):
        return datetime(published.year, published.month, published.day, tzinfo=UTC)
    return published if published.tzinfo else published.replace(tzinfo=UTC)


def effective_days(claim: StatusClaim) -> tuple[date, ...]:
    """The days on which the claim counts, ascending: one, or two for a state dated by month
    or year (its start, and the day on which it was still said to last)."""
    first, last = span(claim.asserted_on, claim.asserted_precision)
    # Said at some time in the range: an assertion is taken from its start, a denial, which
    # answers something, only from its end.
    asserted = last if claim.stance == "denies" else first
    latest = min(last, published_day(claim))
    if claim.event_date is None:
        days = {asserted}
    else:
        began, ended = span(claim.event_date, claim.event_precision)
        lasting = claim.predicate in STATES and claim.event_precision in ("month", "year")
        days = {began, asserted} if lasting else {ended}
    return tuple(sorted({min(day, latest) for day in days}))
