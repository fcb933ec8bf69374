"""What became of what actors said."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from claims.models.vocabulary import choices
from claims.status import track_record
from entities.models import Actor, Place

if TYPE_CHECKING:
    from claims.models.vocabulary import Words


class TrackedStatement(models.Model):
    """An actor's statement about a town with its outcome, as `claims.status.track_record` has
    it: derived with the town's status, a cache that can be emptied and made again."""

    place = models.ForeignKey(Place, models.CASCADE, related_name="tracked")
    actor = models.ForeignKey(Actor, models.CASCADE, related_name="tracked")
    include_pending = models.BooleanField()
    kind: Words[track_record.StatementKind] = models.CharField(
        max_length=8, choices=choices(track_record.StatementKind)
    )
    side = models.CharField(max_length=50)
    first = models.DateField()
    last = models.DateField()
    claims = ArrayField(models.UUIDField())  # ids, the first to be said first
    outcome: Words[track_record.Outcome] = models.CharField(
        max_length=16, choices=choices(track_record.Outcome)
    )
    answers = ArrayField(models.UUIDField(), default=list)  # ids of claims
    answered_on = models.DateField(null=True, blank=True)
    lag = models.PositiveIntegerField(null=True, blank=True)  # days

    class Meta:
        ordering = ["-first", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=track_record.KINDS), name="tracked_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(outcome__in=track_record.OUTCOMES), name="tracked_outcome_known"
            ),
            models.CheckConstraint(
                condition=Q(outcome="conceded", lag__isnull=False)
                | ~Q(outcome="conceded") & Q(lag__isnull=True),
                name="tracked_lag_of_concessions",
            ),
            models.CheckConstraint(
                condition=Q(outcome="unanswered", answered_on__isnull=True)
                | ~Q(outcome="unanswered") & Q(answered_on__isnull=False),
                name="tracked_answer_has_a_day",
            ),
        ]
        indexes = [
            # An actor's record, the latest first.
            models.Index(fields=["actor", "include_pending", "-first"], name="tracked_of_actor"),
        ]

    def __str__(self) -> str:
        return f"{self.actor}: {self.kind} of {self.place} since {self.first}: {self.outcome}"
