"""Publishers and their documents. A document carries its conflict as a slug: this app knows
neither `entities` nor `claims`."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from uuid import UUID

from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.urls import reverse

from config.ids import new_id


class Publisher(models.Model):
    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(max_length=200, unique=True)
    homepage = models.URLField(blank=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class TextFamily(models.Model):
    """Documents with the same text or nearly: syndicated copies, of which only the earliest
    counts. Every text has a row; the documents with one that nearly repeats an earlier text are
    in that one's family (`sources.families`)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    text_hash = models.CharField(max_length=64, unique=True)  # of the text, white space folded

    class Meta:
        verbose_name_plural = "text families"

    def __str__(self) -> str:
        return self.text_hash[:12]


class Document(models.Model):
    class Provenance(models.TextChoices):
        ARTICLE = "article", "a publisher's article"
        RETOLD = "retold", "retold from the public record for this project"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    publisher = models.ForeignKey(Publisher, models.PROTECT, related_name="documents")
    family = models.ForeignKey(TextFamily, models.PROTECT, related_name="documents")
    # Of a near copy: the family of exactly its text. Null: `family` is that.
    exact_family = models.ForeignKey(
        TextFamily, models.PROTECT, null=True, blank=True, related_name="near_copies"
    )
    title = models.CharField(max_length=500, blank=True)
    text = models.TextField()
    published = models.DateTimeField(db_index=True)
    # The offset from UTC that the publisher gave, in minutes: days are counted in it.
    published_offset = models.SmallIntegerField(default=0)
    url = models.URLField(max_length=2000, blank=True)
    external_id = models.CharField(max_length=200, blank=True)
    conflict_slug = models.SlugField(blank=True)
    provenance = models.CharField(max_length=10, choices=Provenance, default=Provenance.ARTICLE)
    ingested_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-published", "-id"]
        constraints = [
            models.UniqueConstraint(
                F("publisher"),
                Coalesce("exact_family", "family"),
                name="document_once_for_a_publisher",
            ),
            models.CheckConstraint(
                condition=~Q(exact_family=F("family")), name="document_exact_family_is_another"
            ),
            models.CheckConstraint(condition=~Q(text=""), name="document_has_text"),
            models.CheckConstraint(
                condition=Q(published_offset__range=(-14 * 60, 14 * 60)),
                name="document_offset_valid",
            ),
            models.CheckConstraint(
                condition=Q(provenance__in=["article", "retold"]),
                name="document_provenance_known",
            ),
        ]
        indexes = [
            # Each publisher's last document, and its habit, without a look at the texts' table.
            models.Index(fields=["publisher", "published"], include=["id"], name="document_latest"),
        ]

    def __str__(self) -> str:
        return self.title or f"{self.publisher}, {self.published:%d %B %Y}"

    def get_absolute_url(self) -> str:
        return reverse("document", args=[self.id])

    @property
    def own_family_id(self) -> UUID:
        """The family of exactly its text, which never changes."""
        return self.exact_family_id or self.family_id

    @property
    def published_local(self) -> datetime:
        """The publication time in the offset that the publisher gave."""
        return self.published.astimezone(timezone(timedelta(minutes=self.published_offset)))


class TextSample(models.Model):
    """A shingle that stands for a text, by its hash (`sources.copies`): copies are found by it."""

    # In this order, so that its index gives the latest texts with a shingle (ids ascend in time).
    pk = models.CompositePrimaryKey("hash", "family")
    hash = models.BigIntegerField()
    family = models.ForeignKey(TextFamily, models.CASCADE, related_name="sample")

    def __str__(self) -> str:
        return f"{self.hash:x}"


class DocumentWords(models.Model):
    """A document's title and text as they are searched for: a column that the database makes of
    them in the same table. Rows of `Document` leave it alone, since it is as big as the text.

    Only the first 100 000 characters are in it: what PostgreSQL takes of any text.
    """

    document = models.OneToOneField(
        Document, models.DO_NOTHING, primary_key=True, db_column="id", related_name="words"
    )
    words = SearchVectorField()

    class Meta:
        managed = False
        db_table = "sources_document"
        default_permissions = ()

    def __str__(self) -> str:
        return f"the words of {self.document_id}"
