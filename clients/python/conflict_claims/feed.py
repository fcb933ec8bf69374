"""A page of the feed of changes, checked before anything is done with it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from conflict_claims.errors import UnreadableAnswer


@dataclass(frozen=True, slots=True)
class Change:
    """One change. Of a claim: its id, why, and its record after it, None where it is gone. Of a
    status: the record of its interval after it, or of a removed one the last."""

    number: int
    at: str
    what: str
    action: str
    claim: str | None
    reason: str | None
    record: dict[str, Any] | None


@dataclass(frozen=True, slots=True)
class Page:
    changes: tuple[Change, ...]
    next: str  # the cursor after it
    more: bool  # whether there was more when it was asked for


def read(answer: Any) -> Page:
    """Raises UnreadableAnswer where it is not a page of the feed, the whole of it."""
    try:
        changes = tuple(_change(row) for row in answer["results"])
        page = Page(changes, answer["next"], answer["more"])
    except (KeyError, TypeError) as error:
        raise UnreadableAnswer(f"No page of the feed: {error!r} in {str(answer)[:200]}") from error
    if not (isinstance(page.next, str) and page.next and isinstance(page.more, bool)):
        raise UnreadableAnswer(f"No page of the feed: next {page.next!r}, more {page.more!r}")
    numbers = [change.number for change in changes]
    if numbers != sorted(numbers):
        raise UnreadableAnswer("Changes in another order than that of their numbers")
    return page


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
    )
    if what not in ("claim", "status") or action not in ("added", "changed", "removed"):
        raise UnreadableAnswer(f"A change that this version does not know: {what} {action}")
    if not isinstance(change.number, int) or not isinstance(change.at, str):
        raise TypeError(f"{change.number!r}, {change.at!r}")
    if not isinstance(record, dict) and not (of_claim and record is None):
        raise TypeError(f"{what}: {record!r}")
    if of_claim and record is not None and record["id"] != change.claim:
        raise TypeError(f"{change.claim}: {record['id']}")
    return change
