"""Texts that people bring in, and what becomes of each."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from config.ids import new_id
from sources.models.documents import Document
from sources.models.evidence import Snapshot
from sources.models.failing import InWords


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


class IntakeItem(InWords, models.Model):
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
    author = models.CharField(max_length=300, blank=True)
    canonical = models.CharField(max_length=2000, blank=True, default="", db_default="")
    # In the words of `Document`'s fields of the same names.
    published_from = models.CharField(max_length=7, default="given", db_default="given")
    published_confidence = models.CharField(max_length=6, default="high", db_default="high")
    snapshot = models.ForeignKey(
        Snapshot, models.PROTECT, null=True, blank=True, related_name="brought"
    )

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
            # Counted for alarms, and listed, whatever the number of those that are done.
            models.Index(fields=["id"], name="intake_item_failed", condition=Q(state="failed")),
        ]

    def __str__(self) -> str:
        return self.title or self.name or self.address or f"text {self.number}"
