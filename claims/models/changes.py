"""What has changed, for those who keep a copy: every change of a claim and of a status.

Database triggers note each change in the transaction that makes it. Its place in the feed is
given later, once it is committed (`claims.feed`): rows are numbered in the order in which they
become visible, so that one which is committed late comes late, and is never before what a reader
has already read.
"""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import F, Q


class Change(models.Model):
    """One change. Of a claim: `claim`, and in `event` the row of its history that the change
    made: null where only its passages changed, or the claim is gone. Of a status: its interval
    after it, or, removed, the last one."""

    class What(models.TextChoices):
        CLAIM = "claim"
        STATUS = "status"

    class Action(models.TextChoices):
        ADDED = "added"
        CHANGED = "changed"
        REMOVED = "removed"

    # Rows of one claim have ascending ids in the order of its changes: who changes it holds it.
    id = models.BigAutoField(primary_key=True)
    number = models.BigIntegerField(null=True, unique=True, editable=False)
    at = models.DateTimeField(null=True, editable=False)  # when it was numbered: never decreasing
    what = models.CharField(max_length=6, choices=What)
    action = models.CharField(max_length=7, choices=Action)
    # No foreign keys: a change outlives what it is of.
    place = models.UUIDField()
    place_before = models.UUIDField(null=True)  # what the claim was about, where another town
    claim = models.UUIDField(null=True)
    event = models.BigIntegerField(null=True)
    status = models.JSONField(null=True)  # the interval's row
    status_before = models.JSONField(null=True)  # of one that changed: as it was
    transaction = models.BigIntegerField()  # that made it, by PostgreSQL's number

    class Meta:
        ordering = ["number"]
        constraints = [
            models.CheckConstraint(
                condition=Q(action__in=["added", "changed", "removed"]), name="change_action_known"
            ),
            models.CheckConstraint(
                condition=Q(what="claim", claim__isnull=False, status__isnull=True)
                | Q(what="status", claim__isnull=True, event__isnull=True, status__isnull=False),
                name="change_of_claim_or_status",
            ),
            models.CheckConstraint(
                condition=Q(status_before__isnull=True) | Q(what="status", action="changed"),
                name="change_before_of_a_changed_status",
            ),
            models.CheckConstraint(
                condition=Q(place_before__isnull=True)
                | Q(what="claim") & ~Q(place_before=F("place")),
                name="change_place_before_of_a_moved_claim",
            ),
            models.CheckConstraint(
                condition=Q(number__isnull=True, at__isnull=True)
                | Q(number__isnull=False, at__isnull=False),
                name="change_numbered_has_a_time",
            ),
        ]
        indexes = [
            # What waits to be numbered: few of many.
            models.Index(fields=["id"], name="change_waiting", condition=Q(number__isnull=True)),
            # When a claim was last changed, and whether that waits to be numbered.
            models.Index(fields=["claim", "-number"], name="change_of_claim"),
            # What a copy of a town or a conflict is told, in the feed's order.
            models.Index(fields=["place", "number"], name="change_of_place"),
            models.Index(
                fields=["place_before", "number"],
                name="change_away_from_place",
                condition=Q(place_before__isnull=False),
            ),
            # From a time on.
            models.Index(fields=["at"], name="change_at"),
        ]

    def __str__(self) -> str:
        return f"{self.number}: {self.what} {self.action}"


_COLUMNS = "INSERT INTO claims_change (what, action, place, claim, event, status, transaction)"
_NOW = "pg_current_xact_id()::text::bigint"


def _statement(
    name: str, operation: pgtrigger.Operation, func: str, *, when: pgtrigger.When = pgtrigger.After
) -> pgtrigger.Trigger:
    """Runs once for all rows of a statement: thousands are written at once."""
    old = "old_rows" if operation in (pgtrigger.Update, pgtrigger.Delete) else None
    new = "new_rows" if operation in (pgtrigger.Update, pgtrigger.Insert) else None
    return pgtrigger.Trigger(
        name=name,
        level=pgtrigger.Statement,
        when=when,
        operation=operation,
        referencing=pgtrigger.Referencing(old=old, new=new) if old or new else None,
        func=f"{func} RETURN NULL;",
    )


