"""A page of the feed of changes, checked before anything is done with it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from conflict_claims.errors import UnreadableAnswer


@dataclass(frozen=True, slots=True)
class Change:
    """One change. `claim`: the claim's id; `record`: the claim, or the interval of a status,
    after it. Of a claim that was removed there is no record; of a removed interval, its last."""

    number: int
    at: str
    what: str
    action: str
    claim: str | None
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
    what, action = row["what"], row["action"]
    if what not in ("claim", "status") or action not in ("added", "changed", "removed"):
        raise UnreadableAnswer(f"A change that this version does not know: {what} {action}")
    record = row[what]
    claim = row["claim_id"] if what == "claim" else None
    if not isinstance(row["number"], int) or not isinstance(row["at"], str):
        raise TypeError("number or at")
    gone = what == "claim" and action == "removed"
    if not (isinstance(record, dict) or (gone and record is None)):
        raise TypeError(what)
    return Change(row["number"], row["at"], what, action, claim, record)
