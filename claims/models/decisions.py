"""What editors decide."""

from __future__ import annotations

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q

from claims.models.claims import Claim


@pgtrigger.register(
    pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
)
class Decision(models.Model):
    """What an editor decided on a claim, when and why. Never changed: undone by another."""

    class Kind(models.TextChoices):
        ACCEPT = "accept"
        CORRECT = "correct"
        REJECT = "reject"
        UNVERIFIABLE = "unverifiable"
        REOPEN = "reopen"

    claim = models.ForeignKey(Claim, models.PROTECT, related_name="decisions")
    kind = models.CharField(max_length=12, choices=Kind)
    reason = models.TextField(blank=True)
    changes = models.JSONField(default=dict, blank=True)  # field → [before, after]
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="decisions")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["claim", "at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["accept", "correct", "reject", "unverifiable", "reopen"]),
                name="decision_kind_known",
            ),
            models.CheckConstraint(
                condition=~Q(kind="reject") | ~Q(reason=""), name="decision_reject_says_why"
            ),
            models.CheckConstraint(
                condition=Q(kind="correct") | Q(changes={}), name="decision_only_correct_changes"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} by {self.by}"
