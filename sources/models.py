"""Publishers and their documents. A document carries its conflict as a slug: this app knows
neither `entities` nor `claims`."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from uuid import UUID

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


class Intake(models.Model):
    """Texts that somebody brought in at once. Each has an item, so that none is lost."""

    class Way(models.TextChoices):
        PASTED = "pasted"
        FILES = "files"
        ADDRESS = "address"
        API = "api"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    way = models.CharField(max_length=10, choices=Way)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="intakes")
    at = models.DateTimeField(auto_now_add=True)
    # What holds for texts that do not say it themselves; the time is as `IntakeItem.published`.
    publisher = models.CharField(max_length=200, blank=True)
    published = models.CharField(max_length=40, blank=True)
    conflict_slug = models.SlugField(blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(way__in=["pasted", "files", "address", "api"]),
                name="intake_way_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.way} by {self.by}, {self.at:%d %B %Y}"

    def get_absolute_url(self) -> str:
        return reverse("bring-result", args=[self.id])


class IntakeItem(models.Model):
    """A text that was brought in, or what is to become one: an address to fetch, a file to read.
    The row is the job. What was read of it stays until it is a document."""

    class State(models.TextChoices):
        WAITING = "waiting"
        RUNNING = "running"
        INCOMPLETE = "incomplete"  # somebody has to say what the text itself does not
        CREATED = "created"
        PRESENT = "present"  # the publisher's same text was there already
        FAILED = "failed"

    OPEN = (State.WAITING, State.RUNNING)

    intake = models.ForeignKey(Intake, models.CASCADE, related_name="items")
    number = models.PositiveIntegerField()  # from 1, in the order in which they were brought
    name = models.CharField(max_length=300, blank=True)  # of the file, with the line in it
    address = models.URLField(max_length=2000, blank=True)  # to be fetched
    upload = models.BinaryField(null=True, blank=True)  # a file that is not read yet

    text = models.TextField(blank=True)
    title = models.CharField(max_length=500, blank=True)
    publisher = models.CharField(max_length=200, blank=True)
    published = models.CharField(max_length=40, blank=True)  # ISO 8601 with the publisher's offset
    conflict_slug = models.SlugField(blank=True)
    url = models.URLField(max_length=2000, blank=True)
    external_id = models.CharField(max_length=200, blank=True)
    retold = models.BooleanField(default=False)

    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    # Why it failed, waits again or cannot be taken as it is: a sentence and what goes into it,
    # so that it can be said in any language.
    error = models.TextField(blank=True)
    error_values = models.JSONField(default=dict, blank=True)
    document = models.ForeignKey(
        Document, models.PROTECT, null=True, blank=True, related_name="brought"
    )
    attempts = models.PositiveSmallIntegerField(default=0)
    # Until when the worker that has it may keep it; and, waiting, before when not to try again.
    leased_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["intake", "number"]
        constraints = [
            models.UniqueConstraint(fields=["intake", "number"], name="intake_item_number"),
            models.CheckConstraint(
                condition=Q(
                    state__in=["waiting", "running", "incomplete", "created", "present", "failed"]
                ),
                name="intake_item_state_known",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["created", "present"], document__isnull=False)
                | Q(state__in=["waiting", "running", "incomplete", "failed"], document=None),
                name="intake_item_becomes_a_document",
            ),
            models.CheckConstraint(
                condition=~Q(state="failed") | ~Q(error=""), name="intake_item_failed_says_why"
            ),
            models.CheckConstraint(
                condition=~Q(state="running") | Q(leased_until__isnull=False),
                name="intake_item_running_is_leased",
            ),
            models.CheckConstraint(
                condition=~Q(state="incomplete") | ~Q(text=""),
                name="intake_item_incomplete_has_text",
            ),
        ]
        indexes = [
            # The sweep looks for open items among many finished ones.
            models.Index(
                fields=["leased_until"],
                name="intake_item_open",
                condition=Q(state__in=["waiting", "running"]),
            ),
        ]

    def __str__(self) -> str:
        return self.title or self.name or self.address or f"text {self.number}"

    @property
    def error_in_words(self) -> str:
        """In the reader's language, where it has been translated."""
        told = gettext(self.error) if self.error else ""
        return told % self.error_values if self.error_values else told
