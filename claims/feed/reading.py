"""The feed as it is read: changes in the order of their numbers, and what each says."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from claims.feed.filters import EVERYTHING, Within
from claims.feed.reasons import reasons
from claims.models import Change, Claim
from claims.records import claim_records, claim_rows, interval_record, utc

Record = dict[str, Any]
Columns = dict[str, Any]


def changes_after(number: int, limit: int, within: Within = EVERYTHING) -> list[Change]:
    """The next changes after the one of this number, at most `limit`. One query."""
    rows = Change.objects.filter(number__gt=number)
    return list(within.choose(rows).order_by("number")[:limit])


def told(changes: Sequence[Change], *, site: str, within: Within = EVERYTHING) -> list[Record]:
    """What each of these says, as `GET /api/v1/changes/` does; `site` as in `claims.records`. A
    constant number of queries."""
    events = _events(changes)
    states = _states(set(events.values()), site)
    why = reasons(changes)
    found = []
    for change in changes:
        number, when = _place(change)
        at = utc(when)
        record: Record = {
            "number": number,
            "at": at,
            "timestamp": int(when.timestamp()),
            "what": change.what,
            "action": change.action,
        }
        if change.what == Change.What.CLAIM:
            row, claim = states.get(events.get(number, 0), (None, {}))
            record |= {
                "claim_id": str(change.claim),
                "reason": why[number],
                "claim": row and {**claim, "updated_at": at, "counts": counts(row, within)},
            }
        else:
            before = change.status_before
            record |= {
                "status": interval_record(change.status or {}),
                "before": interval_record(before) if before else None,
            }
        found.append(record)
    return found


def counts(row: Columns, within: Within = EVERYTHING) -> bool:
    """Whether a claim so (columns by `claim_rows`) belongs in a copy of those that stand."""
    stands = row["state"] in Claim.counting(include_pending=True)
    return stands and within.holds(row["place_id"], row["place__conflict__slug"])


def _place(change: Change) -> tuple[int, datetime]:
    if change.number is None or change.at is None:
        raise ValueError("A change that waits for its number is in no feed.")
    return change.number, change.at


def _events(changes: Sequence[Change]) -> dict[int, int]:
    """By the number of a change the row of history that has the claim after it. Where passages
    alone changed, it is the latest that the feed had told of by then."""
    found, open_ = {}, []
    for change in changes:
        if change.event is not None:
            found[change.number or 0] = change.event
        elif change.claim is not None and change.action != Change.Action.REMOVED:
            open_.append((change.number or 0, change.claim))
    told = _told_by(open_)
    for number, claim in open_:
        if events := [event for earlier, event in told[claim] if earlier <= number]:
            found[number] = max(events)
    return found


def _told_by(changes: Collection[tuple[int, UUID]]) -> dict[UUID, list[tuple[int, int]]]:
    """By claim the numbers of its changes, with the rows of history that they made."""
    found: dict[UUID, list[tuple[int, int]]] = {claim: [] for _, claim in changes}
    if found:
        last = max(number for number, _ in changes)
        rows = Change.objects.filter(claim__in=found, number__lte=last, event__isnull=False)
        for claim, number, event in rows.values_list("claim", "number", "event"):
            if claim is not None and number is not None and event is not None:
                found[claim].append((number, event))
    return found


def _states(events: Collection[int], site: str) -> dict[int, tuple[Columns, Record]]:
    """By row of history: the claim's columns, and the record of it."""
    rows = list(claim_rows(history().filter(pgh_id__in=events)))
    records = claim_records(rows, site=site)
    return {row["pgh_id"]: (row, record) for row, record in zip(rows, records, strict=True)}


def history() -> QuerySet[Any]:
    # The model of the rows that triggers write is made by a decorator, which hides its type.
    rows: QuerySet[Any] = Claim._meta.get_field("events").related_model._default_manager.all()
    return rows