# Each row of a claim's history is a change.
OF_CLAIM_EVENTS = (
    _statement(
        "feed_claims",
        pgtrigger.Insert,
        f"""
        INSERT INTO claims_change (what, action, place, place_before, claim, event, transaction)
        SELECT 'claim', CASE state.pgh_label WHEN 'insert' THEN 'added' ELSE 'changed' END,
            state.place_id, nullif(before.place_id, state.place_id), state.pgh_obj_id,
            state.pgh_id, {_NOW}
        FROM new_rows state LEFT JOIN LATERAL (
            SELECT place_id FROM claims_claimevent earlier
            WHERE earlier.pgh_obj_id = state.pgh_obj_id AND earlier.pgh_id < state.pgh_id
            ORDER BY earlier.pgh_id DESC LIMIT 1
        ) before ON state.pgh_label <> 'insert'
        ORDER BY state.pgh_id;
        """,  # noqa: S608 - of names written in this file, as are the others
    ),
)


def _claims_gone(rows: str) -> str:
    return f"""
        {_COLUMNS}
        SELECT 'claim', 'removed', place_id, id, NULL, NULL, {_NOW} FROM {rows} ORDER BY id;
        """  # noqa: S608


OF_CLAIMS = (
    _statement("feed_claims_gone", pgtrigger.Delete, _claims_gone("old_rows")),
    _statement(
        "feed_claims_emptied",
        pgtrigger.Truncate,
        _claims_gone("claims_claim"),
        when=pgtrigger.Before,
    ),
)


def _passages(name: str, operation: pgtrigger.Operation, *rows: str) -> pgtrigger.Trigger:
    """A claim whose passages change has changed, if nothing else says so in this transaction.

    Who changes passages need not hold the claim, which somebody else may be changing just now:
    no state of it is named here. It is told as of the number that the change is given.
    """
    of = " UNION ".join(f"SELECT claim_id FROM {one}" for one in rows)  # noqa: S608
    return _statement(
        name,
        operation,
        f"""
        {_COLUMNS}
        SELECT 'claim', 'changed', claim.place_id, claim.id, NULL, NULL, {_NOW}
        FROM claims_claim claim
        WHERE claim.id IN ({of}) AND NOT EXISTS (
            SELECT FROM claims_change noted
            WHERE noted.claim = claim.id AND noted.number IS NULL AND noted.transaction = {_NOW}
        )
        ORDER BY claim.id;
        """,  # noqa: S608
    )


OF_EVIDENCE = (
    _passages("feed_passages_new", pgtrigger.Insert, "new_rows"),
    _passages("feed_passages_changed", pgtrigger.Update, "old_rows", "new_rows"),
    _passages("feed_passages_gone", pgtrigger.Delete, "old_rows"),
)
_IN_ORDER = "ORDER BY place_id, include_pending, part_label, start"


def _intervals(action: str, rows: str) -> str:
    return f"""
        {_COLUMNS}
        SELECT 'status', '{action}', place_id, NULL, NULL, to_jsonb({rows}) - 'id', {_NOW}
        FROM {rows} {_IN_ORDER};
        """  # noqa: S608


OF_INTERVALS = (
    _statement("feed_status_new", pgtrigger.Insert, _intervals("added", "new_rows")),
    _statement(
        "feed_status_changed",
        pgtrigger.Update,
        f"""
        INSERT INTO claims_change (what, action, place, status, status_before, transaction)
        SELECT 'status', 'changed', new_rows.place_id, to_jsonb(new_rows) - 'id',
            to_jsonb(old_rows) - 'id', {_NOW}
        FROM new_rows JOIN old_rows USING (id)
        WHERE new_rows IS DISTINCT FROM old_rows
        ORDER BY new_rows.place_id, new_rows.include_pending, new_rows.part_label, new_rows.start;
        """,  # noqa: S608
    ),
    _statement("feed_status_gone", pgtrigger.Delete, _intervals("removed", "old_rows")),
    # The intervals are a cache that may be emptied, which deletes none of them.
    _statement(
        "feed_status_emptied",
        pgtrigger.Truncate,
        _intervals("removed", "claims_statusinterval"),
        when=pgtrigger.Before,
    ),
)
