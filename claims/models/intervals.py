"""What follows from a town's claims."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from entities.models import Place

if TYPE_CHECKING:
    from claims.models.vocabulary import Words
    from claims.status.records import Status


class StatusInterval(models.Model):
    """A town's status over some days, derived from its claims (`claims.derive`): a cache that
    can be emptied and made again at any time."""

    place = models.ForeignKey(Place, models.CASCADE, related_name="intervals")
    include_pending = models.BooleanField()
    part_label = models.CharField(max_length=100, blank=True)  # empty: the town's own
    start = models.DateField()
    end = models.DateField(null=True, blank=True)  # the first day after it; null: to this day
    status: Words[Status] = models.CharField(max_length=12)
    sides = ArrayField(models.CharField(max_length=50), default=list)  # who holds, or contests
    divided = ArrayField(models.CharField(max_length=50), default=list)
    rule = models.PositiveSmallIntegerField()
    version = models.CharField(max_length=10)
    by_own_word = models.BooleanField(default=False)  # claimed without a capture
    last_word_on = models.DateField(null=True, blank=True)  # what freshness is read off
    deciding = ArrayField(models.UUIDField(), default=list)  # ids of claims

    KEY = ("place", "include_pending", "part_label", "start")
    VALUES = (
        *("end", "status", "sides", "divided", "rule", "version", "by_own_word"),
        *("last_word_on", "deciding"),
    )

    class Meta:
        ordering = ["place", "include_pending", "part_label", "start"]
        constraints = [
            models.UniqueConstraint(
                fields=["place", "include_pending", "part_label", "start"],
                name="interval_once",
            ),
            models.CheckConstraint(
                condition=Q(end__isnull=True) | Q(end__gt=F("start")),
                name="interval_ends_after_start",
            ),
            models.CheckConstraint(
                condition=Q(
                    status__in=["controlled", "claimed", "contested", "fought-over", "unknown"]
                ),
                name="interval_status_known",
            ),
        ]
        indexes = [
            # The list of towns with their present status.
            models.Index(
                fields=["include_pending", "status"],
                name="interval_present",
                condition=Q(end__isnull=True, part_label=""),
            ),
            # What changed in a range of days.
            models.Index(
                fields=["include_pending", "start"],
                name="interval_changes",
                condition=Q(part_label=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.place}: {self.status} from {self.start}"

    @property
    def slot(self) -> tuple[UUID, bool, str, date]:
        """Which interval it is: what no two rows share (`KEY`)."""
        return self.place_id, self.include_pending, self.part_label, self.start

    def says_the_same_as(self, other: StatusInterval) -> bool:
        return all(getattr(self, name) == getattr(other, name) for name in self.VALUES)
