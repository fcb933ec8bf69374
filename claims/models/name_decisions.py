"""What editors say about names that extraction did not know."""

from __future__ import annotations

from typing import TYPE_CHECKING, get_args

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from claims.extraction import records
from claims.models.decisions import APPEND_ONLY
from claims.models.vocabulary import choices
from entities.models import Actor, Place

if TYPE_CHECKING:
    from claims.models.vocabulary import Words


class NameDecisionQuerySet(models.QuerySet["NameDecision"]):
    def standing(self) -> NameDecisionQuerySet:
        """Those that hold: not undone, and no undoing themselves."""
        return self.filter(undone_by__isnull=True).exclude(outcome=NameDecision.Outcome.UNDO)


@pgtrigger.register(APPEND_ONLY)
class NameDecision(models.Model):
    """What a name is: a new actor or place, another name of one that is known, a speaker of an
    actor, or nothing to be asked again. Never changed: undone by another, which names it."""

    class Outcome(models.TextChoices):
        NEW = "new"
        ALIAS = "alias"
        SPEAKER = "speaker"
        IGNORE = "ignore"
        UNDO = "undo"

    kind: Words[records.NameKind] = models.CharField(
        max_length=5, choices=choices(records.NameKind)
    )
    name = models.CharField(max_length=200)
    folded = models.CharField(max_length=200)  # what is compared
    # As texts have written it: what claims were told apart by before it was known.
    spellings = ArrayField(models.CharField(max_length=200), default=list)
    outcome = models.CharField(max_length=8, choices=Outcome)
    actor = models.ForeignKey(
        Actor, models.PROTECT, null=True, blank=True, related_name="name_decisions"
    )
    place = models.ForeignKey(
        Place, models.PROTECT, null=True, blank=True, related_name="name_decisions"
    )
    undoes = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="undone_by"
    )
    did = models.JSONField(default=dict, blank=True)  # what was changed, for an undo
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="name_decisions")
    at = models.DateTimeField(auto_now_add=True)

    objects = NameDecisionQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=get_args(records.NameKind)), name="name_decision_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(
                    outcome__in=["new", "alias", "speaker"], kind="actor", place__isnull=True
                )
                & Q(actor__isnull=False)
                | Q(outcome__in=["new", "alias"], kind="place", actor__isnull=True)
                & Q(place__isnull=False)
                | Q(outcome__in=["ignore", "undo"], actor__isnull=True, place__isnull=True),
                name="name_decision_says_whose",
            ),
            models.CheckConstraint(
                condition=Q(outcome="undo", undoes__isnull=False) & ~Q(undoes=F("id"))
                | ~Q(outcome="undo") & Q(undoes__isnull=True),
                name="name_decision_undoes_another",
            ),
        ]
        indexes = [models.Index(fields=["kind", "folded"], name="name_decision_by_name")]

    def __str__(self) -> str:
        return f"{self.name}: {self.outcome}"
