"""Who may do what in which conflict, how it is read a second time, and filters kept for later."""

from __future__ import annotations

import pghistory
from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from entities.models import Conflict


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class Membership(models.Model):
    """A user's role in a conflict; in all of them, and in places of none, where it is null."""

    class Role(models.TextChoices):
        READER = "reader", _("reader")
        ANALYST = "analyst", _("analyst")
        EDITOR = "editor", _("editor")
        ADJUDICATOR = "adjudicator", _("adjudicator")
        ADMINISTRATOR = "administrator", _("administrator")

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="memberships")
    conflict = models.ForeignKey(
        Conflict, models.CASCADE, null=True, blank=True, related_name="memberships"
    )
    role = models.CharField(max_length=13, choices=Role)

    class Meta:
        ordering = ["user", "conflict"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "conflict"], name="membership_once", nulls_distinct=False
            ),
            models.CheckConstraint(
                condition=Q(
                    role__in=["reader", "analyst", "editor", "adjudicator", "administrator"]
                ),
                name="membership_role_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.role}"


@pghistory.track()
class ReviewPolicy(models.Model):
    """Which decided claims of a conflict (null: of places of none) are read a second time."""

    class SecondReading(models.TextChoices):
        NONE = "none", _("none")
        SHARE = "share", _("a share of them, drawn by chance")
        ALL = "all", _("all")
        CHANGED = "changed", _("rejected and corrected ones")

    conflict = models.OneToOneField(
        Conflict, models.CASCADE, null=True, blank=True, related_name="review_policy"
    )
    second_reading = models.CharField(
        max_length=7, choices=SecondReading, default=SecondReading.NONE
    )
    share = models.PositiveSmallIntegerField(
        default=10, validators=[MinValueValidator(1), MaxValueValidator(100)]
    )  # per cent

    class Meta:
        ordering = ["conflict"]
        verbose_name_plural = "review policies"
        constraints = [
            models.UniqueConstraint(fields=["conflict"], name="policy_once", nulls_distinct=False),
            models.CheckConstraint(
                condition=Q(second_reading__in=["none", "share", "all", "changed"]),
                name="policy_known",
            ),
            models.CheckConstraint(
                condition=Q(share__range=(1, 100)), name="policy_share_is_per_cent"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.conflict}: {self.second_reading}"


class SavedFilter(models.Model):
    """A filter of the queue that an editor comes back to; `query` as in an address."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="saved_filters")
    name = models.CharField(max_length=100)
    query = models.TextField(blank=True)

    class Meta:
        ordering = ["user", "name"]
        constraints = [
            models.UniqueConstraint(fields=["user", "name"], name="saved_filter_once"),
        ]

    def __str__(self) -> str:
        return self.name
