"""A page of the feed of changes, checked before anything is done with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from conflict_claims.errors import UnreadableAnswer


@dataclass(frozen=True, slots=True)
class Change:
    """One change. Of a claim: its id, why, and its record after it, None where it is gone. Of a
    status: the record of its interval after it, or of a removed one the last; and `before`, of one
    that changed, what it was."""

    number: int
    at: str
    what: str
    action: str
    claim: str | None
    reason: str | None
    record: dict[str, Any] | None
    before: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Page:
    changes: tuple[Change, ...]
    next: str  # the cursor after it
    more: bool  # whether there was more when it was asked for


def read(answer: Any, *, after: int) -> Page:
    """Raises UnreadableAnswer where it is not a page of the feed, the whole of it: numbers have no
    gaps, neither within a page nor from the last change before it, `after`."""
    try:
        changes = tuple(_change(row) for row in answer["results"])
        page = Page(changes, answer["next"], answer["more"])
    except (KeyError, TypeError) as error:
        raise UnreadableAnswer(f"No page of the feed: {error!r} in {str(answer)[:200]}") from error
    if not (isinstance(page.next, str) and page.next and isinstance(page.more, bool)):
        raise UnreadableAnswer(f"No page of the feed: next {page.next!r}, more {page.more!r}")
    _see_that_none_lacks(changes, after)
    return page


def _see_that_none_lacks(changes: Sequence[Change], after: int) -> None:
    if not changes:
        return
    numbers = [change.number for change in changes]
    first = numbers[0]
    if first > after + 1 or numbers != list(range(first, first + len(numbers))):
        raise UnreadableAnswer(f"Changes are missing or in disorder after {after}: {numbers}")


def _change(row: dict[str, Any]) -> Change:
    what, action, record = row["what"], row["action"], row[row["what"]]
    of_claim = what == "claim"
    change = Change(
        number=row["number"],
        at=row["at"],
        what=what,
        action=action,
        claim=row["claim_id"] if of_claim else None,
        reason=row["reason"]["kind"] if of_claim else None,
        record=record,
        before=None if of_claim else row["before"],
    )
    if what not in ("claim", "status") or action not in ("added", "changed", "removed"):
        raise UnreadableAnswer(f"A change that this version does not know: {what} {action}")
    if not isinstance(change.number, int) or not isinstance(change.at, str):
        raise TypeError(f"{change.number!r}, {change.at!r}")
    if not isinstance(record, dict) and not (of_claim and record is None):
        raise TypeError(f"{what}: {record!r}")
    if not isinstance(change.before, dict | None):
        raise TypeError(f"before: {change.before!r}")
    if of_claim and record is not None and record["id"] != change.claim:
        raise TypeError(f"{change.claim}: {record['id']}")
    return change
