"""What was received from outside, byte for byte: so that it can be shown years later."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import Q

from config.ids import new_id
from sources.models.documents import Article, Document


class StoredBytes(models.Model):
    """Bytes that were received, kept compressed in the storage `evidence` under their hash: the
    same bytes are kept once. Withdrawn, they are gone from there, and the row says that they
    were."""

    sha256 = models.CharField(max_length=64, primary_key=True)  # in lower-case hexadecimal
    size = models.BigIntegerField()  # bytes, as received
    stored_size = models.BigIntegerField()  # bytes, as kept
    kept_at = models.DateTimeField(auto_now_add=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "stored bytes"
        constraints = [
            models.CheckConstraint(
                condition=Q(sha256__regex=r"^[0-9a-f]{64}$"), name="stored_bytes_by_their_hash"
            ),
            models.CheckConstraint(
                condition=Q(size__gte=0, stored_size__gte=0), name="stored_bytes_have_a_size"
            ),
        ]

    def __str__(self) -> str:
        return self.sha256[:12]


@pgtrigger.register(
    pgtrigger.Protect(name="never_changes", operation=pgtrigger.Delete),
    pgtrigger.Protect(
        name="says_what_was_received",
        operation=pgtrigger.UpdateOf(
            "way", "asked", "address", "moved", "status", "headers", "bytes_id", "name", "at"
        ),
    ),
)
class Snapshot(models.Model):
    """What was received at one time: a site's answer, or a file that somebody brought in."""

    class Way(models.TextChoices):
        FETCHED = "fetched"
        UPLOADED = "uploaded"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    way = models.CharField(max_length=8, choices=Way)
    at = models.DateTimeField(db_index=True)
    bytes = models.ForeignKey(StoredBytes, models.PROTECT, related_name="snapshots")
    # Of an answer: what was asked for, where redirects ended, and up to where they are for good;
    # HTTP status; headers as they came, as pairs of name and value. The bytes are as sent, in the
    # header's Content-Encoding.
    asked = models.URLField(max_length=2000, blank=True)
    address = models.URLField(max_length=2000, blank=True)
    moved = models.URLField(max_length=2000, blank=True, default="", db_default="")
    status = models.PositiveSmallIntegerField(null=True, blank=True)
    headers = models.JSONField(default=list, blank=True)
    name = models.CharField(max_length=300, blank=True)  # of a file, the sender's
    # What was made of it; null while, or where, nothing is.
    article = models.ForeignKey(
        Article, models.PROTECT, null=True, blank=True, related_name="snapshots"
    )
    document = models.ForeignKey(
        Document, models.PROTECT, null=True, blank=True, related_name="snapshots"
    )
    # Of a file that `manage.py ingest` took in: what was read from it, be it one or many.
    holds = models.ManyToManyField(Document, blank=True, related_name="files")

    class Meta:
        ordering = ["at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(way="fetched", status__isnull=False, name="")
                & ~Q(asked="")
                & ~Q(address="")
                | Q(way="uploaded", status=None, asked="", address=""),
                name="snapshot_of_an_answer_or_a_file",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.address or self.name}, {self.at:%d %B %Y}"
