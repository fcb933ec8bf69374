"""Keeps a local copy current through the feed of changes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from conflict_claims import feed
from conflict_claims.errors import ApiError, BadRequest, CursorRefused, Gone, UnreadableAnswer
from conflict_claims.local import Copy, Position
from conflict_claims.transport import Transport

PAGE_SIZE = 500


@dataclass(frozen=True, slots=True)
class SyncResult:
    """What a sync did: `changes` applied by it; `claims` (in all states) and `statuses`
    (intervals) in the copy after it; `cursor`: where it stands now."""

    changes: int
    claims: int
    statuses: int
    cursor: str


@dataclass(frozen=True, slots=True)
class Progress:
    """After a page: `changes` applied so far by this sync, the last change's number and time,
    and whether there is more."""

    changes: int
    number: int
    at: str | None
    more: bool


OnPage = Callable[[Progress], object]


def sync(
    transport: Transport,
    copy: Copy,
    *,
    on_page: OnPage | None = None,
    restart: bool = False,
) -> SyncResult:
    """Applies page after page until the copy has all that the server had to say. Several may run
    on one file: what one has applied, the others do not apply again."""
    applied, more, anew, cursor = 0, True, restart, ""
    while more:
        before = copy.position()
        page = _page(transport, Position() if anew else before)
        done = copy.apply(page, before, anew=anew)
        if done is None:
            continue
        anew = False
        applied, more = applied + done, page.more
        if on_page is not None:
            after = copy.position()
            on_page(Progress(applied, after.number, after.at, more))
        cursor = page.next
    return SyncResult(applied, copy.count("claims"), copy.count("statuses"), cursor)


def _page(transport: Transport, position: Position) -> feed.Page:
    cursor = position.cursor
    asked = {"cursor": cursor, "page_size": PAGE_SIZE}
    address = transport.address("changes/", asked)
    try:
        page = transport.read(
            "changes/", asked, lambda answer: feed.read(answer, after=position.number)
        )
    except (BadRequest, Gone) as refusal:
        if cursor is not None and _of_cursor(refusal):
            raise _refused(refusal, address) from refusal
        raise
    if page.more and page.next == cursor:
        raise UnreadableAnswer(f"{address}: more changes, and no way on to them")
    return page


def _of_cursor(refusal: ApiError) -> bool:
    return refusal.status == 410 or any(fault.name == "cursor" for fault in refusal.parameters)


def _refused(refusal: ApiError, address: str) -> CursorRefused:
    return CursorRefused(
        refusal.status,
        title=refusal.title,
        detail=refusal.detail,
        kind=refusal.kind,
        parameters=refusal.parameters,
        address=address,
    )
