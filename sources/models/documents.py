"""Publishers and their documents. A document carries its conflict as a slug: this app knows
neither `entities` nor `claims`."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from uuid import UUID

import pgtrigger
from django.conf import settings
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext

from config.ids import new_id


class Publisher(models.Model):
    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(max_length=200, unique=True)
    homepage = models.URLField(blank=True)
    # Texts are shown to those who work here; they are given on only where the licence allows it.
    licence = models.CharField(max_length=200, blank=True)
    texts_may_be_given_on = models.BooleanField(default=False, db_default=False)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class TextFamily(models.Model):
    """Documents with the same text or nearly: syndicated copies, of which only the earliest
    counts. Every text has a row; the documents with one that nearly repeats an earlier text are
    in that one's family (`sources.families`)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    text_hash = models.CharField(max_length=64)  # of the text, white space folded

    class Meta:
        verbose_name_plural = "text families"
        # A unique field would have a second index, for its beginnings, by which nobody looks.
        constraints = [models.UniqueConstraint(fields=["text_hash"], name="family_of_one_text")]

    def __str__(self) -> str:
        return self.text_hash[:12]


class Article(models.Model):
    """What a publisher has at one address. Its text may change: each text that was there is a
    `Document`, of which the one that is there now, as far as is known, is not `replaced_at`.

    The row of an address from which its publisher has moved an article (`sources.moves`) says to
    which row, and has no texts: they went along."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    publisher = models.ForeignKey(Publisher, models.PROTECT, related_name="articles")
    url = models.URLField(max_length=2000, unique=True)  # where redirects ended, no fragment
    # Where what stood here stands now: never at an address that was left likewise.
    moved_to = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        db_index=False,
        related_name="moved_from",
    )
    etag = models.CharField(max_length=500, blank=True)
    modified = models.CharField(max_length=100, blank=True)  # Last-Modified, as the site wrote it
    visits = models.PositiveIntegerField(default=0)
    visited_at = models.DateTimeField(null=True, blank=True)
    # When to look again whether it has changed; null: never.
    next_visit_at = models.DateTimeField(null=True, blank=True)
    leased_until = models.DateTimeField(null=True, blank=True)  # by the worker that looks
    failures = models.PositiveSmallIntegerField(default=0)  # since the last visit that succeeded
    error = models.TextField(blank=True)  # of the last visit: a sentence, and what goes into it
    error_values = models.JSONField(default=dict, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(moved_to=None) | ~Q(moved_to=F("id")) & Q(next_visit_at=None),
                name="article_moved_elsewhere_is_not_visited",
            ),
        ]
        indexes = [
            # The sweep looks for those that are due among many that are never visited again.
            models.Index(
                fields=["next_visit_at"],
                name="article_due",
                condition=Q(next_visit_at__isnull=False),
            ),
            # Few have moved, and are looked for by where to.
            models.Index(
                fields=["moved_to"],
                name="article_moved",
                condition=Q(moved_to__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.url


@pgtrigger.register(
    pgtrigger.Trigger(
        name="hash_text",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert,
        func="""
        IF NEW.withdrawn_at IS NULL THEN
            NEW.text_sha256 = encode(sha256(convert_to(NEW.text, 'UTF8')), 'hex');
        END IF;
        RETURN NEW;
        """,
    ),
    pgtrigger.Trigger(
        name="text_never_changes",
        when=pgtrigger.Before,
        operation=pgtrigger.UpdateOf("text", "text_sha256", "withdrawn_at"),
        func="""
        IF OLD.text_sha256 <> '' THEN
            NEW.text_sha256 = OLD.text_sha256;
        END IF;
        IF OLD.withdrawn_at IS NOT NULL AND NEW.withdrawn_at IS NULL THEN
            RAISE EXCEPTION 'A withdrawn text does not come back.'
                USING ERRCODE = 'check_violation';
        END IF;
        IF NEW.text IS DISTINCT FROM OLD.text AND NEW.withdrawn_at IS NULL THEN
            RAISE EXCEPTION 'The text of a document never changes.'
                USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
        """,
    ),
)
class Document(models.Model):
    """A text as it was published. It never changes, since the evidence of its claims counts its
    characters; what has been withdrawn has no text any more, and keeps its hash."""

    class Provenance(models.TextChoices):
        ARTICLE = "article", "a publisher's article"
        RETOLD = "retold", "retold from the public record for this project"

    class PublishedFrom(models.TextChoices):
        """Where its publication time is from."""

        GIVEN = "given", "who brought it in"
        FEED = "feed", "the feed"
        PAGE = "page", "what the page says of itself for programs"
        TEXT = "text", "a date that the page shows"
        ADDRESS = "address", "a date in its address"
        FETCHED = "fetched", "when it was fetched"

    class Confidence(models.TextChoices):
        HIGH = "high"
        MEDIUM = "medium"
        LOW = "low"

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
    conflict_slug = models.SlugField(blank=True, db_index=False)
    provenance = models.CharField(max_length=10, choices=Provenance, default=Provenance.ARTICLE)
    ingested_at = models.DateTimeField(auto_now_add=True)
    author = models.CharField(max_length=300, blank=True)
    published_from = models.CharField(
        max_length=7, choices=PublishedFrom, default=PublishedFrom.GIVEN, db_default="given"
    )
    published_confidence = models.CharField(
        max_length=6, choices=Confidence, default=Confidence.HIGH, db_default="high"
    )
    # SHA-256 of the text in UTF-8, by the database. It outlives the text.
    text_sha256 = models.CharField(max_length=64, editable=False, default="", db_default="")
    # Of an article at an address: which of its texts this is, from 1; and since when another has
    # been there instead.
    article = models.ForeignKey(
        Article, models.PROTECT, null=True, blank=True, related_name="documents"
    )
    version = models.PositiveSmallIntegerField(default=1, db_default=1)
    replaced_at = models.DateTimeField(null=True, blank=True)
    # Taken down: text and title are gone.
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    withdrawn_because = models.TextField(blank=True)

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
            models.CheckConstraint(
                condition=~Q(text="") & Q(withdrawn_at=None)
                | Q(text="", title="", withdrawn_at__isnull=False),
                name="document_has_text_unless_withdrawn",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None, withdrawn_by=None, withdrawn_because="")
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False)
                & ~Q(withdrawn_because=""),
                name="document_withdrawn_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(
                    published_from__in=["given", "feed", "page", "text", "address", "fetched"],
                    published_confidence__in=["high", "medium", "low"],
                ),
                name="document_published_from_known",
            ),
            models.UniqueConstraint(
                fields=["article", "version"],
                condition=Q(article__isnull=False),
                name="document_version_once",
            ),
            models.UniqueConstraint(
                fields=["article"],
                condition=Q(article__isnull=False, replaced_at=None),
                name="document_one_is_current",
            ),
            models.CheckConstraint(
                condition=Q(article__isnull=False) | Q(replaced_at=None, version=1),
                name="document_of_no_article_is_one",
            ),
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
        told = self.title or f"{self.publisher}, {self.published:%d %B %Y}"
        return told if self.withdrawn_at is None else f"{told} ({gettext('withdrawn')})"

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
