"""What follows from a town's claims."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from claims.models.changes import OF_INTERVALS
from entities.models import Place

if TYPE_CHECKING:
    from claims.models.vocabulary import Words
    from claims.status.records import Status


@pgtrigger.register(*OF_INTERVALS)
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
    # What freshness is read off: (from, last) pairs, ascending. From the day `from` on, `last` is
    # the last day on which the deciding word was said; empty where a status does not age.
    word_days = ArrayField(ArrayField(models.DateField(), size=2), default=list, blank=True)
    deciding = ArrayField(models.UUIDField(), default=list)  # ids of claims

    KEY = ("place", "include_pending", "part_label", "start")
    VALUES = (
        *("end", "status", "sides", "divided", "rule", "version", "by_own_word"),
        *("word_days", "deciding"),
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
            # What a town's status was before it became another: without it, changes of a month
            # took 17 ms of 100,000 claims, since all intervals of each town were read; now 0.5.
            models.Index(
                fields=["place", "end", "include_pending"],
                name="interval_end",
                condition=Q(part_label=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.place}: {self.status} from {self.start}"

    def last_word_by(self, day: date) -> date | None:
        """When the deciding word was said last, as of `day`; None where nothing ages."""
        said = [last for since, last in self.word_days if since <= day]
        return said[-1] if said else None

    @property
    def slot(self) -> tuple[UUID, bool, str, date]:
        """Which interval it is: what no two rows share (`KEY`)."""
        return self.place_id, self.include_pending, self.part_label, self.start

    def says_the_same_as(self, other: StatusInterval) -> bool:
        return all(getattr(self, name) == getattr(other, name) for name in self.VALUES)
