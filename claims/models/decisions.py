"""What editors decide."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from claims.models.claims import Claim
from config.ids import new_id

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

APPEND_ONLY = pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)


class Kind(models.TextChoices):
    ACCEPT = "accept"
    CORRECT = "correct"
    REJECT = "reject"
    UNVERIFIABLE = "unverifiable"
    REOPEN = "reopen"
    RESTORE = "restore"  # to an earlier state, as an undo does


class Because(models.TextChoices):
    """Why a claim is rejected, in the order of the keys that say so."""

    NOT_SAID = "not-said", _("the text does not say so")
    WHO = "who", _("somebody else says it")
    PLACE = "place", _("another place is meant")
    ACTION = "action", _("something else happened, or to somebody else")
    NOT_REAL = "not-real", _("a condition, prediction, aim or question")
    NOT_CONTROL = "not-control", _("not about who holds a town")
    DATE = "date", _("another day is meant")
    DUPLICATE = "duplicate", _("the same claim is there already")
    OTHER = "other", _("another reason")


@pgtrigger.register(APPEND_ONLY)
class Batch(models.Model):
    """Decisions taken together on a set of claims, to be undone together. `query` is the filter
    that chose them, as in an address."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(max_length=12, choices=Kind)
    because = models.CharField(max_length=12, choices=Because, blank=True)
    reason = models.TextField(blank=True)
    query = models.TextField(blank=True)
    undoes = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="undone_by"
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="batches")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-at", "-id"]
        verbose_name_plural = "batches"
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=Kind.values), name="batch_kind_known"),
            models.CheckConstraint(
                condition=Q(because__in=["", *Because.values]), name="batch_because_known"
            ),
            models.CheckConstraint(
                condition=Q(undoes__isnull=True) | ~Q(undoes=F("id")) & Q(kind="restore"),
                name="batch_undoes_another",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} by {self.by}"


@pgtrigger.register(APPEND_ONLY)
class Decision(models.Model):
    """What an editor decided on a claim, when and why. Never changed: undone by another.

    A second reading and an adjudication are decisions too. `version` is the claim's after it;
    null where the decision left the claim as it was.
    """

    Kind = Kind
    Because = Because

    class Reading(models.TextChoices):
        FIRST = "first"
        SECOND = "second"
        ADJUDICATION = "adjudication"

    claim = models.ForeignKey(Claim, models.PROTECT, related_name="decisions")
    kind = models.CharField(max_length=12, choices=Kind)
    reading = models.CharField(max_length=12, choices=Reading, default=Reading.FIRST)
    because = models.CharField(max_length=12, choices=Because, blank=True)
    reason = models.TextField(blank=True)
    changes = models.JSONField(default=dict, blank=True)  # field → [before, after]
    batch = models.ForeignKey(
        Batch, models.PROTECT, null=True, blank=True, related_name="decisions"
    )
    version = models.PositiveIntegerField(null=True, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="decisions")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["claim", "at", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=Kind.values), name="decision_kind_known"),
            models.CheckConstraint(
                condition=Q(reading__in=["first", "second", "adjudication"]),
                name="decision_reading_known",
            ),
            models.CheckConstraint(
                condition=Q(because="") | Q(kind="reject") & Q(because__in=Because.values),
                name="decision_because_of_rejections",
            ),
            models.CheckConstraint(
                condition=~Q(kind="reject") | ~Q(reason="") | ~Q(because__in=["", "other"]),
                name="decision_reject_says_why",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["correct", "restore"]) | Q(changes={}),
                name="decision_only_correct_changes",
            ),
            models.CheckConstraint(
                condition=~Q(reading="second") | Q(version__isnull=True),
                name="decision_second_reading_changes_nothing",
            ),
        ]
        indexes = [
            # An editor's latest decisions: what "previous" and "undo" go back to.
            models.Index(fields=["by", "-at"], name="decision_latest_by"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} by {self.by}"

    @property
    def why(self) -> StrOrPromise:
        """The reason in words: the chosen one, and what was written besides."""
        told = self.get_because_display() if self.because else ""
        return f"{told}: {self.reason}" if told and self.reason else told or self.reason
