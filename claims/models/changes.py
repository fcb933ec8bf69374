"""What has changed, for those who keep a copy: every change of a claim and of a status.

Database triggers note each change in the transaction that makes it. Its place in the feed is
given later, once it is committed (`claims.feed`): rows are numbered in the order in which they
become visible, so that one which is committed late comes late, and is never before what a reader
has already read.
"""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import Q


class Change(models.Model):
    """One change. Of a claim: `claim`, and in `event` the row of its history that the change
    made (null: the claim is gone). Of a status: its interval after it, or, removed, before it."""

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
    claim = models.UUIDField(null=True)
    event = models.BigIntegerField(null=True)
    status = models.JSONField(null=True)  # the interval's row
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
            # From a time on.
            models.Index(fields=["at"], name="change_at"),
        ]

    def __str__(self) -> str:
        return f"{self.number}: {self.what} {self.action}"


_COLUMNS = "INSERT INTO claims_change (what, action, place, claim, event, status, transaction)"
_NOW = "pg_current_xact_id()::text::bigint"


def _statement(name: str, operation: pgtrigger.Operation, func: str) -> pgtrigger.Trigger:
    """Runs once for all rows of a statement: thousands are written at once."""
    old = "old_rows" if operation is not pgtrigger.Insert else None
    new = "new_rows" if operation is not pgtrigger.Delete else None
    return pgtrigger.Trigger(
        name=name,
        level=pgtrigger.Statement,
        when=pgtrigger.After,
        operation=operation,
        referencing=pgtrigger.Referencing(old=old, new=new),
        func=f"{func} RETURN NULL;",
    )


# Each row of a claim's history is a change.
OF_CLAIM_EVENTS = (
    _statement(
        "feed_claims",
        pgtrigger.Insert,
        f"""
        {_COLUMNS}
        SELECT 'claim', CASE pgh_label WHEN 'insert' THEN 'added' ELSE 'changed' END,
            place_id, pgh_obj_id, pgh_id, NULL, {_NOW}
        FROM new_rows ORDER BY pgh_id;
        """,  # noqa: S608 - of names written in this file, as are the others
    ),
)
OF_CLAIMS = (
    _statement(
        "feed_claims_gone",
        pgtrigger.Delete,
        f"""
        {_COLUMNS}
        SELECT 'claim', 'removed', place_id, id, NULL, NULL, {_NOW} FROM old_rows ORDER BY id;
        """,  # noqa: S608
    ),
)


def _passages(name: str, operation: pgtrigger.Operation, rows: str) -> pgtrigger.Trigger:
    """A claim whose passages change has changed, if nothing else says so in this transaction."""
    return _statement(
        name,
        operation,
        f"""
        {_COLUMNS}
        SELECT 'claim', 'changed', claim.place_id, claim.id,
            (SELECT max(pgh_id) FROM claims_claimevent WHERE pgh_obj_id = claim.id), NULL, {_NOW}
        FROM claims_claim claim
        WHERE claim.id IN (SELECT claim_id FROM {rows}) AND NOT EXISTS (
            SELECT FROM claims_change noted
            WHERE noted.claim = claim.id AND noted.number IS NULL AND noted.transaction = {_NOW}
        );
        """,  # noqa: S608
    )


OF_EVIDENCE = (
    _passages("feed_passages_new", pgtrigger.Insert, "new_rows"),
    _passages("feed_passages_changed", pgtrigger.Update, "new_rows"),
    _passages("feed_passages_gone", pgtrigger.Delete, "old_rows"),
)


def _intervals(
    name: str, operation: pgtrigger.Operation, action: str, rows: str
) -> pgtrigger.Trigger:
    return _statement(
        name,
        operation,
        f"""
        {_COLUMNS}
        SELECT 'status', '{action}', place_id, NULL, NULL, to_jsonb({rows}) - 'id', {_NOW}
        FROM {rows} ORDER BY place_id, include_pending, part_label, start;
        """,  # noqa: S608
    )


OF_INTERVALS = (
    _intervals("feed_status_new", pgtrigger.Insert, "added", "new_rows"),
    _intervals("feed_status_changed", pgtrigger.Update, "changed", "new_rows"),
    _intervals("feed_status_gone", pgtrigger.Delete, "removed", "old_rows"),
)
