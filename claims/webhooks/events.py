"""What is sent of a change: its type, and the change as the feed shows it."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import orjson
from django.conf import settings
from django.utils import timezone

from claims.feed import told
from claims.feed.reading import history
from claims.feed.reasons import KINDS
from claims.models import Change, Webhook
from claims.records import claim_records, claim_rows, utc
from claims.webhooks.filters import filters
from entities.models import Place

Record = dict[str, Any]
TEST = "webhook.test"
# Each with what it means; the kinds of a claim's are those of the feed's reasons.
TYPES: dict[str, str] = {
    **{f"claim.{kind.replace('-', '_')}": meaning for kind, meaning in KINDS.items()},
    "status.added": "a town has a status for days for which it had none",
    "status.changed": "the status of some days is another, or lasts until another day",
    "status.removed": "days have no such status any more",
    TEST: "somebody asked for a test: `data` is empty, `number` null",
}


@dataclass(frozen=True, slots=True)
class Event:
    """A change of the feed. `record`: as the feed shows it; `before`: the claim's record before
    it; `conflict`: that of the status's town."""

    number: int
    type: str
    record: Record
    before: Record | None
    conflict: str | None

    def wanted_by(self, webhook: Webhook) -> bool:
        if self.number <= webhook.change or self.record["what"] not in webhook.what:
            return False
        asked = filters(webhook.query)
        if self.record["what"] == Change.What.CLAIM:
            return asked.want_claim(self.before, self.record["claim"])
        sides = (self.record["status"], self.record["before"])
        return any(asked.want_status(one, self.conflict) for one in sides if one is not None)


def body(id_: UUID, event: Event) -> str:
    """The JSON that is signed and sent; `id_` is the delivery's."""
    return _json(id_, event.type, event.record["at"], event.number, event.record)


def test_body(id_: UUID) -> str:
    return _json(id_, TEST, utc(timezone.now()), None, {})


def _json(id_: UUID, kind: str, at: str, number: int | None, data: Record) -> str:
    told = {"id": str(id_), "type": kind, "at": at, "number": number, "data": data}
    return orjson.dumps(told).decode()


def events(changes: Sequence[Change]) -> list[Event]:
    """A constant number of queries."""
    before = _before(changes)
    conflicts = _conflicts({row.place for row in changes if row.what == Change.What.STATUS})
    records = told(changes, site=settings.SITE_URL)
    return [
        Event(
            record["number"],
            _type(record),
            record,
            before.get(record["number"]),
            conflicts.get(change.place),
        )
        for change, record in zip(changes, records, strict=True)
    ]


def _type(record: Record) -> str:
    if record["what"] == Change.What.CLAIM:
        return f"claim.{record['reason']['kind'].replace('-', '_')}"
    return f"status.{record['action']}"


def _before(changes: Iterable[Change]) -> Mapping[int, Record]:
    """By the number of a change of a claim what that was before it, where it was there. What only
    has other passages was what it is."""
    of_claims = [row for row in changes if row.what == Change.What.CLAIM]
    states = _states_of({row.claim for row in of_claims if row.claim is not None})
    wanted: dict[int, int] = {}
    for row in of_claims:
        ids = states.get(row.claim, [])
        # The last one, of a claim that is gone.
        nth = len(ids) if row.event is None else bisect_left(ids, row.event)
        if row.number is not None and nth > 0:
            wanted[row.number] = ids[nth - 1]
    rows = list(claim_rows(history().filter(pgh_id__in=set(wanted.values()))))
    records = claim_records(rows, site=settings.SITE_URL)
    by_state = {row["pgh_id"]: record for row, record in zip(rows, records, strict=True)}
    return {number: by_state[id_] for number, id_ in wanted.items() if id_ in by_state}


def _states_of(claims: Collection[UUID]) -> Mapping[UUID | None, list[int]]:
    """The ids of the claims' rows of history, ascending."""
    found: dict[UUID | None, list[int]] = defaultdict(list)
    rows = history().filter(pgh_obj_id__in=claims).order_by("pgh_id")
    for claim, id_ in rows.values_list("pgh_obj_id", "pgh_id"):
        found[claim].append(id_)
    return found


def _conflicts(places: Collection[UUID]) -> Mapping[UUID, str | None]:
    rows = Place.objects.filter(pk__in=places)
    return dict(rows.values_list("pk", "conflict__slug"))
