"""Keys of the API: how programs say for whom they ask."""

from __future__ import annotations

from datetime import datetime

import pghistory
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from config.ids import new_id


class ApiKeyQuerySet(models.QuerySet["ApiKey"]):
    def working(self, now: datetime) -> ApiKeyQuerySet:
        """Those that are neither revoked nor expired."""
        lasts = Q(expires_at__isnull=True) | Q(expires_at__gt=now)
        return self.filter(lasts, revoked_at__isnull=True)


# Made, changed and revoked by whom; neither the digest, nor a row for each minute of use.
@pghistory.track(exclude=["digest", "last_used_at"])
class ApiKey(models.Model):
    """A key of a user, who may do with it what he may do himself and its scopes name. The key
    itself is shown once: here stands its digest (SHA-256; it is 256 bits drawn by chance, so
    that there is nothing to guess), and `prefix`, by which people tell keys apart."""

    class Scope(models.TextChoices):
        READ = "read", _("read")
        EXPORT = "export", _("export")
        WRITE = "write", _("write")

    class State(models.TextChoices):
        WORKS = "works", _("works")
        EXPIRED = "expired", _("expired")
        REVOKED = "revoked", _("revoked")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="api_keys")
    name = models.CharField(max_length=100)
    prefix = models.CharField(max_length=16, unique=True, editable=False)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    scopes = ArrayField(models.CharField(max_length=6, choices=Scope))
    rate = models.PositiveIntegerField(default=600)  # requests a minute
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)  # to the minute
    # The key that this one takes the place of, which works on until it expires.
    rotates = models.OneToOneField(
        "self", models.SET_NULL, null=True, blank=True, related_name="rotated_by"
    )

    objects = ApiKeyQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        verbose_name = "API key"
        constraints = [
            models.CheckConstraint(
                condition=Q(scopes__contained_by=["read", "export", "write"])
                & Q(scopes__len__gt=0),
                name="api_key_scopes_known",
            ),
            models.CheckConstraint(condition=Q(rate__gt=0), name="api_key_rate_allows_some"),
            models.CheckConstraint(
                condition=Q(rotates__isnull=True) | ~Q(rotates=F("id")),
                name="api_key_rotates_another",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.prefix}… ({self.name})"

    def state(self, now: datetime) -> State:
        if self.revoked_at is not None:
            return self.State.REVOKED
        if self.expires_at is not None and self.expires_at <= now:
            return self.State.EXPIRED
        return self.State.WORKS
