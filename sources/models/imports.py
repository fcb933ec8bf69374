"""Large files of documents, taken in line by line, where each start goes on from the last."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from config.ids import new_id
from sources.models.evidence import Snapshot


class BulkImport(models.Model):
    """A file of JSON Lines that is taken in. What is done of it is written with the documents
    that came of it, in one transaction: cut off, it goes on where it was."""

    class State(models.TextChoices):
        OPEN = "open"
        DONE = "done"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(max_length=300)
    sha256 = models.CharField(max_length=64)  # of the file: what tells it from others
    size = models.BigIntegerField()  # bytes
    # What holds for lines that do not say it themselves; with the file, what tells imports apart.
    publisher = models.CharField(max_length=200, blank=True)
    published = models.CharField(max_length=40, blank=True)  # ISO 8601 with an offset
    conflict_slug = models.SlugField(blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    # The file as it was kept; null: begun before files were.
    snapshot = models.ForeignKey(Snapshot, models.PROTECT, null=True, blank=True, related_name="+")
    state = models.CharField(max_length=4, choices=State, default=State.OPEN)
    done_bytes = models.BigIntegerField(default=0)
    lines = models.BigIntegerField(default=0)  # read so far, blank ones too
    created = models.BigIntegerField(default=0)
    present = models.BigIntegerField(default=0)
    failed = models.BigIntegerField(default=0)
    started_at = models.DateTimeField(auto_now_add=True)
    told_at = models.DateTimeField(auto_now=True)  # its last sign of life
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["sha256", "publisher", "published", "conflict_slug"],
                name="bulk_import_once",
            ),
            models.CheckConstraint(
                condition=Q(done_bytes__gte=0, done_bytes__lte=F("size")),
                name="bulk_import_within_its_file",
            ),
            models.CheckConstraint(
                condition=Q(state="open", finished_at=None)
                | Q(state="done", finished_at__isnull=False, done_bytes=F("size")),
                name="bulk_import_done_is_whole",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class BulkFault(models.Model):
    """A line of a bulk import that gave no document, and why."""

    bulk_import = models.ForeignKey(BulkImport, models.CASCADE, related_name="faults")
    line = models.BigIntegerField()  # from 1
    reason = models.TextField()

    class Meta:
        ordering = ["bulk_import", "line"]
        constraints = [
            models.UniqueConstraint(fields=["bulk_import", "line"], name="bulk_fault_once"),
        ]

    def __str__(self) -> str:
        return f"{self.line}: {self.reason}"
