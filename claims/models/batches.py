"""The claims that a batch is about."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from claims.models.claims import Claim
from claims.models.decisions import Batch


class BatchedClaim(models.Model):
    """A claim that a batch decides on, as it was previewed, and what became of it. The row is the
    job: those that wait are decided on by whoever takes them first.

    `version` is the claim's as previewed. `told` says in words why it was refused.
    """

    class Outcome(models.TextChoices):
        WAITING = "waiting", _("not reached yet")
        DONE = "done", _("done")
        CHANGED = "changed", _("left: somebody has changed it since")
        REFUSED = "refused", _("left: it could not be done")
        STOPPED = "stopped", _("left: the batch was undone before")

    batch = models.ForeignKey(Batch, models.CASCADE, related_name="claims")
    claim = models.ForeignKey(Claim, models.PROTECT, related_name="batched")
    version = models.PositiveIntegerField()
    outcome = models.CharField(max_length=7, choices=Outcome, default=Outcome.WAITING)
    told = models.TextField(blank=True)

    class Meta:
        ordering = ["batch", "id"]
        constraints = [
            models.UniqueConstraint(fields=["batch", "claim"], name="batched_once"),
            models.CheckConstraint(
                condition=Q(outcome__in=["waiting", "done", "changed", "refused", "stopped"]),
                name="batched_outcome_known",
            ),
            models.CheckConstraint(
                condition=Q(told="") | Q(outcome="refused"), name="batched_told_of_refusals"
            ),
        ]
        indexes = [
            # What is left to do: few of many rows.
            models.Index(
                fields=["batch", "id"], condition=Q(outcome="waiting"), name="batched_waiting"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.claim}: {self.outcome}"
