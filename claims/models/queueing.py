"""What awaits an editor: a row for every claim that somebody still has to read.

Database triggers keep it, so that no way is missed in which a claim becomes pending or stops
being so. The row is also the lease: who has been handed the claim, and until when.
"""

from __future__ import annotations

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

DOUBTFUL = 0.5  # confidence below which a claim is as likely misread as not

_ENTER = f"""
    INSERT INTO claims_queuedclaim (claim_id, stage, doubtful, published)
    SELECT NEW.id, 'first', NEW.confidence < {DOUBTFUL} OR NEW.place_ambiguous, published
    FROM sources_document WHERE id = NEW.document_id
    ON CONFLICT (claim_id) DO UPDATE SET stage = 'first', holder_id = NULL, leased_until = NULL,
        passed_by_id = NULL, note = '';
"""  # noqa: S608 - of a number written above
# All claims that a statement writes, at once; what is new stands in no queue yet.
_ENTER_NEW = f"""
    INSERT INTO claims_queuedclaim (claim_id, stage, doubtful, published)
    SELECT claim.id, 'first', claim.confidence < {DOUBTFUL} OR claim.place_ambiguous,
        document.published
    FROM new_rows claim JOIN sources_document document ON document.id = claim.document_id
    WHERE claim.state = 'pending';
"""  # noqa: S608 - of a number written above
# A claim that was only ever decided once keeps the place that a second reading gave it.
_LEAVE = "DELETE FROM claims_queuedclaim WHERE claim_id = NEW.id AND stage = 'first';"
OF_CLAIMS = (
    pgtrigger.Trigger(
        name="queue_new",
        level=pgtrigger.Statement,
        when=pgtrigger.After,
        operation=pgtrigger.Insert,
        referencing=pgtrigger.Referencing(new="new_rows"),
        func=_ENTER_NEW + "RETURN NULL;",
    ),
    pgtrigger.Trigger(
        name="queue_changed",
        when=pgtrigger.After,
        operation=pgtrigger.UpdateOf("state"),
        condition=pgtrigger.AnyChange("state"),
        func=f"""
        IF NEW.state = 'pending' THEN {_ENTER}
        ELSIF OLD.state = 'pending' THEN {_LEAVE}
        END IF;
        RETURN NULL;
        """,
    ),
)


class QueuedClaim(models.Model):
    """A claim that awaits an editor, why it stands where it stands in the queue, and who has
    been handed it.

    `decides`: a status of its town would follow from it. `disputed`: somebody else's claim
    contradicts it. `doubtful`: the extractor is not sure of it. The first and the last are
    known at once, the others once the town's statuses are derived.
    """

    class Stage(models.TextChoices):
        FIRST = "first"
        SECOND = "second"
        ADJUDICATION = "adjudication"

    claim = models.OneToOneField(
        "claims.Claim", models.CASCADE, primary_key=True, related_name="queued"
    )
    stage = models.CharField(max_length=12, choices=Stage, default=Stage.FIRST)
    decides = models.BooleanField(default=False, db_default=False)
    disputed = models.BooleanField(default=False, db_default=False)
    doubtful = models.BooleanField(default=False)
    published = models.DateTimeField()  # its document
    # Who sent it to another reader, undecided, and what he asks.
    passed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    note = models.TextField(blank=True, db_default="")
    holder = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="leases"
    )
    leased_until = models.DateTimeField(null=True, blank=True)
    since = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["-decides", "-disputed", "-doubtful", "-published", "claim"]
        constraints = [
            models.CheckConstraint(
                condition=Q(stage__in=["first", "second", "adjudication"]),
                name="queued_stage_known",
            ),
            models.CheckConstraint(
                condition=Q(holder__isnull=True) | Q(leased_until__isnull=False),
                name="queued_held_until",
            ),
        ]
        indexes = [
            # The next claim, without sorting all that wait.
            models.Index(
                fields=["-decides", "-disputed", "-doubtful", "-published", "claim"],
                name="queued_order",
            ),
            # What an editor holds: few of many rows.
            models.Index(fields=["holder"], condition=Q(holder__isnull=False), name="queued_held"),
        ]

    def __str__(self) -> str:
        return f"{self.claim}: {self.stage}"
