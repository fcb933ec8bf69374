"""Where partners are told of changes, and each telling."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from config.ids import new_id
from sources.models.failing import InWords


class Webhook(models.Model):
    """An address that is told of changes in the order of the feed (`Change.number`)."""

    class What(models.TextChoices):
        CLAIM = "claim", _("changes of claims")
        STATUS = "status", _("changes of statuses")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="webhooks")
    name = models.CharField(max_length=100)
    url = models.URLField(max_length=2000)
    # Not a digest: what is sent is signed with it.
    secret = models.CharField(max_length=100, editable=False)
    # The secret before it, with which is signed besides until then: receivers change in between.
    old_secret = models.CharField(max_length=100, blank=True, editable=False)
    old_secret_until = models.DateTimeField(null=True, blank=True, editable=False)
    what = ArrayField(models.CharField(max_length=6, choices=What))
    query = models.TextField(blank=True)  # the filters, as in an address
    created_at = models.DateTimeField(auto_now_add=True)
    change = models.BigIntegerField(default=0)  # the last of the feed that deliveries were made of
    failing_since = models.DateTimeField(null=True, blank=True)
    # Why it is switched off: by its owner, or after failing for too long. Empty: it is on.
    disabled_at = models.DateTimeField(null=True, blank=True)
    disabled_because = models.TextField(blank=True)

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(what__contained_by=["claim", "status"]) & Q(what__len__gt=0),
                name="webhook_what_known",
            ),
            models.CheckConstraint(
                condition=Q(disabled_at__isnull=True, disabled_because="")
                | Q(disabled_at__isnull=False) & ~Q(disabled_because=""),
                name="webhook_disabled_says_why",
            ),
            models.CheckConstraint(
                condition=Q(old_secret="", old_secret_until__isnull=True)
                | ~Q(old_secret="") & Q(old_secret_until__isnull=False),
                name="webhook_old_secret_ends",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Delivery(InWords, models.Model):
    """A change that a webhook is told of. The row is the job; attempts are kept on it."""

    class State(models.TextChoices):
        WAITING = "waiting"
        RUNNING = "running"
        DELIVERED = "delivered"
        FAILED = "failed"

    OPEN = (State.WAITING, State.RUNNING)

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    webhook = models.ForeignKey(Webhook, models.CASCADE, related_name="deliveries")
    change = models.BigIntegerField(null=True)  # the feed's number; null: a test
    body = models.TextField()  # JSON, exactly as it is signed and sent
    state = models.CharField(max_length=9, choices=State, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    # Until when the worker that has it may keep it; and, waiting, before when not to try again.
    leased_until = models.DateTimeField(null=True, blank=True)
    status = models.PositiveSmallIntegerField(null=True, blank=True)  # HTTP, of the last attempt
    error = models.TextField(blank=True)
    error_values = models.JSONField(default=dict, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    delivered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        verbose_name_plural = "deliveries"
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "running", "delivered", "failed"]),
                name="delivery_state_known",
            ),
            models.UniqueConstraint(fields=["webhook", "change"], name="delivery_once"),
            models.CheckConstraint(
                condition=~Q(state="delivered") | Q(delivered_at__isnull=False),
                name="delivery_delivered_when",
            ),
        ]
        indexes = [
            models.Index(
                fields=["leased_until"],
                name="delivery_open",
                condition=Q(state__in=["waiting", "running"]),
            ),
            # A webhook's page: its latest ones, of tens of thousands.
            models.Index(fields=["webhook", "-id"], name="delivery_latest"),
            # Counted for alarms, and listed, whatever the number of those that are done.
            models.Index(fields=["id"], name="delivery_failed", condition=Q(state="failed")),
        ]

    def __str__(self) -> str:
        return f"{self.webhook}: {self.change}"
