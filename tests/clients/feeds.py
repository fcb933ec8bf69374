"""A feed of changes as the server tells it, of claims and statuses made up for a test."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from tests.clients.served import Asked, Says, says

SOLEDAR = "0190a000-0000-7000-8000-0000000050ed"
Change = dict[str, Any]


def claim(id_: str = "c1", *, state: str = "pending", **fields: Any) -> dict[str, Any]:
    return {
        "id": id_,
        "label": "Wagner Group: Soledar captured",
        "conflict": "ukraine",
        "town": {
            "id": SOLEDAR,
            "name": "Soledar",
            "latitude": 48.68,
            "longitude": 38.09,
        },
        "claimant": {"id": "a1", "slug": "wagner-group", "name": "Wagner Group"},
        "side": "russia",
        "subject": None,
        "state": state,
        "counts": state in ("pending", "accepted", "corrected"),
        "speaker": "",
        "stance": "asserts",
        "predicate": "captured",
        "extent": "whole",
        "part_label": "",
        "asserted_on": "2023-01-10",
        "asserted_precision": "day",
        "event_date": None,
        "event_precision": "",
        "document": {
            "id": "d1",
            "publisher": "Example Courier",
            "published_utc": "2023-01-10T22:00:00Z",
            "source_url": "",
        },
        "confidence": 0.9,
        "evidence": [{"start": 0, "end": 4, "quote": "Солéдар “взято”", "cue": "взято"}],
        **fields,
    }


def of_claim(
    number: int,
    record: dict[str, Any] | None,
    action: str = "changed",
    *,
    id_: str = "c1",
    reason: str = "changed",
) -> Change:
    return {
        "number": number,
        "at": at(number),
        "timestamp": 1_772_366_400 + number,
        "what": "claim",
        "action": action,
        "claim_id": record["id"] if record else id_,
        "reason": {"kind": reason, "text": ""},
        "claim": record,
    }


def of_status(
    number: int,
    first: str,
    action: str = "added",
    *,
    last: str | None = None,
    kind: str = "claimed",
) -> Change:
    return {
        "number": number,
        "at": at(number),
        "timestamp": 1_772_366_400 + number,
        "what": "status",
        "action": action,
        "status": {
            "town": SOLEDAR,
            "include_pending": False,
            "part": "",
            "from": first,
            "to": last,
            "status": f"{kind} russia",
            "kind": kind,
            "sides": ["russia"],
            "holder": None,
            "divided": [],
            "by_own_word": False,
            "rule": 4,
            "version": "v1",
            "deciding": ["c1"],
            "last_word_on": None,
        },
        "before": None,
    }


def at(number: int) -> str:
    return f"2026-03-01T12:{number // 60 % 60:02}:{number % 60:02}Z"


@dataclass(slots=True)
class Feed:
    """Answers as the server does, `size` changes a page whatever is asked for."""

    changes: list[Change] = field(default_factory=list)
    size: int = 3

    def __call__(self, asked: Asked) -> Says:
        after = int(asked.cursor or 0)
        new = [change for change in self.changes if change["number"] > after]
        return page(new[: self.size], after=after, more=len(new) > self.size)


def page(changes: list[Change], *, after: int = 0, more: bool = False) -> Says:
    last = changes[-1]["number"] if changes else after
    return says({"results": changes, "next": str(last), "more": more})
