"""Files of claims and statuses: exports of what somebody asked for, and releases for all."""

from __future__ import annotations

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q

from config.ids import new_id
from sources.models.failing import InWords

DIGEST = 64  # characters of a SHA-256


class Export(InWords, models.Model):
    """An export that a worker makes. The row is the job, and says how far it is."""

    class State(models.TextChoices):
        WAITING = "waiting"
        RUNNING = "running"
        DONE = "done"
        FAILED = "failed"
        EXPIRED = "expired"  # its file is gone

    OPEN = (State.WAITING, State.RUNNING)

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="exports")
    at = models.DateTimeField(auto_now_add=True)
    table = models.CharField(max_length=20)  # claims, town-days, control-changes …
    format = models.CharField(max_length=10)  # csv, ndjson, geojson, xlsx, parquet
    query = models.TextField(blank=True)  # the filters, as in an address
    state = models.CharField(max_length=7, choices=State, default=State.WAITING)
    rows_done = models.PositiveBigIntegerField(default=0)
    rows_in_all = models.PositiveBigIntegerField(null=True, blank=True)
    file = models.FileField(upload_to="exports", blank=True)
    size = models.PositiveBigIntegerField(null=True, blank=True)  # bytes
    sha256 = models.CharField(max_length=DIGEST, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    # Why it failed: a sentence and what goes into it, so that it can be said in any language.
    error = models.TextField(blank=True)
    error_values = models.JSONField(default=dict, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    # Until when the worker that has it may keep it; and, waiting, before when not to try again.
    leased_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "running", "done", "failed", "expired"]),
                name="export_state_known",
            ),
            models.CheckConstraint(
                condition=~Q(state="done")
                | ~Q(file="") & ~Q(sha256="") & Q(size__isnull=False, expires_at__isnull=False),
                name="export_done_has_a_file",
            ),
            models.CheckConstraint(
                condition=~Q(state="failed") | ~Q(error=""), name="export_failed_says_why"
            ),
            models.CheckConstraint(
                condition=~Q(state="running") | Q(leased_until__isnull=False),
                name="export_running_is_leased",
            ),
        ]
        indexes = [
            # The sweep looks for open exports and expired files among many.
            models.Index(
                fields=["leased_until"],
                name="export_open",
                condition=Q(state__in=["waiting", "running"]),
            ),
            models.Index(fields=["expires_at"], name="export_done", condition=Q(state="done")),
        ]

    def __str__(self) -> str:
        return f"{self.table} as {self.format}, {self.at:%d %B %Y}"


@pgtrigger.register(
    pgtrigger.Protect(
        name="published_stays",
        operation=pgtrigger.Update | pgtrigger.Delete,
        condition=pgtrigger.Q(old__state="published"),
    )
)
class Release(InWords, models.Model):
    """A numbered snapshot that never changes: what a paper cites."""

    class State(models.TextChoices):
        WAITING = "waiting"
        RUNNING = "running"
        PUBLISHED = "published"
        FAILED = "failed"

    OPEN = (State.WAITING, State.RUNNING)

    number = models.PositiveIntegerField(primary_key=True)
    title = models.CharField(max_length=200)
    notes = models.TextField(blank=True)
    licence = models.TextField()  # the whole text
    citation = models.TextField(blank=True)  # filled when it is published
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="releases")
    at = models.DateTimeField(auto_now_add=True)
    published_at = models.DateTimeField(null=True, blank=True)
    change = models.BigIntegerField(null=True, blank=True)  # the feed's last number in it
    state = models.CharField(max_length=9, choices=State, default=State.WAITING)
    rows_done = models.PositiveBigIntegerField(default=0)
    error = models.TextField(blank=True)
    error_values = models.JSONField(default=dict, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    leased_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "running", "published", "failed"]),
                name="release_state_known",
            ),
            models.CheckConstraint(
                condition=~Q(state="published")
                | Q(published_at__isnull=False, change__isnull=False) & ~Q(citation=""),
                name="release_published_is_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number}: {self.title}"


@pgtrigger.register(
    pgtrigger.Trigger(
        name="published_stays",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
        declare=[("releases", "bigint[]")],
        # Of a file that is moved to another release, both.
        func="""
        releases = CASE TG_OP
            WHEN 'INSERT' THEN ARRAY[NEW.release_id]
            WHEN 'DELETE' THEN ARRAY[OLD.release_id]
            ELSE ARRAY[OLD.release_id, NEW.release_id] END;
        IF EXISTS (
            SELECT FROM claims_release WHERE number = ANY(releases) AND state = 'published'
        ) THEN
            RAISE EXCEPTION 'The files of a published release never change.';
        END IF;
        RETURN COALESCE(NEW, OLD);
        """,
    )
)
class ReleaseFile(models.Model):
    """A file of a release, with what shows that it is unchanged."""

    release = models.ForeignKey(Release, models.PROTECT, related_name="files")
    name = models.CharField(max_length=100)
    file = models.FileField(upload_to="releases")
    size = models.PositiveBigIntegerField()  # bytes
    sha256 = models.CharField(max_length=DIGEST)
    rows = models.PositiveBigIntegerField(null=True, blank=True)

    class Meta:
        ordering = ["release", "name"]
        constraints = [
            models.UniqueConstraint(fields=["release", "name"], name="release_file_once"),
        ]

    def __str__(self) -> str:
        return self.name
